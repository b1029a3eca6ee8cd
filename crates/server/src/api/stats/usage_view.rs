//! Sums as the API shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::NanoUsd;
use tollgate_store::reports::{Group, GroupBy, Latency, TrendPoint, UsageRow, UsageSums};
use utoipa::ToSchema;

/// Sums of one group. Token kinds are disjoint, `totalTokens` is all of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UsageRow)]
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

/// One hour, day or month of a trend.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrendView {
    /// The hour (with its offset), the day or the month.
    #[schema(example = "2026-11-21")]
    date: String,
    /// When it begins.
    from: DateTime<Utc>,
    /// When it is over.
    to: DateTime<Utc>,
    requests: i64,
    success_count: i64,
    error_count: i64,
    tokens: i64,
    /// US dollars.
    #[schema(value_type = f64)]
    cost: NanoUsd,
    /// Attempts that used tokens and have no price.
    unpriced_count: i64,
    /// From 0 to 1; 0 where there was no call.
    success_rate: f64,
    avg_latency_ms: i64,
    p50_latency_ms: Option<i64>,
    p95_latency_ms: Option<i64>,
    p99_latency_ms: Option<i64>,
}

impl From<TrendPoint> for TrendView {
    fn from(point: TrendPoint) -> Self {
        Self {
            date: point.label,
            from: point.from,
            to: point.to,
            requests: point.sums.requests,
            success_count: point.sums.successes,
            error_count: point.sums.errors,
            tokens: point.sums.usage.total(),
            cost: point.sums.cost,
            unpriced_count: point.sums.unpriced,
            success_rate: point.sums.success_rate(),
            avg_latency_ms: point.sums.avg_latency_ms(),
            p50_latency_ms: point.latency.p50_ms,
            p95_latency_ms: point.latency.p95_ms,
            p99_latency_ms: point.latency.p99_ms,
        }
    }
}

/// Sums over a time. The percentiles are of answered calls; null where there is none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView {
    total_requests: i64,
    success_count: i64,
    error_count: i64,
    /// Calls whose caller left.
    cancelled_count: i64,
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

impl SummaryView {
    pub(super) fn new(sums: UsageSums, latency: Latency) -> Self {
        Self {
            total_requests: sums.requests,
            success_count: sums.successes,
            error_count: sums.errors,
            cancelled_count: sums.cancelled,
            success_rate: sums.success_rate(),
            total_tokens: sums.usage.total(),
            total_cost: sums.cost,
            avg_latency_ms: sums.avg_latency_ms(),
            p50_latency_ms: latency.p50_ms,
            p95_latency_ms: latency.p95_ms,
            p99_latency_ms: latency.p99_ms,
            unpriced_count: sums.unpriced,
        }
    }
}
