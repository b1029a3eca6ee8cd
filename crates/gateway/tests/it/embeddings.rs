//! Vectors for texts.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_gateway::{CallError, ReplyBody};
use tollgate_providers::openai;
use tollgate_store::models::NewModel;

use crate::support::{call, clock, given};

fn embeddings(model: &str) -> ChatCall {
    let body = json!({"model": format!("sim/{model}"), "input": ["Good day", "Good night"]});
    let body = Bytes::from(body.to_string());
    ChatCall {
        endpoint: Endpoint::Embeddings,
        path: "/v1/embeddings",
        facts: openai::read_embeddings(&body).expect("a good body"),
        body,
        ..call(model, false)
    }
}

#[tokio::test]
async fn embeddings_take_the_same_way_as_chat() {
    let given = given(&["sk-sim-error-openai-429-rate", "sk-sim-good"]).await;
    let call = embeddings("sim-embed");
    let request = call.request_id;

    let reply = given.engine.call(&given.http, call).await.unwrap();

    assert_eq!(reply.head.attempts, 2);
    let ReplyBody::Whole { answer, usage, .. } = reply.body else {
        panic!("no stream was asked for")
    };
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["data"].as_array().map(Vec::len), Some(2));
    assert!(usage.prompt > 0 && usage.whole_completion() == 0);
    let rows = given.rows(request).await;
    assert_eq!((rows.len(), rows[1].endpoint.as_str()), (2, "/v1/embeddings"));
    assert_eq!((rows[1].usage, rows[1].is_final), (usage, true));
    assert_eq!(given.engine.live(given.keys[1]).in_flight, 0);
}

#[tokio::test]
async fn a_chat_model_is_not_asked_for_embeddings() {
    let given = given(&["sk-sim-a"]).await;
    let model = NewModel::new(given.provider, "sim-chat");
    given.store.models().insert(&model, clock().now()).await.unwrap();
    given.engine.refresh().await.unwrap();

    let refused = given.engine.call(&given.http, embeddings("sim-chat")).await.unwrap_err();

    assert!(matches!(refused, CallError::Unsupported { .. }));
    assert!(given.simulator.calls().is_empty());
}
