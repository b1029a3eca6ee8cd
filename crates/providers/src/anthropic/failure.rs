//! What an error of an Anthropic-shaped provider means.
//!
//! The name of its cause (`details.error_code`) goes first, then its words where nothing else tells
//! a key's problem from the caller's, then its type, and last its status.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::error::redact;
use crate::hint::retry_after;
use crate::protocol::WireReply;

/// The longest code that is kept, in characters.
const MAX_WORD: usize = 100;
/// What a limit may be on, in the names of the headers that tell of it.
const LIMITS: [&str; 4] = ["requests", "tokens", "input-tokens", "output-tokens"];

/// What a reply with a bad status means.
pub(super) fn of_reply(reply: &WireReply, now: DateTime<Utc>) -> Failure {
    let status = reply.status.as_u16();
    let told = Told::read(&reply.body).unwrap_or_default();
    let hint = retry_after(&reply.headers, "", now).or_else(|| exhausted(&reply.headers, now));
    let mut failure = told.failure(status);
    // A limit that is over soon says when; what Anthropic does not say that of is a month's.
    if failure.class == FailureClass::RateLimited
        && hint.is_none()
        && told.kind.as_deref() == Some("rate_limit_error")
        && told.cause.is_none()
    {
        failure.class = FailureClass::QuotaSpent;
    }
    failure.http_status = Some(status);
    failure.retry_after = hint;
    if failure.message.is_empty() {
        failure.message = match reply.status.is_redirection() {
            true => format!("the provider redirects ({}); is the base URL right?", reply.status),
            false => format!("the provider answered {} without an error message", reply.status),
        };
    }
    failure
}

/// The failure that a body or event with a good status holds, if it holds one.
pub(super) fn error_in(body: &[u8]) -> Option<Failure> {
    let told = Told::read(body)?;
    let mut failure = told.failure(StatusCode::OK.as_u16());
    if failure.message.is_empty() {
        "the provider sent an error without a message".clone_into(&mut failure.message);
    }
    Some(failure)
}

/// The failure of a good status with a body that is no answer.
pub(super) fn unreadable(what: &str) -> Failure {
    let mut failure = Failure::new(FailureClass::Transient, what);
    failure.http_status = Some(StatusCode::OK.as_u16());
    failure
}

/// The longest time until a limit that is used up has room again.
fn exhausted(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name: String| headers.get(name)?.to_str().ok();
    let reset = |limit: &&str| {
        let left: f64 = text(format!("anthropic-ratelimit-{limit}-remaining"))?.parse().ok()?;
        let at = text(format!("anthropic-ratelimit-{limit}-reset"))?;
        let at = DateTime::parse_from_rfc3339(at).ok()?.to_utc();
        (left <= 0.0).then(|| (at - now).to_std().unwrap_or_default())
    };
    LIMITS.iter().filter_map(reset).max()
}

/// What an error says of itself.
#[derive(Debug, Default)]
struct Told {
    message: String,
    kind: Option<String>,
    /// The stable name of the cause.
    cause: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    error: Value,
}

impl Told {
    /// The error in a body; `None` when it holds none.
    fn read(body: &[u8]) -> Option<Self> {
        let Body { error } = serde_json::from_slice(body).ok()?;
        let text = |value: &Value| value.as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        match &error {
            Value::String(message) if !message.is_empty() => {
                Some(Self { message: message.clone(), ..Self::default() })
            }
            Value::Object(fields) if !fields.is_empty() => Some(Self {
                message: text(&error["message"]).unwrap_or_default(),
                kind: text(&error["type"]),
                cause: text(&error["details"]["error_code"]),
            }),
            _ => None,
        }
    }

    fn failure(&self, status: u16) -> Failure {
        let mut failure = Failure::new(self.class(status), redact(&self.message, ""));
        let code = self.cause.as_deref().or(self.kind.as_deref());
        failure.code = code.map(|code| redact(code, "").chars().take(MAX_WORD).collect());
        failure
    }

    fn class(&self, status: u16) -> FailureClass {
        let cause = self.cause.as_deref().and_then(cause_class);
        cause.or_else(|| self.kind_class(status)).unwrap_or_else(|| status_class(status))
    }

    /// The class of its type; `None` where the status tells more.
    fn kind_class(&self, status: u16) -> Option<FailureClass> {
        Some(match self.kind.as_deref()? {
            "invalid_request_error" => match request_class(&self.message.to_ascii_lowercase()) {
                // Inside a 200 nothing but the type tells.
                None if status < 300 => FailureClass::ClientFault,
                class => class?,
            },
            "authentication_error" => FailureClass::KeyRefused,
            "billing_error" => FailureClass::QuotaSpent,
            "permission_error" => FailureClass::KeyDeniedForModel,
            "not_found_error" => FailureClass::ModelMissing,
            "request_too_large" => FailureClass::ClientFault,
            "rate_limit_error" => FailureClass::RateLimited,
            "overloaded_error" => FailureClass::Overloaded,
            // `api_error` says no more than its status, which may be a busy provider's.
            "timeout_error" | "conflict_error" => FailureClass::Transient,
            _ => return None,
        })
    }
}

fn cause_class(cause: &str) -> Option<FailureClass> {
    match cause {
        "organization_on_hold" | "organization_disabled" | "cmek_key_disabled" => {
            Some(FailureClass::KeyRefused)
        }
        "ramp_limit_exceeded" => Some(FailureClass::RateLimited),
        _ if cause.ends_with("spend_limit_reached") => Some(FailureClass::QuotaSpent),
        _ => None,
    }
}

/// The class of a wrong request by its words, which are all that tells these apart; `None` for one
/// that is told as wrong but came with another status.
fn request_class(message: &str) -> Option<FailureClass> {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
    // Only where the message begins with the account: what a caller sent may be quoted further on,
    // and no caller may put a key out of use with it.
    let is_about_account = ["you ", "your ", "this organization ", "this workspace "]
        .iter()
        .any(|subject| message.starts_with(subject));
    let spent = ["credit balance is too low", "specified api usage limits", "spend limit"];
    if is_about_account && says(&spent) {
        return Some(FailureClass::QuotaSpent);
    }
    if is_about_account && says(&["organization has been disabled"]) {
        return Some(FailureClass::KeyRefused);
    }
    if says(&["prompt is too long", "exceed context limit", "context window"]) {
        return Some(FailureClass::ContextTooLong);
    }
    says(&["content filtering policy", "usage policy"]).then_some(FailureClass::ContentRefused)
}

fn status_class(status: u16) -> FailureClass {
    match status {
        401 => FailureClass::KeyRefused,
        402 => FailureClass::QuotaSpent,
        403 => FailureClass::KeyDeniedForModel,
        404 => FailureClass::ModelMissing,
        429 => FailureClass::RateLimited,
        503 | 529 => FailureClass::Overloaded,
        407..=409 => FailureClass::Transient,
        400..=499 => FailureClass::ClientFault,
        _ => FailureClass::Transient,
    }
}
