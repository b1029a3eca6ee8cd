//! Calls of tools.

use serde_json::{Value, json};
use tollgate_simulator::Behaviour;

use crate::support::{KEY, Test};

fn tool(name: &str) -> Value {
    let city = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    json!({"type": "function", "function": {"name": name, "parameters": city}})
}

fn request(tools: &[&str]) -> Value {
    let tools: Vec<Value> = tools.iter().map(|name| tool(name)).collect();
    let message = json!({"role": "user", "content": "Weather and time in Paris?"});
    json!({"model": "sim-chat", "messages": [message], "tools": tools})
}

fn calls(answer: &Value) -> Vec<&str> {
    let calls = answer["choices"][0]["message"]["tool_calls"].as_array();
    calls.into_iter().flatten().map(|call| call["function"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn two_tools_are_called_in_parallel_with_fitting_arguments() {
    let test = Test::start().await;

    let answer = test.chat(&request(&["weather", "time", "news"])).await.json();

    assert_eq!(calls(&answer), ["weather", "time"]);
    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(choice["message"]["content"], Value::Null);
    let first = &choice["message"]["tool_calls"][0];
    assert_eq!(first["function"]["arguments"], r#"{"city":"example city"}"#);
    assert_ne!(first["id"], choice["message"]["tool_calls"][1]["id"]);
}

#[tokio::test]
async fn who_wants_one_call_at_a_time_gets_one() {
    let test = Test::start().await;
    let mut body = request(&["weather", "time"]);
    body["parallel_tool_calls"] = false.into();
    assert_eq!(calls(&test.chat(&body).await.json()), ["weather"]);
}

#[tokio::test]
async fn the_choice_of_a_tool_is_heeded() {
    let test = Test::start().await;
    let allowed =
        json!({"mode": "auto", "tools": [{"type": "function", "function": {"name": "time"}}]});
    for (choice, called, finish) in [
        (json!("none"), vec![], "stop"),
        (json!("auto"), vec!["weather", "time"], "tool_calls"),
        (json!("required"), vec!["weather", "time"], "tool_calls"),
        (json!({"type": "function", "function": {"name": "time"}}), vec!["time"], "stop"),
        (json!({"type": "allowed_tools", "allowed_tools": allowed}), vec!["time"], "tool_calls"),
    ] {
        let mut body = request(&["weather", "time"]);
        body["tool_choice"] = choice.clone();

        let answer = test.chat(&body).await.json();

        assert_eq!(calls(&answer), called, "{choice}");
        assert_eq!(answer["choices"][0]["finish_reason"], finish, "{choice}");
    }
}

#[tokio::test]
async fn the_results_of_tools_make_the_answer() {
    let test = Test::start().await;
    let mut body = request(&["weather", "time"]);
    let called = test.chat(&body).await.json()["choices"][0]["message"].clone();
    let result = |index: usize, content: &str| json!({"role": "tool", "tool_call_id": called["tool_calls"][index]["id"], "content": content});
    let messages = body["messages"].as_array_mut().unwrap();
    messages.extend([called.clone(), result(0, "21 degrees"), result(1, "noon")]);

    let answer = test.chat(&body).await.json();

    assert_eq!(
        answer["choices"][0]["message"]["content"],
        "The tools answered: weather = 21 degrees; time = noon."
    );
}

#[tokio::test]
async fn a_custom_tool_gets_free_text() {
    let test = Test::start().await;
    let mut body = request(&[]);
    body["tools"] = json!([{"type": "custom", "custom": {"name": "shell"}}]);

    let answer = test.chat(&body).await.json();

    let call = &answer["choices"][0]["message"]["tool_calls"][0];
    assert_eq!(call["type"], "custom");
    assert_eq!(call["custom"]["input"], "Weather and time in Paris?");
}

#[tokio::test]
async fn a_limit_cuts_the_arguments() {
    let test = Test::start().await;
    let mut body = request(&["weather"]);
    body["max_tokens"] = 5.into();

    let answer = test.chat(&body).await.json();

    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "length");
    let arguments = choice["message"]["tool_calls"][0]["function"]["arguments"].as_str().unwrap();
    assert!(serde_json::from_str::<Value>(arguments).is_err(), "{arguments}");
}

/// Puts the fragments of streamed calls together: (id, name, arguments), and all later ids.
fn assemble(chunks: &[Value]) -> (Vec<(String, String, String)>, Vec<Value>) {
    let (mut calls, mut later_ids): (Vec<(String, String, String)>, _) = (Vec::new(), Vec::new());
    let fragments =
        chunks.iter().filter_map(|it| it["choices"][0]["delta"]["tool_calls"].as_array());
    for fragment in fragments.flatten() {
        let index = fragment["index"].as_u64().unwrap() as usize;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let arguments = text(&fragment["function"]["arguments"]);
        if index == calls.len() {
            calls.push((text(&fragment["id"]), text(&fragment["function"]["name"]), arguments));
        } else {
            later_ids.push(fragment["id"].clone());
            calls[index].2.push_str(&arguments);
        }
    }
    (calls, later_ids)
}

#[tokio::test]
async fn streamed_fragments_make_the_same_calls() {
    let test = Test::start().await;
    let mut body = request(&["weather", "time"]);
    body["stream"] = true.into();

    let chunks = test.chat(&body).await.chunks();

    let (calls, later_ids) = assemble(&chunks);
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].1, "time");
    assert_eq!(calls[1].2, r#"{"city":"example city"}"#);
    assert!(later_ids.iter().all(Value::is_null) && !later_ids.is_empty());
    assert_eq!(chunks.last().unwrap()["choices"][0]["finish_reason"], "tool_calls");
}

#[tokio::test]
async fn later_fragments_may_have_empty_ids() {
    let test = Test::start().await;
    let behaviour = Behaviour { empty_tool_ids: true, ..Behaviour::default() };
    test.simulator.set_behaviour(KEY, behaviour);
    let mut body = request(&["weather"]);
    body["stream"] = true.into();

    let (calls, later_ids) = assemble(&test.chat(&body).await.chunks());

    assert_eq!(calls[0].2, r#"{"city":"example city"}"#);
    assert!(later_ids.iter().all(|id| id == "") && !later_ids.is_empty());
}
