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
mod tests {
    use serde_json::Value;

    use super::*;

    fn writer() -> Writer {
        let head = Head { id: "msg_1".to_owned(), model: "m".to_owned(), prompt_estimate: 7 };
        Writer::new(head)
    }

    /// The events, each in short: its name without `content_block_`, its index and what it brings.
    fn shown(writer: &mut Writer) -> Vec<String> {
        let events = writer.take().unwrap();
        events.iter().map(show).collect()
    }

    fn show(event: &ChatEvent) -> String {
        let value: Value = serde_json::from_slice(&event.data).unwrap();
        let name = str::from_utf8(event.name.as_deref().unwrap()).unwrap();
        assert_eq!(value["type"], name);
        assert!(!event.data.contains(&b'\n'));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match name {
            "content_block_start" => {
                let block = &value["content_block"];
                format!(
                    "start {} {} {}",
                    value["index"],
                    text(&block["type"]),
                    text(&block["name"])
                )
            }
            "content_block_delta" => {
                let delta = &value["delta"];
                let fields = ["text", "thinking", "signature", "partial_json"];
                let piece: String = fields.iter().map(|field| text(&delta[*field])).collect();
                format!("delta {} {piece}", value["index"])
            }
            "content_block_stop" => format!("stop {}", value["index"]),
            "message_delta" => format!("end {}", text(&value["delta"]["stop_reason"])),
            other => other.to_owned(),
        }
    }

    #[test]
    fn thinking_then_text_then_calls_are_blocks_in_that_order() {
        let mut writer = writer();
        writer.thinking("Hm");
        writer.thinking("m.");
        writer.signature("sig");
        writer.text("Hi");
        writer.call(0, "toolu_1", "f");
        writer.arguments(0, "{\"a\"");
        writer.arguments(0, ":1}");
        writer.call(1, "toolu_2", "g");
        writer.finish("tool_use");
        writer.end();

        assert_eq!(
            shown(&mut writer),
            [
                "message_start",
                "start 0 thinking ",
                "delta 0 Hm",
                "delta 0 m.",
                "delta 0 sig",
                "stop 0",
                "start 1 text ",
                "delta 1 Hi",
                "stop 1",
                "start 2 tool_use f",
                "delta 2 {\"a\"",
                "delta 2 :1}",
                "stop 2",
                "start 3 tool_use g",
                "delta 3 {}",
                "stop 3",
                "end tool_use",
                "message_stop",
            ]
        );
    }

    #[test]
    fn interleaved_calls_wait_for_the_open_one_to_end() {
        let mut writer = writer();
        writer.call(0, "a", "f");
        writer.call(1, "b", "g");
        writer.text("meanwhile");
        writer.arguments(1, "{\"y\":");
        writer.arguments(0, "{\"x\":");
        assert_eq!(shown(&mut writer), ["message_start", "start 0 tool_use f", "delta 0 {\"x\":"]);

        writer.arguments(1, "2}");
        assert_eq!(shown(&mut writer), [""; 0]);
        writer.arguments(0, "1}");
        assert_eq!(
            shown(&mut writer),
            [
                "delta 0 1}",
                "stop 0",
                "start 1 tool_use g",
                "delta 1 {\"y\":2}",
                "stop 1",
                "start 2 text ",
                "delta 2 meanwhile",
            ]
        );
        writer.arguments(0, " ");
        writer.end();
        assert_eq!(shown(&mut writer), ["stop 2", "end tool_use", "message_stop"]);
    }

    #[test]
    fn arguments_that_are_no_object_are_told_at_their_end() {
        for (arguments, expected) in
            [("[1]", r#"{"_raw":"[1]"}"#), ("oops", r#"{"_raw":"oops"}"#), (" ", "{}")]
        {
            let mut writer = writer();
            writer.call(0, "a", "f");
            arguments.split("").for_each(|fragment| writer.arguments(0, fragment));
            writer.end();

            let shown = shown(&mut writer);
            assert_eq!(shown[2], format!("delta 0 {expected}"));
            assert_eq!(shown.len(), 6, "{shown:?}");
        }
    }

    #[test]
    fn an_answer_without_content_is_still_a_message() {
        let mut writer = writer();
        writer.text("");
        writer.thinking("");
        writer.end();
        writer.end();

        assert_eq!(shown(&mut writer), ["message_start", "end end_turn", "message_stop"]);
    }

    #[test]
    fn usage_is_an_estimate_first_and_the_providers_in_the_end() {
        let usage = TokenUsage::from_inclusive(30, 4, 6, 9, 2);
        let mut writer = writer();
        writer.text("Hi");
        writer.usage(TokenUsage::from_inclusive(1, 0, 0, 1, 0));
        writer.usage(usage);
        writer.end();

        let events = writer.take().unwrap();
        let of = |n: usize| -> Value { serde_json::from_slice(&events[n].data).unwrap() };
        assert_eq!(of(0)["message"]["usage"]["input_tokens"], 7);
        assert_eq!(of(0)["message"]["content"], Value::Array(Vec::new()));
        assert_eq!(events[0].facts.usage, None);
        let end = events.len() - 2;
        assert_eq!(of(end)["usage"]["input_tokens"], 20);
        assert_eq!(of(end)["usage"]["cache_creation_input_tokens"], 6);
        assert_eq!(of(end)["usage"]["output_tokens"], 9);
        assert_eq!(events[end].facts.usage, Some(usage));
        assert_eq!(events[end].facts.finish_reason.as_deref(), Some("end_turn"));
        let bytes: usize = events.iter().map(|event| event.facts.output_bytes).sum();
        assert_eq!(bytes, 2);
        let has_content = events.iter().map(|event| event.facts.has_content);
        assert_eq!(has_content.collect::<Vec<_>>(), [false, false, true, false, true, false]);
    }

    #[test]
    fn more_than_can_wait_is_a_failure() {
        let mut writer = writer();
        writer.call(0, "a", "f");
        writer.call(1, "b", "g");
        writer.arguments(1, &" ".repeat(MAX_WAITING_BYTES));
        assert!(writer.take().is_ok());
        writer.arguments(1, " ");

        assert!(writer.take().is_err());
    }
}
