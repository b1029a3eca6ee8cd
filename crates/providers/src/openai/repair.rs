//! Making OpenAI's answers and chunks of what its look-alikes send.

use serde_json::{Map, Value, json};
use tollgate_domain::usage::TokenUsage;

use super::calls::Fragment;
use super::clean::FINISH_REASONS;
use super::state::{Fill, StreamState};

/// Repairs a whole answer in place.
pub(super) fn whole(answer: &mut Map<String, Value>, fill: &Fill) {
    head(answer, fill, "chat.completion");
    drop_null(answer, "usage");
    for (at, choice) in choices(answer).iter_mut().enumerate() {
        let Some(choice) = choice.as_object_mut() else { continue };
        let index = index_of(choice, at);
        if let Some(delta) = choice.remove("delta") {
            choice.entry("message").or_insert(delta);
        }
        choice.entry("logprobs").or_insert(Value::Null);
        let message = object(choice, "message");
        message.insert("role".to_owned(), json!("assistant"));
        part(message);
        message.entry("content").or_insert(Value::Null);
        message.entry("refusal").or_insert(Value::Null);
        let has_calls = whole_calls(message, fill, index);
        let reason = finish_reason(choice.get("finish_reason"), has_calls);
        let silent = if has_calls { "tool_calls" } else { "stop" };
        choice.insert("finish_reason".to_owned(), json!(reason.unwrap_or(silent)));
    }
}

/// Repairs a chunk in place and takes its tool calls and roles into `state`.
pub(super) fn chunk(chunk: &mut Map<String, Value>, fill: &Fill, state: &mut StreamState) {
    head(chunk, fill, "chat.completion.chunk");
    if let Some(Value::Array(choices)) = chunk.get_mut("choices") {
        let mut at = 0..;
        choices.retain_mut(|choice| {
            let index = at.next().unwrap_or_default();
            choice.as_object_mut().is_some_and(|choice| streamed_choice(choice, index, fill, state))
        });
    }
}

/// Repairs a chunk's choice; whether it is one that the caller can have.
fn streamed_choice(
    choice: &mut Map<String, Value>,
    at: usize,
    fill: &Fill,
    state: &mut StreamState,
) -> bool {
    let index = index_of(choice, at);
    let Some(state) = state.choice_mut(index) else { return false };
    if let Some(message) = choice.remove("message") {
        choice.entry("delta").or_insert(message);
    }
    let delta = object(choice, "delta");
    delta.remove("role");
    if !std::mem::replace(&mut state.role_is_sent, true) {
        delta.insert("role".to_owned(), json!("assistant"));
    }
    part(delta);
    if let Some(Value::Array(calls)) = delta.remove("tool_calls") {
        let pieces = calls.iter().flat_map(|call| {
            let new_id = |n| fill.call_id(index, n);
            call_pieces(call, &mut state.calls, new_id)
        });
        let pieces: Vec<Value> = pieces.collect();
        delta.insert("tool_calls".to_owned(), pieces.into());
    }
    // Some say it again in the chunk with their usage.
    let reason = finish_reason(choice.get("finish_reason"), !state.calls.is_empty())
        .filter(|reason| state.finish.as_deref() != Some(*reason));
    choice.insert("finish_reason".to_owned(), json!(reason));
    true
}

fn head(reply: &mut Map<String, Value>, fill: &Fill, object: &str) {
    let is_filled =
        |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if !is_filled(reply.get("id")) {
        reply.insert("id".to_owned(), json!(fill.id));
    }
    if !is_filled(reply.get("model")) {
        reply.insert("model".to_owned(), json!(fill.model));
    }
    reply.insert("object".to_owned(), json!(object));
    let created = reply.get("created").and_then(Value::as_f64).map(|created| created as i64);
    let created = created.filter(|created| *created > 0).unwrap_or(fill.created);
    reply.insert("created".to_owned(), json!(created));
    drop_null(reply, "system_fingerprint");
    drop_null(reply, "error");
    if !reply.get("choices").is_some_and(Value::is_array) {
        reply.insert("choices".to_owned(), json!([]));
    }
    reply_usage(reply);
    for choice in choices(reply) {
        if let Some(choice) = choice.as_object_mut() {
            reply_usage(choice);
        }
    }
}

fn reply_usage(reply: &mut Map<String, Value>) {
    match reply.get_mut("usage") {
        Some(Value::Object(counts)) if !counts.is_empty() => usage(counts),
        Some(Value::Null) | None => {}
        Some(_) => {
            reply.remove("usage");
        }
    }
}

/// What a provider may tell of a prompt's tokens, apart from their number.
const PROMPT_PARTS: [&str; 3] =
    ["cached_tokens", "cache_write_tokens", "cache_creation_input_tokens"];

/// Repairs token counts in place, so that their sums hold and their parts are where OpenAI has
/// them.
pub(super) fn usage(usage: &mut Map<String, Value>) {
    let count = |usage: &Map<String, Value>, name: &str| {
        let count = usage.get(name).and_then(Value::as_f64)?;
        Some((count as i64).clamp(0, TokenUsage::MAX))
    };
    let prompt =
        count(usage, "prompt_tokens").or_else(|| count(usage, "input_tokens")).unwrap_or(0);
    let completion =
        count(usage, "completion_tokens").or_else(|| count(usage, "output_tokens")).unwrap_or(0);
    // What a total has beyond its parts is thinking, which Gemini leaves out of them.
    let total = count(usage, "total_tokens").unwrap_or(0).max(prompt + completion);
    let thinking = total - prompt - completion;

    let cached = count(usage, "cached_tokens").or_else(|| count(usage, "prompt_cache_hit_tokens"));
    let details = details(usage, "prompt_tokens_details");
    whole_counts(details, &PROMPT_PARTS);
    if let Some(cached) = cached {
        details.entry("cached_tokens").or_insert(json!(cached));
    }
    if let Some(written) = count(details, "cache_creation_input_tokens") {
        details.entry("cache_write_tokens").or_insert(json!(written));
    }
    drop_empty(usage, "prompt_tokens_details");
    let details = self::details(usage, "completion_tokens_details");
    whole_counts(details, &["reasoning_tokens"]);
    if thinking > 0 {
        let told = count(details, "reasoning_tokens").unwrap_or(0);
        details.insert("reasoning_tokens".to_owned(), json!(told.max(thinking)));
    }
    drop_empty(usage, "completion_tokens_details");
    usage.insert("prompt_tokens".to_owned(), json!(prompt));
    usage.insert("completion_tokens".to_owned(), json!(completion + thinking));
    usage.insert("total_tokens".to_owned(), json!(total));
    whole_counts(usage, &["cached_tokens", "prompt_cache_hit_tokens"]);
}

/// Brings counts to numbers that tokens can have, and drops those that are no numbers.
fn whole_counts(counts: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        let Some(count) = counts.get_mut(*name) else { continue };
        match count.as_f64() {
            Some(tokens) => *count = json!((tokens as i64).clamp(0, TokenUsage::MAX)),
            None => {
                counts.remove(*name);
            }
        }
    }
}

/// The object of that name, made if need be, without its nulls.
fn details<'a>(usage: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let details = object(usage, name);
    details.retain(|_, count| !count.is_null());
    details
}

fn drop_empty(usage: &mut Map<String, Value>, name: &str) {
    if usage.get(name).and_then(Value::as_object).is_some_and(Map::is_empty) {
        usage.remove(name);
    }
}

/// Repairs what messages and deltas have in common.
fn part(part: &mut Map<String, Value>) {
    for name in ["tool_calls", "function_call", "annotations"] {
        drop_null(part, name);
    }
    for name in ["content", "refusal", "reasoning_content"] {
        let Some(value) = part.get_mut(name) else { continue };
        if !value.is_string() && !value.is_null() {
            *value = json!(text_of(value));
        }
    }
    let reasoning = part.get("reasoning").map(text_of).filter(|text| !text.is_empty());
    match reasoning {
        Some(reasoning) if !part.get("reasoning_content").is_some_and(Value::is_string) => {
            part.insert("reasoning_content".to_owned(), json!(reasoning));
        }
        _ => {}
    }
    if part.get("reasoning").is_some_and(|reasoning| !reasoning.is_string()) {
        part.remove("reasoning");
    }
    if let Some(Value::Object(call)) = part.get_mut("function_call") {
        let arguments = arguments_of(call.get("arguments"));
        call.insert("arguments".to_owned(), json!(arguments));
    }
}

/// The text of a string, or of a list of text parts.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str().or_else(|| part.as_str()))
            .collect(),
        _ => String::new(),
    }
}

/// Arguments given as an object become its text.
fn arguments_of(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// Repairs a whole message's calls; whether there are any.
fn whole_calls(message: &mut Map<String, Value>, fill: &Fill, choice: u32) -> bool {
    let Some(Value::Array(calls)) = message.get_mut("tool_calls") else {
        message.remove("tool_calls");
        return false;
    };
    calls.retain(Value::is_object);
    for (n, call) in calls.iter_mut().enumerate() {
        let Some(call) = call.as_object_mut() else { continue };
        if call.get("id").and_then(Value::as_str).unwrap_or_default().is_empty() {
            call.insert("id".to_owned(), json!(fill.call_id(choice, n)));
        }
        if call.get("type").is_some_and(|kind| kind == "custom") {
            continue;
        }
        call.insert("type".to_owned(), json!("function"));
        let function = object(call, "function");
        let arguments = arguments_of(function.get("arguments"));
        let arguments = if arguments.is_empty() { "{}".to_owned() } else { arguments };
        function.insert("arguments".to_owned(), json!(arguments));
        if !function.get("name").is_some_and(Value::is_string) {
            function.insert("name".to_owned(), json!(""));
        }
    }
    let has_calls = !calls.is_empty();
    if !has_calls {
        message.remove("tool_calls");
    }
    has_calls
}

/// What the caller gets of one call's fragment.
fn call_pieces(
    call: &Value,
    calls: &mut super::calls::Calls,
    new_id: impl Fn(usize) -> String,
) -> Vec<Value> {
    let is_custom = call["custom"].is_object();
    let tool = if is_custom { "custom" } else { "function" };
    let arguments = arguments_of(call["function"].get("arguments"));
    let fragment = Fragment {
        index: call["index"].as_u64().and_then(|index| u32::try_from(index).ok()),
        id: call["id"].as_str().unwrap_or_default(),
        name: call[tool]["name"].as_str().unwrap_or_default(),
        arguments: &arguments,
    };
    let pieces = calls.take(fragment, new_id).into_iter().enumerate();
    pieces
        .map(|(n, piece)| {
            // What else a provider says of a call, such as Gemini's signature, goes with it.
            let mut shown = match call {
                Value::Object(fields) if n == 0 => fields.clone(),
                _ => Map::new(),
            };
            ["id", "type"].iter().for_each(|name| drop(shown.remove(*name)));
            shown.insert("index".to_owned(), json!(piece.index));
            let said = object(&mut shown, tool);
            said.remove("name");
            if !is_custom {
                said.insert("arguments".to_owned(), json!(piece.arguments));
            }
            if let Some((id, name)) = piece.begins {
                said.insert("name".to_owned(), json!(name));
                shown.insert("id".to_owned(), json!(id));
                shown.insert("type".to_owned(), json!(tool));
            }
            Value::Object(shown)
        })
        .collect()
}

/// OpenAI's word for a finish reason; `None` where there is none yet.
fn finish_reason(reason: Option<&Value>, has_calls: bool) -> Option<&'static str> {
    let reason = reason.and_then(Value::as_str).filter(|reason| !reason.is_empty())?;
    let known = FINISH_REASONS.into_iter().find(|known| *known == reason);
    let reason = known.unwrap_or_else(|| match reason.to_ascii_lowercase().as_str() {
        "length" | "max_tokens" | "model_length" | "insufficient_system_resource" => "length",
        "tool_calls" | "tool_use" | "tool_call" => "tool_calls",
        "content_filter" | "safety" | "recitation" | "refusal" | "sensitive" => "content_filter",
        _ => "stop",
    });
    Some(if has_calls && reason == "stop" { "tool_calls" } else { reason })
}

fn choices(reply: &mut Map<String, Value>) -> &mut [Value] {
    match reply.get_mut("choices") {
        Some(Value::Array(choices)) => choices,
        _ => &mut [],
    }
}

/// A choice's index, which is its place in the list where it has none.
fn index_of(choice: &mut Map<String, Value>, at: usize) -> u32 {
    let index = choice.get("index").and_then(Value::as_u64).unwrap_or(at as u64);
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    choice.insert("index".to_owned(), json!(index));
    index
}

/// The object of that name, made if it is not there or something else.
fn object<'a>(parent: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let value = parent.entry(name).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was just made an object")
}

fn drop_null(parent: &mut Map<String, Value>, name: &str) {
    if parent.get(name).is_some_and(Value::is_null) {
        parent.remove(name);
    }
}
