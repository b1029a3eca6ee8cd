//! What a provider of OpenAI's protocol is asked.

use serde_json::{Value, json};
use tollgate_domain::chat::Dialect;

use super::{call_with, messages, refused, sent, sent_text};
use crate::support::{chat_in, fixture, json_of};

#[test]
fn the_recorded_requests_become_openais() {
    let weather =
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    let function = json!({"name": "get_weather", "description": "Current weather for a city.", "parameters": weather});
    let cases = [
        (
            "messages.request.json",
            json!({
                "model": "gpt", "max_tokens": 256,
                "messages": [
                    {"role": "system", "content": "Answer in one sentence."},
                    {"role": "user", "content": "What is the capital of France?"},
                ],
            }),
        ),
        (
            "tool_result.request.json",
            json!({
                "model": "gpt", "max_tokens": 256,
                "messages": [
                    {"role": "user", "content": "Weather in Paris?"},
                    {"role": "assistant", "content": null, "tool_calls": [{
                        "id": "toolu_01A", "type": "function",
                        "function": {"name": "get_weather", "arguments": "{\"city\":\"Paris\"}"},
                    }]},
                    {"role": "tool", "tool_call_id": "toolu_01A", "content": "14 C, rain"},
                ],
                "tools": [{"type": "function", "function": function}],
                "tool_choice": "auto",
            }),
        ),
    ];
    for (name, expected) in cases {
        let call = chat_in(Dialect::Anthropic, fixture(&format!("anthropic/{name}")));
        let mut body = json_of(sent_text("{}", &json!({}), &call).unwrap().as_bytes());
        // Byte for byte, as the recording has them.
        if let Some(Value::String(arguments)) =
            body.pointer_mut("/messages/1/tool_calls/0/function/arguments")
        {
            *arguments = arguments.split_whitespace().collect();
        }
        assert_eq!(body, expected, "{name}");
    }

    let call = chat_in(Dialect::Anthropic, fixture("anthropic/image.request.json"));
    let body = sent_text("{}", &json!({}), &call).unwrap();
    let said = json_of(body.as_bytes())["messages"][0]["content"].clone();
    let url = said[0]["image_url"]["url"].as_str().unwrap();
    assert!(url.starts_with("data:image/png;base64,iVBOR"), "{url}");
    assert_eq!(said[1]["image_url"]["url"], "https://example.com/cat.jpg");
    assert_eq!(said[2], json!({"type": "text", "text": "Compare."}));
}

#[test]
fn each_field_becomes_openais() {
    let schema = |rest: Value| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        schema.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        schema
    };
    let strict = schema(json!({"required": ["a"], "additionalProperties": false}));
    let loose = schema(json!({"additionalProperties": false}));
    let format = |schema: &Value| json!({"format": {"type": "json_schema", "schema": schema}});
    let cases = [
        (json!({"max_tokens": 7}), json!({"max_tokens": 7})),
        (json!({"temperature": 0.5, "top_p": 0.9}), json!({"temperature": 0.5, "top_p": 0.9})),
        (json!({"stop_sequences": ["a", "", "\n"]}), json!({"stop": ["a", "\n"]})),
        (json!({"stop_sequences": []}), json!({})),
        (json!({"metadata": {"user_id": "u1"}}), json!({"user": "u1"})),
        (
            json!({"stream": true}),
            json!({"stream": true, "stream_options": {"include_usage": true}}),
        ),
        (json!({"stream": false}), json!({"stream": false})),
        (
            json!({"output_config": format(&strict)}),
            json!({"response_format": {"type": "json_schema",
                "json_schema": {"name": "answer", "strict": true, "schema": strict}}}),
        ),
        (
            json!({"output_format": {"type": "json_schema", "schema": loose}}),
            json!({"response_format": {"type": "json_schema",
                "json_schema": {"name": "answer", "schema": loose}}}),
        ),
        (
            json!({"top_k": 5, "service_tier": "auto", "speed": "fast", "inference_geo": "eu",
                "context_management": {"edits": []}, "cache_control": {"type": "ephemeral"},
                "mcp_servers": [], "unknown": {"a": 1}}),
            json!({}),
        ),
    ];
    for (fields, expected) in cases {
        let mut whole = json!({"model": "gpt", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]});
        whole.as_object_mut().unwrap().extend(expected.as_object().unwrap().clone());
        assert_eq!(sent(fields.clone()), whole, "{fields}");
    }
}

#[test]
fn tools_and_their_choice_become_openais() {
    let strict =
        json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false});
    let tools = json!([
        {"name": "f", "input_schema": {"type": "object"}, "strict": true,
            "cache_control": {"type": "ephemeral"}},
        {"type": "custom", "name": "g", "description": ""},
        {"name": "h", "input_schema": strict, "strict": true},
    ]);
    let cases = [
        (json!({"type": "auto"}), json!("auto"), None),
        (json!({"type": "any", "disable_parallel_tool_use": true}), json!("required"), Some(false)),
        (json!({"type": "none"}), json!("none"), None),
        (
            json!({"type": "tool", "name": "g"}),
            json!({"type": "function", "function": {"name": "g"}}),
            None,
        ),
    ];
    for (choice, expected, is_parallel) in cases {
        let body = sent(json!({"tools": tools, "tool_choice": choice}));
        assert_eq!(
            body["tools"],
            json!([
                // OpenAI refuses `strict` with a schema as open as that.
                {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
                {"type": "function", "function": {"name": "g"}},
                {"type": "function", "function": {"name": "h", "parameters": strict, "strict": true}},
            ])
        );
        assert_eq!(body["tool_choice"], expected);
        assert_eq!(body.get("parallel_tool_calls").and_then(Value::as_bool), is_parallel);
    }
    let without = sent(json!({"tool_choice": {"type": "auto", "disable_parallel_tool_use": true}}));
    assert_eq!((without.get("tool_choice"), without.get("parallel_tool_calls")), (None, None));
}

#[test]
fn bytes_of_schemas_and_arguments_are_kept() {
    let body = r#"{"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{ "type":"object", "x": 1.50 }}],
        "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
        {"type":"tool_use","id":"a","name":"f","input":{ "n": 12345678901234567890123 }}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}]}"#;

    let sent = sent_text("{}", &json!({}), &chat_in(Dialect::Anthropic, body)).unwrap();

    assert!(sent.contains(r#""parameters":{ "type":"object", "x": 1.50 }"#), "{sent}");
    assert!(sent.contains(r#""arguments":"{ \"n\": 12345678901234567890123 }""#), "{sent}");
    assert!(sent.contains(r#"{"role":"tool","tool_call_id":"a","content":""}"#), "{sent}");
}

#[test]
fn what_the_protocol_has_nothing_for_is_refused_by_name() {
    let says = |block: Value| json!({"messages": [{"role": "user", "content": [block]}]});
    let image = |source: Value| says(json!({"type": "image", "source": source}));
    let document = |source: Value| says(json!({"type": "document", "source": source}));
    let cases = [
        (json!({"container": "c"}), "container"),
        (json!({"mcp_servers": [{"name": "x"}]}), "mcp_servers"),
        (json!({"max_tokens": 0}), "max_tokens"),
        (json!({"stop_sequences": ["a", "b", "c", "d", "e"]}), "stop_sequences"),
        (json!({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}), "tools.0.type"),
        (json!({"tool_choice": {"type": "any"}}), "tool_choice"),
        (
            json!({"tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "tool", "name": "g"}}),
            "tool_choice",
        ),
        (image(json!({"type": "file", "file_id": "x"})), "messages.0.content.0.source"),
        (document(json!({"type": "url", "url": "https://h/a.pdf"})), "messages.0.content.0.source"),
        (says(json!({"type": "search_result", "content": []})), "messages.0.content.0.type"),
        (
            json!({"system": [{"type": "text", "text": "a"}, {"type": "image", "source": {"type": "url", "url": "https://h"}}]}),
            "system",
        ),
    ];
    for (fields, field) in cases {
        assert_eq!(refused(fields.clone()), field, "{fields}");
    }
}

#[test]
fn the_system_speaks_first_and_in_its_place() {
    assert_eq!(
        sent(json!({"system": "Be brief."}))["messages"][0],
        json!({"role": "system", "content": "Be brief."})
    );
    let blocks = json!([{"type": "text", "text": "A"}, {"type": "text", "text": ""},
        {"type": "text", "text": "B", "cache_control": {"type": "ephemeral"}}]);
    assert_eq!(
        sent(json!({"system": blocks}))["messages"][0],
        json!({"role": "system", "content": "A\n\nB"})
    );
    let talk = json!([{"role": "user", "content": "a"}, {"role": "system", "content": "b"},
        {"role": "user", "content": "c"}]);
    assert_eq!(messages(talk.clone()), talk);
}

#[test]
fn documents_become_files_and_texts() {
    let document =
        |source: Value, title: Value| json!({"type": "document", "source": source, "title": title});
    let pdf = json!({"type": "base64", "media_type": "application/pdf", "data": "JVBE"});
    let text = json!({"type": "text", "media_type": "text/plain", "data": "Words."});
    let content = json!({"type": "content", "content": [{"type": "text", "text": "x"},
        {"type": "image", "source": {"type": "url", "url": "https://h/i.png"}}]});
    let said = json!([
        document(pdf.clone(), json!("a.pdf")),
        document(pdf.clone(), Value::Null),
        document(text.clone(), json!("T")),
        document(content, Value::Null),
        {"type": "document", "source": text, "title": "T", "context": "C"},
        {"type": "document", "source": pdf, "context": "C"},
    ]);

    let part = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(
        messages(json!([{"role": "user", "content": said}]))[0]["content"],
        json!([
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBE"}},
            {"type": "file", "file": {"filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBE"}},
            part("T\n\nWords."),
            part("x"),
            {"type": "image_url", "image_url": {"url": "https://h/i.png"}},
            part("T\n\nC\n\nWords."),
            part("C"),
            {"type": "file", "file": {"filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBE"}},
        ])
    );
}

#[test]
fn a_body_that_is_no_request_is_refused_without_quoting_it() {
    let mut call = call_with(json!({}));
    call.body = r#"{"messages": "a secret"}"#.into();

    let failure = sent_text("{}", &json!({}), &call).unwrap_err();

    assert!(!failure.message.contains("secret"), "{}", failure.message);
}
