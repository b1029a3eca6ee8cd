//! What becomes of a request in OpenAI's dialect.

use serde_json::{Map, Value, json};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::Target;

use super::anthropic;
use crate::support::{chat, chat_with, fixture, json_of, target, upstream};

/// A model that takes everything but thinking.
const PLAIN: &str = "{}";
/// Haiku 4.5: thinks by a budget.
const BUDGET: &str = r#"{"assistant_prefill": true, "reasoning": true}"#;
/// Opus 4.7: thinks as it likes, and takes no sampling and no begun answer.
const ADAPTIVE: &str = r#"{"sampling_params": false, "assistant_prefill": false, "adaptive_thinking": true, "reasoning": true}"#;
/// Opus 5.5: always thinks, and cannot be forced to a tool.
const STRICT: &str = r#"{"sampling_params": false, "assistant_prefill": false, "forced_tool_choice": false,
    "thinking_always_on": true, "adaptive_thinking": true, "reasoning": true}"#;

fn ask(constraints: &str, body: &Value) -> Result<Value, Failure> {
    ask_of(constraints, Map::new(), None, body)
}

fn ask_of(
    constraints: &str,
    default_params: Map<String, Value>,
    max_output_tokens: Option<i64>,
    body: &Value,
) -> Result<Value, Failure> {
    let mut upstream = upstream("http://h/v1", json!({"strip": ["metadata"]}));
    upstream.default_params = default_params;
    let constraints: Map<String, Value> = serde_json::from_str(constraints).unwrap();
    let target = Target {
        upstream: &upstream,
        model_code: "claude",
        constraints: &constraints,
        max_output_tokens,
    };
    anthropic().request(&chat(body.to_string()), &target).map(|request| json_of(&request.body))
}

/// What a request with those fields beside one message becomes.
fn with(constraints: &str, fields: Value) -> Value {
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
fn what_a_model_refuses_is_not_sent() {
    let fields = json!({"temperature": 1.7, "top_p": 0.5});
    let plain = with(PLAIN, fields.clone());
    assert_eq!((&plain["temperature"], &plain["top_p"]), (&json!(1.0), &json!(0.5)));
    let adaptive = with(ADAPTIVE, fields);
    assert!(adaptive.get("temperature").is_none() && adaptive.get("top_p").is_none());

    let prefill = json!({"model": "m", "messages": [
        {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Well, "},
    ]});
    let last = |constraints: &str| {
        let asked = ask(constraints, &prefill).unwrap();
        asked["messages"].as_array().unwrap().last().unwrap().clone()
    };
    let begun = json!([{"type": "text", "text": "Well,"}]);
    assert_eq!(last(BUDGET), json!({"role": "assistant", "content": begun}));
    assert_eq!(last(ADAPTIVE)["role"], "user");
}

#[test]
fn tools_are_chosen_as_the_caller_chose() {
    let tools = json!([
        {"type": "function", "function": {"name": "a"}},
        {"type": "function", "function": {"name": "b", "parameters": {"properties": {}}, "strict": true}},
    ]);
    let choose = |constraints: &str, choice: Value, parallel: Option<bool>| {
        with(
            constraints,
            json!({"tools": tools, "tool_choice": choice, "parallel_tool_calls": parallel}),
        )
    };
    let asked = choose(PLAIN, Value::Null, None);
    assert!(asked.get("tool_choice").is_none());
    assert_eq!(
        asked["tools"],
        json!([
            {"name": "a", "input_schema": {"type": "object", "properties": {}}},
            {"name": "b", "input_schema": {"type": "object", "properties": {}}, "strict": true},
        ])
    );
    let only_b = json!({"type": "allowed_tools", "allowed_tools": {
        "mode": "required", "tools": [{"type": "function", "function": {"name": "b"}}],
    }});
    let one = json!({"type": "function", "function": {"name": "a"}});
    let cases = [
        (Value::Null, Some(false), json!({"type": "auto", "disable_parallel_tool_use": true})),
        (json!("auto"), Some(true), json!({"type": "auto"})),
        (json!("none"), Some(false), json!({"type": "none"})),
        (json!("required"), Some(false), json!({"type": "any", "disable_parallel_tool_use": true})),
        (one.clone(), None, json!({"type": "tool", "name": "a"})),
        (only_b.clone(), None, json!({"type": "any"})),
    ];
    for (choice, parallel, expected) in cases {
        assert_eq!(choose(PLAIN, choice.clone(), parallel)["tool_choice"], expected, "{choice}");
    }
    assert_eq!(choose(PLAIN, only_b, None)["tools"].as_array().unwrap().len(), 1);

    let told = choose(STRICT, one, None);
    assert_eq!(told["tool_choice"], json!({"type": "auto"}));
    assert_eq!(told["system"][0]["text"], "Call the tool `a` now.");
}

#[test]
fn reasoning_is_asked_for_as_the_model_takes_it() {
    let think = |constraints: &str, fields: Value| {
        let asked = with(constraints, fields);
        (asked["thinking"].clone(), asked["output_config"]["effort"].clone())
    };
    let none = Value::Null;
    let effort = |effort: &str| json!({"reasoning_effort": effort, "max_tokens": 64_000});
    let budget = |tokens: i64| json!({"type": "enabled", "budget_tokens": tokens});
    let adaptive = json!({"type": "adaptive"});
    let cases = [
        (PLAIN, effort("high"), none.clone(), none.clone()),
        (BUDGET, json!({}), none.clone(), none.clone()),
        (BUDGET, effort("low"), budget(1024), none.clone()),
        (BUDGET, effort("medium"), budget(8192), none.clone()),
        (BUDGET, effort("high"), budget(24_576), none.clone()),
        (BUDGET, json!({"reasoning_effort": "high"}), budget(2048), none.clone()),
        (
            BUDGET,
            json!({"reasoning_effort": "high", "max_tokens": 1500}),
            budget(1024),
            none.clone(),
        ),
        (
            BUDGET,
            json!({"reasoning_effort": "high", "max_tokens": 1024}),
            none.clone(),
            none.clone(),
        ),
        (BUDGET, effort("none"), json!({"type": "disabled"}), none.clone()),
        (ADAPTIVE, effort("minimal"), adaptive.clone(), json!("low")),
        (ADAPTIVE, effort("xhigh"), adaptive.clone(), json!("xhigh")),
        (ADAPTIVE, effort("none"), json!({"type": "disabled"}), none.clone()),
        (STRICT, effort("high"), adaptive, json!("high")),
        (STRICT, effort("none"), none.clone(), json!("low")),
    ];
    for (constraints, fields, thinking, effort) in cases {
        assert_eq!(
            think(constraints, fields.clone()),
            (thinking, effort),
            "{constraints} {fields}"
        );
    }
    let asked = with(BUDGET, json!({"reasoning_effort": "low", "temperature": 0.2}));
    assert!(asked.get("temperature").is_none());
    let tool = json!([{"type": "function", "function": {"name": "a"}}]);
    let forced = json!({"reasoning_effort": "low", "tools": tool, "tool_choice": "required"});
    assert_eq!(think(BUDGET, forced).0, none);
}

#[test]
fn the_other_fields_find_their_places() {
    let schema = json!({"type": "object", "properties": {}, "additionalProperties": false});
    let asked = with(
        PLAIN,
        json!({
            "stop": ["END", " "], "user": "u-1", "stream": true, "seed": 5, "presence_penalty": 1,
            "service_tier": "flex", "verbosity": "low", "unknown": {},
            "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
        }),
    );

    assert_eq!(
        asked,
        json!({
            "model": "claude", "max_tokens": 4096, "stream": true, "stop_sequences": ["END"],
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
            "output_config": {"format": {"type": "json_schema", "schema": schema}},
        })
    );
    let object = with(PLAIN, json!({"stop": "END", "response_format": {"type": "json_object"}}));
    assert!(object["system"][0]["text"].as_str().unwrap().contains("JSON object"));
    assert_eq!(object["stop_sequences"], json!(["END"]));
}

#[test]
fn the_providers_row_has_its_say() {
    let body = json_of(&chat_with(json!({"user": "u"})).body);
    let defaults = json!({"max_tokens": 99, "top_k": 5, "model": "x", "service_tier": "auto"});
    let defaults = defaults.as_object().unwrap();

    let asked = ask_of(PLAIN, defaults.clone(), Some(64_000), &body).unwrap();
    assert_eq!((&asked["max_tokens"], &asked["top_k"]), (&json!(99), &json!(5)));
    assert_eq!((&asked["model"], &asked["service_tier"]), (&json!("claude"), &json!("auto")));
    // Stripped by a quirk of the row.
    assert!(asked.get("metadata").is_none());
    assert!(ask_of(STRICT, defaults.clone(), None, &body).unwrap().get("top_k").is_none());
    let longest = ask_of(PLAIN, Map::new(), Some(64_000), &body).unwrap();
    assert_eq!(longest["max_tokens"], 64_000);
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
