//! Recorded whole answers. Their bytes are in `tests/golden/replay`; here is what they must say.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{Answer, Dialect};
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use crate::gemini::gemini;
use crate::support::{ask, chat_in, fixture, json_of, target, upstream};

pub(super) fn read(body: impl Into<Bytes>) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1beta", json!({}));
    gemini().answer(&ask(Dialect::Anthropic, false), &target(&upstream, "m"), &body.into())
}

fn said(body: &Value) -> (Value, Value) {
    let answer = json_of(&read(body.to_string()).unwrap().body);
    (answer["content"].clone(), answer["stop_reason"].clone())
}

fn candidate(parts: Value, reason: &str) -> Value {
    json!({"candidates": [{"content": {"parts": parts}, "finishReason": reason}], "responseId": "r1"})
}

#[test]
fn every_recorded_answer_becomes_a_message() {
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    let usage = |prompt, cached, completion, reasoning| TokenUsage {
        prompt,
        cached,
        completion,
        reasoning,
        ..TokenUsage::default()
    };
    let call = |id: &str, city: &str| json!({"type": "tool_use", "id": id, "name": "get_weather", "input": {"city": city}});
    let thinking = |text: &str, signature: &str| json!({"type": "thinking", "thinking": text, "signature": signature});
    let compared =
        json!([thinking("**Comparing numbers**", ""), {"type": "text", "text": "9.8 is larger."}]);
    let called =
        json!([thinking("", "gemini:c2lnLTE="), call("fc_1", "Paris"), call("fc_2", "Oslo")]);
    let paris = text("The capital of France is Paris.");
    let cases = [
        ("generate.json", paris, "end_turn", usage(15, 0, 7, 31)),
        ("generate.cached.json", text("Clause 4."), "end_turn", usage(904, 4096, 4, 12)),
        ("max_tokens.json", text("Once upon"), "max_tokens", usage(12, 0, 2, 0)),
        ("safety.json", json!([]), "refusal", usage(20, 0, 0, 0)),
        ("thoughts.json", compared, "end_turn", usage(18, 0, 6, 40)),
        ("tools.json", called, "tool_use", usage(107, 0, 31, 148)),
    ];
    for (name, content, stop_reason, usage) in cases {
        let answer = read(fixture(&format!("gemini/{name}"))).unwrap();
        let body = json_of(&answer.body);

        assert_eq!(body["content"], content, "{name}");
        assert_eq!(body["stop_reason"], stop_reason, "{name}");
        assert_eq!(body["model"], "gemini-3.8-flash");
        assert!(body["id"].as_str().unwrap().starts_with("msg_"));
        assert_eq!(answer.facts.usage, Some(usage), "{name}");
        assert_eq!(answer.facts.finish_reason.as_deref(), Some(stop_reason), "{name}");
    }
}

#[test]
fn a_signed_call_follows_the_thinking_that_carries_its_signature() {
    let call = json!({"functionCall": {"name": "f"}, "thoughtSignature": "c2ln"});
    let thought = json!({"text": "Hm.", "thought": true});
    let (content, reason) =
        said(&candidate(json!([thought, {"text": "So"}, call, {"text": ""}]), "STOP"));

    let expected = json!([
        {"type": "thinking", "thinking": "Hm.", "signature": ""},
        {"type": "text", "text": "So"},
        {"type": "thinking", "thinking": "", "signature": "gemini:c2ln"},
        {"type": "tool_use", "id": "call_r1_0", "name": "f", "input": {}},
    ]);
    assert_eq!((content, reason), (expected, json!("tool_use")));

    let (content, _) = said(&candidate(json!([thought, call]), "STOP"));
    let signed = json!({"type": "thinking", "thinking": "Hm.", "signature": "gemini:c2ln"});
    assert_eq!(content[0], signed);
    assert_eq!(content.as_array().unwrap().len(), 2);
}

#[test]
fn ids_of_calls_have_the_characters_that_anthropics_have() {
    let call = json!({"functionCall": {"id": "a/b:ü", "name": "f"}});
    let (content, _) = said(&candidate(json!([call]), "STOP"));
    assert_eq!(content[0]["id"], "a_x2fb_x3a_xc3_xbc");
}

#[test]
fn a_tool_that_gemini_has_under_another_name_is_the_callers_again() {
    let upstream = upstream("http://h/v1beta", json!({}));
    let target = target(&upstream, "m");
    let anthropics = json!({"name": "1st", "input_schema": {"type": "object"}});
    let openais = json!({"type": "function", "function": {"name": "1st"}});
    let cases = [
        (Dialect::Anthropic, anthropics, "/content/0/name"),
        (Dialect::OpenAi, openais, "/choices/0/message/tool_calls/0/function/name"),
    ];
    for (dialect, tool, place) in cases {
        let messages = json!([{"role": "user", "content": "Hi"}]);
        let body = json!({"model": "m", "max_tokens": 9, "messages": messages, "tools": [tool]});
        let call = chat_in(dialect, body.to_string());
        let sent = json_of(&gemini().request(&call, &target).unwrap().body);
        let name = &sent["tools"][0]["functionDeclarations"][0]["name"];
        assert_ne!(name, "1st");
        let reply = candidate(json!([{"functionCall": {"name": name, "args": {}}}]), "STOP");

        let answer = gemini().answer(&call, &target, &reply.to_string().into()).unwrap();

        assert_eq!(json_of(&answer.body).pointer(place), Some(&json!("1st")));
    }
}

#[test]
fn a_blocked_prompt_is_a_refusal_and_an_empty_answer_a_failure() {
    let blocked = said(&json!({"promptFeedback": {"blockReason": "SAFETY"}}));
    assert_eq!(blocked, (json!([]), json!("refusal")));

    for reason in ["STOP", "MISSING_THOUGHT_SIGNATURE"] {
        let failure = read(candidate(json!([]), reason).to_string()).unwrap_err();
        assert_eq!(failure.code.as_deref(), Some(reason));
    }
}
