//! A request for a message: what Anthropic refuses of it, and what it is in OpenAI's words, in
//! which the make-believe model reads.

use serde_json::{Value, json};

use super::error::Refusal;
use crate::server::Asked;

#[rustfmt::skip]
const FIELDS: [&str; 21] = [
    "cache_control", "container", "context_management", "diagnostics", "inference_geo",
    "max_tokens", "mcp_servers", "messages", "metadata", "model", "output_config", "service_tier",
    "speed", "stop_sequences", "stream", "system", "temperature", "thinking", "tool_choice",
    "tools", "top_k",
];

/// A valid request, and its model.
pub(super) fn read(asked: &Asked<'_>, is_count: bool) -> Result<(Value, String), Refusal> {
    let body = asked.json().ok().filter(Value::is_object);
    let body = body.ok_or_else(|| Refusal::bad("The request body is not valid JSON"))?;
    let model = body["model"].as_str().filter(|model| !model.is_empty());
    let model = model.ok_or_else(|| Refusal::bad("model: Field required"))?.to_owned();
    let config = asked.config;
    if config.only_listed_models && !config.models.contains(&model) {
        return Err(Refusal::no_model(&model));
    }
    check(&body, is_count).map_err(Refusal::bad)?;
    Ok((body, model))
}

fn check(body: &Value, is_count: bool) -> Result<(), String> {
    let is_known = |name: &&String| FIELDS.contains(&name.as_str()) || name.as_str() == "top_p";
    let mut names = body.as_object().into_iter().flat_map(|object| object.keys());
    if let Some(name) = names.find(|name| !is_known(name)) {
        return Err(format!("{name}: Extra inputs are not permitted"));
    }
    if !is_count && body["max_tokens"].as_u64().is_none() {
        return Err("max_tokens: Field required".to_owned());
    }
    if body["temperature"].as_f64().is_some_and(|degree| !(0.0..=1.0).contains(&degree)) {
        return Err("temperature: Input should be less than or equal to 1".to_owned());
    }
    let stops = body["stop_sequences"].as_array().into_iter().flatten();
    if stops.filter_map(Value::as_str).any(|stop| stop.trim().is_empty()) {
        return Err("stop_sequences: each stop sequence must contain non-whitespace".to_owned());
    }
    for (n, tool) in body["tools"].as_array().into_iter().flatten().enumerate() {
        let is_function = tool.get("type").is_none_or(|kind| kind == "custom");
        if is_function && tool["input_schema"]["type"] != "object" {
            return Err(format!("tools.{n}.custom.input_schema.type: Field required"));
        }
    }
    check_thinking(body)?;
    check_messages(body)
}

fn check_thinking(body: &Value) -> Result<(), String> {
    let thinking = &body["thinking"];
    if thinking["type"] != "enabled" {
        return Ok(());
    }
    let budget = thinking["budget_tokens"].as_u64().unwrap_or_default();
    if budget < 1024 || body["max_tokens"].as_u64().is_some_and(|most| budget >= most) {
        return Err("thinking.enabled.budget_tokens: at least 1024 and below max_tokens".to_owned());
    }
    if body["temperature"].as_f64().is_some_and(|degree| degree < 1.0) {
        return Err("`temperature` may only be set to 1 when thinking is enabled".to_owned());
    }
    if matches!(body["tool_choice"]["type"].as_str(), Some("any" | "tool")) {
        return Err("Thinking may not be enabled when tool_choice forces tool use.".to_owned());
    }
    Ok(())
}

fn check_messages(body: &Value) -> Result<(), String> {
    let messages = body["messages"].as_array().filter(|messages| !messages.is_empty());
    let messages = messages.ok_or("messages: at least one message is required")?;
    if messages[0]["role"] != "user" {
        return Err("messages: first message must use the \"user\" role".to_owned());
    }
    let mut calls: Vec<&Value> = Vec::new();
    for (n, message) in messages.iter().enumerate() {
        if !matches!(message["role"].as_str(), Some("user" | "assistant")) {
            return Err(format!("messages.{n}.role: Input should be 'user' or 'assistant'"));
        }
        let blocks = || message["content"].as_array().into_iter().flatten();
        let is_empty = |block: &Value| {
            block["type"] == "text" && block["text"].as_str().is_none_or(|it| it.trim().is_empty())
        };
        if blocks().any(is_empty) || message["content"] == "" {
            return Err("messages: text content blocks must be non-empty".to_owned());
        }
        let results = blocks().filter(|block| block["type"] == "tool_result");
        let results: Vec<&Value> = results.map(|block| &block["tool_use_id"]).collect();
        if calls.iter().any(|id| !results.contains(id))
            || results.iter().any(|id| !calls.contains(id))
        {
            return Err(format!("messages.{n}: `tool_use` and `tool_result` must correspond"));
        }
        calls = blocks().filter(|block| block["type"] == "tool_use").map(|it| &it["id"]).collect();
        let is_plain =
            |id: &str| id.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it));
        if calls.iter().any(|id| !id.as_str().is_some_and(|id| !id.is_empty() && is_plain(id))) {
            return Err(format!(
                "messages.{n}.content: tool_use.id should match '^[a-zA-Z0-9_-]+$'"
            ));
        }
    }
    Ok(())
}

/// The request in OpenAI's words.
pub(super) fn in_openais_words(body: &Value) -> Value {
    let mut messages = Vec::new();
    if body.get("system").is_some() {
        messages.push(json!({"role": "system", "content": text_of(&body["system"])}));
    }
    for message in body["messages"].as_array().into_iter().flatten() {
        push_message(message, &mut messages);
    }
    let mut asked =
        json!({"model": body["model"], "messages": messages, "stream": body["stream"] == true});
    if let Some(most) = body["max_tokens"].as_u64().filter(|most| *most > 0) {
        asked["max_completion_tokens"] = json!(most);
    }
    if let Some(stops) = body["stop_sequences"].as_array() {
        asked["stop"] = stops.iter().take(4).cloned().collect();
    }
    let schema = &body["output_config"]["format"]["schema"];
    if schema.is_object() {
        let format = json!({"name": "answer", "schema": schema});
        asked["response_format"] = json!({"type": "json_schema", "json_schema": format});
    }
    if let Some(tools) = body["tools"].as_array() {
        asked["tools"] = tools.iter().map(tool).collect();
        asked["parallel_tool_calls"] =
            json!(body["tool_choice"]["disable_parallel_tool_use"] != true);
        asked["tool_choice"] = match body["tool_choice"]["type"].as_str() {
            Some("any") => json!("required"),
            Some("none") => json!("none"),
            Some("tool") => {
                json!({"type": "function", "function": {"name": body["tool_choice"]["name"]}})
            }
            _ => json!("auto"),
        };
    }
    asked
}

fn tool(tool: &Value) -> Value {
    let function = json!({"name": tool["name"], "parameters": tool["input_schema"]});
    json!({"type": "function", "function": function})
}

fn push_message(message: &Value, messages: &mut Vec<Value>) {
    let blocks = || message["content"].as_array().into_iter().flatten();
    let of_kind = |kind: &'static str| blocks().filter(move |block| block["type"] == kind);
    for result in of_kind("tool_result") {
        let content = text_of(&result["content"]);
        messages.push(
            json!({"role": "tool", "tool_call_id": result["tool_use_id"], "content": content}),
        );
    }
    let text = text_of(&message["content"]);
    let mut content: Vec<Value> = blocks().filter_map(shown).collect();
    if !text.is_empty() {
        content.push(json!({"type": "text", "text": text}));
    }
    if message["role"] == "user" {
        if !content.is_empty() {
            messages.push(json!({"role": "user", "content": content}));
        }
        return;
    }
    let calls: Vec<Value> = of_kind("tool_use").map(call).collect();
    let mut said = json!({"role": "assistant", "content": text});
    if !calls.is_empty() {
        said["tool_calls"] = json!(calls);
    }
    messages.push(said);
}

/// An image or a document.
fn shown(block: &Value) -> Option<Value> {
    let source = &block["source"];
    let url = match source["type"].as_str()? {
        "base64" => {
            let kind = source["media_type"].as_str()?;
            format!("data:{kind};base64,{}", source["data"].as_str()?)
        }
        "url" => source["url"].as_str()?.to_owned(),
        other => format!("a {other}"),
    };
    match block["type"].as_str()? {
        "image" => Some(json!({"type": "image_url", "image_url": {"url": url}})),
        "document" => Some(json!({"type": "file", "file": {"file_data": url}})),
        _ => None,
    }
}

fn call(block: &Value) -> Value {
    let function = json!({"name": block["name"], "arguments": block["input"].to_string()});
    json!({"id": block["id"], "type": "function", "function": function})
}

fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts: Vec<&str> =
                blocks.iter().filter_map(|block| block["text"].as_str()).collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}
