//! A model as the API shows it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use tollgate_domain::NanoUsd;
use tollgate_domain::model::{Lifecycle, Model, ModelSource, ModelType};
use tollgate_domain::price::{Price, price_at};
use utoipa::ToSchema;

use crate::openapi::words;

/// A model.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelView {
    /// Its id.
    pub id: i64,
    /// Who serves it.
    pub provider_id: i64,
    /// What the provider calls it.
    pub model_code: String,
    /// What people call it.
    pub model_name: String,
    /// What it does.
    #[schema(schema_with = words::model_type)]
    pub model_type: ModelType,
    /// The longest prompt, in tokens.
    pub max_input_tokens: Option<i64>,
    /// The longest answer, in tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it streams.
    pub supports_streaming: bool,
    /// Whether it calls tools.
    pub supports_function_call: bool,
    /// Whether it sees images.
    pub supports_vision: bool,
    /// Dollars for 1000 prompt tokens of a short prompt; null is unpriced.
    #[schema(value_type = Option<f64>)]
    pub cost_per_1k_prompt_tokens: Option<NanoUsd>,
    /// Dollars for 1000 answer tokens; null is unpriced.
    #[schema(value_type = Option<f64>)]
    pub cost_per_1k_completion_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
    #[schema(value_type = Option<f64>)]
    pub cost_per_1k_cache_read_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
    #[schema(value_type = Option<f64>)]
    pub cost_per_1k_cache_write_tokens: Option<NanoUsd>,
    /// Whether callers may use it.
    pub is_active: bool,
    /// Whether it answers calls to its provider that name no model.
    pub is_default: bool,
    /// Where the row came from.
    #[schema(schema_with = words::model_source)]
    pub source: ModelSource,
    /// Where it is in its life.
    #[schema(schema_with = words::lifecycle)]
    pub lifecycle: Lifecycle,
    /// The day the provider stops serving it.
    pub shutdown_date: Option<NaiveDate>,
    /// What it refuses or demands.
    #[schema(value_type = Object)]
    pub constraints: Map<String, Value>,
    /// Whether the last sync did not find it.
    pub is_missing_upstream: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl ModelView {
    pub(super) fn new(
        model: Model,
        prices: &[Price],
        is_default: bool,
        now: DateTime<Utc>,
    ) -> Self {
        let rates = price_at(prices, 0, now).and_then(|price| price.rates);
        Self {
            id: model.id.get(),
            provider_id: model.provider_id.get(),
            model_code: model.code,
            model_name: model.name,
            model_type: model.model_type,
            max_input_tokens: model.max_input_tokens,
            max_output_tokens: model.max_output_tokens,
            supports_streaming: model.supports_streaming,
            supports_function_call: model.supports_function_call,
            supports_vision: model.supports_vision,
            cost_per_1k_prompt_tokens: rates.map(|rates| rates.prompt),
            cost_per_1k_completion_tokens: rates.map(|rates| rates.completion),
            cost_per_1k_cache_read_tokens: rates.and_then(|rates| rates.cache_read),
            cost_per_1k_cache_write_tokens: rates.and_then(|rates| rates.cache_write),
            is_active: model.is_active,
            is_default,
            source: model.source,
            lifecycle: model.lifecycle,
            shutdown_date: model.shutdown_date,
            constraints: model.constraints,
            is_missing_upstream: model.is_missing_upstream,
            created_at: model.created_at,
            updated_at: model.updated_at,
        }
    }
}
