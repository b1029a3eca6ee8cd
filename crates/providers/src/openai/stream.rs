//! Reading a streamed chat answer.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::{ChatCall, ChatEvent, EventFacts};
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::answer::{finish_in, interrupted, repaired, usage_in};
use super::clean::{fragment, is_clean_chunk};
use super::convert;
use super::failure::{error_in, unreadable};
use super::repair;
use super::state::{Fill, StreamState};
use super::wire::{Choice, Part, Reply};
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::SseEvent;

/// Reads one stream of chunks.
#[derive(Debug)]
pub(super) struct ChatDecoder {
    fill: Fill,
    wants_usage: bool,
    state: StreamState,
    usage: Option<TokenUsage>,
    usage_is_told: bool,
    /// Whether `fill` is the stream's own id, so that chunks of ours carry it too.
    head_is_known: bool,
    is_done: bool,
}

impl ChatDecoder {
    /// The same, telling the usage whoever wants it.
    pub(super) fn with_usage(self) -> Self {
        Self { wants_usage: true, ..self }
    }

    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        Self {
            fill: Fill::new(call, target),
            wants_usage: call.facts.wants_stream_usage,
            state: StreamState::default(),
            usage: None,
            usage_is_told: false,
            head_is_known: false,
            is_done: false,
        }
    }

    /// Relays a chunk that needs no repair.
    fn relay(&mut self, data: &Bytes) -> Option<ChatEvent> {
        let reply: Reply<'_> = serde_json::from_slice(data).ok()?;
        // A caller's event is one line.
        if !is_clean_chunk(&reply, &self.state) || data.contains(&b'\n') {
            return None;
        }
        // All of them first, so that nothing is half taken in when one is too many.
        for choice in &reply.choices {
            self.state.choice_mut(choice.index)?;
        }
        for choice in &reply.choices {
            let state = self.state.choice_mut(choice.index)?;
            state.role_is_sent = true;
            let calls = choice.delta.get().and_then(|delta| delta.tool_calls.get());
            for call in calls.into_iter().flatten() {
                state.calls.take(fragment(call), |_| String::new());
            }
        }
        let facts = self.facts(&reply);
        Some(ChatEvent { name: None, data: data.clone(), facts })
    }

    /// Repairs a chunk; `None` if it holds nothing that a caller could use.
    fn mend(&mut self, data: &[u8]) -> Result<Option<ChatEvent>, Failure> {
        let value: Value = serde_json::from_slice(data)
            .map_err(|_| unreadable("an event of the provider's stream is not JSON"))?;
        if let Some(failure) = error_in(&value) {
            return Err(failure);
        }
        let Value::Object(mut chunk) = value else { return Ok(None) };
        if !chunk.contains_key("choices") && !chunk.contains_key("usage") {
            return Ok(None);
        }
        let failure = chunk.get("choices").and_then(Value::as_array);
        let failure = failure.into_iter().flatten().find_map(interrupted);
        repair::chunk(&mut chunk, &self.fill, &mut self.state);
        let event = self.event_of(&chunk)?;
        match failure {
            Some(failure) if !self.delivered_before(&event) => Err(failure),
            // An upstream that failed is a failure even then; one that ran short has cut the answer.
            Some(failure) if event.facts.finish_reason.as_deref() != Some("length") => Err(failure),
            _ => Ok(Some(event)),
        }
    }

    /// Whether the caller has content, be it the rest of the chunk that ends the answer.
    fn delivered_before(&self, event: &ChatEvent) -> bool {
        self.state.has_content || event.facts.output_bytes + event.facts.reasoning_bytes > 0
    }

    /// The event that a repaired chunk is.
    fn event_of(&mut self, chunk: &Map<String, Value>) -> Result<ChatEvent, Failure> {
        let unreadable = || unreadable("an event of the provider's stream cannot be read");
        let data = Bytes::from(serde_json::to_vec(chunk).map_err(|_| unreadable())?);
        let reply: Reply<'_> = serde_json::from_slice(&data).map_err(|_| unreadable())?;
        let facts = self.facts(&reply);
        Ok(ChatEvent { name: None, data: data.clone(), facts })
    }

    fn facts(&mut self, reply: &Reply<'_>) -> EventFacts {
        if !self.head_is_known && reply.id.0 != self.fill.id {
            self.learn_head(&reply.id.0, &reply.model.0, reply.created);
        }
        let was_finished = !self.state.is_empty() && self.state.unfinished().is_empty();
        for choice in &reply.choices {
            if let Some(reason) = choice.finish_reason.get()
                && let Some(state) = self.state.choice_mut(choice.index)
            {
                state.finish = Some(reason.0.clone().into_owned());
            }
        }
        let parts = || reply.choices.iter().filter_map(Choice::part);
        let usage = usage_in(reply);
        let finish_reason = finish_in(reply);
        let is_empty = finish_reason.is_none() && !parts().any(Part::has_content);
        if usage.is_some() {
            self.usage = usage;
            self.usage_is_told |= reply.usage.get().is_some();
        }
        EventFacts {
            has_content: !is_empty,
            usage,
            // OpenRouter's comes after the finish, with an empty delta.
            is_usage_only: reply.choices.is_empty() && reply.moderation.get().is_none()
                || is_empty && was_finished && reply.usage.get().is_some(),
            finish_reason,
            output_bytes: parts().map(Part::output_bytes).sum(),
            reasoning_bytes: parts().map(Part::reasoning_bytes).sum(),
        }
    }

    fn learn_head(&mut self, id: &str, model: &str, created: i64) {
        self.head_is_known = true;
        id.clone_into(&mut self.fill.id);
        model.clone_into(&mut self.fill.model);
        self.fill.created = created;
    }

    fn emit(&mut self, event: ChatEvent, items: &mut Vec<StreamItem>) {
        let facts = &event.facts;
        self.state.has_content |= facts.output_bytes + facts.reasoning_bytes > 0;
        items.push(StreamItem::Event(event));
    }

    /// Adds a chunk of ours.
    fn add(
        &mut self,
        choices: Value,
        usage: Value,
        items: &mut Vec<StreamItem>,
    ) -> Result<(), Failure> {
        let mut chunk = Map::from_iter([("choices".to_owned(), choices)]);
        if !usage.is_null() {
            chunk.insert("usage".to_owned(), usage);
        }
        repair::chunk(&mut chunk, &self.fill, &mut self.state);
        let event = self.event_of(&chunk)?;
        self.emit(event, items);
        Ok(())
    }
}

impl Decoder for ChatDecoder {
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let data = event.data.slice_ref(event.data.trim_ascii());
        if data.as_ref() == b"[DONE]" {
            self.is_done = true;
            return Ok(());
        }
        if data.is_empty() {
            items.push(StreamItem::KeepAlive);
            return Ok(());
        }
        if event.name.as_deref() == Some(b"error") {
            return Err(named_error(&data));
        }
        match self.relay(&data) {
            Some(event) => self.emit(event, items),
            None => match self.mend(&data)? {
                Some(event) => self.emit(event, items),
                None => items.push(StreamItem::KeepAlive),
            },
        }
        Ok(())
    }

    fn whole(&mut self, body: &Bytes, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        let answer = repaired(body.trim_ascii(), &self.fill)?;
        let text = |name: &str| answer[name].as_str().unwrap_or_default();
        let created = answer["created"].as_i64().unwrap_or_default();
        self.learn_head(text("id"), text("model"), created);
        for choices in convert::chunks(&answer) {
            self.add(choices, Value::Null, items)?;
        }
        if let Some(usage @ Value::Object(_)) = answer.get("usage") {
            self.add(json!([]), usage.clone(), items)?;
        }
        self.is_done = true;
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.is_done
    }

    fn end(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure> {
        if self.state.is_empty() {
            return Err(unreadable("the provider's stream ended without an answer"));
        }
        let unfinished = self.state.unfinished();
        // An end without a reason is believed where there is an answer for it to be the end of.
        let is_told = self.is_done && self.state.has_content;
        if !unfinished.is_empty() && !is_told {
            return Err(unreadable("the provider's stream was cut before its end"));
        }
        for (index, has_calls) in unfinished {
            let reason = if has_calls { "tool_calls" } else { "stop" };
            let choice = json!({"index": index, "delta": {}, "finish_reason": reason});
            self.add(json!([choice]), Value::Null, items)?;
        }
        if let Some(usage) = self.usage.filter(|_| self.wants_usage && !self.usage_is_told) {
            self.add(json!([]), convert::usage_json(&usage), items)?;
        }
        Ok(())
    }
}

/// The failure in an event named `error`, as Qwen's native interface sends it.
fn named_error(data: &[u8]) -> Failure {
    let value: Option<Value> = serde_json::from_slice(data).ok();
    value
        .as_ref()
        .and_then(error_in)
        .unwrap_or_else(|| unreadable("the provider sent an error event"))
}
