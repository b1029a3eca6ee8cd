//! Starting points for a new provider: those of the catalogue and `seeds/presets.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::catalogue::{Catalogue, ProviderEntry};
use crate::error::{StoreError, StoreResult};
use crate::providers::NewProvider;

/// What a new provider may start from.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// The provider; a part of its base URL in braces is to be replaced.
    pub provider: NewProvider,
    /// Code of the model of a call that names none.
    pub default_model: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresetsFile {
    #[serde(rename = "about")]
    _about: BTreeMap<String, String>,
    presets: Vec<PresetEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PresetEntry {
    code: String,
    name: String,
    base_url: String,
    description: Option<String>,
    #[serde(default)]
    quirks: Map<String, Value>,
    /// Code of the provider in the catalogue of which everything else is taken over.
    like: Option<String>,
}

/// Everything that a new provider may start from, in the order to show it.
///
/// # Errors
/// `Seeds` where a file in this binary is wrong, which a test rules out.
pub fn presets() -> StoreResult<Vec<Preset>> {
    let catalogue = Catalogue::built_in()?;
    let file: PresetsFile = serde_json::from_str(include_str!("../../../seeds/presets.json"))
        .map_err(|error| StoreError::Seeds(format!("presets.json: {error}")))?;
    let known = catalogue.providers.iter().map(of_catalogue);
    let others = file.presets.into_iter().map(|entry| entry.into_preset(&catalogue));
    known.map(Ok).chain(others).collect()
}

fn of_catalogue(entry: &ProviderEntry) -> Preset {
    // Active: who starts from a preset means to use it.
    let provider = NewProvider { is_active: true, ..entry.to_provider() };
    Preset { provider, default_model: entry.default_model.clone() }
}

impl PresetEntry {
    fn into_preset(self, catalogue: &Catalogue) -> StoreResult<Preset> {
        let like = match &self.like {
            None => None,
            Some(code) => {
                let found = catalogue.providers.iter().find(|entry| entry.code == *code);
                let missing = || StoreError::Seeds(format!("presets.json: no provider {code}"));
                Some(of_catalogue(found.ok_or_else(missing)?))
            }
        };
        let new = NewProvider::new(self.code, self.name, self.base_url);
        let provider = NewProvider { description: self.description, quirks: self.quirks, ..new };
        Ok(match like {
            None => Preset { provider, default_model: None },
            Some(like) => Preset {
                provider: NewProvider {
                    protocol: like.provider.protocol,
                    quirks: like.provider.quirks,
                    ..provider
                },
                default_model: like.default_model,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn presets_are_the_catalogues_providers_and_more_each_with_a_code_of_its_own() {
        let presets = presets().unwrap();

        let codes: BTreeSet<&str> =
            presets.iter().map(|preset| preset.provider.code.as_str()).collect();
        assert_eq!(codes.len(), presets.len());
        assert!(codes.contains("anthropic") && codes.contains("ollama"), "{codes:?}");
        assert!(presets.iter().all(|preset| preset.provider.is_active));
    }

    #[test]
    fn a_region_takes_over_what_its_provider_needs() {
        let presets = presets().unwrap();
        let find = |code| presets.iter().find(|preset| preset.provider.code == code).unwrap();

        let (abroad, china) = (find("qwen"), find("qwen-cn"));
        assert_eq!(china.provider.quirks, abroad.provider.quirks);
        assert_eq!(china.default_model, abroad.default_model);
        assert_ne!(china.provider.base_url, abroad.provider.base_url);
    }
}
