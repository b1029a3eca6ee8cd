//! A streamed answer of Gemini's in OpenAI's chunks.
//!
//! | [read](crate::translate::gemini_answer) as | OpenAI |
//! | --- | --- |
//! | the first piece | the chunk with the role, and what follows |
//! | text | `content` |
//! | thought | `reasoning_content` |
//! | call | a call with the next index, then its arguments |
//! | the end | the finish reason, then the usage |

use tollgate_domain::chat::ChatEvent;
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::answer::word;
use super::messages::extra_content;
use crate::translate::gemini_answer::{self, End, Piece};
use crate::translate::openai_answer::Head;

/// A stream so far.
#[derive(Debug)]
pub(crate) struct Relay {
    head: Head,
    is_begun: bool,
    calls: usize,
}

impl Relay {
    /// The stream that answers under `head`.
    pub(crate) fn new(head: Head) -> Self {
        Self { head, is_begun: false, calls: 0 }
    }

    fn begin(&mut self, events: &mut Vec<ChatEvent>) {
        if !std::mem::replace(&mut self.is_begun, true) {
            events.push(self.head.role());
        }
    }
}

impl gemini_answer::Relay for Relay {
    fn take(&mut self, piece: &Piece, events: &mut Vec<ChatEvent>) -> Result<(), Failure> {
        self.begin(events);
        match piece {
            Piece::Text(text) => events.push(self.head.text(text)),
            Piece::Thought(text) => events.push(self.head.reasoning(text)),
            Piece::Call(call) => {
                let n = self.calls;
                self.calls += 1;
                let extra = call.signature.as_deref().map(extra_content);
                events.push(self.head.call_with(n, &call.id, &call.name, extra.as_ref()));
                events.push(self.head.arguments(n, &call.arguments));
            }
        }
        Ok(())
    }

    fn end(
        &mut self,
        end: End,
        usage: Option<TokenUsage>,
        events: &mut Vec<ChatEvent>,
    ) -> Result<(), Failure> {
        self.begin(events);
        events.push(self.head.finish(word(end), usage));
        events.extend(usage.map(|usage| self.head.usage(usage)));
        Ok(())
    }
}
