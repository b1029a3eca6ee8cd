//! Refusing what OpenAI refuses.

use serde_json::Value;

use super::error::Refusal;
use crate::config::Fields;

/// The top-level fields of an endpoint.
pub(super) struct KnownFields {
    openai: &'static [&'static str],
    extras: &'static [&'static str],
}

pub(super) static EMBEDDING_FIELDS: KnownFields = KnownFields {
    openai: &["dimensions", "encoding_format", "input", "model", "user"],
    extras: &["input_type", "text_type", "truncate"],
};

#[rustfmt::skip]
pub(super) static CHAT_FIELDS: KnownFields = KnownFields {
    openai: &[
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs",
        "max_completion_tokens", "max_tokens", "messages", "metadata", "modalities", "model",
        "moderation", "n", "parallel_tool_calls", "prediction", "presence_penalty",
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning_effort",
        "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream",
        "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user",
        "verbosity", "web_search_options",
    ],
    extras: &[
        "chat_template_kwargs", "enable_code_interpreter", "enable_search", "enable_thinking",
        "guided_json", "include_reasoning", "min_p", "models", "partial", "plugins", "provider",
        "reasoning", "reasoning_format", "repetition_penalty", "route", "search_options",
        "thinking", "thinking_budget", "top_k", "transforms", "usage", "vl_high_resolution_images",
    ],
};

const ROLES: [&str; 6] = ["system", "assistant", "user", "function", "tool", "developer"];

/// Refuses top-level fields outside the known ones.
pub(super) fn check_fields(
    body: &Value,
    known: &KnownFields,
    fields: Fields,
) -> Result<(), Refusal> {
    let is_known = |name: &str| match fields {
        Fields::OpenAi => known.openai.contains(&name),
        Fields::Compatible => known.openai.contains(&name) || known.extras.contains(&name),
        Fields::Any => true,
    };
    let names = body.as_object().into_iter().flat_map(|object| object.keys());
    match names.into_iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => Err(Refusal::bad(format!("Unknown parameter: '{name}'."))
            .param(name.clone())
            .code("unknown_parameter")),
    }
}

/// Refuses a chat request with wrong values.
pub(super) fn check_chat(body: &Value) -> Result<(), Refusal> {
    let is_stream = boolean(body, "stream")?.unwrap_or(false);
    if !is_stream && body.get("stream_options").is_some_and(|options| !options.is_null()) {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(Refusal::bad(message).param("stream_options"));
    }
    boolean(body, "parallel_tool_calls")?;
    number_between(body, "temperature", 0.0, 2.0)?;
    number_between(body, "top_p", 0.0, 1.0)?;
    number_between(body, "frequency_penalty", -2.0, 2.0)?;
    number_between(body, "presence_penalty", -2.0, 2.0)?;
    check_stop(body)?;
    check_tools(body)?;
    let messages = messages(body)?;
    for (index, message) in messages.iter().enumerate() {
        check_message(index, message)?;
    }
    check_tool_results(messages)?;
    check_json_is_mentioned(body, messages)
}

/// An integer in a range, `None` when it is absent or null.
pub(super) fn integer_between(
    body: &Value,
    name: &str,
    least: u64,
    most: u64,
) -> Result<Option<u64>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => {
                Err(Refusal::invalid(name, &format!("expected an integer from {least} to {most}")))
            }
        },
    }
}

fn number_between(body: &Value, name: &str, least: f64, most: f64) -> Result<(), Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(()),
        Some(value) => match value.as_f64() {
            None => Err(Refusal::wrong_type(name, "a decimal")),
            Some(number) if number > most => Err(Refusal::bad(format!(
                "Invalid '{name}': decimal above maximum value. Expected a value <= {most}, but got {number} instead."
            ))
            .param(name)
            .code("decimal_above_max_value")),
            Some(number) if number < least => Err(Refusal::bad(format!(
                "Invalid '{name}': decimal below minimum value. Expected a value >= {least}, but got {number} instead."
            ))
            .param(name)
            .code("decimal_below_min_value")),
            Some(_) => Ok(()),
        },
    }
}

fn boolean(body: &Value, name: &str) -> Result<Option<bool>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(Refusal::wrong_type(name, "a boolean")),
    }
}

fn check_stop(body: &Value) -> Result<(), Refusal> {
    match body.get("stop") {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(Value::Array(stops)) if stops.len() <= 4 && stops.iter().all(Value::is_string) => {
            Ok(())
        }
        Some(_) => Err(Refusal::invalid("stop", "expected a string or up to 4 strings")),
    }
}

fn check_tools(body: &Value) -> Result<(), Refusal> {
    let tools = match body.get("tools") {
        None | Some(Value::Null) => {
            let has_choice =
                body.get("tool_choice").is_some_and(|it| !it.is_null() && it != "none");
            let message = "'tool_choice' is only allowed when 'tools' are specified.";
            return if has_choice {
                Err(Refusal::bad(message).param("tool_choice"))
            } else {
                Ok(())
            };
        }
        Some(Value::Array(tools)) => tools,
        Some(_) => return Err(Refusal::wrong_type("tools", "an array of objects")),
    };
    if tools.is_empty() {
        let message = "Invalid 'tools': empty array. Expected an array with minimum length 1, \
                       but got an empty array instead.";
        return Err(Refusal::bad(message).param("tools").code("empty_array"));
    }
    for (index, tool) in tools.iter().enumerate() {
        let kind = tool.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_named = tool.get(kind).and_then(|it| it.get("name")).is_some_and(Value::is_string);
        if !matches!(kind, "function" | "custom") || !is_named {
            return Err(Refusal::missing(&format!("tools[{index}].function.name")));
        }
    }
    Ok(())
}

fn messages(body: &Value) -> Result<&[Value], Refusal> {
    match body.get("messages") {
        None | Some(Value::Null) => Err(Refusal::missing("messages")),
        Some(Value::Array(messages)) if messages.is_empty() => Err(Refusal::bad(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        )
        .param("messages")
        .code("empty_array")),
        Some(Value::Array(messages)) => Ok(messages),
        Some(_) => Err(Refusal::wrong_type("messages", "an array of objects")),
    }
}

fn check_message(index: usize, message: &Value) -> Result<(), Refusal> {
    let at = |field: &str| format!("messages[{index}].{field}");
    let role = match message.get("role") {
        Some(Value::String(role)) => role.as_str(),
        _ => return Err(Refusal::missing(&at("role"))),
    };
    if !ROLES.contains(&role) {
        let message = format!(
            "Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'."
        );
        return Err(Refusal::bad(message).param(at("role")).code("invalid_value"));
    }
    let may_be_silent = role == "assistant"
        && ["tool_calls", "function_call", "refusal", "audio", "reasoning_content"]
            .iter()
            .any(|field| message.get(field).is_some_and(|it| !it.is_null()));
    match message.get("content") {
        Some(Value::String(_) | Value::Array(_)) => Ok(()),
        None | Some(Value::Null) if may_be_silent => Ok(()),
        None | Some(Value::Null) => Err(Refusal::missing(&at("content"))),
        Some(_) => Err(Refusal::wrong_type(&at("content"), "a string or an array of parts")),
    }
}

/// Each tool message answers a call of the assistant message before it, and each call is answered.
fn check_tool_results(messages: &[Value]) -> Result<(), Refusal> {
    let mut open: Vec<&str> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        let is_tool = message["role"] == "tool";
        if is_tool {
            let id = message["tool_call_id"].as_str().unwrap_or_default();
            let Some(answered) = open.iter().position(|known| *known == id) else {
                return Err(Refusal::bad(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                )
                .param(format!("messages[{index}].role")));
            };
            open.remove(answered);
        } else if !open.is_empty() {
            break;
        } else if let Some(calls) = message["tool_calls"].as_array() {
            open = calls.iter().filter_map(|call| call["id"].as_str()).collect();
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::bad(format!(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
        open.join(", ")
    ))
    .param("messages"))
}

fn check_json_is_mentioned(body: &Value, messages: &[Value]) -> Result<(), Refusal> {
    if body["response_format"]["type"] != "json_object" {
        return Ok(());
    }
    let mentions = |message: &Value| message["content"].to_string().to_lowercase().contains("json");
    match messages.iter().any(mentions) {
        true => Ok(()),
        false => Err(Refusal::bad(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        )
        .param("messages")),
    }
}
