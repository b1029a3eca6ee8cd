//! How keys share the load, as operators see and choose it.

use serde_json::{Value, json};
use tollgate_store::testing::TestDatabase;

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::{TestApp, environment};

const CHAT: &str = "/api/ai/chat/completions";
const INSTANCES: &str = "/loadbalancer/instances";
const METRICS: &str = "/loadbalancer/metrics";
const ALGORITHM: &str = "/loadbalancer/algorithm";

fn of<'v>(rows: &'v Value, code: &str) -> Vec<&'v Value> {
    rows.as_array().unwrap().iter().filter(|row| row["providerCode"] == code).collect()
}

#[tokio::test]
async fn an_algorithm_is_chosen_and_the_load_is_seen_to_be_shared_by_it() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-second", 1).await;
        let choice = json!({"algorithm": "round_robin", "providerCode": "openai"});
        let chosen = scene.admin.put(ALGORITHM, &choice).await.expect(200).data();
        assert_eq!(chosen, json!({"algorithm": "round_robin", "providerCodes": ["openai"]}));
        for _ in 0..6 {
            let body = json!({"model": "openai/sim-chat", "messages": user("Hi")});
            scene.app_user.post(CHAT, &body).await.expect(200);
        }

        let instances = scene.analyst.get(INSTANCES).await.expect(200).data();
        let metrics = scene.analyst.get(METRICS).await.expect(200).data();

        let keys = of(&instances, "openai");
        assert_eq!(keys.len(), 2);
        for key in keys {
            assert_eq!(key["algorithm"], "round_robin");
            assert_eq!((&key["rpmUsed"], &key["loadShare"]), (&json!(3), &json!(0.5)));
            assert_eq!((&key["isHealthy"], &key["status"]), (&json!(true), &json!("normal")));
            assert_eq!(key["inFlight"], 0);
        }
        assert!(!instances.to_string().contains("sk-second\",\"apiKey\":\"sk-second"));
        let load = of(&metrics, "openai")[0];
        assert_eq!((&load["requestsLastMinute"], &load["keysHealthy"]), (&json!(6), &json!(2)));
        assert_eq!(load["distribution"][0]["share"], 0.5);
        assert_eq!(of(&metrics, "deepseek")[0]["algorithm"], "priority");
        let scraped = scene.anonymous.get("/metrics").await.text;
        let key = of(&instances, "openai")[1]["keyId"].clone();
        for line in [
            format!(
                "aiproxy_upstream_requests_last_minute{{key_id=\"{key}\",provider=\"openai\"}} 3"
            ),
            format!("aiproxy_upstream_healthy{{key_id=\"{key}\",provider=\"openai\"}} 1"),
        ] {
            assert!(scraped.contains(&line), "no {line} in\n{scraped}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_provider_every_one_is_meant_and_those_to_come() {
    each_scene(async |scene: Scene<'_>| {
        scene.admin.put(ALGORITHM, &json!({"algorithm": "ip_hash"})).await.expect(200);
        let new = json!({"providerCode": "new", "providerName": "N", "baseUrl": "http://x/v1"});
        scene.admin.post("/api/admin/ai-providers", &new).await.expect(201);

        let rows = scene.admin.get("/api/admin/ai-providers").await.expect(200).data();

        for row in rows.as_array().unwrap() {
            assert_eq!(row["lbStrategy"], "ip_hash", "{row}");
        }
        let audit = scene.admin.get("/api/admin/audit-logs").await.expect(200).data();
        let entry = audit["entries"]
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["after"]["loadBalancerAlgorithm"] == "ip_hash");
        assert_eq!(entry.unwrap()["before"]["loadBalancerAlgorithm"], "priority");
    })
    .await;
}

#[tokio::test]
async fn only_admins_choose_and_only_what_there_is() {
    each_scene(async |scene: Scene<'_>| {
        let choice = json!({"algorithm": "random"});
        assert_eq!(scene.analyst.put(ALGORITHM, &choice).await.status, 403);
        assert_eq!(scene.app_user.get(INSTANCES).await.status, 403);
        assert_eq!(scene.anonymous.get(METRICS).await.status, 401);
        for (body, field) in [
            (json!({"algorithm": "fastest"}), "algorithm"),
            (json!({"algorithm": "random", "providerCode": "none"}), "providerCode"),
        ] {
            let reply = scene.admin.put(ALGORITHM, &body).await;
            assert_eq!(error_of(&reply), (422, "validation_failed".to_owned()));
            assert_eq!(reply.json()["error"]["details"][0]["field"], field);
        }
    })
    .await;
}

#[tokio::test]
async fn the_configuration_decides_for_all_and_locks_the_choice() {
    let database = TestDatabase::sqlite();
    let file = config_file("load_balancer:\n  algorithm: least_load\n");
    let mut settings = environment(database.url());
    settings.push(("TOLLGATE_CONFIG", file.path().display().to_string()));
    let app = TestApp::start_with(settings).await;

    let rows = app.admin.get("/api/admin/ai-providers").await.expect(200).data();
    assert!(rows.as_array().unwrap().iter().all(|row| row["lbStrategy"] == "least_load"));
    let refused = app.admin.put(ALGORITHM, &json!({"algorithm": "random"})).await;
    assert_eq!(error_of(&refused), (422, "validation_failed".to_owned()));
    let one = json!({"algorithm": "random", "providerCode": "openai"});
    app.admin.put(ALGORITHM, &one).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn switched_off_there_is_only_priority() {
    let database = TestDatabase::sqlite();
    let file = config_file("load_balancer:\n  enabled: false\n  algorithm: random\n");
    let mut settings = environment(database.url());
    settings.push(("TOLLGATE_CONFIG", file.path().display().to_string()));
    let app = TestApp::start_with(settings).await;

    assert_eq!(app.app.config.warnings.len(), 1);
    for code in [Value::Null, json!("openai")] {
        let mut choice = json!({"algorithm": "random"});
        if !code.is_null() {
            choice["providerCode"] = code;
        }
        assert_eq!(app.admin.put(ALGORITHM, &choice).await.status, 422);
    }
    let change = json!({"lbStrategy": "random"});
    assert_eq!(app.admin.put("/api/admin/ai-providers/1", &change).await.status, 422);
    app.stop().await;
}

fn config_file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}
