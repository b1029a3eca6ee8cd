//! The providers, models and prices that this binary knows: `seeds/*.json`, embedded.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use tollgate_domain::model::{Lifecycle, ModelSource, ModelType};
use tollgate_domain::price::Rates;
use tollgate_domain::provider::ProtocolKind;
use tollgate_domain::{NanoUsd, ProviderId};

use crate::error::{StoreError, StoreResult};
use crate::models::NewModel;
use crate::prices::NewTier;
use crate::providers::NewProvider;

/// The catalogue, read.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue {
    pub(crate) providers: Vec<ProviderEntry>,
    pub(crate) models: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvidersFile {
    providers: Vec<ProviderEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelsFile {
    #[serde(rename = "about")]
    _about: BTreeMap<String, String>,
    models: Vec<Entry>,
}

/// A provider of the catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProviderEntry {
    pub(crate) id: i64,
    pub(crate) code: String,
    name: String,
    protocol: ProtocolKind,
    base_url: String,
    is_active: bool,
    sort_order: i64,
    description: Option<String>,
    #[serde(default)]
    quirks: Map<String, Value>,
    pub(crate) default_model: Option<String>,
}

/// A model of the catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) provider: String,
    pub(crate) code: String,
    name: String,
    #[serde(rename = "type")]
    model_type: ModelType,
    max_input_tokens: Option<i64>,
    max_output_tokens: Option<i64>,
    supports_streaming: bool,
    supports_function_call: bool,
    supports_vision: bool,
    lifecycle: Lifecycle,
    shutdown_date: Option<NaiveDate>,
    #[serde(default)]
    constraints: Map<String, Value>,
    /// Other codes of the same thing at the same price, for what a provider lists. A caller cannot
    /// use them unless they have a row.
    #[serde(default)]
    aliases: Vec<String>,
    pub(crate) price: Option<PriceEntry>,
}

/// What a model of the catalogue costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PriceEntry {
    pub(crate) valid_from: DateTime<Utc>,
    /// What the figures leave out, for people who read the file.
    #[serde(default, rename = "note")]
    _note: Option<String>,
    #[serde(deserialize_with = "tiers")]
    pub(crate) tiers: Vec<NewTier>,
}

/// A tier in the file: US dollars per million tokens as decimal texts. One without prices is known
/// to exist, and no more.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TierEntry {
    min_prompt_tokens: i64,
    prompt: Option<PerMillion>,
    completion: Option<PerMillion>,
    cache_read: Option<PerMillion>,
    cache_write: Option<PerMillion>,
    #[serde(rename = "cacheWrite1h")]
    cache_write_1h: Option<PerMillion>,
}

/// A rate per 1,000 tokens, written as US dollars per million.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct PerMillion(NanoUsd);

impl TryFrom<String> for PerMillion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let nanos = text.parse::<NanoUsd>().map_err(|error| format!("{text}: {error}"))?.get();
        if nanos % 1000 == 0 {
            Ok(Self(NanoUsd::new(nanos / 1000)))
        } else {
            Err(format!("{text}: a price per million tokens has at most 6 decimal places"))
        }
    }
}

fn tiers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NewTier>, D::Error> {
    let entries = Vec::<TierEntry>::deserialize(deserializer)?;
    Ok(entries.iter().map(TierEntry::tier).collect())
}

impl TierEntry {
    fn tier(&self) -> NewTier {
        let rates = self.prompt.zip(self.completion).map(|(prompt, completion)| Rates {
            prompt: prompt.0,
            completion: completion.0,
            cache_read: self.cache_read.map(|rate| rate.0),
            cache_write: self.cache_write.map(|rate| rate.0),
            cache_write_1h: self.cache_write_1h.map(|rate| rate.0),
            request_fee: NanoUsd::ZERO,
        });
        NewTier { tier_min_prompt_tokens: self.min_prompt_tokens, rates }
    }
}

impl Catalogue {
    /// The one in this binary.
    pub(crate) fn built_in() -> StoreResult<Self> {
        Self::parse(
            include_str!("../../../seeds/providers.json"),
            include_str!("../../../seeds/models.json"),
        )
    }

    pub(crate) fn parse(providers: &str, models: &str) -> StoreResult<Self> {
        let wrong = |file, error: serde_json::Error| StoreError::Seeds(format!("{file}: {error}"));
        let providers: ProvidersFile =
            serde_json::from_str(providers).map_err(|error| wrong("providers.json", error))?;
        let models: ModelsFile =
            serde_json::from_str(models).map_err(|error| wrong("models.json", error))?;
        Ok(Self { providers: providers.providers, models: models.models })
    }

    /// What is known of the provider's model of that code, or of one with such an alias.
    pub(crate) fn find(&self, provider: &str, code: &str) -> Option<&Entry> {
        let of_provider = || self.models.iter().filter(|entry| entry.provider == provider);
        of_provider()
            .find(|entry| entry.code == code)
            .or_else(|| of_provider().find(|entry| entry.aliases.iter().any(|alias| alias == code)))
    }
}

impl ProviderEntry {
    /// A provider as the catalogue has it; its default model is to be filled in.
    pub(crate) fn to_provider(&self) -> NewProvider {
        NewProvider {
            protocol: self.protocol,
            is_active: self.is_active,
            sort_order: self.sort_order,
            description: self.description.clone(),
            quirks: self.quirks.clone(),
            ..NewProvider::new(&self.code, &self.name, &self.base_url)
        }
    }
}

impl Entry {
    /// A model as the catalogue has it, under `code`, which may be an alias.
    pub(crate) fn to_model(&self, provider: ProviderId, code: &str) -> NewModel {
        NewModel {
            name: if code == self.code { self.name.clone() } else { code.to_owned() },
            model_type: self.model_type,
            max_input_tokens: self.max_input_tokens,
            max_output_tokens: self.max_output_tokens,
            supports_streaming: self.supports_streaming,
            supports_function_call: self.supports_function_call,
            supports_vision: self.supports_vision,
            source: ModelSource::Seed,
            lifecycle: self.lifecycle,
            shutdown_date: self.shutdown_date,
            constraints: self.constraints.clone(),
            ..NewModel::new(provider, code)
        }
    }
}

#[cfg(test)]
mod tests;
