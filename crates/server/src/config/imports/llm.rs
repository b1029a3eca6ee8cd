//! The provider `llm`: one OpenAI-compatible server, with a key of its own or a key service's.

use tollgate_domain::Secret;
use tollgate_domain::credential::{Credential, Remote};

use crate::config::source::{Source, Variable};

pub(super) const LLM_BASE_URL: Variable = Variable::plain(
    "LLM_BASE_URL",
    "none; https://api.openai.com/v1 with APIKEY_SERVICE_URL",
    "base URL of an OpenAI-compatible server, which becomes the provider `llm`",
);
pub(super) const LLM_MODEL: Variable =
    Variable::plain("LLM_MODEL", "none", "the default model of `llm`");
pub(super) const LLM_TEMPERATURE: Variable = Variable::plain(
    "LLM_TEMPERATURE",
    "none",
    "the temperature of calls of `llm` that name none, from 0 to 2",
);
pub(super) const LLM_API_KEY: Variable =
    Variable::secret("LLM_API_KEY", "none", "the key of `llm`, or with a key service its backup");
pub(super) const APIKEY_SERVICE_ENABLED: Variable = Variable::plain(
    "APIKEY_SERVICE_ENABLED",
    "true with APIKEY_SERVICE_URL, else false",
    "whether the key of `llm` comes from a key service",
);
pub(super) const APIKEY_SERVICE_URL: Variable = Variable::plain(
    "APIKEY_SERVICE_URL",
    "http://127.0.0.1:4532/getApikey where enabled",
    "the key service: GET {url}?sceneCode={code} answers {\"result\": \"the key\"}",
);
pub(super) const APIKEY_SCENE_CODE: Variable =
    Variable::plain("APIKEY_SCENE_CODE", "none", "which key to ask the key service for");
pub(super) const APIKEY_EXPIRE_SECONDS: Variable =
    Variable::plain("APIKEY_EXPIRE_SECONDS", "600", "seconds that a key of the key service holds");
pub(super) const APIKEY_REFRESH_BEFORE_SECONDS: Variable = Variable::plain(
    "APIKEY_REFRESH_BEFORE_SECONDS",
    "120",
    "seconds before its end that the next key is asked for",
);

/// Where the key service is that is enabled without a URL.
const SERVICE_URL: &str = "http://127.0.0.1:4532/getApikey";
/// Where a server is of which only the key service is known.
const BASE_URL: &str = "https://api.openai.com/v1";
/// The longest that a key may hold, in seconds.
const LONGEST: u32 = 30 * 24 * 3_600;

/// The provider `llm`.
#[derive(Clone, Debug)]
pub struct LlmConfig {
    /// `LLM_BASE_URL`. Default `https://api.openai.com/v1`.
    pub base_url: String,
    /// `LLM_MODEL`: its default model. Default none.
    pub model: Option<String>,
    /// `LLM_TEMPERATURE`: its default temperature. Default none.
    pub temperature: Option<serde_json::Number>,
    /// `APIKEY_SERVICE_ENABLED`, `APIKEY_SERVICE_URL`, `APIKEY_SCENE_CODE`,
    /// `APIKEY_EXPIRE_SECONDS`, `APIKEY_REFRESH_BEFORE_SECONDS`, and `LLM_API_KEY` as the backup; or
    /// `LLM_API_KEY` alone. Default none.
    pub credential: Option<Credential>,
}

impl LlmConfig {
    /// The provider, where something makes one.
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let base_url = url(source, &LLM_BASE_URL);
        let temperature = temperature(source);
        let model = source.text(&LLM_MODEL);
        let key = source.text(&LLM_API_KEY).map(Secret::new);
        if key.as_ref().is_some_and(|key| !key.expose().bytes().all(|byte| byte.is_ascii_graphic()))
        {
            source.wrong(&LLM_API_KEY, "", "visible ASCII characters without spaces");
        }
        let service = service(source, key.as_ref());
        if base_url.is_none() && service.is_none() {
            return None;
        }
        Some(Self {
            base_url: base_url.unwrap_or_else(|| BASE_URL.to_owned()),
            model,
            temperature,
            credential: service.map(Credential::Remote).or(key.map(Credential::Static)),
        })
    }
}

/// The key service, where it is enabled.
fn service(source: &mut Source, backup: Option<&Secret<String>>) -> Option<Remote> {
    let url = url(source, &APIKEY_SERVICE_URL);
    let is_enabled = source.parse(&APIKEY_SERVICE_ENABLED, "true or false");
    let expire_seconds = source.number(&APIKEY_EXPIRE_SECONDS, 1, LONGEST);
    let expire_seconds = expire_seconds.unwrap_or(Remote::EXPIRE_SECONDS);
    let before = source.number(&APIKEY_REFRESH_BEFORE_SECONDS, 0, LONGEST);
    if before.is_some_and(|before| before >= expire_seconds) {
        let expected = format!("less than APIKEY_EXPIRE_SECONDS, which is {expire_seconds}");
        let value = before.unwrap_or_default().to_string();
        source.wrong(&APIKEY_REFRESH_BEFORE_SECONDS, &value, &expected);
    }
    // A life that is shorter than usual leaves a fifth of itself.
    let usual = Remote::REFRESH_BEFORE_SECONDS.min(expire_seconds / 5);
    is_enabled.unwrap_or(url.is_some()).then(|| Remote {
        url: url.unwrap_or_else(|| SERVICE_URL.to_owned()),
        scene_code: source.text(&APIKEY_SCENE_CODE).unwrap_or_default(),
        backup: backup.cloned(),
        expire_seconds,
        refresh_before_seconds: before.unwrap_or(usual),
    })
}

fn url(source: &mut Source, variable: &Variable) -> Option<String> {
    let url = source.text(variable)?;
    if let Err(why) = crate::extract::validate::check_base_url(&url) {
        source.wrong(variable, "", why.trim_start_matches("must be "));
    }
    Some(url)
}

fn temperature(source: &mut Source) -> Option<serde_json::Number> {
    let expected = "a number from 0 to 2";
    let value: f64 = source.parse(&LLM_TEMPERATURE, expected)?;
    if !(0.0..=2.0).contains(&value) {
        source.wrong(&LLM_TEMPERATURE, &value.to_string(), expected);
        return None;
    }
    serde_json::Number::from_f64(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn read(pairs: &[(&str, &str)]) -> Option<LlmConfig> {
        let mut source = Source::new(pairs.iter().copied().collect::<Environment>());
        let read = LlmConfig::read(&mut source);
        source.finish().unwrap();
        read
    }

    #[test]
    fn the_key_comes_from_a_service_or_is_fixed() {
        let remote = |pairs: &[(&str, &str)]| match read(pairs).unwrap().credential {
            Some(Credential::Remote(remote)) => remote,
            other => panic!("{other:?}"),
        };

        let of_url = remote(&[("APIKEY_SERVICE_URL", "http://keys/get"), ("LLM_API_KEY", "sk-b")]);
        assert_eq!(of_url.url, "http://keys/get");
        assert_eq!(of_url.backup, Some(Secret::from("sk-b")));
        assert_eq!((of_url.expire_seconds, of_url.refresh_before_seconds), (600, 120));

        let enabled = remote(&[
            ("LLM_BASE_URL", "http://server/v1"),
            ("APIKEY_SERVICE_ENABLED", "true"),
            ("APIKEY_SCENE_CODE", "chat"),
        ]);
        assert_eq!((&*enabled.url, &*enabled.scene_code), (SERVICE_URL, "chat"));

        let fixed = read(&[
            ("LLM_BASE_URL", "http://server/v1"),
            ("APIKEY_SERVICE_URL", "http://keys/get"),
            ("APIKEY_SERVICE_ENABLED", "false"),
            ("LLM_API_KEY", "sk-fixed"),
        ]);
        let credential = fixed.unwrap().credential;
        assert_eq!(credential, Some(Credential::Static(Secret::from("sk-fixed"))));
    }

    #[test]
    fn the_provider_is_made_by_a_server_or_a_key_service_alone() {
        assert!(read(&[("LLM_MODEL", "m"), ("LLM_API_KEY", "sk-one")]).is_none());
        let of_service = read(&[("APIKEY_SERVICE_URL", "http://keys/get")]).unwrap();
        assert_eq!(of_service.base_url, BASE_URL);
        assert!(read(&[("LLM_BASE_URL", "http://s/v1")]).unwrap().credential.is_none());
    }
}
