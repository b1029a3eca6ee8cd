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
    /// Who serves it; of a route, who does first.
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
    /// Whether `id` is a route's alias; all else is then told of its first target that has a key.
    is_route: bool,
    /// Where it is in its life.
    #[schema(schema_with = words::lifecycle)]
    lifecycle: Lifecycle,
    /// The day its provider stops serving it, where announced.
    shutdown_date: Option<NaiveDate>,
}

impl UsableModelView {
    fn new(usable: UsableModel, now: DateTime<Utc>) -> Self {
        let provider = &usable.provider.provider;
        let model = usable.model.as_ref().map(|entry| &entry.model);
        let prices = usable.model.as_ref().map_or(&[][..], |entry| &entry.prices);
        let rates = price_at(prices, 0, now).and_then(|price| price.rates);
        Self {
            provider_code: provider.code.clone(),
            model_name: usable.name().to_owned(),
            model_type: model.map_or(ModelType::Other, |model| model.model_type),
            max_input_tokens: model.and_then(|model| model.max_input_tokens),
            max_output_tokens: model.and_then(|model| model.max_output_tokens),
            supports_streaming: model.is_none_or(|model| model.supports_streaming),
            supports_function_call: model.is_none_or(|model| model.supports_function_call),
            supports_vision: model.is_some_and(|model| model.supports_vision),
            cost_per1k_prompt_tokens: rates.map(|rates| rates.prompt),
            cost_per1k_completion_tokens: rates.map(|rates| rates.completion),
            cost_per1k_cache_read_tokens: rates.and_then(|rates| rates.cache_read),
            cost_per1k_cache_write_tokens: rates.and_then(|rates| rates.cache_write),
            is_default: usable.alias.is_none()
                && model.is_some_and(|model| provider.default_model_id == Some(model.id)),
            is_route: usable.alias.is_some(),
            lifecycle: usable.lifecycle(),
            shutdown_date: model.and_then(|model| model.shutdown_date),
            model_code: usable.model_code,
            id: usable.id,
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
