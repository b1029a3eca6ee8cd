//! Anthropic's request for a message, as much of it as is translated or refused: what the
//! translations of it read alike, whatever they make of it.
//!
//! Fields are named in refusals as Anthropic names them: `messages.0.content.1.source`.

mod block;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::translate::openai_request::refused;
use block::blocks;

pub(crate) use block::{Block, CacheControl, Kind, Source};

/// A request for a message.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// What the system says, first.
    pub(crate) system: Vec<Block>,
    /// Who says what, in order.
    pub(crate) messages: Vec<Message>,
    /// The tools, none of them the provider's own.
    pub(crate) tools: Vec<Tool<'a>>,
    /// The schema that the answer has to meet.
    pub(crate) schema: Option<&'a RawValue>,
    /// All else.
    pub(crate) fields: Fields<'a>,
}

/// The fields that need no further reading.
#[derive(Debug, Deserialize)]
pub(crate) struct Fields<'a> {
    #[serde(borrow)]
    system: Option<&'a RawValue>,
    #[serde(borrow)]
    messages: Vec<RawMessage<'a>>,
    #[serde(borrow)]
    tools: Option<Vec<Tool<'a>>>,
    #[serde(borrow)]
    output_config: Option<OutputConfig<'a>>,
    /// Where the format stood before it went into `output_config`.
    #[serde(borrow)]
    output_format: Option<Format<'a>>,
    /// The longest answer, in tokens; a request to count tokens has none.
    pub(crate) max_tokens: Option<i64>,
    pub(crate) stream: Option<bool>,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) top_k: Option<i64>,
    pub(crate) stop_sequences: Option<Vec<String>>,
    pub(crate) tool_choice: Option<ToolChoice>,
    pub(crate) thinking: Option<Thinking>,
    metadata: Option<Metadata>,
    // Refused, by whoever has nothing like it:
    pub(crate) container: Option<IgnoredAny>,
    pub(crate) mcp_servers: Option<Vec<IgnoredAny>>,
    // Dropped, and noted:
    pub(crate) context_management: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct RawMessage<'a> {
    role: String,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The user, who also brings results of tools.
    User,
    /// The model.
    Assistant,
    /// The system, in the midst of the conversation.
    System,
}

/// One message; a text alone is one block.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) role: Role,
    pub(crate) content: Vec<Block>,
}

/// A tool that the model may use.
#[derive(Debug, Deserialize)]
pub(crate) struct Tool<'a> {
    #[serde(rename = "type")]
    kind: Option<String>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    #[serde(borrow)]
    pub(crate) input_schema: Option<&'a RawValue>,
    pub(crate) strict: Option<bool>,
}

/// Which tools the model has to use.
#[derive(Debug, Deserialize)]
pub(crate) struct ToolChoice {
    /// `auto`, `any`, `tool` or `none`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) disable_parallel_tool_use: bool,
}

/// Whether the model thinks first.
#[derive(Debug, Deserialize)]
pub(crate) struct Thinking {
    /// `enabled`, `adaptive`, `between_tools` or `disabled`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) budget_tokens: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct OutputConfig<'a> {
    effort: Option<String>,
    #[serde(borrow)]
    format: Option<Format<'a>>,
}

#[derive(Debug, Deserialize)]
struct Format<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    schema: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    user_id: Option<String>,
}

impl<'a> Asked<'a> {
    /// Reads a request. Fails, naming the field, at what no other dialect has anything for: the
    /// provider's own tools, unknown roles and formats.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, Failure> {
        // The reader's own words may quote the prompt.
        let mut fields: Fields<'a> = serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let place = format!("the body is no request at line {line}, column {column}");
            Failure::new(FailureClass::ClientFault, place)
        })?;
        let system = blocks(fields.system, "system")?;
        let messages = std::mem::take(&mut fields.messages).into_iter().enumerate();
        let messages = messages.map(|(n, one)| message(&one, &format!("messages.{n}")));
        let messages = messages.collect::<Result<_, _>>()?;
        let tools = fields.tools.take().unwrap_or_default();
        tools.iter().enumerate().try_for_each(|(n, tool)| own(tool, n))?;
        let schema = schema(&fields)?;
        Ok(Self { system, messages, tools, schema, fields })
    }

    /// How hard the model thinks, in the caller's words.
    pub(crate) fn effort(&self) -> Option<&str> {
        self.fields.output_config.as_ref()?.effort.as_deref()
    }

    /// Whom the call is for.
    pub(crate) fn user_id(&self) -> Option<&str> {
        self.fields.metadata.as_ref()?.user_id.as_deref()
    }
}

fn message(message: &RawMessage<'_>, path: &str) -> Result<Message, Failure> {
    let role = match message.role.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        _ => return Err(refused(&format!("{path}.role"), "there is no such role")),
    };
    Ok(Message { role, content: blocks(message.content, &format!("{path}.content"))? })
}

/// Refuses tools that Anthropic itself runs, or knows the schema of.
fn own(tool: &Tool<'_>, n: usize) -> Result<(), Failure> {
    if tool.kind.as_deref().is_some_and(|kind| kind != "custom") {
        let why = "this provider has no such tool; name one with an input_schema";
        return Err(refused(&format!("tools.{n}.type"), why));
    }
    Ok(())
}

fn schema<'a>(fields: &Fields<'a>) -> Result<Option<&'a RawValue>, Failure> {
    let config = fields.output_config.as_ref().and_then(|config| config.format.as_ref());
    let Some(format) = config.or(fields.output_format.as_ref()) else { return Ok(None) };
    match format.schema.filter(|_| format.kind == "json_schema") {
        Some(schema) => Ok(Some(schema)),
        None => Err(refused("output_config.format", "must be a json_schema with a schema")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused_field(body: &Value) -> Option<String> {
        Asked::read(body.to_string().as_bytes()).unwrap_err().param
    }

    #[test]
    fn what_no_other_dialect_has_is_refused_by_name() {
        let content = |block: Value| json!({"messages": [{"role": "user", "content": [block]}]});
        let cases = [
            (json!({"messages": [{"role": "tool", "content": "x"}]}), "messages.0.role"),
            (json!({"messages": [{"role": "user", "content": 1}]}), "messages.0.content"),
            (content(json!({"type": "text"})), "messages.0.content.0.text"),
            (content(json!({"type": "image"})), "messages.0.content.0.source"),
            (content(json!({"type": "tool_use", "name": "f"})), "messages.0.content.0.id"),
            (content(json!({"type": "tool_result"})), "messages.0.content.0.tool_use_id"),
            (
                json!({"messages": [], "tools": [{"type": "bash_20250124", "name": "bash"}]}),
                "tools.0.type",
            ),
            (
                json!({"messages": [], "output_config": {"format": {"type": "xml"}}}),
                "output_config.format",
            ),
        ];
        for (body, field) in cases {
            assert_eq!(refused_field(&body).as_deref(), Some(field), "{body}");
        }
        assert_eq!(refused_field(&json!([1])), None);
    }

    #[test]
    fn unknown_blocks_and_bytes_of_tools_are_kept() {
        let body = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
            {"type":"later","x":1},{"type":"tool_use","id":"a","name":"f","input":{ "n": 1.50 }}]}]}"#;

        let asked = Asked::read(body.as_bytes()).unwrap();

        assert!(matches!(&asked.messages[0].content[0].kind, Kind::Text(text) if text == "Hi"));
        let said = &asked.messages[1].content;
        assert!(matches!(&said[0].kind, Kind::Other));
        let Kind::ToolUse { input, .. } = &said[1].kind else { panic!("{said:?}") };
        assert_eq!(input.get(), r#"{ "n": 1.50 }"#);
    }
}
