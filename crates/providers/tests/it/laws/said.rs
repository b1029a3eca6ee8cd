//! What a caller makes of an answer, whole or streamed, in either dialect.

use serde_json::{Value, json};
use tollgate_domain::chat::{ChatEvent, Dialect};

use crate::support::json_of;

/// An answer as the dialect's own SDK shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// OpenAI's message, or Anthropic's blocks.
    pub(crate) content: Value,
    /// Why it ended.
    pub(crate) finish: Value,
    /// The tokens, where they are told.
    pub(crate) usage: Value,
}

impl Said {
    /// What a whole answer says.
    pub(crate) fn of_answer(dialect: Dialect, body: &Value) -> Self {
        match dialect {
            Dialect::OpenAi => {
                let choice = &body["choices"][0];
                let message = &choice["message"];
                let calls = message["tool_calls"].as_array().cloned().unwrap_or_default();
                Self {
                    content: json!({
                        "content": text(&message["content"]),
                        "reasoning_content": text(&message["reasoning_content"]),
                        "refusal": text(&message["refusal"]),
                        "tool_calls": calls,
                    }),
                    finish: choice["finish_reason"].clone(),
                    usage: body["usage"].clone(),
                }
            }
            Dialect::Anthropic => Self {
                content: body["content"].clone(),
                finish: json!([body["stop_reason"], body["stop_sequence"]]),
                usage: counts(&body["usage"]),
            },
        }
    }

    /// What the events of a stream say when they are put together.
    pub(crate) fn of_stream(dialect: Dialect, events: &[&ChatEvent]) -> Self {
        match dialect {
            Dialect::OpenAi => of_chunks(events),
            Dialect::Anthropic => of_messages(events),
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn append(to: &mut Value, more: &Value) {
    *to = json!(format!("{}{}", text(to), text(more)));
}

fn of_chunks(events: &[&ChatEvent]) -> Said {
    let mut content = json!({"content": "", "reasoning_content": "", "refusal": ""});
    let (mut calls, mut finish, mut usage) = (Vec::<Value>::new(), Value::Null, Value::Null);
    for chunk in events.iter().map(|event| json_of(&event.data)) {
        if chunk["usage"].is_object() {
            usage = chunk["usage"].clone();
        }
        for choice in chunk["choices"].as_array().unwrap() {
            let delta = &choice["delta"];
            for field in ["content", "reasoning_content", "refusal"] {
                append(&mut content[field], &delta[field]);
            }
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                let index = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
                assert!(index <= calls.len(), "a gap before {call}");
                if index == calls.len() {
                    let mut call = call.clone();
                    call.as_object_mut().unwrap().remove("index");
                    calls.push(call);
                } else {
                    let arguments = &mut calls[index]["function"]["arguments"];
                    append(arguments, &call["function"]["arguments"]);
                }
            }
            if choice["finish_reason"].is_string() {
                assert!(finish.is_null(), "two ends");
                finish = choice["finish_reason"].clone();
            }
        }
    }
    content["tool_calls"] = json!(calls);
    Said { content, finish, usage }
}

/// What Anthropic's SDKs do, and a panic where they would stumble.
fn of_messages(events: &[&ChatEvent]) -> Said {
    let mut blocks: Vec<Value> = Vec::new();
    let (mut open, mut input) = (false, String::new());
    let mut usage = Value::Null;
    let mut finish = json!([null, null]);
    for (at, event) in events.iter().map(|event| json_of(&event.data)).enumerate() {
        let kind = event["type"].as_str().unwrap();
        assert_eq!(kind == "message_start", at == 0, "{kind} as event {at}");
        assert_eq!(kind == "message_stop", at + 1 == events.len(), "{kind} as event {at}");
        if kind.starts_with("content_block") {
            let last = usize::from(kind != "content_block_start");
            assert_eq!(event["index"], json!(blocks.len() - last), "{event}");
            assert_eq!(open, last == 1, "{event}");
            assert_eq!(finish, json!([null, null]), "content after the end");
        }
        match kind {
            "message_start" => usage = event["message"]["usage"].clone(),
            "content_block_start" => {
                open = true;
                blocks.push(event["content_block"].clone());
            }
            "content_block_delta" => delta(blocks.last_mut().unwrap(), &mut input, &event["delta"]),
            "content_block_stop" => {
                open = false;
                if !input.is_empty() {
                    let block = blocks.last_mut().unwrap();
                    block["input"] = serde_json::from_str(&std::mem::take(&mut input)).unwrap();
                }
            }
            "message_delta" => {
                assert!(!open, "an open block at the end");
                finish = json!([event["delta"]["stop_reason"], event["delta"]["stop_sequence"]]);
                for (name, value) in event["usage"].as_object().into_iter().flatten() {
                    usage[name] = value.clone();
                }
            }
            "message_stop" | "ping" => {}
            other => panic!("an event {other}"),
        }
    }
    Said { content: json!(blocks), finish, usage: counts(&usage) }
}

fn delta(block: &mut Value, input: &mut String, delta: &Value) {
    match delta["type"].as_str().unwrap() {
        "text_delta" => append(&mut block["text"], &delta["text"]),
        "thinking_delta" => append(&mut block["thinking"], &delta["thinking"]),
        "signature_delta" => block["signature"] = delta["signature"].clone(),
        "input_json_delta" => input.push_str(text(&delta["partial_json"])),
        other => panic!("a delta {other}"),
    }
}

/// The tokens of a `usage`, without what else may stand in it.
fn counts(usage: &Value) -> Value {
    let thought = usage["output_tokens_details"]["thinking_tokens"].as_i64().unwrap_or(0);
    json!({
        "input_tokens": usage["input_tokens"],
        "cache_read_input_tokens": usage["cache_read_input_tokens"],
        "cache_creation_input_tokens": usage["cache_creation_input_tokens"],
        "output_tokens": usage["output_tokens"],
        "output_tokens_details": {"thinking_tokens": thought},
    })
}
