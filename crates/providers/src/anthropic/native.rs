//! The answer for a caller of Anthropic's own dialect: the provider's bytes, and the facts that are
//! read beside them.

mod assembled;
mod streamed;

use bytes::Bytes;
use tollgate_domain::chat::{AnswerFacts, ChatEvent, EventFacts};

use super::wire::{Block, Delta, Message, Usage};
use crate::translate::openai_to_anthropic::Piece;

pub(super) use assembled::assembled;
pub(super) use streamed::streamed;

/// The facts of a whole answer.
pub(super) fn facts(message: &Message) -> AnswerFacts {
    let mut facts = AnswerFacts {
        usage: message.usage.and_then(|usage| usage.buckets()),
        finish_reason: message.stop_reason.clone(),
        ..AnswerFacts::default()
    };
    for block in message.blocks() {
        let facts_of = block_facts(&block);
        facts.output_bytes += facts_of.output_bytes;
        facts.reasoning_bytes += facts_of.reasoning_bytes;
    }
    facts
}

/// A stream of events on its way to the caller.
#[derive(Debug, Default)]
pub(super) struct Native {
    usage: Usage,
    is_stopped: bool,
}

impl Native {
    /// The event of that name, its bytes as they came, and what `piece` of the answer it is.
    pub(super) fn take(&mut self, name: Bytes, data: &Bytes, piece: Option<&Piece>) -> ChatEvent {
        self.is_stopped |= name.as_ref() == b"message_stop";
        let facts = match piece {
            Some(Piece::Start(message)) => {
                self.count(message.usage.as_ref());
                EventFacts::default()
            }
            Some(Piece::BlockStart(_, block)) => block_facts(block),
            Some(Piece::BlockDelta(_, delta)) => delta_facts(delta),
            Some(Piece::Delta(delta, usage)) => {
                self.count(usage.as_ref());
                EventFacts {
                    has_content: delta.stop_reason.is_some(),
                    usage: self.usage.buckets(),
                    finish_reason: delta.stop_reason.clone(),
                    ..EventFacts::default()
                }
            }
            Some(Piece::BlockStop(_)) | None => EventFacts::default(),
        };
        ChatEvent { name: Some(name), data: one_line(data), facts }
    }

    /// Adds the event that ends every stream, where the provider has left it out.
    pub(super) fn end(&mut self, events: &mut Vec<ChatEvent>) {
        if !std::mem::replace(&mut self.is_stopped, true) {
            let data = Bytes::from_static(br#"{"type":"message_stop"}"#);
            events.push(self.take(Bytes::from_static(b"message_stop"), &data, None));
        }
    }

    fn count(&mut self, usage: Option<&Usage>) {
        if let Some(usage) = usage {
            self.usage.replace(usage);
        }
    }
}

/// What a caller gets from a block, be it whole or the beginning of one.
fn block_facts(block: &Block) -> EventFacts {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let input = block.input.as_ref().map_or("{}", |input| input.get());
    let arguments = if input == "{}" { 0 } else { input.len() };
    let (output_bytes, reasoning_bytes) = match block.kind.as_str() {
        "text" => (length(&block.text), 0),
        "thinking" => (0, length(&block.thinking)),
        "tool_use" => (length(&block.name) + arguments, 0),
        _ => (0, 0),
    };
    let is_call = block.kind == "tool_use";
    let has_content = is_call || output_bytes + reasoning_bytes > 0;
    EventFacts { has_content, output_bytes, reasoning_bytes, ..EventFacts::default() }
}

fn delta_facts(delta: &Delta) -> EventFacts {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let (output_bytes, reasoning_bytes) = match delta.kind.as_deref() {
        Some("text_delta") => (length(&delta.text), 0),
        Some("input_json_delta") => (length(&delta.partial_json), 0),
        Some("thinking_delta") => (0, length(&delta.thinking)),
        _ => (0, 0),
    };
    let has_content = output_bytes + reasoning_bytes > 0;
    EventFacts { has_content, output_bytes, reasoning_bytes, ..EventFacts::default() }
}

/// JSON on one line, as an event's data has to be: outside its texts, where no line can break, a
/// space is as good.
fn one_line(json: &Bytes) -> Bytes {
    if !json.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return json.clone();
    }
    let spaced = |byte: &u8| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte };
    json.iter().map(spaced).collect()
}
