//! `POST /v1/messages`, and its whole answer.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error::Refusal;
use super::request::{in_openais_words, read};
use super::stream;
use crate::behaviour::UsageStyle;
use crate::openai::{MadeUp, make_up};
use crate::reply::Reply;
use crate::server::Asked;

/// What all thinking is signed with.
pub(super) const SIGNATURE: &str = "c2lt";

/// An answer about to be put into JSON.
pub(super) struct Message<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) model: String,
    pub(super) made_up: MadeUp,
}

pub(super) fn answer(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let (body, model) = read(asked, false)?;
    let thinks = matches!(body["thinking"]["type"].as_str(), Some("enabled" | "adaptive"));
    let message = Message { asked, model, made_up: made_up(asked, &body, thinks)? };
    if asked.behaviour.streams(body["stream"] == true) {
        return Ok(Reply::events(stream::events(&message)));
    }
    Ok(Reply::json(StatusCode::OK, &message.whole(), message.made_up.tokens))
}

/// `POST /v1/messages/count_tokens`.
pub(super) fn count(asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let (body, _) = read(asked, true)?;
    let tokens = made_up(asked, &body, false)?.prompt_tokens;
    Ok(Reply::ok(&json!({"input_tokens": tokens})))
}

fn made_up(asked: &Asked<'_>, body: &Value, thinks: bool) -> Result<MadeUp, Refusal> {
    let words = in_openais_words(body).to_string();
    let asked = Asked { body: words.as_bytes(), ..*asked };
    make_up(&asked, thinks).ok_or_else(|| Refusal::bad("messages: Input is not valid"))
}

impl Message<'_> {
    pub(super) fn id(&self) -> String {
        format!("msg_sim{}", self.asked.number)
    }

    /// The message without its content, as it also opens a stream.
    pub(super) fn head(&self, output_tokens: u64) -> Value {
        let mut head = json!({
            "id": self.id(), "type": "message", "role": "assistant", "model": self.model,
            "content": [], "stop_reason": null, "stop_sequence": null,
        });
        if self.asked.behaviour.usage != UsageStyle::Never {
            head["usage"] = self.usage(output_tokens);
        }
        head
    }

    pub(super) fn usage(&self, output_tokens: u64) -> Value {
        let prompt = self.made_up.prompt_tokens;
        let cached = self.asked.behaviour.cached_tokens.min(prompt);
        json!({
            "input_tokens": prompt - cached,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": cached,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "output_tokens": output_tokens,
            "output_tokens_details": {"thinking_tokens": self.made_up.reasoning_tokens.min(output_tokens)},
            "service_tier": "standard",
        })
    }

    pub(super) fn stop_reason(&self) -> &'static str {
        match self.made_up.finish {
            "length" => "max_tokens",
            _ if !self.made_up.calls.is_empty() => "tool_use",
            _ if self.made_up.stop.is_some() => "stop_sequence",
            _ => "end_turn",
        }
    }

    fn whole(&self) -> Value {
        let mut content = Vec::new();
        if !self.made_up.reasoning.is_empty() {
            let thinking = self.made_up.reasoning.concat();
            content.push(json!({"type": "thinking", "thinking": thinking, "signature": SIGNATURE}));
        }
        if !self.made_up.text.is_empty() {
            content.push(json!({"type": "text", "text": self.made_up.text.concat()}));
        }
        for call in &self.made_up.calls {
            let input: Value = serde_json::from_str(&call.input.concat()).unwrap_or(json!({}));
            content.push(
                json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input}),
            );
        }
        let mut message = self.head(self.made_up.tokens);
        message["content"] = content.into();
        message["stop_reason"] = self.stop_reason().into();
        message["stop_sequence"] = json!(self.made_up.stop);
        message
    }
}
