//! Anthropic's JSON: what we send, and what we read.
//!
//! Reading is tolerant: absent, null and unknown fields are all the same, since servers that speak
//! this protocol leave out one thing or another.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use tollgate_domain::usage::TokenUsage;

use crate::json::count;

/// A request for a message.
#[derive(Debug, Serialize)]
pub(crate) struct Request<'a> {
    pub(crate) model: &'a str,
    pub(crate) max_tokens: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) system: Vec<Part>,
    pub(crate) messages: Vec<Turn>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tools: Vec<Tool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool_choice: Option<ToolChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output_config: Option<OutputConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_p: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) stop_sequences: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) stream: bool,
}

/// One turn of the conversation.
#[derive(Debug, Serialize)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) content: Vec<Part>,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    User,
    Assistant,
}

/// A block of a turn that we send.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Part {
    Text {
        text: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
    Image {
        source: Source,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
    Document {
        source: Source,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
    ToolUse {
        id: String,
        name: String,
        input: Box<RawValue>,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        content: Vec<Part>,
    },
}

impl Part {
    /// A text that nothing is cached after.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), cache_control: None }
    }
}

/// Where an image's or a document's data are.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Source {
    Base64 { media_type: String, data: String },
    Url { url: String },
}

/// A mark that the prompt is cached up to here.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum CacheControl {
    Ephemeral {
        #[serde(skip_serializing_if = "Option::is_none")]
        ttl: Option<&'static str>,
    },
}

/// A tool that the model may use.
#[derive(Debug, Serialize)]
pub(crate) struct Tool {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    pub(crate) input_schema: Box<RawValue>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) strict: bool,
}

/// Which tools the model has to use.
#[derive(Debug, Serialize)]
pub(crate) struct ToolChoice {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) disable_parallel_tool_use: bool,
}

/// Whether the model thinks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Thinking {
    Enabled { budget_tokens: i64 },
    Adaptive,
    Disabled,
}

/// How the answer is made.
#[derive(Debug, Serialize)]
pub(crate) struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Format<'a>>,
}

/// What the answer's text has to be.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Format<'a> {
    JsonSchema { schema: &'a RawValue },
}

/// Whom the call is for.
#[derive(Debug, Serialize)]
pub(crate) struct Metadata {
    pub(crate) user_id: String,
}

/// A whole answer, or the head of a streamed one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Message {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) model: Option<String>,
    /// Blocks, unread: one of an unknown kind may be anything.
    pub(crate) content: Option<Vec<Box<RawValue>>>,
    pub(crate) stop_reason: Option<String>,
    #[serde(deserialize_with = "readable")]
    pub(crate) usage: Option<Usage>,
}

impl Message {
    /// The blocks that can be read.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Block> {
        let blocks = self.content.iter().flatten();
        blocks.filter_map(|block| serde_json::from_str(block.get()).ok())
    }
}

/// A block of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Block {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) text: Option<String>,
    pub(crate) thinking: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) input: Option<Box<RawValue>>,
}

/// What an event adds to a block or to the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Delta {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) thinking: Option<String>,
    pub(crate) partial_json: Option<String>,
    pub(crate) stop_reason: Option<String>,
}

/// Token counts. The prompt's three are disjoint, and thinking is inside the output.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Usage {
    #[serde(deserialize_with = "count")]
    input_tokens: Option<i64>,
    #[serde(deserialize_with = "count")]
    cache_read_input_tokens: Option<i64>,
    #[serde(deserialize_with = "count")]
    cache_creation_input_tokens: Option<i64>,
    cache_creation: Option<CacheCreation>,
    #[serde(deserialize_with = "count")]
    output_tokens: Option<i64>,
    output_tokens_details: Option<OutputDetails>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct CacheCreation {
    #[serde(deserialize_with = "count")]
    ephemeral_5m_input_tokens: Option<i64>,
    #[serde(deserialize_with = "count")]
    ephemeral_1h_input_tokens: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    #[serde(deserialize_with = "count")]
    thinking_tokens: Option<i64>,
}

impl Usage {
    /// Takes over what `later` says: its figures are sums already, so they replace ours.
    pub(crate) fn replace(&mut self, later: &Self) {
        self.input_tokens = later.input_tokens.or(self.input_tokens);
        self.cache_read_input_tokens =
            later.cache_read_input_tokens.or(self.cache_read_input_tokens);
        // New parts meet no old sum. A new sum alone keeps the parts: only a stream's first event
        // tells them.
        if later.cache_creation_input_tokens.is_some() || later.cache_creation.is_some() {
            self.cache_creation_input_tokens = later.cache_creation_input_tokens;
            self.cache_creation = later.cache_creation.or(self.cache_creation);
        }
        self.output_tokens = later.output_tokens.or(self.output_tokens);
        self.output_tokens_details = later.output_tokens_details.or(self.output_tokens_details);
    }

    /// The counts in disjoint buckets; `None` when nothing was counted.
    pub(crate) fn buckets(&self) -> Option<TokenUsage> {
        let count = |tokens: Option<i64>| tokens.unwrap_or(0).clamp(0, TokenUsage::MAX);
        let parts = self.cache_creation.unwrap_or_default();
        let hour = count(parts.ephemeral_1h_input_tokens);
        let parts = count(parts.ephemeral_5m_input_tokens) + hour;
        let written = self.cache_creation_input_tokens.or(Some(parts));
        let (read, written) = (count(self.cache_read_input_tokens), count(written));
        let thinking = self.output_tokens_details.and_then(|details| details.thinking_tokens);
        let usage = TokenUsage::from_inclusive(
            count(self.input_tokens) + read + written,
            read,
            written,
            count(self.output_tokens),
            count(thinking),
        )
        .with_cache_write_1h(hour);
        (usage.total() > 0).then_some(usage)
    }
}

/// Counts that cannot be read are none: they are no reason to lose an answer.
fn readable<'de, D: Deserializer<'de>>(usage: D) -> Result<Option<Usage>, D::Error> {
    let usage = Option::<Box<RawValue>>::deserialize(usage)?;
    Ok(usage.and_then(|usage| serde_json::from_str(usage.get()).ok()))
}
