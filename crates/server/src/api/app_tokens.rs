//! App tokens: what app backends show to be let in.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::app_token::{AppToken, Scope};
use tollgate_domain::audit::Action;
use tollgate_domain::caller::Identity;
use tollgate_domain::limit::{AppLimits, Budget, BudgetPeriod};
use tollgate_domain::secret::hint;
use tollgate_domain::{AppTokenId, NanoUsd};
use tollgate_store::app_tokens::{AppTokenPatch, NewAppToken};
use utoipa::{OpenApi, ToSchema};

use super::own_usage::HeadroomView;
use crate::access::token;
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, Missing};
use crate::extract::json::{clearable, present};
use crate::extract::{
    Admin, Checks, Created, Done, Envelope, Id, ListQuery, Listed, Make, Meta, New, Params, Valid,
    Validate,
};
use crate::openapi::{ReadErrors, WriteErrors, words};

/// The highest of the limits, which sums of them cannot overflow by.
const MAX_LIMIT: i64 = 1 << 40;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, update, delete))]
pub struct Doc;

/// An app token to be added.
pub type NewAppTokenBody = New<AppTokenBody>;

/// An app token.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppTokenView {
    /// Its id.
    id: i64,
    /// What people call it.
    name: String,
    /// The token itself; only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Its first and last four characters.
    token_hint: String,
    /// Who made it; null for one from the configuration file.
    owner_id: Option<i64>,
    /// What it may do.
    #[schema(schema_with = words::scopes)]
    scopes: Vec<Scope>,
    /// Models it may call; empty is any.
    allowed_models: Vec<String>,
    /// Codes of providers it may call; empty is any.
    allowed_providers: Vec<String>,
    /// Requests in any 60 seconds; null and 0 are any number, here and in the limits below.
    rate_limit_rpm: Option<i64>,
    /// Tokens in any 60 seconds.
    rate_limit_tpm: Option<i64>,
    /// Requests in a UTC day.
    rate_limit_rpd: Option<i64>,
    /// Requests in flight.
    max_concurrent: Option<i64>,
    /// US dollars it may spend in a period; null is as much as it likes.
    #[schema(value_type = Option<f64>)]
    budget_usd: Option<NanoUsd>,
    /// How long its budget is for; days and months are UTC's.
    #[schema(schema_with = words::budget_period)]
    budget_period: BudgetPeriod,
    /// US dollars spent of its budget in this period.
    #[schema(value_type = f64)]
    budget_used_usd: NanoUsd,
    /// When the period ends; null for a budget without periods.
    budget_ends_at: Option<DateTime<Utc>>,
    /// What it uses of its limits now; only in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    headroom: Option<HeadroomView>,
    /// When it stops working.
    expires_at: Option<DateTime<Utc>>,
    /// Whether it works.
    is_active: bool,
    /// When it was last used.
    last_used_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

impl AppTokenView {
    fn new(token: AppToken, budget_used: NanoUsd, now: DateTime<Utc>) -> Self {
        Self {
            id: token.id.get(),
            name: token.name,
            token: None,
            token_hint: token.hint,
            owner_id: token.owner_id.map(|owner| owner.get()),
            scopes: token.scopes,
            allowed_models: token.allowed_models,
            allowed_providers: token.allowed_providers,
            rate_limit_rpm: token.limits.rpm,
            rate_limit_tpm: token.limits.tpm,
            rate_limit_rpd: token.limits.rpd,
            max_concurrent: token.limits.max_concurrent,
            budget_usd: token.budget.cap,
            budget_period: token.budget.period,
            budget_used_usd: budget_used,
            budget_ends_at: token.budget.period.end(now),
            headroom: None,
            expires_at: token.expires_at,
            is_active: token.is_active,
            last_used_at: token.last_used_at,
            created_at: token.created_at,
            updated_at: token.updated_at,
        }
    }
}

/// What can be said of an app token; what is absent stays as it is, or has its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AppTokenPatch)]
pub struct AppTokenBody {
    /// What people call it.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// What it may do; by default `chat`.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::scopes)]
    scopes: Option<Vec<Scope>>,
    /// Models it may call; empty, as by default, is any.
    #[serde(default, deserialize_with = "present")]
    allowed_models: Option<Vec<String>>,
    /// Codes of providers it may call; empty, as by default, is any.
    #[serde(default, deserialize_with = "present")]
    allowed_providers: Option<Vec<String>>,
    /// Requests in any 60 seconds; null, as by default, and 0 are any number, here and in the
    /// limits below.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    rate_limit_rpm: Option<Option<i64>>,
    /// Tokens in any 60 seconds.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    rate_limit_tpm: Option<Option<i64>>,
    /// Requests in a UTC day.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    rate_limit_rpd: Option<Option<i64>>,
    /// Requests in flight.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    max_concurrent: Option<Option<i64>>,
    /// US dollars it may spend in a period, to nine places; null, as by default, is as much as it
    /// likes.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    budget_usd: Option<Option<NanoUsd>>,
    /// How long its budget is for; by default `total`.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::budget_period)]
    budget_period: Option<BudgetPeriod>,
    /// When it stops working; null, as by default, is never.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    expires_at: Option<Option<DateTime<Utc>>>,
    /// Whether it works; by default it does.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
}

impl Make for AppTokenBody {
    const NAME: &'static str = "NewAppToken";
    const REQUIRED: &'static [&'static str] = &["name"];

    fn given(&self) -> Vec<bool> {
        vec![self.name.is_some()]
    }
}

impl Validate for AppTokenBody {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("name", self.name.as_deref(), 1..=100);
        if self.scopes.as_ref().is_some_and(Vec::is_empty) {
            checks.wrong("scopes", "must hold one at least");
        }
        for (field, names) in
            [("allowedModels", &self.allowed_models), ("allowedProviders", &self.allowed_providers)]
        {
            let names = names.as_deref().unwrap_or_default();
            checks.count(field, names.len(), 500);
            for (index, name) in names.iter().enumerate() {
                checks.length(&format!("{field}[{index}]"), name, 1..=200);
            }
        }
        for (field, limit) in [
            ("rateLimitRpm", self.rate_limit_rpm),
            ("rateLimitTpm", self.rate_limit_tpm),
            ("rateLimitRpd", self.rate_limit_rpd),
            ("maxConcurrent", self.max_concurrent),
        ] {
            checks.range(field, limit.flatten(), 0..=MAX_LIMIT);
        }
        if self.budget_usd.flatten().is_some_and(|budget| budget < NanoUsd::ZERO) {
            checks.wrong("budgetUsd", "must not be negative");
        }
    }
}

impl AppTokenBody {
    fn into_patch(self) -> AppTokenPatch {
        AppTokenPatch {
            name: self.name.map(|name| name.trim().to_owned()),
            scopes: self.scopes.map(distinct),
            allowed_models: self.allowed_models,
            allowed_providers: self.allowed_providers,
            rpm: self.rate_limit_rpm,
            tpm: self.rate_limit_tpm,
            rpd: self.rate_limit_rpd,
            max_concurrent: self.max_concurrent,
            budget: self.budget_usd,
            budget_period: self.budget_period,
            expires_at: self.expires_at,
            is_active: self.is_active,
        }
    }
}

fn distinct(mut scopes: Vec<Scope>) -> Vec<Scope> {
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// Tokens with what they have spent of their budgets.
async fn views(app: &App, tokens: Vec<AppToken>) -> ApiResult<Vec<AppTokenView>> {
    app.engine.tell_spent().await?;
    let budgets: Vec<_> = tokens.iter().map(|token| (token.id, token.budget)).collect();
    let now = app.clock.now();
    let used = app.store.budgets().spent(&budgets, now).await?;
    let tokens = tokens.into_iter().zip(used);
    Ok(tokens.map(|(token, used)| AppTokenView::new(token, used, now)).collect())
}

async fn view(app: &App, token: AppToken) -> ApiResult<AppTokenView> {
    let view = views(app, vec![token]).await?.pop();
    Ok(view.expect("there is a view for each token"))
}

/// All app tokens.
#[utoipa::path(get, path = "/api/admin/app-tokens", tag = "app-tokens", params(ListQuery),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Listed<AppTokenView>), ReadErrors))]
pub async fn list(
    _: Admin,
    app: Data<App>,
    Params(query): Params<ListQuery>,
) -> ApiResult<Listed<AppTokenView>> {
    let tokens = app.store.app_tokens().list(query.search()).await?;
    let headrooms: Vec<HeadroomView> =
        tokens.iter().map(|token| HeadroomView::new(token, app.engine.app_use(token))).collect();
    let mut views = views(&app, tokens).await?;
    for (view, headroom) in views.iter_mut().zip(headrooms) {
        view.headroom = Some(headroom);
    }
    Ok(Listed::cut(views, query.page()))
}

/// Make an app token. The answer shows the token, which nothing shows again.
#[utoipa::path(post, path = "/api/admin/app-tokens", tag = "app-tokens",
    request_body = NewAppTokenBody, security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<AppTokenView>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(New(body)): Valid<NewAppTokenBody>,
) -> ApiResult<Created<AppTokenView>> {
    let now = app.clock.now();
    if body.expires_at.flatten().is_some_and(|expires_at| expires_at <= now) {
        return Err(ApiError::invalid("expiresAt", "must lie ahead"));
    }
    let token = token::app_token();
    let owner_id = match admin.0.identity {
        Identity::User { id, .. } => Some(id),
        Identity::App { owner, .. } => owner,
    };
    let new = NewAppToken {
        name: body.name.unwrap_or_default().trim().to_owned(),
        token_hash: token::hash(token.expose()),
        hint: hint(token.expose()),
        owner_id,
        scopes: distinct(body.scopes.unwrap_or_else(|| vec![Scope::Chat])),
        allowed_models: body.allowed_models.unwrap_or_default(),
        allowed_providers: body.allowed_providers.unwrap_or_default(),
        limits: AppLimits {
            rpm: body.rate_limit_rpm.flatten(),
            tpm: body.rate_limit_tpm.flatten(),
            rpd: body.rate_limit_rpd.flatten(),
            max_concurrent: body.max_concurrent.flatten(),
        },
        budget: Budget {
            cap: body.budget_usd.flatten(),
            period: body.budget_period.unwrap_or(BudgetPeriod::Total),
        },
        expires_at: body.expires_at.flatten(),
        is_active: body.is_active.unwrap_or(true),
    };
    let token_row = app.store.app_tokens().insert(&new, now).await?;
    let mut view = AppTokenView::new(token_row, NanoUsd::ZERO, now);
    let change = Change::new(Action::Create, "app_token", Some(view.id)).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    view.token = Some(token.expose().clone());
    Ok(Created(view))
}

/// Change an app token; what is absent stays.
#[utoipa::path(put, path = "/api/admin/app-tokens/{id}", tag = "app-tokens",
    params(("id" = i64, Path)), request_body = AppTokenBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<AppTokenView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<AppTokenId>,
    Valid(body): Valid<AppTokenBody>,
) -> ApiResult<Envelope<AppTokenView>> {
    let old = app.store.app_tokens().find(id).await.or_missing("app token")?;
    let old = view(&app, old).await?;
    let new = app.store.app_tokens().update(id, &body.into_patch(), app.clock.now()).await;
    let new = view(&app, new.or_missing("app token")?).await?;
    let change = Change::new(Action::Update, "app_token", Some(id.get())).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// Delete an app token; it stops working at once.
#[utoipa::path(delete, path = "/api/admin/app-tokens/{id}", tag = "app-tokens",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn delete(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<AppTokenId>,
) -> ApiResult<Done> {
    let old = app.store.app_tokens().find(id).await.or_missing("app token")?;
    let old = view(&app, old).await?;
    app.store.app_tokens().delete(id, app.clock.now()).await.or_missing("app token")?;
    let change = Change::new(Action::Delete, "app_token", Some(id.get())).before(&old);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::done())
}
