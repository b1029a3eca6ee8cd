//! Refusals in Anthropic's shape.

use axum::http::StatusCode;
use serde_json::json;

use crate::reply::Reply;

/// A request that gets no answer.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn bad(message: impl Into<String>) -> Self {
        let status = StatusCode::BAD_REQUEST;
        Self { status, kind: "invalid_request_error", message: message.into() }
    }

    pub(super) fn no_key() -> Self {
        let message = "x-api-key header is required".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, kind: "authentication_error", message }
    }

    pub(super) fn no_model(model: &str) -> Self {
        let message = format!("model: {model}");
        Self { status: StatusCode::NOT_FOUND, kind: "not_found_error", message }
    }

    pub(super) fn reply(&self) -> Reply {
        let error = json!({"type": self.kind, "message": self.message});
        Reply::json(self.status, &json!({"type": "error", "error": error}), 0)
    }
}
