//! The events of a streamed answer in our words.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tollgate_domain::NanoUsd;
use tollgate_domain::usage::TokenUsage;
use utoipa::ToSchema;

use super::answer::{CostView, ToolCallView, UsageView, text_of};

/// One event's data.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// The provider's id of the answer, the same in each event.
    id: String,
    delta: DeltaView,
    /// Why the answer ended: in the last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    finish_reason: Option<String>,
    /// The tokens of the whole answer: in the last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<UsageView>,
    /// What the whole answer cost: in the last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostView>,
}

/// What an event adds.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeltaView {
    /// More of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    /// More of the reasoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<String>,
    /// More of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    /// Pieces of tool calls; pieces with the same index belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ToolCallView>>)]
    tool_calls: Option<Box<RawValue>>,
}

impl DeltaView {
    fn is_empty(&self) -> bool {
        self.content.is_none()
            && self.reasoning.is_none()
            && self.refusal.is_none()
            && self.tool_calls.is_none()
    }
}

/// Turns OpenAI's events into ours, one stream at a time.
#[derive(Debug, Default)]
pub(crate) struct EventWriter {
    id: String,
}

impl EventWriter {
    /// Our event for one of OpenAI's; `None` where nothing in it is for the caller (a role, a
    /// finish, usage: these come with the last event).
    pub(crate) fn event(&mut self, data: &[u8]) -> Result<Option<Bytes>, serde_json::Error> {
        let wire: WireChunk = serde_json::from_slice(data)?;
        if let Some(id) = wire.id.filter(|id| !id.is_empty() && self.id.is_empty()) {
            self.id = id;
        }
        let delta = wire.choices.into_iter().find(|choice| choice.index == 0);
        let delta = delta.map(|choice| DeltaView::from(choice.delta)).unwrap_or_default();
        if delta.is_empty() {
            return Ok(None);
        }
        let view = EventView { id: self.id.clone(), delta, ..EventView::default() };
        serde_json::to_vec(&view).map(Bytes::from).map(Some)
    }

    /// The last event.
    pub(crate) fn last(
        &self,
        finish_reason: Option<String>,
        usage: &TokenUsage,
        cost: Option<NanoUsd>,
    ) -> Result<Bytes, serde_json::Error> {
        let view = EventView {
            id: self.id.clone(),
            delta: DeltaView::default(),
            finish_reason,
            usage: Some(UsageView::from(usage)),
            cost: Some(CostView::from(cost)),
        };
        serde_json::to_vec(&view).map(Bytes::from)
    }
}

#[derive(Deserialize)]
struct WireChunk {
    id: Option<String>,
    #[serde(default)]
    choices: Vec<WireChoice>,
}

#[derive(Deserialize)]
struct WireChoice {
    #[serde(default)]
    index: i64,
    #[serde(default)]
    delta: WireDelta,
}

#[derive(Default, Deserialize)]
struct WireDelta {
    content: Option<Value>,
    reasoning_content: Option<Value>,
    reasoning: Option<Value>,
    refusal: Option<String>,
    tool_calls: Option<Box<RawValue>>,
}

impl From<WireDelta> for DeltaView {
    fn from(wire: WireDelta) -> Self {
        let some = |text: &String| !text.is_empty();
        Self {
            content: wire.content.and_then(text_of).filter(some),
            reasoning: wire.reasoning_content.or(wire.reasoning).and_then(text_of).filter(some),
            refusal: wire.refusal.filter(some),
            tool_calls: wire.tool_calls.filter(|calls| !matches!(calls.get(), "null" | "[]")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(writer: &mut EventWriter, data: &Value) -> Option<Value> {
        let bytes = writer.event(data.to_string().as_bytes()).unwrap()?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn content_reasoning_and_tool_calls_become_deltas() {
        let mut writer = EventWriter::default();
        let chunk = |delta: Value| json!({"id": "c1", "choices": [{"index": 0, "delta": delta}]});
        let call = json!([{"index": 0, "id": "t", "type": "function", "function": {"name": "f", "arguments": ""}}]);

        let cases = [
            (json!({"content": "Hi"}), json!({"content": "Hi"})),
            (json!({"content": null, "reasoning_content": "hm"}), json!({"reasoning": "hm"})),
            (json!({"reasoning": "hm"}), json!({"reasoning": "hm"})),
            (json!({"tool_calls": call}), json!({"toolCalls": call})),
        ];
        for (theirs, ours) in cases {
            let event = event(&mut writer, &chunk(theirs));
            assert_eq!(event, Some(json!({"id": "c1", "delta": ours})));
        }
    }

    #[test]
    fn an_event_with_nothing_for_the_caller_is_left_out() {
        let mut writer = EventWriter::default();
        let chunks = [
            json!({"id": "c1", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}),
            json!({"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}),
            json!({"id": "c1", "choices": [], "usage": {"prompt_tokens": 1}}),
            json!({"id": "c1", "choices": [{"index": 1, "delta": {"content": "another choice"}}]}),
        ];
        for chunk in chunks {
            assert_eq!(event(&mut writer, &chunk), None, "{chunk}");
        }
    }

    #[test]
    fn the_last_event_tells_why_it_ended_what_it_used_and_what_it_cost() {
        let mut writer = EventWriter::default();
        event(&mut writer, &json!({"id": "c1", "choices": []}));
        let usage = TokenUsage { prompt: 5, completion: 1, reasoning: 2, ..TokenUsage::default() };

        let last = writer.last(Some("stop".to_owned()), &usage, None).unwrap();

        let last: Value = serde_json::from_slice(&last).unwrap();
        assert_eq!(
            last,
            json!({
                "id": "c1", "delta": {}, "finishReason": "stop",
                "usage": {"promptTokens": 5, "completionTokens": 3, "totalTokens": 8, "reasoningTokens": 2},
                "cost": {"amount": null, "currency": "USD"},
            })
        );
    }
}
