//! Whole answers of OpenAI's protocol in Anthropic's words.

use serde_json::{Value, json};
use tollgate_domain::chat::Answer;
use tollgate_domain::failure::{Failure, FailureClass};

use super::call_with;
use crate::support::{fixture, json_of, openai, target, upstream};

fn answer(body: &[u8]) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1", json!({}));
    openai().answer(&call_with(json!({})), &target(&upstream, "m"), &body.to_vec().into())
}

/// The `content`, `stop_reason` and `usage` of the answer in a recording.
fn told(name: &str) -> (Value, Value, Value) {
    let answer = answer(&fixture(name)).unwrap_or_else(|failure| panic!("{name}: {failure}"));
    let body = json_of(&answer.body);
    assert_eq!((&body["type"], &body["role"]), (&json!("message"), &json!("assistant")), "{name}");
    assert_eq!(body["stop_sequence"], Value::Null);
    assert!(body["id"].as_str().unwrap().starts_with("msg_"));
    assert_eq!(answer.facts.finish_reason.as_deref(), body["stop_reason"].as_str());
    (body["content"].clone(), body["stop_reason"].clone(), body["usage"].clone())
}

#[test]
fn recorded_answers_become_messages() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let (content, reason, usage) = told("openai/chat.json");
    assert_eq!(
        (content, reason),
        (json!([text("The capital of France is Paris.")]), json!("end_turn"))
    );
    assert_eq!((&usage["input_tokens"], &usage["output_tokens"]), (&json!(24), &json!(8)));

    let weather = |id: &str, city: &str| json!({"type": "tool_use", "id": id, "name": "get_weather", "input": {"city": city}});
    let (content, reason, _) = told("openai/chat.tools.json");
    assert_eq!(content, json!([weather("call_Pq1", "Paris"), weather("call_Pq2", "Oslo")]));
    assert_eq!(reason, "tool_use");

    let (_, reason, _) = told("openai/chat.length.json");
    assert_eq!(reason, "max_tokens");

    let (content, reason, usage) = told("deepseek/reasoner.json");
    assert_eq!((&content[0]["type"], &content[0]["signature"]), (&json!("thinking"), &json!("")));
    assert_eq!((&content[1]["type"], &reason), (&json!("text"), &json!("end_turn")));
    assert!(usage["output_tokens_details"]["thinking_tokens"].as_i64().unwrap() > 0);
}

fn whole(message: Value, finish_reason: &str) -> Vec<u8> {
    json!({"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt",
        "choices": [
            {"index": 1, "message": {"role": "assistant", "content": "other", "refusal": null}, "logprobs": null, "finish_reason": "length"},
            {"index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason},
        ],
        "usage": {"prompt_tokens": 30, "completion_tokens": 9, "total_tokens": 39,
            "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 6}}})
    .to_string()
    .into_bytes()
}

#[test]
fn odd_answers_are_messages_too() {
    let call = |arguments: Value| {
        json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "functions.f:0", "type": "function", "function": {"name": "f", "arguments": arguments}},
        ]})
    };
    let tool_use = |input: Value| json!([{"type": "tool_use", "id": "functions_x2ef_x3a0", "name": "f", "input": input}]);
    let cases = [
        (call(json!("")), "stop", tool_use(json!({})), "tool_use"),
        (call(json!({"a": 1})), "tool_calls", tool_use(json!({"a": 1})), "tool_use"),
        (call(json!("{\"a\":")), "length", tool_use(json!({"_raw": "{\"a\":"})), "max_tokens"),
        (call(json!("[1]")), "tool_calls", tool_use(json!({"_raw": "[1]"})), "tool_use"),
        (
            json!({"role": "assistant", "content": null, "refusal": "No."}),
            "stop",
            json!([{"type": "text", "text": "No."}]),
            "refusal",
        ),
        (
            json!({"role": "assistant", "content": "I can", "refusal": "not."}),
            "stop",
            json!([{"type": "text", "text": "I cannot."}]),
            "refusal",
        ),
        (json!({"role": "assistant", "content": ""}), "stop", json!([]), "end_turn"),
        (json!({"role": "assistant", "content": ""}), "tool_calls", json!([]), "end_turn"),
        (
            json!({"role": "assistant", "content": "a"}),
            "content_filter",
            json!([{"type": "text", "text": "a"}]),
            "refusal",
        ),
    ];
    for (message, finish, content, reason) in cases {
        let answer = answer(&whole(message.clone(), finish)).unwrap();
        let body = json_of(&answer.body);
        assert_eq!(
            (&body["content"], &body["stop_reason"]),
            (&content, &json!(reason)),
            "{message}"
        );
        assert_eq!(
            (&body["usage"]["input_tokens"], &body["usage"]["cache_creation_input_tokens"]),
            (&json!(20), &json!(6))
        );
        assert_eq!(answer.facts.usage.unwrap().total(), 39);
    }
}

#[test]
fn an_error_in_the_place_of_an_answer_is_a_failure() {
    let failure = answer(&fixture("openai/error.429.quota.json")).unwrap_err();
    assert_eq!(failure.class, FailureClass::QuotaSpent);
}

#[test]
fn a_stream_in_the_place_of_an_answer_is_put_together() {
    let answer = answer(&fixture("openai/chat.tools.stream.sse")).unwrap();
    let body = json_of(&answer.body);

    assert_eq!(body["content"][1]["input"], json!({"city": "Oslo"}));
    assert_eq!(body["stop_reason"], "tool_use");
}
