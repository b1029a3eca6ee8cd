//! Counting tokens without an answer.

use serde_json::{Value, json};

use super::{ask, error_of};
use crate::chat_scene::{Scene, each_scene_of_all_protocols, user};

const COUNT: &str = "/v1/messages/count_tokens";

fn prompt(model: &str, text: &str) -> Value {
    json!({"model": model, "messages": user(text)})
}

#[tokio::test]
async fn the_provider_counts_where_it_can_and_else_the_number_is_marked_as_an_estimate() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let cases = [
            ("anthropic/claude-sonnet-5", "exact", 1),
            ("gemini/gemini-2.5-flash", "exact", 1),
            ("openai/gpt-4o", "estimate", 0),
        ];
        for (model, method, calls) in cases {
            scene.simulator.forget_calls();
            let short = scene.app_user.post(COUNT, &prompt(model, "Hi")).await;
            assert_eq!(scene.simulator.calls().len(), calls, "{model}");
            let long = scene.app_user.post(COUNT, &prompt(model, &"many words ".repeat(50))).await;

            for reply in [&short, &long] {
                assert_eq!(reply.status, 200, "{model}: {}", reply.text);
                assert_eq!(reply.header("x-tollgate-token-count"), Some(method), "{model}");
                assert_eq!(reply.header("content-type"), Some("application/json"));
            }
            let count = |text: &str| {
                serde_json::from_str::<Value>(text).unwrap()["input_tokens"].as_i64().unwrap()
            };
            assert!(count(&short.text) > 0, "{model}: {}", short.text);
            assert!(count(&long.text) > count(&short.text), "{model}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_count_is_on_record_without_tokens_or_cost() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for model in ["anthropic/claude-sonnet-5", "openai/gpt-4o"] {
            let reply = scene.app_user.post(COUNT, &prompt(model, "Hi")).await;

            let log = scene.log_of(&reply).await;
            assert_eq!((&log["endpoint"], &log["status"]), (&json!(COUNT), &json!("success")));
            assert_eq!((&log["totalTokens"], &log["costUsd"]), (&json!(0), &json!(0)), "{log}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_count_that_fails_is_told_as_any_call() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let path = format!("/api/admin/ai-providers/{}", scene.admin.provider("anthropic").await);
        scene.admin.put(&path, &json!({"maxRetries": 0})).await.expect(200);
        let overloaded = prompt("anthropic/sim-error-529", "Hi");

        let reply = scene.app_user.post(COUNT, &overloaded).await;
        let missing = scene.app_user.post(COUNT, &prompt("no-such-model", "Hi")).await;

        let (status, kind, _) = error_of(&reply);
        assert_eq!((status, kind.as_str()), (529, "overloaded_error"), "{}", reply.text);
        assert_eq!(error_of(&missing).1, "not_found_error");
    })
    .await;
}

#[tokio::test]
async fn max_tokens_is_allowed_and_not_required() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let with = scene.app_user.post(COUNT, &ask("openai/gpt-4o", json!({}))).await;
        let without = scene.app_user.post(COUNT, &prompt("openai/gpt-4o", "Hi")).await;

        assert_eq!((with.status, &with.text), (200, &without.text));
    })
    .await;
}
