//! Recorded answers and streams with something odd put anywhere in them.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_providers::WireReply;

use crate::support::{
    chat_with, events, fixture, fixture_names, json_of, openai, replay, streamed, target, upstream,
};

fn odd() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!([]),
        json!([null]),
        json!([{}]),
        json!({}),
        json!({"x": null}),
        json!(true),
    ])
}

/// Puts `odd` at the `at`th place of a tree, counted round.
fn put(tree: &mut Value, at: prop::sample::Index, odd: &Value) {
    let mut left = at.index(count(tree));
    visit(tree, &mut |value| {
        if left == 0 {
            odd.clone_into(value);
        }
        left = left.wrapping_sub(1);
    });
}

fn count(tree: &mut Value) -> usize {
    let mut count = 0;
    visit(tree, &mut |_| count += 1);
    count
}

/// Every value of a tree, the inner ones first.
fn visit(tree: &mut Value, seen: &mut impl FnMut(&mut Value)) {
    match tree {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, seen)),
        Value::Object(fields) => fields.values_mut().for_each(|field| visit(field, seen)),
        _ => {}
    }
    seen(tree);
}

/// Whether what every client reads is there and of its type.
fn assert_readable(reply: &Value, part: &str) {
    let is_text = |value: &Value| value.is_string() || value.is_null();
    let is_head = ["id", "model", "object"].iter().all(|name| reply[name].is_string());
    assert!(is_head && reply["created"].is_i64(), "{reply}");
    for choice in reply["choices"].as_array().expect("choices") {
        let (part, reason) = (&choice[part], &choice["finish_reason"]);
        assert!(choice["index"].is_u64() && part.is_object() && is_text(reason), "{reply}");
        assert!(
            ["content", "refusal", "reasoning_content"].iter().all(|it| is_text(&part[it])),
            "{reply}"
        );
        for call in part.get("tool_calls").map_or(&[][..], |calls| calls.as_array().unwrap()) {
            let function = &call["function"];
            assert!(is_text(&call["id"]) && is_text(&function["name"]), "{reply}");
            assert!(is_text(&function["arguments"]), "{reply}");
        }
    }
    let usage = &reply["usage"];
    let counts = ["prompt_tokens", "completion_tokens", "total_tokens"];
    assert!(usage.is_null() || counts.iter().all(|it| usage[it].is_i64()), "{reply}");
}

fn names(end: &str) -> Vec<String> {
    fixture_names(|name| {
        name.starts_with("chat") && name.ends_with(end) && !name.contains("request")
    })
    .into_iter()
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_stands_in_a_stream_the_caller_gets_what_clients_can_read(
        name in prop::sample::select(
            fixture_names(|name| name.ends_with(".sse")).into_iter()
                .filter(|name| !name.contains("responses") && !name.contains("gemini/chat"))
                .collect::<Vec<_>>()),
        line in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), odd in odd(),
    ) {
        let body = String::from_utf8(fixture(&name).to_vec()).unwrap();
        let mut lines: Vec<String> = body.lines().map(str::to_owned).collect();
        let data: Vec<usize> =
            (0..lines.len()).filter(|at| lines[*at].starts_with("data: {")).collect();
        let line = data[line.index(data.len())];
        let mut tree = json_of(&lines[line].as_bytes()["data: ".len()..]);
        put(&mut tree, at, &odd);
        lines[line] = format!("data: {tree}");

        let (items, _) = replay(&streamed(), [lines.join("\n").as_bytes()]);

        for event in events(&items) {
            assert_readable(&json_of(&event.data), "delta");
        }
    }

    #[test]
    fn whatever_stands_in_an_answer_the_caller_gets_what_clients_can_read(
        name in prop::sample::select(names(".json")), at in any::<prop::sample::Index>(), odd in odd(),
    ) {
        let mut tree = json_of(&fixture(&name));
        put(&mut tree, at, &odd);
        let upstream = upstream("http://h/v1", json!({}));

        let body = Bytes::from(tree.to_string());
        if let Ok(answer) = openai().answer(&chat_with(json!({})), &target(&upstream, "m"), &body) {
            assert_readable(&json_of(&answer.body), "message");
        }
    }

    #[test]
    fn whatever_stands_in_an_error_or_a_list_of_models_is_read_without_harm(
        name in prop::sample::select(
            fixture_names(|name| name.starts_with("error") || name.starts_with("models"))
                .into_iter().filter(|name| name.ends_with(".json")).collect::<Vec<_>>()),
        at in any::<prop::sample::Index>(), odd in odd(), status in 200_u16..600,
    ) {
        let mut tree = json_of(&fixture(&name));
        put(&mut tree, at, &odd);
        let body = Bytes::from(tree.to_string());
        let status = StatusCode::from_u16(status).unwrap();
        let reply = WireReply { status, headers: HeaderMap::new(), body: body.clone() };

        let failure = openai().failure(&reply, chrono::DateTime::UNIX_EPOCH);

        prop_assert!(!failure.message.is_empty());
        let _ = openai().models(&body);
    }
}
