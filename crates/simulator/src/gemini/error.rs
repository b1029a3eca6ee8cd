//! Refusals in Google's shape.

use axum::http::StatusCode;
use serde_json::json;

use crate::reply::Reply;

/// A request that gets no answer.
#[derive(Debug)]
pub(super) struct Refusal {
    code: StatusCode,
    status: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn bad(message: impl Into<String>) -> Self {
        let (code, status) = (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT");
        Self { code, status, message: message.into() }
    }

    pub(super) fn no_key() -> Self {
        let message = "Method doesn't allow unregistered callers.".to_owned();
        Self { code: StatusCode::FORBIDDEN, status: "PERMISSION_DENIED", message }
    }

    pub(super) fn no_model(model: &str) -> Self {
        let message = format!("models/{model} is not found for API version v1beta");
        Self { code: StatusCode::NOT_FOUND, status: "NOT_FOUND", message }
    }

    pub(super) fn reply(&self) -> Reply {
        let error =
            json!({"code": self.code.as_u16(), "message": self.message, "status": self.status});
        Reply::json(self.code, &json!({"error": error}), 0)
    }
}
