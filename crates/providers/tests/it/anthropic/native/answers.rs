//! Whole answers.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::Answer;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;

use super::super::{anthropic, recorded};
use super::call_with;
use crate::support::{fixture, json_of, target, upstream};

pub(super) fn read(body: impl Into<Bytes>) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1", json!({}));
    anthropic().answer(&call_with(json!({})), &target(&upstream, "m"), &body.into())
}

#[test]
fn every_recorded_answer_is_relayed_byte_for_byte() {
    let usage = |prompt, cached, cache_write, completion| TokenUsage {
        prompt,
        cached,
        cache_write,
        completion,
        ..TokenUsage::default()
    };
    let cases = [
        ("messages.json", "end_turn", usage(21, 0, 0, 10), 31),
        ("messages.cache.json", "end_turn", usage(12, 4096, 512, 9), 28),
        ("messages.max_tokens.json", "max_tokens", usage(12, 0, 0, 5), 22),
        ("messages.stop_sequence.json", "stop_sequence", usage(16, 0, 0, 4), 13),
        ("messages.tool_use.json", "tool_use", usage(380, 0, 0, 58), 65),
    ];
    let names = recorded(|name| {
        name.starts_with("messages.") && !name.contains("request") && name.ends_with(".json")
    });
    assert!(cases.iter().all(|case| names.contains(case.0)) && cases.len() == names.len());

    for (name, stop_reason, usage, output_bytes) in cases {
        let body = fixture(&format!("anthropic/{name}"));
        let answer = read(body.clone()).unwrap();

        assert_eq!(answer.body, body, "{name}");
        assert_eq!(answer.facts.finish_reason.as_deref(), Some(stop_reason), "{name}");
        assert_eq!(answer.facts.usage, Some(usage), "{name}");
        assert_eq!(answer.facts.output_bytes, output_bytes, "{name}");
    }
}

#[test]
fn what_compatible_servers_leave_out_or_add_does_not_matter() {
    let cases = [
        (json!({"content": []}), None, None),
        (
            json!({"content": [{"type": "brand_new", "x": 1}], "stop_reason": "brand_new"}),
            Some("brand_new"),
            None,
        ),
        (json!({"type": "message", "content": [5], "usage": 5}), None, None),
    ];
    for (body, stop_reason, usage) in cases {
        let answer = read(body.to_string()).unwrap();
        assert_eq!(answer.body, body.to_string());
        assert_eq!(answer.facts.finish_reason.as_deref(), stop_reason);
        assert_eq!(answer.facts.usage, usage);
    }
}

#[test]
fn the_caches_are_counted_apart_and_thinking_too() {
    let body = json!({"type": "message", "stop_reason": "end_turn", "content": [
        {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}, {"type": "text", "text": "42"},
    ], "usage": {
        "input_tokens": 5, "cache_read_input_tokens": 11, "cache_creation_input_tokens": 7,
        "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4},
        "output_tokens": 20, "output_tokens_details": {"thinking_tokens": 12},
    }});
    let facts = read(body.to_string()).unwrap().facts;

    let expected = TokenUsage {
        prompt: 5,
        cached: 11,
        cache_write: 3,
        cache_write_1h: 4,
        completion: 8,
        reasoning: 12,
    };
    assert_eq!(facts.usage, Some(expected));
    assert_eq!((facts.reasoning_bytes, facts.output_bytes), (3, 2));
}

#[test]
fn what_is_no_message_is_a_failure_of_its_class() {
    let cases = [
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"o"}}"#,
            FailureClass::Overloaded,
        ),
        ("<html>", FailureClass::Transient),
        ("{}", FailureClass::Transient),
        (r#"{"type":"completion","content":[]}"#, FailureClass::Transient),
    ];
    for (body, class) in cases {
        assert_eq!(read(body).unwrap_err().class, class, "{body}");
    }
}

#[test]
fn a_stream_in_place_of_an_answer_becomes_one() {
    let text = read(fixture("anthropic/messages.stream.sse")).unwrap();
    let body = json_of(&text.body);
    assert_eq!(
        body["content"],
        json!([{"type": "text", "text": "The capital of France is Paris."}])
    );
    assert_eq!(body["stop_reason"], "end_turn");
    assert_eq!(
        (&body["usage"]["input_tokens"], &body["usage"]["output_tokens"]),
        (&json!(21), &json!(10))
    );
    assert_eq!(text.facts.usage.map(|usage| usage.total()), Some(31));

    let tools = json_of(&read(fixture("anthropic/tool_use.stream.sse")).unwrap().body);
    assert_eq!(tools["content"][1]["input"], json!({"city": "Paris"}));
    assert_eq!(tools["content"][1]["name"], "get_weather");
    assert_eq!(tools["stop_reason"], "tool_use");
    assert_eq!(tools["usage"]["cache_read_input_tokens"], 2048);

    let cut = fixture("anthropic/messages.stream.sse");
    let cut = cut.slice(..cut.len() / 2);
    assert_eq!(read(cut).unwrap_err().class, FailureClass::Transient);
}

#[test]
fn an_assembled_answer_keeps_what_is_not_known_here() {
    let big = r#"{"n": 12345678901234567890123, "f": 1.50}"#;
    let data = [
        r#"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"x":1.50,"usage":{"input_tokens":5,"service_tier":"standard","output_tokens":1}}}"#.to_owned(),
        r#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#.to_owned(),
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}"#.to_owned(),
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln+/=="}}"#.to_owned(),
        r#"{"type":"content_block_start","index":2,"content_block":{"type":"brand_new","y":1.50}}"#.to_owned(),
        r#"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"It ","citations":[]}}"#.to_owned(),
        r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"is\n\"so\"."}}"#.to_owned(),
        r#"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"n":1.50}}}"#.to_owned(),
        r#"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}"#.to_owned(),
        json!({"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": &big[..9]}}).to_string(),
        json!({"type": "content_block_delta", "index": 3, "delta": {"type": "input_json_delta", "partial_json": &big[9..]}}).to_string(),
        r#"{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_2","name":"g","input":{}}}"#.to_owned(),
        r#"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"category":"c"}},"usage":{"output_tokens":9,"input_tokens":null}}"#.to_owned(),
        r#"{"type":"message_stop"}"#.to_owned(),
    ];
    let stream: String = data.iter().map(|data| format!("data: {data}\n\n")).collect();

    let answer = read(stream).unwrap();

    let content = [
        r#"{"type":"thinking","thinking":"Hm.","signature":"c2ln+/=="}"#,
        r#"{"type":"text","text":"It is\n\"so\".","citations":[{"n":1.50}]}"#,
        r#"{"type":"brand_new","y":1.50}"#,
        &format!(r#"{{"type":"tool_use","id":"toolu_1","name":"f","input":{big}}}"#),
        r#"{"type":"tool_use","id":"toolu_2","name":"g","input":{}}"#,
    ];
    let expected = format!(
        r#"{{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[{}],"stop_reason":"refusal","x":1.50,"usage":{{"input_tokens":5,"service_tier":"standard","output_tokens":9}},"stop_details":{{"category":"c"}}}}"#,
        content.join(","),
    );
    assert_eq!(str::from_utf8(&answer.body).unwrap(), expected);
    assert_eq!(answer.facts.usage.map(|usage| (usage.prompt, usage.completion)), Some((5, 9)));
    assert_eq!(Value::from(answer.facts.finish_reason), "refusal");
}
