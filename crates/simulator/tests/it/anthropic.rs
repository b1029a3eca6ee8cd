//! Anthropic's protocol.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Place};

use crate::support::{Got, KEY, Test};

const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

async fn send(test: &Test, path: &str, body: &Value) -> Got {
    let request = test.client.post(url(test, path)).header("x-api-key", KEY);
    let request = request.header(VERSION.0, VERSION.1).header("content-type", "application/json");
    Got::read(request.body(body.to_string()).send().await.unwrap()).await
}

async fn models(test: &Test, query: &str) -> Value {
    let request = test.client.get(url(test, &format!("/models{query}")));
    let request = request.header("x-api-key", KEY).header(VERSION.0, VERSION.1);
    Got::read(request.send().await.unwrap()).await.json()
}

fn url(test: &Test, path: &str) -> String {
    format!("{}/v1{path}", test.simulator.base_url().trim_end_matches("/v1"))
}

fn question(fields: Value) -> Value {
    let mut body = json!({
        "model": "claude", "max_tokens": 100, "messages": [{"role": "user", "content": "Hello?"}],
    });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

fn tools() -> Value {
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    let now = json!({"name": "now", "input_schema": {"type": "object", "properties": {}}});
    json!([{"name": "get_weather", "input_schema": schema}, now])
}

#[tokio::test]
async fn a_message_is_answered_and_its_tokens_are_counted() {
    let test = Test::behaving(Behaviour::default().cached_tokens(3)).await;

    let got = send(&test, "/messages", &question(json!({}))).await;

    assert_eq!(got.status, 200, "{}", got.body);
    let message = got.json();
    assert_eq!(message["type"], "message");
    assert_eq!(message["stop_reason"], "end_turn");
    assert!(message["content"][0]["text"].as_str().unwrap().contains("Hello?"));
    assert_eq!(message["usage"]["cache_read_input_tokens"], 3);
    assert!(got.header("request-id").starts_with("req_sim"));

    let counted = send(&test, "/messages/count_tokens", &question(json!({}))).await.json();
    let prompt = message["usage"]["input_tokens"].as_u64().unwrap() + 3;
    assert_eq!(counted["input_tokens"], prompt);
}

#[tokio::test]
async fn a_stream_has_named_events_and_says_what_the_whole_answer_says() {
    let test = Test::start().await;
    let thinking = json!({"type": "adaptive"});
    let whole = send(&test, "/messages", &question(json!({"thinking": thinking}))).await.json();

    let got =
        send(&test, "/messages", &question(json!({"thinking": thinking, "stream": true}))).await;

    let events: Vec<Value> =
        got.data().iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    for event in &events {
        assert!(got.body.contains(&format!("event: {}\n", event["type"].as_str().unwrap())));
    }
    let said = |kind: &str| -> String {
        events.iter().filter_map(|event| event["delta"][kind].as_str()).collect()
    };
    assert_eq!(said("thinking"), whole["content"][0]["thinking"]);
    assert_eq!(said("signature"), whole["content"][0]["signature"]);
    assert_eq!(said("text"), whole["content"][1]["text"]);
    assert_eq!(events[0]["type"], "message_start");
    assert_eq!(events.last().unwrap()["type"], "message_stop");
    let end = &events[events.len() - 2];
    assert_eq!(end["usage"]["output_tokens"], whole["usage"]["output_tokens"]);
}

#[tokio::test]
async fn tools_are_called_and_their_results_are_taken() {
    let test = Test::start().await;
    let first = send(&test, "/messages", &question(json!({"tools": tools()}))).await.json();
    assert_eq!(first["stop_reason"], "tool_use");
    let calls = first["content"].as_array().unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1]["input"], json!({}));

    let result =
        |call: &Value| json!({"type": "tool_result", "tool_use_id": call["id"], "content": "14 C"});
    let results: Vec<Value> = calls.iter().map(result).collect();
    let messages = |results: &[Value]| {
        json!({"tools": tools(), "messages": [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": calls},
            {"role": "user", "content": results},
        ]})
    };
    let second = send(&test, "/messages", &question(messages(&results))).await.json();
    assert!(second["content"][0]["text"].as_str().unwrap().contains("14 C"), "{second}");

    let orphan = send(&test, "/messages", &question(messages(&results[..1]))).await;
    assert_eq!(
        (orphan.status, orphan.error()["type"].clone()),
        (400, json!("invalid_request_error"))
    );
}

#[tokio::test]
async fn what_anthropic_refuses_is_refused() {
    let test = Test::start().await;
    let cases = [
        json!({"max_tokens": null}),
        json!({"temperature": 1.5}),
        json!({"n": 2}),
        json!({"stop_sequences": [" "]}),
        json!({"messages": [{"role": "assistant", "content": "Hi"}]}),
        json!({"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}),
        json!({"messages": [{"role": "system", "content": "Hi"}]}),
        json!({"tools": [{"name": "a"}]}),
        json!({"thinking": {"type": "enabled", "budget_tokens": 1024}}),
    ];
    for fields in cases {
        let got = send(&test, "/messages", &question(fields.clone())).await;
        assert_eq!(got.status, 400, "{fields}");
        assert_eq!(got.json()["type"], "error");
    }
    let no_version = test.post("/v1/messages", &question(json!({}))).await;
    assert!(no_version.status >= 400);
}

#[tokio::test]
async fn models_come_in_pages() {
    let test = Test::start().await;

    let first = models(&test, "?limit=4").await;
    let last =
        models(&test, &format!("?limit=4&after_id={}", first["last_id"].as_str().unwrap())).await;

    assert_eq!((first["data"].as_array().unwrap().len(), &first["has_more"]), (4, &json!(true)));
    assert_eq!((last["data"].as_array().unwrap().len(), &last["has_more"]), (2, &json!(false)));
    assert_eq!(models(&test, "").await["data"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn faults_hit_this_protocol_too() {
    let overloaded = Fault::error_event(Place::Start, "anthropic.529");
    let test = Test::behaving(Behaviour::failing(overloaded)).await;
    let got = send(&test, "/messages", &question(json!({"stream": true}))).await;
    assert_eq!(got.status, 200);
    assert!(got.data()[0].contains("overloaded_error") && got.data().len() == 1);

    let test = Test::behaving(Behaviour::failing(Fault::error("anthropic.429"))).await;
    let got = send(&test, "/messages", &question(json!({}))).await;
    assert_eq!((got.status, got.header("retry-after")), (429, "2"));
}
