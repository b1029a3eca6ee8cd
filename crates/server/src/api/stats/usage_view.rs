//! Sums as the API shows them.

use serde::Serialize;
use tollgate_domain::NanoUsd;
use tollgate_store::reports::{
    Dashboard, ErrorReport, Group, GroupBy, TrendDay, UsageRow, UsageSums,
};
use utoipa::ToSchema;

/// Sums of one group. Token kinds are disjoint, `totalTokens` is all of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageView {
    /// The hour, day or month, where grouped by time.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    /// The id or the model's code, where grouped by something else; null for calls without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    key: Option<Key>,
    /// What people call it; null for calls without one.
    name: Option<String>,
    total_requests: i64,
    success_count: i64,
    error_count: i64,
    total_tokens: i64,
    /// Prompt tokens outside any cache.
    prompt_tokens: i64,
    /// Answer tokens that callers see.
    completion_tokens: i64,
    /// Prompt tokens read from a cache.
    cached_tokens: i64,
    /// Prompt tokens written to a cache.
    cache_write_tokens: i64,
    /// Prompt tokens written to a cache for an hour.
    cache_write_1h_tokens: i64,
    /// Answer tokens spent on reasoning.
    reasoning_tokens: i64,
    /// US dollars.
    #[schema(value_type = f64)]
    total_cost: NanoUsd,
    /// Attempts that used tokens and have no price.
    unpriced_count: i64,
    avg_latency_ms: i64,
}

/// What a group is known by.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Key {
    Id(i64),
    Model(String),
    None,
}

impl UsageView {
    pub(crate) fn new(row: UsageRow, group_by: GroupBy) -> Self {
        let is_time = matches!(group_by, GroupBy::Hour | GroupBy::Day | GroupBy::Month);
        let (date, key, name) = match row.group {
            Group::Time(time) => (Some(time.clone()), None, Some(time)),
            Group::Row { id, name } => (None, Some(Key::Id(id)), name),
            Group::Model(code) => (None, Some(Key::Model(code.clone())), Some(code)),
            Group::None => (None, (!is_time).then_some(Key::None), None),
        };
        let UsageSums { usage, .. } = row.sums;
        Self {
            date,
            key,
            name,
            total_requests: row.sums.requests,
            success_count: row.sums.successes,
            error_count: row.sums.errors,
            total_tokens: usage.total(),
            prompt_tokens: usage.prompt,
            completion_tokens: usage.completion,
            cached_tokens: usage.cached,
            cache_write_tokens: usage.cache_write,
            cache_write_1h_tokens: usage.cache_write_1h,
            reasoning_tokens: usage.reasoning,
            total_cost: row.sums.cost,
            unpriced_count: row.sums.unpriced,
            avg_latency_ms: row.sums.avg_latency_ms(),
        }
    }
}

/// One day of a trend.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrendView {
    #[schema(format = Date)]
    date: String,
    requests: i64,
    tokens: i64,
    /// US dollars.
    #[schema(value_type = f64)]
    cost: NanoUsd,
    /// From 0 to 1; 0 on a day without calls.
    success_rate: f64,
}

impl From<TrendDay> for TrendView {
    fn from(day: TrendDay) -> Self {
        Self {
            date: day.date.to_string(),
            requests: day.sums.requests,
            tokens: day.sums.usage.total(),
            cost: day.sums.cost,
            success_rate: day.sums.success_rate(),
        }
    }
}

/// Everything on the dashboard.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardView {
    summary: SummaryView,
    /// Each day, oldest first.
    trend: Vec<TrendView>,
    errors: ErrorsView,
    /// The models with the most calls.
    top_models: Vec<UsageView>,
    /// The app tokens with the most calls.
    top_apps: Vec<UsageView>,
}

/// Sums over all days. The percentiles are of answered calls; null where there is none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView {
    total_requests: i64,
    success_count: i64,
    error_count: i64,
    /// From 0 to 1; 0 where there was no call.
    success_rate: f64,
    total_tokens: i64,
    /// US dollars.
    #[schema(value_type = f64)]
    total_cost: NanoUsd,
    avg_latency_ms: i64,
    p50_latency_ms: Option<i64>,
    p95_latency_ms: Option<i64>,
    p99_latency_ms: Option<i64>,
    /// Attempts that used tokens and have no price.
    unpriced_count: i64,
}

impl From<Dashboard> for DashboardView {
    fn from(board: Dashboard) -> Self {
        let sums = board.summary;
        let rows = |rows: Vec<UsageRow>, group_by| {
            rows.into_iter().map(|row| UsageView::new(row, group_by)).collect()
        };
        Self {
            summary: SummaryView {
                total_requests: sums.requests,
                success_count: sums.successes,
                error_count: sums.errors,
                success_rate: sums.success_rate(),
                total_tokens: sums.usage.total(),
                total_cost: sums.cost,
                avg_latency_ms: sums.avg_latency_ms(),
                p50_latency_ms: board.latency.p50_ms,
                p95_latency_ms: board.latency.p95_ms,
                p99_latency_ms: board.latency.p99_ms,
                unpriced_count: sums.unpriced,
            },
            trend: board.trend.into_iter().map(TrendView::from).collect(),
            errors: board.errors.into(),
            top_models: rows(board.top_models, GroupBy::Model),
            top_apps: rows(board.top_apps, GroupBy::App),
        }
    }
}

/// What failed, most frequent first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorsView {
    /// Calls that failed.
    total_errors: i64,
    /// Calls that failed, by the code of their final attempt.
    errors_by_code: Vec<CodeView>,
    /// Attempts that failed, by key.
    errors_by_key: Vec<KeyView>,
}

/// Failed calls with one code.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeView {
    code: Option<String>,
    count: i64,
}

/// Failed attempts with one key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    key_id: i64,
    key_name: Option<String>,
    count: i64,
}

impl From<ErrorReport> for ErrorsView {
    fn from(report: ErrorReport) -> Self {
        let by_code = report.by_code.into_iter();
        let by_key = report.by_key.into_iter();
        Self {
            total_errors: report.total_errors,
            errors_by_code: by_code
                .map(|row| CodeView { code: row.code, count: row.count })
                .collect(),
            errors_by_key: by_key
                .map(|row| KeyView {
                    key_id: row.key_id.get(),
                    key_name: row.key_name,
                    count: row.count,
                })
                .collect(),
        }
    }
}
