//! A streamed answer of Anthropic's in OpenAI's chunks.
//!
//! | Anthropic | OpenAI |
//! | --- | --- |
//! | `message_start` | the chunk with the role |
//! | a `tool_use` block's start | a call with the next index, its id and name |
//! | `text_delta` | `content` |
//! | `thinking_delta` | `reasoning_content` |
//! | `input_json_delta` | `function.arguments` |
//! | the end of a call without any | the arguments `{}` |
//! | `message_delta` | the finish reason |
//! | the end | the usage |
//! | signatures, citations, other blocks, pings | nothing |

use tollgate_domain::chat::ChatEvent;

use super::answer::{call_id, finish};
use crate::anthropic::wire::{Block, Delta, Message, Usage};
use crate::translate::openai_answer::Head;

/// The most calls that one answer may have; what follows is left out.
const MAX_CALLS: usize = 1024;

/// One event of Anthropic's.
#[derive(Debug)]
pub(crate) enum Piece {
    /// The answer begins.
    Start(Message),
    /// A block begins.
    BlockStart(usize, Block),
    /// A block grows.
    BlockDelta(usize, Delta),
    /// A block ends.
    BlockStop(usize),
    /// The answer has ended, or its counts have grown.
    Delta(Delta, Option<Usage>),
}

/// A stream so far.
#[derive(Debug)]
pub(crate) struct Relay {
    head: Head,
    message_id: Option<String>,
    is_begun: bool,
    calls: Vec<Call>,
    finish: Option<&'static str>,
    usage: Usage,
}

/// A call of a tool in a stream.
#[derive(Debug)]
struct Call {
    /// Its block's place among all blocks.
    block: usize,
    /// What its arguments are if no fragment of them comes.
    whole: Option<String>,
    is_open: bool,
}

impl Relay {
    /// The stream that answers under `head`, unless the provider names another.
    pub(crate) fn new(head: Head) -> Self {
        Self {
            head,
            message_id: None,
            is_begun: false,
            calls: Vec::new(),
            finish: None,
            usage: Usage::default(),
        }
    }

    /// What every chunk so far repeats.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// Adds the chunks that `piece` amounts to; none at all for many.
    pub(crate) fn take(&mut self, piece: Piece, events: &mut Vec<ChatEvent>) {
        match piece {
            Piece::Start(message) => self.start(message, events),
            Piece::BlockStart(index, block) => self.block(index, block, events),
            Piece::BlockDelta(index, delta) => self.delta(index, &delta, events),
            Piece::BlockStop(index) => self.close(|call| call.block == index, events),
            Piece::Delta(delta, usage) => {
                if let Some(usage) = usage {
                    self.usage.replace(&usage);
                }
                if delta.stop_reason.is_some() && self.finish.is_none() {
                    self.finish(delta.stop_reason.as_deref(), events);
                }
            }
        }
    }

    /// Adds what is still owed at the end of the stream.
    pub(crate) fn end(&mut self, events: &mut Vec<ChatEvent>) {
        if self.finish.is_none() {
            self.finish(None, events);
        }
        if let Some(usage) = self.usage.buckets() {
            events.push(self.head.usage(usage));
        }
    }

    fn start(&mut self, message: Message, events: &mut Vec<ChatEvent>) {
        self.message_id.clone_from(&message.id);
        if let Some(id) = message.id.filter(|id| !id.is_empty()) {
            self.head.id = id;
        }
        if let Some(model) = message.model.filter(|model| !model.is_empty()) {
            self.head.model = model;
        }
        if let Some(usage) = message.usage {
            self.usage.replace(&usage);
        }
        self.begin(events);
    }

    fn begin(&mut self, events: &mut Vec<ChatEvent>) {
        if !std::mem::replace(&mut self.is_begun, true) {
            events.push(self.head.role());
        }
    }

    fn block(&mut self, index: usize, block: Block, events: &mut Vec<ChatEvent>) {
        match block.kind.as_str() {
            "text" => self.text(block.text.as_deref(), events),
            "thinking" => self.reasoning(block.thinking.as_deref(), events),
            "tool_use" if self.calls.len() < MAX_CALLS => {
                self.begin(events);
                let n = self.calls.len();
                let id = call_id(block.id, n, self.message_id.as_deref());
                events.push(self.head.call(n, &id, block.name.as_deref().unwrap_or_default()));
                let input = block.input.as_deref().map(|input| input.get().to_owned());
                let whole = input.filter(|input| input.starts_with('{'));
                let whole = Some(whole.unwrap_or_else(|| "{}".to_owned()));
                self.calls.push(Call { block: index, whole, is_open: true });
            }
            _ => {}
        }
    }

    fn delta(&mut self, index: usize, delta: &Delta, events: &mut Vec<ChatEvent>) {
        match delta.kind.as_deref() {
            Some("text_delta") => self.text(delta.text.as_deref(), events),
            Some("thinking_delta") => self.reasoning(delta.thinking.as_deref(), events),
            Some("input_json_delta") => {
                let fragment = delta.partial_json.as_deref().filter(|json| !json.is_empty());
                let call = self.calls.iter().rposition(|call| call.block == index && call.is_open);
                if let (Some(fragment), Some(n)) = (fragment, call) {
                    self.calls[n].whole = None;
                    events.push(self.head.arguments(n, fragment));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: Option<&str>, events: &mut Vec<ChatEvent>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.begin(events);
            events.push(self.head.text(text));
        }
    }

    fn reasoning(&mut self, text: Option<&str>, events: &mut Vec<ChatEvent>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.begin(events);
            events.push(self.head.reasoning(text));
        }
    }

    /// Ends calls: one without fragments has its arguments now.
    fn close(&mut self, ends: impl Fn(&Call) -> bool, events: &mut Vec<ChatEvent>) {
        for (n, call) in self.calls.iter_mut().enumerate() {
            if call.is_open && ends(call) {
                call.is_open = false;
                if let Some(whole) = call.whole.take() {
                    events.push(self.head.arguments(n, &whole));
                }
            }
        }
    }

    fn finish(&mut self, stop_reason: Option<&str>, events: &mut Vec<ChatEvent>) {
        self.begin(events);
        self.close(|_| true, events);
        let reason = finish(stop_reason, !self.calls.is_empty());
        self.finish = Some(reason);
        events.push(self.head.finish(reason, self.usage.buckets()));
    }
}
