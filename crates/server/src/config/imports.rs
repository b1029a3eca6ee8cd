//! Upstream keys that the environment or a credentials file brings, imported once.

mod file;
mod llm;

use tollgate_domain::Secret;
use tollgate_domain::api_key::KeyLimits;

use super::flags::Flags;
use super::source::{Source, Variable};
pub use file::CredentialsFile;
pub use llm::LlmConfig;

macro_rules! keys {
    ($name:literal, $whose:literal, $limits:literal) => {
        (
            Variable::secret(
                $name,
                "none",
                concat!("key of ", $whose, ", used after the numbered ones", $limits),
            ),
            Variable::secret(
                concat!($name, "_1"),
                "none",
                concat!("key of ", $whose, "; likewise _2, _3 and so on", $limits),
            ),
        )
    };
}

type Pair = (Variable, Variable);

const KIMI: Pair = keys!("KIMI_API_KEY", "`moonshot`", "; 200 requests and 5000 tokens a minute");
const OPENAI: Pair = keys!("OPENAI_API_KEY", "`openai`", "");
const ANTHROPIC: Pair = keys!("ANTHROPIC_API_KEY", "`anthropic`", "");
const DEEPSEEK: Pair = keys!("DEEPSEEK_API_KEY", "`deepseek`", "");
const DASHSCOPE: Pair = keys!("DASHSCOPE_API_KEY", "`qwen`", "");
const GEMINI: Pair = keys!("GEMINI_API_KEY", "`gemini`", "");

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[
    KIMI.1,
    KIMI.0,
    OPENAI.1,
    OPENAI.0,
    ANTHROPIC.1,
    ANTHROPIC.0,
    DEEPSEEK.1,
    DEEPSEEK.0,
    DASHSCOPE.1,
    DASHSCOPE.0,
    GEMINI.1,
    GEMINI.0,
    llm::LLM_BASE_URL,
    llm::LLM_MODEL,
    llm::LLM_TEMPERATURE,
    llm::LLM_API_KEY,
    llm::APIKEY_SERVICE_ENABLED,
    llm::APIKEY_SERVICE_URL,
    llm::APIKEY_SCENE_CODE,
    llm::APIKEY_EXPIRE_SECONDS,
    llm::APIKEY_REFRESH_BEFORE_SECONDS,
];

/// Which provider the keys of a variable are of.
const PROVIDERS: [(&Pair, &str); 6] = [
    (&KIMI, "moonshot"),
    (&OPENAI, "openai"),
    (&ANTHROPIC, "anthropic"),
    (&DEEPSEEK, "deepseek"),
    (&DASHSCOPE, "qwen"),
    (&GEMINI, "gemini"),
];
/// What a numbered key's priority is, and that of the one without a number.
const PRIORITIES: (i64, i64) = (100, 10);

/// Upstream keys that the environment or a credentials file brings.
#[derive(Clone, Debug, Default)]
pub struct ImportsConfig {
    /// `KIMI_API_KEY_1`, `KIMI_API_KEY` and their like of the other providers. Default none.
    pub keys: Vec<ImportedKey>,
    /// `LLM_BASE_URL` and what belongs to it: the provider `llm`. Default none.
    pub llm: Option<LlmConfig>,
    /// `--kiro-oauth-creds-file`, `--qwen-oauth-creds-file`. Default none.
    pub files: Vec<CredentialsFile>,
}

/// A key in the environment.
#[derive(Clone, Debug)]
pub struct ImportedKey {
    /// The provider's code.
    pub provider: &'static str,
    /// The variable's name, which becomes the key's.
    pub name: String,
    /// The key.
    pub secret: Secret<String>,
    /// Higher goes first.
    pub priority: i64,
    /// What it may be charged with.
    pub limits: KeyLimits,
}

impl ImportsConfig {
    pub(super) fn read(source: &mut Source, flags: &Flags) -> Self {
        let keys = PROVIDERS.into_iter().flat_map(|(pair, code)| keys_of(source, pair, code));
        let keys = keys.collect();
        let files =
            [("kiro", &flags.kiro_oauth_creds_file), ("qwen", &flags.qwen_oauth_creds_file)];
        let files = files
            .into_iter()
            .filter_map(|(provider, path)| CredentialsFile::read(source, provider, path.as_ref()?));
        let files = files.collect();
        Self { keys, llm: LlmConfig::read(source), files }
    }
}

/// A provider's keys in the environment, the numbered ones first.
fn keys_of(source: &mut Source, pair: &Pair, provider: &'static str) -> Vec<ImportedKey> {
    let (plain, first) = pair;
    let numbered = source.numbered(first);
    let numbered = numbered.into_iter().map(|(name, value)| (name, value, PRIORITIES.0));
    let plain = source.text(plain).map(|value| (plain.name.to_owned(), value, PRIORITIES.1));
    let limits = match provider {
        "moonshot" => KeyLimits { rpm: Some(200), tpm: Some(5_000), ..KeyLimits::default() },
        _ => KeyLimits::default(),
    };
    let mut keys = Vec::new();
    for (name, value, priority) in numbered.chain(plain) {
        if value.len() > 4_096 || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            source.problem(format!(
                "{name} is ***: it must be at most 4096 visible ASCII characters without spaces"
            ));
            continue;
        }
        let secret = Secret::new(value);
        keys.push(ImportedKey { provider, name, secret, priority, limits });
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn numbered_keys_come_in_order_and_before_the_one_without_a_number() {
        let environment: Environment = [
            ("KIMI_API_KEY", "sk-fallback"),
            ("KIMI_API_KEY_10", "sk-ten"),
            ("KIMI_API_KEY_2", "sk-two"),
            ("KIMI_API_KEY_X", "sk-other"),
            ("DASHSCOPE_API_KEY_1", "sk-qwen"),
        ]
        .into_iter()
        .collect();

        let imports = ImportsConfig::read(&mut Source::new(environment), &Flags::default());

        let told: Vec<(&str, &str, i64, Option<i64>)> = imports
            .keys
            .iter()
            .map(|key| (key.provider, key.name.as_str(), key.priority, key.limits.tpm))
            .collect();
        assert_eq!(
            told,
            [
                ("moonshot", "KIMI_API_KEY_2", 100, Some(5_000)),
                ("moonshot", "KIMI_API_KEY_10", 100, Some(5_000)),
                ("moonshot", "KIMI_API_KEY", 10, Some(5_000)),
                ("qwen", "DASHSCOPE_API_KEY_1", 100, None),
            ]
        );
    }
}
