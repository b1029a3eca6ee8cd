//! Requests OpenAI refuses.

use serde_json::{Value, json};
use tollgate_simulator::{Fields, SimulatorConfig};

use crate::support::{Got, KEY, Test, question};

#[tokio::test]
async fn wrong_fields_are_named() {
    let test = Test::start().await;
    let tool_message = json!([{"role": "tool", "tool_call_id": "call_1", "content": "x"}]);
    for (field, value, param, code) in [
        ("colour", json!("red"), "colour", json!("unknown_parameter")),
        ("stream_options", json!({"include_usage": true}), "stream_options", Value::Null),
        ("messages", Value::Null, "messages", json!("missing_required_parameter")),
        ("messages", json!([]), "messages", json!("empty_array")),
        ("messages", json!("hello"), "messages", json!("invalid_type")),
        (
            "messages",
            json!([{"role": "robot", "content": "x"}]),
            "messages[0].role",
            json!("invalid_value"),
        ),
        (
            "messages",
            json!([{"role": "user"}]),
            "messages[0].content",
            json!("missing_required_parameter"),
        ),
        ("messages", tool_message, "messages[0].role", Value::Null),
        ("temperature", json!(3), "temperature", json!("decimal_above_max_value")),
        ("temperature", json!("warm"), "temperature", json!("invalid_type")),
        ("presence_penalty", json!(-3), "presence_penalty", json!("decimal_below_min_value")),
        ("max_tokens", json!(0), "max_tokens", json!("invalid_value")),
        ("stop", json!(["a", "b", "c", "d", "e"]), "stop", json!("invalid_value")),
        ("stream", json!("yes"), "stream", json!("invalid_type")),
        ("tools", json!([]), "tools", json!("empty_array")),
        (
            "tools",
            json!([{"type": "function"}]),
            "tools[0].function.name",
            json!("missing_required_parameter"),
        ),
        ("tool_choice", json!("auto"), "tool_choice", Value::Null),
        ("response_format", json!({"type": "json_object"}), "messages", Value::Null),
    ] {
        let mut body = question("sim-chat");
        body[field] = value.clone();

        let got = test.chat(&body).await;

        assert_eq!(got.status, 400, "{field}: {value}");
        let error = got.error();
        assert_eq!(error["type"], "invalid_request_error", "{field}: {value}");
        assert_eq!((&error["param"], &error["code"]), (&json!(param), &code), "{field}: {value}");
    }
}

#[tokio::test]
async fn a_call_of_a_tool_needs_its_result() {
    let test = Test::start().await;
    let call =
        json!({"id": "call_7", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let mut body = question("sim-chat");
    body["messages"] = json!([
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "user", "content": "And?"},
    ]);

    let got = test.chat(&body).await;

    assert_eq!(got.status, 400);
    assert!(got.error()["message"].as_str().unwrap().contains("call_7"));
}

#[tokio::test]
async fn which_fields_are_known_can_be_chosen() {
    for (fields, extra, unknown) in
        [(Fields::OpenAi, 400, 400), (Fields::Compatible, 200, 400), (Fields::Any, 200, 200)]
    {
        let test = Test::with(SimulatorConfig { fields, ..SimulatorConfig::default() }).await;
        for (field, status) in [("enable_thinking", extra), ("colour", unknown), ("user", 200)] {
            let mut body = question("sim-chat");
            body[field] = "x".into();
            assert_eq!(test.chat(&body).await.status, status, "{fields:?} {field}");
        }
    }
}

#[tokio::test]
async fn a_body_which_is_no_json_or_names_no_model_is_refused() {
    let test = Test::start().await;
    for body in ["", "{", "[]", "{}", r#"{"model": 5}"#] {
        let request = test.client.post(test.url("/chat/completions")).bearer_auth(KEY);
        let got = Got::read(request.body(body).send().await.unwrap()).await;
        assert_eq!(got.status, 400, "{body}");
        assert_eq!(got.error()["type"], "invalid_request_error", "{body}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_get_the_error_of_openai() {
    let test = Test::start().await;
    let got = test.post("/completions", &json!({})).await;
    assert_eq!(got.status, 404);
    assert_eq!(got.error()["message"], "Invalid URL (POST /v1/completions)");

    let got = test.get(KEY, "/chat/completions").await;
    assert_eq!(got.error()["message"], "Invalid URL (GET /v1/chat/completions)");
}
