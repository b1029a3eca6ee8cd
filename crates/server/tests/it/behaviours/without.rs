//! What callers get in the place of a behaviour that the provider does not have.

use serde_json::{Value, json};

use super::Behaviour::{
    self, CountTokens, Embeddings, Logprobs, OneToolAtATime, Seed, SeveralChoices, TopK,
};
use super::caller::Caller;
use super::checks::count_tokens;

/// Panics unless the caller is refused, or does without, as documented.
pub(super) async fn lacks(caller: &Caller<'_>, behaviour: Behaviour) {
    match behaviour {
        CountTokens => count_tokens(caller, "estimate").await,
        Embeddings => no_embeddings(caller).await,
        SeveralChoices => is_refused(caller, json!({"n": 2}), "n").await,
        Logprobs => is_refused(caller, json!({"logprobs": true}), "logprobs").await,
        Seed => is_dropped(caller, [json!({"seed": 7}), json!({})], "seed").await,
        TopK => is_dropped(caller, [json!({}), json!({"top_k": 5})], "top").await,
        OneToolAtATime => {
            let tool = json!({"type": "auto", "disable_parallel_tool_use": true});
            let fields = [json!({"parallel_tool_calls": false}), json!({"tool_choice": tool})];
            is_dropped(caller, fields, "parallel").await;
        }
        other => panic!("{} has to have {other:?}", caller.name()),
    }
}

async fn is_refused(caller: &Caller<'_>, field: Value, name: &str) {
    let reply = caller.replies(&caller.body("sim-chat", "Hi", [field, json!({})])).await;
    assert_eq!(reply.status, 400, "{}: {}", caller.name(), reply.text);
    assert_eq!(reply.json()["error"]["param"], name, "{}", caller.name());
    assert!(caller.scene.simulator.calls().is_empty(), "{} was asked", caller.name());
}

async fn is_dropped(caller: &Caller<'_>, fields: [Value; 2], name: &str) {
    let heard = caller.asks("Hi", fields).await;
    assert!(heard.text.contains("Hi"), "{}: {heard:?}", caller.name());
    let sent = caller.sent().to_string();
    assert!(!sent.contains(name), "{}: {sent}", caller.name());
}

async fn no_embeddings(caller: &Caller<'_>) {
    let model = format!("{}/sim-embedding", caller.provider.code);
    let body = json!({"model": model, "input": "one"});
    let reply = caller.scene.app_user.post("/v1/embeddings", &body).await;
    assert_eq!(reply.status, 400, "{}: {}", caller.name(), reply.text);
    let (_, told) = caller.error_of(&reply);
    assert!(told.contains("no embeddings"), "{}: {told}", caller.name());
    assert!(caller.scene.simulator.calls().is_empty(), "{} was asked", caller.name());
}
