//! What becomes of a request's fields, by what a model takes and what a provider's row says.

use serde_json::{Map, Value, json};

use super::requests::{ADAPTIVE, BUDGET, PLAIN, STRICT, ask, ask_of, with};
use crate::support::{chat_with, json_of};

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

    let always = r#"{"thinking_always_on": true}"#;
    assert_eq!(choose(always, one.clone(), None)["tool_choice"]["type"], "auto");
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
    let thinks = r#"{"adaptive_thinking": true, "reasoning": true}"#;
    let asked = with(thinks, json!({"reasoning_effort": "low", "temperature": 0.2}));
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
    let more = json_of(&chat_with(json!({"max_completion_tokens": 100_000})).body);
    let asked = ask_of(PLAIN, Map::new(), Some(64_000), &more).unwrap();
    assert_eq!(asked["max_tokens"], 64_000);
}

#[test]
fn no_sampling_goes_beside_thinking_whoever_asks_for_either() {
    let of_row = |row: Value, fields: Value| {
        let body = json_of(&chat_with(fields).body);
        ask_of(BUDGET, row.as_object().unwrap().clone(), Some(64_000), &body).unwrap()
    };
    let sampling = json!({"temperature": 0.5, "top_p": 0.5, "top_k": 5});
    let sampled = of_row(sampling.clone(), json!({"reasoning_effort": "none"}));
    assert_eq!((&sampled["temperature"], &sampled["top_k"]), (&json!(0.5), &json!(5)));

    let by_caller = of_row(sampling, json!({"reasoning_effort": "low"}));
    let thinking = json!({"type": "enabled", "budget_tokens": 2048});
    let by_row = of_row(json!({"thinking": thinking}), json!({"temperature": 0.5, "top_p": 0.5}));
    for asked in [by_caller, by_row] {
        assert_eq!(asked["thinking"]["type"], "enabled");
        let mut fields = asked.as_object().unwrap().keys();
        assert!(!fields.any(|name| matches!(name.as_str(), "temperature" | "top_p" | "top_k")));
    }
}
