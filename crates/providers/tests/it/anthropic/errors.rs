//! Recorded errors and their classes.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeZone, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::WireReply;

use super::{anthropic, recorded};
use crate::support::{fixture, json_of};

fn failure(status: u16, headers: HeaderMap, body: Bytes, now: DateTime<Utc>) -> Failure {
    let status = StatusCode::from_u16(status).unwrap();
    anthropic().failure(&WireReply { status, headers, body }, now)
}

fn of_fixture(name: &str, headers: HeaderMap) -> Failure {
    let status = name["error.".len()..][..3].parse().unwrap();
    failure(status, headers, fixture(&format!("anthropic/{name}")), DateTime::UNIX_EPOCH)
}

fn headers(name: &str) -> HeaderMap {
    let fields = json_of(&fixture(&format!("anthropic/{name}")));
    let header = |(name, value): (&String, &serde_json::Value)| {
        (
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_str(value.as_str().unwrap()).unwrap(),
        )
    };
    fields.as_object().unwrap().iter().map(header).collect()
}

#[test]
fn every_recorded_error_has_its_class() {
    use FailureClass::{
        ClientFault, KeyDeniedForModel, KeyRefused, ModelMissing, Overloaded, QuotaSpent,
        RateLimited, Transient,
    };
    let cases = [
        ("error.400.json", ClientFault, "invalid_request_error"),
        ("error.400.credit.json", QuotaSpent, "invalid_request_error"),
        ("error.400.on_hold.json", KeyRefused, "organization_on_hold"),
        ("error.400.sampling.json", ClientFault, "invalid_request_error"),
        ("error.401.json", KeyRefused, "authentication_error"),
        ("error.402.json", QuotaSpent, "billing_error"),
        ("error.403.json", KeyDeniedForModel, "permission_error"),
        ("error.404.json", ModelMissing, "not_found_error"),
        ("error.413.json", ClientFault, "request_too_large"),
        // Without a hint it is a month's limit.
        ("error.429.json", QuotaSpent, "rate_limit_error"),
        ("error.429.ramp.json", RateLimited, "ramp_limit_exceeded"),
        ("error.429.spend.json", QuotaSpent, "enforced_spend_limit_reached"),
        ("error.500.json", Transient, "api_error"),
        ("error.504.json", Transient, "timeout_error"),
        ("error.529.json", Overloaded, "overloaded_error"),
    ];
    let covered: BTreeSet<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    assert_eq!(covered, recorded(|name| name.starts_with("error.")));

    for (name, class, code) in cases {
        let failure = of_fixture(name, HeaderMap::new());
        assert_eq!(failure.class, class, "{name}");
        assert_eq!(failure.code.as_deref(), Some(code), "{name}");
        assert!(!failure.message.is_empty() && failure.http_status.is_some(), "{name}");
    }
}

#[test]
fn a_limit_with_a_hint_is_a_rate_and_the_hint_is_kept() {
    let limited = of_fixture("error.429.json", headers("headers.429.json"));
    assert_eq!(limited.class, FailureClass::RateLimited);
    assert_eq!(limited.retry_after, Some(Duration::from_secs(27)));

    let mut reset = headers("headers.429.json");
    reset.remove("retry-after");
    let now = Utc.with_ymd_and_hms(2026, 11, 20, 12, 40, 18).unwrap();
    let limited = failure(429, reset, fixture("anthropic/error.429.json"), now);
    assert_eq!(limited.class, FailureClass::RateLimited);
    assert_eq!(limited.retry_after, Some(Duration::from_secs(42)));

    // A spent month stays spent, whatever else the headers say.
    let spent = of_fixture("error.429.spend.json", headers("headers.429.json"));
    assert_eq!(spent.class, FailureClass::QuotaSpent);
}

#[test]
fn words_tell_apart_what_shares_a_type() {
    let class = |message: &str| {
        let error = json!({"type": "error", "error": {"type": "invalid_request_error", "message": message}});
        failure(400, HeaderMap::new(), error.to_string().into(), DateTime::UNIX_EPOCH).class
    };
    assert_eq!(
        class("prompt is too long: 210000 tokens > 200000 maximum"),
        FailureClass::ContextTooLong
    );
    assert_eq!(class("Output blocked by content filtering policy"), FailureClass::ContentRefused);
    assert_eq!(
        class("You have reached your specified API usage limits."),
        FailureClass::QuotaSpent
    );
    assert_eq!(class("messages: text content blocks must be non-empty"), FailureClass::ClientFault);
}

#[test]
fn no_caller_puts_a_key_out_of_use_with_what_is_quoted_of_theirs() {
    let words = ["credit balance is too low", "specified API usage limits", "spend limit"];
    for words in words.into_iter().chain(["organization has been disabled"]) {
        let message = format!("tool_choice: Tool '{words}' not found in provided tools");
        let error = json!({"error": {"type": "invalid_request_error", "message": message}});
        let failure =
            failure(400, HeaderMap::new(), error.to_string().into(), DateTime::UNIX_EPOCH);
        assert_eq!(failure.class, FailureClass::ClientFault, "{words}");
    }
}

#[test]
fn an_api_error_means_what_its_status_does() {
    let cases = [
        (401, FailureClass::KeyRefused),
        (429, FailureClass::RateLimited),
        (500, FailureClass::Transient),
        (503, FailureClass::Overloaded),
        (529, FailureClass::Overloaded),
    ];
    for (status, class) in cases {
        let error = json!({"error": {"type": "api_error", "message": "no"}}).to_string();
        let failure = failure(status, HeaderMap::new(), error.into(), DateTime::UNIX_EPOCH);
        assert_eq!(failure.class, class, "{status}");
    }
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
        (529, FailureClass::Overloaded),
        (302, FailureClass::Transient),
    ];
    for (status, class) in cases {
        let html = Bytes::from_static(b"<html>secret prompt</html>");
        let failure = failure(status, HeaderMap::new(), html, DateTime::UNIX_EPOCH);
        assert_eq!(failure.class, class, "{status}");
        assert!(!failure.message.contains("secret"));
    }
}
