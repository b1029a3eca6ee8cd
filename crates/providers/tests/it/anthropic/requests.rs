//! What becomes of a request in OpenAI's dialect.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::{CallFacts, ChatCall, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::Target;

use super::anthropic;
use crate::support::{call_of, chat, chat_with, fixture, json_of, target, upstream};

/// A model that takes everything but thinking.
pub(super) const PLAIN: &str = "{}";
/// Haiku 4.5: thinks by a budget.
pub(super) const BUDGET: &str = r#"{"assistant_prefill": true, "reasoning": true}"#;
/// Opus 4.7: thinks as it likes, and takes no sampling and no begun answer.
pub(super) const ADAPTIVE: &str = r#"{"sampling_params": false, "assistant_prefill": false, "adaptive_thinking": true, "reasoning": true}"#;
/// Opus 5.5: always thinks, and cannot be forced to a tool.
pub(super) const STRICT: &str = r#"{"sampling_params": false, "assistant_prefill": false, "forced_tool_choice": false,
    "thinking_always_on": true, "adaptive_thinking": true, "reasoning": true}"#;

pub(super) fn ask(constraints: &str, body: &Value) -> Result<Value, Failure> {
    ask_of(constraints, Map::new(), None, body)
}

pub(super) fn ask_of(
    constraints: &str,
    default_params: Map<String, Value>,
    max_output_tokens: Option<i64>,
    body: &Value,
) -> Result<Value, Failure> {
    let call = chat(body.to_string());
    request_to(constraints, default_params, max_output_tokens, &call)
}

fn request_of(constraints: &str, call: &ChatCall) -> Result<Value, Failure> {
    request_to(constraints, Map::new(), None, call)
}

fn request_to(
    constraints: &str,
    default_params: Map<String, Value>,
    max_output_tokens: Option<i64>,
    call: &ChatCall,
) -> Result<Value, Failure> {
    let mut upstream = upstream("http://h/v1", json!({"strip": ["metadata"]}));
    upstream.default_params = default_params;
    let constraints: Map<String, Value> = serde_json::from_str(constraints).unwrap();
    let target = Target {
        upstream: &upstream,
        model_code: "claude",
        constraints: &constraints,
        max_output_tokens,
        output_cap: None,
    };
    anthropic().request(call, &target).map(|request| json_of(&request.body))
}

/// What a request with those fields beside one message becomes.
pub(super) fn with(constraints: &str, fields: Value) -> Value {
    ask(constraints, &json_of(&chat_with(fields).body)).unwrap()
}

fn refused(fields: Value) -> (Option<String>, FailureClass) {
    let failure = ask(PLAIN, &json_of(&chat_with(fields).body)).unwrap_err();
    assert!(failure.message.starts_with(failure.param.as_deref().unwrap_or_default()));
    (failure.param, failure.class)
}

fn turns(messages: Value) -> Value {
    ask(PLAIN, &json!({"model": "m", "messages": messages})).unwrap()["messages"].clone()
}

#[test]
fn the_recorded_requests_are_what_openais_become() {
    let weather = json!({
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
    });
    let cases = [
        (
            "messages.request.json",
            json!({
                "messages": [
                    {"role": "system", "content": "Answer in one sentence."},
                    {"role": "user", "content": "What is the capital of France?"},
                ],
                "max_tokens": 256,
            }),
        ),
        (
            "image.request.json",
            json!({
                "messages": [{"role": "user", "content": [
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "detail": "low"}},
                    {"type": "image_url", "image_url": {"url": "https://example.com/cat.jpg"}},
                    {"type": "text", "text": "Compare."},
                ]}],
                "max_completion_tokens": 64,
            }),
        ),
        (
            "tool_result.request.json",
            json!({
                "messages": [
                    {"role": "user", "content": "Weather in Paris?"},
                    {"role": "assistant", "content": null, "tool_calls": [{
                        "id": "toolu_01A", "type": "function",
                        "function": {"name": "get_weather", "arguments": "{\"city\": \"Paris\"}"},
                    }]},
                    {"role": "tool", "tool_call_id": "toolu_01A", "content": [{"type": "text", "text": "14 C, rain"}]},
                ],
                "tools": [{"type": "function", "function": {
                    "name": "get_weather", "description": "Current weather for a city.", "parameters": weather,
                }}],
                "tool_choice": "auto", "max_tokens": 256,
            }),
        ),
    ];
    for (name, mut body) in cases {
        body["model"] = json!("m");
        let mut expected = json_of(&fixture(&format!("anthropic/{name}")));
        expected["model"] = json!("claude");
        in_blocks(&mut expected);
        assert_eq!(ask(PLAIN, &body).unwrap(), expected, "{name}");
    }
}

/// The same request with its texts as blocks, and nothing that stands for a default.
fn in_blocks(request: &mut Value) {
    let block = |content: &mut Value| {
        if content.is_string() {
            *content = json!([{"type": "text", "text": content.take()}]);
        }
    };
    if let Some(system) = request.get_mut("system") {
        block(system);
    }
    request["messages"].as_array_mut().unwrap().iter_mut().for_each(|it| block(&mut it["content"]));
    if let Some(choice) = request.get_mut("tool_choice") {
        choice.as_object_mut().unwrap().remove("disable_parallel_tool_use");
    }
}

#[test]
fn leading_system_messages_move_and_later_ones_become_the_users() {
    let body = json!({"model": "m", "messages": [
        {"role": "system", "content": "A"},
        {"role": "developer", "content": [{"type": "text", "text": "B", "prompt_cache_breakpoint": {"ttl": "12h"}}]},
        {"role": "system", "content": " "},
        {"role": "user", "content": "Hi"},
        {"role": "system", "content": "C"},
    ]});
    let asked = ask(PLAIN, &body).unwrap();

    let cached =
        json!({"type": "text", "text": "B", "cache_control": {"type": "ephemeral", "ttl": "1h"}});
    assert_eq!(asked["system"], json!([{"type": "text", "text": "A"}, cached]));
    let said = json!([{"type": "text", "text": "Hi"}, {"type": "text", "text": "C"}]);
    assert_eq!(asked["messages"], json!([{"role": "user", "content": said}]));
}

#[test]
fn results_of_parallel_calls_are_one_turn_in_front_of_the_users_words() {
    let call = |id: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}});
    let turns = turns(json!([
        {"role": "user", "content": "Go"},
        {"role": "assistant", "content": "Two calls.", "tool_calls": [
            call("a.1", "{\"n\": 12345678901234567890123}"), call("b", ""),
        ]},
        {"role": "tool", "tool_call_id": "b", "content": "B"},
        {"role": "user", "content": "And now?"},
        {"role": "tool", "tool_call_id": "a.1", "content": ""},
    ]));

    let text = |text: &str| json!({"type": "text", "text": text});
    let big: Value = serde_json::from_str("{\"n\": 12345678901234567890123}").unwrap();
    assert_eq!(
        turns[1]["content"],
        json!([
            text("Two calls."),
            {"type": "tool_use", "id": "a_x2e1", "name": "f", "input": big},
            {"type": "tool_use", "id": "b", "name": "f", "input": {}},
        ])
    );
    assert_eq!(
        turns[2],
        json!({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "b", "content": [text("B")]},
            {"type": "tool_result", "tool_use_id": "a_x2e1"},
            text("And now?"),
        ]})
    );
    assert_eq!(turns.as_array().unwrap().len(), 3);
}

#[test]
fn arguments_in_the_history_arrive_byte_for_byte() {
    let arguments = r#"{"n": 12345678901234567890123, "f": 1.50}"#;
    let function = json!({"name": "f", "arguments": arguments});
    let call = json!({"id": "a", "type": "function", "function": function});
    let call = chat_with(json!({"messages": [{"role": "assistant", "tool_calls": [call]}]}));
    let upstream = upstream("http://h/v1", json!({}));

    let request = anthropic().request(&call, &target(&upstream, "m")).unwrap();

    assert!(str::from_utf8(&request.body).unwrap().contains(&format!(r#""input":{arguments}"#)));
}

#[test]
fn the_user_always_begins_and_empty_texts_are_dropped() {
    let user = json!({"role": "user", "content": [{"type": "text", "text": "Continue."}]});
    let turns = turns(json!([
        {"role": "assistant", "content": "Hello", "reasoning_content": "Hm", "name": "bot"},
        {"role": "user", "content": ""},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}], "refusal": "Never. "},
    ]));
    let said = json!([
        {"type": "text", "text": "Hello"}, {"type": "text", "text": "No."}, {"type": "text", "text": "Never."},
    ]);
    assert_eq!(turns, json!([user, {"role": "assistant", "content": said}]));
}

#[test]
fn what_cannot_be_mapped_is_refused_by_name() {
    let user = |part: Value| json!({"messages": [{"role": "user", "content": [part]}]});
    let assistant = |fields: Value| {
        let mut message = json!({"role": "assistant", "content": null});
        message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"messages": [message]})
    };
    let call = |arguments: &str| json!({"tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": arguments}}]});
    let image = |url: &str| user(json!({"type": "image_url", "image_url": {"url": url}}));
    let image_field = "messages[0].content[0].image_url";
    let cases = [
        (json!({"n": 2}), "n"),
        (json!({"logprobs": true}), "logprobs"),
        (json!({"top_logprobs": 3}), "top_logprobs"),
        (json!({"logit_bias": {"5": 1}}), "logit_bias"),
        (json!({"modalities": ["text", "audio"]}), "modalities"),
        (json!({"functions": []}), "functions"),
        (json!({"web_search_options": {}}), "web_search_options"),
        (json!({"store": true}), "store"),
        (json!({"response_format": {"type": "grammar"}}), "response_format.type"),
        (json!({"tools": [{"type": "custom", "custom": {"name": "x"}}]}), "tools[0].type"),
        (json!({"tool_choice": "required"}), "tool_choice"),
        (
            json!({"tools": [{"type": "function", "function": {"name": "f", "parameters": []}}]}),
            "tools[0].function.parameters",
        ),
        (user(json!({"type": "input_audio", "input_audio": {}})), "messages[0].content[0].type"),
        (user(json!({"type": "file", "file": {"file_id": "f"}})), "messages[0].content[0].file"),
        (image("data:image/bmp;base64,AA"), image_field),
        (image("data:image/png,AA"), image_field),
        (image("file:///etc/passwd"), image_field),
        (assistant(call("[1]")), "messages[0].tool_calls[0].function.arguments"),
        (assistant(call("{\"a\"")), "messages[0].tool_calls[0].function.arguments"),
        (assistant(json!({"function_call": {}})), "messages[0].function_call"),
        (
            json!({"messages": [{"role": "function", "name": "f", "content": "x"}]}),
            "messages[0].role",
        ),
    ];
    for (fields, field) in cases {
        let expected = (Some(field.to_owned()), FailureClass::ClientFault);
        assert_eq!(refused(fields.clone()), expected, "{fields}");
    }
    for harmless in [
        json!({"n": 1, "logprobs": false, "logit_bias": {}, "modalities": ["text"]}),
        json!({"tools": [], "tool_choice": "auto", "store": false}),
    ] {
        with(PLAIN, harmless);
    }
}

#[test]
fn a_pdf_is_a_document() {
    let asked = with(
        PLAIN,
        json!({"messages": [{"role": "user", "content": [
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}},
        ]}]}),
    );
    assert_eq!(
        asked["messages"][0]["content"][0],
        json!({
            "type": "document", "title": "a.pdf",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"},
        })
    );
}

/// A part, message or field that may well be wrong.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-3..5000_i64).prop_map(Value::from),
        prop_oneof![
            Just("user"),
            Just("assistant"),
            Just("system"),
            Just("tool"),
            Just("text"),
            Just(""),
            Just("image_url"),
            Just("function"),
            Just("{}"),
            Just("a b"),
            Just("required"),
        ]
        .prop_map(Value::from),
    ];
    let names = prop_oneof![
        Just("role"),
        Just("content"),
        Just("type"),
        Just("text"),
        Just("tool_calls"),
        Just("id"),
        Just("function"),
        Just("name"),
        Just("arguments"),
        Just("tool_call_id"),
        Just("parameters"),
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let fields = proptest::collection::vec((names.clone(), inner.clone()), 0..4);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            fields.prop_map(|fields| {
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

/// Messages that are mostly right.
fn any_messages() -> impl Strategy<Value = Value> {
    let content = prop_oneof![
        "[a-z ]{0,4}".prop_map(Value::from),
        proptest::collection::vec("[a-z ]{0,4}", 0..3).prop_map(|texts| {
            texts.iter().map(|text| json!({"type": "text", "text": text})).collect()
        }),
        any_json(),
    ];
    let calls = prop_oneof![
        Just(json!(null)),
        "[a-z.]{0,2}"
            .prop_map(|id| json!([{"id": id, "function": {"name": "f", "arguments": ""}}])),
        any_json(),
    ];
    let role = prop_oneof![
        Just("system"),
        Just("user"),
        Just("assistant"),
        Just("assistant"),
        Just("tool"),
    ];
    let message = (role, content, calls, "[a-z.]{0,2}").prop_map(|(role, content, calls, id)| {
        json!({"role": role, "content": content, "tool_calls": calls, "tool_call_id": id})
    });
    proptest::collection::vec(message, 0..6).prop_map(Value::from)
}

proptest! {
    #[test]
    fn whatever_is_asked_is_refused_or_becomes_what_anthropic_takes(
        messages in any_messages(), name in prop_oneof![
            Just("tools"), Just("tool_choice"), Just("response_format"), Just("stop"), Just("user"),
        ],
        value in any_json(),
        constraints in prop_oneof![Just(PLAIN), Just(BUDGET), Just(ADAPTIVE), Just(STRICT)],
    ) {
        let body = json!({"model": "m", "messages": messages, name: value, "reasoning_effort": "high"});
        let call = call_of(Endpoint::Chat, body.to_string().into(), CallFacts::default());
        match request_of(constraints, &call) {
            Err(failure) => prop_assert_eq!(failure.class, FailureClass::ClientFault),
            Ok(asked) => {
                let turns = asked["messages"].as_array().unwrap();
                prop_assert_eq!(&turns[0]["role"], "user");
                prop_assert!(turns.windows(2).all(|two| two[0]["role"] != two[1]["role"]));
                for turn in turns {
                    let blocks = turn["content"].as_array().unwrap();
                    prop_assert!(!blocks.is_empty());
                    let is_result = |block: &Value| block["type"] == "tool_result";
                    prop_assert!(blocks.is_sorted_by_key(|block| !is_result(block)));
                    let blank = |block: &Value| block["text"].as_str().is_some_and(|it| it.trim().is_empty());
                    prop_assert!(!blocks.iter().any(blank));
                }
            }
        }
    }
}
