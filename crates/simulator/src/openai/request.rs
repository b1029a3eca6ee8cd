//! A chat request, read.

use serde_json::Value;

use super::body_and_model;
use super::error::Refusal;
use super::validate::{CHAT_FIELDS, check_chat, check_fields, integer_between};
use crate::server::Asked;
use crate::tokens;

/// Make-believe tokens: of a part that is no text, and around each message.
const IMAGE_TOKENS: u64 = 85;
const OTHER_PART_TOKENS: u64 = 50;
const MESSAGE_TOKENS: u64 = 3;

/// A valid chat request.
#[derive(Debug)]
pub(super) struct ChatRequest {
    pub(super) model: String,
    pub(super) messages: Vec<Value>,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
    pub(super) obfuscate: bool,
    pub(super) max_tokens: Option<u64>,
    pub(super) stops: Vec<String>,
    pub(super) choices: u64,
    pub(super) tools: Vec<Value>,
    pub(super) tool_choice: Value,
    pub(super) parallel: bool,
    pub(super) format: Value,
}

impl ChatRequest {
    pub(super) fn read(asked: &Asked<'_>) -> Result<Self, Refusal> {
        let (body, model) = body_and_model(asked)?;
        check_fields(&body, &CHAT_FIELDS, asked.config.fields)?;
        check_chat(&body)?;
        let most = |name| integer_between(&body, name, 1, u64::MAX);
        let max_tokens = most("max_completion_tokens")?.or(most("max_tokens")?);
        let list = |name: &str| body[name].as_array().cloned().unwrap_or_default();
        let stops = match &body["stop"] {
            Value::String(stop) => vec![stop.clone()],
            stops => stops.as_array().into_iter().flatten().filter_map(owned).collect(),
        };
        Ok(Self {
            model,
            messages: list("messages"),
            stream: body["stream"] == true,
            include_usage: body["stream_options"]["include_usage"] == true,
            obfuscate: body["stream_options"]["include_obfuscation"] != false,
            max_tokens,
            stops,
            choices: integer_between(&body, "n", 1, 128)?.unwrap_or(1),
            tools: list("tools"),
            tool_choice: body["tool_choice"].clone(),
            parallel: body["parallel_tool_calls"] != false,
            format: body["response_format"].clone(),
        })
    }

    /// How many tokens the prompt has: its text, its images, its tools.
    pub(super) fn prompt_tokens(&self) -> u64 {
        let messages: u64 = self.messages.iter().map(message_tokens).sum();
        let tools: u64 = self.tools.iter().map(|tool| tokens::count(&tool.to_string())).sum();
        messages + tools + MESSAGE_TOKENS
    }

    /// Whether the model thinks before it answers.
    pub(super) fn reasons(&self) -> bool {
        self.model.to_lowercase().contains("reason")
    }

    /// What the system and the developer said.
    pub(super) fn instructions(&self) -> String {
        let is_instruction =
            |message: &&Value| matches!(message["role"].as_str(), Some("system" | "developer"));
        let told = self.messages.iter().filter(is_instruction);
        told.map(|message| text_of(&message["content"])).collect::<Vec<_>>().join(" ")
    }

    /// The text of the last message of a user.
    pub(super) fn question(&self) -> String {
        let asked = self.messages.iter().rev().find(|message| message["role"] == "user");
        asked.map(|message| text_of(&message["content"])).unwrap_or_default()
    }
}

/// The text of a message's content.
pub(super) fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

fn message_tokens(message: &Value) -> u64 {
    let content = match &message["content"] {
        Value::String(text) => tokens::count(text),
        Value::Array(parts) => parts.iter().map(part_tokens).sum(),
        _ => 0,
    };
    let calls = message.get("tool_calls").map_or(0, |calls| tokens::count(&calls.to_string()));
    MESSAGE_TOKENS + content + calls
}

fn part_tokens(part: &Value) -> u64 {
    match part["type"].as_str() {
        Some("text" | "refusal") => part["text"].as_str().map_or(0, tokens::count),
        Some("image_url") => IMAGE_TOKENS,
        _ => OTHER_PART_TOKENS,
    }
}

fn owned(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
