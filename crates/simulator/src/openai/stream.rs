//! A chat answer as events.

use serde_json::{Value, json};

use super::answer::{Said, ToolCall};
use super::chat::Chat;
use crate::behaviour::UsageStyle;
use crate::reply::{Event, Part};

/// The events of an answer: its role, its reasoning and content or tool calls, why it ended, its usage
/// if that was asked for, and the closing mark. Choices take turns.
pub(super) fn events(chat: &Chat<'_>) -> Vec<Event> {
    let choices = 0..chat.request.choices;
    let mut events = Vec::new();
    let opening = opening(chat);
    events.extend(choices.clone().map(|it| Event::new(Part::Opening, &chunk(chat, it, &opening))));
    for delta in deltas(chat) {
        events.extend(choices.clone().map(|it| Event::content(&chunk(chat, it, &delta))));
    }
    events.extend(choices.map(|it| Event::new(Part::Finish, &finish(chat, it))));
    if chat.request.include_usage && chat.asked.behaviour.usage != UsageStyle::Never {
        let mut last = envelope(chat, json!([]));
        last["usage"] = chat.usage();
        events.push(Event::new(Part::Closing, &last));
    }
    events.push(Event::text(Part::Done, "[DONE]"));
    events
}

fn envelope(chat: &Chat<'_>, choices: Value) -> Value {
    let mut envelope = json!({
        "id": chat.id(),
        "object": "chat.completion.chunk",
        "created": chat.asked.config.created,
        "model": chat.request.model,
        "service_tier": "default",
        "system_fingerprint": "fp_simulator",
        "choices": choices,
    });
    if chat.request.include_usage {
        envelope["usage"] = Value::Null;
    }
    if chat.request.obfuscate {
        envelope["obfuscation"] = "sim".into();
    }
    envelope
}

fn chunk(chat: &Chat<'_>, index: u64, delta: &Value) -> Value {
    let choice = json!({"index": index, "delta": delta, "logprobs": null, "finish_reason": null});
    envelope(chat, json!([choice]))
}

fn finish(chat: &Chat<'_>, index: u64) -> Value {
    let mut choice = json!({
        "index": index, "delta": {}, "logprobs": null, "finish_reason": chat.answer.finish,
    });
    if chat.asked.behaviour.usage == UsageStyle::InChoice {
        choice["usage"] = chat.usage();
    }
    envelope(chat, json!([choice]))
}

fn opening(chat: &Chat<'_>) -> Value {
    let content = match chat.answer.said {
        Said::Text(_) => json!(""),
        Said::Calls(_) => Value::Null,
    };
    json!({"role": "assistant", "content": content, "refusal": null})
}

fn deltas(chat: &Chat<'_>) -> Vec<Value> {
    let reasoning = chat.answer.reasoning.iter().map(|it| json!({"reasoning_content": it}));
    let said = match &chat.answer.said {
        Said::Text(pieces) => pieces.iter().map(|it| json!({"content": it})).collect(),
        Said::Calls(calls) => call_deltas(calls, chat.asked.behaviour.empty_tool_ids),
    };
    reasoning.chain(said).collect()
}

/// For each call, one fragment with its id and name, then fragments of its input.
fn call_deltas(calls: &[ToolCall], empty_ids: bool) -> Vec<Value> {
    let mut deltas = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        let (kind, input) = (call.kind(), call.input_field());
        deltas.push(json!({"tool_calls": [{
            "index": index, "id": call.id, "type": kind, kind: {"name": call.name, input: ""},
        }]}));
        for piece in &call.input {
            let fragment = match empty_ids {
                true => json!({
                    "index": index, "id": "", "type": kind, kind: {"name": null, input: piece},
                }),
                false => json!({"index": index, kind: {input: piece}}),
            };
            deltas.push(json!({ "tool_calls": [fragment] }));
        }
    }
    deltas
}
