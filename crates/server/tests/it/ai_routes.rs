//! Routes, as operators make them.

use serde_json::{Value, json};

use crate::support::{TestApp, each_app};

const ROUTES: &str = "/api/admin/ai-routes";

fn target(provider: &str, model: &str) -> Value {
    json!({"providerCode": provider, "modelCode": model})
}

#[tokio::test]
async fn a_route_is_made_changed_found_and_deleted() {
    each_app(async |app: &TestApp| {
        let body = json!({"alias": "fast", "targets": [
            {"providerCode": "openai", "modelCode": "gpt-4o", "weight": 3},
            target("anthropic", "claude-sonnet-4-6"),
        ]});

        let made = app.admin.post(ROUTES, &body).await.expect(201).data();
        let path = format!("{ROUTES}/{}", made["id"]);
        let patch = json!({"description": "for chats", "isActive": false,
            "fallbackOn": ["content_refused", "failure", "failure"]});
        let changed = app.admin.put(&path, &patch).await.expect(200).data();
        let found = app.analyst.get(&path).await.expect(200).data();
        let listed = app.analyst.get(&format!("{ROUTES}?search=CHATS")).await.expect(200).data();
        app.admin.delete(&path).await.expect(200);

        assert_eq!(made["targets"][0]["weight"], 3);
        assert_eq!(made["targets"][1]["weight"], 0);
        assert_eq!((&made["fallbackOn"], &made["isActive"]), (&json!(["failure"]), &json!(true)));
        assert_eq!(changed["targets"], made["targets"]);
        assert_eq!(changed["fallbackOn"], json!(["failure", "content_refused"]));
        assert_eq!(found, changed);
        assert_eq!(listed, json!([changed]));
        assert_eq!(app.admin.get(&path).await.status, 404);
        let log = app.admin.get("/api/admin/audit-logs?resource=route").await.expect(200).data();
        let actions: Vec<&Value> =
            log["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
        assert_eq!(actions, ["delete", "update", "create"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_route_is_named() {
    each_app(async |app: &TestApp| {
        let one = target("openai", "gpt-4o");
        let many = vec![one.clone(); 21];
        let cases = [
            (json!({"alias": "a"}), "targets"),
            (json!({"targets": [one]}), "alias"),
            (json!({"alias": " ", "targets": [one]}), "alias"),
            (json!({"alias": "a", "targets": []}), "targets"),
            (json!({"alias": "a", "targets": many}), "targets"),
            (json!({"alias": "a", "targets": [one, one]}), "targets[1]"),
            (json!({"alias": "a", "targets": [target("nobody", "m")]}), "targets[0].providerCode"),
            (json!({"alias": "a", "targets": [target("openai", "")]}), "targets[0].modelCode"),
            (json!({"alias": "a", "targets": [{"providerCode": "openai"}]}), "targets[0].modelCode"),
            (
                json!({"alias": "a", "targets": [{"providerCode": "openai", "modelCode": "m", "weight": 1_000_001}]}),
                "targets[0].weight",
            ),
            (json!({"alias": "a", "targets": [one], "fallbackOn": ["rain"]}), "fallbackOn[0]"),
            (json!({"alias": "a", "targets": [one], "colour": 1}), "colour"),
        ];
        for (body, field) in cases {
            let reply = app.admin.post(ROUTES, &body).await;
            assert_eq!(reply.status, 422, "{body}: {}", reply.text);
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{body}");
        }

        let body = json!({"alias": "a", "targets": [one]});
        app.admin.post(ROUTES, &body).await.expect(201);
        assert_eq!(app.admin.post(ROUTES, &body).await.status, 409);
    })
    .await;
}

#[tokio::test]
async fn only_admins_change_routes_and_only_analysts_beside_them_see_them() {
    each_app(async |app: &TestApp| {
        let body = json!({"alias": "a", "targets": [target("openai", "gpt-4o")]});

        assert_eq!(app.analyst.post(ROUTES, &body).await.status, 403);
        assert_eq!(app.analyst.post(&format!("{ROUTES}/test"), &body).await.status, 403);
        assert_eq!(app.app_user.get(ROUTES).await.status, 403);
        assert_eq!(app.anonymous.get(ROUTES).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn a_route_is_tried_out_before_it_is_saved() {
    each_app(async |app: &TestApp| {
        app.with_key("sk-good-key-1234").await;
        let body = json!({"targets": [
            target("deepseek", "deepseek-chat"),
            target("openai", "gpt-4o"),
        ]});

        let tried = app.admin.post(&format!("{ROUTES}/test"), &body).await.expect(200).data();

        assert_eq!(tried["answeredBy"], 1, "{tried}");
        let results = &tried["results"];
        assert_eq!((&results[0]["isOk"], &results[1]["isOk"]), (&json!(false), &json!(true)));
        assert!(results[0]["error"].as_str().unwrap().contains("deepseek"), "{tried}");
        assert!(!results[1]["content"].as_str().unwrap().is_empty());
        assert_eq!(
            (&results[0]["keyName"], &results[1]["keyName"]),
            (&Value::Null, &json!("main"))
        );
        assert!(results[1]["costUsd"].as_f64().unwrap() > 0.0, "{tried}");
        assert_ne!(results[0]["requestId"], results[1]["requestId"]);
        assert_eq!(app.admin.get(ROUTES).await.expect(200).data(), json!([]));
    })
    .await;
}

#[tokio::test]
async fn an_outlook_tells_shares_the_next_key_and_what_is_in_the_way() {
    each_app(async |app: &TestApp| {
        let key = app.with_key("sk-good-key-1234").await;
        let weighted = |provider: &str, weight: u32| {
            json!({"providerCode": provider, "modelCode": "gpt-4o", "weight": weight})
        };
        let body = json!({"targets": [
            weighted("openai", 3), weighted("deepseek", 1), target("kiro", "claude"),
        ]});

        let look = app.analyst.post(&format!("{ROUTES}/outlook"), &body).await.expect(200).data();

        assert_eq!((&look[0]["share"], &look[1]["share"]), (&json!(0.75), &json!(0.25)), "{look}");
        assert_eq!((&look[0]["nextKeyId"], &look[0]["isListed"]), (&json!(key), &json!(true)));
        assert_eq!(look[0]["keys"][0]["skipReason"], Value::Null);
        assert_eq!((&look[1]["nextKeyId"], &look[1]["isListed"]), (&Value::Null, &json!(false)));
        assert_eq!((&look[2]["share"], &look[2]["keys"]), (&json!(0.0), &json!([])));
        assert!(look[2]["error"].as_str().unwrap().contains("kiro"), "{look}");

        let path = format!("/api/admin/ai-providers/keys/{key}");
        app.admin.put(&path, &json!({"rateLimitRpm": 1})).await.expect(200);
        let test = json!({"targets": [target("openai", "gpt-4o")]});
        app.admin.post(&format!("{ROUTES}/test"), &test).await.expect(200);
        let look = app.admin.post(&format!("{ROUTES}/outlook"), &test).await.expect(200).data();
        assert_eq!((&look[0]["share"], &look[0]["nextKeyId"]), (&json!(1.0), &Value::Null));
        assert_eq!(look[0]["keys"][0]["skipReason"], "rpm", "{look}");
        assert!(look[0]["keys"][0]["availableAt"].is_string(), "{look}");
        app.app_user.post(&format!("{ROUTES}/outlook"), &test).await.expect(403);
    })
    .await;
}
