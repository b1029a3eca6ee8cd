//! What the simulator plays for an example: an answer in its provider's words, whole or streamed.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_simulator::Fault;

use super::examples::{Example, Told};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../providers/tests/fixtures/");

/// The answer of `example`, in the form that is asked for. A fixture of that form is played byte
/// by byte; of the other form its usage is told in an answer of two words.
pub(super) fn answer(example: &Example, is_stream: bool) -> Fault {
    let usage = match &example.told {
        Told::File(name) => {
            let text = std::fs::read(format!("{FIXTURES}{name}")).unwrap();
            if name.ends_with(".sse") == is_stream {
                return body(text, is_stream);
            }
            usage_in(&text)
        }
        Told::Usage(usage) => usage.clone(),
    };
    told(example, &usage, is_stream)
}

fn told(example: &Example, usage: &Value, is_stream: bool) -> Fault {
    let model = example.model;
    let text = match (example.provider, is_stream) {
        ("anthropic", false) => claude(model, usage).to_string(),
        ("anthropic", true) => claude_stream(model, usage),
        ("gemini", false) => gemini(model, usage).to_string(),
        ("gemini", true) => format!("data: {}\r\n\r\n", gemini(model, usage)),
        (_, false) => openai(model, usage).to_string(),
        (_, true) => openai_stream(model, usage),
    };
    body(text.into_bytes(), is_stream)
}

fn body(bytes: Vec<u8>, is_stream: bool) -> Fault {
    let kind = if is_stream { "text/event-stream" } else { "application/json" };
    Fault::Body { status: 200, content_type: kind.to_owned(), body: Bytes::from(bytes) }
}

/// The last usage that a fixture tells.
fn usage_in(text: &[u8]) -> Value {
    let text = std::str::from_utf8(text).unwrap();
    let whole = serde_json::from_str::<Value>(text).into_iter();
    let events = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let events = events.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    let mut usages = whole.chain(events).filter_map(|it| {
        let places = ["/usage", "/usageMetadata", "/choices/0/usage"];
        let mut usages = places.iter().filter_map(|place| it.pointer(place));
        usages.find(|usage| usage.as_object().is_some_and(|usage| usage.len() > 1)).cloned()
    });
    usages.next_back().expect("a fixture of this table tells its usage")
}

fn openai(model: &str, usage: &Value) -> Value {
    let message = json!({"role": "assistant", "content": "Hi there"});
    json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})
}

fn openai_stream(model: &str, usage: &Value) -> String {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
            "model": model, "choices": choices, "usage": usage});
        format!("data: {chunk}\n\n")
    };
    let delta = json!([{"index": 0, "finish_reason": null,
        "delta": {"role": "assistant", "content": "Hi there"}}]);
    let finish = json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]);
    let events = [
        chunk(delta, Value::Null),
        chunk(finish, Value::Null),
        chunk(json!([]), usage.clone()),
        "data: [DONE]\n\n".to_owned(),
    ];
    events.concat()
}

fn claude(model: &str, usage: &Value) -> Value {
    json!({"id": "msg_1", "type": "message", "role": "assistant", "model": model,
        "content": [{"type": "text", "text": "Hi there"}],
        "stop_reason": "end_turn", "stop_sequence": null, "usage": usage})
}

/// The first event tells one token of the answer, the last but one all of it.
fn claude_stream(model: &str, usage: &Value) -> String {
    let mut message = claude(model, usage);
    message["content"] = json!([]);
    message["stop_reason"] = Value::Null;
    message["usage"]["output_tokens"] = json!(1);
    let events = [
        json!({"type": "message_start", "message": message}),
        json!({"type": "content_block_start", "index": 0,
            "content_block": {"type": "text", "text": ""}}),
        json!({"type": "content_block_delta", "index": 0,
            "delta": {"type": "text_delta", "text": "Hi there"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "usage": usage,
            "delta": {"stop_reason": "end_turn", "stop_sequence": null}}),
        json!({"type": "message_stop"}),
    ];
    let named = |event: &Value| {
        format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default())
    };
    events.iter().map(named).collect()
}

fn gemini(model: &str, usage: &Value) -> Value {
    let content = json!({"role": "model", "parts": [{"text": "Hi there"}]});
    json!({"candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": usage, "modelVersion": model, "responseId": "r-1"})
}
