//! `GET /api/admin/ai-stats/logs/errors`: what failed.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use tollgate_domain::{ApiKeyId, ProviderId};
use tollgate_store::reports::{
    CodeCount, ErrorLine, ErrorReport, ErrorTrend, KeyCount, TrendQuery,
};
use utoipa::ToSchema;

use super::board::views;
use super::query::RangeParams;
use super::range::TimeRange;
use super::span::{CompareParams, FilterParams, IntervalWord, SpanParams, SpanView, range_before};
use super::usage_view::TrendView;
use super::{range, zone};
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::{Analyst, Checks, Envelope, Params, Validate};
use crate::openapi::{ReadErrors, ReportErrors};

/// The most codes that a trend tells apart.
const MAX_LINES: usize = 12;

/// Whether a trend is wanted, too.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IntervalParams {
    /// What a point of the trend is, at most 2,000 of them; no trend where absent.
    #[param(inline, required = false)]
    pub interval: Option<IntervalWord>,
}

impl Validate for IntervalParams {
    fn validate(&self, _: &mut Checks) {}
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

/// What failed, how that developed, and what failed before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorsReportView {
    /// The time that it is about.
    range: SpanView,
    #[serde(flatten)]
    errors: ErrorsView,
    /// Where an interval was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<ErrorTrendView>,
    /// The time before, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<PreviousErrorsView>,
}

/// How failures developed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorTrendView {
    /// Each hour, day or month, oldest first, empty ones as zeros, with all calls.
    points: Vec<TrendView>,
    /// The codes with the most failed calls, most frequent first, at most 12.
    series: Vec<CodeTrendView>,
}

/// Failed calls with one code.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeTrendView {
    code: Option<String>,
    /// How many, for each point.
    counts: Vec<i64>,
}

/// What failed in the time before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviousErrorsView {
    range: SpanView,
    #[serde(flatten)]
    errors: ErrorsView,
}

/// Failures with one code.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeView {
    code: Option<String>,
    /// Calls that failed with it.
    count: i64,
    /// Attempts that did, of calls that went well in the end, too.
    attempts: i64,
    /// With how many keys.
    keys: i64,
}

/// Failed attempts with one key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyErrors)]
pub struct KeyView {
    key_id: i64,
    key_name: Option<String>,
    provider_id: Option<i64>,
    provider_code: Option<String>,
    /// Attempts that failed.
    count: i64,
    /// Attempts that were sent, those that went well included.
    sent: i64,
    /// With which codes, most frequent first.
    codes: Vec<KeyCodeView>,
}

/// Failed attempts with one key and one code.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyCodeView {
    code: Option<String>,
    count: i64,
}

/// What failed, by code and by key.
#[utoipa::path(get, path = "/api/admin/ai-stats/logs/errors", tag = "stats",
    params(RangeParams, IntervalParams, CompareParams, FilterParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<ErrorsReportView>), ReadErrors, ReportErrors))]
pub async fn errors(
    _: Analyst,
    app: Data<App>,
    Params(params): Params<RangeParams>,
    Params(IntervalParams { interval }): Params<IntervalParams>,
    Params(CompareParams { compare }): Params<CompareParams>,
    Params(filter): Params<FilterParams>,
) -> ApiResult<Envelope<ErrorsReportView>> {
    let (tz, filter) = (zone(&app, params.tz.as_deref())?, filter.filter());
    let mut range = range(&app, params.start_date.as_deref(), params.end_date.as_deref(), tz)?;
    let reports = app.store.reports();
    let trend = match interval {
        Some(_) => {
            let query = trend_query(&app, &params, interval, filter.clone())?;
            range = TimeRange { from: query.from, to: query.to };
            Some(reports.error_trend(&query, MAX_LINES).await?.into())
        }
        None => None,
    };
    let report = reports.errors(range.from, range.to, &filter).await?;
    let previous = if compare {
        let range = range_before(range, tz, app.clock.now());
        let errors = reports.errors(range.from, range.to, &filter).await?.into();
        Some(PreviousErrorsView { range: range.into(), errors })
    } else {
        None
    };
    let range = range.into();
    Ok(Envelope::ok(ErrorsReportView { range, errors: report.into(), trend, previous }))
}

/// The trend of the same time.
fn trend_query(
    app: &App,
    params: &RangeParams,
    interval: Option<IntervalWord>,
    filter: tollgate_store::reports::UsageFilter,
) -> ApiResult<TrendQuery> {
    let span = SpanParams {
        days: None,
        start_date: params.start_date.clone(),
        end_date: params.end_date.clone(),
        interval,
        tz: params.tz.clone(),
    };
    span.query(app, filter, 30)
}

impl From<ErrorReport> for ErrorsView {
    fn from(report: ErrorReport) -> Self {
        Self {
            total_errors: report.total_errors,
            errors_by_code: views(report.by_code),
            errors_by_key: views(report.by_key),
        }
    }
}

impl From<ErrorTrend> for ErrorTrendView {
    fn from(trend: ErrorTrend) -> Self {
        let line = |line: ErrorLine| CodeTrendView { code: line.code, counts: line.counts };
        Self { points: views(trend.points), series: trend.lines.into_iter().map(line).collect() }
    }
}

impl From<CodeCount> for CodeView {
    fn from(row: CodeCount) -> Self {
        Self { code: row.code, count: row.count, attempts: row.attempts, keys: row.keys }
    }
}

impl From<KeyCount> for KeyView {
    fn from(row: KeyCount) -> Self {
        let code = |(code, count)| KeyCodeView { code, count };
        Self {
            key_id: ApiKeyId::get(row.key_id),
            key_name: row.key_name,
            provider_id: row.provider_id.map(ProviderId::get),
            provider_code: row.provider_code,
            count: row.count,
            sent: row.sent,
            codes: row.codes.into_iter().map(code).collect(),
        }
    }
}
