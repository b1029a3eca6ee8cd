//! Reading a streamed answer. It has no mark of its end: the end of the body is one.

use bytes::Bytes;
use serde_json::value::RawValue;
use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;

use super::answer::{head, response, unreadable_end};
use super::failure::unreadable;
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::SseEvent;
use crate::translate::openai_answer::Head;
use crate::translate::openai_to_gemini::Relay;

/// Reads one stream of events for a caller of OpenAI's dialect.
#[derive(Debug)]
pub(super) struct ContentDecoder {
    head: Head,
    relay: Option<Relay>,
    is_whole: bool,
}

impl ContentDecoder {
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        Self { head: Head::new(call, target), relay: None, is_whole: false }
    }

    fn take(&mut self, data: &[u8], items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let response = response(data)?;
        let fill = &self.head;
        let relay = self.relay.get_or_insert_with(|| Relay::new(head(&response, fill.clone())));
        let mut events = Vec::new();
        relay.take(&response, &mut events);
        if events.is_empty() {
            items.push(StreamItem::KeepAlive);
        }
        hand_over(events, items);
        Ok(())
    }

    fn finish(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let Some(relay) = &mut self.relay else {
            return Err(unreadable("the provider's stream ended without an answer"));
        };
        if !relay.is_finished() {
            return Err(unreadable("the provider's stream was cut before its end"));
        }
        let mut events = Vec::new();
        relay.end(&mut events).map_err(|reason| unreadable_end(&reason))?;
        hand_over(events, items);
        Ok(())
    }
}

impl Decoder for ContentDecoder {
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let data = event.data.trim_ascii();
        // Compatible servers close with OpenAI's mark.
        if data.is_empty() || data == b"[DONE]" {
            items.push(StreamItem::KeepAlive);
            return Ok(());
        }
        self.take(data, items)
    }

    /// Reads one answer, or the list of all events that a server without SSE writes.
    fn whole(&mut self, body: &Bytes, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let list: Vec<&RawValue> = match body.trim_ascii_start().starts_with(b"[") {
            true => serde_json::from_slice(body)
                .map_err(|_| unreadable("the provider's answer cannot be read"))?,
            false => Vec::new(),
        };
        match list.is_empty() {
            true => self.take(body, items)?,
            false => list.iter().try_for_each(|it| self.take(it.get().as_bytes(), items))?,
        }
        self.finish(items)?;
        self.is_whole = true;
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.is_whole
    }

    fn end(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        if self.is_whole { Ok(()) } else { self.finish(items) }
    }
}

fn hand_over(events: impl IntoIterator<Item = ChatEvent>, items: &mut Vec<StreamItem>) {
    items.extend(events.into_iter().map(StreamItem::Event));
}
