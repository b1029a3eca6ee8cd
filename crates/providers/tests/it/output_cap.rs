//! What a caller cannot pay for is not asked of any provider.

use serde_json::{Value, json};
use tollgate_domain::chat::Dialect;
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Target, protocol};

use crate::support::{chat_in, json_of, target, upstream};

/// The body of a request in `dialect` with those fields, at a provider whose row has those quirks.
fn asked(
    kind: ProtocolKind,
    dialect: Dialect,
    quirks: Value,
    cap: Option<i64>,
    fields: Value,
) -> Value {
    let upstream = upstream("http://h/v1", quirks);
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let target = Target { output_cap: cap, ..target(&upstream, "claude-sonnet-4") };
    let request = protocol(kind).request(&chat_in(dialect, body.to_string()), &target);
    json_of(&request.unwrap().body)
}

#[test]
fn the_shorter_of_what_is_asked_and_what_is_paid_for_is_sent() {
    use Dialect::{Anthropic, OpenAi};
    let newer = json!({"max_tokens_field": "max_completion_tokens"});
    let none = json!({});
    let cases = [
        (ProtocolKind::OpenAi, OpenAi, &none, json!({}), "/max_tokens", 50),
        (ProtocolKind::OpenAi, OpenAi, &none, json!({"max_tokens": 90}), "/max_tokens", 50),
        (ProtocolKind::OpenAi, OpenAi, &none, json!({"max_tokens": 20}), "/max_tokens", 20),
        (
            ProtocolKind::OpenAi,
            OpenAi,
            &none,
            json!({"max_completion_tokens": 90}),
            "/max_completion_tokens",
            50,
        ),
        (ProtocolKind::OpenAi, OpenAi, &newer, json!({}), "/max_completion_tokens", 50),
        (
            ProtocolKind::OpenAi,
            OpenAi,
            &newer,
            json!({"max_tokens": 90}),
            "/max_completion_tokens",
            50,
        ),
        (ProtocolKind::Anthropic, OpenAi, &none, json!({}), "/max_tokens", 50),
        (ProtocolKind::Anthropic, OpenAi, &none, json!({"max_tokens": 20}), "/max_tokens", 20),
        (ProtocolKind::Anthropic, Anthropic, &none, json!({"max_tokens": 90}), "/max_tokens", 50),
        (ProtocolKind::Gemini, OpenAi, &none, json!({}), "/generationConfig/maxOutputTokens", 50),
        (
            ProtocolKind::Gemini,
            OpenAi,
            &none,
            json!({"max_tokens": 90}),
            "/generationConfig/maxOutputTokens",
            50,
        ),
        (
            ProtocolKind::Gemini,
            OpenAi,
            &none,
            json!({"max_tokens": 20}),
            "/generationConfig/maxOutputTokens",
            20,
        ),
    ];
    for (kind, dialect, quirks, fields, place, expected) in cases {
        let sent = asked(kind, dialect, quirks.clone(), Some(50), fields.clone());
        assert_eq!(sent.pointer(place), Some(&json!(expected)), "{kind} {fields}: {sent}");
        let names = ["max_tokens", "max_completion_tokens"];
        let said = names.iter().filter(|name| sent.get(**name).is_some()).count();
        assert!(said <= 1, "{kind} {fields}: {sent}");
    }
}

#[test]
fn thinking_stays_below_what_is_paid_for() {
    let thinking = |budget| json!({"type": "enabled", "budget_tokens": budget});
    let fields = json!({"max_tokens": 9000, "thinking": thinking(8000)});
    let sent =
        |cap| asked(ProtocolKind::Anthropic, Dialect::Anthropic, json!({}), cap, fields.clone());

    assert_eq!(sent(None)["thinking"], thinking(8000));
    assert_eq!(sent(Some(8500))["thinking"], thinking(8000));
    assert_eq!(sent(Some(3000))["thinking"], thinking(2999));
    assert_eq!(sent(Some(1024)).get("thinking"), None);
}

#[test]
fn a_request_that_is_paid_for_is_relayed_as_it_came() {
    let sent = asked(ProtocolKind::OpenAi, Dialect::OpenAi, json!({}), None, json!({}));

    assert_eq!(sent.get("max_tokens"), None);
}
