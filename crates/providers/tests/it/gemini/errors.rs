//! Recorded errors and their classes.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::WireReply;

use super::{gemini, recorded};
use crate::support::fixture;

fn failure(status: u16, body: Bytes) -> Failure {
    let status = StatusCode::from_u16(status).unwrap();
    let reply = WireReply { status, headers: HeaderMap::new(), body };
    gemini().failure(&reply, DateTime::UNIX_EPOCH)
}

#[test]
fn every_recorded_error_has_its_class() {
    use FailureClass::{
        ClientFault, KeyRefused, ModelMissing, Overloaded, QuotaSpent, RateLimited, Transient,
    };
    let cases = [
        ("error.400.json", ClientFault, "INVALID_ARGUMENT", None),
        ("error.400.api_key.json", KeyRefused, "API_KEY_INVALID", None),
        ("error.400.region.json", KeyRefused, "FAILED_PRECONDITION", None),
        ("error.403.json", KeyRefused, "PERMISSION_DENIED", None),
        ("error.404.json", ModelMissing, "NOT_FOUND", None),
        // It hints at seconds and means a day.
        ("error.429.daily.json", QuotaSpent, "RESOURCE_EXHAUSTED", None),
        ("error.429.rate.json", RateLimited, "RESOURCE_EXHAUSTED", Some(22)),
        ("error.500.json", Transient, "INTERNAL", None),
        ("error.503.json", Overloaded, "UNAVAILABLE", None),
        ("error.504.json", Transient, "DEADLINE_EXCEEDED", None),
    ];
    let covered: BTreeSet<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    assert_eq!(covered, recorded(|name| name.starts_with("error.")));

    for (name, class, code, wait) in cases {
        let status = name["error.".len()..][..3].parse().unwrap();
        let failure = failure(status, fixture(&format!("gemini/{name}")));
        assert_eq!(failure.class, class, "{name}");
        assert_eq!(failure.code.as_deref(), Some(code), "{name}");
        assert_eq!(failure.retry_after, wait.map(Duration::from_secs), "{name}");
        assert_eq!(failure.http_status, Some(status));
        assert!(!failure.message.is_empty(), "{name}");
    }
}

#[test]
fn words_and_reasons_tell_apart_what_shares_a_status() {
    use FailureClass::{ContextTooLong, KeyDeniedForModel, KeyRefused, QuotaSpent, RateLimited};
    let cases = [
        (
            400,
            "INVALID_ARGUMENT",
            "The input token count (9) exceeds the maximum number of tokens allowed (8).",
            ContextTooLong,
        ),
        (400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", KeyRefused),
        (400, "INVALID_ARGUMENT", "Invalid name: 'api key not valid'.", FailureClass::ClientFault),
        (401, "UNAUTHENTICATED", "Request had invalid credentials.", KeyRefused),
        (402, "RESOURCE_EXHAUSTED", "Payment required.", QuotaSpent),
        (403, "PERMISSION_DENIED", "No access to the tuned model.", KeyDeniedForModel),
        (429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.", QuotaSpent),
        (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted.", RateLimited),
    ];
    for (code, status, message, class) in cases {
        let error = json!({"error": {"code": code, "message": message, "status": status}});
        assert_eq!(failure(code, error.to_string().into()).class, class, "{message}");
        let list = json!([error]);
        assert_eq!(failure(code, list.to_string().into()).class, class, "{message}");
    }
}

#[test]
fn a_402_without_its_number_inside_is_spent_credit() {
    let error = json!({"error": {"message": "Payment required.", "status": "RESOURCE_EXHAUSTED"}});
    assert_eq!(failure(402, error.to_string().into()).class, FailureClass::QuotaSpent);
    assert_eq!(failure(429, error.to_string().into()).class, FailureClass::RateLimited);
}

#[test]
fn a_reply_without_an_error_is_classed_by_its_status_and_not_quoted() {
    let cases = [
        (400, FailureClass::ClientFault),
        (401, FailureClass::KeyRefused),
        (404, FailureClass::ModelMissing),
        (409, FailureClass::Transient),
        (429, FailureClass::RateLimited),
        (502, FailureClass::Transient),
        (503, FailureClass::Overloaded),
        (302, FailureClass::Transient),
    ];
    for (status, class) in cases {
        let failure = failure(status, Bytes::from_static(b"<html>secret prompt</html>"));
        assert_eq!(failure.class, class, "{status}");
        assert!(!failure.message.contains("secret"));
    }
}
