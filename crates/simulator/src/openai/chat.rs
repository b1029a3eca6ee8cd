//! `POST /chat/completions`, and its whole answer.

use serde_json::{Value, json};

use super::answer::{ChatAnswer, Said, ToolCall};
use super::error::Refusal;
use super::request::ChatRequest;
use super::stream;
use crate::behaviour::UsageStyle;
use crate::reply::Reply;
use crate::server::Asked;

/// A request with its answer, about to be put into JSON.
pub(super) struct Chat<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) request: ChatRequest,
    pub(super) answer: ChatAnswer,
}

pub(super) fn answer(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let request = ChatRequest::read(asked)?;
    let answer = ChatAnswer::new(&request, asked.number, asked.behaviour.text.as_deref());
    let chat = Chat { asked, request, answer };
    if asked.behaviour.streams(chat.request.stream) {
        return Ok(Reply::events(stream::events(&chat)));
    }
    let tokens = chat.answer.tokens * chat.request.choices;
    Ok(Reply::json(axum::http::StatusCode::OK, &chat.completion(), tokens))
}

impl Chat<'_> {
    pub(super) fn id(&self) -> String {
        format!("chatcmpl-sim{}", self.asked.number)
    }

    pub(super) fn usage(&self) -> Value {
        let prompt = self.request.prompt_tokens();
        let completion = self.answer.tokens * self.request.choices;
        json!({
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {
                "cached_tokens": self.asked.behaviour.cached_tokens.min(prompt), "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": self.answer.reasoning_tokens * self.request.choices,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        })
    }

    fn completion(&self) -> Value {
        let choices: Vec<Value> =
            (0..self.request.choices).map(|index| self.choice(index)).collect();
        let mut completion = json!({
            "id": self.id(),
            "object": "chat.completion",
            "created": self.asked.config.created,
            "model": self.request.model,
            "choices": choices,
            "service_tier": "default",
            "system_fingerprint": "fp_simulator",
        });
        if self.asked.behaviour.usage != UsageStyle::Never {
            completion["usage"] = self.usage();
        }
        completion
    }

    fn choice(&self, index: u64) -> Value {
        json!({
            "index": index,
            "message": self.message(),
            "logprobs": null,
            "finish_reason": self.answer.finish,
        })
    }

    fn message(&self) -> Value {
        let mut message =
            json!({"role": "assistant", "content": null, "refusal": null, "annotations": []});
        if !self.answer.reasoning.is_empty() {
            message["reasoning_content"] = self.answer.reasoning.concat().into();
        }
        match &self.answer.said {
            Said::Text(pieces) => message["content"] = pieces.concat().into(),
            Said::Calls(calls) => {
                message["tool_calls"] = calls.iter().map(ToolCall::to_json).collect();
            }
        }
        message
    }
}

impl ToolCall {
    pub(super) fn kind(&self) -> &'static str {
        if self.is_custom { "custom" } else { "function" }
    }

    pub(super) fn input_field(&self) -> &'static str {
        if self.is_custom { "input" } else { "arguments" }
    }

    fn to_json(&self) -> Value {
        let called = json!({"name": self.name, self.input_field(): self.input.concat()});
        json!({"id": self.id, "type": self.kind(), self.kind(): called})
    }
}
