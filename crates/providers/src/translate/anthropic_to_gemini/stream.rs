//! A streamed answer of Gemini's in Anthropic's events.
//!
//! | [read](crate::translate::gemini_answer) as | Anthropic |
//! | --- | --- |
//! | the first piece | `message_start`, and what follows |
//! | text | `text_delta` |
//! | thought | `thinking_delta` |
//! | call | a `signature_delta` if it is signed, in the open `thinking` block or in one of its own; then a `tool_use` block with one `input_json_delta` |
//! | the end | `message_delta` with the reason and the usage, `message_stop` |

use tollgate_domain::chat::ChatEvent;
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::answer::{signature, word};
use crate::translate::anthropic_answer::{Head, Writer};
use crate::translate::call_id::plain_id;
use crate::translate::gemini_answer::{self, End, Piece};

/// A stream so far.
#[derive(Debug)]
pub(crate) struct Relay {
    writer: Writer,
    calls: usize,
}

impl Relay {
    /// The stream that answers under `head`.
    pub(crate) fn new(head: Head) -> Self {
        Self { writer: Writer::new(head), calls: 0 }
    }
}

impl gemini_answer::Relay for Relay {
    fn take(&mut self, piece: &Piece, events: &mut Vec<ChatEvent>) -> Result<(), Failure> {
        match piece {
            Piece::Text(text) => self.writer.text(text),
            Piece::Thought(text) => self.writer.thinking(text),
            Piece::Call(call) => {
                if let Some(signed) = &call.signature {
                    self.writer.signature(&signature(signed));
                }
                self.writer.call(self.calls, &plain_id(&call.id), &call.name);
                self.writer.arguments(self.calls, &call.arguments);
                self.calls += 1;
            }
        }
        events.extend(self.writer.take()?);
        Ok(())
    }

    fn end(
        &mut self,
        end: End,
        usage: Option<TokenUsage>,
        events: &mut Vec<ChatEvent>,
    ) -> Result<(), Failure> {
        if let Some(usage) = usage {
            self.writer.usage(usage);
        }
        self.writer.finish(word(end));
        self.writer.end();
        events.extend(self.writer.take()?);
        Ok(())
    }
}
