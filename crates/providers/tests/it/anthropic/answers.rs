//! Recorded whole answers.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::Answer;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;

use super::anthropic;
use crate::schema::assert_valid;
use crate::support::{chat_with, fixture, json_of, target, upstream};

pub(super) fn read(body: impl Into<Bytes>) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1", json!({}));
    anthropic().answer(&chat_with(json!({})), &target(&upstream, "m"), &body.into())
}

fn message(fields: Value) -> Value {
    let mut message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude",
        "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 2},
    });
    message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    message
}

fn choice(fields: Value) -> Value {
    let answer = json_of(&read(message(fields).to_string()).unwrap().body);
    assert_valid("CreateChatCompletionResponse", &answer);
    answer["choices"][0].clone()
}

fn usage(prompt: i64, cached: i64, cache_write: i64, completion: i64) -> TokenUsage {
    TokenUsage { prompt, cached, cache_write, completion, ..TokenUsage::default() }
}

#[test]
fn every_recorded_answer_becomes_an_answer_of_openais() {
    let cases = [
        ("messages.json", json!("The capital of France is Paris."), "stop", usage(21, 0, 0, 10)),
        (
            "messages.cache.json",
            json!("Clause 4 covers termination."),
            "stop",
            usage(12, 4096, 512, 9),
        ),
        ("messages.max_tokens.json", json!("Once upon a time there"), "length", usage(12, 0, 0, 5)),
        ("messages.stop_sequence.json", json!("one two three"), "stop", usage(16, 0, 0, 4)),
        (
            "messages.tool_use.json",
            json!("Checking the weather."),
            "tool_calls",
            usage(380, 0, 0, 58),
        ),
    ];
    let covered: BTreeSet<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    let recorded = super::recorded(|name| {
        name.starts_with("messages.") && !name.contains("request") && name.ends_with(".json")
    });
    assert_eq!(covered, recorded);

    for (name, content, finish, usage) in cases {
        let answer = read(fixture(&format!("anthropic/{name}"))).unwrap();
        let body = json_of(&answer.body);

        assert_valid("CreateChatCompletionResponse", &body);
        assert_eq!(body["choices"][0]["message"]["content"], content, "{name}");
        assert_eq!(body["choices"][0]["finish_reason"], finish, "{name}");
        assert_eq!(body["model"], "claude-sonnet-4-5-20250929");
        assert_eq!(answer.facts.usage, Some(usage), "{name}");
        assert_eq!(answer.facts.finish_reason.as_deref(), Some(finish), "{name}");
    }
}

#[test]
fn cached_tokens_are_counted_once_and_inside_the_prompt() {
    let body = json_of(&read(fixture("anthropic/messages.cache.json")).unwrap().body);

    assert_eq!(
        body["usage"],
        json!({
            "prompt_tokens": 12 + 4096 + 512, "completion_tokens": 9,
            "total_tokens": 12 + 4096 + 512 + 9,
            "prompt_tokens_details": {"cached_tokens": 4096, "cache_write_tokens": 512},
            "completion_tokens_details": {"reasoning_tokens": 0},
        }),
    );
}

#[test]
fn thinking_is_reasoning_and_its_tokens_are_apart() {
    let fields = json!({
        "content": [
            {"type": "thinking", "thinking": "Hm. ", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "eA=="},
            {"type": "thinking", "thinking": "Yes.", "signature": "c2ln"},
            {"type": "text", "text": "42"},
        ],
        "usage": {"input_tokens": 5, "output_tokens": 20, "output_tokens_details": {"thinking_tokens": 12},
                  "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}},
    });

    let answer = read(message(fields).to_string()).unwrap();

    let said = &json_of(&answer.body)["choices"][0]["message"];
    assert_eq!(said["reasoning_content"], "Hm. Yes.");
    assert_eq!(said["content"], "42");
    assert_eq!((answer.facts.reasoning_bytes, answer.facts.output_bytes), (8, 2));
    let expected = TokenUsage {
        prompt: 5,
        cached: 0,
        cache_write: 3,
        cache_write_1h: 4,
        completion: 8,
        reasoning: 12,
    };
    assert_eq!(answer.facts.usage, Some(expected));
}

#[test]
fn arguments_of_calls_arrive_byte_for_byte_and_absent_ones_as_an_empty_object() {
    let big = r#"{"n": 12345678901234567890123, "f": 1.50, "é": "\u00e9"}"#;
    let body = format!(
        r#"{{"id":"msg_1","type":"message","content":[
            {{"type":"tool_use","id":"toolu_1","name":"a","input":{big}}},
            {{"type":"server_tool_use","id":"srv","name":"web_search","input":{{"q":1}}}},
            {{"type":"tool_use","id":"toolu_2","name":"b","input":{{}}}},
            {{"type":"tool_use","name":"c"}}],"stop_reason":"tool_use"}}"#
    );

    let answer = json_of(&read(body).unwrap().body);

    assert_valid("CreateChatCompletionResponse", &answer);
    let message = &answer["choices"][0]["message"];
    let call = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
    let calls =
        [call("toolu_1", "a", big), call("toolu_2", "b", "{}"), call("call_msg_1_2", "c", "{}")];
    assert_eq!(message["tool_calls"], json!(calls));
    assert_eq!(message["content"], Value::Null);
    assert!(answer.get("usage").is_none());
}

#[test]
fn every_stop_reason_has_its_finish_reason() {
    let cases = [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("brand_new", "stop"),
    ];
    for (stop_reason, finish) in cases {
        assert_eq!(choice(json!({"stop_reason": stop_reason}))["finish_reason"], finish);
    }
    assert_eq!(choice(json!({"content": [], "stop_reason": null}))["message"]["content"], "");
}

#[test]
fn blocks_of_unknown_kinds_are_left_out() {
    let odd = json!([{"type": "hologram", "text": {"x": 1}}, {"type": "text", "text": "Hi"}, 5]);

    assert_eq!(choice(json!({"content": odd}))["message"]["content"], "Hi");
}

#[test]
fn a_good_status_without_an_answer_is_a_failure() {
    use FailureClass::{Overloaded, Transient};
    let cases = [
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            Overloaded,
        ),
        ("<html>", Transient),
        ("{}", Transient),
        (r#"{"type":"completion","content":[]}"#, Transient),
        (r#"{"error":"broken"}"#, Transient),
    ];
    for (body, class) in cases {
        assert_eq!(read(body).unwrap_err().class, class, "{body}");
    }
}
