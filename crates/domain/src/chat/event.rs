//! What a provider answers, bit by bit.

use bytes::Bytes;

use crate::usage::TokenUsage;

/// One event of a streamed answer, ready to be sent to the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatEvent {
    /// The event's name, in dialects that name theirs; one line.
    pub name: Option<Bytes>,
    /// The event's data in the caller's dialect: one line of JSON.
    pub data: Bytes,
    /// What was read from it.
    pub facts: EventFacts,
}

/// What routing and accounting need to know of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFacts {
    /// Whether the caller gets something from it: text, a tool call, reasoning or the finish.
    pub has_content: bool,
    /// The tokens so far, where the event says; replaces what an earlier event said.
    pub usage: Option<TokenUsage>,
    /// Whether there is nothing in it but usage, so that a caller who did not ask is not sent it.
    pub is_usage_only: bool,
    /// Why the answer ended, in its last event with content.
    pub finish_reason: Option<String>,
    /// Bytes of visible text and tool arguments in it.
    pub output_bytes: usize,
    /// Bytes of reasoning in it.
    pub reasoning_bytes: usize,
}
