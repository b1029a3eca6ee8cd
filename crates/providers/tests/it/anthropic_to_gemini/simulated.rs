//! The direction against the simulator: what is sent is what Gemini takes.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Reply, StreamItem, Upstream, anthropic};
use tollgate_simulator::{Behaviour, Simulator};

use crate::http::simulator;
use crate::support::{ask, call_of, chat_in, json_of, upstream};

async fn given() -> (Simulator, Upstream) {
    let (simulator, _) = simulator(Behaviour::fast()).await;
    let mut upstream = upstream(&format!("http://{}", simulator.address()), json!({}));
    upstream.protocol = ProtocolKind::Gemini;
    (simulator, upstream)
}

async fn answer(upstream: &Upstream, call: &ChatCall) -> Value {
    match crate::http::ask(upstream, call).await.unwrap() {
        Reply::Whole(answer, _) => json_of(&answer.body),
        Reply::Stream(_) => panic!("a stream"),
    }
}

#[tokio::test]
async fn two_parallel_calls_and_their_results_make_a_round_trip() {
    let (simulator, upstream) = given().await;
    let tool = |name: &str| json!({"name": name, "input_schema": {"type": "object"}});
    let mut body = json!({
        "model": "m", "max_tokens": 64, "system": "Be kind.", "tools": [tool("a"), tool("b")],
        "messages": [{"role": "user", "content": "Hi"}],
    });
    let asked = answer(&upstream, &chat_in(Dialect::Anthropic, body.to_string())).await;
    assert_eq!(asked["stop_reason"], "tool_use");

    let blocks = asked["content"].as_array().unwrap().clone();
    let calls: Vec<&Value> = blocks.iter().filter(|block| block["type"] == "tool_use").collect();
    assert_eq!(calls.len(), 2);
    let results = calls.iter().zip(["one", "two"]).map(|(call, result)| {
        json!({"type": "tool_result", "tool_use_id": call["id"], "content": result})
    });
    let results: Vec<Value> = results.collect();
    let messages = body["messages"].as_array_mut().unwrap();
    messages.push(json!({"role": "assistant", "content": blocks}));
    messages.push(json!({"role": "user", "content": results}));

    let told = answer(&upstream, &chat_in(Dialect::Anthropic, body.to_string())).await;
    let text = told["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("The tools answered: a = one; b = two."), "{text}");
    assert_eq!(simulator.calls().len(), 2);
}

#[tokio::test]
async fn streams_and_counts_are_had() {
    let (_simulator, upstream) = given().await;
    let streamed = crate::http::ask(&upstream, &ask(Dialect::Anthropic, true)).await.unwrap();
    let Reply::Stream(stream) = streamed else { panic!("no stream") };
    let items: Vec<StreamItem> = stream.map(Result::unwrap).collect().await;
    let names: Vec<_> = crate::support::events(&items).iter().map(|it| it.name.clone()).collect();
    assert_eq!(names.first().unwrap().as_deref(), Some(b"message_start".as_slice()));
    assert_eq!(names.last().unwrap().as_deref(), Some(b"message_stop".as_slice()));

    let body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}).to_string();
    let facts = anthropic::read_count(body.as_bytes()).unwrap();
    let call = call_of(Endpoint::CountTokens, body.into(), facts);
    let counted = answer(&upstream, &ChatCall { dialect: Dialect::Anthropic, ..call }).await;
    assert!(counted["input_tokens"].as_i64().unwrap() > 0);
}
