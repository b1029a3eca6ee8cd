//! How Tollgate fares, and whether its keys work.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault};

use crate::chat_scene::{Scene, each_scene, error_of};
use crate::support::{TestApp, each_app};

const STATUS: &str = "/api/status/status";
const TEST: &str = "/api/status/test";

fn of_key<'a>(list: &'a Value, name: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|it| it["keyName"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

#[tokio::test]
async fn without_a_token_only_the_state_and_the_number_of_keys_are_told() {
    each_app(async |app: &TestApp| {
        let empty = app.anonymous.get(STATUS).await.expect(200).data();
        assert_eq!(
            empty,
            json!({"status": "down", "keys": {"total": 0, "active": 0, "usable": 0}})
        );
        app.with_key("sk-plain").await;

        for client in [&app.anonymous, &app.app_user] {
            let told = client.get(STATUS).await.expect(200).data();
            let keys = json!({"total": 1, "active": 1, "usable": 1});
            assert_eq!(told, json!({"status": "ok", "keys": keys}));
        }
        let wrong = app.anonymous.with_token("tg-wrong").get(STATUS).await;
        assert_eq!(error_of(&wrong), (401, "unauthenticated".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn operators_are_told_how_each_key_fares_and_how_the_load_is_shared() {
    each_scene(async |scene: Scene<'_>| {
        for _ in 0..3 {
            scene.admin.chat("openai", "sim-chat").await.expect(200);
        }
        scene.admin.chat("deepseek", "sim-chat").await.expect(200);

        for client in [&scene.admin, &scene.analyst] {
            let told = client.get(STATUS).await.expect(200).data();

            assert_eq!(told["status"], "ok");
            let store = &told["store"];
            assert_eq!(store["isReachable"], true);
            assert!(store["latencyMs"].is_u64(), "{store}");
            assert!(["sqlite", "mysql"].contains(&store["kind"].as_str().unwrap()), "{store}");
            let instances = told["instances"].as_array().unwrap();
            assert_eq!(instances.len(), 1, "{instances:?}");
            assert_eq!(instances[0]["instance"], scene.app.engine.instance());
            assert_eq!(
                (&instances[0]["isThis"], &instances[0]["isSilent"]),
                (&json!(true), &json!(false))
            );
            assert!(instances[0]["address"].as_str().unwrap().contains(':'));
            for job in told["jobs"].as_array().unwrap() {
                assert!(job["nextRunAt"].is_string(), "{job}");
            }
            let journal = &told["journal"];
            let said: Vec<&str> = journal.as_object().unwrap().keys().map(String::as_str).collect();
            let all = "backlogBytes backlogRecords dropped isFull isShipping isWritable maxBytes \
                oldestAt rejected usedBytes";
            assert_eq!(said.join(" "), all);
            assert_eq!((&journal["isWritable"], &journal["isFull"]), (&json!(true), &json!(false)));
            assert_eq!(journal["maxBytes"], 4_294_967_296_i64);
            assert!(told["version"].is_string() && told["uptimeSeconds"].is_u64());
            assert!(told["note"].as_str().unwrap().contains("each instance"));
            let key = of_key(&told["keyDetails"], "sk-plain-openai");
            assert_eq!((&key["status"], &key["rpmUsed"]), (&json!("normal"), &json!(3)));
            assert_eq!((&key["providerId"], &key["providerCode"]), (&json!(1), &json!("openai")));
            assert_eq!((&key["share"], &key["errorCount"]), (&json!(1.0), &json!(0)));
            assert!(key["tpmUsed"].as_i64().unwrap() > 0);
            let shares: Vec<_> = told["providers"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["rpmUsed"] != 0)
                .map(|it| (it["providerCode"].as_str().unwrap(), it["share"].as_f64().unwrap()))
                .collect();
            assert_eq!(shares, [("openai", 0.75), ("deepseek", 0.25)]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_without_a_usable_key_degrades_the_state_and_none_at_all_is_down() {
    each_scene(async |scene: Scene<'_>| {
        let refused = Behaviour::failing(Fault::error("openai.429"));
        for (provider, status) in [("openai", "degraded"), ("deepseek", "down")] {
            scene.simulator.set_behaviour(&format!("sk-plain-{provider}"), refused.clone());
            scene.admin.chat(provider, "sim-chat").await;

            let told = scene.anonymous.get(STATUS).await.expect(200).data();

            assert_eq!(told["status"], status, "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_active_key_is_tried_with_one_real_call() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-spare", 1).await;
        scene.add_key("sk-broken", 200).await;
        let broken = Behaviour::failing(Fault::error("openai.500"));
        scene.simulator.set_behaviour("sk-broken", broken);
        let off = json!({"keyName": "off", "apiKey": "sk-off", "isActive": false});
        scene.admin.post("/api/admin/ai-providers/1/keys", &off).await.expect(201);
        let body = json!({"prompt": "Say hello.", "model": "sim-chat", "providerCode": "openai"});

        let told = scene.admin.post(TEST, &body).await.expect(200).data();

        assert_eq!((&told["okCount"], &told["failedCount"]), (&json!(2), &json!(1)));
        for (key, is_ok) in [("sk-plain-openai", true), ("sk-spare", true), ("sk-broken", false)] {
            let result = of_key(&told["results"], key);
            assert_eq!(result["isOk"], is_ok, "{result}");
            assert_eq!(
                (&result["providerCode"], &result["model"]),
                (&json!("openai"), &json!("sim-chat"))
            );
            let calls = scene.simulator.calls_of(key);
            assert_eq!(calls.len(), 1, "{key}: neither retried nor carried by another key");
            assert_eq!(calls[0].json()["messages"][0]["content"], "Say hello.");
        }
        assert_eq!(of_key(&told["results"], "sk-broken")["errorType"], "provider_error");
        assert!(scene.simulator.calls_of("sk-off").is_empty());
        let log = scene
            .first_log(&format!("keyId={}", of_key(&told["results"], "sk-spare")["keyId"]))
            .await;
        assert_eq!((&log["endpoint"], &log["status"]), (&json!(TEST), &json!("success")));
    })
    .await;
}

#[tokio::test]
async fn keys_of_every_active_provider_are_tried_with_its_own_default_model() {
    each_scene(async |scene: Scene<'_>| {
        let told = scene.admin.post(TEST, &json!({"prompt": "Hi"})).await.expect(200).data();

        assert_eq!(told["okCount"], 2, "{told}");
        for (key, provider) in [("sk-plain-openai", "openai"), ("sk-plain-deepseek", "deepseek")] {
            let result = of_key(&told["results"], key);
            assert_eq!(result["providerCode"], provider);
            assert!(result["model"].is_string(), "{result}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_key_can_be_tried_alone() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-spare", 1).await;
        let keys = scene.admin.keys("openai").await;
        let spare = keys.iter().find(|key| key["keyName"] == "sk-spare").unwrap();

        let told = scene.admin.post(TEST, &json!({"prompt": "Hi", "keyId": spare["id"]})).await;

        let told = told.expect(200).data();
        assert_eq!((&told["okCount"], &told["failedCount"]), (&json!(1), &json!(0)));
        assert_eq!(told["results"][0]["keyName"], "sk-spare");
        assert!(scene.simulator.calls_of("sk-plain-openai").is_empty());
        for body in [
            json!({"prompt": "Hi", "keyId": 999}),
            json!({"prompt": "Hi", "keyId": spare["id"], "providerCode": "deepseek"}),
        ] {
            let refused = scene.admin.post(TEST, &body).await;
            assert_eq!(error_of(&refused), (422, "validation_failed".to_owned()), "{body}");
            assert_eq!(refused.json()["error"]["details"][0]["field"], "keyId");
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_that_was_refused_and_works_again_is_put_to_use() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"prompt": "Hi", "model": "sim-chat", "providerCode": "openai"});
        let refused = Behaviour::failing(Fault::error("openai.401"));
        scene.simulator.set_behaviour("sk-plain-openai", refused);
        let key = scene.admin.keys("openai").await[0]["id"].clone();
        let validate = format!("/api/admin/ai-providers/keys/{key}/validate");
        scene.admin.post(&validate, &json!({})).await.expect(200);
        let told = scene.admin.post(TEST, &body).await.expect(200).data();
        assert_eq!(told["failedCount"], 1);
        assert_eq!(told["results"][0]["errorType"], "no_available_key");

        scene.simulator.clear_behaviour("sk-plain-openai");
        let told = scene.admin.post(TEST, &body).await.expect(200).data();

        assert_eq!(told["okCount"], 1, "{told}");
        assert_eq!(scene.admin.keys("openai").await[0]["status"], "normal");
    })
    .await;
}

#[tokio::test]
async fn a_test_of_what_is_not_there_is_refused() {
    each_scene(async |scene: Scene<'_>| {
        let off = json!({"isActive": false});
        scene.admin.put("/api/admin/ai-providers/3", &off).await.expect(200);
        for (body, status) in [
            (json!({}), 422),
            (json!({"prompt": " "}), 422),
            (json!({"prompt": "Hi", "providerCode": "nobody"}), 404),
            (json!({"prompt": "Hi", "providerCode": "deepseek"}), 404),
            (json!({"prompt": "Hi", "model": "no-such-model"}), 404),
        ] {
            let reply = scene.admin.post(TEST, &body).await;
            assert_eq!(error_of(&reply).0, status, "{body}: {}", reply.text);
        }
        assert_eq!(error_of(&scene.analyst.post(TEST, &json!({"prompt": "Hi"})).await).0, 403);
    })
    .await;
}
