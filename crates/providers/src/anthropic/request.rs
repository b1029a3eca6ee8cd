//! The request as an upstream wants it.
//!
//! A caller of OpenAI's dialect is translated first; one of Anthropic's is relayed byte for byte
//! but for what [`fit`] has to change. What the provider's row adds and takes away, and the sampling
//! that no model takes, is the same for both.

mod fit;

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};

use super::abilities::refuses;
use super::version;
use crate::error::transient;
use crate::protocol::Target;
use crate::splice::{Edits, Fields};
use crate::translate::openai_to_anthropic;

/// Fields that a provider's default parameters cannot set: the caller says them, or the longest
/// answer is chosen before.
const RESERVED: [&str; 5] = ["model", "messages", "system", "stream", "max_tokens"];
const SAMPLING: [&str; 3] = ["temperature", "top_p", "top_k"];
/// All that a request to count tokens may say; anything more is refused.
const COUNTED: [&str; 7] =
    ["messages", "model", "output_config", "system", "thinking", "tool_choice", "tools"];
/// Fields of a request for an answer that mean nothing where tokens are counted.
const NOT_COUNTED: [&str; 8] = [
    "max_tokens",
    "metadata",
    "service_tier",
    "stop_sequences",
    "stream",
    "temperature",
    "top_k",
    "top_p",
];
/// The smallest budget for thinking that Anthropic takes, in tokens.
const LEAST_THINKING: i64 = 1024;
/// The least `top_p` that goes with thinking.
const THINKING_TOP_P: f64 = 0.95;

/// The body that asks `call` of `target`. Fails at what the caller's dialect can say and
/// Anthropic's cannot.
pub(super) fn body(call: &ChatCall, target: &Target<'_>) -> Result<Bytes, Failure> {
    match call.dialect {
        Dialect::Anthropic => {
            let unreadable =
                || Failure::new(FailureClass::ClientFault, "the body is not a JSON object");
            let text = str::from_utf8(&call.body).map_err(|_| unreadable())?;
            let fields = Fields::parse(text).map_err(|_| unreadable())?;
            let edited = Draft::new(call, target, &fields).edited(&mut Vec::new());
            Ok(edited.map_or_else(|| call.body.clone(), Bytes::from))
        }
        Dialect::OpenAi => {
            let mut translated = openai_to_anthropic::request(&call.body, target)?;
            let unwritable = |_| transient("the request cannot be written");
            let text = serde_json::to_string(&translated.request).map_err(unwritable)?;
            let fields = Fields::parse(&text).map_err(unwritable)?;
            let edited = Draft::new(call, target, &fields).edited(&mut translated.notes);
            Ok(Bytes::from(edited.unwrap_or(text)))
        }
    }
}

/// A request on its way: what it says, and what becomes of that.
struct Draft<'a> {
    call: &'a ChatCall,
    target: &'a Target<'a>,
    fields: &'a Fields<'a>,
    edits: Edits<'a>,
}

impl<'a> Draft<'a> {
    fn new(call: &'a ChatCall, target: &'a Target<'a>, fields: &'a Fields<'a>) -> Self {
        Self { call, target, fields, edits: Edits::default() }
    }

    /// The request's text with every edit made; `None` when there is none. What the caller does not
    /// get is added to `notes`.
    fn edited(mut self, notes: &mut Vec<&'static str>) -> Option<String> {
        self.row();
        if self.call.dialect == Dialect::Anthropic {
            fit::fit(&mut self, notes);
        }
        self.shorten(notes);
        self.sampling();
        if self.call.endpoint == Endpoint::CountTokens {
            NOT_COUNTED.iter().for_each(|name| self.edits.remove(name));
        }
        if !notes.is_empty() {
            let fields = notes.join(", ");
            let request_id = self.call.request_id;
            tracing::debug!(%request_id, fields, "fields were dropped or replaced");
        }
        self.edits.made(self.fields)
    }

    /// What the provider's row adds where the caller is silent, and takes away.
    fn row(&mut self) {
        let upstream = self.target.upstream;
        let counts = self.call.endpoint == Endpoint::CountTokens;
        for (name, value) in &upstream.default_params {
            let is_taken = match name.as_str() {
                "thinking" => self.can_think(value),
                _ => !RESERVED.contains(&name.as_str()),
            };
            let is_taken = is_taken && (!counts || COUNTED.contains(&name.as_str()));
            if self.fields.get(name).is_none() && is_taken {
                self.edits.set(name, value.to_string());
            }
        }
        upstream.quirks.strip.iter().for_each(|name| self.edits.remove(name));
    }

    /// Whether a caller who is silent on thinking can be given it: beside a forced tool, or in a
    /// shorter answer than it has a budget for, it would be refused.
    fn can_think(&self, thinking: &Value) -> bool {
        let is_forced = self.json("tool_choice").is_some_and(|choice| fit::is_forced(&choice));
        let longest = self.json("max_tokens").and_then(|tokens| tokens.as_i64());
        let budget = thinking["budget_tokens"].as_i64().unwrap_or(0);
        !is_forced && longest.is_none_or(|longest| budget < longest)
    }

    /// Asks for no longer an answer than the caller can pay for, nor for more thinking than fits
    /// into it.
    fn shorten(&mut self, notes: &mut Vec<&'static str>) {
        let asked = self.json("max_tokens").and_then(|tokens| tokens.as_i64());
        let Some(longest) = self.target.shorter_than(asked) else { return };
        self.edits.set("max_tokens", longest.to_string());
        let Some(mut thinking) = self.json("thinking") else { return };
        if thinking["budget_tokens"].as_i64().is_none_or(|budget| budget < longest) {
            return;
        }
        if longest > LEAST_THINKING {
            thinking["budget_tokens"] = Value::from(longest - 1);
            self.edits.set("thinking", thinking.to_string());
        } else {
            notes.push("thinking");
            self.edits.remove("thinking");
        }
    }

    /// Takes away the sampling that the model, or the version of the API, refuses.
    fn sampling(&mut self) {
        let is_refused = refuses(self.target, "sampling_params")
            || version::refuses_sampling(version::of(self.call, self.target.upstream));
        let thinks = self.thinks();
        for name in SAMPLING {
            let Some(value) = self.value(name) else { continue };
            let goes_with_thinking = match (name, value.parse::<f64>()) {
                ("temperature", Ok(degree)) => degree == 1.0,
                ("top_p", Ok(share)) => share >= THINKING_TOP_P,
                _ => false,
            };
            if is_refused || thinks && !goes_with_thinking {
                self.edits.remove(name);
            }
        }
    }

    /// Whether the model will be told to think.
    fn thinks(&self) -> bool {
        let thinking = self.json("thinking");
        let kind = thinking.as_ref().and_then(|thinking| thinking["type"].as_str());
        matches!(kind, Some("enabled" | "adaptive" | "between_tools"))
    }

    /// What that field will be; `None` for one that is not there, or null.
    fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        self.edits.outcome(self.fields, name)
    }

    /// The same, read. For small fields.
    fn json(&self, name: &str) -> Option<Value> {
        serde_json::from_str(&self.value(name)?).ok()
    }

    /// Sets a field, unless the provider's row never sends it.
    fn set(&mut self, name: &'static str, value: impl Into<Cow<'a, str>>) {
        if !self.target.upstream.quirks.strip.iter().any(|stripped| stripped == name) {
            self.edits.set(name, value);
        }
    }
}
