//! What operators are told of keys.

use std::time::Duration;

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault};

use crate::chat_scene::{Scene, each_scene, error_of};

const ALERTS: &str = "/api/admin/alerts";

/// The alerts that `query` finds, once everything is written.
async fn alerts(scene: &Scene<'_>, query: &str) -> Vec<Value> {
    scene.app.engine.flush().await;
    let page = scene.analyst.get(&format!("{ALERTS}?{query}")).await.expect(200).data();
    let alerts = page["alerts"].as_array().unwrap().clone();
    assert_eq!(page["total"], alerts.len(), "{page}");
    alerts
}

async fn limit(scene: &Scene<'_>, key: &str) {
    let limited = Behaviour::failing(Fault::error("openai.429"));
    scene.simulator.set_behaviour(key, limited);
}

#[tokio::test]
async fn a_key_that_leaves_normal_is_told_once_and_again_when_it_is_back() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-spare", 1).await;
        assert_eq!(alerts(&scene, "").await, Vec::<Value>::new());
        limit(&scene, "sk-plain-openai").await;

        for _ in 0..3 {
            scene.admin.chat("openai", "sim-chat").await.expect(200);
        }

        let [alert] = &alerts(&scene, "open=true").await[..] else { panic!("one alert") };
        assert_eq!((&alert["kind"], &alert["level"]), (&json!("key_unavailable"), &json!("info")));
        assert_eq!(alert["subject"], "openai / sk-plain-openai");
        assert_eq!(alert["payload"]["status"], "rate_limited");
        assert_eq!(alert["payload"]["providerCode"], "openai");
        assert!(
            alert["payload"]["reason"].is_string() && alert["payload"]["availableAt"].is_string()
        );
        assert!(alert["firedAt"].is_string() && alert["resolvedAt"].is_null());

        scene.simulator.clear_behaviour("sk-plain-openai");
        scene.reset_keys().await;

        let [over] = &alerts(&scene, "").await[..] else { panic!("one alert") };
        assert_eq!(over["id"], alert["id"]);
        assert!(over["resolvedAt"].is_string(), "{over}");
        assert!(alerts(&scene, "open=true").await.is_empty());
        assert_eq!(alerts(&scene, "open=false&kind=key_unavailable").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rest_that_ends_by_itself_is_told_too() {
    each_scene(async |scene: Scene<'_>| {
        limit(&scene, "sk-plain-openai").await;
        scene.admin.chat("openai", "sim-chat").await;
        assert_eq!(alerts(&scene, "open=true").await.len(), 2);

        scene.clock.advance(Duration::from_secs(1800));

        assert!(alerts(&scene, "open=true").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_provider_without_a_usable_key_is_critical_until_one_is_back() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-spare", 1).await;
        for key in ["sk-plain-openai", "sk-spare"] {
            limit(&scene, key).await;
        }
        scene.admin.chat("openai", "sim-chat").await.expect(503);

        let [alert] = &alerts(&scene, "level=critical").await[..] else { panic!("one alert") };
        assert_eq!(
            (&alert["kind"], &alert["subject"]),
            (&json!("provider_without_key"), &json!("openai"))
        );
        assert_eq!(alert["payload"]["keysCount"], 2);
        assert_eq!(alerts(&scene, "kind=key_unavailable").await.len(), 2);

        scene.reset_keys().await;

        assert!(alerts(&scene, "open=true").await.is_empty());
        assert!(!alerts(&scene, "level=critical").await[0]["resolvedAt"].is_null());
    })
    .await;
}

#[tokio::test]
async fn an_alert_is_over_when_its_key_is_taken_away() {
    each_scene(async |scene: Scene<'_>| {
        limit(&scene, "sk-plain-openai").await;
        scene.admin.chat("openai", "sim-chat").await;
        assert_eq!(alerts(&scene, "open=true").await.len(), 2);

        let key = scene.admin.keys("openai").await[0]["id"].clone();
        scene.admin.delete(&format!("/api/admin/ai-providers/keys/{key}")).await.expect(200);

        assert!(alerts(&scene, "open=true").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn only_operators_read_alerts_and_a_wrong_filter_is_named() {
    each_scene(async |scene: Scene<'_>| {
        scene.admin.get(ALERTS).await.expect(200);
        assert_eq!(error_of(&scene.app_user.get(ALERTS).await).0, 403);
        for query in ["kind=none", "level=loud", "open=maybe", "pageSize=201", "startDate=x"] {
            let reply = scene.admin.get(&format!("{ALERTS}?{query}")).await;
            let field = query.split('=').next().unwrap();
            assert_eq!(error_of(&reply).0, 422, "{query}");
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{query}");
        }
    })
    .await;
}
