//! Writes the stream of an answer in Anthropic's events.
//!
//! One block is open at a time there, while calls may come interleaved: what belongs to a later
//! block waits until the ones before it have ended. Text and reasoning end when something else
//! begins, a call when its arguments' object is complete, and everything at the end of the answer.

use std::collections::VecDeque;

use bytes::Bytes;
use tollgate_domain::chat::{ChatEvent, EventFacts};
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::wire::{Body, Delta, End, Event, Usage};
use super::{Block, Head, input};
use crate::error::transient;
use crate::openai::Arguments;

/// The most bytes that may wait for an earlier block to end.
const MAX_WAITING_BYTES: usize = 16 << 20;
/// The most blocks that may wait.
const MAX_WAITING_BLOCKS: usize = 4096;

/// A stream so far. Nothing is written twice, and nothing after [`end`](Self::end).
#[derive(Debug)]
pub(crate) struct Writer {
    head: Head,
    events: Vec<ChatEvent>,
    is_started: bool,
    is_ended: bool,
    /// The open block, and those that wait for it to end.
    blocks: VecDeque<Pending>,
    /// The place of the first of `blocks` in the answer.
    index: usize,
    waiting_bytes: usize,
    has_calls: bool,
    stop_reason: Option<String>,
    usage: Option<TokenUsage>,
    /// Usage that no event's facts have told.
    news: Option<TokenUsage>,
    output_bytes: usize,
    reasoning_bytes: usize,
}

/// A block that is being written, or waits to be.
#[derive(Debug)]
struct Pending {
    part: Part,
    /// What has come and is not yet written.
    text: String,
    signature: String,
    is_open: bool,
}

#[derive(Debug)]
enum Part {
    Text,
    Thinking,
    Call { n: usize, id: String, name: String, arguments: Arguments, is_written: bool },
}

impl Pending {
    fn new(part: Part) -> Self {
        Self { part, text: String::new(), signature: String::new(), is_open: false }
    }

    /// Whether nothing more is expected of it once another block waits.
    fn may_end(&self) -> bool {
        match &self.part {
            Part::Text | Part::Thinking => true,
            Part::Call { arguments, .. } => arguments.is_complete(),
        }
    }

    fn start(&self) -> Block {
        match &self.part {
            Part::Text => Block::Text { text: String::new() },
            Part::Thinking => Block::Thinking { thinking: String::new(), signature: String::new() },
            Part::Call { id, name, .. } => Block::call(id.as_str(), name.as_str(), ""),
        }
    }
}

impl Writer {
    /// The stream that answers under `head`.
    pub(crate) fn new(head: Head) -> Self {
        Self {
            head,
            events: Vec::new(),
            is_started: false,
            is_ended: false,
            blocks: VecDeque::new(),
            index: 0,
            waiting_bytes: 0,
            has_calls: false,
            stop_reason: None,
            usage: None,
            news: None,
            output_bytes: 0,
            reasoning_bytes: 0,
        }
    }

    /// What the provider calls the answer and its model; too late once the answer has begun.
    pub(crate) fn learn(&mut self, id: &str, model: &str) {
        if !self.is_started {
            self.head.learn(id, model);
        }
    }

    /// Begins the answer; whatever else comes first does it too.
    pub(crate) fn start(&mut self) {
        if std::mem::replace(&mut self.is_started, true) {
            return;
        }
        let head = self.head.clone();
        let usage = self.usage.as_ref().map_or_else(|| Usage::estimate(&head, 0, 0), Usage::of);
        let message = Body::new(&head, &[], None, usage);
        self.push(&Event::MessageStart { message }, EventFacts::default());
    }

    /// Adds visible text.
    pub(crate) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.add(text, |part| matches!(part, Part::Text), || Part::Text);
        }
    }

    /// Adds reasoning.
    pub(crate) fn thinking(&mut self, text: &str) {
        if !text.is_empty() {
            self.add(text, |part| matches!(part, Part::Thinking), || Part::Thinking);
        }
    }

    /// Signs the reasoning so far, or none.
    pub(crate) fn signature(&mut self, signature: &str) {
        self.start();
        if !matches!(self.blocks.back(), Some(Pending { part: Part::Thinking, .. })) {
            self.blocks.push_back(Pending::new(Part::Thinking));
        }
        if let Some(block) = self.blocks.back_mut() {
            block.signature.push_str(signature);
            self.waiting_bytes += signature.len();
        }
        self.write();
    }

    /// Begins the `n`th call; one that was begun before goes on.
    pub(crate) fn call(&mut self, n: usize, id: &str, name: &str) {
        let is_it = |part: &Part| matches!(part, Part::Call { n: of, .. } if *of == n);
        if self.blocks.iter().any(|block| is_it(&block.part)) {
            return;
        }
        self.start();
        self.has_calls = true;
        let (id, name, arguments) = (id.to_owned(), name.to_owned(), Arguments::default());
        let part = Part::Call { n, id, name, arguments, is_written: false };
        self.blocks.push_back(Pending::new(part));
        self.write();
    }

    /// Adds to the arguments of the `n`th call. What comes after their end is left out.
    pub(crate) fn arguments(&mut self, n: usize, fragment: &str) {
        for block in &mut self.blocks {
            if let Part::Call { n: of, arguments, .. } = &mut block.part
                && *of == n
                && !arguments.is_complete()
            {
                arguments.take(fragment);
                block.text.push_str(fragment);
                self.waiting_bytes += fragment.len();
            }
        }
        self.write();
    }

    /// Why the answer ends, in Anthropic's word; of several, the last.
    pub(crate) fn finish(&mut self, stop_reason: impl Into<String>) {
        self.start();
        self.stop_reason = Some(stop_reason.into());
    }

    /// What the answer used so far; replaces what was said before.
    pub(crate) fn usage(&mut self, usage: TokenUsage) {
        self.usage = Some(usage);
        self.news = Some(usage);
    }

    /// Ends the answer: ends its blocks, and tells why it ended and what it used.
    pub(crate) fn end(&mut self) {
        if std::mem::replace(&mut self.is_ended, true) {
            return;
        }
        self.start();
        while !self.blocks.is_empty() {
            self.open();
            self.close();
        }
        let reason = self.stop_reason.take();
        let otherwise = if self.has_calls { "tool_use" } else { "end_turn" };
        let reason = reason.unwrap_or_else(|| otherwise.to_owned());
        let usage = match &self.usage {
            Some(usage) => Usage::of(usage),
            None => Usage::estimate(&self.head, self.output_bytes, self.reasoning_bytes),
        };
        let delta = End { stop_reason: &reason, stop_sequence: None };
        // Told where it belongs, even if an earlier event has told it.
        self.news = self.usage;
        let facts = EventFacts {
            has_content: true,
            finish_reason: Some(reason.clone()),
            ..EventFacts::default()
        };
        self.push(&Event::MessageDelta { delta, usage }, facts);
        self.push(&Event::MessageStop {}, EventFacts::default());
    }

    /// The events since they were last taken. Fails when too much waits for an earlier block.
    pub(crate) fn take(&mut self) -> Result<Vec<ChatEvent>, Failure> {
        if self.waiting_bytes > MAX_WAITING_BYTES || self.blocks.len() > MAX_WAITING_BLOCKS {
            return Err(transient("the provider's stream interleaves too much to be relayed"));
        }
        Ok(std::mem::take(&mut self.events))
    }

    /// Adds `text` to the last block if it is of that kind, or to a new one.
    fn add(&mut self, text: &str, is_it: fn(&Part) -> bool, part: fn() -> Part) {
        self.start();
        if !self.blocks.back().is_some_and(|block| is_it(&block.part)) {
            self.blocks.push_back(Pending::new(part()));
        }
        if let Some(block) = self.blocks.back_mut() {
            block.text.push_str(text);
            self.waiting_bytes += text.len();
        }
        self.write();
    }

    /// Writes what can be written: of the open block all, and the next ones once it may end.
    fn write(&mut self) {
        loop {
            self.open();
            let may_end = self.blocks.front().is_none_or(Pending::may_end);
            if self.blocks.len() < 2 || !may_end {
                return;
            }
            self.close();
        }
    }

    /// Opens the first block, and writes what of it has come.
    fn open(&mut self) {
        let Some(mut block) = self.blocks.pop_front() else { return };
        if !std::mem::replace(&mut block.is_open, true) {
            let facts = match &block.part {
                Part::Call { name, .. } => self.output(name.len()),
                Part::Text | Part::Thinking => EventFacts::default(),
            };
            let (index, content_block) = (self.index, block.start());
            self.push(&Event::ContentBlockStart { index, content_block }, facts);
        }
        self.waiting_bytes -= block.text.len() + block.signature.len();
        self.grow(&mut block);
        self.waiting_bytes += block.text.len();
        self.blocks.push_front(block);
    }

    /// Writes what has come of an open block.
    fn grow(&mut self, block: &mut Pending) {
        match &mut block.part {
            // What is no object is known whole only at its end.
            Part::Call { is_written, .. } => {
                if *is_written || block.text.trim_start().starts_with('{') {
                    *is_written |= !block.text.is_empty();
                    self.fragment(&std::mem::take(&mut block.text));
                }
            }
            Part::Text => {
                let text = std::mem::take(&mut block.text);
                if !text.is_empty() {
                    let facts = self.output(text.len());
                    self.delta(Delta::Text { text: &text }, facts);
                }
            }
            Part::Thinking => {
                let (text, signature) =
                    (std::mem::take(&mut block.text), std::mem::take(&mut block.signature));
                if !text.is_empty() {
                    let facts = self.reasoning(text.len());
                    self.delta(Delta::Thinking { thinking: &text }, facts);
                }
                if !signature.is_empty() {
                    let facts = EventFacts::default();
                    self.delta(Delta::Signature { signature: &signature }, facts);
                }
            }
        }
    }

    /// Ends the first block.
    fn close(&mut self) {
        let Some(block) = self.blocks.pop_front() else { return };
        self.waiting_bytes -= block.text.len();
        if let Part::Call { is_written: false, .. } = &block.part {
            self.fragment(input(&block.text).get());
        }
        self.push(&Event::ContentBlockStop { index: self.index }, EventFacts::default());
        self.index += 1;
    }

    fn fragment(&mut self, partial_json: &str) {
        if !partial_json.is_empty() {
            let facts = self.output(partial_json.len());
            self.delta(Delta::Input { partial_json }, facts);
        }
    }

    fn delta(&mut self, delta: Delta<'_>, facts: EventFacts) {
        self.push(&Event::ContentBlockDelta { index: self.index, delta }, facts);
    }

    fn output(&mut self, bytes: usize) -> EventFacts {
        self.output_bytes += bytes;
        EventFacts { has_content: true, output_bytes: bytes, ..EventFacts::default() }
    }

    fn reasoning(&mut self, bytes: usize) -> EventFacts {
        self.reasoning_bytes += bytes;
        EventFacts { has_content: true, reasoning_bytes: bytes, ..EventFacts::default() }
    }

    fn push(&mut self, event: &Event<'_>, facts: EventFacts) {
        let data = serde_json::to_vec(event).expect("texts and numbers can be written");
        self.events.push(ChatEvent {
            name: Some(Bytes::from_static(event.name().as_bytes())),
            data: Bytes::from(data),
            facts: EventFacts { usage: self.news.take(), ..facts },
        });
    }
}

#[cfg(test)]
mod tests;
