//! Providers, and the models that they list.

mod body;
pub mod presets;
pub mod sync;
mod view;

use std::collections::BTreeMap;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tollgate_domain::audit::Action;
use tollgate_domain::provider::Provider;
use tollgate_domain::{ModelId, ProviderId};
use tollgate_store::models::NewModel;
use tollgate_store::providers::{ProviderFilter, ProviderPatch};
use tollgate_store::{Store, StoreError};
use utoipa::OpenApi;

use crate::api::load_balancer::refuse_switched_off;
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, Missing};
use crate::extract::query::{check_page, page};
use crate::extract::{
    Admin, Analyst, Checks, Created, Done, Envelope, Id, Listed, Meta, New, Params, Valid, Validate,
};
use crate::openapi::{ReadErrors, WriteErrors};
pub use body::ProviderBody;
pub use view::ProviderView;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, presets::list, create, find, update, delete, sync::sync_models))]
pub struct Doc;

/// A provider to be added.
pub type NewProviderBody = New<ProviderBody>;

/// What the list can be narrowed by.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProviderQuery {
    /// Only providers whose code or name contains this.
    search: Option<String>,
    /// Only active or only inactive ones.
    is_active: Option<bool>,
    /// From 1; without it the whole list is answered.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 200)]
    page_size: Option<u32>,
}

impl Validate for ProviderQuery {
    fn validate(&self, checks: &mut Checks) {
        check_page(self.page, self.page_size, checks);
        checks.maybe_length("search", self.search.as_deref(), 0..=200);
    }
}

/// All providers, in their order.
#[utoipa::path(get, path = "/api/admin/ai-providers", tag = "providers", params(ProviderQuery),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Listed<ProviderView>), ReadErrors))]
pub async fn list(
    _: Analyst,
    app: Data<App>,
    Params(query): Params<ProviderQuery>,
) -> ApiResult<Listed<ProviderView>> {
    let filter = ProviderFilter { search: query.search.clone(), is_active: query.is_active };
    let providers = app.store.providers().list(&filter).await?;
    let counts = app.store.providers().counts().await?;
    let defaults = default_codes(&app.store, &providers).await?;
    let views = providers.into_iter().map(|provider| {
        let counts = counts.get(&provider.id).copied().unwrap_or_default();
        let default = provider.default_model_id.and_then(|id| defaults.get(&id).cloned());
        ProviderView::new(provider, default, counts)
    });
    Ok(Listed::cut(views.collect(), page(query.page, query.page_size)))
}

/// Add a provider.
#[utoipa::path(post, path = "/api/admin/ai-providers", tag = "providers",
    request_body = NewProviderBody, security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<ProviderView>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(New(body)): Valid<NewProviderBody>,
) -> ApiResult<Created<ProviderView>> {
    let settings = app.store.settings().load().await?;
    let (new, default_model) = body.into_new(settings.load_balancer_algorithm);
    refuse_switched_off(&app, "lbStrategy", new.lb_strategy)?;
    let now = app.clock.now();
    let mut provider = app.store.providers().insert(&new, now).await?;
    if let Some(code) = default_model {
        provider = first_model(&app.store, provider.id, &code, now).await?;
    }
    let view = view(&app.store, provider).await?;
    let change = Change::new(Action::Create, "provider", Some(view.id)).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Created(view))
}

/// One provider.
#[utoipa::path(get, path = "/api/admin/ai-providers/{id}", tag = "providers",
    params(("id" = i64, Path)), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<ProviderView>), ReadErrors))]
pub async fn find(
    _: Analyst,
    app: Data<App>,
    Id(id): Id<ProviderId>,
) -> ApiResult<Envelope<ProviderView>> {
    let provider = app.store.providers().find(id).await.or_missing("provider")?;
    Ok(Envelope::ok(view(&app.store, provider).await?))
}

/// Change a provider; what is absent stays.
#[utoipa::path(put, path = "/api/admin/ai-providers/{id}", tag = "providers",
    params(("id" = i64, Path)), request_body = ProviderBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<ProviderView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ProviderId>,
    Valid(body): Valid<ProviderBody>,
) -> ApiResult<Envelope<ProviderView>> {
    let old = app.store.providers().find(id).await.or_missing("provider")?;
    let old = view(&app.store, old).await?;
    if let Some(strategy) = body.strategy() {
        refuse_switched_off(&app, "lbStrategy", strategy)?;
    }
    let patch = body.into_patch(&app.store, id).await?;
    let new = app.store.providers().update(id, &patch, app.clock.now()).await;
    let new = view(&app.store, new.or_missing("provider")?).await?;
    let change = Change::new(Action::Update, "provider", Some(new.id)).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// Delete a provider with its keys and models; reports keep its name.
#[utoipa::path(delete, path = "/api/admin/ai-providers/{id}", tag = "providers",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn delete(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ProviderId>,
) -> ApiResult<Done> {
    let old = app.store.providers().find(id).await.or_missing("provider")?;
    let old = view(&app.store, old).await?;
    app.store.providers().delete(id, app.clock.now()).await.or_missing("provider")?;
    let change = Change::new(Action::Delete, "provider", Some(id.get())).before(&old);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::done())
}

/// Gives a new provider its first model, which is its default one.
async fn first_model(
    store: &Store,
    id: ProviderId,
    code: &str,
    now: DateTime<Utc>,
) -> ApiResult<Provider> {
    let model = store.models().insert(&NewModel::new(id, code.trim()), now).await?;
    let patch = ProviderPatch { default_model_id: Some(Some(model.id)), ..Default::default() };
    Ok(store.providers().update(id, &patch, now).await?)
}

/// A provider as the API shows it.
async fn view(store: &Store, provider: Provider) -> ApiResult<ProviderView> {
    let default = match provider.default_model_id {
        Some(id) => model_code(store, id).await?,
        None => None,
    };
    let counts = store.providers().counts().await?;
    let counts = counts.get(&provider.id).copied().unwrap_or_default();
    Ok(ProviderView::new(provider, default, counts))
}

async fn model_code(store: &Store, id: ModelId) -> ApiResult<Option<String>> {
    match store.models().find(id).await {
        Ok(model) => Ok(Some(model.code)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn default_codes(
    store: &Store,
    providers: &[Provider],
) -> ApiResult<BTreeMap<ModelId, String>> {
    let mut codes = BTreeMap::new();
    for id in providers.iter().filter_map(|provider| provider.default_model_id) {
        if let Some(code) = model_code(store, id).await? {
            codes.insert(id, code);
        }
    }
    Ok(codes)
}

/// The failure of a reference to a provider that is not there.
pub(super) fn no_provider(field: &str) -> ApiError {
    ApiError::invalid(field, "there is no such provider")
}
