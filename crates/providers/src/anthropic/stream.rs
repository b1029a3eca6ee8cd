//! Reading a streamed answer.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;

use super::answer::{head, message};
use super::failure::{error_in, unreadable};
use super::wire::{Delta, Message, Usage};
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::SseEvent;
use crate::translate::openai_answer::Head;
use crate::translate::openai_to_anthropic::{Piece, Relay, completion};

/// Reads one stream of events for a caller of OpenAI's dialect.
#[derive(Debug)]
pub(super) struct MessageDecoder {
    head: Head,
    relay: Relay,
    is_started: bool,
    is_done: bool,
    is_whole: bool,
}

impl MessageDecoder {
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        let head = Head::new(call, target);
        let relay = Relay::new(head.clone());
        Self { head, relay, is_started: false, is_done: false, is_whole: false }
    }

    /// What every chunk so far repeats.
    pub(super) fn head(&self) -> &Head {
        self.relay.head()
    }
}

/// An event, its parts unread: those of an unknown one may be anything.
#[derive(Debug, Deserialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: Option<String>,
    index: Option<usize>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    content_block: Option<&'a RawValue>,
    #[serde(borrow)]
    delta: Option<&'a RawValue>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
}

impl Decoder for MessageDecoder {
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let data = event.data.trim_ascii();
        let is_error = event.name.as_deref() == Some(b"error");
        if let Some(failure) = error_in(data) {
            return Err(failure);
        }
        if is_error {
            return Err(unreadable("the provider sent an error event"));
        }
        // Compatible servers close with OpenAI's mark, and some then leave the connection open.
        self.is_done |= data == b"[DONE]";
        if self.is_done {
            return Ok(());
        }
        if data.is_empty() {
            items.push(StreamItem::KeepAlive);
            return Ok(());
        }
        let event: Event<'_> = serde_json::from_slice(data)
            .map_err(|_| unreadable("an event of the provider's stream is not JSON"))?;
        if event.kind.as_deref() == Some("error") {
            return Err(unreadable("the provider sent an error event"));
        }
        self.is_done |= event.kind.as_deref() == Some("message_stop");
        let mut events = Vec::new();
        if let Some(piece) = event.piece()? {
            self.is_started = true;
            self.relay.take(piece, &mut events);
        }
        if events.is_empty() && !self.is_done {
            items.push(StreamItem::KeepAlive);
        }
        hand_over(events, items);
        Ok(())
    }

    fn whole(&mut self, body: &Bytes, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let message = message(body)?;
        let completion = completion(&message);
        let head = head(&message, self.head.clone());
        hand_over(completion.events(&head), items);
        hand_over(completion.usage.map(|usage| head.usage(usage)), items);
        (self.is_whole, self.is_done) = (true, true);
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.is_done
    }

    fn end(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        if self.is_whole {
            return Ok(());
        }
        if !self.is_started {
            return Err(unreadable("the provider's stream ended without an answer"));
        }
        // An end without a reason is believed where there is an answer for it to be the end of.
        let is_told = self.is_done && self.relay.has_content();
        if !self.relay.is_finished() && !is_told {
            return Err(unreadable("the provider's stream was cut before its end"));
        }
        let mut events = Vec::new();
        self.relay.end(&mut events);
        hand_over(events, items);
        Ok(())
    }
}

impl Event<'_> {
    /// What the event adds to the answer; nothing for kinds that are not known here.
    fn piece(&self) -> Result<Option<Piece>, Failure> {
        let index = self.index.unwrap_or_default();
        Ok(Some(match self.kind.as_deref() {
            Some("message_start") => Piece::Start(read::<Message>(self.message)?),
            Some("content_block_start") => Piece::BlockStart(index, lenient(self.content_block)),
            Some("content_block_delta") => Piece::BlockDelta(index, lenient(self.delta)),
            Some("content_block_stop") => Piece::BlockStop(index),
            Some("message_delta") => {
                // Counts that cannot be read are no reason to break an answer off.
                Piece::Delta(read::<Delta>(self.delta)?, lenient::<Option<Usage>>(self.usage))
            }
            _ => return Ok(None),
        }))
    }
}

fn read<'a, T: Deserialize<'a> + Default>(part: Option<&'a RawValue>) -> Result<T, Failure> {
    let Some(part) = part else { return Ok(T::default()) };
    serde_json::from_str(part.get())
        .map_err(|_| unreadable("an event of the provider's stream cannot be read"))
}

/// A block or delta; an empty one of no kind where it is one that is not known here.
fn lenient<'a, T: Deserialize<'a> + Default>(part: Option<&'a RawValue>) -> T {
    part.and_then(|part| serde_json::from_str(part.get()).ok()).unwrap_or_default()
}

fn hand_over(events: impl IntoIterator<Item = ChatEvent>, items: &mut Vec<StreamItem>) {
    items.extend(events.into_iter().map(StreamItem::Event));
}
