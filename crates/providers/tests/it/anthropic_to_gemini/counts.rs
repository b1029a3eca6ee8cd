//! Counting tokens, for callers of both dialects.

use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::failure::FailureClass;
use tollgate_domain::usage::TokenUsage;

use crate::gemini::gemini;
use crate::support::{call_of, fixture, json_of, target, upstream};

fn count(dialect: Dialect, body: Value) -> ChatCall {
    let call = call_of(Endpoint::CountTokens, body.to_string().into(), Default::default());
    ChatCall { dialect, ..call }
}

#[test]
fn the_whole_request_is_counted_under_the_models_path() {
    let upstream = upstream("http://h", json!({}));
    let target = target(&upstream, "gemini-x");
    let user = json!([{"role": "user", "content": "Hi"}]);
    let schema = json!({"type": "object"});
    let anthropic = count(
        Dialect::Anthropic,
        json!({"model": "m", "system": "S", "messages": user, "tools": [{"name": "f", "input_schema": schema}]}),
    );
    let tools = json!([{"type": "function", "function": {"name": "f", "parameters": schema}}]);
    let system = json!({"role": "system", "content": "S"});
    let openai = count(
        Dialect::OpenAi,
        json!({"model": "m", "messages": [system, user[0]], "tools": tools, "stream": true}),
    );
    for call in [anthropic, openai] {
        let request = gemini().request(&call, &target).unwrap();

        assert_eq!(request.url.as_str(), "http://h/v1beta/models/gemini-x:countTokens");
        let declared = json!([{"name": "f", "parametersJsonSchema": schema}]);
        let expected = json!({"generateContentRequest": {
            "model": "models/gemini-x",
            "systemInstruction": {"parts": [{"text": "S"}]},
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
            "tools": [{"functionDeclarations": declared}],
        }});
        assert_eq!(json_of(&request.body), expected);
    }
    assert!(gemini().counts_tokens());
}

#[test]
fn a_count_uses_nothing_and_says_the_same_to_everybody() {
    let upstream = upstream("http://h", json!({}));
    let target = target(&upstream, "gemini-x");
    let recorded = fixture("gemini/count_tokens.json");
    for dialect in [Dialect::Anthropic, Dialect::OpenAi] {
        let call = count(dialect, json!({"messages": []}));

        let answer = gemini().answer(&call, &target, &recorded).unwrap();

        assert_eq!(json_of(&answer.body), json!({"input_tokens": 15}));
        assert_eq!(answer.facts.counted, Some(15));
        assert_eq!(answer.facts.usage, Some(TokenUsage::default()));
        let wrong = gemini().answer(&call, &target, &"{}".into()).unwrap_err();
        assert_eq!(wrong.class, FailureClass::Transient);
    }
}
