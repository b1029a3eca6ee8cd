//! A streamed answer of Gemini's in OpenAI's chunks.
//!
//! | Gemini | OpenAI |
//! | --- | --- |
//! | the first event | the chunk with the role |
//! | `text` | `content` |
//! | `text` of a `thought` | `reasoning_content` |
//! | `functionCall` | a call with the next index, then its arguments |
//! | `usageMetadata` | nothing yet: the last one counts |
//! | `finishReason`, a blocked prompt | nothing yet: calls may stand in another event |
//! | the end of the body | the finish reason, then the usage |

use tollgate_domain::chat::ChatEvent;

use super::answer::{End, Said, function_call};
use super::messages::extra_content;
use crate::gemini::wire::{AnswerPart, Response, Usage};
use crate::translate::openai_answer::Head;

/// A stream so far.
#[derive(Debug)]
pub(crate) struct Relay {
    head: Head,
    is_begun: bool,
    calls: usize,
    has_content: bool,
    /// Why it ended, in Gemini's words; blank for a blocked prompt.
    end: Option<(End, String)>,
    usage: Usage,
}

impl Relay {
    /// The stream that answers under `head`.
    pub(crate) fn new(head: Head) -> Self {
        let usage = Usage::default();
        Self { head, is_begun: false, calls: 0, has_content: false, end: None, usage }
    }

    /// Whether the provider has said why the answer ended.
    pub(crate) fn is_finished(&self) -> bool {
        self.end.is_some()
    }

    /// Adds the chunks that one event amounts to; none at all for many.
    pub(crate) fn take(&mut self, response: &Response, events: &mut Vec<ChatEvent>) {
        if let Some(usage) = response.usage_metadata.filter(|usage| usage.buckets().is_some()) {
            self.usage = usage;
        }
        let candidate = response.candidate();
        for part in candidate.into_iter().flat_map(|candidate| candidate.parts()) {
            self.part(part, response, events);
        }
        let reason = candidate.and_then(|candidate| candidate.finish_reason.as_deref());
        if reason.is_some() || response.is_blocked() {
            let told = reason.unwrap_or_default().to_owned();
            self.end = Some((End::of(reason, response.is_blocked()), told));
        }
    }

    /// Adds what is owed at the end of the stream. Fails, with Gemini's reason, where nothing was
    /// said and something should have been.
    pub(crate) fn end(&mut self, events: &mut Vec<ChatEvent>) -> Result<(), String> {
        let usage = self.usage.buckets();
        let said = Said {
            has_calls: self.calls > 0,
            has_content: self.has_content,
            has_tokens: usage.is_some_and(|usage| usage.whole_completion() > 0),
        };
        let (end, reason) = self.end.take().unwrap_or((End::Stop, String::new()));
        let finish = end.finish(&said).ok_or(reason)?;
        self.begin(events);
        events.push(self.head.finish(finish, usage));
        events.extend(usage.map(|usage| self.head.usage(usage)));
        Ok(())
    }

    fn begin(&mut self, events: &mut Vec<ChatEvent>) {
        if !std::mem::replace(&mut self.is_begun, true) {
            events.push(self.head.role());
        }
    }

    fn part(&mut self, part: AnswerPart, response: &Response, events: &mut Vec<ChatEvent>) {
        if let Some(call) = part.function_call {
            let n = self.calls;
            let Some(call) = function_call(call, n, response.response_id.as_deref()) else {
                return;
            };
            self.begin(events);
            self.calls += 1;
            let extra = part.thought_signature.map(|signature| extra_content(&signature));
            events.push(self.head.call_with(n, &call.id, &call.name, extra.as_ref()));
            events.push(self.head.arguments(n, &call.arguments));
            return;
        }
        let Some(text) = part.text.filter(|text| !text.is_empty()) else { return };
        self.begin(events);
        self.has_content = true;
        events.push(match part.thought {
            Some(true) => self.head.reasoning(&text),
            _ => self.head.text(&text),
        });
    }
}
