//! What callers are told when something fails: the only place that knows a status code.

use std::fmt;
use std::time::Duration;

use actix_web::ResponseError;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_store::StoreError;
use tollgate_store::reports::TIME_LIMIT;

pub mod anthropic;
pub mod body;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// The kinds of failure that callers can tell apart by `error.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The body is not JSON.
    MalformedJson,
    /// No credentials, or none that hold.
    Unauthenticated,
    /// Good credentials that do not allow this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The thing exists, but not for this method.
    MethodNotAllowed,
    /// It would collide with something that is there.
    Conflict,
    /// The body is longer than `MAX_BODY_BYTES`.
    PayloadTooLarge,
    /// The body is not announced as JSON.
    UnsupportedMediaType,
    /// A field is missing, unknown, or holds a value that is not allowed.
    ValidationFailed,
    /// The app token's budget does not allow it.
    BudgetExceeded,
    /// Too many, too fast.
    RateLimited,
    /// The provider refuses the request itself.
    ProviderRejected,
    /// The provider failed.
    ProviderError,
    /// No upstream key can take the call.
    NoAvailableKey,
    /// The database, or the queue before it, takes nothing now.
    StorageUnavailable,
    /// The provider did not answer in time.
    ProviderTimeout,
    /// A report takes longer than it may.
    ReportTimeout,
    /// A defect of ours.
    Internal,
}

impl ErrorKind {
    /// The table: its name in `error.type`, and its status.
    #[must_use]
    pub const fn row(self) -> (&'static str, StatusCode) {
        match self {
            Self::MalformedJson => ("malformed_json", StatusCode::BAD_REQUEST),
            Self::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN),
            Self::NotFound => ("not_found", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::Conflict => ("conflict", StatusCode::CONFLICT),
            Self::PayloadTooLarge => ("payload_too_large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => {
                ("unsupported_media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::ValidationFailed => ("validation_failed", StatusCode::UNPROCESSABLE_ENTITY),
            Self::BudgetExceeded => ("budget_exceeded", StatusCode::PAYMENT_REQUIRED),
            Self::RateLimited => ("rate_limited", StatusCode::TOO_MANY_REQUESTS),
            Self::ProviderRejected => ("provider_rejected", StatusCode::BAD_REQUEST),
            Self::ProviderError => ("provider_error", StatusCode::BAD_GATEWAY),
            Self::NoAvailableKey => ("no_available_key", StatusCode::SERVICE_UNAVAILABLE),
            Self::StorageUnavailable => ("storage_unavailable", StatusCode::SERVICE_UNAVAILABLE),
            Self::ProviderTimeout => ("provider_timeout", StatusCode::GATEWAY_TIMEOUT),
            Self::ReportTimeout => ("report_timeout", StatusCode::GATEWAY_TIMEOUT),
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// The field, as the caller spells it: `messages[0].role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong with it, in words.
    pub message: String,
    /// When it will be better, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_at: Option<DateTime<Utc>>,
}

impl Detail {
    /// `field` is wrong as `message` says.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), message: message.into(), available_at: None }
    }
}

/// A failure on its way to a caller.
///
/// It is rendered by the edge, in the envelope or, under `/v1`, in OpenAI's shape
/// or Anthropic's. Its cause goes
/// to the log alone.
#[derive(Debug)]
pub struct ApiError {
    /// Which kind it is.
    pub kind: ErrorKind,
    /// What is wrong, in words.
    pub message: String,
    /// The single things that are wrong.
    pub details: Vec<Detail>,
    /// The status, where it is not the kind's own.
    pub status: Option<StatusCode>,
    /// A stable code for `/v1`, where it says more than the kind: `model_not_found`.
    pub code: Option<String>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Whether a client that repeats requests by itself should leave it.
    pub is_final: bool,
    /// What happened underneath.
    pub cause: Option<anyhow::Error>,
}

impl ApiError {
    /// A failure of `kind`, told in `message`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            status: None,
            code: None,
            retry_after: None,
            is_final: false,
            cause: None,
        }
    }

    /// There is no such `thing`.
    #[must_use]
    pub fn not_found(thing: &str) -> Self {
        Self::new(ErrorKind::NotFound, format!("there is no such {thing}"))
    }

    /// No credentials, or none that hold.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            ErrorKind::Unauthenticated,
            "send a valid token: Authorization: Bearer <token>, or x-api-key: <token>",
        )
    }

    /// Good credentials that do not allow this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Forbidden, message)
    }

    /// `field` would collide with something that is there.
    pub fn conflict(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new(ErrorKind::Conflict, message.clone())
            .with_details(vec![Detail::new(field, message)])
    }

    /// The fields that are wrong; `details` must not be empty.
    #[must_use]
    pub fn validation(details: Vec<Detail>) -> Self {
        let message = match details.as_slice() {
            [Detail { field: Some(field), message, .. }] => format!("{field}: {message}"),
            [Detail { message, .. }] => message.clone(),
            _ => format!("{} fields are wrong", details.len()),
        };
        Self::new(ErrorKind::ValidationFailed, message).with_details(details)
    }

    /// One field is wrong.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::validation(vec![Detail::new(field, message)])
    }

    /// Too many; try again after `wait`.
    pub fn rate_limited(message: impl Into<String>, wait: Duration) -> Self {
        Self::new(ErrorKind::RateLimited, message).with_retry_after(Some(wait))
    }

    /// A defect of ours; `cause` is logged.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::new(ErrorKind::Internal, "something went wrong here; the log says more")
            .caused_by(cause)
    }

    /// The same with `details`.
    #[must_use]
    pub fn with_details(mut self, details: Vec<Detail>) -> Self {
        self.details = details;
        self
    }

    /// The same with a status that is not the kind's own.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The same with a stable code for `/v1`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The same with a time to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// The same, telling clients not to repeat it by themselves: our own attempts are spent.
    #[must_use]
    pub fn as_final(mut self) -> Self {
        self.is_final = true;
        self
    }

    /// The same with what happened underneath.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The status it is answered with in the envelope.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or(self.kind.row().1)
    }

    /// Seconds for `Retry-After`, rounded up, at least one.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        let wait = self.retry_after?;
        Some((wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// Only the status; the edge writes the body, since it knows the request.
    fn error_response(&self) -> actix_web::HttpResponse {
        actix_web::HttpResponse::new(self.status())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotFound => Self::new(ErrorKind::NotFound, "there is no such thing"),
            StoreError::Conflict { field } => {
                Self::conflict(field, format!("another one with this {field} exists"))
            }
            StoreError::LastAdmin => Self::new(
                ErrorKind::Conflict,
                "this is the last active admin; make another one first",
            ),
            StoreError::TooSlow => Self::new(
                ErrorKind::ReportTimeout,
                format!(
                    "this takes the database longer than {} s: ask for a shorter time (startDate, \
                     endDate), or for less by a filter",
                    TIME_LIMIT.as_secs()
                ),
            ),
            StoreError::Unavailable(_) => Self::new(
                ErrorKind::StorageUnavailable,
                "the database cannot be reached now; try again",
            )
            .with_retry_after(Some(Duration::from_secs(1)))
            .caused_by(error),
            _ => Self::internal(error),
        }
    }
}

/// Names the thing that a store function did not find.
pub trait Missing<T> {
    /// The same result, whose [`StoreError::NotFound`] becomes "there is no such `thing`".
    ///
    /// # Errors
    /// As the result it is called on.
    fn or_missing(self, thing: &str) -> ApiResult<T>;
}

impl<T> Missing<T> for Result<T, StoreError> {
    fn or_missing(self, thing: &str) -> ApiResult<T> {
        self.map_err(|error| match error {
            StoreError::NotFound => ApiError::not_found(thing),
            other => other.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_field_is_named_in_the_message() {
        let error = ApiError::invalid("temperature", "must be between 0 and 2");

        assert_eq!(error.message, "temperature: must be between 0 and 2");
        assert_eq!(error.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_as_none() {
        let seconds = |millis| {
            ApiError::rate_limited("wait", Duration::from_millis(millis)).retry_after_seconds()
        };

        assert_eq!(seconds(0), Some(1));
        assert_eq!(seconds(1000), Some(1));
        assert_eq!(seconds(1001), Some(2));
    }
}
