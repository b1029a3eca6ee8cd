//! A stream that came where a whole answer was asked for, as that answer. Fields and blocks that are
//! not known here keep their bytes.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::chat::{Answer, ChatEvent};
use tollgate_domain::failure::Failure;

use super::facts;
use crate::anthropic::answer::message;
use crate::anthropic::event::{Event, lenient};
use crate::anthropic::failure::unreadable;
use crate::splice::{Edit, Fields, quoted};

/// What stands where a server sends no `message_start`.
const NO_START: &str = r#"{"type":"message","role":"assistant","content":[]}"#;

/// The whole answer that `events` amount to.
pub(in crate::anthropic) fn assembled<'a>(
    events: impl IntoIterator<Item = &'a ChatEvent>,
) -> Result<Answer, Failure> {
    let mut assembly = Assembly::default();
    for event in events {
        assembly.add(Event::parse(&event.data)?);
    }
    let body = assembly.message();
    let body = Bytes::from(body.ok_or_else(|| unreadable("the provider's stream is no message"))?);
    let facts = facts(&message(&body)?);
    Ok(Answer { body, facts })
}

/// A message so far, in the texts that it is made of.
#[derive(Default)]
struct Assembly<'a> {
    start: Option<&'a str>,
    blocks: BTreeMap<usize, Block<'a>>,
    /// Fields that later events set.
    fields: BTreeMap<String, &'a str>,
    usage: BTreeMap<String, &'a str>,
}

/// A block so far.
#[derive(Default)]
struct Block<'a> {
    start: &'a str,
    text: String,
    thinking: String,
    signature: Option<String>,
    json: String,
    citations: Vec<&'a str>,
}

/// What an event adds to a block.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Growth<'a> {
    text: Option<String>,
    thinking: Option<String>,
    signature: Option<String>,
    partial_json: Option<String>,
    #[serde(borrow)]
    citation: Option<&'a RawValue>,
}

impl<'a> Assembly<'a> {
    fn add(&mut self, event: Event<'a>) {
        let index = event.index();
        match event.kind.as_deref() {
            Some("message_start") => self.start = event.message.map(RawValue::get),
            Some("content_block_start") => {
                let start = event.content_block.map_or("{}", RawValue::get);
                self.blocks.insert(index, Block { start, ..Block::default() });
            }
            Some("content_block_delta") => {
                if let Some(block) = self.blocks.get_mut(&index) {
                    block.grow(lenient(event.delta));
                }
            }
            Some("message_delta") => {
                self.fields.extend(pairs(event.delta));
                self.usage.extend(pairs(event.usage));
            }
            _ => {}
        }
    }

    /// The message's text; `None` where its start is no object.
    fn message(&self) -> Option<String> {
        let start = self.start.unwrap_or(NO_START);
        let fields = Fields::parse(start).ok()?;
        let blocks: Vec<String> = self.blocks.values().map(Block::text).collect();
        let content = format!("[{}]", blocks.join(","));
        let set = self.fields.iter().map(|(name, value)| Edit::set(name.as_str(), *value));
        let mut edits = vec![Edit::set("content", content)];
        edits.extend(set);
        let usage = fields.get("usage").filter(|usage| usage.starts_with('{')).unwrap_or("{}");
        let counts = self.usage.iter().map(|(name, value)| Edit::set(name.as_str(), *value));
        let counts: Vec<Edit<'_>> = counts.collect();
        if let Some(usage) = Fields::parse(usage).ok()?.edited(&counts) {
            edits.push(Edit::set("usage", usage));
        }
        Some(fields.edited(&edits).unwrap_or_else(|| start.to_owned()))
    }
}

/// The fields of an object; a null says nothing.
fn pairs(object: Option<&RawValue>) -> Vec<(String, &str)> {
    let fields = object.and_then(|object| Fields::parse(object.get()).ok());
    let Some(fields) = fields else { return Vec::new() };
    let named = fields.names().map(str::to_owned);
    named
        .filter_map(|name| fields.get(&name).map(|value| (name, value)))
        .filter(|(_, value)| *value != "null")
        .collect()
}

impl<'a> Block<'a> {
    fn grow(&mut self, growth: Growth<'a>) {
        self.text += growth.text.as_deref().unwrap_or_default();
        self.thinking += growth.thinking.as_deref().unwrap_or_default();
        self.json += growth.partial_json.as_deref().unwrap_or_default();
        self.signature = growth.signature.or(self.signature.take());
        self.citations.extend(growth.citation.map(RawValue::get));
    }

    /// The block's text, grown.
    fn text(&self) -> String {
        let Ok(fields) = Fields::parse(self.start) else { return self.start.to_owned() };
        let mut edits = Vec::new();
        for (name, more) in [("text", &self.text), ("thinking", &self.thinking)] {
            if !more.is_empty() {
                let begun = fields.get(name).and_then(|text| serde_json::from_str(text).ok());
                let begun: String = begun.unwrap_or_default();
                edits.push(Edit::set(name, quoted(&(begun + more))));
            }
        }
        if let Some(signature) = &self.signature {
            edits.push(Edit::set("signature", quoted(signature)));
        }
        // Arguments that break off are no JSON; the block then keeps the empty ones it began with.
        if serde_json::from_str::<&RawValue>(&self.json).is_ok() {
            edits.push(Edit::set("input", self.json.trim()));
        }
        if !self.citations.is_empty() {
            let begun: Option<Vec<&RawValue>> =
                fields.get("citations").and_then(|list| serde_json::from_str(list).ok());
            let begun = begun.unwrap_or_default();
            let all: Vec<&str> =
                begun.iter().map(|it| it.get()).chain(self.citations.iter().copied()).collect();
            edits.push(Edit::set("citations", format!("[{}]", all.join(","))));
        }
        fields.edited(&edits).unwrap_or_else(|| self.start.to_owned())
    }
}
