//! What the API is told of a model.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use tollgate_domain::model::{Lifecycle, ModelType};
use tollgate_domain::price::{Price, Rates, price_at};
use tollgate_domain::{NanoUsd, ProviderId};
use tollgate_store::models::{ModelPatch, NewModel};
use tollgate_store::prices::NewTier;
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::json::{clearable, present};
use crate::extract::{Checks, Make, Validate};
use crate::openapi::words;

const LARGEST: i64 = 1_000_000_000;

/// What can be said of a model; what is absent stays as it is, or has its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ModelPatch)]
pub struct ModelBody {
    /// Who serves it; cannot be changed.
    #[serde(default, deserialize_with = "present")]
    provider_id: Option<i64>,
    /// What the provider calls it.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 200)]
    model_code: Option<String>,
    /// What people call it; by default its code.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 200)]
    model_name: Option<String>,
    /// What it does; by default `chat`.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::model_type)]
    model_type: Option<ModelType>,
    /// The longest prompt, in tokens.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    max_input_tokens: Option<Option<i64>>,
    /// The longest answer, in tokens.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    max_output_tokens: Option<Option<i64>>,
    /// Whether it streams; by default it does.
    #[serde(default, deserialize_with = "present")]
    supports_streaming: Option<bool>,
    /// Whether it calls tools; by default it does not.
    #[serde(default, deserialize_with = "present")]
    supports_function_call: Option<bool>,
    /// Whether it sees images; by default it does not.
    #[serde(default, deserialize_with = "present")]
    supports_vision: Option<bool>,
    /// Dollars for 1000 prompt tokens; null makes it unpriced.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_prompt_tokens: Option<Option<NanoUsd>>,
    /// Dollars for 1000 answer tokens; null makes it unpriced.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_completion_tokens: Option<Option<NanoUsd>>,
    /// Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_read_tokens: Option<Option<NanoUsd>>,
    /// Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_write_tokens: Option<Option<NanoUsd>>,
    /// Whether callers may use it; by default they may.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
    /// Whether it answers calls to its provider that name no model.
    #[serde(default, deserialize_with = "present")]
    is_default: Option<bool>,
    /// Where it is in its life; by default `active`.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::lifecycle)]
    lifecycle: Option<Lifecycle>,
    /// The day the provider stops serving it.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<NaiveDate>)]
    shutdown_date: Option<Option<NaiveDate>>,
    /// What it refuses or demands, by default nothing; these take the place of all that it had.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    constraints: Option<Map<String, Value>>,
}

impl Make for ModelBody {
    const NAME: &'static str = "NewModel";
    const REQUIRED: &'static [&'static str] = &["providerId", "modelCode"];

    fn given(&self) -> Vec<bool> {
        vec![self.provider_id.is_some(), self.model_code.is_some()]
    }
}

impl Validate for ModelBody {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("modelCode", self.model_code.as_deref(), 1..=200);
        checks.maybe_length("modelName", self.model_name.as_deref(), 1..=200);
        if let Some(constraints) = &self.constraints {
            super::constraints::check(constraints, checks);
        }
        let year = self.shutdown_date.flatten().map(|date| i64::from(date.year()));
        if year.is_some_and(|year| !(1970..=9999).contains(&year)) {
            checks.wrong("shutdownDate", "must lie between the years 1970 and 9999");
        }
        checks.range("maxInputTokens", self.max_input_tokens.flatten(), 1..=LARGEST);
        checks.range("maxOutputTokens", self.max_output_tokens.flatten(), 1..=LARGEST);
        for (field, cost) in [
            ("costPer1kPromptTokens", self.cost_per_1k_prompt_tokens),
            ("costPer1kCompletionTokens", self.cost_per_1k_completion_tokens),
            ("costPer1kCacheReadTokens", self.cost_per_1k_cache_read_tokens),
            ("costPer1kCacheWriteTokens", self.cost_per_1k_cache_write_tokens),
        ] {
            if cost.flatten().is_some_and(|cost| cost < NanoUsd::ZERO) {
                checks.wrong(field, "must not be negative");
            }
        }
    }
}

impl ModelBody {
    /// Refuses a `providerId` that is another one's.
    pub(super) fn belongs_to(&self, provider: ProviderId) -> ApiResult<()> {
        match self.provider_id {
            Some(id) if id != provider.get() => Err(ApiError::invalid(
                "providerId",
                "cannot be changed; add a model to the other provider instead",
            )),
            _ => Ok(()),
        }
    }

    pub(super) const fn is_default(&self) -> Option<bool> {
        self.is_default
    }

    pub(super) const fn costs(&self) -> Costs {
        Costs {
            prompt: self.cost_per_1k_prompt_tokens,
            completion: self.cost_per_1k_completion_tokens,
            cache_read: self.cost_per_1k_cache_read_tokens,
            cache_write: self.cost_per_1k_cache_write_tokens,
        }
    }

    /// The model to be made.
    pub(super) fn into_new(self) -> NewModel {
        let provider = ProviderId::new(self.provider_id.unwrap_or_default());
        let code = self.model_code.unwrap_or_default().trim().to_owned();
        let defaults = NewModel::new(provider, code);
        NewModel {
            name: self.model_name.map_or(defaults.name, |name| name.trim().to_owned()),
            model_type: self.model_type.unwrap_or(defaults.model_type),
            max_input_tokens: self.max_input_tokens.flatten(),
            max_output_tokens: self.max_output_tokens.flatten(),
            supports_streaming: self.supports_streaming.unwrap_or(defaults.supports_streaming),
            supports_function_call: self
                .supports_function_call
                .unwrap_or(defaults.supports_function_call),
            supports_vision: self.supports_vision.unwrap_or(defaults.supports_vision),
            is_active: self.is_active.unwrap_or(defaults.is_active),
            lifecycle: self.lifecycle.unwrap_or(defaults.lifecycle),
            shutdown_date: self.shutdown_date.flatten(),
            constraints: self.constraints.unwrap_or_default(),
            code: defaults.code,
            ..defaults
        }
    }

    /// The changes to a model.
    pub(super) fn into_patch(self) -> ModelPatch {
        let trimmed = |value: Option<String>| value.map(|text| text.trim().to_owned());
        ModelPatch {
            code: trimmed(self.model_code),
            name: trimmed(self.model_name),
            model_type: self.model_type,
            max_input_tokens: self.max_input_tokens,
            max_output_tokens: self.max_output_tokens,
            supports_streaming: self.supports_streaming,
            supports_function_call: self.supports_function_call,
            supports_vision: self.supports_vision,
            is_active: self.is_active,
            lifecycle: self.lifecycle,
            shutdown_date: self.shutdown_date,
            constraints: self.constraints,
        }
    }
}

/// The costs that a body names; absent stays, null clears.
pub(super) struct Costs {
    prompt: Option<Option<NanoUsd>>,
    completion: Option<Option<NanoUsd>>,
    cache_read: Option<Option<NanoUsd>>,
    cache_write: Option<Option<NanoUsd>>,
}

impl Costs {
    const fn is_any(&self) -> bool {
        self.prompt.is_some()
            || self.completion.is_some()
            || self.cache_read.is_some()
            || self.cache_write.is_some()
    }

    /// The price version that holds at `now`, with these costs in its first tier; none where the
    /// body names no cost.
    pub(super) fn over(
        &self,
        prices: &[Price],
        now: DateTime<Utc>,
    ) -> ApiResult<Option<Vec<NewTier>>> {
        if !self.is_any() {
            return Ok(None);
        }
        let current = price_at(prices, 0, now);
        let version = current.map(|price| price.valid_from);
        let higher = prices
            .iter()
            .filter(|price| Some(price.valid_from) == version && price.tier_min_prompt_tokens > 0)
            .map(NewTier::from);
        let first = NewTier {
            tier_min_prompt_tokens: 0,
            rates: self.rates_over(current.and_then(|price| price.rates))?,
        };
        Ok(Some(std::iter::once(first).chain(higher).collect()))
    }

    fn rates_over(&self, current: Option<Rates>) -> ApiResult<Option<Rates>> {
        let old = current.unwrap_or_default();
        let known = current.is_some();
        let or = |new: Option<Option<NanoUsd>>, old: NanoUsd| new.unwrap_or(known.then_some(old));
        let (prompt, completion) =
            (or(self.prompt, old.prompt), or(self.completion, old.completion));
        let (prompt, completion) = match (prompt, completion) {
            (Some(prompt), Some(completion)) => (prompt, completion),
            (None, None) if self.cache_read.flatten().or(self.cache_write.flatten()).is_some() => {
                return Err(both("costPer1kPromptTokens"));
            }
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(both("costPer1kPromptTokens")),
            (Some(_), None) => return Err(both("costPer1kCompletionTokens")),
        };
        Ok(Some(Rates {
            prompt,
            completion,
            cache_read: self.cache_read.unwrap_or(old.cache_read),
            cache_write: self.cache_write.unwrap_or(old.cache_write),
            ..old
        }))
    }
}

fn both(field: &str) -> ApiError {
    ApiError::invalid(
        field,
        "is needed too: a model has a price for its prompts and its answers, or none",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(prompt: Option<Option<i64>>, completion: Option<Option<i64>>) -> Costs {
        let money = |cost: Option<Option<i64>>| cost.map(|cost| cost.map(NanoUsd::new));
        Costs {
            prompt: money(prompt),
            completion: money(completion),
            cache_read: None,
            cache_write: None,
        }
    }

    #[test]
    fn an_unpriced_model_needs_both_prices_at_once() {
        let now = DateTime::UNIX_EPOCH;

        assert!(costs(Some(Some(1)), None).over(&[], now).is_err());
        let cache_alone = Costs { cache_read: Some(Some(NanoUsd::new(1))), ..costs(None, None) };
        assert!(cache_alone.over(&[], now).is_err());
        let tiers = costs(Some(Some(1)), Some(Some(2))).over(&[], now).unwrap().unwrap();
        assert_eq!(tiers.len(), 1);
        assert_eq!(tiers[0].rates.unwrap().completion, NanoUsd::new(2));
        let cleared = costs(Some(None), Some(None)).over(&[], now).unwrap().unwrap();
        assert_eq!(cleared[0].rates, None);
        assert!(costs(None, None).over(&[], now).unwrap().is_none());
    }
}
