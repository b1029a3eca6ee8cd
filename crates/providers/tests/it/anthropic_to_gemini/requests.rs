//! What becomes of a request in Anthropic's dialect.

use serde_json::{Map, Value, json};
use tollgate_domain::chat::Dialect;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::Target;

use crate::gemini::gemini;
use crate::support::{chat_in, json_of, target, upstream};

const THINKING: &str = r#"{"reasoning": true}"#;

fn ask(model_code: &str, constraints: &str, body: &str) -> Result<Value, Failure> {
    let upstream = upstream("http://h", json!({}));
    let constraints: Map<String, Value> = serde_json::from_str(constraints).unwrap();
    let target = Target {
        constraints: &constraints,
        max_output_tokens: Some(65_536),
        ..target(&upstream, model_code)
    };
    let call = chat_in(Dialect::Anthropic, body.to_owned());
    gemini().request(&call, &target).map(|request| json_of(&request.body))
}

/// A request with those fields beside one message.
fn body(fields: &Value) -> String {
    let messages = json!([{"role": "user", "content": "Hi"}]);
    let mut body = json!({"model": "m", "max_tokens": 64, "messages": messages});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body.to_string()
}

fn with(fields: Value) -> Value {
    ask("gemini-2.5-flash", "{}", &body(&fields)).unwrap()
}

fn contents(model_code: &str, messages: Value) -> Value {
    ask(model_code, "{}", &body(&json!({"messages": messages}))).unwrap()["contents"].clone()
}

#[test]
fn a_conversation_keeps_its_order_and_its_bytes() {
    let big = r#"{ "n": 12345678901234567890123, "f": 1.50 }"#;
    let body = format!(
        r#"{{"model":"m","max_tokens":9,
        "system":[{{"type":"text","text":"A","cache_control":{{"type":"ephemeral"}}}},{{"type":"text","text":"B"}}],
        "messages":[
          {{"role":"assistant","content":"x"}},
          {{"role":"system","content":"C"}},
          {{"role":"user","content":[{{"type":"text","text":""}},{{"type":"text","text":"D"}}]}},
          {{"role":"assistant","content":[{{"type":"tool_use","id":"a","name":"f","input":{big}}}]}},
          {{"role":"user","content":[{{"type":"text","text":"E"}},
             {{"type":"tool_result","tool_use_id":"a","content":[{{"type":"text","text":"1"}},{{"type":"text","text":"2"}}]}}]}}
        ]}}"#
    );
    let upstream = upstream("http://h", json!({}));
    let target = target(&upstream, "g");
    let sent = gemini().request(&chat_in(Dialect::Anthropic, body), &target).unwrap().body;

    assert!(str::from_utf8(&sent).unwrap().contains(big));
    let mut sent = json_of(&sent);
    assert_eq!(sent["systemInstruction"], json!({"parts": [{"text": "A\n\nB"}]}));
    sent["contents"][3]["parts"][0]["functionCall"]["args"] = json!({});
    let result =
        json!({"functionResponse": {"id": "a", "name": "f", "response": {"result": "1\n2"}}});
    assert_eq!(
        sent["contents"],
        json!([
            {"role": "user", "parts": [{"text": "Continue."}]},
            {"role": "model", "parts": [{"text": "x"}]},
            {"role": "user", "parts": [{"text": "C"}, {"text": "D"}]},
            {"role": "model", "parts": [{"functionCall": {"id": "a", "name": "f", "args": {}}}]},
            {"role": "user", "parts": [result, {"text": "E"}]},
        ])
    );
}

#[test]
fn results_are_objects_errors_are_named_and_images_stand_behind() {
    let image = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}});
    let call = |id: &str| json!({"type": "tool_use", "id": id, "name": id, "input": {}});
    let result = |id: &str, content: Value, is_error: bool| json!({"type": "tool_result", "tool_use_id": id, "content": content, "is_error": is_error});
    let sent = contents(
        "g",
        json!([
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": [call("a"), call("b"), call("c")]},
            {"role": "user", "content": [
                result("a", json!("{\"ok\": true}"), false),
                result("b", json!("{\"ok\": false}"), true),
                result("c", json!([{"type": "text", "text": "seen"}, image]), false),
            ]},
        ]),
    );

    let told = |id: &str, response: Value| json!({"functionResponse": {"id": id, "name": id, "response": response}});
    let expected = [
        told("a", json!({"ok": true})),
        told("b", json!({"error": "{\"ok\": false}"})),
        told("c", json!({"result": "seen"})),
        json!({"inlineData": {"mimeType": "image/png", "data": "AAAA"}}),
    ];
    assert_eq!(sent[2]["parts"], json!(expected));
}

#[test]
fn only_geminis_own_signatures_go_back_to_it_and_on_the_right_call() {
    let call = |id: &str| json!({"type": "tool_use", "id": id, "name": "f", "input": {}});
    let thinking =
        |signature: &str| json!({"type": "thinking", "thinking": "Hm.", "signature": signature});
    let said = |model: &str, blocks: Value| {
        let messages =
            json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": blocks}]);
        let parts = contents(model, messages)[1]["parts"].clone();
        let signatures =
            parts.as_array().unwrap().iter().map(|part| part["thoughtSignature"].clone());
        signatures.collect::<Vec<Value>>()
    };
    let stand_in = json!("skip_thought_signature_validator");
    let redacted = json!({"type": "redacted_thinking", "data": "x"});

    let own =
        json!([thinking("gemini:c2ln"), {"type": "text", "text": "So"}, call("a"), call("b")]);
    assert_eq!(said("gemini-3.8-flash", own), [Value::Null, json!("c2ln"), Value::Null]);
    let second = json!([call("a"), thinking("gemini:c2ln"), call("b")]);
    assert_eq!(said("gemini-3.8-flash", second), [stand_in.clone(), json!("c2ln")]);
    let foreign = json!([thinking("EqQBCg"), redacted, call("a"), call("b")]);
    assert_eq!(said("gemini-3.8-flash", foreign.clone()), [stand_in, Value::Null]);
    assert_eq!(said("gemini-2.5-flash", foreign), [Value::Null, Value::Null]);
}

#[test]
fn documents_are_inlined_or_become_their_text() {
    let pdf = json!({"type": "base64", "media_type": "application/pdf", "data": "BBBB"});
    let inner = json!([{"type": "text", "text": "two"}]);
    let document =
        |source: Value| json!({"type": "document", "source": source, "title": "T", "context": "C"});
    let sent = contents(
        "g",
        json!([{"role": "user", "content": [
            document(pdf),
            document(json!({"type": "text", "media_type": "text/plain", "data": "one"})),
            document(json!({"type": "content", "content": inner})),
        ]}]),
    );

    let text = |text: &str| json!({"text": text});
    let pdf = json!({"inlineData": {"mimeType": "application/pdf", "data": "BBBB"}});
    let [title, context] = [text("T"), text("C")];
    let expected = json!([context, pdf, title, context, text("one"), title, context, text("two")]);
    assert_eq!(sent[0]["parts"], expected);
}

#[test]
fn every_parameter_has_its_place() {
    let schema = json!({"type": "object", "$defs": {}, "additionalProperties": false});
    let sent = with(json!({
        "max_tokens": 9, "temperature": 0.5, "top_p": 0.4, "top_k": 3, "stop_sequences": ["a", ""],
        "metadata": {"user_id": "u"}, "service_tier": "auto", "cache_control": {"type": "ephemeral"},
        "context_management": {"edits": []},
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }));

    let expected = json!({
        "maxOutputTokens": 9, "temperature": 0.5, "topP": 0.4, "topK": 3, "stopSequences": ["a"],
        "responseMimeType": "application/json", "responseJsonSchema": schema,
    });
    assert_eq!(sent["generationConfig"], expected);
    assert_eq!(sent.as_object().unwrap().len(), 2);

    let strict = body(&json!({"temperature": 1, "top_p": 0.4, "top_k": 3}));
    let sent = ask("g", r#"{"sampling_params": false}"#, &strict).unwrap();
    assert_eq!(sent["generationConfig"], json!({"maxOutputTokens": 64}));
}

#[test]
fn thinking_and_effort_are_a_level_or_a_budget() {
    let config = |model: &str, fields: &Value| {
        let mut fields = fields.clone();
        fields["max_tokens"] = json!(64_000);
        let sent = ask(model, THINKING, &body(&fields)).unwrap();
        sent["generationConfig"].get("thinkingConfig").cloned().unwrap_or_default()
    };
    let level = |level: &str| json!({"thinkingLevel": level, "includeThoughts": true});
    let budget = |tokens: i64| json!({"thinkingBudget": tokens, "includeThoughts": true});
    let untold = |mut thinking: Value| {
        thinking["includeThoughts"] = json!(false);
        thinking
    };
    let enabled = |tokens: i64| json!({"thinking": {"type": "enabled", "budget_tokens": tokens}});
    let adaptive = json!({"thinking": {"type": "adaptive"}});
    let disabled = json!({"thinking": {"type": "disabled"}, "output_config": {"effort": "high"}});
    let effort = json!({"output_config": {"effort": "medium"}});
    let both = json!({"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}});
    let told = json!({"includeThoughts": true});
    let cases = [
        (json!({}), Value::Null, Value::Null),
        (enabled(2000), level("LOW"), budget(2000)),
        (enabled(10_000), level("MEDIUM"), budget(10_000)),
        (enabled(60_000), level("HIGH"), budget(24_576)),
        (adaptive, told.clone(), told),
        (disabled, untold(level("MINIMAL")), untold(budget(0))),
        (effort, untold(level("MEDIUM")), untold(budget(8192))),
        (both, level("HIGH"), budget(24_576)),
    ];
    for (fields, new, old) in cases {
        assert_eq!(config("gemini-3.8-flash", &fields), new, "{fields}");
        assert_eq!(config("gemini-2.5-flash", &fields), old, "{fields}");
    }
    let dropped = with(enabled(1024));
    assert_eq!(dropped["generationConfig"], json!({"maxOutputTokens": 64}));
}

#[test]
fn a_choice_of_tools_has_its_mode() {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    let tools = json!([
        {"name": "a", "description": "A.", "input_schema": schema, "strict": true, "type": "custom"},
        {"name": "b", "input_schema": schema, "cache_control": {"type": "ephemeral"}},
    ]);
    let cases = [
        (json!({"type": "auto", "disable_parallel_tool_use": true}), json!({"mode": "AUTO"})),
        (json!({"type": "none"}), json!({"mode": "NONE"})),
        (json!({"type": "any"}), json!({"mode": "ANY"})),
        (
            json!({"type": "tool", "name": "b"}),
            json!({"mode": "ANY", "allowedFunctionNames": ["b"]}),
        ),
    ];
    for (choice, config) in cases {
        let sent = with(json!({"tools": tools, "tool_choice": choice}));
        assert_eq!(sent["toolConfig"]["functionCallingConfig"], config);
        let declared = json!([
            {"name": "a", "description": "A.", "parametersJsonSchema": schema},
            {"name": "b", "parametersJsonSchema": schema},
        ]);
        assert_eq!(sent["tools"], json!([{"functionDeclarations": declared}]));
    }
    assert!(with(json!({"tools": tools})).get("toolConfig").is_none());
}

#[test]
fn a_tool_whose_name_gemini_refuses_gets_another_everywhere() {
    let sent = with(json!({
        "tools": [{"name": "1st", "input_schema": {"type": "object"}}],
        "tool_choice": {"type": "tool", "name": "1st"},
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "1st", "input": {}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "x"}]},
        ],
    }));

    let name = sent["tools"][0]["functionDeclarations"][0]["name"].as_str().unwrap();
    assert!(name.starts_with("tool_1st_"), "{name}");
    let config = &sent["toolConfig"]["functionCallingConfig"];
    assert_eq!(config["allowedFunctionNames"], json!([name]));
    assert_eq!(sent["contents"][1]["parts"][0]["functionCall"]["name"], name);
    assert_eq!(sent["contents"][2]["parts"][0]["functionResponse"]["name"], name);
}

#[test]
fn no_longer_an_answer_is_asked_for_than_the_model_gives() {
    let sent = with(json!({"max_tokens": 1_000_000}));
    assert_eq!(sent["generationConfig"], json!({"maxOutputTokens": 65_536}));
}

#[test]
fn what_gemini_has_nothing_for_is_refused_by_name() {
    let user = |block: Value| json!({"messages": [{"role": "user", "content": [block]}]});
    let tool = |name: &str| json!([{"name": name, "input_schema": {"type": "object"}}]);
    let source = |kind: &str, source: Value| user(json!({"type": kind, "source": source}));
    let cases = [
        (json!({"max_tokens": 0}), "max_tokens"),
        (json!({"stop_sequences": ["1", "2", "3", "4", "5", "6"]}), "stop_sequences"),
        (json!({"container": "c"}), "container"),
        (json!({"mcp_servers": [{"name": "x"}]}), "mcp_servers"),
        (json!({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}), "tools.0.type"),
        (json!({"tools": tool("a"), "tool_choice": {"type": "tool", "name": "b"}}), "tool_choice"),
        (json!({"tool_choice": {"type": "any"}}), "tool_choice"),
        (json!({"tools": tool("a"), "tool_choice": {"type": "all"}}), "tool_choice.type"),
        (user(json!({"type": "search_result"})), "messages.0.content.0.type"),
        (
            user(json!({"type": "tool_result", "tool_use_id": "lost", "content": "x"})),
            "messages.0.content.0.tool_use_id",
        ),
        (
            source("image", json!({"type": "file", "file_id": "f"})),
            "messages.0.content.0.source.type",
        ),
        (
            source("image", json!({"type": "url", "url": "ftp://h/a.png"})),
            "messages.0.content.0.source.url",
        ),
        (
            source("document", json!({"type": "base64", "media_type": "text/csv", "data": "AA=="})),
            "messages.0.content.0.source.media_type",
        ),
    ];
    for (fields, param) in cases {
        let failure = ask("gemini-2.5-flash", "{}", &body(&fields)).unwrap_err();
        let told = (failure.class, failure.param.as_deref());
        assert_eq!(told, (FailureClass::ClientFault, Some(param)), "{fields}");
        assert!(failure.message.starts_with(param));
    }
}
