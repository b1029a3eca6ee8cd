//! What a provider's row and a model's constraints change in a request.

use serde_json::{Value, json};
use tollgate_providers::Target;

use super::{DEEPSEEK, MOONSHOT, call_with, sent_to};
use crate::support::{json_of, openai, target, upstream};

#[test]
fn a_model_gets_only_what_it_takes() {
    let tools = json!([{"name": "f", "input_schema": {"type": "object"}}]);
    let forced = json!({"system": "S", "tools": tools, "tool_choice": {"type": "any", "disable_parallel_tool_use": true}});
    let thinks = json!({"thinking": {"type": "enabled", "budget_tokens": 9000}, "temperature": 1.0, "max_tokens": 10_000});
    let cases = [
        (
            json!({"reasoning": true}),
            thinks.clone(),
            json!({"max_completion_tokens": 10_000, "reasoning_effort": "medium"}),
        ),
        (json!({}), thinks, json!({"max_tokens": 10_000, "temperature": 1.0})),
        (
            json!({"sampling_params": false}),
            json!({"temperature": 0.1, "top_p": 0.2}),
            json!({"max_tokens": 64}),
        ),
        (
            json!({"reasoning": true, "reasoning_effort_levels": ["none", "high"]}),
            json!({"thinking": {"type": "disabled"}, "temperature": 0.5}),
            json!({"max_completion_tokens": 64, "reasoning_effort": "none", "temperature": 0.5}),
        ),
        (
            json!({"forced_tool_choice": false}),
            forced,
            json!({
                "max_tokens": 64, "tool_choice": "auto", "parallel_tool_calls": false,
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
                "messages": [
                    {"role": "system", "content": "S\n\nCall at least one of the tools now."},
                    {"role": "user", "content": "Hi"},
                ],
            }),
        ),
    ];
    for (constraints, fields, expected) in cases {
        let mut whole = json!({"model": "gpt", "messages": [{"role": "user", "content": "Hi"}]});
        whole.as_object_mut().unwrap().extend(expected.as_object().unwrap().clone());
        assert_eq!(sent_to("{}", &constraints, fields.clone()), whole, "{constraints} {fields}");
    }
}

#[test]
fn marks_of_the_cache_go_to_models_that_take_them() {
    let mark = json!({"type": "ephemeral", "ttl": "1h"});
    let fields = json!({
        "system": [{"type": "text", "text": "S", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": mark}]}],
    });

    let sent = sent_to("{}", &json!({"prompt_cache_breakpoint": true}), fields.clone());
    let marked = |text: &str, ttl: &str| {
        let mark = json!({"mode": "explicit", "ttl": ttl});
        json!([{"type": "text", "text": text, "prompt_cache_breakpoint": mark}])
    };
    assert_eq!(sent["messages"][0]["content"], marked("S", "30m"));
    assert_eq!(sent["messages"][1]["content"], marked("a", "12h"));

    let sent = sent_to("{}", &json!({}), fields);
    assert_eq!(
        sent["messages"],
        json!([{"role": "system", "content": "S"}, {"role": "user", "content": "a"}])
    );
}

#[test]
fn the_providers_row_changes_a_translated_request_like_any_other() {
    let parts = json!([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]);
    let fields = || json!({"messages": parts, "temperature": 0.5, "stream": true});

    let deepseek = sent_to(DEEPSEEK, &json!({"reasoning": true}), fields());
    assert_eq!((&deepseek["max_tokens"], &deepseek["temperature"]), (&json!(64), &json!(0.5)));
    assert_eq!(deepseek["messages"][0]["content"], "a\nb");

    let moonshot = sent_to(MOONSHOT, &json!({}), fields());
    assert_eq!(
        (&moonshot["max_completion_tokens"], moonshot.get("temperature")),
        (&json!(64), None)
    );
    assert_eq!(moonshot["messages"][0]["content"][1]["text"], "b");
    assert_eq!(moonshot["stream_options"]["include_usage"], true);

    let old = sent_to(r#"{"no_stream_options":true}"#, &json!({}), fields());
    assert_eq!(old.get("stream_options"), None);
}

#[test]
fn names_that_a_provider_refuses_are_sent_as_others() {
    let fields = || {
        json!({
            "tools": [{"name": "ls", "input_schema": {}}, {"name": "find", "input_schema": {}}],
            "tool_choice": {"type": "tool", "name": "ls"},
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "x", "name": "ls", "input": {}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x"}]},
            ],
        })
    };
    let names = |quirks: &str| -> Vec<Value> {
        let sent = sent_to(quirks, &json!({}), fields());
        let of = |value: &Value| value["function"]["name"].clone();
        let call = &sent["messages"][1]["tool_calls"][0];
        vec![of(&sent["tools"][0]), of(&sent["tool_choice"]), of(call), of(&sent["tools"][1])]
    };

    assert_eq!(names("{}"), ["ls", "ls", "ls", "find"]);
    let at_moonshot = names(MOONSHOT);
    let name = at_moonshot[0].as_str().unwrap();
    assert!(name.starts_with("tool_ls_"), "{name}");
    assert_eq!(at_moonshot, [name, name, name, "find"]);
}

#[test]
fn no_longer_answer_is_asked_for_than_the_model_gives() {
    let upstream = upstream("http://h/v1", json!({}));
    for (longest, expected) in [(Some(50), 50), (Some(500), 64), (None, 64)] {
        let target = Target { max_output_tokens: longest, ..target(&upstream, "gpt") };
        let request = openai().request(&call_with(json!({})), &target).unwrap();
        assert_eq!(json_of(&request.body)["max_tokens"], expected);
    }
}
