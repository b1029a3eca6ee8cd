//! How a failure looks to Anthropic's callers.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use serde::Serialize;
use tollgate_domain::RequestId;
use utoipa::ToSchema;

use super::{ApiError, Detail, ErrorKind};

/// What Anthropic answers while it has no capacity.
const OVERLOADED: u16 = 529;

/// The body of a failure under `/v1/messages`, and the data of a stream's `error` event:
/// Anthropic's.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicErrorBody {
    /// `error`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The failure.
    pub error: AnthropicError,
    /// The request's id, which is also in `request-id` and in our log.
    pub request_id: String,
}

/// A failure as Anthropic tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicError {
    /// Anthropic's class: `invalid_request_error`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What is wrong, in words, with the fields that are.
    pub message: String,
    /// The same for programs.
    pub details: AnthropicDetails,
}

/// What a failure is called by programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicDetails {
    /// A stable code.
    pub error_code: String,
}

impl ApiError {
    /// The body that tells it as Anthropic does.
    #[must_use]
    pub fn anthropic(&self, request: RequestId) -> AnthropicErrorBody {
        let error_code = self.code.clone().unwrap_or_else(|| self.kind.row().0.to_owned());
        AnthropicErrorBody {
            kind: "error",
            error: AnthropicError {
                kind: class_of(self.anthropic_status()),
                message: self.message_with_fields().into_owned(),
                details: AnthropicDetails { error_code },
            },
            request_id: request.to_string(),
        }
    }

    /// The status, where a wrong field is a 400 and a provider without capacity is Anthropic's own
    /// 529; a 503 is a failure of the gateway, which has no key or cannot record.
    pub(super) fn anthropic_status(&self) -> StatusCode {
        let status = self.status();
        match self.kind {
            ErrorKind::ValidationFailed => StatusCode::BAD_REQUEST,
            ErrorKind::ProviderError if status == StatusCode::SERVICE_UNAVAILABLE => {
                StatusCode::from_u16(OVERLOADED).expect("529 is a status")
            }
            _ => status,
        }
    }

    /// The message with the names of the fields, which Anthropic has no other place for.
    fn message_with_fields(&self) -> Cow<'_, str> {
        let is_about_fields =
            matches!(self.kind, ErrorKind::ValidationFailed | ErrorKind::ProviderRejected);
        let is_told =
            |detail: &Detail| detail.field.as_ref().is_none_or(|field| names(&self.message, field));
        if !is_about_fields || self.details.iter().all(is_told) {
            return Cow::Borrowed(&self.message);
        }
        let parts = self.details.iter().map(|detail| match &detail.field {
            Some(field) => format!("{field}: {}", detail.message),
            None => detail.message.clone(),
        });
        Cow::Owned(parts.collect::<Vec<_>>().join("; "))
    }
}

/// Whether `message` begins with `field`, or quotes it.
fn names(message: &str, field: &str) -> bool {
    let is_first = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric());
    message.strip_prefix(field).is_some_and(is_first) || message.contains(&format!("`{field}`"))
}

/// Anthropic's class of failures with this status.
fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        OVERLOADED => "overloaded_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_status_and_class() {
        use ErrorKind as Kind;
        let cases = [
            (Kind::MalformedJson, 400, "invalid_request_error"),
            (Kind::Unauthenticated, 401, "authentication_error"),
            (Kind::Forbidden, 403, "permission_error"),
            (Kind::NotFound, 404, "not_found_error"),
            (Kind::MethodNotAllowed, 405, "invalid_request_error"),
            (Kind::Conflict, 409, "conflict_error"),
            (Kind::PayloadTooLarge, 413, "request_too_large"),
            (Kind::UnsupportedMediaType, 415, "invalid_request_error"),
            (Kind::ValidationFailed, 400, "invalid_request_error"),
            (Kind::BudgetExceeded, 402, "billing_error"),
            (Kind::RateLimited, 429, "rate_limit_error"),
            (Kind::ProviderRejected, 400, "invalid_request_error"),
            (Kind::ProviderError, 502, "api_error"),
            (Kind::NoAvailableKey, 503, "api_error"),
            (Kind::StorageUnavailable, 503, "api_error"),
            (Kind::ProviderTimeout, 504, "timeout_error"),
            (Kind::Internal, 500, "api_error"),
        ];
        for (kind, status, class) in cases {
            let error = ApiError::new(kind, "what is wrong");
            let told = error.anthropic_status();
            assert_eq!((told.as_u16(), class_of(told)), (status, class), "{kind:?}");
        }
        let overloaded = ApiError::new(Kind::ProviderError, "no capacity")
            .with_status(StatusCode::SERVICE_UNAVAILABLE)
            .anthropic_status();
        assert_eq!((overloaded.as_u16(), class_of(overloaded)), (529, "overloaded_error"));
    }

    #[test]
    fn the_body_is_anthropics_with_our_request_id_and_a_stable_code() {
        let id = RequestId::new(chrono::DateTime::UNIX_EPOCH);
        let error = ApiError::new(ErrorKind::NotFound, "there is no model `m`")
            .with_details(vec![Detail::new("model", "there is no model `m`")])
            .with_code("model_not_found");

        assert_eq!(
            serde_json::to_value(error.anthropic(id)).unwrap(),
            serde_json::json!({"type": "error", "request_id": id.to_string(), "error": {
                "type": "not_found_error",
                "message": "there is no model `m`",
                "details": {"error_code": "model_not_found"},
            }})
        );
    }

    #[test]
    fn every_wrong_field_is_named_in_the_message() {
        let message = |details| {
            let id = RequestId::new(chrono::DateTime::UNIX_EPOCH);
            ApiError::validation(details).anthropic(id).error.message
        };
        let wrong = |field| Detail::new(field, "is required");

        assert_eq!(message(vec![wrong("model")]), "model: is required");
        assert_eq!(
            message(vec![wrong("model"), wrong("max_tokens")]),
            "model: is required; max_tokens: is required"
        );
    }

    #[test]
    fn a_field_that_the_provider_refuses_is_named_where_its_message_does_not() {
        let cases = [
            ("n", "not more than one", "n: not more than one"),
            ("top_k", "top_k is not taken", "top_k is not taken"),
            ("top_k", "this model takes no `top_k`", "this model takes no `top_k`"),
        ];
        for (field, message, told) in cases {
            let error = ApiError::new(ErrorKind::ProviderRejected, message)
                .with_details(vec![Detail::new(field, message)]);
            assert_eq!(error.message_with_fields(), told);
        }
    }
}
