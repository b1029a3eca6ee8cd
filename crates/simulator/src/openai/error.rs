//! Refusals in OpenAI's shape.

use axum::http::StatusCode;
use serde_json::json;

use crate::reply::Reply;

/// A request that gets no answer.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    param: Option<String>,
    code: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), param: None, code: None }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    pub(super) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub(super) fn not_json() -> Self {
        Self::bad(
            "We could not parse the JSON body of your request. The API expects a JSON payload.",
        )
    }

    pub(super) fn no_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "You didn't provide an API key. You need to provide your API key in an Authorization \
             header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        )
    }

    pub(super) fn no_model(model: &str) -> Self {
        let message =
            format!("The model `{model}` does not exist or you do not have access to it.");
        Self::new(StatusCode::NOT_FOUND, message).code("model_not_found")
    }

    pub(super) fn missing(param: &str) -> Self {
        Self::bad(format!("Missing required parameter: '{param}'."))
            .param(param)
            .code("missing_required_parameter")
    }

    pub(super) fn wrong_type(param: &str, wanted: &str) -> Self {
        Self::bad(format!("Invalid type for '{param}': expected {wanted}."))
            .param(param)
            .code("invalid_type")
    }

    pub(super) fn invalid(param: &str, why: &str) -> Self {
        Self::bad(format!("Invalid value for '{param}': {why}.")).param(param).code("invalid_value")
    }

    pub(super) fn reply(&self) -> Reply {
        let error = json!({
            "message": self.message,
            "type": "invalid_request_error",
            "param": self.param,
            "code": self.code,
        });
        Reply::json(self.status, &json!({ "error": error }), 0)
    }
}
