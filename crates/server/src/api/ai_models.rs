//! Models.

mod body;
mod constraints;
mod view;

use std::collections::HashMap;

use actix_web::web::Data;
use serde::Deserialize;
use tollgate_domain::audit::Action;
use tollgate_domain::model::{Lifecycle, Model, ModelType};
use tollgate_domain::price::Price;
use tollgate_domain::{ModelId, ProviderId};
use tollgate_store::StoreError;
use tollgate_store::models::ModelFilter;
use tollgate_store::prices::NewTier;
use utoipa::OpenApi;

use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult, Missing};
use crate::extract::query::{check_page, page};
use crate::extract::{
    Admin, Analyst, Checks, Created, Done, Envelope, Id, Listed, Meta, New, Params, Valid, Validate,
};
use crate::openapi::{ReadErrors, WriteErrors};
pub use body::ModelBody;
pub use view::ModelView;

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, find, update, delete))]
pub struct Doc;

/// A model to be added.
pub type NewModelBody = New<ModelBody>;

/// What the list can be narrowed by.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ModelQuery {
    /// Only this provider's.
    provider_id: Option<i64>,
    /// Only active or only inactive ones.
    is_active: Option<bool>,
    /// Only those that do this.
    #[param(value_type = Option<String>)]
    model_type: Option<ModelType>,
    /// Only those at this point of their life.
    #[param(value_type = Option<String>)]
    lifecycle: Option<Lifecycle>,
    /// Only those whose code or name contains this.
    search: Option<String>,
    /// From 1; without it the whole list is answered.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Rows a page.
    #[param(minimum = 1, maximum = 200)]
    page_size: Option<u32>,
}

impl Validate for ModelQuery {
    fn validate(&self, checks: &mut Checks) {
        check_page(self.page, self.page_size, checks);
        checks.maybe_length("search", self.search.as_deref(), 0..=200);
    }
}

/// All models, by provider and code.
#[utoipa::path(get, path = "/api/admin/ai-models", tag = "models", params(ModelQuery),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Listed<ModelView>), ReadErrors))]
pub async fn list(
    _: Analyst,
    app: Data<App>,
    Params(query): Params<ModelQuery>,
) -> ApiResult<Listed<ModelView>> {
    let page = page(query.page, query.page_size);
    let filter = ModelFilter {
        provider_id: query.provider_id.map(ProviderId::new),
        is_active: query.is_active,
        model_type: query.model_type,
        lifecycle: query.lifecycle,
        search: query.search,
    };
    let models = app.store.models().list(&filter).await?;
    let mut prices: HashMap<ModelId, Vec<Price>> = HashMap::new();
    for price in app.store.prices().all().await? {
        prices.entry(price.model_id).or_default().push(price);
    }
    let now = app.clock.now();
    let defaults = default_models(&app).await?;
    let views = models.into_iter().map(|model| {
        let prices = prices.get(&model.id).map_or(&[][..], Vec::as_slice);
        let is_default = defaults.contains(&model.id);
        ModelView::new(model, prices, is_default, now)
    });
    Ok(Listed::cut(views.collect(), page))
}

/// Add a model to a provider.
#[utoipa::path(post, path = "/api/admin/ai-models", tag = "models",
    request_body = NewModelBody, security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<ModelView>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(New(body)): Valid<NewModelBody>,
) -> ApiResult<Created<ModelView>> {
    // Before anything is stored: what is refused leaves nothing behind.
    let tiers = body.costs().over(&[], app.clock.now())?;
    let is_default = body.is_default();
    let model = app.store.models().insert(&body.into_new(), app.clock.now()).await;
    let model = model.map_err(|error| match error {
        StoreError::NotFound => super::providers::no_provider("providerId"),
        other => other.into(),
    })?;
    save_extras(&app, &model, tiers.as_deref(), is_default).await?;
    let view = view(&app, model).await?;
    let change = Change::new(Action::Create, "model", Some(view.id)).after(&view);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Created(view))
}

/// One model.
#[utoipa::path(get, path = "/api/admin/ai-models/{id}", tag = "models",
    params(("id" = i64, Path)), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<ModelView>), ReadErrors))]
pub async fn find(
    _: Analyst,
    app: Data<App>,
    Id(id): Id<ModelId>,
) -> ApiResult<Envelope<ModelView>> {
    let model = app.store.models().find(id).await.or_missing("model")?;
    Ok(Envelope::ok(view(&app, model).await?))
}

/// Change a model; what is absent stays. A changed cost is a new price from now on.
#[utoipa::path(put, path = "/api/admin/ai-models/{id}", tag = "models",
    params(("id" = i64, Path)), request_body = ModelBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<ModelView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ModelId>,
    Valid(body): Valid<ModelBody>,
) -> ApiResult<Envelope<ModelView>> {
    let old = app.store.models().find(id).await.or_missing("model")?;
    body.belongs_to(old.provider_id)?;
    let old = view(&app, old).await?;
    let prices = app.store.prices().of_model(id).await?;
    let tiers = body.costs().over(&prices, app.clock.now())?;
    let is_default = body.is_default();
    let patch = body.into_patch();
    let model = app.store.models().update(id, &patch, app.clock.now()).await;
    let model = model.or_missing("model")?;
    save_extras(&app, &model, tiers.as_deref(), is_default).await?;
    let new = view(&app, model).await?;
    let change = Change::new(Action::Update, "model", Some(new.id)).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// Delete a model; reports keep its name.
#[utoipa::path(delete, path = "/api/admin/ai-models/{id}", tag = "models",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = Done), ReadErrors))]
pub async fn delete(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(id): Id<ModelId>,
) -> ApiResult<Done> {
    let old = app.store.models().find(id).await.or_missing("model")?;
    let old = view(&app, old).await?;
    app.store.models().delete(id, app.clock.now()).await.or_missing("model")?;
    let change = Change::new(Action::Delete, "model", Some(id.get())).before(&old);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::done())
}

/// What stands in other tables than the model's own: its price, and whose default it is.
async fn save_extras(
    app: &App,
    model: &Model,
    tiers: Option<&[NewTier]>,
    is_default: Option<bool>,
) -> ApiResult<()> {
    let now = app.clock.now();
    if let Some(tiers) = tiers {
        app.store.prices().insert(model.id, now, tiers, "manual", now).await?;
    }
    let provider = app.store.providers().find(model.provider_id).await?;
    let was_default = provider.default_model_id == Some(model.id);
    let default = match is_default {
        Some(true) if !was_default => Some(Some(model.id)),
        Some(false) if was_default => Some(None),
        _ => None,
    };
    if default.is_some() {
        let patch = tollgate_store::providers::ProviderPatch {
            default_model_id: default,
            ..Default::default()
        };
        app.store.providers().update(model.provider_id, &patch, now).await?;
    }
    Ok(())
}

/// A model as the API shows it.
async fn view(app: &App, model: Model) -> ApiResult<ModelView> {
    let prices = app.store.prices().of_model(model.id).await?;
    let provider = app.store.providers().find(model.provider_id).await;
    let is_default = provider.is_ok_and(|provider| provider.default_model_id == Some(model.id));
    Ok(ModelView::new(model, &prices, is_default, app.clock.now()))
}

async fn default_models(app: &App) -> Result<Vec<ModelId>, ApiError> {
    let providers = app.store.providers().list(&Default::default()).await?;
    Ok(providers.into_iter().filter_map(|provider| provider.default_model_id).collect())
}
