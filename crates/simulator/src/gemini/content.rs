//! `:generateContent` and `:streamGenerateContent`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error::Refusal;
use super::request::{in_openais_words, read, read_count};
use crate::behaviour::UsageStyle;
use crate::openai::{MadeUp, make_up};
use crate::reply::{Event, Part, Reply};
use crate::server::Asked;

/// An answer about to be put into JSON.
struct Content<'a> {
    asked: &'a Asked<'a>,
    model: &'a str,
    made_up: MadeUp,
}

pub(super) fn whole(asked: &Asked<'_>, model: &str) -> Result<Reply, Refusal> {
    let content = Content::new(asked, model)?;
    let parts: Vec<Value> = content.parts();
    let body = content.response(&parts, Some(content.finish()));
    Ok(Reply::json(StatusCode::OK, &body, content.made_up.tokens))
}

/// The same as events, each of them a small answer; without SSE one list of them.
pub(super) fn stream(asked: &Asked<'_>, model: &str, is_sse: bool) -> Result<Reply, Refusal> {
    let content = Content::new(asked, model)?;
    let pieces: Vec<Value> =
        content.pieces().into_iter().map(|part| content.response(&[part], None)).collect();
    // As at Google, the reason comes after the calls, beside an empty text.
    let last = content.response(&[json!({"text": ""})], Some(content.finish()));
    if !is_sse {
        let list: Vec<Value> = pieces.into_iter().chain([last]).collect();
        return Ok(Reply::json(StatusCode::OK, &json!(list), content.made_up.tokens));
    }
    let mut events: Vec<Event> = pieces.iter().map(Event::content).collect();
    events.push(Event::new(Part::Finish, &last));
    Ok(Reply::events(events))
}

/// `:countTokens`.
pub(super) fn count(asked: &Asked<'_>, model: &str) -> Result<Reply, Refusal> {
    let tokens = made_up(asked, model, &read_count(asked)?)?.prompt_tokens;
    let cached = asked.behaviour.cached_tokens.min(tokens);
    Ok(Reply::ok(&json!({"totalTokens": tokens, "cachedContentTokenCount": cached})))
}

fn made_up(asked: &Asked<'_>, model: &str, body: &Value) -> Result<MadeUp, Refusal> {
    let thinks = body["generationConfig"]["thinkingConfig"]["includeThoughts"] == true;
    let words = in_openais_words(body, model).to_string();
    let translated = Asked { body: words.as_bytes(), ..*asked };
    make_up(&translated, thinks)
        .ok_or_else(|| Refusal::bad("Request contains an invalid argument."))
}

impl<'a> Content<'a> {
    fn new(asked: &'a Asked<'a>, model: &'a str) -> Result<Self, Refusal> {
        let made_up = made_up(asked, model, &read(asked)?)?;
        Ok(Self { asked, model, made_up })
    }

    fn finish(&self) -> &'static str {
        if self.made_up.finish == "length" { "MAX_TOKENS" } else { "STOP" }
    }

    fn response(&self, parts: &[Value], finish: Option<&str>) -> Value {
        let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
        if let Some(finish) = finish {
            candidate["finishReason"] = json!(finish);
        }
        let mut response = json!({
            "candidates": [candidate], "modelVersion": self.model,
            "responseId": format!("sim{}", self.asked.number),
        });
        if self.asked.behaviour.usage != UsageStyle::Never {
            let made_up = &self.made_up;
            let cached = self.asked.behaviour.cached_tokens.min(made_up.prompt_tokens);
            response["usageMetadata"] = json!({
                "promptTokenCount": made_up.prompt_tokens, "cachedContentTokenCount": cached,
                "candidatesTokenCount": made_up.tokens - made_up.reasoning_tokens,
                "thoughtsTokenCount": made_up.reasoning_tokens,
                "totalTokenCount": made_up.prompt_tokens + made_up.tokens,
            });
        }
        response
    }

    fn parts(&self) -> Vec<Value> {
        let made_up = &self.made_up;
        let (thought, text) = (made_up.reasoning.concat(), made_up.text.concat());
        let thought = (!thought.is_empty()).then(|| json!({"text": thought, "thought": true}));
        let text = (!text.is_empty()).then(|| json!({"text": text}));
        thought.into_iter().chain(text).chain(self.calls()).collect()
    }

    /// The parts as they are streamed: a token each, a call each.
    fn pieces(&self) -> Vec<Value> {
        let made_up = &self.made_up;
        let thoughts = made_up.reasoning.iter().map(|it| json!({"text": it, "thought": true}));
        let texts = made_up.text.iter().map(|it| json!({"text": it}));
        thoughts.chain(texts).chain(self.calls()).collect()
    }

    /// Of parallel calls the first alone is signed.
    fn calls(&self) -> Vec<Value> {
        let calls = self.made_up.calls.iter().enumerate();
        let calls = calls.map(|(n, call)| {
            let args: Value = serde_json::from_str(&call.input.concat()).unwrap_or(json!({}));
            let mut part = json!({"functionCall": {"name": call.name, "args": args}});
            if n == 0 {
                part["thoughtSignature"] = json!("c2lt");
            }
            part
        });
        calls.collect()
    }
}
