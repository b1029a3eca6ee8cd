//! Counting a prompt's tokens.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::failure::FailureClass;
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::protocol;

use super::super::anthropic;
use super::super::requests::{ADAPTIVE, PLAIN};
use super::{counting, sent};
use crate::support::{chat_with, fixture, json_of, openai, target, upstream};

#[test]
fn the_protocol_counts_and_openais_does_not() {
    assert!(anthropic().counts_tokens());
    assert!(!openai().counts_tokens());
    assert!(protocol(tollgate_domain::provider::ProtocolKind::Anthropic).counts_tokens());
}

#[test]
fn a_body_to_count_is_relayed_without_what_counting_does_not_take() {
    let body = r#"{"model":"claude", "system":"Be brief.","messages":[{"role":"user","content":"Hi"}],"tools":[],"x":1.50}"#;
    let request = sent(&counting(body), PLAIN, &json!({"temperature": 0.5, "speed": "fast"}));
    assert_eq!(request.url.as_str(), "http://h/v1/messages/count_tokens");
    assert_eq!(request.body, body);

    let whole =
        body.replace("\"x\"", r#""max_tokens":5,"stream":true,"temperature":1,"metadata":{},"x""#);
    assert_eq!(sent(&counting(whole), PLAIN, &json!({})).body, body);
    let begun = r#"{"model":"claude","messages":[{"role":"assistant","content":"It"}]}"#;
    let counted = json_of(&sent(&counting(begun), ADAPTIVE, &json!({})).body);
    assert_eq!(counted["messages"].as_array().unwrap().len(), 2);
}

#[test]
fn an_openai_callers_body_is_translated_first() {
    let call = chat_with(json!({
        "stop": "x", "user": "u", "temperature": 0.5, "stream": true, "top_p": 0.5,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
    }));
    let call = ChatCall { endpoint: Endpoint::CountTokens, ..call };
    let body = json_of(&sent(&call, PLAIN, &json!({})).body);

    let text = |text: &str| json!([{"type": "text", "text": text}]);
    let expected = json!({
        "model": "claude", "system": text("Be brief."),
        "messages": [{"role": "user", "content": text("Hi")}],
    });
    assert_eq!(body, expected);
}

#[test]
fn the_recorded_count_is_relayed_and_costs_nothing() {
    let upstream = upstream("http://h/v1", json!({}));
    let body = r#"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#;
    let openais = ChatCall { endpoint: Endpoint::CountTokens, ..chat_with(json!({})) };
    for call in [counting(body), openais] {
        let read = |body: Bytes| anthropic().answer(&call, &target(&upstream, "m"), &body);

        let counted = fixture("anthropic/count_tokens.json");
        let answer = read(counted.clone()).unwrap();
        assert_eq!(answer.body, counted);
        assert_eq!(answer.facts.counted, Some(21));
        assert_eq!(answer.facts.usage, Some(TokenUsage::default()));

        let busy = read(fixture("anthropic/error.529.json")).unwrap_err();
        assert_eq!(busy.class, FailureClass::Overloaded);
        for wrong in [json!({}), json!({"input_tokens": "many"}), json!([]), Value::Null] {
            let failure = read(Bytes::from(wrong.to_string())).unwrap_err();
            assert_eq!(failure.class, FailureClass::Transient);
        }
    }
}
