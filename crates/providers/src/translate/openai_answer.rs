//! Answers as OpenAI writes them, for providers that write them otherwise.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall, ChatEvent, EventFacts};
use tollgate_domain::usage::TokenUsage;

use crate::openai::usage_json;
use crate::protocol::Target;

/// What every chunk of an answer repeats.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// The answer's id.
    pub(crate) id: String,
    /// When it was made, in Unix seconds.
    pub(crate) created: i64,
    /// The model.
    pub(crate) model: String,
}

impl Head {
    /// The head of the answer to `call` by `target`, where the provider says nothing: the same
    /// however often it is asked.
    pub(crate) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        Self {
            id: format!("chatcmpl-{}", call.request_id.to_string().replace('-', "")),
            created: call.request_id.arrived_at().timestamp(),
            model: target.model_code.to_owned(),
        }
    }

    fn event(&self, choices: &Value, usage: Option<&TokenUsage>, facts: EventFacts) -> ChatEvent {
        let mut chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage_json(usage);
        }
        ChatEvent { name: None, data: Bytes::from(chunk.to_string()), facts }
    }

    fn delta(&self, delta: &Value, facts: EventFacts) -> ChatEvent {
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": null});
        self.event(&json!([choice]), None, facts)
    }

    /// The chunk that opens the answer.
    pub(crate) fn role(&self) -> ChatEvent {
        self.delta(&json!({"role": "assistant", "content": ""}), EventFacts::default())
    }

    /// A chunk of the visible text.
    pub(crate) fn text(&self, text: &str) -> ChatEvent {
        self.delta(&json!({"content": text}), output(text.len()))
    }

    /// A chunk of the reasoning.
    pub(crate) fn reasoning(&self, text: &str) -> ChatEvent {
        let facts =
            EventFacts { has_content: true, reasoning_bytes: text.len(), ..EventFacts::default() };
        self.delta(&json!({"reasoning_content": text}), facts)
    }

    /// The chunk that begins the call at `index`.
    pub(crate) fn call(&self, index: usize, id: &str, name: &str) -> ChatEvent {
        self.call_with(index, id, name, None)
    }

    /// The same with what the provider wants to see again beside the call.
    pub(crate) fn call_with(
        &self,
        index: usize,
        id: &str,
        name: &str,
        extra: Option<&Value>,
    ) -> ChatEvent {
        let mut call = json!({
            "index": index, "id": id, "type": "function",
            "function": {"name": name, "arguments": ""},
        });
        if let Some(extra) = extra {
            call["extra_content"] = extra.clone();
        }
        self.delta(&json!({"tool_calls": [call]}), output(name.len()))
    }

    /// A chunk of the arguments of the call at `index`.
    pub(crate) fn arguments(&self, index: usize, fragment: &str) -> ChatEvent {
        let call = json!({"index": index, "function": {"arguments": fragment}});
        self.delta(&json!({"tool_calls": [call]}), output(fragment.len()))
    }

    /// The chunk that tells why the answer ended.
    pub(crate) fn finish(&self, reason: &str, usage: Option<TokenUsage>) -> ChatEvent {
        let choice = json!({"index": 0, "delta": {}, "logprobs": null, "finish_reason": reason});
        let facts = EventFacts {
            has_content: true,
            usage,
            finish_reason: Some(reason.to_owned()),
            ..EventFacts::default()
        };
        self.event(&json!([choice]), None, facts)
    }

    /// The chunk after the answer with what it used.
    pub(crate) fn usage(&self, usage: TokenUsage) -> ChatEvent {
        let facts = EventFacts { usage: Some(usage), is_usage_only: true, ..EventFacts::default() };
        self.event(&json!([]), Some(&usage), facts)
    }
}

fn output(bytes: usize) -> EventFacts {
    EventFacts { has_content: true, output_bytes: bytes, ..EventFacts::default() }
}

/// A whole answer in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Completion {
    /// The visible text.
    pub(crate) text: String,
    /// The reasoning.
    pub(crate) reasoning: String,
    /// The calls of tools.
    pub(crate) calls: Vec<FunctionCall>,
    /// What the provider wants to see again beside a call, by the call's place.
    pub(crate) extras: BTreeMap<usize, Value>,
    /// Why it ended.
    pub(crate) finish: String,
    /// Its tokens, where the provider says.
    pub(crate) usage: Option<TokenUsage>,
}

/// The call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FunctionCall {
    /// Its id.
    pub(crate) id: String,
    /// The tool's name.
    pub(crate) name: String,
    /// The arguments' JSON.
    pub(crate) arguments: String,
}

impl Completion {
    /// The answer in OpenAI's words.
    pub(crate) fn answer(&self, head: &Head) -> Answer {
        let choice = json!({
            "index": 0, "message": self.message(), "logprobs": null, "finish_reason": self.finish,
        });
        let mut body = json!({
            "id": head.id,
            "object": "chat.completion",
            "created": head.created,
            "model": head.model,
            "choices": [choice],
        });
        if let Some(usage) = &self.usage {
            body["usage"] = usage_json(usage);
        }
        let calls = self.calls.iter().map(|call| call.name.len() + call.arguments.len());
        let facts = AnswerFacts {
            usage: self.usage,
            finish_reason: Some(self.finish.clone()),
            output_bytes: self.text.len() + calls.sum::<usize>(),
            reasoning_bytes: self.reasoning.len(),
            counted: None,
        };
        Answer { body: Bytes::from(body.to_string()), facts }
    }

    /// Adds what a chunk of ours says, for a stream that came where a whole answer was asked for.
    pub(crate) fn add(&mut self, event: &ChatEvent) {
        // Later usage replaces earlier usage.
        self.usage = event.facts.usage.or(self.usage);
        if let Some(reason) = &event.facts.finish_reason {
            self.finish.clone_from(reason);
        }
        let chunk: Value = serde_json::from_slice(&event.data).unwrap_or_default();
        let delta = &chunk["choices"][0]["delta"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.text += &text(&delta["content"]);
        self.reasoning += &text(&delta["reasoning_content"]);
        for call in delta["tool_calls"].as_array().into_iter().flatten() {
            if call["id"].is_string() {
                let (id, name) = (text(&call["id"]), text(&call["function"]["name"]));
                self.calls.push(FunctionCall { id, name, arguments: String::new() });
            }
            let index = call["index"].as_u64().and_then(|index| usize::try_from(index).ok());
            if let Some(call_of) = index.and_then(|index| self.calls.get_mut(index)) {
                call_of.arguments += &text(&call["function"]["arguments"]);
            }
        }
    }

    fn message(&self) -> Value {
        let is_only_calls = self.text.is_empty() && !self.calls.is_empty();
        let content = if is_only_calls { Value::Null } else { json!(self.text) };
        let mut message = json!({"role": "assistant", "content": content, "refusal": null});
        if !self.reasoning.is_empty() {
            message["reasoning_content"] = json!(self.reasoning);
        }
        if !self.calls.is_empty() {
            message["tool_calls"] = self.calls.iter().map(FunctionCall::json).collect();
            for (index, extra) in &self.extras {
                message["tool_calls"][*index]["extra_content"] = extra.clone();
            }
        }
        message
    }

    /// The events that the answer would have been streamed in, its usage excepted.
    pub(crate) fn events(&self, head: &Head) -> Vec<ChatEvent> {
        let mut events = vec![head.role()];
        if !self.reasoning.is_empty() {
            events.push(head.reasoning(&self.reasoning));
        }
        if !self.text.is_empty() {
            events.push(head.text(&self.text));
        }
        for (index, call) in self.calls.iter().enumerate() {
            let extra = self.extras.get(&index);
            events.push(head.call_with(index, &call.id, &call.name, extra));
            events.push(head.arguments(index, &call.arguments));
        }
        events.push(head.finish(&self.finish, self.usage));
        events
    }
}

impl FunctionCall {
    fn json(&self) -> Value {
        json!({
            "id": self.id, "type": "function",
            "function": {"name": self.name, "arguments": self.arguments},
        })
    }
}
