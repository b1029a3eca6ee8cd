//! Model lists, and what requests look like on the wire.

use bytes::Bytes;
use chrono::NaiveDate;
use serde_json::json;
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_domain::failure::FailureClass;

use super::anthropic;
use crate::support::{KEY, call_of, chat_with, fixture, target, upstream};

#[test]
fn the_recorded_list_is_read() {
    let page = anthropic().models(&fixture("anthropic/models.json")).unwrap();

    let codes: Vec<_> = page.models.iter().map(|model| model.code.as_str()).collect();
    assert_eq!(codes, ["claude-opus-5-5", "claude-sonnet-4-5-20250929"]);
    assert_eq!(page.next, None);
    let sonnet = &page.models[1];
    assert_eq!(sonnet.name.as_deref(), Some("Claude Sonnet 4.5"));
    assert_eq!(sonnet.shutdown_date, NaiveDate::from_ymd_opt(2026, 11, 30));
    assert_eq!((sonnet.max_input_tokens, sonnet.max_output_tokens), (Some(200_000), Some(64_000)));
    assert_eq!(sonnet.created, Some(1_759_104_000));
}

#[test]
fn further_pages_are_asked_for_by_the_last_id() {
    let body = json!({"data": [{"id": "a"}, {"id": ""}, 5], "has_more": true, "last_id": "a b"});
    let page = anthropic().models(&Bytes::from(body.to_string())).unwrap();
    assert_eq!((page.models.len(), page.next.as_deref()), (1, Some("a b")));

    let upstream = upstream("https://api.anthropic.com", json!({}));
    let first = anthropic().models_request(&upstream, None).unwrap();
    let next = anthropic().models_request(&upstream, page.next.as_deref()).unwrap();
    assert_eq!(first.url.as_str(), "https://api.anthropic.com/v1/models?limit=1000");
    assert_eq!(next.url.as_str(), "https://api.anthropic.com/v1/models?limit=1000&after_id=a+b");
}

#[test]
fn an_error_in_place_of_a_list_is_told() {
    let busy = br#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    let failure = anthropic().models(&Bytes::from_static(busy)).unwrap_err();
    assert_eq!(failure.class, FailureClass::Overloaded);
    assert!(anthropic().models(&Bytes::from_static(b"<html>")).is_err());
}

#[test]
fn the_key_goes_where_the_provider_looks_for_it() {
    let cases = [
        (json!({}), "x-api-key", KEY.to_owned()),
        (json!({"auth": "bearer"}), "authorization", format!("Bearer {KEY}")),
        (json!({"auth": "api_key"}), "api-key", KEY.to_owned()),
    ];
    for (quirks, name, value) in cases {
        let upstream = upstream("https://api.anthropic.com/v1", quirks);
        let request = anthropic().request(&chat_with(json!({})), &target(&upstream, "m")).unwrap();

        assert_eq!(request.url.as_str(), "https://api.anthropic.com/v1/messages");
        assert_eq!(request.headers[name], value.as_str());
        assert!(request.headers[name].is_sensitive());
        assert_eq!(request.headers["anthropic-version"], "2023-06-01");
        assert_eq!(request.headers["x-extra"], "yes");
        let keys = ["x-api-key", "authorization", "api-key"];
        assert_eq!(keys.iter().filter(|key| request.headers.contains_key(**key)).count(), 1);
    }
}

#[test]
fn a_version_of_the_operators_goes_before_ours() {
    let mut upstream = upstream("https://h", json!({"auth": "none"}));
    upstream.extra_headers.insert("anthropic-version".to_owned(), "2026-10-21".to_owned());

    let request = anthropic().models_request(&upstream, None).unwrap();

    assert_eq!(request.headers["anthropic-version"], "2026-10-21");
    assert!(!request.headers.contains_key("x-api-key"));
}

#[test]
fn embeddings_are_refused() {
    let upstream = upstream("https://h", json!({}));
    let call = call_of(Endpoint::Embeddings, Bytes::from_static(b"{}"), CallFacts::default());

    let failure = anthropic().request(&call, &target(&upstream, "m")).unwrap_err();

    assert_eq!(failure.class, FailureClass::ClientFault);
}
