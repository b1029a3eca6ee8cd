//! What a provider row may vary, as data.
//!
//! Quirks change only what is *sent*; reading is tolerant for everybody. What the providers that
//! Tollgate ships, and the usual servers, want:
//!
//! | provider | quirks |
//! | --- | --- |
//! | OpenAI, OpenRouter, vLLM, llama.cpp, Ollama | none |
//! | Azure OpenAI | `{"auth":"api_key","api_version":"2025-04-01-preview"}` |
//! | DeepSeek | `{"max_tokens_field":"max_tokens","reasoning_sampling":true,"developer_as_system":true,"flatten_text_parts":true,"fill_reasoning_content":true}` |
//! | Moonshot | `{"strip":["temperature","top_p"],"max_tokens_field":"max_completion_tokens","developer_as_system":true,"fill_reasoning_content":true,"min_tool_name":3}` |
//! | Qwen | `{"max_tokens_field":"max_tokens","reasoning_sampling":true,"developer_as_system":true,"built_in_tools_as_fields":true}` |
//! | Anthropic | none |
//! | Kiro, and others that take an OAuth token | `{"auth":"bearer"}` |
//!
//! Headers such as OpenRouter's `HTTP-Referer` are the row's extra headers, no quirk.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::FieldError;

/// How a provider departs from its protocol's standard; the default is the standard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quirks {
    /// How the key is shown.
    pub auth: AuthStyle,
    /// The `api-version` in the query of every URL (Azure).
    pub api_version: Option<String>,
    /// Under which name the longest answer is sent.
    pub max_tokens_field: MaxTokensField,
    /// Top-level fields that are never sent.
    pub strip: Vec<String>,
    /// Reasoning models take `temperature`, `top_p` and penalties here; OpenAI's refuse them, so
    /// they are otherwise removed for models with the constraint `reasoning`.
    pub reasoning_sampling: bool,
    /// Streams are asked for without `stream_options`, which old servers refuse; their usage is
    /// then an estimate.
    pub no_stream_options: bool,
    /// `developer` messages are sent as `system` ones.
    pub developer_as_system: bool,
    /// Content that is a list of texts is sent as one string, its texts on lines of their own.
    pub flatten_text_parts: bool,
    /// Assistant messages with tool calls that lack `reasoning_content` get a blank one: thinking
    /// models refuse them without, and most clients drop it.
    pub fill_reasoning_content: bool,
    /// The least length of a tool's name (Moonshot: 3, from a letter or `_` on). Shorter names of
    /// Anthropic's callers are sent as others, and told as their own again.
    pub min_tool_name: usize,
    /// The built-in tools `web_search` and `code_interpreter` among `tools` are sent as the fields
    /// that DashScope has for them.
    pub built_in_tools_as_fields: bool,
}

/// How the key is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthStyle {
    /// The protocol's own way: `Authorization: Bearer …` for `openai`, `x-api-key: …` for
    /// `anthropic`, `x-goog-api-key: …` for `gemini`.
    #[default]
    Standard,
    /// `Authorization: Bearer …`
    Bearer,
    /// `api-key: …` (Azure)
    ApiKey,
    /// Not at all.
    None,
}

/// Under which name the longest answer is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaxTokensField {
    /// As the caller wrote it, except that reasoning models get `max_completion_tokens`.
    #[default]
    AsSent,
    /// `max_tokens`.
    MaxTokens,
    /// `max_completion_tokens`.
    MaxCompletionTokens,
}

impl Quirks {
    /// Reads a provider row's quirks; an unknown name or a value of the wrong type is an error
    /// that names it.
    pub fn parse(quirks: &Map<String, Value>) -> Result<Self, FieldError> {
        // One field at a time, so that the error can name it.
        for (name, value) in quirks {
            let one = Map::from_iter([(name.clone(), value.clone())]);
            serde_json::from_value::<Self>(Value::Object(one))
                .map_err(|error| FieldError::new(format!("quirks.{name}"), error.to_string()))?;
        }
        serde_json::from_value(Value::Object(quirks.clone()))
            .map_err(|error| FieldError::new("quirks", error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(quirks: Value) -> Result<Quirks, FieldError> {
        Quirks::parse(quirks.as_object().unwrap())
    }

    #[test]
    fn the_quirks_in_this_modules_table_are_understood() {
        let lines = include_str!("quirks.rs").lines().filter(|line| line.starts_with("//! |"));
        let known: Vec<Quirks> = lines
            .filter_map(|line| line.split('`').nth(1))
            .filter(|quirks| quirks.starts_with('{'))
            .map(|quirks| parse(serde_json::from_str(quirks).unwrap()).unwrap())
            .collect();

        assert_eq!(known.len(), 5);
        assert_eq!(known[0].auth, AuthStyle::ApiKey);
        assert!(known[1].fill_reasoning_content);
        assert_eq!(known[4].auth, AuthStyle::Bearer);
        assert_eq!(parse(json!({})).unwrap(), Quirks::default());
    }

    #[test]
    fn a_wrong_quirk_is_refused_by_name() {
        let unknown = parse(json!({"strip": [], "flaten": true})).unwrap_err();
        assert_eq!(unknown.field, "quirks.flaten");

        let wrong = parse(json!({"auth": "basic"})).unwrap_err();
        assert_eq!(wrong.field, "quirks.auth");
        assert!(wrong.message.contains("bearer"), "{wrong}");
    }
}
