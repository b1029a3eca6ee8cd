//! What becomes of a request in OpenAI's dialect.

use serde_json::{Map, Value, json};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::Target;

use super::gemini;
use crate::support::{chat, chat_with, fixture, json_of, upstream};

/// Gemini 3.8 Flash: thinks, and takes no sampling.
const STRICT: &str = r#"{"sampling_params": false, "reasoning": true}"#;
const THINKING: &str = r#"{"reasoning": true}"#;

fn ask(model_code: &str, constraints: &str, body: &Value) -> Result<Value, Failure> {
    ask_of(model_code, constraints, json!({}), body)
}

fn ask_of(
    model_code: &str,
    constraints: &str,
    default_params: Value,
    body: &Value,
) -> Result<Value, Failure> {
    let mut upstream = upstream("http://h", json!({"strip": ["seed"]}));
    upstream.default_params = default_params.as_object().unwrap().clone();
    let constraints: Map<String, Value> = serde_json::from_str(constraints).unwrap();
    let target = Target {
        upstream: &upstream,
        model_code,
        constraints: &constraints,
        max_output_tokens: Some(65_536),
        output_cap: None,
    };
    gemini().request(&chat(body.to_string()), &target).map(|request| json_of(&request.body))
}

/// What a request with those fields beside one message becomes at an older model.
fn with(fields: Value) -> Value {
    ask("gemini-2.5-flash", "{}", &json_of(&chat_with(fields).body)).unwrap()
}

fn config(model_code: &str, constraints: &str, fields: Value) -> Value {
    let body = json_of(&chat_with(fields).body);
    ask(model_code, constraints, &body).unwrap()["generationConfig"].clone()
}

fn refused(fields: Value) -> (Option<String>, FailureClass) {
    let failure = ask("gemini-2.5-flash", "{}", &json_of(&chat_with(fields).body)).unwrap_err();
    assert!(failure.message.starts_with(failure.param.as_deref().unwrap_or_default()));
    (failure.param, failure.class)
}

fn contents(messages: Value) -> Value {
    let body = json!({"model": "m", "messages": messages});
    ask("gemini-2.5-flash", "{}", &body).unwrap()["contents"].clone()
}

fn weather() -> Value {
    json!([{"type": "function", "function": {
        "name": "get_weather", "description": "Current weather for a city.", "strict": true,
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }}])
}

#[test]
fn the_recorded_requests_are_what_openais_become() {
    let ask = |body: Value| ask("gemini-3.8-flash", THINKING, &body).unwrap();
    let plain = json!({
        "model": "m", "max_tokens": 64, "stop": "END", "reasoning_effort": "low",
        "messages": [
            {"role": "developer", "content": "Answer in one sentence."},
            {"role": "user", "content": "What is the capital of France?"},
        ],
    });
    let mut expected = json_of(&fixture("gemini/generate.request.json"));
    expected["generationConfig"]["thinkingConfig"]["includeThoughts"] = json!(true);
    assert_eq!(ask(plain), expected);

    let question = json!({"role": "user", "content": "Weather in Paris and Oslo?"});
    let tools = json!({
        "model": "m", "messages": [question], "tools": weather(), "tool_choice": "auto",
    });
    assert_eq!(ask(tools), json_of(&fixture("gemini/tools.request.json")));

    let call = |id: &str, city: &str| {
        let arguments = json!({"city": city}).to_string();
        json!({"id": id, "type": "function", "function": {"name": "get_weather", "arguments": arguments}})
    };
    let mut first = call("fc_1", "Paris");
    first["extra_content"] = json!({"google": {"thought_signature": "c2lnLTE="}});
    let followup = json!({"model": "m", "tools": weather(), "messages": [
        question,
        {"role": "assistant", "content": null, "tool_calls": [first, call("fc_2", "Oslo")]},
        {"role": "tool", "tool_call_id": "fc_1", "content": "14 C"},
        {"role": "tool", "tool_call_id": "fc_2", "content": [{"type": "text", "text": "2 C"}]},
    ]});
    assert_eq!(ask(followup), json_of(&fixture("gemini/tools.followup.request.json")));
}

#[test]
fn a_call_of_another_models_gets_a_stand_in_for_its_signature_where_one_is_wanted() {
    let body = json!({"model": "m", "messages": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": ""}},
            {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{\"n\": 1.50}"}},
        ]},
        {"role": "tool", "tool_call_id": "b", "content": "{\"ok\": true}"},
    ]});
    let parts = |model| ask(model, "{}", &body).unwrap()["contents"][1]["parts"].clone();

    let signed = parts("gemini-3.8-flash");
    assert_eq!(signed[0]["thoughtSignature"], "skip_thought_signature_validator");
    assert_eq!(signed[0]["functionCall"], json!({"id": "a", "name": "f", "args": {}}));
    assert!(signed[1].get("thoughtSignature").is_none());
    assert!(parts("gemini-2.5-pro")[0].get("thoughtSignature").is_none());

    let result = ask("g", "{}", &body).unwrap()["contents"][2]["parts"].clone();
    let expected = json!({"id": "b", "name": "g", "response": {"ok": true}});
    assert_eq!(result, json!([{"functionResponse": expected}]));
}

#[test]
fn system_messages_move_neighbours_join_and_the_user_begins() {
    let body = json!({"model": "m", "messages": [
        {"role": "system", "content": "A"},
        {"role": "developer", "content": [{"type": "text", "text": "B"}]},
        {"role": "assistant", "content": "x", "reasoning_content": "dropped"},
        {"role": "system", "content": "C"},
        {"role": "user", "content": ""},
        {"role": "user", "name": "n", "content": "D"},
    ]});

    let sent = ask("g", "{}", &body).unwrap();

    assert_eq!(sent["systemInstruction"], json!({"parts": [{"text": "A\n\nB"}]}));
    let turn = |role: &str, texts: &[&str]| {
        let parts: Vec<Value> = texts.iter().map(|text| json!({"text": text})).collect();
        json!({"role": role, "parts": parts})
    };
    let turns = [turn("user", &["Continue."]), turn("model", &["x"]), turn("user", &["C", "D"])];
    assert_eq!(sent["contents"], json!(turns));
    assert!(sent.get("generationConfig").is_none());
}

#[test]
fn images_pdfs_and_sounds_are_inlined() {
    let said = contents(json!([{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "data:image/jpg;base64,AAAA", "detail": "low"}},
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,BBBB"}},
        {"type": "input_audio", "input_audio": {"data": "CCCC", "format": "mp3"}},
    ]}]));

    let blob = |kind: &str, data: &str| json!({"inlineData": {"mimeType": kind, "data": data}});
    let parts =
        [blob("image/jpeg", "AAAA"), blob("application/pdf", "BBBB"), blob("audio/mp3", "CCCC")];
    assert_eq!(said[0]["parts"], json!(parts));
}

#[test]
fn every_parameter_has_its_place() {
    let schema = json!({"type": "object", "$defs": {}, "additionalProperties": false});
    let sent = with(json!({
        "max_completion_tokens": 9, "temperature": 1.5, "top_p": 0.5, "presence_penalty": 1,
        "frequency_penalty": -1, "stop": ["a", "", " "], "seed": 7, "user": "u",
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
    }));

    // The row strips the seed.
    let expected = json!({
        "maxOutputTokens": 9, "temperature": 1.5, "topP": 0.5, "presencePenalty": 1.0,
        "frequencyPenalty": -1.0, "stopSequences": ["a", " "],
        "responseMimeType": "application/json", "responseJsonSchema": schema,
    });
    assert_eq!(sent["generationConfig"], expected);
    let mode = with(json!({"response_format": {"type": "json_object"}}));
    assert_eq!(mode["generationConfig"], json!({"responseMimeType": "application/json"}));
    assert!(with(json!({"response_format": {"type": "text"}})).get("generationConfig").is_none());
}

#[test]
fn a_model_without_sampling_gets_none_not_even_by_default() {
    let fields = json!({"temperature": 0.5, "top_p": 0.5, "max_tokens": 5, "presence_penalty": 1});
    let expected = json!({"maxOutputTokens": 5});
    assert_eq!(config("gemini-3.8-flash", STRICT, fields.clone()), expected);

    let safety = json!([{"category": "C", "threshold": "OFF"}]);
    let defaults = json!({
        "temperature": 0.2, "max_tokens": 7, "top_k": 3, "safetySettings": safety,
        "generationConfig": {"mediaResolution": "LOW"},
    });
    let body = json_of(&chat_with(fields).body);
    let strict = ask_of("g", STRICT, defaults.clone(), &body).unwrap();
    assert_eq!(strict["generationConfig"], json!({"maxOutputTokens": 5, "mediaResolution": "LOW"}));
    assert_eq!(strict["safetySettings"], safety);

    let body = json_of(&chat_with(json!({})).body);
    let plain = ask_of("g", "{}", defaults, &body).unwrap()["generationConfig"].clone();
    let expected =
        json!({"temperature": 0.2, "maxOutputTokens": 7, "topK": 3, "mediaResolution": "LOW"});
    assert_eq!(plain, expected);
}

#[test]
fn effort_is_a_level_or_a_budget() {
    let level = |level: &str| json!({"thinkingLevel": level, "includeThoughts": true});
    let budget = |tokens: i64| json!({"thinkingBudget": tokens, "includeThoughts": true});
    let untold = |mut thinking: Value| {
        thinking["includeThoughts"] = json!(false);
        thinking
    };
    let cases = [
        ("gemini-3.8-flash", "none", untold(level("MINIMAL"))),
        ("gemini-3.1-pro-preview", "none", untold(level("LOW"))),
        ("gemini-3.8-flash", "minimal", level("MINIMAL")),
        ("gemini-3.8-flash", "low", level("LOW")),
        ("gemini-4-argon", "medium", level("MEDIUM")),
        ("gemini-4-argon", "xhigh", level("HIGH")),
        ("gemini-2.5-flash", "none", untold(budget(0))),
        ("gemini-2.5-pro", "none", untold(budget(128))),
        ("gemini-2.5-flash", "low", budget(1024)),
        ("models/gemini-2.5-flash", "medium", budget(8192)),
        ("gemini-2.5-flash", "high", budget(24_576)),
    ];
    for (model, effort, thinking) in cases {
        let config = config(model, THINKING, json!({"reasoning_effort": effort}));
        assert_eq!(config["thinkingConfig"], thinking, "{model} {effort}");
    }
    let short = json!({"reasoning_effort": "high", "max_tokens": 4000});
    let config_of = |constraints| config("gemini-2.5-flash", constraints, short.clone());
    assert_eq!(config_of(THINKING)["thinkingConfig"], budget(2000));
    assert_eq!(config_of("{}"), json!({"maxOutputTokens": 4000}));
}

#[test]
fn a_choice_of_tools_has_its_mode() {
    let named = json!({"type": "function", "function": {"name": "get_weather"}});
    let allowed = |mode: &str| json!({"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": [named]}});
    let cases = [
        (json!("auto"), json!({"mode": "AUTO"})),
        (json!("none"), json!({"mode": "NONE"})),
        (json!("required"), json!({"mode": "ANY"})),
        (named.clone(), json!({"mode": "ANY", "allowedFunctionNames": ["get_weather"]})),
        (allowed("auto"), json!({"mode": "AUTO"})),
        (allowed("required"), json!({"mode": "ANY"})),
    ];
    for (choice, config) in cases {
        let mut tools = weather();
        tools
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "function", "function": {"name": "now"}}));
        let sent = with(json!({"tools": tools, "tool_choice": choice}));
        assert_eq!(sent["toolConfig"]["functionCallingConfig"], config);
        let declared = sent["tools"][0]["functionDeclarations"].as_array().unwrap();
        let is_cut = choice["type"] == "allowed_tools";
        assert_eq!(declared.len(), if is_cut { 1 } else { 2 });
        assert!(is_cut || declared[1] == json!({"name": "now"}));
    }
    assert!(with(json!({"tools": weather()})).get("toolConfig").is_none());
}

#[test]
fn a_tool_whose_name_gemini_refuses_gets_another_everywhere() {
    let function = json!({"type": "function", "function": {"name": "1st"}});
    let choices = [
        function.clone(),
        json!({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [function]}}),
    ];
    for choice in choices {
        let sent = with(json!({"tools": [function], "tool_choice": choice}));

        let name = sent["tools"][0]["functionDeclarations"][0]["name"].as_str().unwrap();
        assert!(name.starts_with("tool_1st_"), "{name}");
        let config = &sent["toolConfig"]["functionCallingConfig"];
        let allowed =
            config.get("allowedFunctionNames").map_or(name, |names| names[0].as_str().unwrap());
        assert_eq!((config["mode"].as_str(), allowed), (Some("ANY"), name));
    }
}

#[test]
fn no_longer_an_answer_is_asked_for_than_the_model_gives() {
    let sent = with(json!({"max_completion_tokens": 1_000_000}));
    assert_eq!(sent["generationConfig"]["maxOutputTokens"], 65_536);
}

#[test]
fn what_gemini_has_nothing_for_is_refused_by_name() {
    let tool = |name: &str| json!([{"type": "function", "function": {"name": name}}]);
    let user = |part: Value| json!([{"role": "user", "content": [part]}]);
    let cases = [
        (json!({"n": 2}), "n"),
        (json!({"logprobs": true}), "logprobs"),
        (json!({"logit_bias": {"5": 1}}), "logit_bias"),
        (json!({"modalities": ["audio"]}), "modalities"),
        (json!({"store": true}), "store"),
        (json!({"response_format": {"type": "grammar"}}), "response_format.type"),
        (json!({"tools": [{"type": "custom", "custom": {"name": "x"}}]}), "tools[0].type"),
        (
            json!({"tools": tool("a"), "tool_choice": {"type": "function", "function": {"name": "b"}}}),
            "tool_choice",
        ),
        (json!({"tool_choice": "required"}), "tool_choice"),
        (
            json!({"messages": user(json!({"type": "image_url", "image_url": {"url": "https://h/a.png"}}))}),
            "messages[0].content[0].image_url",
        ),
        (
            json!({"messages": user(json!({"type": "file", "file": {"file_id": "f"}}))}),
            "messages[0].content[0].file",
        ),
        (
            json!({"messages": [{"role": "tool", "tool_call_id": "lost", "content": "x"}]}),
            "messages[0].tool_call_id",
        ),
        (
            json!({"messages": [{"role": "assistant", "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": "no"}}]}]}),
            "messages[0].tool_calls[0].function.arguments",
        ),
    ];
    for (fields, param) in cases {
        let told = refused(fields);
        assert_eq!(told, (Some(param.to_owned()), FailureClass::ClientFault));
    }
}
