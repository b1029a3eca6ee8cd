//! A whole answer as chunks, and chunks as a whole answer: some servers send the one where the
//! other was asked for.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::Answer;
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::answer::of_repaired;
use super::failure::unreadable;
use super::stream::ChatDecoder;
use crate::protocol::{Decoder, StreamItem};
use crate::sse::{SseItem, SseReader};

/// The `choices` of the chunks that a whole answer would have been streamed in: for each choice
/// one with all of its message, and one with its finish reason.
pub(super) fn chunks(answer: &Map<String, Value>) -> Vec<Value> {
    let mut chunks = Vec::new();
    for choice in answer["choices"].as_array().into_iter().flatten() {
        let mut delta = choice["message"].clone();
        for (n, call) in delta["tool_calls"].as_array_mut().into_iter().flatten().enumerate() {
            call["index"] = json!(n);
        }
        if let Some(delta) = delta.as_object_mut() {
            delta.retain(|_, value| !value.is_null());
        }
        let index = &choice["index"];
        chunks.push(json!([{"index": index, "delta": delta, "logprobs": choice["logprobs"], "finish_reason": null}]));
        chunks
            .push(json!([{"index": index, "delta": {}, "finish_reason": choice["finish_reason"]}]));
    }
    chunks
}

/// Token counts as OpenAI writes them.
pub(crate) fn usage_json(usage: &TokenUsage) -> Value {
    json!({
        "prompt_tokens": usage.whole_prompt(),
        "completion_tokens": usage.whole_completion(),
        "total_tokens": usage.total(),
        "prompt_tokens_details": {
            "cached_tokens": usage.cached,
            "cache_write_tokens": usage.whole_cache_write(),
        },
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    })
}

/// The whole answer that a stream in `body` amounts to.
pub(super) fn aggregate(mut decoder: ChatDecoder, body: Bytes) -> Result<Answer, Failure> {
    let too_long = |_| unreadable("the provider's answer cannot be read");
    let mut reader = SseReader::new(body.len());
    reader.push(body);
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().map_err(too_long)? {
        if let SseItem::Event(event) = item {
            decoder.event(&event, &mut items)?;
        }
        if decoder.is_done() {
            break;
        }
    }
    if !decoder.is_done()
        && let Some(event) = reader.finish().map_err(too_long)?
    {
        decoder.event(&event, &mut items)?;
    }
    decoder.end(&mut items)?;

    let mut answer = Map::new();
    for item in items {
        if let StreamItem::Event(event) = item
            && let Ok(Value::Object(chunk)) = serde_json::from_slice(&event.data)
        {
            add_chunk(&mut answer, chunk);
        }
    }
    answer.insert("object".to_owned(), json!("chat.completion"));
    of_repaired(&answer)
}

fn add_chunk(answer: &mut Map<String, Value>, mut chunk: Map<String, Value>) {
    let choices = chunk.remove("choices").unwrap_or_default();
    // Later usage replaces earlier usage; of all else the first chunk's holds.
    if let Some(usage) = chunk.remove("usage").filter(Value::is_object) {
        answer.insert("usage".to_owned(), usage);
    }
    for (name, value) in chunk {
        answer.entry(name).or_insert(value);
    }
    let whole = answer.entry("choices").or_insert_with(|| json!([]));
    for choice in choices.as_array().into_iter().flatten() {
        let Some(list) = whole.as_array_mut() else { return };
        let at = list.iter().position(|known| known["index"] == choice["index"]);
        let at = at.unwrap_or_else(|| {
            list.push(json!({
                "index": choice["index"], "logprobs": null, "finish_reason": null,
                "message": {"role": "assistant", "content": null, "refusal": null},
            }));
            list.len() - 1
        });
        add_choice(&mut list[at], choice);
    }
}

fn add_choice(whole: &mut Value, choice: &Value) {
    if !choice["finish_reason"].is_null() {
        whole["finish_reason"] = choice["finish_reason"].clone();
    }
    for (name, value) in choice["delta"].as_object().into_iter().flatten() {
        match value {
            Value::String(_) if name == "role" => {}
            Value::String(text) => append(&mut whole["message"][name], text),
            Value::Array(calls) if name == "tool_calls" => {
                calls.iter().for_each(|call| add_call(&mut whole["message"], call));
            }
            Value::Null => {}
            other => whole["message"][name] = other.clone(),
        }
    }
}

/// Adds a repaired fragment, whose index is its call's place in the list.
fn add_call(message: &mut Value, fragment: &Value) {
    if !message["tool_calls"].is_array() {
        message["tool_calls"] = json!([]);
    }
    let Some(calls) = message["tool_calls"].as_array_mut() else { return };
    let Some(at) = fragment["index"].as_u64().and_then(|at| usize::try_from(at).ok()) else {
        return;
    };
    if let Some(call) = calls.get_mut(at) {
        for (tool, text) in [("function", "arguments"), ("custom", "input")] {
            if let Some(more) = fragment[tool][text].as_str() {
                append(&mut call[tool][text], more);
            }
        }
        return;
    }
    let mut call = fragment.clone();
    if let Some(fields) = call.as_object_mut() {
        fields.remove("index");
    }
    calls.push(call);
}

fn append(text: &mut Value, more: &str) {
    match text {
        Value::String(text) => text.push_str(more),
        other => *other = json!(more),
    }
}
