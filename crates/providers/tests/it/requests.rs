//! What is sent to a provider.

use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::failure::FailureClass;
use tollgate_providers::{Target, Upstream, WireRequest, openai as edge};

use crate::schema::assert_valid;
use crate::support::{
    KEY, call_of, chat, chat_with, fixture, fixture_names, json_of, openai, target, upstream,
};

fn sent(call: &ChatCall, upstream: &Upstream, model: &str, constraints: Value) -> Bytes {
    let constraints: Map<String, Value> = constraints.as_object().unwrap().clone();
    let target = Target {
        upstream,
        model_code: model,
        constraints: &constraints,
        max_output_tokens: None,
        output_cap: None,
    };
    openai().request(call, &target).unwrap().body
}

/// The body sent for a call with those fields, without its messages and model.
fn fields(call: Value, quirks: Value, constraints: Value) -> Value {
    let upstream = upstream("http://h/v1", quirks);
    let mut body = json_of(&sent(&chat_with(call), &upstream, "m", constraints));
    let fields = body.as_object_mut().unwrap();
    fields.remove("messages");
    assert_eq!(fields.remove("model"), Some(json!("m")));
    body
}

fn request(upstream: &Upstream) -> WireRequest {
    openai().request(&chat_with(json!({})), &target(upstream, "m")).unwrap()
}

#[test]
fn recorded_requests_that_ask_for_usage_travel_byte_for_byte() {
    for name in fixture_names(|name| name.contains(".request.")) {
        let body = fixture(&name);
        let is_embedding = name.contains("embeddings");
        let call = if is_embedding {
            let facts = edge::read_embeddings(&body).unwrap();
            call_of(Endpoint::Embeddings, body.clone(), facts)
        } else {
            chat(body.clone())
        };
        let model = call.facts.model.clone().unwrap();
        let upstream = upstream("http://h/v1", json!({}));

        assert_eq!(sent(&call, &upstream, &model, json!({})), body, "{name}");
        if name.starts_with("openai/") {
            let schema =
                if is_embedding { "CreateEmbeddingRequest" } else { "CreateChatCompletionRequest" };
            assert_valid(schema, &json_of(&body));
        }
    }
}

#[test]
fn unknown_fields_order_and_number_texts_travel_untouched() {
    let body = r#"{ "zz": 1.50, "model":"alias","messages":[{"role":"user","content":"h\u00e9"}], "big": 123456789012345678901234567890, "x": {"b":1,"a":2} }"#;
    let upstream = upstream("http://h/v1", json!({}));

    let sent = sent(&chat(body), &upstream, "real-model", json!({}));

    assert_eq!(str::from_utf8(&sent).unwrap(), body.replace("alias", "real-model"));
}

#[test]
fn usage_is_always_asked_of_a_stream_and_never_of_a_whole_answer() {
    let asks = json!({"stream": true, "stream_options": {"include_usage": true}});
    assert_eq!(fields(json!({"stream": true}), json!({}), json!({})), asks);
    assert_eq!(fields(asks.clone(), json!({}), json!({})), asks);
    assert_eq!(
        fields(
            json!({"stream": true, "stream_options": {"include_usage": false, "include_obfuscation": false}}),
            json!({}),
            json!({})
        ),
        json!({"stream": true, "stream_options": {"include_usage": true, "include_obfuscation": false}}),
    );
    assert_eq!(
        fields(
            json!({"stream": false, "stream_options": {"include_usage": true}}),
            json!({}),
            json!({})
        ),
        json!({"stream": false})
    );
    assert_eq!(
        fields(asks, json!({"no_stream_options": true}), json!({})),
        json!({"stream": true})
    );
}

#[test]
fn default_parameters_speak_where_the_caller_is_silent() {
    let mut upstream = upstream("http://h/v1", json!({}));
    let defaults = json!({"temperature": 0.5, "max_tokens": 100, "enable_thinking": false, "model": "x", "stream": true});
    upstream.default_params = defaults.as_object().unwrap().clone();
    let sent = |call: Value| json_of(&sent(&chat_with(call), &upstream, "m", json!({})));

    let silent = sent(json!({}));
    assert_eq!((&silent["temperature"], &silent["max_tokens"]), (&json!(0.5), &json!(100)));
    assert_eq!((&silent["model"], silent.get("stream")), (&json!("m"), None));
    let said = sent(json!({"temperature": 1, "max_completion_tokens": 7}));
    assert_eq!((&said["temperature"], said.get("max_tokens")), (&json!(1), None));
    assert_eq!(said["enable_thinking"], false);
}

#[test]
fn what_a_model_refuses_is_not_sent() {
    let call = json!({"temperature": 0.7, "top_p": 0.9, "presence_penalty": 1, "max_tokens": 5, "logprobs": true, "n": 2});
    let reasons = json!({"reasoning": true});

    assert_eq!(
        fields(call.clone(), json!({}), reasons.clone()),
        json!({"max_completion_tokens": 5, "logprobs": true, "n": 2}),
    );
    assert_eq!(
        fields(call.clone(), json!({}), json!({"sampling_params": false})),
        json!({"max_tokens": 5, "logprobs": true, "n": 2})
    );
    let lenient = json!({"reasoning_sampling": true, "max_tokens_field": "max_tokens"});
    assert_eq!(fields(call.clone(), lenient, reasons.clone()), call);
    assert_eq!(fields(call.clone(), json!({}), json!({})), call);
    let told_not_to_reason = json!({"temperature": 0.7, "reasoning_effort": "none"});
    assert_eq!(fields(told_not_to_reason.clone(), json!({}), reasons.clone()), told_not_to_reason);
    assert_eq!(
        fields(json!({"max_tokens": 5, "max_completion_tokens": 6}), json!({}), reasons),
        json!({"max_completion_tokens": 6})
    );
}

#[test]
fn quirks_rename_and_strip() {
    assert_eq!(
        fields(
            json!({"max_completion_tokens": 5}),
            json!({"max_tokens_field": "max_tokens"}),
            json!({})
        ),
        json!({"max_tokens": 5})
    );
    assert_eq!(
        fields(
            json!({"max_tokens": 5}),
            json!({"max_tokens_field": "max_completion_tokens"}),
            json!({})
        ),
        json!({"max_completion_tokens": 5})
    );
    assert_eq!(
        fields(
            json!({"temperature": 1, "seed": 3}),
            json!({"strip": ["temperature", "absent"]}),
            json!({})
        ),
        json!({"seed": 3})
    );
}

#[test]
fn quirks_change_only_the_messages_that_they_are_about() {
    let quirks = json!({"developer_as_system": true, "flatten_text_parts": true, "fill_reasoning_content": true});
    let upstream = upstream("http://h/v1", quirks);
    let image = json!({"type": "image_url", "image_url": {"url": "http://i"}});
    let text = |text: &str| json!({"type": "text", "text": text});
    let calls =
        json!([{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    let body = json!({"model": "m", "messages": [
        {"role": "developer", "content": [text("a"), text("b")]},
        {"role": "user", "content": [text("a"), image]},
        {"role": "assistant", "content": null, "tool_calls": calls},
        {"role": "assistant", "content": null, "tool_calls": calls, "reasoning_content": "r"},
        {"role": "assistant", "content": "x"},
    ]});

    let sent = json_of(&sent(&chat(body.to_string()), &upstream, "m", json!({})));

    let mut expected = body;
    expected["messages"][0] = json!({"role": "system", "content": "a\nb"});
    expected["messages"][2]["reasoning_content"] = json!(" ");
    assert_eq!(sent, expected);
}

#[test]
fn the_key_goes_where_the_provider_looks_for_it_and_nowhere_else() {
    let bearer = request(&upstream("https://api.openai.com/v1/", json!({})));
    assert_eq!(
        (bearer.method.clone(), bearer.url.as_str()),
        (Method::POST, "https://api.openai.com/v1/chat/completions")
    );
    assert_eq!(bearer.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(bearer.headers["x-extra"], "yes");
    assert!(bearer.headers["authorization"].is_sensitive());

    let azure = json!({"auth": "api_key", "api_version": "2025-04-01-preview"});
    let azure = request(&upstream("https://r.openai.azure.com/openai/deployments/d", azure));
    assert_eq!(
        azure.url.as_str(),
        "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-04-01-preview"
    );
    assert_eq!(azure.headers["api-key"], KEY);
    assert!(!azure.headers.contains_key("authorization"));

    let none = request(&upstream("http://h/v1", json!({"auth": "none"})));
    assert!(!none.headers.contains_key("authorization"));
    for shown in [
        format!("{bearer:?}"),
        format!("{azure:?}"),
        format!("{:?}", upstream("http://h", json!({}))),
        format!("{:?}", upstream("http://u:canary@h/v1?key=canary", json!({}))),
        format!("{:?}", request(&upstream("http://h/v1?key=canary", json!({})))),
    ] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn a_key_or_header_that_cannot_be_sent_is_refused_without_showing_it() {
    let mut wrong = upstream("http://h/v1", json!({}));
    wrong.secret = tollgate_domain::Secret::from("bad\ncanary");
    let failure = openai().request(&chat_with(json!({})), &target(&wrong, "m")).unwrap_err();
    assert!(!failure.message.contains("canary"), "{failure}");

    let mut wrong = upstream("http://h/v1", json!({}));
    wrong.extra_headers.insert("x y".to_owned(), "v".to_owned());
    let failure = openai().request(&chat_with(json!({})), &target(&wrong, "m")).unwrap_err();
    assert!(failure.message.contains("`x y`"), "{failure}");
}

#[test]
fn models_are_asked_for_with_the_same_key() {
    let upstream = upstream("https://api.deepseek.com", json!({}));

    let request = openai().models_request(&upstream, None).unwrap();

    assert_eq!(
        (request.method, request.url.as_str()),
        (Method::GET, "https://api.deepseek.com/models")
    );
    assert_eq!(request.headers["authorization"], format!("Bearer {KEY}"));
    assert!(request.body.is_empty());
}

#[test]
fn built_in_tools_become_the_fields_that_dashscope_has_for_them() {
    let qwen = json!({"built_in_tools_as_fields": true});
    let function = json!({"type": "function", "function": {"name": "now", "parameters": {}}});
    let search = json!({"type": "web_search", "search_options": {"forced_search": true}});
    let code = json!({"type": "code_interpreter"});
    let sent = |call: Value| fields(call, qwen.clone(), json!({}));

    assert_eq!(
        sent(json!({"tools": [search, function], "tool_choice": "auto"})),
        json!({
            "tools": [function], "tool_choice": "auto", "enable_search": true,
            "search_options": {"forced_search": true},
        })
    );
    let recorded = json_of(&fixture("qwen/code_interpreter.request.json"));
    let asked = sent(json!({"tools": [code], "tool_choice": "auto", "stream": true}));
    for name in ["enable_code_interpreter", "enable_thinking", "stream", "stream_options"] {
        assert_eq!(asked[name], recorded[name], "{name}");
    }
    assert_eq!(asked.get("tools").or(asked.get("tool_choice")), None);
    // What the caller has set itself stays, and so do tools that are none of these.
    let own = json!({"tools": [search], "enable_search": false, "search_options": {}});
    assert_eq!(sent(own), json!({"enable_search": false, "search_options": {}}));
    assert_eq!(sent(json!({"tools": [function]})), json!({"tools": [function]}));
    // Providers without the quirk get what the caller sent.
    assert_eq!(fields(json!({"tools": [code]}), json!({}), json!({})), json!({"tools": [code]}));
}

#[test]
fn the_code_interpreter_is_refused_without_a_stream() {
    let upstream = upstream("http://h/v1", json!({"built_in_tools_as_fields": true}));
    let call = chat_with(json!({"tools": [{"type": "code_interpreter"}]}));

    let refused = openai().request(&call, &target(&upstream, "m")).unwrap_err();

    assert_eq!(refused.class, FailureClass::ClientFault);
    assert_eq!(refused.param.as_deref(), Some("tools"));
}
