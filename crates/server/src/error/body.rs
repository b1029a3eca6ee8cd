//! How a failure looks on the wire: our envelope, or under `/v1` OpenAI's shape or Anthropic's.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use tollgate_domain::RequestId;
use utoipa::ToSchema;

use super::{ApiError, Detail, ErrorKind};

/// Tells OpenAI's and Anthropic's SDKs whether to repeat the request by themselves.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// What every request of Anthropic's dialect brings, and none of OpenAI's.
pub const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");

/// The body of a failure, everywhere but under `/v1`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// The HTTP status.
    #[schema(example = 422)]
    pub code: u16,
    /// What is wrong, in words.
    pub message: String,
    /// The same for programs.
    pub error: ErrorInfo,
}

/// A failure, for programs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInfo {
    /// Its kind: `validation_failed`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The request's id, which is also in `X-Request-Id` and in our log.
    pub request_id: String,
    /// The single things that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

/// The body of a failure under `/v1`: OpenAI's.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenAiErrorBody {
    /// The failure.
    pub error: OpenAiError,
}

/// A failure as OpenAI tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenAiError {
    /// What is wrong, in words.
    pub message: String,
    /// OpenAI's class: `invalid_request_error`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The field that is wrong.
    pub param: Option<String>,
    /// A stable code.
    pub code: Option<String>,
}

/// Whose shape a failure is told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Our envelope.
    Envelope,
    /// OpenAI's.
    OpenAi,
    /// Anthropic's.
    Anthropic,
}

impl Shape {
    /// The shape of failures at `path`, whoever asks.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path {
            _ if is_below(path, "/v1/messages") => Self::Anthropic,
            _ if is_below(path, "/v1") => Self::OpenAi,
            _ => Self::Envelope,
        }
    }

    /// The shape of failures at `path` for a request with these headers: both dialects list their
    /// models at the same path.
    #[must_use]
    pub fn of_request(path: &str, headers: &HeaderMap) -> Self {
        if is_below(path, "/v1/models") && headers.contains_key(ANTHROPIC_VERSION) {
            return Self::Anthropic;
        }
        Self::of(path)
    }
}

fn is_below(path: &str, start: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl ApiError {
    /// The response that tells this failure.
    #[must_use]
    pub fn respond(&self, shape: Shape, request: RequestId) -> HttpResponse {
        match shape {
            Shape::Envelope => self.builder(shape).json(self.envelope(request)),
            Shape::OpenAi => self.builder(shape).json(self.openai()),
            Shape::Anthropic => self.builder(shape).json(self.anthropic(request)),
        }
    }

    /// The status that it is told with.
    #[must_use]
    pub fn status_in(&self, shape: Shape) -> StatusCode {
        match shape {
            Shape::Envelope => self.status(),
            Shape::OpenAi => self.openai_status(),
            Shape::Anthropic => self.anthropic_status(),
        }
    }

    /// The body that tells it in our envelope.
    #[must_use]
    pub fn envelope(&self, request: RequestId) -> ErrorBody {
        ErrorBody {
            code: self.status().as_u16(),
            message: self.message.clone(),
            error: ErrorInfo {
                kind: self.kind.row().0,
                request_id: request.to_string(),
                details: self.details.clone(),
            },
        }
    }

    /// The body that tells it as OpenAI does.
    #[must_use]
    pub fn openai(&self) -> OpenAiErrorBody {
        let (kind, code) = self.openai_names();
        OpenAiErrorBody {
            error: OpenAiError {
                message: self.message.clone(),
                kind,
                param: self.details.first().and_then(|detail| detail.field.clone()),
                code: Some(self.code.clone().unwrap_or_else(|| code.to_owned())),
            },
        }
    }

    /// The status under `/v1`, where a wrong field is a 400.
    #[must_use]
    fn openai_status(&self) -> StatusCode {
        match self.kind {
            ErrorKind::ValidationFailed => StatusCode::BAD_REQUEST,
            _ => self.status(),
        }
    }

    /// OpenAI's class and our stable code.
    const fn openai_names(&self) -> (&'static str, &'static str) {
        const INVALID: &str = "invalid_request_error";
        const SERVER: &str = "server_error";
        match self.kind {
            ErrorKind::Unauthenticated => (INVALID, "invalid_api_key"),
            ErrorKind::Forbidden => ("permission_error", "permission_denied"),
            ErrorKind::BudgetExceeded => ("insufficient_quota", self.kind.row().0),
            ErrorKind::RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
            ErrorKind::MalformedJson
            | ErrorKind::NotFound
            | ErrorKind::MethodNotAllowed
            | ErrorKind::Conflict
            | ErrorKind::PayloadTooLarge
            | ErrorKind::UnsupportedMediaType
            | ErrorKind::ValidationFailed
            | ErrorKind::ProviderRejected => (INVALID, self.kind.row().0),
            ErrorKind::ProviderError
            | ErrorKind::NoAvailableKey
            | ErrorKind::StorageUnavailable
            | ErrorKind::ProviderTimeout
            | ErrorKind::ReportTimeout
            | ErrorKind::Internal => (SERVER, self.kind.row().0),
        }
    }

    fn builder(&self, shape: Shape) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(self.status_in(shape));
        if let Some(seconds) = self.retry_after_seconds() {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if self.kind == ErrorKind::Unauthenticated {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if self.is_final && shape != Shape::Envelope {
            response.insert_header((SHOULD_RETRY, HeaderValue::from_static("false")));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_wrong_field_is_a_422_in_the_envelope_and_a_400_with_param_under_v1() {
        let error = ApiError::invalid("temperature", "must be between 0 and 2");
        let id = RequestId::new(chrono::DateTime::UNIX_EPOCH);

        assert_eq!(error.respond(Shape::of("/api/x"), id).status(), 422);
        assert_eq!(error.respond(Shape::of("/v1/chat/completions"), id).status(), 400);
        assert_eq!(
            serde_json::to_value(error.openai()).unwrap(),
            serde_json::json!({"error": {
                "message": "temperature: must be between 0 and 2",
                "type": "invalid_request_error",
                "param": "temperature",
                "code": "validation_failed",
            }})
        );
    }

    #[test]
    fn the_path_and_what_anthropics_callers_bring_choose_the_shape() {
        let mut version = HeaderMap::new();
        version.insert(ANTHROPIC_VERSION, HeaderValue::from_static("2023-06-01"));
        let cases = [
            ("/api/ai/models", Shape::Envelope, Shape::Envelope),
            ("/v1", Shape::OpenAi, Shape::OpenAi),
            ("/v1x", Shape::Envelope, Shape::Envelope),
            ("/v1/chat/completions", Shape::OpenAi, Shape::OpenAi),
            ("/v1/models", Shape::OpenAi, Shape::Anthropic),
            ("/v1/models/a/b", Shape::OpenAi, Shape::Anthropic),
            ("/v1/modelsx", Shape::OpenAi, Shape::OpenAi),
            ("/v1/messages", Shape::Anthropic, Shape::Anthropic),
            ("/v1/messages/batches", Shape::Anthropic, Shape::Anthropic),
            ("/v1/messagesx", Shape::OpenAi, Shape::OpenAi),
        ];
        for (path, plain, with_version) in cases {
            assert_eq!(Shape::of_request(path, &HeaderMap::new()), plain, "{path}");
            assert_eq!(Shape::of_request(path, &version), with_version, "{path}");
        }
    }

    #[test]
    fn a_wait_and_a_last_word_become_headers() {
        let id = RequestId::new(chrono::DateTime::UNIX_EPOCH);
        let error = ApiError::new(ErrorKind::NoAvailableKey, "none")
            .with_retry_after(Some(Duration::from_millis(2500)))
            .as_final();

        for shape in [Shape::OpenAi, Shape::Anthropic] {
            let response = error.respond(shape, id);

            assert_eq!(response.headers().get("retry-after").unwrap(), "3");
            assert_eq!(response.headers().get("x-should-retry").unwrap(), "false");
        }
        assert!(error.respond(Shape::Envelope, id).headers().get("x-should-retry").is_none());
    }
}
