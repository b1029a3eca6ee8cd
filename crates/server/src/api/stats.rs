//! Statistics for analysts: usage, trends, the dashboard, and the calls on record.

pub mod board;
pub mod call_view;
pub mod cost_view;
mod csv_rows;
pub mod export;
pub mod failures;
pub mod live;
pub mod log_view;
pub mod query;
pub(crate) mod range;
mod report;
mod route_told;
pub mod slices;
pub mod span;
pub mod unpriced_view;
pub mod usage_view;

use actix_web::web::{Data, Path};
use chrono_tz::Tz;
use tollgate_domain::RequestId;
use tollgate_store::reports::{GroupBy, UsageQuery, shifted_minutes};
use utoipa::OpenApi;

use self::call_view::{CallView, price_ids};
use self::log_view::LogsView;
use self::query::{CallParams, RangeParams, UsageParams};
use self::range::{Bounds, TimeRange, time_zone};
use self::report::Report;
use self::unpriced_view::UnpricedView;
use self::usage_view::UsageView;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::query::PageQuery;
use crate::extract::{Analyst, Envelope, Params};
use crate::openapi::{ReadErrors, ReportErrors};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    usage,
    board::trend,
    board::dashboard,
    slices::series,
    slices::breakdown,
    unpriced,
    logs,
    failures::errors,
    export::export,
    live::live,
    call
))]
pub struct Doc;

/// Usage by time, provider, model, key, app or user.
///
/// Requests are calls; tokens and cost are of every attempt.
#[utoipa::path(get, path = "/api/admin/ai-stats/usage", tag = "stats", params(UsageParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Report<Vec<UsageView>>), ReadErrors, ReportErrors))]
pub async fn usage(
    _: Analyst,
    app: Data<App>,
    Params(params): Params<UsageParams>,
) -> ApiResult<Report<Vec<UsageView>>> {
    let tz = zone(&app, params.tz.as_deref())?;
    let range = range(&app, params.start_date.as_deref(), params.end_date.as_deref(), tz)?;
    let group_by = GroupBy::from(params.group_by);
    let query =
        UsageQuery { from: range.from, to: range.to, group_by, tz, filter: params.filter() };
    let rows = app.store.reports().usage(&query).await?;
    let is_time = matches!(group_by, GroupBy::Hour | GroupBy::Day | GroupBy::Month);
    // At the end, since a range of all that there is begins when zones had other hours.
    let shifted = if is_time { shifted_minutes(range.to, tz) } else { 0 };
    Ok(Report::new(rows.into_iter().map(|row| UsageView::new(row, group_by)).collect(), shifted))
}

/// Models whose calls used tokens, or were answered, and have no price, most calls first.
#[utoipa::path(get, path = "/api/admin/ai-stats/unpriced", tag = "stats", params(RangeParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<Vec<UnpricedView>>), ReadErrors, ReportErrors))]
pub async fn unpriced(
    _: Analyst,
    app: Data<App>,
    Params(params): Params<RangeParams>,
) -> ApiResult<Envelope<Vec<UnpricedView>>> {
    let tz = zone(&app, params.tz.as_deref())?;
    let range = range(&app, params.start_date.as_deref(), params.end_date.as_deref(), tz)?;
    let models = app.store.reports().unpriced(range.from, range.to).await?;
    Ok(Envelope::ok(models.into_iter().map(UnpricedView::from).collect()))
}

/// Calls on record, newest first, each by its final attempt.
#[utoipa::path(get, path = "/api/admin/ai-stats/logs", tag = "stats",
    params(CallParams, PageQuery), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<LogsView>), ReadErrors, ReportErrors))]
pub async fn logs(
    _: Analyst,
    app: Data<App>,
    Params(params): Params<CallParams>,
    Params(page): Params<PageQuery>,
) -> ApiResult<Envelope<LogsView>> {
    let tz = zone(&app, params.tz.as_deref())?;
    let filter = params.filter(bounds(&params, tz)?)?;
    let page = page.page();
    let calls = app.store.api_logs().list(&filter, page).await?;
    Ok(Envelope::ok(LogsView::new(calls, page)))
}

/// One call with all its attempts, each with how it came to its key and to its cost.
#[utoipa::path(get, path = "/api/admin/ai-stats/logs/{requestId}", tag = "stats",
    params(("requestId" = String, Path, description = "The `X-Request-Id` of its answer")),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<CallView>), ReadErrors))]
pub async fn call(
    _: Analyst,
    app: Data<App>,
    request_id: Path<String>,
) -> ApiResult<Envelope<CallView>> {
    let unknown = || ApiError::not_found("call");
    let request_id: RequestId = request_id.parse().map_err(|_| unknown())?;
    let attempts = app.store.api_logs().attempts_of(request_id).await?;
    if attempts.is_empty() {
        return Err(unknown());
    }
    let prices = app.store.prices().of_ids(&price_ids(&attempts)).await?;
    let snapshot = app.engine.snapshot();
    Ok(Envelope::ok(CallView::new(request_id.to_string(), attempts, &prices, &snapshot)))
}

/// The time zone that the caller names, or the server's default.
pub(super) fn zone(app: &App, name: Option<&str>) -> ApiResult<Tz> {
    match name {
        Some(name) => time_zone(name).map_err(|fault| ApiError::validation(vec![fault])),
        None => Ok(app.engine.snapshot().settings.default_time_zone.parse().unwrap_or(Tz::UTC)),
    }
}

/// The time that a list or an export of calls is about.
fn bounds(params: &CallParams, tz: Tz) -> ApiResult<Bounds> {
    let (start, end) = (params.start_date.as_deref(), params.end_date.as_deref());
    Bounds::read(start, end, tz).map_err(ApiError::validation)
}

fn range(app: &App, start: Option<&str>, end: Option<&str>, tz: Tz) -> ApiResult<TimeRange> {
    TimeRange::read(start, end, tz, app.clock.now()).map_err(ApiError::validation)
}
