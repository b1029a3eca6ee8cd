//! The protocol against the simulator: what is sent is what Gemini takes.

use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Reply, Upstream, openai};
use tollgate_simulator::{Behaviour, Simulator};

use crate::http::{client, listen, simulator};
use crate::support::{call_of, chat, json_of, upstream};

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
    let (_simulator, upstream) = given().await;
    let tool = |name: &str| json!({"type": "function", "function": {"name": name}});
    let mut body = json!({
        "model": "m", "tools": [tool("a"), tool("b")],
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}],
    });
    let asked = answer(&upstream, &chat(body.to_string())).await["choices"][0].clone();
    assert_eq!(asked["finish_reason"], "tool_calls");

    let calls = asked["message"]["tool_calls"].as_array().unwrap().clone();
    assert_eq!(calls.len(), 2);
    let messages = body["messages"].as_array_mut().unwrap();
    messages.push(asked["message"].clone());
    for (call, result) in calls.iter().zip(["one", "two"]) {
        messages.push(json!({"role": "tool", "tool_call_id": call["id"], "content": result}));
    }

    let told = answer(&upstream, &chat(body.to_string())).await;
    let text = told["choices"][0]["message"]["content"].clone();
    assert_eq!(text, "The tools answered: a = one; b = two.");
}

#[tokio::test]
async fn streams_embeddings_and_lists_are_had() {
    let (simulator, upstream) = given().await;

    let (text, failure) = listen(&upstream).await;
    assert!(failure.is_none() && text.contains("Hello from the simulator."), "{failure:?} {text}");

    let body = json!({"model": "e", "input": ["x", "y"], "dimensions": 3}).to_string();
    let facts = openai::read_embeddings(body.as_bytes()).unwrap();
    let call = call_of(Endpoint::Embeddings, body.into(), facts);
    let vectors = answer(&upstream, &call).await["data"].clone();
    assert_eq!(vectors[1]["embedding"].as_array().unwrap().len(), 3);

    let models = client().list_models(&upstream).await.unwrap();
    assert!(models.iter().any(|model| model.code == "sim-chat"));
    assert!(simulator.calls().iter().all(|call| call.key.as_deref() == Some(crate::support::KEY)));
}
