//! Which class a word, a message or a status stands for.

use tollgate_domain::failure::FailureClass;

/// The class that a code or type, in lower case, stands for whatever the status is.
pub(super) fn word_class(word: &str) -> Option<FailureClass> {
    Some(match word {
        "context_length_exceeded" | "exceed_context_size_error" | "context_window_exceeded" => {
            FailureClass::ContextTooLong
        }
        "content_policy_violation"
        | "content_filter"
        | "content_filtered"
        | "moderation_blocked"
        | "responsibleaipolicyviolation"
        | "data_inspection_failed"
        | "datainspectionfailed" => FailureClass::ContentRefused,
        "insufficient_quota"
        | "exceeded_current_quota_error"
        | "arrearage"
        | "billing_hard_limit_reached"
        | "billing_not_active"
        | "insufficient_balance"
        | "insufficient_credits" => FailureClass::QuotaSpent,
        "model_not_found" | "modelnotfound" | "resource_not_found_error" => {
            FailureClass::ModelMissing
        }
        // Right after a deployment is made, it is not there yet.
        "deploymentnotfound" => FailureClass::Transient,
        "model.accessdenied" | "accessdenied.unpurchased" | "allocationquota.freetieronly" => {
            FailureClass::KeyDeniedForModel
        }
        "invalid_api_key"
        | "invalidapikey"
        | "invalid_authentication_error"
        | "incorrect_api_key_error"
        | "authentication_error"
        | "api_key_invalid"
        | "invalid_organization"
        | "no_such_organization"
        | "account_deactivated"
        | "unsupported_country_region_territory"
        | "unauthenticated" => FailureClass::KeyRefused,
        "engine_overloaded_error"
        | "overloaded_error"
        | "service_unavailable_error"
        | "unavailable_error"
        | "unavailable"
        | "service_unavailable"
        | "slow_down"
        | "modelservingerror" => FailureClass::Overloaded,
        "throttling.allocationquota"
        | "throttling.ratequota"
        | "throttling"
        | "limit_requests"
        | "rate_limit_exceeded"
        | "rate_limit_reached_error"
        | "rate_limit_error" => FailureClass::RateLimited,
        _ => return None,
    })
}

/// The class that an error's words stand for where it has no code to go by.
pub(super) fn message_class(message: &str) -> Option<FailureClass> {
    let is_any = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    if is_any(&[
        "maximum context length",
        "exceeded model token limit",
        "context window",
        "context size",
        "prompt is too long",
    ]) {
        return Some(FailureClass::ContextTooLong);
    }
    // Only where the message begins so: what a caller sent may be quoted further on, and no caller
    // may put a key out of use with it.
    let phrases = ["api key not valid", "invalid api key", "incorrect api key"];
    if phrases.iter().any(|phrase| message.starts_with(phrase)) {
        return Some(FailureClass::KeyRefused);
    }
    is_any(&["try pulling", "model not exist", "is not a valid model"])
        .then_some(FailureClass::ModelMissing)
}

/// The class of a status whose error says nothing better. An error inside a 200 without a status
/// of its own is classed by its `kind`.
pub(super) fn status_class(status: u16, kind: Option<&str>) -> FailureClass {
    match status {
        200..=299 => match kind {
            Some("invalid_request_error" | "invalid_parameter_error" | "BadRequestError") => {
                FailureClass::ClientFault
            }
            Some("requests" | "tokens") => FailureClass::RateLimited,
            _ => FailureClass::Transient,
        },
        401 | 403 => FailureClass::KeyRefused,
        402 => FailureClass::QuotaSpent,
        404 => FailureClass::ModelMissing,
        429 => FailureClass::RateLimited,
        503 | 529 => FailureClass::Overloaded,
        407..=409 | 425 => FailureClass::Transient,
        400..=499 => FailureClass::ClientFault,
        _ => FailureClass::Transient,
    }
}
