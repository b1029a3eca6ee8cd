//! What goes wrong in a history, in the words that the gateway records.

use super::chance::Chance;

/// How an attempt fails.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) code: &'static str,
    /// The provider's status; `None` where it sent none.
    pub(super) http_status: Option<i64>,
    /// What the caller gets where the call ends with it and the provider sent no status.
    pub(super) told_status: i64,
    pub(super) message: &'static str,
    /// How another attempt with another key begins its record; `None` where none follows.
    pub(super) followed_by: Option<&'static str>,
    /// Milliseconds until it failed, at the median.
    pub(super) after_ms: f64,
    /// Of a hundred failures.
    share: f64,
}

/// How a call is refused before any attempt.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) http_status: i64,
    pub(super) message: &'static str,
}

const FAILURES: [Failure; 8] = [
    Failure {
        code: "rate_limited",
        http_status: Some(429),
        told_status: 503,
        message: "Rate limit reached for requests per minute",
        followed_by: Some(r#"{"after":"rate_limited","by":"another_key"}"#),
        after_ms: 120.0,
        share: 34.0,
    },
    Failure {
        code: "overloaded",
        http_status: Some(503),
        told_status: 503,
        message: "The engine is currently overloaded, please try again later",
        followed_by: Some(r#"{"after":"overloaded","by":"same_key","waitedMs":1000}"#),
        after_ms: 300.0,
        share: 18.0,
    },
    Failure {
        code: "transient",
        http_status: Some(502),
        told_status: 502,
        message: "Bad gateway",
        followed_by: Some(r#"{"after":"transient","by":"another_key"}"#),
        after_ms: 900.0,
        share: 14.0,
    },
    Failure {
        code: "transient",
        http_status: None,
        told_status: 502,
        message: "the connection was lost before an answer came",
        followed_by: Some(r#"{"after":"transient","by":"another_key"}"#),
        after_ms: 2_000.0,
        share: 8.0,
    },
    Failure {
        code: "silent",
        http_status: None,
        told_status: 504,
        message: "no content came within 120 s",
        followed_by: Some(r#"{"after":"silent","by":"another_key"}"#),
        after_ms: 120_000.0,
        share: 3.0,
    },
    Failure {
        code: "client_fault",
        http_status: Some(400),
        told_status: 400,
        message: "Unsupported value: temperature does not support this value with this model",
        followed_by: None,
        after_ms: 90.0,
        share: 14.0,
    },
    Failure {
        code: "context_too_long",
        http_status: Some(400),
        told_status: 400,
        message: "The prompt is longer than the context window of this model",
        followed_by: None,
        after_ms: 150.0,
        share: 5.0,
    },
    Failure {
        code: "content_refused",
        http_status: Some(400),
        told_status: 400,
        message: "The prompt was refused by the content policy",
        followed_by: None,
        after_ms: 250.0,
        share: 4.0,
    },
];

/// What outages are made of.
const OUTAGE: usize = 1;

const REFUSALS: [Refusal; 4] = [
    Refusal {
        code: "rate_limited",
        http_status: 429,
        message: "this app token has used up its requests of this minute",
    },
    Refusal {
        code: "validation_failed",
        http_status: 422,
        message: "temperature must be between 0 and 2",
    },
    Refusal { code: "not_found", http_status: 404, message: "there is no such model" },
    Refusal {
        code: "no_available_key",
        http_status: 503,
        message: "no key of the provider is available",
    },
];

/// A failure as they come; in an outage most are those of a provider without capacity.
pub(super) fn failure(chance: &mut Chance, in_outage: bool) -> &'static Failure {
    if in_outage && chance.happens(0.8) {
        return &FAILURES[OUTAGE];
    }
    let whole: f64 = FAILURES.iter().map(|failure| failure.share).sum();
    let mut at = chance.unit() * whole;
    let found = FAILURES.iter().find(|failure| {
        at -= failure.share;
        at < 0.0
    });
    found.unwrap_or(&FAILURES[0])
}

/// A refusal, each as likely as the others.
pub(super) fn refusal(chance: &mut Chance) -> &'static Refusal {
    &REFUSALS[chance.below(REFUSALS.len())]
}
