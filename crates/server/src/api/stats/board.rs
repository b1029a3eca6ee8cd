//! `GET /api/admin/ai-stats/dashboard` and `/usage/trend`: how we are doing.

use actix_web::web::Data;
use serde::Serialize;
use tollgate_store::reports::{GroupBy, Trend, TrendQuery, UsageRow, shifted_minutes};
use utoipa::ToSchema;

use super::failures::ErrorsView;
use super::query::DaysParams;
use super::range::TimeRange;
use super::report::Report;
use super::span::{CompareParams, FilterParams, SpanParams, SpanView, before};
use super::usage_view::{SummaryView, TrendView, UsageView};
use super::zone;
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::{Analyst, Params};
use crate::openapi::{ReadErrors, ReportErrors};

/// Days of a trend where the caller names none.
const TREND_DAYS: u32 = 30;
/// Days of the dashboard where the caller names none.
const DASHBOARD_DAYS: u32 = 7;

/// Everything on the dashboard.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardView {
    /// The time that it is about.
    range: SpanView,
    summary: SummaryView,
    /// Each hour, day or month, oldest first, empty ones as zeros.
    trend: Vec<TrendView>,
    errors: ErrorsView,
    /// The models with the most calls.
    top_models: Vec<UsageView>,
    /// The app tokens with the most calls.
    top_apps: Vec<UsageView>,
    /// The time before, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<PreviousView>,
}

/// The time before.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviousView {
    range: SpanView,
    summary: SummaryView,
    /// Each hour, day or month, oldest first, empty ones as zeros.
    trend: Vec<TrendView>,
}

/// The last calendar days, today included, empty ones as zeros.
#[utoipa::path(get, path = "/api/admin/ai-stats/usage/trend", tag = "stats", params(DaysParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Report<Vec<TrendView>>), ReadErrors, ReportErrors))]
pub async fn trend(
    _: Analyst,
    app: Data<App>,
    Params(params): Params<DaysParams>,
) -> ApiResult<Report<Vec<TrendView>>> {
    let tz = zone(&app, params.tz.as_deref())?;
    let now = app.clock.now();
    let query = TrendQuery::last_days(params.days.unwrap_or(TREND_DAYS), tz, now);
    let trend = app.store.reports().trend(&query).await?;
    Ok(Report::new(views(trend.points), shifted_minutes(now, tz)))
}

/// Sums, trend, errors and rankings of the last calendar days, or of another time.
#[utoipa::path(get, path = "/api/admin/ai-stats/dashboard", tag = "stats",
    params(SpanParams, CompareParams, FilterParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Report<DashboardView>), ReadErrors, ReportErrors))]
pub async fn dashboard(
    _: Analyst,
    app: Data<App>,
    Params(span): Params<SpanParams>,
    Params(CompareParams { compare }): Params<CompareParams>,
    Params(filter): Params<FilterParams>,
) -> ApiResult<Report<DashboardView>> {
    let query = span.query(&app, filter.filter(), DASHBOARD_DAYS)?;
    let board = app.store.reports().dashboard(&query).await?;
    let previous = if compare {
        let query = before(&query, app.clock.now());
        let trend = app.store.reports().trend(&query).await?;
        Some(PreviousView::new(&query, trend))
    } else {
        None
    };
    let rows = |rows: Vec<UsageRow>, group_by| {
        rows.into_iter().map(|row| UsageView::new(row, group_by)).collect()
    };
    let view = DashboardView {
        range: span_of(&query),
        summary: SummaryView::new(board.trend.summary, board.trend.latency),
        trend: views(board.trend.points),
        errors: board.errors.into(),
        top_models: rows(board.top_models, GroupBy::Model),
        top_apps: rows(board.top_apps, GroupBy::App),
        previous,
    };
    Ok(Report::new(view, shifted_minutes(app.clock.now(), query.tz)))
}

impl PreviousView {
    fn new(query: &TrendQuery, trend: Trend) -> Self {
        Self {
            range: span_of(query),
            summary: SummaryView::new(trend.summary, trend.latency),
            trend: views(trend.points),
        }
    }
}

pub(super) fn span_of(query: &TrendQuery) -> SpanView {
    TimeRange { from: query.from, to: query.to }.into()
}

pub(super) fn views<P, V: From<P>>(points: Vec<P>) -> Vec<V> {
    points.into_iter().map(V::from).collect()
}
