//! The rows of the table that a fault of the provider leads to.

use tollgate_simulator::{Fault, Place};

/// One class of failure.
pub(super) struct Row {
    pub(super) class: &'static str,
    pub(super) fault: fn() -> Fault,
    /// Whether the provider just says nothing.
    pub(super) is_silent: bool,
    pub(super) goes_to_other_key: bool,
    /// Whether a route that goes on after a failure goes on.
    pub(super) goes_to_target: bool,
    /// What the caller sees if it was the last.
    pub(super) status: u16,
    pub(super) code: Option<&'static str>,
    pub(super) has_retry_after: bool,
    /// How the key stands afterwards.
    pub(super) key_status: &'static str,
    pub(super) errors: i64,
}

const REJECTED: Row = Row {
    class: "client_fault",
    fault: || Fault::error("openai.400.param"),
    is_silent: false,
    goes_to_other_key: false,
    goes_to_target: false,
    status: 400,
    code: None,
    has_retry_after: false,
    key_status: "normal",
    errors: 0,
};

const NO_KEY: Row = Row {
    goes_to_other_key: true,
    goes_to_target: true,
    status: 503,
    code: Some("no_available_key"),
    ..REJECTED
};

pub(super) const ROWS: &[Row] = &[
    REJECTED,
    Row { class: "context_too_long", fault: || Fault::error("openai.400.context"), ..REJECTED },
    Row {
        class: "content_refused",
        fault: || Fault::error("openai.400.content_policy"),
        ..REJECTED
    },
    Row {
        class: "model_missing",
        fault: || Fault::error("openai.404.model"),
        goes_to_other_key: true,
        goes_to_target: true,
        status: 404,
        code: Some("model_not_found"),
        ..REJECTED
    },
    Row {
        class: "key_refused",
        fault: || Fault::error("openai.401"),
        key_status: "invalid",
        // Its check is over by then.
        has_retry_after: true,
        ..NO_KEY
    },
    Row {
        class: "quota_spent",
        fault: || Fault::error("openai.429.quota"),
        key_status: "quota_exceeded",
        has_retry_after: true,
        ..NO_KEY
    },
    Row {
        class: "rate_limited",
        fault: || Fault::error("openai.429.rate"),
        key_status: "rate_limited",
        has_retry_after: true,
        ..NO_KEY
    },
    Row {
        class: "overloaded",
        fault: || Fault::error("openai.503"),
        goes_to_target: true,
        status: 503,
        code: Some("provider_error"),
        ..REJECTED
    },
    Row {
        class: "transient",
        fault: || Fault::error("openai.500"),
        goes_to_other_key: true,
        goes_to_target: true,
        status: 502,
        code: Some("provider_error"),
        errors: 1,
        ..REJECTED
    },
    Row {
        class: "transient",
        fault: || Fault::Cut(Place::Head),
        goes_to_other_key: true,
        goes_to_target: true,
        status: 502,
        code: Some("provider_error"),
        errors: 1,
        ..REJECTED
    },
    Row {
        class: "transient",
        fault: || Fault::html(200),
        goes_to_other_key: true,
        goes_to_target: true,
        status: 502,
        code: Some("provider_error"),
        errors: 1,
        ..REJECTED
    },
    Row {
        class: "silent",
        fault: || Fault::Stall(Place::Head, None),
        is_silent: true,
        goes_to_other_key: true,
        goes_to_target: true,
        status: 504,
        code: Some("provider_timeout"),
        errors: 1,
        ..REJECTED
    },
    Row {
        class: "key_denied_for_model",
        fault: || Fault::error("qwen.403"),
        key_status: "normal",
        has_retry_after: true,
        ..NO_KEY
    },
];
