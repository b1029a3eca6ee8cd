//! A request for content: what Gemini refuses of it, and what it is in OpenAI's words, in which the
//! make-believe model reads.

use serde_json::{Value, json};

use super::error::Refusal;
use crate::server::Asked;

const FIELDS: [&str; 8] = [
    "contents",
    "systemInstruction",
    "tools",
    "toolConfig",
    "generationConfig",
    "safetySettings",
    "cachedContent",
    "serviceTier",
];

/// A valid request.
pub(super) fn read(asked: &Asked<'_>) -> Result<Value, Refusal> {
    check(asked.json().unwrap_or_default())
}

/// A valid request to have a prompt counted, as the request that it is about. That is in its
/// `generateContentRequest`, or else it is `contents` alone.
pub(super) fn read_count(asked: &Asked<'_>) -> Result<Value, Refusal> {
    let mut body = asked.json().unwrap_or_default();
    let is_known = |name: &String| ["contents", "generateContentRequest"].contains(&name.as_str());
    if let Some(name) = names_of(&body).find(|name| !is_known(name)) {
        return Err(unknown(name));
    }
    let Some(inner) = body.get_mut("generateContentRequest").map(Value::take) else {
        return check(body);
    };
    let mut inner = inner;
    let model = inner.as_object_mut().and_then(|fields| fields.remove("model"));
    if !model.is_some_and(|model| model.is_string()) {
        return Err(Refusal::bad("generateContentRequest.model: is required"));
    }
    check(inner)
}

fn names_of(body: &Value) -> impl Iterator<Item = &String> {
    body.as_object().into_iter().flat_map(|object| object.keys())
}

fn unknown(name: &str) -> Refusal {
    Refusal::bad(format!(
        "Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
    ))
}

fn check(body: Value) -> Result<Value, Refusal> {
    if !body.is_object() {
        return Err(Refusal::bad("Invalid JSON payload received."));
    }
    if let Some(name) = names_of(&body).find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(unknown(name));
    }
    let contents = body["contents"].as_array().filter(|contents| !contents.is_empty());
    let contents = contents.ok_or_else(|| Refusal::bad("contents is not specified"))?;
    for (n, turn) in contents.iter().enumerate() {
        let is_known = matches!(turn["role"].as_str(), Some("user" | "model"));
        if !is_known || turn["parts"].as_array().is_none_or(Vec::is_empty) {
            return Err(Refusal::bad(format!(
                "contents[{n}]: a valid role and parts are required"
            )));
        }
    }
    let stops = body["generationConfig"]["stopSequences"].as_array();
    if stops.is_some_and(|stops| stops.len() > 5) {
        return Err(Refusal::bad("at most 5 stop sequences are supported"));
    }
    Ok(body)
}

/// The request in OpenAI's words.
pub(super) fn in_openais_words(body: &Value, model: &str) -> Value {
    let mut messages = Vec::new();
    let system = text_of(&body["systemInstruction"]["parts"]);
    if !system.is_empty() {
        messages.push(json!({"role": "system", "content": system}));
    }
    for turn in body["contents"].as_array().into_iter().flatten() {
        push_turn(turn, &mut messages);
    }
    let mut asked = json!({"model": model, "messages": messages});
    let config = &body["generationConfig"];
    if let Some(most) = config["maxOutputTokens"].as_u64().filter(|most| *most > 0) {
        asked["max_completion_tokens"] = json!(most);
    }
    if let Some(stops) = config["stopSequences"].as_array() {
        asked["stop"] = stops.iter().take(4).cloned().collect();
    }
    if config["responseJsonSchema"].is_object() {
        let format = json!({"name": "answer", "schema": config["responseJsonSchema"]});
        asked["response_format"] = json!({"type": "json_schema", "json_schema": format});
    } else if config["responseMimeType"] == "application/json" {
        asked["response_format"] = json!({"type": "json_object"});
    }
    let functions = body["tools"][0]["functionDeclarations"].as_array();
    if let Some(functions) = functions {
        asked["tools"] = functions.iter().map(function).collect();
        let calling = &body["toolConfig"]["functionCallingConfig"];
        let name = &calling["allowedFunctionNames"][0];
        asked["tool_choice"] = match calling["mode"].as_str() {
            Some("ANY") if name.is_string() => {
                json!({"type": "function", "function": {"name": name}})
            }
            Some("ANY") => json!("required"),
            Some("NONE") => json!("none"),
            _ => json!("auto"),
        };
    }
    asked
}

fn function(function: &Value) -> Value {
    let mut told = json!({"name": function["name"]});
    if function["parametersJsonSchema"].is_object() {
        told["parameters"] = function["parametersJsonSchema"].clone();
    }
    json!({"type": "function", "function": told})
}

fn push_turn(turn: &Value, messages: &mut Vec<Value>) {
    let parts = || turn["parts"].as_array().into_iter().flatten();
    for result in parts().map(|part| &part["functionResponse"]).filter(|it| it.is_object()) {
        let content = match &result["response"]["result"] {
            Value::String(text) => text.clone(),
            _ => result["response"].to_string(),
        };
        messages.push(json!({"role": "tool", "tool_call_id": result["id"], "content": content}));
    }
    let text = text_of(&turn["parts"]);
    if turn["role"] == "user" {
        let mut content: Vec<Value> = parts().filter_map(shown).collect();
        if !text.is_empty() {
            content.push(json!({"type": "text", "text": text}));
        }
        if !content.is_empty() {
            messages.push(json!({"role": "user", "content": content}));
        }
        return;
    }
    let calls = parts().map(|part| &part["functionCall"]).filter(|call| call.is_object());
    let calls: Vec<Value> = calls
        .map(|call| {
            let function = json!({"name": call["name"], "arguments": call["args"].to_string()});
            json!({"id": call["id"], "type": "function", "function": function})
        })
        .collect();
    let mut said = json!({"role": "assistant", "content": text});
    if !calls.is_empty() {
        said["tool_calls"] = json!(calls);
    }
    messages.push(said);
}

/// A file inside the request.
fn shown(part: &Value) -> Option<Value> {
    let file = &part["inlineData"];
    let kind = file["mimeType"].as_str()?;
    let url = format!("data:{kind};base64,{}", file["data"].as_str()?);
    Some(match kind.starts_with("image/") {
        true => json!({"type": "image_url", "image_url": {"url": url}}),
        false => json!({"type": "file", "file": {"file_data": url}}),
    })
}

/// The texts of parts.
pub(super) fn text_of(parts: &Value) -> String {
    let parts = parts.as_array().into_iter().flatten();
    let texts: Vec<&str> = parts.filter_map(|part| part["text"].as_str()).collect();
    texts.join("\n")
}
