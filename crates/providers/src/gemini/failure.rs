//! What an error of Gemini's means.
//!
//! Its details go first (a bad key is told as a wrong request, a spent day as a rate), then its
//! status, then its words where nothing else tells a too long prompt, and last the HTTP status.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::error::redact;
use crate::hint::retry_after;
use crate::protocol::WireReply;

/// The longest code that is kept, in characters.
const MAX_WORD: usize = 100;
/// The longest wait that a provider can impose.
const LONGEST: Duration = Duration::from_secs(3600);

/// What a reply with a bad status means.
pub(super) fn of_reply(reply: &WireReply, now: DateTime<Utc>) -> Failure {
    let status = reply.status.as_u16();
    let told = Told::read(&reply.body).unwrap_or_default();
    let mut failure = told.failure(status);
    failure.http_status = Some(status);
    // A day's quota comes back when the day is over, whatever the hint says.
    if failure.class != FailureClass::QuotaSpent {
        failure.retry_after = told.delay().or_else(|| retry_after(&reply.headers, "", now));
    }
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
    let mut failure = told.failure(told.code.unwrap_or(StatusCode::OK.as_u16()));
    if failure.class != FailureClass::QuotaSpent {
        failure.retry_after = told.delay();
    }
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

/// What an error says of itself.
#[derive(Debug, Default)]
struct Told {
    code: Option<u16>,
    message: String,
    status: Option<String>,
    details: Vec<Value>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    error: Value,
}

impl Told {
    /// The error in a body, or in the list that some paths wrap it in; `None` when it holds none.
    fn read(body: &[u8]) -> Option<Self> {
        let is_list = body.trim_ascii_start().starts_with(b"[");
        let Body { error } = match is_list {
            true => serde_json::from_slice::<Vec<Body>>(body).ok()?.into_iter().next()?,
            false => serde_json::from_slice(body).ok()?,
        };
        let text = |value: &Value| value.as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        match &error {
            Value::String(message) if !message.is_empty() => {
                Some(Self { message: message.clone(), ..Self::default() })
            }
            Value::Object(fields) if !fields.is_empty() => Some(Self {
                code: error["code"].as_u64().and_then(|code| code.try_into().ok()),
                message: text(&error["message"]).unwrap_or_default(),
                status: text(&error["status"]),
                details: error["details"].as_array().cloned().unwrap_or_default(),
            }),
            _ => None,
        }
    }

    fn failure(&self, status: u16) -> Failure {
        let mut failure = Failure::new(self.class(status), redact(&self.message, ""));
        let code = self.reason().or(self.status.as_deref());
        failure.code = code.map(|code| redact(code, "").chars().take(MAX_WORD).collect());
        failure
    }

    fn class(&self, status: u16) -> FailureClass {
        let reason = self.reason().and_then(reason_class);
        reason.or_else(|| self.status_class(status)).unwrap_or_else(|| http_class(status))
    }

    /// The class of its status; `None` for one that is not known.
    fn status_class(&self, status: u16) -> Option<FailureClass> {
        Some(match self.status.as_deref()? {
            "INVALID_ARGUMENT" => request_class(&self.message.to_ascii_lowercase()),
            // The caller's region or the key's billing.
            "FAILED_PRECONDITION" | "UNAUTHENTICATED" => FailureClass::KeyRefused,
            "PERMISSION_DENIED" => permission_class(&self.message.to_ascii_lowercase()),
            "NOT_FOUND" => FailureClass::ModelMissing,
            "RESOURCE_EXHAUSTED" if status == 402 || self.code == Some(402) || self.is_spent() => {
                FailureClass::QuotaSpent
            }
            "RESOURCE_EXHAUSTED" => FailureClass::RateLimited,
            "UNAVAILABLE" => FailureClass::Overloaded,
            "OUT_OF_RANGE" | "UNIMPLEMENTED" => FailureClass::ClientFault,
            "INTERNAL" | "DEADLINE_EXCEEDED" | "ABORTED" | "CANCELLED" | "UNKNOWN" => {
                FailureClass::Transient
            }
            _ => return None,
        })
    }

    /// Why, in one stable word.
    fn reason(&self) -> Option<&str> {
        self.details.iter().find_map(|detail| detail["reason"].as_str())
    }

    /// Whether the quota is one of a day, or credit that was paid for.
    fn is_spent(&self) -> bool {
        let violations =
            self.details.iter().filter_map(|detail| detail["violations"].as_array()).flatten();
        let mut quotas = violations.filter_map(|violation| violation["quotaId"].as_str());
        quotas.any(|quota| quota.contains("PerDay"))
            || self.message.to_ascii_lowercase().contains("credits are depleted")
    }

    /// How long it asks to wait: `22s`, `0.5s`.
    fn delay(&self) -> Option<Duration> {
        let delay = self.details.iter().find_map(|detail| detail["retryDelay"].as_str())?;
        let seconds = delay.trim().strip_suffix('s')?.parse().ok()?;
        Some(Duration::try_from_secs_f64(seconds).ok()?.min(LONGEST))
    }
}

fn reason_class(reason: &str) -> Option<FailureClass> {
    match reason {
        "SERVICE_DISABLED" | "CONSUMER_SUSPENDED" | "CONSUMER_INVALID" | "BILLING_DISABLED" => {
            Some(FailureClass::KeyRefused)
        }
        _ => reason.starts_with("API_KEY_").then_some(FailureClass::KeyRefused),
    }
}

/// The class of a wrong request by its words, which are all that tells these apart.
fn request_class(message: &str) -> FailureClass {
    // Only where the message begins so: what a caller sent may be quoted further on, and no caller
    // may put a key out of use.
    let of_key = ["api key not valid", "api key expired", "api key not found"];
    if of_key.iter().any(|phrase| message.starts_with(phrase)) {
        return FailureClass::KeyRefused;
    }
    let of_length = ["exceeds the maximum number of tokens", "token count exceeds"];
    if of_length.iter().any(|phrase| message.contains(phrase)) {
        return FailureClass::ContextTooLong;
    }
    FailureClass::ClientFault
}

fn permission_class(message: &str) -> FailureClass {
    match message.contains("model") {
        true => FailureClass::KeyDeniedForModel,
        false => FailureClass::KeyRefused,
    }
}

fn http_class(status: u16) -> FailureClass {
    match status {
        401 | 403 => FailureClass::KeyRefused,
        402 => FailureClass::QuotaSpent,
        404 => FailureClass::ModelMissing,
        429 => FailureClass::RateLimited,
        503 => FailureClass::Overloaded,
        407..=409 | 499 => FailureClass::Transient,
        400..=498 => FailureClass::ClientFault,
        _ => FailureClass::Transient,
    }
}
