//! Reading a streamed answer. It has no mark of its end, which is that of the body; servers that
//! only speak like Gemini may close with OpenAI's mark.

use bytes::Bytes;
use serde_json::value::RawValue;
use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;

use super::answer::{response, unreadable_end};
use super::failure::unreadable;
use super::head::Head;
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::SseEvent;
use crate::translate::gemini_answer::{Reading, Relay};

/// Reads one stream of events.
#[derive(Debug)]
pub(super) struct ContentDecoder {
    head: Head,
    relay: Option<Box<dyn Relay>>,
    reading: Reading,
    is_over: bool,
}

impl ContentDecoder {
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        let head = Head::new(call, target);
        Self { head, relay: None, reading: Reading::of(call), is_over: false }
    }

    fn take(&mut self, data: &[u8], items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let response = response(data)?;
        let fill = &self.head;
        let begin = || fill.clone().learnt(&response).relay();
        let relay = self.relay.get_or_insert_with(begin);
        let mut events = Vec::new();
        for piece in self.reading.take(&response) {
            relay.take(&piece, &mut events)?;
        }
        if events.is_empty() {
            items.push(StreamItem::KeepAlive);
        }
        hand_over(events, items);
        Ok(())
    }

    fn finish(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        if self.is_over {
            return Ok(());
        }
        let Some(relay) = &mut self.relay else {
            return Err(unreadable("the provider's stream ended without an answer"));
        };
        if !self.reading.is_finished() {
            return Err(unreadable("the provider's stream was cut before its end"));
        }
        let (end, usage) = self.reading.finish().map_err(|reason| unreadable_end(&reason))?;
        let mut events = Vec::new();
        relay.end(end, usage, &mut events)?;
        hand_over(events, items);
        self.is_over = true;
        Ok(())
    }
}

impl Decoder for ContentDecoder {
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        match event.data.trim_ascii() {
            b"" => {
                items.push(StreamItem::KeepAlive);
                Ok(())
            }
            b"[DONE]" => self.finish(items),
            data => self.take(data, items),
        }
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
        self.finish(items)
    }

    fn is_done(&self) -> bool {
        self.is_over
    }

    fn end(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        self.finish(items)
    }
}

fn hand_over(events: impl IntoIterator<Item = ChatEvent>, items: &mut Vec<StreamItem>) {
    items.extend(events.into_iter().map(StreamItem::Event));
}
