//! Why a call got no answer, as callers are told.

use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_gateway::{CallError, KeyRefusal, SkipReason};
use tollgate_providers::BodyError;

use crate::error::body::Shape;
use crate::error::{ApiError, Detail, ErrorKind};

/// The stable code of a model or provider that is not there, which is also OpenAI's.
const MODEL_NOT_FOUND: &str = "model_not_found";
/// Statuses that tell of the gateway's own key, credit or proxy, and would have callers doubt
/// theirs.
const OF_THE_GATEWAY: [u16; 4] = [401, 402, 403, 407];
/// When to try again while calls cannot be recorded.
const RECORDING_RETRY: Duration = Duration::from_secs(1);

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        let message = error.to_string();
        match error {
            CallError::ProviderNotFound { .. }
            | CallError::ProviderInactive { .. }
            | CallError::ProviderWithoutUrl { .. } => missing(message, "providerCode"),
            CallError::ModelNotFound { .. }
            | CallError::ModelInactive { .. }
            | CallError::RouteInactive { .. } => missing(message, "model"),
            CallError::NotAllowed { .. } => Self::new(ErrorKind::Forbidden, message),
            CallError::Unsupported { .. } => Self::invalid("model", message),
            CallError::Rejected(failure) => rejected(&failure),
            CallError::Provider(failure) => failed(&failure),
            CallError::Timeout(failure) => {
                Self::new(ErrorKind::ProviderTimeout, failure.message).as_final()
            }
            CallError::NoAvailableKey { retry_after, keys, .. } => {
                no_key(message, retry_after, &keys)
            }
            CallError::RateLimited { retry_after, .. } => Self::rate_limited(message, retry_after),
            CallError::BudgetExceeded { .. } => {
                Self::new(ErrorKind::BudgetExceeded, message).as_final()
            }
            CallError::Unavailable => Self::new(ErrorKind::StorageUnavailable, message)
                .with_retry_after(Some(RECORDING_RETRY)),
        }
    }
}

/// The status that a caller of `path` gets for `error`, for the record.
pub(crate) fn status_of(path: &str, error: &CallError) -> Option<u16> {
    Some(ApiError::from(error.clone()).status_in(Shape::of(path)).as_u16())
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed(_) => Self::new(ErrorKind::MalformedJson, error.to_string()),
            BodyError::Invalid(fields) => {
                let details = fields.into_iter().map(|fault| Detail {
                    field: Some(fault.field).filter(|field| !field.is_empty()),
                    message: fault.message,
                    available_at: None,
                });
                Self::validation(details.collect())
            }
        }
    }
}

/// There is no model of that name for this caller.
pub(crate) fn model_not_found(model: &str) -> ApiError {
    missing(format!("there is no model `{model}`"), "model")
}

fn missing(message: String, field: &str) -> ApiError {
    ApiError::new(ErrorKind::NotFound, message.clone())
        .with_code(MODEL_NOT_FOUND)
        .with_details(vec![Detail::new(field, message)])
}

/// The provider's own 4xx with its own words; a 400 for what is not the caller's to see.
fn rejected(failure: &Failure) -> ApiError {
    if failure.class == FailureClass::ModelMissing {
        return missing(failure.message.clone(), "model");
    }
    let status = failure
        .http_status
        .and_then(|status| StatusCode::from_u16(status).ok())
        .filter(|_| failure.class == FailureClass::ClientFault)
        .filter(StatusCode::is_client_error)
        .filter(|status| !OF_THE_GATEWAY.contains(&status.as_u16()));
    let mut error = ApiError::new(ErrorKind::ProviderRejected, &failure.message).as_final();
    error.status = status;
    error.code.clone_from(&failure.code);
    if let Some(param) = &failure.param {
        error.details = vec![Detail::new(param, &failure.message)];
    }
    error
}

fn failed(failure: &Failure) -> ApiError {
    if failure.class == FailureClass::ModelMissing {
        return missing(failure.message.clone(), "model");
    }
    let error = ApiError::new(ErrorKind::ProviderError, &failure.message)
        .with_retry_after(failure.retry_after)
        .as_final();
    if failure.class == FailureClass::Overloaded {
        return error.with_status(StatusCode::SERVICE_UNAVAILABLE);
    }
    error
}

/// Says why each key cannot carry the call, without its name: that is for operators, who find it
/// in the record. A client may repeat the call where a time is known.
fn no_key(message: String, retry_after: Option<Duration>, keys: &[KeyRefusal]) -> ApiError {
    let details = keys.iter().map(|key| Detail {
        field: None,
        message: why(key.reason).to_owned(),
        available_at: key.available_at.map(to_the_millisecond),
    });
    let error = ApiError::new(ErrorKind::NoAvailableKey, message)
        .with_details(details.collect())
        .with_retry_after(retry_after);
    if retry_after.is_some() { error } else { error.as_final() }
}

/// The first whole millisecond from `at` on, as all times are told: there is room by then.
fn to_the_millisecond(at: DateTime<Utc>) -> DateTime<Utc> {
    let cut = at.trunc_subsecs(3);
    if cut == at { cut } else { cut + TimeDelta::milliseconds(1) }
}

/// Why a key is passed over, for callers.
const fn why(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Tried => "a key failed in this call",
        SkipReason::RetryBudget => {
            "a key has failed of late, and no more retries are allowed for now"
        }
        SkipReason::Rpm => "a key has used up its requests of this minute",
        SkipReason::Tpm => "a key has used up its tokens of this minute",
        SkipReason::Rpd => "a key has used up its requests of this day",
        SkipReason::Concurrent => "a key has as many requests in flight as it may",
        SkipReason::RateLimited => "the provider asked a key to wait",
        SkipReason::QuotaExceeded => "a key has spent its quota",
        SkipReason::Cooling => "a key rests after several failures",
        SkipReason::Overloaded => "the provider has been overloaded several times in a row",
        SkipReason::Checking => "a key was refused and is being checked",
        SkipReason::Invalid => "the provider refuses a key",
        SkipReason::ModelDenied => "the provider refuses a key for this model",
        SkipReason::Undecryptable => "a key cannot be opened",
    }
}

#[cfg(test)]
mod tests {
    use tollgate_gateway::{BudgetReason, Limited};

    use super::*;

    fn failure(class: FailureClass, status: Option<u16>) -> Failure {
        Failure { http_status: status, ..Failure::new(class, "the provider's words") }
    }

    #[test]
    fn each_way_to_fail_has_its_kind_and_status() {
        let rejected = |class, status| CallError::Rejected(failure(class, status));
        let model = || "m".to_owned();
        let cases = [
            (CallError::ModelNotFound { model: model() }, "not_found", 404),
            (CallError::ProviderNotFound { provider: model() }, "not_found", 404),
            (CallError::NotAllowed { provider: model(), model: model() }, "forbidden", 403),
            (CallError::Unsupported { message: model() }, "validation_failed", 422),
            (rejected(FailureClass::ClientFault, Some(413)), "provider_rejected", 413),
            (rejected(FailureClass::ClientFault, Some(200)), "provider_rejected", 400),
            (rejected(FailureClass::ClientFault, Some(401)), "provider_rejected", 400),
            (rejected(FailureClass::ClientFault, Some(402)), "provider_rejected", 400),
            (rejected(FailureClass::ClientFault, Some(403)), "provider_rejected", 400),
            (rejected(FailureClass::ClientFault, Some(407)), "provider_rejected", 400),
            (rejected(FailureClass::ContextTooLong, Some(413)), "provider_rejected", 400),
            (rejected(FailureClass::ModelMissing, Some(404)), "not_found", 404),
            (
                CallError::Provider(failure(FailureClass::Transient, Some(500))),
                "provider_error",
                502,
            ),
            (
                CallError::Provider(failure(FailureClass::Overloaded, Some(529))),
                "provider_error",
                503,
            ),
            (CallError::Timeout(failure(FailureClass::Silent, None)), "provider_timeout", 504),
            (
                CallError::RateLimited { what: Limited::Rpm, retry_after: Duration::ZERO },
                "rate_limited",
                429,
            ),
            (
                CallError::BudgetExceeded { reason: BudgetReason::Unpriced { model: model() } },
                "budget_exceeded",
                402,
            ),
            (CallError::Unavailable, "storage_unavailable", 503),
        ];
        for (error, kind, status) in cases {
            let told = error.to_string();
            let error = ApiError::from(error);
            assert_eq!((error.kind.row().0, error.status().as_u16()), (kind, status), "{told}");
        }
    }

    #[test]
    fn the_providers_own_code_and_field_are_passed_on() {
        let failure = Failure {
            code: Some("unsupported_value".to_owned()),
            param: Some("temperature".to_owned()),
            ..failure(FailureClass::ClientFault, Some(400))
        };

        let body = ApiError::from(CallError::Rejected(failure)).openai();

        assert_eq!(body.error.code.as_deref(), Some("unsupported_value"));
        assert_eq!(body.error.param.as_deref(), Some("temperature"));
        assert_eq!(body.error.message, "the provider's words");
    }

    #[test]
    fn clients_repeat_a_call_by_themselves_only_where_that_can_help() {
        let no_key = |retry_after| CallError::NoAvailableKey {
            providers: vec!["openai".to_owned()],
            retry_after,
            keys: Vec::new(),
        };

        assert!(ApiError::from(no_key(None)).is_final);
        assert!(!ApiError::from(no_key(Some(Duration::from_secs(3)))).is_final);
        assert!(!ApiError::from(CallError::Unavailable).is_final);
        assert!(
            ApiError::from(CallError::Provider(failure(FailureClass::Transient, None))).is_final
        );
    }
}
