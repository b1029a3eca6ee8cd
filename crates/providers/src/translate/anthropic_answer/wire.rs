//! Anthropic's answers and events as JSON.

use serde::Serialize;
use tollgate_domain::usage::TokenUsage;

use super::{Block, Head};

/// A whole message, or the beginning of a streamed one.
#[derive(Debug, Serialize)]
pub(super) struct Body<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    role: &'static str,
    model: &'a str,
    content: &'a [Block],
    stop_reason: Option<&'a str>,
    stop_sequence: Option<&'a str>,
    usage: Usage,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        head: &'a Head,
        content: &'a [Block],
        stop_reason: Option<&'a str>,
        usage: Usage,
    ) -> Self {
        Self {
            id: &head.id,
            kind: "message",
            role: "assistant",
            model: &head.model,
            content,
            stop_reason,
            // No other dialect tells which one it was.
            stop_sequence: None,
            usage,
        }
    }
}

/// Token counts; the three of the prompt are disjoint, thinking is inside the output.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Usage {
    input_tokens: i64,
    cache_creation_input_tokens: i64,
    cache_read_input_tokens: i64,
    cache_creation: CacheCreation,
    output_tokens: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_tokens_details: Option<OutputDetails>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct CacheCreation {
    ephemeral_5m_input_tokens: i64,
    ephemeral_1h_input_tokens: i64,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct OutputDetails {
    thinking_tokens: i64,
}

impl Usage {
    /// What the provider counted.
    pub(super) fn of(usage: &TokenUsage) -> Self {
        let thinking_tokens = usage.reasoning;
        Self {
            input_tokens: usage.prompt,
            cache_creation_input_tokens: usage.whole_cache_write(),
            cache_read_input_tokens: usage.cached,
            cache_creation: CacheCreation {
                ephemeral_5m_input_tokens: usage.cache_write,
                ephemeral_1h_input_tokens: usage.cache_write_1h,
            },
            output_tokens: usage.whole_completion(),
            output_tokens_details: (thinking_tokens > 0)
                .then_some(OutputDetails { thinking_tokens }),
        }
    }

    /// What stands there for a provider that does not count: a token for four bytes, as in our
    /// own records.
    pub(super) fn estimate(head: &Head, output_bytes: usize, reasoning_bytes: usize) -> Self {
        let tokens = |bytes: usize| i64::try_from(bytes.div_ceil(4)).unwrap_or(i64::MAX);
        let completion = tokens(output_bytes);
        let reasoning = tokens(reasoning_bytes);
        let prompt = head.prompt_estimate;
        Self::of(&TokenUsage { prompt, completion, reasoning, ..TokenUsage::default() })
    }
}

/// An event of a stream.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    MessageStart { message: Body<'a> },
    ContentBlockStart { index: usize, content_block: Block },
    ContentBlockDelta { index: usize, delta: Delta<'a> },
    ContentBlockStop { index: usize },
    MessageDelta { delta: End<'a>, usage: Usage },
    MessageStop {},
}

/// What a block grows by.
#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub(super) enum Delta<'a> {
    #[serde(rename = "text_delta")]
    Text { text: &'a str },
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: &'a str },
    #[serde(rename = "signature_delta")]
    Signature { signature: &'a str },
    #[serde(rename = "input_json_delta")]
    Input { partial_json: &'a str },
}

/// Why a message ended.
#[derive(Debug, Serialize)]
pub(super) struct End<'a> {
    pub(super) stop_reason: &'a str,
    pub(super) stop_sequence: Option<&'a str>,
}

impl Event<'_> {
    /// The event's name, which its JSON repeats.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::MessageStart { .. } => "message_start",
            Self::ContentBlockStart { .. } => "content_block_start",
            Self::ContentBlockDelta { .. } => "content_block_delta",
            Self::ContentBlockStop { .. } => "content_block_stop",
            Self::MessageDelta { .. } => "message_delta",
            Self::MessageStop {} => "message_stop",
        }
    }
}
