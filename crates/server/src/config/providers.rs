//! Providers to switch on, and an admin token to import: the file's and the flags' alone.

use tollgate_domain::Secret;

use super::file::FileConfig;
use super::flags::Flags;
use super::source::Source;

/// Providers to switch on, and an admin token to import.
#[derive(Clone, Debug, Default)]
pub struct ProvidersConfig {
    /// `model_providers` in the file, `--model-provider`: codes to switch on at start; the first
    /// is the default provider. Default none.
    pub active: Vec<String>,
    /// `api_key` in the file: imported once as an app token named `config`. Default none.
    pub api_key: Option<Secret<String>>,
}

impl ProvidersConfig {
    pub(super) fn read(source: &mut Source, file: &FileConfig, flags: &Flags) -> Self {
        let names = match &flags.model_provider {
            Some(name) => std::slice::from_ref(name),
            None => file.model_providers.as_slice(),
        };
        let api_key = file.api_key.clone().filter(|key| !key.expose().is_empty());
        if api_key.as_ref().is_some_and(|key| key.expose().len() < 16) {
            source.problem(
                "the configuration file's `api_key` is too short: it may do everything, so it must \
                 have at least 16 characters; make one with: openssl rand -hex 24",
            );
        }
        Self { active: names.iter().map(|name| code_of(name).to_owned()).collect(), api_key }
    }
}

/// A provider's code, from its code or from the name that older configurations have for it.
#[must_use]
pub fn code_of(name: &str) -> &str {
    match name.trim() {
        "openai-custom" => "openai",
        "claude-custom" => "anthropic",
        "gemini-cli" => "gemini",
        "kiro-api" => "kiro",
        "qwen-api" => "qwen",
        code => code,
    }
}
