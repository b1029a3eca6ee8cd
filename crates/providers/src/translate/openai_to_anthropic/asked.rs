//! OpenAI's chat request, as much of it as is translated or refused.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::translate::openai_request::{Function, ImageUrl, ResponseFormat, Stop};

/// A chat request.
#[derive(Debug, Deserialize)]
pub(super) struct Asked<'a> {
    pub(super) messages: Vec<Message>,
    pub(super) stream: Option<bool>,
    pub(super) max_tokens: Option<i64>,
    pub(super) max_completion_tokens: Option<i64>,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) stop: Option<Stop>,
    #[serde(borrow)]
    pub(super) tools: Option<Vec<Tool<'a>>>,
    pub(super) tool_choice: Option<Value>,
    pub(super) parallel_tool_calls: Option<bool>,
    #[serde(borrow)]
    pub(super) response_format: Option<ResponseFormat<'a>>,
    pub(super) reasoning_effort: Option<String>,
    pub(super) user: Option<String>,
    pub(super) safety_identifier: Option<String>,
    // Refused:
    pub(super) n: Option<i64>,
    pub(super) logprobs: Option<bool>,
    pub(super) top_logprobs: Option<i64>,
    pub(super) logit_bias: Option<serde_json::Map<String, Value>>,
    pub(super) modalities: Option<Vec<String>>,
    pub(super) audio: Option<IgnoredAny>,
    pub(super) functions: Option<IgnoredAny>,
    pub(super) function_call: Option<IgnoredAny>,
    pub(super) web_search_options: Option<IgnoredAny>,
    pub(super) store: Option<bool>,
    // Dropped, and noted:
    pub(super) seed: Option<IgnoredAny>,
    pub(super) presence_penalty: Option<IgnoredAny>,
    pub(super) frequency_penalty: Option<IgnoredAny>,
}

/// One message.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) role: String,
    pub(super) content: Option<Content>,
    pub(super) refusal: Option<String>,
    pub(super) tool_calls: Option<Vec<ToolCall>>,
    pub(super) tool_call_id: Option<String>,
    pub(super) function_call: Option<IgnoredAny>,
}

/// What a message says.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Content {
    Text(String),
    Parts(Vec<Part>),
}

/// A part of what a message says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) text: Option<String>,
    pub(super) refusal: Option<String>,
    pub(super) image_url: Option<ImageUrl>,
    pub(super) file: Option<File>,
    pub(super) prompt_cache_breakpoint: Option<Breakpoint>,
}

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) file_data: Option<String>,
    pub(super) filename: Option<String>,
}

/// A mark that the prompt is cached up to here.
#[derive(Debug, Deserialize)]
pub(super) struct Breakpoint {
    pub(super) ttl: Option<String>,
}

/// A call that the assistant made.
#[derive(Debug, Deserialize)]
pub(super) struct ToolCall {
    pub(super) id: Option<String>,
    pub(super) function: Option<Function>,
}

/// A tool.
#[derive(Debug, Deserialize)]
pub(super) struct Tool<'a> {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(borrow)]
    pub(super) function: Option<FunctionTool<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FunctionTool<'a> {
    pub(super) name: String,
    pub(super) description: Option<String>,
    #[serde(borrow)]
    pub(super) parameters: Option<&'a RawValue>,
    pub(super) strict: Option<bool>,
}
