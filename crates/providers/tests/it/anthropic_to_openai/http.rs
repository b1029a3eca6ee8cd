//! The same through real HTTP.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_providers::{Reply, StreamItem, Upstream};
use tollgate_simulator::{Behaviour, StreamStyle, UsageStyle, Wire};

use super::call_with;
use super::streams::heard;
use crate::http::{ask, simulator};
use crate::support::json_of;

async fn whole(upstream: &Upstream, call: &ChatCall) -> Value {
    match ask(upstream, call).await.unwrap() {
        Reply::Whole(answer, _) => json_of(&answer.body),
        Reply::Stream(_) => panic!("a stream nobody asked for"),
    }
}

async fn streamed(upstream: &Upstream, fields: Value) -> Vec<ChatEvent> {
    let mut fields = fields;
    fields["stream"] = json!(true);
    let Reply::Stream(mut stream) = ask(upstream, &call_with(fields)).await.unwrap() else {
        panic!("no stream");
    };
    let mut events = Vec::new();
    while let Some(item) = stream.next().await {
        if let StreamItem::Event(event) = item.unwrap() {
            events.push(event);
        }
    }
    events
}

#[tokio::test]
async fn an_answer_and_a_stream_say_the_same() {
    let (simulator, upstream) = simulator(Behaviour::fast().text("It works, é.")).await;

    let answer = whole(&upstream, &call_with(json!({}))).await;
    assert_eq!(answer["content"], json!([{"type": "text", "text": "It works, é."}]));
    let events = streamed(&upstream, json!({})).await;
    let heard = heard(&events.iter().collect::<Vec<_>>());
    assert_eq!((heard.text.as_str(), heard.finish.as_str()), ("It works, é.", "end_turn"));
    assert!(heard.usage.is_some());

    let calls = simulator.calls();
    assert_eq!(calls[1].json()["stream_options"], json!({"include_usage": true}));
    assert_eq!(calls[0].header("anthropic-version"), None);
}

#[tokio::test]
async fn every_layout_of_a_stream_is_read() {
    let fast = || Behaviour::fast().text("Hello");
    let small = Wire { bytes_at_a_time: Some(1), comments: true, bom: true, ..Wire::default() };
    let behaviours = [
        fast().wire(small),
        fast().stream(StreamStyle::Never),
        fast().usage(UsageStyle::InChoice),
        fast().usage(UsageStyle::Never),
    ];
    for behaviour in behaviours {
        let (_simulator, upstream) = simulator(behaviour).await;
        let events = streamed(&upstream, json!({})).await;
        assert_eq!(heard(&events.iter().collect::<Vec<_>>()).text, "Hello");
    }
}

#[tokio::test]
async fn a_round_of_parallel_tools_comes_back_in_anthropics_words() {
    let (_simulator, upstream) = simulator(Behaviour::fast()).await;
    let tool =
        |name: &str| json!({"name": name, "input_schema": {"type": "object", "properties": {}}});
    let tools = json!([tool("now"), tool("here")]);
    let asked = json!({"role": "user", "content": "Where and when?"});

    let first = whole(&upstream, &call_with(json!({"tools": tools, "messages": [asked]}))).await;

    assert_eq!(first["stop_reason"], "tool_use");
    let calls: Vec<&Value> = first["content"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|block| block["type"] == "tool_use")
        .collect();
    assert_eq!(calls.len(), 2);
    let heard =
        heard(&streamed(&upstream, json!({"tools": tools})).await.iter().collect::<Vec<_>>());
    assert_eq!(heard.calls.len(), 2);

    let result = |n: usize, said: &str| json!({"type": "tool_result", "tool_use_id": calls[n]["id"], "content": said});
    let said = json!([asked, {"role": "assistant", "content": first["content"]},
        {"role": "user", "content": [result(1, "Rome"), result(0, "noon")]}]);
    let second = whole(&upstream, &call_with(json!({"tools": tools, "messages": said}))).await;
    assert_eq!(second["stop_reason"], "end_turn");
    assert_eq!(second["content"][0]["type"], "text");
}
