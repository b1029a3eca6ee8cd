//! `GET /api/ai/models`.

use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use tollgate_domain::NanoUsd;
use tollgate_domain::model::{Lifecycle, ModelType};
use tollgate_domain::price::price_at;
use utoipa::{OpenApi, ToSchema};

use crate::app::App;
use crate::calls::usable::{UsableModel, usable_models};
use crate::extract::{AppCaller, Envelope};
use crate::openapi::{ReadErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list))]
pub struct Doc;

/// A model that the caller may use.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsableModelView {
    /// What to send as `model`.
    id: String,
    /// Who serves it.
    provider_code: String,
    /// What its provider calls it.
    model_code: String,
    model_name: String,
    /// What it does.
    #[schema(schema_with = words::model_type)]
    model_type: ModelType,
    /// The longest prompt, in tokens; null where unknown.
    max_input_tokens: Option<i64>,
    /// The longest answer, in tokens; null where unknown.
    max_output_tokens: Option<i64>,
    supports_streaming: bool,
    supports_function_call: bool,
    supports_vision: bool,
    /// US dollars for 1,000 prompt tokens; null where unpriced.
    #[schema(value_type = Option<f64>)]
    cost_per1k_prompt_tokens: Option<NanoUsd>,
    #[schema(value_type = Option<f64>)]
    cost_per1k_completion_tokens: Option<NanoUsd>,
    #[schema(value_type = Option<f64>)]
    cost_per1k_cache_read_tokens: Option<NanoUsd>,
    #[schema(value_type = Option<f64>)]
    cost_per1k_cache_write_tokens: Option<NanoUsd>,
    /// Whether it answers where its provider alone is named.
    is_default: bool,
    /// Where it is in its life.
    #[schema(schema_with = words::lifecycle)]
    lifecycle: Lifecycle,
    /// The day its provider stops serving it, where announced.
    shutdown_date: Option<NaiveDate>,
}

impl UsableModelView {
    fn new(usable: UsableModel, now: DateTime<Utc>) -> Self {
        let (provider, model) = (&usable.provider.provider, &usable.model.model);
        let rates = price_at(&usable.model.prices, 0, now).and_then(|price| price.rates);
        Self {
            id: usable.id,
            provider_code: provider.code.clone(),
            model_code: model.code.clone(),
            model_name: model.name.clone(),
            model_type: model.model_type,
            max_input_tokens: model.max_input_tokens,
            max_output_tokens: model.max_output_tokens,
            supports_streaming: model.supports_streaming,
            supports_function_call: model.supports_function_call,
            supports_vision: model.supports_vision,
            cost_per1k_prompt_tokens: rates.map(|rates| rates.prompt),
            cost_per1k_completion_tokens: rates.map(|rates| rates.completion),
            cost_per1k_cache_read_tokens: rates.and_then(|rates| rates.cache_read),
            cost_per1k_cache_write_tokens: rates.and_then(|rates| rates.cache_write),
            is_default: provider.default_model_id == Some(model.id),
            lifecycle: model.lifecycle,
            shutdown_date: model.shutdown_date,
        }
    }
}

/// The models that this caller may use.
#[utoipa::path(get, path = "/api/ai/models", tag = "chat",
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = Envelope<Vec<UsableModelView>>), ReadErrors))]
pub async fn list(caller: AppCaller, app: Data<App>) -> Envelope<Vec<UsableModelView>> {
    let now = app.clock.now();
    let models = usable_models(&app.engine.snapshot(), &caller.0.access);
    Envelope::ok(models.into_iter().map(|usable| UsableModelView::new(usable, now)).collect())
}
