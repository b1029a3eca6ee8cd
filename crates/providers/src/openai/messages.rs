//! Answers for callers of Anthropic's dialect: read as everybody's, then translated.

use bytes::Bytes;
use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;

use super::stream::ChatDecoder;
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::SseEvent;
use crate::translate::anthropic_to_openai::Relay;

/// Reads one stream of chunks for a caller of Anthropic's dialect.
#[derive(Debug)]
pub(super) struct MessageDecoder {
    chunks: ChatDecoder,
    relay: Relay,
}

impl MessageDecoder {
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        Self { chunks: ChatDecoder::new(call, target), relay: Relay::new(call, target) }
    }

    /// Adds what the caller gets of what the provider said; a sign of life for what it gets
    /// nothing of.
    fn relay(
        &mut self,
        chunks: Vec<StreamItem>,
        items: &mut Vec<StreamItem>,
    ) -> Result<(), Failure> {
        for item in chunks {
            match item {
                StreamItem::KeepAlive => items.push(StreamItem::KeepAlive),
                StreamItem::Event(chunk) => {
                    let events = self.relay.chunk(&chunk)?;
                    if events.is_empty() {
                        items.push(StreamItem::KeepAlive);
                    }
                    hand_over(events, items);
                }
            }
        }
        Ok(())
    }
}

impl Decoder for MessageDecoder {
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let mut chunks = Vec::new();
        self.chunks.event(event, &mut chunks)?;
        self.relay(chunks, items)
    }

    fn whole(&mut self, body: &Bytes, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let mut chunks = Vec::new();
        self.chunks.whole(body, &mut chunks)?;
        self.relay(chunks, items)?;
        hand_over(self.relay.end()?, items);
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.chunks.is_done()
    }

    fn end(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let mut chunks = Vec::new();
        self.chunks.end(&mut chunks)?;
        self.relay(chunks, items)?;
        hand_over(self.relay.end()?, items);
        Ok(())
    }
}

fn hand_over(events: Vec<ChatEvent>, items: &mut Vec<StreamItem>) {
    items.extend(events.into_iter().map(StreamItem::Event));
}
