//! Calls on record, priced again through the API.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tollgate_domain::Clock;

use crate::chat_scene::{Scene, each_scene, user};

const MODELS: &str = "/api/admin/ai-models";

/// The path of a model that was called once before it had a price.
async fn given_an_unpriced_call(scene: &Scene<'_>) -> String {
    let model = json!({"providerId": 1, "modelCode": "house-model"});
    let model = scene.admin.post(MODELS, &model).await.expect(201).data();
    let body = json!({"model": "openai/house-model", "messages": user("Hi")});
    let reply = scene.app_user.post("/v1/chat/completions", &body).await.expect(200);
    let log = scene.log_of(&reply).await;
    assert_eq!(log["cost"], Value::Null, "{log}");
    scene.clock.advance(std::time::Duration::from_secs(1));
    format!("{MODELS}/{}", model["id"])
}

#[tokio::test]
async fn a_price_from_a_past_date_is_tried_set_and_then_prices_calls_again() {
    each_scene(async |scene: Scene<'_>| {
        let path = given_an_unpriced_call(&scene).await;
        let from = scene.clock.now() - TimeDelta::hours(1);
        let price = json!({"validFrom": from, "costPer1kPromptTokens": 1,
            "costPer1kCompletionTokens": 2});
        let reprice = format!("{path}/reprice");

        let dry = json!({"from": from, "dryRun": true, "price": price});
        let supposed = scene.admin.post(&reprice, &dry).await.expect(200).data();
        let prices = scene.admin.get(&format!("{path}/prices")).await.expect(200).data();
        scene.admin.post(&format!("{path}/prices"), &price).await.expect(201);
        let made = scene.admin.post(&reprice, &json!({"from": from})).await.expect(200).data();
        let again = scene.admin.post(&reprice, &json!({"from": from})).await.expect(200).data();

        assert_eq!(prices, json!([]), "a dry run sets no price");
        assert_eq!((&supposed["attempts"], &supposed["pricedAfter"]), (&json!(1), &json!(1)));
        assert!(supposed["costAfter"].as_f64().unwrap() > 0.0, "{supposed}");
        assert_eq!(made, supposed);
        assert_eq!((&again["changed"], &again["nextFrom"]), (&json!(0), &Value::Null));
        let log = scene.admin.get("/api/admin/audit-logs?resource=model").await.expect(200).data();
        let entries = log["entries"].as_array().unwrap();
        let repriced = entries.iter().filter(|entry| entry["action"] == "reprice").count();
        assert_eq!(repriced, 1, "a run that changes nothing is no news: {log}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_priced_again_is_refused_by_field() {
    each_scene(async |scene: Scene<'_>| {
        let path = given_an_unpriced_call(&scene).await;
        let price = json!({"costPer1kPromptTokens": 1, "costPer1kCompletionTokens": 2});
        let cases = [
            (json!({}), "from"),
            (json!({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}), "to"),
            (json!({"from": "2026-01-02T00:00:00Z", "price": price}), "price"),
            (json!({"from": "9000-01-02T00:00:00Z"}), "from"),
        ];
        for (body, field) in cases {
            let reply = scene.admin.post(&format!("{path}/reprice"), &body).await.expect(422);
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{body}");
        }
        let body = json!({"from": "2026-01-02T00:00:00Z"});
        scene.analyst.post(&format!("{path}/reprice"), &body).await.expect(403);
        scene.admin.post(&format!("{MODELS}/999999/reprice"), &body).await.expect(404);
    })
    .await;
}
