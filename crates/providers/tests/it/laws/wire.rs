//! An answer as each provider sends it, whole and streamed.

use serde_json::{Value, json};
use tollgate_domain::provider::ProtocolKind;

use super::reply::Reply;

/// The answer as a whole body of that protocol.
pub(super) fn whole(kind: ProtocolKind, reply: &Reply) -> String {
    match kind {
        ProtocolKind::OpenAi => openai(reply),
        ProtocolKind::Anthropic => anthropic(reply),
        ProtocolKind::Gemini => gemini(reply),
    }
    .to_string()
}

/// The answer as a stream of that protocol, its texts in pieces of at most `size` characters.
pub(super) fn streamed(kind: ProtocolKind, reply: &Reply, size: usize) -> String {
    match kind {
        ProtocolKind::OpenAi => openai_stream(reply, size),
        ProtocolKind::Anthropic => anthropic_stream(reply, size),
        ProtocolKind::Gemini => gemini_stream(reply, size),
    }
}

fn pieces(text: &str, size: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(size.max(1)).map(|piece| piece.iter().collect()).collect()
}

fn openai_usage(reply: &Reply) -> Value {
    let usage = reply.usage;
    let (prompt, completion) =
        (usage.prompt + usage.cached + usage.written, usage.seen + usage.thought);
    json!({
        "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": usage.written},
        "completion_tokens_details": {"reasoning_tokens": usage.thought},
    })
}

fn openai_call(at: usize, reply: &Reply, arguments: &str) -> Value {
    let call = &reply.calls[at];
    let function = json!({"name": call.name, "arguments": arguments});
    json!({"id": call.id, "type": "function", "function": function})
}

fn openai(reply: &Reply) -> Value {
    let mut message = json!({"role": "assistant", "content": reply.text, "refusal": null});
    if reply.text.is_empty() {
        message["content"] = Value::Null;
    }
    if !reply.thinking.is_empty() {
        message["reasoning_content"] = json!(reply.thinking);
    }
    if !reply.calls.is_empty() {
        let call = |at: usize| openai_call(at, reply, &reply.calls[at].input.to_string());
        message["tool_calls"] = (0..reply.calls.len()).map(call).collect();
    }
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 5, "model": "m",
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": reply.finish}],
        "usage": openai_usage(reply),
    })
}

/// Calls come all at once, their arguments in turns.
fn openai_stream(reply: &Reply, size: usize) -> String {
    let chunk = |delta: Value, finish: Value| {
        json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "m",
            "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}],
        })
    };
    let said = |delta: Value| chunk(delta, Value::Null);
    let mut chunks = vec![said(json!({"role": "assistant", "content": ""}))];
    let thought = pieces(&reply.thinking, size);
    chunks.extend(thought.iter().map(|piece| said(json!({"reasoning_content": piece}))));
    chunks.extend(pieces(&reply.text, size).iter().map(|piece| said(json!({"content": piece}))));
    let mut rest = Vec::new();
    for (index, call) in reply.calls.iter().enumerate() {
        let mut begin = openai_call(index, reply, "");
        begin["index"] = json!(index);
        chunks.push(said(json!({"tool_calls": [begin]})));
        for (turn, piece) in pieces(&call.input.to_string(), size).into_iter().enumerate() {
            rest.push((turn, json!({"index": index, "function": {"arguments": piece}})));
        }
    }
    rest.sort_by_key(|(turn, _)| *turn);
    chunks.extend(rest.into_iter().map(|(_, call)| said(json!({"tool_calls": [call]}))));
    chunks.push(chunk(json!({}), json!(reply.finish)));
    let mut last = chunk(json!({}), Value::Null);
    last["choices"] = json!([]);
    last["usage"] = openai_usage(reply);
    chunks.push(last);
    let lines: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    lines + "data: [DONE]\n\n"
}

fn anthropic_reason(reply: &Reply) -> &'static str {
    match reply.finish.as_str() {
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        _ => "end_turn",
    }
}

fn anthropic_usage(reply: &Reply) -> Value {
    let usage = reply.usage;
    json!({
        "input_tokens": usage.prompt, "cache_read_input_tokens": usage.cached,
        "cache_creation_input_tokens": usage.written, "output_tokens": usage.seen + usage.thought,
        "output_tokens_details": {"thinking_tokens": usage.thought},
    })
}

fn anthropic(reply: &Reply) -> Value {
    let mut blocks = Vec::new();
    if !reply.thinking.is_empty() {
        blocks.push(json!({"type": "thinking", "thinking": reply.thinking, "signature": "c2ln"}));
    }
    if !reply.text.is_empty() {
        blocks.push(json!({"type": "text", "text": reply.text}));
    }
    for call in &reply.calls {
        blocks.push(
            json!({"type": "tool_use", "id": call.id, "name": call.name, "input": call.input}),
        );
    }
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": blocks,
        "stop_reason": anthropic_reason(reply), "stop_sequence": null,
        "usage": anthropic_usage(reply),
    })
}

fn anthropic_stream(reply: &Reply, size: usize) -> String {
    let mut start = anthropic(reply);
    let blocks = start["content"].take();
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    start["usage"]["output_tokens"] = json!(1);
    start["usage"].as_object_mut().unwrap().remove("output_tokens_details");
    let mut events =
        vec![json!({"type": "message_start", "message": start}), json!({"type": "ping"})];
    for (index, block) in blocks.as_array().unwrap().iter().enumerate() {
        let (kind, field, text) = match block["type"].as_str().unwrap() {
            "thinking" => ("thinking_delta", "thinking", reply.thinking.clone()),
            "text" => ("text_delta", "text", reply.text.clone()),
            _ if block["input"] == json!({}) => ("input_json_delta", "partial_json", String::new()),
            _ => ("input_json_delta", "partial_json", block["input"].to_string()),
        };
        let mut empty = block.clone();
        match kind {
            "input_json_delta" => empty["input"] = json!({}),
            _ => empty[field] = json!(""),
        }
        let deltas =
            pieces(&text, size).into_iter().map(|piece| json!({"type": kind, field: piece}));
        let signed = (kind == "thinking_delta")
            .then(|| json!({"type": "signature_delta", "signature": "c2ln"}));
        let deltas: Vec<Value> = deltas.chain(signed).collect();
        if kind == "thinking_delta" {
            empty["signature"] = json!("");
        }
        events.push(json!({"type": "content_block_start", "index": index, "content_block": empty}));
        for delta in deltas {
            events.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        }
        events.push(json!({"type": "content_block_stop", "index": index}));
    }
    let reason = json!({"stop_reason": anthropic_reason(reply), "stop_sequence": null});
    events.push(json!({"type": "message_delta", "delta": reason, "usage": anthropic_usage(reply)}));
    events.push(json!({"type": "message_stop"}));
    let event =
        |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap());
    events.iter().map(event).collect()
}

fn gemini_usage(reply: &Reply) -> Value {
    let usage = reply.usage;
    let (prompt, answer) = (usage.prompt + usage.cached, usage.seen + usage.thought);
    json!({
        "promptTokenCount": prompt, "cachedContentTokenCount": usage.cached,
        "candidatesTokenCount": usage.seen, "thoughtsTokenCount": usage.thought,
        "totalTokenCount": prompt + answer,
    })
}

fn gemini_event(parts: Vec<Value>, finish: Option<&Reply>) -> Value {
    let mut candidate = json!({"index": 0, "content": {"role": "model", "parts": parts}});
    if let Some(reply) = finish {
        let reason = if reply.finish == "length" { "MAX_TOKENS" } else { "STOP" };
        candidate["finishReason"] = json!(reason);
    }
    let mut event = json!({"candidates": [candidate], "modelVersion": "m", "responseId": "r"});
    if let Some(reply) = finish {
        event["usageMetadata"] = gemini_usage(reply);
    }
    event
}

fn gemini_parts(reply: &Reply, size: usize) -> Vec<Value> {
    let thought = pieces(&reply.thinking, size);
    let thought = thought.iter().map(|piece| json!({"text": piece, "thought": true}));
    let text = pieces(&reply.text, size);
    let text = text.iter().map(|piece| json!({"text": piece}));
    let calls = reply.calls.iter().map(
        |call| json!({"functionCall": {"id": call.id, "name": call.name, "args": call.input}}),
    );
    thought.chain(text).chain(calls).collect()
}

fn gemini(reply: &Reply) -> Value {
    gemini_event(gemini_parts(reply, usize::MAX), Some(reply))
}

fn gemini_stream(reply: &Reply, size: usize) -> String {
    let parts = gemini_parts(reply, size);
    let mut events: Vec<Value> =
        parts.into_iter().map(|part| gemini_event(vec![part], None)).collect();
    events.push(gemini_event(vec![json!({"text": ""})], Some(reply)));
    events.iter().map(|event| format!("data: {event}\r\n\r\n")).collect()
}
