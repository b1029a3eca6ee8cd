//! Providers to switch on, and an admin token to import.

use tollgate_domain::Secret;

use super::file::FileConfig;
use super::flags::Flags;
use super::source::{Source, Variable};

const SIMULATOR_URL: Variable = Variable::plain(
    "SIMULATOR_URL",
    "none",
    "base URL of a tollgate-simulator, offered as the provider `simulator` with a ready key",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[SIMULATOR_URL];

/// Providers to switch on, and an admin token to import.
#[derive(Clone, Debug, Default)]
pub struct ProvidersConfig {
    /// `model_providers` in the file, `--model-provider`: codes to switch on at start; the first
    /// is the default provider. Default none.
    pub active: Vec<String>,
    /// `api_key` in the file: imported once as an app token named `config`. Default none.
    pub api_key: Option<Secret<String>>,
    /// `SIMULATOR_URL`: a simulator, offered as a provider with a ready key. Default none.
    pub simulator_url: Option<String>,
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
        let simulator_url = source.text(&SIMULATOR_URL);
        if let Some(url) = simulator_url
            .as_ref()
            .filter(|url| !url.starts_with("http://") && !url.starts_with("https://"))
        {
            source.wrong(&SIMULATOR_URL, url, "a URL such as http://127.0.0.1:3999/v1");
        }
        Self {
            active: names.iter().map(|name| code_of(name).to_owned()).collect(),
            api_key,
            simulator_url,
        }
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
