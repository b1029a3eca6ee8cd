//! A streamed answer of OpenAI's, in clean chunks, in Anthropic's events.
//!
//! | OpenAI | Anthropic |
//! | --- | --- |
//! | the first chunk | `message_start`, with our estimate of the prompt |
//! | `reasoning_content`, `content`, `refusal` | deltas of a block, which begins when the kind changes |
//! | a call's first fragment | a `tool_use` block, once the ones before it have ended |
//! | its arguments | `input_json_delta`; `{}` where there are none |
//! | the finish reason, the usage | `message_delta`, at the end of the stream |
//! | the end | `message_stop` |

use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;

use super::answer::{Ending, Reply, Said, names};
use crate::error::transient;
use crate::protocol::Target;
use crate::translate::anthropic_answer::{Head, Writer};
use crate::translate::call_id::plain_id;
use crate::translate::tool_names::Names;

/// A stream so far.
#[derive(Debug)]
pub(crate) struct Relay {
    writer: Writer,
    names: Names,
    ending: Ending,
}

impl Relay {
    /// The stream that answers `call` by `target`.
    pub(crate) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        Self {
            writer: Writer::new(Head::new(call, target)),
            names: names(call, target),
            ending: Ending::default(),
        }
    }

    /// The events that a chunk amounts to; none at all for many.
    pub(crate) fn chunk(&mut self, chunk: &ChatEvent) -> Result<Vec<ChatEvent>, Failure> {
        let reply: Reply = serde_json::from_slice(&chunk.data)
            .map_err(|_| transient("an event of the provider's stream cannot be read"))?;
        self.writer.learn(&reply.id, &reply.model);
        if let Some(usage) = chunk.facts.usage {
            self.writer.usage(usage);
        }
        if let Some(mut choice) = reply.into_choice() {
            self.writer.start();
            self.said(&choice.take_said());
            if choice.finish_reason.is_some() {
                self.ending.finish_reason = choice.finish_reason;
            }
        }
        self.writer.take()
    }

    /// The events that are still owed at the end of the stream.
    pub(crate) fn end(&mut self) -> Result<Vec<ChatEvent>, Failure> {
        self.writer.finish(self.ending.stop_reason());
        self.writer.end();
        self.writer.take()
    }

    fn said(&mut self, said: &Said) {
        self.writer.thinking(said.reasoning());
        self.writer.text(said.content.as_deref().unwrap_or_default());
        let refusal = said.refusal.as_deref().unwrap_or_default();
        self.ending.has_refusal |= !refusal.is_empty();
        self.writer.text(refusal);
        for call in said.tool_calls.iter().flatten() {
            let Some(n) = call.index else { continue };
            let function = call.function.as_ref();
            if let Some(id) = &call.id {
                self.ending.has_calls = true;
                let name = function.and_then(|function| function.name.as_deref());
                let name = self.names.for_caller(name.unwrap_or_default());
                self.writer.call(n, &plain_id(id), name);
            }
            let arguments = function.and_then(|function| function.arguments.as_deref());
            self.writer.arguments(n, arguments.unwrap_or_default());
        }
    }
}
