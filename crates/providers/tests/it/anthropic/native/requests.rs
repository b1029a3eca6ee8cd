//! What becomes of a request: edits in a few places, and not a byte elsewhere.

use serde_json::{Value, json};

use super::super::recorded;
use super::super::requests::{ADAPTIVE, BUDGET, PLAIN, STRICT};
use super::{becomes, call, call_with, sent};
use crate::support::{fixture, json_of};

/// A request with everything, written as nobody's serializer would.
const EVERYTHING: &str = r#"{ "model" : "alias",
  "max_tokens":4096, "stream" :true, "temperature": 1.0,"top_p":0.50, "top_k":5,
  "system":[{"type":"text","text":"Be \u00e9xact.","cache_control":{"type":"ephemeral","ttl":"1h"}} ],
  "messages":[
    {"role":"user","content":[
      {"type":"text","text":"caf\u00E9 \ud83d\ude00","cache_control":{"type":"ephemeral"}},
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
      {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="},"title":"t","citations":{"enabled":true}},
      {"type":"brand_new","x":12345678901234567890123,"y":1.50} ]},
    {"role":"assistant","content":[
      {"type":"thinking","thinking":"Hm.","signature":"c2lnbmF0dXJl+/=="},
      {"type":"redacted_thinking","data":"ZGF0YQ=="},
      {"type":"tool_use","id":"toolu_1","name":"now","input":{ "n":12345678901234567890123, "n":1e2 }}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":false,"content":[{"type":"text","text":"noon"}]}]},
    {"role":"assistant","content":"It is"} ],
  "tools":[{"name":"now","description":"d","input_schema":{"type":"object","properties":{}},"strict":true,"eager_input_streaming":true,"cache_control":{"type":"ephemeral"}},
    {"type":"web_search_20250305","name":"web_search","max_uses":3}],
  "tool_choice":{"type" : "tool","name":"now","disable_parallel_tool_use":true},
  "thinking":{"type":"enabled","budget_tokens":10000,"display":"omitted"},
  "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},
  "metadata":{"user_id":"u"},"service_tier":"auto","context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]},
  "speed":"fast" }
"#;

#[test]
fn the_recorded_requests_arrive_byte_for_byte() {
    let names = recorded(|name| name.ends_with(".request.json"));
    assert_eq!(names.len(), 3);
    for name in names {
        let body = fixture(&format!("anthropic/{name}"));
        let own = json_of(&body)["model"].as_str().unwrap().to_owned();

        let text = str::from_utf8(&body).unwrap();
        let renamed = text.replacen(&own, "claude", 1);
        assert_eq!(sent(&call(body.clone()), PLAIN, &json!({})).body, renamed, "{name}");
        assert_eq!(sent(&call(renamed.clone()), PLAIN, &json!({})).body, renamed, "{name}");
    }
}

#[test]
fn only_what_has_to_change_changes() {
    let mut expected = EVERYTHING.to_owned();
    let mut edit = |from: &str, to: &str| {
        assert_eq!(expected.matches(from).count(), 1, "{from}");
        expected = expected.replace(from, to);
    };
    edit(r#""alias""#, r#""claude""#);
    edit(r#","service_tier":"auto""#, "");
    let lenient = r#"{"assistant_prefill": true, "sampling_params": true}"#;
    // The model's name, what the row strips, and sampling that does not go with thinking.
    edit(r#","top_p":0.50, "top_k":5"#, "");
    assert_eq!(sent(&call(EVERYTHING), lenient, &json!({})).body, expected);

    let mut edit = |from: &str, to: &str| {
        assert_eq!(expected.matches(from).count(), 1, "{from}");
        expected = expected.replace(from, to);
    };
    edit(r#", "temperature": 1.0"#, "");
    edit(
        r#""ttl":"1h"}} ],"#,
        r#""ttl":"1h"}},{"type":"text","text":"Call the tool `now` now."} ],"#,
    );
    edit(
        r#""content":"It is"} ],"#,
        r#""content":"It is"},{"role":"user","content":[{"type":"text","text":"Continue."}]} ],"#,
    );
    edit(r#"{"type" : "tool","name":"now","#, r#"{"type" : "auto","#);
    edit(r#"{"type":"enabled","budget_tokens":10000,"#, r#"{"type":"adaptive","#);
    edit(r#""schema":{"type":"object"}}}"#, r#""schema":{"type":"object"}},"effort":"medium"}"#);
    assert_eq!(sent(&call(EVERYTHING), STRICT, &json!({})).body, expected);
}

#[test]
fn sampling_goes_where_the_model_or_the_version_refuses_it() {
    let asked = json!({"temperature": 0.5, "top_p": 0.9, "top_k": 3});
    let cases = [
        (PLAIN, None, true),
        (BUDGET, Some("2023-06-01"), true),
        (ADAPTIVE, None, false),
        (PLAIN, Some("2026-10-21"), false),
        (PLAIN, Some("2027-02-01"), false),
        (PLAIN, Some("newest"), true),
    ];
    for (constraints, version, stays) in cases {
        let mut call = call_with(asked.clone());
        call.forwarded =
            version.map(|it| ("anthropic-version", it.to_owned())).into_iter().collect();
        let request = sent(&call, constraints, &json!({"top_k": 9}));

        let body = json_of(&request.body);
        assert_eq!(request.headers["anthropic-version"], version.unwrap_or("2023-06-01"));
        for name in ["temperature", "top_p", "top_k"] {
            let expected = if stays { asked[name].clone() } else { Value::Null };
            assert_eq!(body[name], expected, "{constraints} {version:?} {name}");
        }
    }
}

#[test]
fn a_begun_answer_is_followed_by_a_user_where_the_model_takes_none() {
    let last = |content: Value| json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": content}]});
    let text = json!([{"type": "text", "text": "It"}]);
    let paused = json!([
        {"type": "text", "text": "Let me look."},
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
    ]);
    let cases = [
        (ADAPTIVE, json!("It is"), 3),
        (ADAPTIVE, text.clone(), 3),
        (ADAPTIVE, paused, 2),
        (BUDGET, text.clone(), 2),
        (PLAIN, text, 2),
    ];
    for (constraints, content, turns) in cases {
        let body = becomes(constraints, last(content.clone()));
        let messages = body["messages"].as_array().unwrap();
        assert_eq!(messages.len(), turns, "{constraints} {content}");
        assert_eq!(messages[1]["content"], content);
    }
}

#[test]
fn a_tool_that_cannot_be_forced_is_asked_for() {
    let always = r#"{"thinking_always_on": true}"#;
    let known = r#"{"thinking_always_on": true, "forced_tool_choice": true}"#;
    let tool = json!({"type": "tool", "name": "f"});
    let any = json!({"type": "any", "disable_parallel_tool_use": true});
    let told = "Call the tool `f` now.";
    let cases = [
        (STRICT, &tool, json!(null), json!({"type": "auto"}), json!(told)),
        (STRICT, &tool, json!(""), json!({"type": "auto"}), json!(told)),
        (
            STRICT,
            &tool,
            json!("Be \"brief\"."),
            json!({"type": "auto"}),
            json!(format!("Be \"brief\".\n\n{told}")),
        ),
        (
            always,
            &any,
            json!([]),
            json!({"type": "auto", "disable_parallel_tool_use": true}),
            json!([{"type": "text", "text": "Call at least one of the tools now."}]),
        ),
        (known, &any, json!("Be brief."), any.clone(), json!("Be brief.")),
        (PLAIN, &tool, json!("Be brief."), tool.clone(), json!("Be brief.")),
    ];
    for (constraints, choice, system, expected, expected_system) in cases {
        let body = becomes(constraints, json!({"tool_choice": choice, "system": system}));
        assert_eq!(body["tool_choice"], expected, "{constraints}");
        assert_eq!(body["system"], expected_system, "{constraints}");
    }
    let free = json!({"tool_choice": {"type": "none"}, "system": "Be brief."});
    assert_eq!(becomes(STRICT, free)["tool_choice"], json!({"type": "none"}));
}

#[test]
fn the_rows_parameters_stand_where_the_caller_is_silent() {
    let defaults = json!({
        "temperature": 0.3, "service_tier": "auto", "max_tokens": 5, "system": "x",
        "thinking": {"type": "enabled", "budget_tokens": 2000}, "cache_control": {"type": "ephemeral"},
    });
    let body = |fields: Value| json_of(&sent(&call_with(fields), PLAIN, &defaults).body);

    let plain = body(json!({}));
    assert_eq!(plain["cache_control"], json!({"type": "ephemeral"}));
    assert_eq!(plain["thinking"]["budget_tokens"], 2000);
    assert_eq!(plain["max_tokens"], 4096);
    for silent in ["temperature", "service_tier", "system"] {
        assert_eq!(plain[silent], Value::Null, "{silent}");
    }
    // Thinking by default never gets a request refused, and leaves room for sampling then.
    for fields in [json!({"max_tokens": 2000}), json!({"tool_choice": {"type": "any"}})] {
        let body = body(fields);
        assert_eq!((&body["thinking"], &body["temperature"]), (&Value::Null, &json!(0.3)));
    }
    assert_eq!(body(json!({"thinking": {"type": "disabled"}}))["temperature"], 0.3);
}
