//! `GET /api/ai/usage`: what a caller has used, and what it may still use.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use tollgate_domain::NanoUsd;
use tollgate_domain::app_token::AppToken;
use tollgate_domain::caller::{Caller, Identity};
use tollgate_domain::limit::BudgetPeriod;
use tollgate_gateway::{AppUse, BudgetUse};
use tollgate_store::reports::{GroupBy, UsageFilter, UsageQuery, UsageSums, day_start};
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::error::ApiResult;
use crate::extract::{AppCaller, Envelope};
use crate::openapi::{ReadErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(find))]
pub struct Doc;

/// What a caller has used, and what it may still use.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnUsageView {
    /// Since midnight of UTC.
    today: SumsView,
    /// Since the first of the month of UTC.
    this_month: SumsView,
    /// Of an app token: how much it may ask for at a time; null for a user.
    limits: Option<HeadroomView>,
    /// Of an app token that has one: its budget.
    budget: Option<BudgetView>,
}

/// What was used, as far as it is on record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SumsView {
    /// Since when.
    from: DateTime<Utc>,
    requests: i64,
    success_count: i64,
    error_count: i64,
    total_tokens: i64,
    prompt_tokens: i64,
    cached_tokens: i64,
    completion_tokens: i64,
    reasoning_tokens: i64,
    /// US dollars, of every attempt that has a price.
    #[schema(value_type = f64)]
    cost_usd: NanoUsd,
    /// Attempts that used tokens and have no price.
    unpriced_count: i64,
}

/// Limits, as this instance counts them: null is no limit, and nothing left is 0.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeadroomView {
    /// Requests in any 60 seconds.
    rate_limit_rpm: Option<i64>,
    rpm_used: i64,
    rpm_left: Option<i64>,
    /// Tokens in any 60 seconds, those included that calls under way may yet use.
    rate_limit_tpm: Option<i64>,
    tpm_used: i64,
    tpm_left: Option<i64>,
    /// Requests in a UTC day.
    rate_limit_rpd: Option<i64>,
    rpd_used: i64,
    rpd_left: Option<i64>,
    /// Requests in flight.
    max_concurrent: Option<i64>,
    in_flight: i64,
}

/// A budget and what is left of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetView {
    /// US dollars to spend in a period.
    #[schema(value_type = f64)]
    budget_usd: NanoUsd,
    #[schema(schema_with = words::budget_period)]
    budget_period: BudgetPeriod,
    /// US dollars spent in this period.
    #[schema(value_type = f64)]
    budget_used_usd: NanoUsd,
    /// US dollars left, what calls under way may yet spend included.
    #[schema(value_type = f64)]
    budget_left_usd: NanoUsd,
    /// US dollars kept for calls under way here, which may cost less.
    #[schema(value_type = f64)]
    reserved_usd: NanoUsd,
    /// When the period ends; null for a budget without periods.
    ends_at: Option<DateTime<Utc>>,
}

/// What the caller has used, and what it may still use.
///
/// An app token reads its own; a user reads what counts for them, by their app tokens too.
#[utoipa::path(get, path = "/api/ai/usage", tag = "chat",
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = Envelope<OwnUsageView>), ReadErrors))]
pub async fn find(
    AppCaller(caller): AppCaller,
    app: Data<App>,
) -> ApiResult<Envelope<OwnUsageView>> {
    let now = app.clock.now();
    let snapshot = app.engine.snapshot();
    let token = caller.app_id().and_then(|id| snapshot.app_token(id));
    let (limits, budget) = match token {
        Some(token) => {
            let budget = match token.budget.cap {
                Some(cap) => Some(BudgetView::new(token, cap, app.engine.budget_use(token).await?)),
                None => None,
            };
            (Some(HeadroomView::new(token, app.engine.app_use(token))), budget)
        }
        None => (None, None),
    };
    let today = used(&app, &caller, BudgetPeriod::Day, now).await?;
    let this_month = used(&app, &caller, BudgetPeriod::Month, now).await?;
    Ok(Envelope::ok(OwnUsageView { today, this_month, limits, budget }))
}

/// What is on record for `caller` in the period that `now` lies in.
async fn used(
    app: &App,
    caller: &Caller,
    period: BudgetPeriod,
    now: DateTime<Utc>,
) -> ApiResult<SumsView> {
    let from = day_start(period.start(now), Tz::UTC);
    let filter = match caller.identity {
        Identity::App { id, .. } => UsageFilter { app_id: Some(id), ..UsageFilter::default() },
        Identity::User { id, .. } => UsageFilter { user_id: Some(id), ..UsageFilter::default() },
    };
    let to = period.end(now).unwrap_or(now);
    let query = UsageQuery { from, to, group_by: GroupBy::Month, tz: Tz::UTC, filter };
    let rows = app.store.reports().usage(&query).await?;
    Ok(SumsView::new(from, rows.into_iter().map(|row| row.sums).sum()))
}

impl SumsView {
    fn new(from: DateTime<Utc>, sums: UsageSums) -> Self {
        Self {
            from,
            requests: sums.requests,
            success_count: sums.successes,
            error_count: sums.errors,
            total_tokens: sums.usage.total(),
            prompt_tokens: sums.usage.whole_prompt(),
            cached_tokens: sums.usage.cached,
            completion_tokens: sums.usage.whole_completion(),
            reasoning_tokens: sums.usage.reasoning,
            cost_usd: sums.cost,
            unpriced_count: sums.unpriced,
        }
    }
}

impl HeadroomView {
    pub(super) fn new(token: &AppToken, used: AppUse) -> Self {
        let limit = |limit: Option<i64>| limit.filter(|limit| *limit > 0);
        let left = |of: Option<i64>, used: i64| limit(of).map(|limit| (limit - used).max(0));
        let limits = token.limits;
        Self {
            rate_limit_rpm: limit(limits.rpm),
            rpm_used: used.rpm_used,
            rpm_left: left(limits.rpm, used.rpm_used),
            rate_limit_tpm: limit(limits.tpm),
            tpm_used: used.tpm_used,
            tpm_left: left(limits.tpm, used.tpm_used),
            rate_limit_rpd: limit(limits.rpd),
            rpd_used: used.rpd_used,
            rpd_left: left(limits.rpd, used.rpd_used),
            max_concurrent: limit(limits.max_concurrent),
            in_flight: used.in_flight,
        }
    }
}

impl BudgetView {
    fn new(token: &AppToken, cap: NanoUsd, spent: BudgetUse) -> Self {
        Self {
            budget_usd: cap,
            budget_period: token.budget.period,
            budget_used_usd: spent.used,
            budget_left_usd: (cap - spent.used).max(NanoUsd::ZERO),
            reserved_usd: spent.reserved,
            ends_at: spent.ends_at,
        }
    }
}
