//! An answer in our words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tollgate_domain::NanoUsd;
use tollgate_domain::usage::TokenUsage;
use utoipa::ToSchema;

/// A whole answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    /// The provider's id of the answer.
    id: String,
    /// The text; null where the model only calls tools.
    content: Option<String>,
    /// The model's reasoning, where the provider shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<String>,
    /// Why the model refuses, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    /// The model that answered.
    model: String,
    /// The code of the provider that answered.
    provider: String,
    usage: UsageView,
    cost: CostView,
    /// Why the answer ended: `stop`, `length`, `tool_calls`, `content_filter`.
    finish_reason: Option<String>,
    /// The tools that the model wants called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ToolCallView>>)]
    tool_calls: Option<Box<RawValue>>,
    created_at: DateTime<Utc>,
}

/// Tokens as callers count them: the prompt includes cached ones, the completion reasoning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageView {
    prompt_tokens: i64,
    completion_tokens: i64,
    total_tokens: i64,
    /// Prompt tokens read from the provider's cache; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_tokens: Option<i64>,
    /// Completion tokens spent on reasoning; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_tokens: Option<i64>,
}

/// What a call cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CostView {
    /// In `currency`, up to nine decimal places; null where the model has no price.
    #[schema(value_type = Option<f64>)]
    amount: Option<NanoUsd>,
    /// Always `USD`.
    currency: &'static str,
}

/// A tool that the model wants called.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToolCallView {
    /// In streams: which call this is a piece of.
    index: Option<i64>,
    id: Option<String>,
    /// `function`.
    #[serde(rename = "type")]
    kind: Option<String>,
    function: ToolFunctionView,
}

/// Which function, with what.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToolFunctionView {
    name: Option<String>,
    /// JSON as text; in streams a piece of it.
    arguments: String,
}

/// What the engine knows of an answer beside its body.
pub(crate) struct Told<'a> {
    pub(crate) model: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) usage: &'a TokenUsage,
    pub(crate) cost: Option<NanoUsd>,
    pub(crate) now: DateTime<Utc>,
}

impl AnswerView {
    /// The text alone.
    pub(crate) fn into_content(self) -> Option<String> {
        self.content
    }

    /// Reads OpenAI's answer, which the engine has checked to be one, and takes over what it
    /// holds of the first choice.
    pub(crate) fn read(body: &[u8], told: &Told<'_>) -> Result<Self, serde_json::Error> {
        let wire: WireAnswer = serde_json::from_slice(body)?;
        let choice = wire.choices.into_iter().next().unwrap_or_default();
        let message = choice.message;
        Ok(Self {
            id: wire.id.unwrap_or_default(),
            content: message.content.and_then(text_of),
            reasoning: message.reasoning_content.or(message.reasoning).and_then(text_of),
            refusal: message.refusal,
            model: told.model.to_owned(),
            provider: told.provider.to_owned(),
            usage: UsageView::from(told.usage),
            cost: CostView::from(told.cost),
            finish_reason: choice.finish_reason,
            tool_calls: message.tool_calls,
            created_at: told.now,
        })
    }
}

impl From<&TokenUsage> for UsageView {
    fn from(usage: &TokenUsage) -> Self {
        let some = |tokens: i64| (tokens > 0).then_some(tokens);
        Self {
            prompt_tokens: usage.whole_prompt(),
            completion_tokens: usage.whole_completion(),
            total_tokens: usage.total(),
            cached_tokens: some(usage.cached),
            reasoning_tokens: some(usage.reasoning),
        }
    }
}

impl From<Option<NanoUsd>> for CostView {
    fn from(amount: Option<NanoUsd>) -> Self {
        Self { amount, currency: "USD" }
    }
}

/// The text of a content that is a text, or a list of parts with texts.
pub(crate) fn text_of(content: Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str));
            Some(texts.collect())
        }
        _ => None,
    }
}

#[derive(Deserialize)]
struct WireAnswer {
    id: Option<String>,
    #[serde(default)]
    choices: Vec<WireChoice>,
}

#[derive(Default, Deserialize)]
struct WireChoice {
    #[serde(default)]
    message: WireMessage,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct WireMessage {
    content: Option<Value>,
    reasoning_content: Option<Value>,
    reasoning: Option<Value>,
    refusal: Option<String>,
    tool_calls: Option<Box<RawValue>>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Value {
        let usage = TokenUsage { prompt: 7, cached: 3, completion: 2, ..TokenUsage::default() };
        let told = Told {
            model: "gpt-4o",
            provider: "openai",
            usage: &usage,
            cost: Some(NanoUsd::new(150_000)),
            now: DateTime::from_timestamp_millis(1_790_000_000_123).unwrap(),
        };
        let view = AnswerView::read(body.to_string().as_bytes(), &told).unwrap();
        serde_json::from_str(&serde_json::to_string(&view).unwrap()).unwrap()
    }

    #[test]
    fn an_answer_holds_what_callers_need() {
        let body = json!({"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Hi", "refusal": null}}]});

        assert_eq!(
            read(&body),
            json!({
                "id": "chatcmpl-1", "content": "Hi", "model": "gpt-4o", "provider": "openai",
                "usage": {"promptTokens": 10, "completionTokens": 2, "totalTokens": 12, "cachedTokens": 3},
                "cost": {"amount": 0.00015, "currency": "USD"},
                "finishReason": "stop", "createdAt": "2026-09-21T14:13:20.123Z",
            })
        );
    }

    #[test]
    fn tool_calls_reasoning_and_refusals_are_taken_over() {
        let calls =
            json!([{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
        let body = json!({"choices": [{"finish_reason": "tool_calls", "message":
            {"content": null, "reasoning_content": "hm", "refusal": "no", "tool_calls": calls}}]});

        let view = read(&body);

        assert_eq!(view["content"], Value::Null);
        assert_eq!(view["reasoning"], "hm");
        assert_eq!(view["refusal"], "no");
        assert_eq!(view["toolCalls"], calls);
    }

    #[test]
    fn content_in_parts_is_joined() {
        let body = json!({"choices": [{"message": {"content": [
            {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}}]});

        assert_eq!(read(&body)["content"], "ab");
    }
}
