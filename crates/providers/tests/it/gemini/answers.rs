//! Recorded whole answers.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::Answer;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;

use super::gemini;
use crate::schema::assert_valid;
use crate::support::{chat_with, fixture, json_of, target, upstream};

pub(super) fn read(body: impl Into<Bytes>) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1beta", json!({}));
    gemini().answer(&chat_with(json!({})), &target(&upstream, "m"), &body.into())
}

fn candidate(fields: Value) -> Value {
    let mut candidate = json!({"index": 0, "finishReason": "STOP"});
    candidate.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"candidates": [candidate], "responseId": "r1", "modelVersion": "gemini"})
}

fn choice(body: &Value) -> Value {
    let answer = json_of(&read(body.to_string()).unwrap().body);
    assert_valid("CreateChatCompletionResponse", &answer);
    answer["choices"][0].clone()
}

fn usage(prompt: i64, cached: i64, completion: i64, reasoning: i64) -> TokenUsage {
    TokenUsage { prompt, cached, cache_write: 0, cache_write_1h: 0, completion, reasoning }
}

#[test]
fn every_recorded_answer_becomes_an_answer_of_openais() {
    let paris = json!("The capital of France is Paris.");
    let cases = [
        ("generate.json", paris, "stop", usage(15, 0, 7, 31)),
        ("generate.cached.json", json!("Clause 4."), "stop", usage(904, 4096, 4, 12)),
        ("max_tokens.json", json!("Once upon"), "length", usage(12, 0, 2, 0)),
        ("safety.json", json!(""), "content_filter", usage(20, 0, 0, 0)),
        ("thoughts.json", json!("9.8 is larger."), "stop", usage(18, 0, 6, 40)),
        ("tools.json", Value::Null, "tool_calls", usage(107, 0, 31, 148)),
    ];
    let covered: BTreeSet<String> = cases.iter().map(|case| case.0.to_owned()).collect();
    let others = ["embed", "error.", "models.", "request", "stream"];
    let recorded = super::recorded(|name| others.iter().all(|other| !name.contains(other)));
    assert_eq!(covered, recorded);

    for (name, content, finish, usage) in cases {
        let answer = read(fixture(&format!("gemini/{name}"))).unwrap();
        let body = json_of(&answer.body);

        assert_valid("CreateChatCompletionResponse", &body);
        assert_eq!(body["choices"][0]["message"]["content"], content, "{name}");
        assert_eq!(body["choices"][0]["finish_reason"], finish, "{name}");
        assert_eq!(body["model"], "gemini-3.8-flash");
        assert_eq!(answer.facts.usage, Some(usage), "{name}");
        assert_eq!(answer.facts.finish_reason.as_deref(), Some(finish), "{name}");
    }
}

#[test]
fn cached_tokens_are_inside_the_prompt_and_thoughts_inside_the_completion() {
    let body = json_of(&read(fixture("gemini/generate.cached.json")).unwrap().body);

    assert_eq!(
        body["usage"],
        json!({
            "prompt_tokens": 5000, "completion_tokens": 4 + 12, "total_tokens": 5016,
            "prompt_tokens_details": {"cached_tokens": 4096, "cache_write_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 12},
        }),
    );
}

#[test]
fn thoughts_are_reasoning() {
    let answer = read(fixture("gemini/thoughts.json")).unwrap();

    let message = &json_of(&answer.body)["choices"][0]["message"];
    assert_eq!(message["reasoning_content"], "**Comparing numbers**");
    assert_eq!((answer.facts.reasoning_bytes, answer.facts.output_bytes), (21, 14));
}

#[test]
fn parallel_calls_have_ids_and_the_signature_that_has_to_come_back() {
    let answer = json_of(&read(fixture("gemini/tools.json")).unwrap().body);

    let call = |id: &str, city: &str| {
        let arguments = json!({"city": city}).to_string();
        json!({"id": id, "type": "function", "function": {"name": "get_weather", "arguments": arguments}})
    };
    let mut first = call("fc_1", "Paris");
    first["extra_content"] = json!({"google": {"thought_signature": "c2lnLTE="}});
    let mut said = answer["choices"][0]["message"]["tool_calls"].clone();
    // The recording is written with spaces.
    for call in said.as_array_mut().unwrap() {
        let arguments = json_of(call["function"]["arguments"].as_str().unwrap().as_bytes());
        call["function"]["arguments"] = json!(arguments.to_string());
    }
    assert_eq!(said, json!([first, call("fc_2", "Oslo")]));
}

#[test]
fn arguments_arrive_byte_for_byte_and_absent_ones_as_an_empty_object() {
    let big = r#"{"n": 12345678901234567890123, "f": 1.50, "é": "\u00e9"}"#;
    let body = format!(
        r#"{{"responseId":"r1","candidates":[{{"finishReason":"STOP","content":{{"parts":[
            {{"functionCall":{{"name":"a","args":{big}}}}},
            {{"functionCall":{{"name":"b","args":{{}}}}}},
            {{"functionCall":{{"name":"c"}}}},
            {{"executableCode":{{"code":"1"}}}},{{"text":{{"odd":1}}}},5]}}}}]}}"#
    );

    let answer = json_of(&read(body).unwrap().body);

    assert_valid("CreateChatCompletionResponse", &answer);
    let calls = answer["choices"][0]["message"]["tool_calls"].as_array().unwrap().clone();
    let told: Vec<_> = calls.iter().map(|it| (&it["id"], &it["function"]["arguments"])).collect();
    let [a, b, c] = [json!("call_r1_0"), json!("call_r1_1"), json!("call_r1_2")];
    assert_eq!(told, [(&a, &json!(big)), (&b, &json!("{}")), (&c, &json!("{}"))]);
    assert!(answer.get("usage").is_none());
}

#[test]
fn every_finish_reason_has_its_word() {
    let cases = [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("CONTINUATION", "length"),
        ("SAFETY", "content_filter"),
        ("RECITATION", "content_filter"),
        ("IMAGE_SAFETY", "content_filter"),
        ("OTHER", "content_filter"),
        ("MALFORMED_FUNCTION_CALL", "stop"),
    ];
    for (reason, finish) in cases {
        let body =
            candidate(json!({"finishReason": reason, "content": {"parts": [{"text": "Hi"}]}}));
        assert_eq!(choice(&body)["finish_reason"], finish, "{reason}");
    }
    assert_eq!(choice(&candidate(json!({"finishReason": "MAX_TOKENS"})))["message"]["content"], "");
}

#[test]
fn a_blocked_prompt_is_an_answer() {
    let body = json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}});

    let choice = choice(&body);

    assert_eq!(choice["finish_reason"], "content_filter");
    assert_eq!(choice["message"]["content"], "");
}

#[test]
fn a_good_status_without_an_answer_is_a_failure() {
    use FailureClass::{Overloaded, Transient};
    let unavailable = r#"{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}"#;
    let empty = candidate(json!({})).to_string();
    let malformed = candidate(json!({"finishReason": "MALFORMED_FUNCTION_CALL"})).to_string();
    let cases = [
        (unavailable, Overloaded),
        (&format!("[{unavailable}]"), Overloaded),
        ("<html>", Transient),
        ("{}", Transient),
        (r#"{"candidates":[]}"#, Transient),
        (empty.as_str(), Transient),
        (malformed.as_str(), Transient),
    ];
    for (body, class) in cases {
        assert_eq!(read(body.to_owned()).unwrap_err().class, class, "{body}");
    }
}
