//! Reading a streamed answer: when it has begun, is over, or has failed, whoever the caller is.

use bytes::Bytes;
use tollgate_domain::chat::{Answer, ChatCall, ChatEvent, Dialect};
use tollgate_domain::failure::Failure;

use super::answer::{head, message};
use super::event::Event;
use super::failure::{error_in, unreadable};
use super::native::{self, Native};
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::SseEvent;
use crate::translate::openai_answer::{Completion, Head};
use crate::translate::openai_to_anthropic::{Piece, Relay, completion};

/// Reads one stream of events.
#[derive(Debug)]
pub(super) struct MessageDecoder {
    output: Output,
    is_started: bool,
    /// Whether the caller has text, reasoning or a call.
    has_content: bool,
    /// Whether the provider has said why the answer ended.
    is_finished: bool,
    is_done: bool,
    is_whole: bool,
}

/// What the caller gets, by their dialect.
#[derive(Debug)]
enum Output {
    /// Chunks of OpenAI's.
    Translated(Relay),
    /// The events themselves.
    Native(Native),
}

impl Output {
    /// What the caller gets of the event of that name.
    fn take(&mut self, name: Option<Bytes>, data: &Bytes, piece: Option<Piece>) -> Vec<ChatEvent> {
        let mut events = Vec::new();
        match self {
            Self::Translated(relay) => {
                if let Some(piece) = piece {
                    relay.take(piece, &mut events);
                }
            }
            Self::Native(native) => {
                events.extend(name.map(|name| native.take(name, data, piece.as_ref())));
            }
        }
        events
    }
}

impl MessageDecoder {
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        let output = match call.dialect {
            Dialect::OpenAi => Output::Translated(Relay::new(Head::new(call, target))),
            Dialect::Anthropic => Output::Native(Native::default()),
        };
        Self {
            output,
            is_started: false,
            has_content: false,
            is_finished: false,
            is_done: false,
            is_whole: false,
        }
    }

    /// The whole answer that the `items` of the stream so far amount to.
    pub(super) fn answer(&self, items: &[StreamItem]) -> Result<Answer, Failure> {
        let events = items.iter().filter_map(|item| match item {
            StreamItem::Event(event) => Some(event),
            StreamItem::KeepAlive => None,
        });
        match &self.output {
            Output::Native(_) => native::assembled(events),
            Output::Translated(relay) => {
                let mut completion = Completion::default();
                events.for_each(|event| completion.add(event));
                Ok(completion.answer(relay.head()))
            }
        }
    }

    fn hand_over(
        &mut self,
        events: impl IntoIterator<Item = ChatEvent>,
        items: &mut Vec<StreamItem>,
    ) {
        for event in events {
            self.has_content |= event.facts.has_content;
            self.is_finished |= event.facts.finish_reason.is_some();
            items.push(StreamItem::Event(event));
        }
    }
}

impl Decoder for MessageDecoder {
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let data = event.data.slice_ref(event.data.trim_ascii());
        if let Some(failure) = error_in(&data) {
            return Err(failure);
        }
        if event.name.as_deref() == Some(b"error") {
            return Err(unreadable("the provider sent an error event"));
        }
        // Compatible servers close with OpenAI's mark, and some then leave the connection open.
        self.is_done |= data.as_ref() == b"[DONE]";
        if self.is_done {
            return Ok(());
        }
        if data.is_empty() {
            items.push(StreamItem::KeepAlive);
            return Ok(());
        }
        let read = Event::parse(&data)?;
        if read.kind.as_deref() == Some("error") {
            return Err(unreadable("the provider sent an error event"));
        }
        self.is_done |= read.kind.as_deref() == Some("message_stop");
        let piece = read.piece()?;
        self.is_started |= piece.is_some();
        let name = event.name.clone().or_else(|| read.kind.clone().map(Bytes::from));
        let events = self.output.take(name, &data, piece);
        if events.is_empty() && !self.is_done {
            items.push(StreamItem::KeepAlive);
        }
        self.hand_over(events, items);
        Ok(())
    }

    fn whole(&mut self, body: &Bytes, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let message = message(body)?;
        match &self.output {
            Output::Translated(relay) => {
                let completion = completion(&message);
                let head = head(&message, relay.head().clone());
                self.hand_over(completion.events(&head), items);
                self.hand_over(completion.usage.map(|usage| head.usage(usage)), items);
            }
            Output::Native(_) => {
                for event in native::streamed(body)? {
                    self.event(&event, items)?;
                }
            }
        }
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
        let is_told = self.is_done && self.has_content;
        if !self.is_finished && !is_told {
            return Err(unreadable("the provider's stream was cut before its end"));
        }
        let mut events = Vec::new();
        match &mut self.output {
            Output::Translated(relay) => relay.end(&mut events),
            Output::Native(native) => native.end(&mut events),
        }
        self.hand_over(events, items);
        Ok(())
    }
}
