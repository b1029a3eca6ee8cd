//! Upstream keys, as operators add and check them.

use serde_json::json;

use super::redacted;
use crate::support::{TestApp, each_app};

#[tokio::test]
async fn a_key_is_added_shown_masked_and_refused_the_second_time() {
    each_app(async |app: &TestApp| {
        let body = json!({
            "providerId": 1, "keyName": "OpenAI主Key", "apiKey": "sk-proj-abcdef1234",
            "priority": 100, "rateLimitRpm": 60, "rateLimitTpm": 90_000, "rateLimitRpd": 1000,
        });

        let added = app.admin.post("/api/admin/ai-providers/1/keys", &body).await.expect(201);

        insta::allow_duplicates! {
            insta::assert_json_snapshot!(redacted(added.json()), @r#"
            {
              "code": 201,
              "data": {
                "apiKey": "sk-p...1234",
                "baseUrl": null,
                "coolingUntil": null,
                "createdAt": "[time]",
                "credentialKind": "static",
                "errorCount": 0,
                "headroom": {
                  "concurrent": {
                    "isLearned": false,
                    "left": null,
                    "limit": null
                  },
                  "rpd": {
                    "isLearned": false,
                    "left": 1000,
                    "limit": 1000
                  },
                  "rpm": {
                    "isLearned": false,
                    "left": 60,
                    "limit": 60
                  },
                  "tpm": {
                    "isLearned": false,
                    "left": 90000,
                    "limit": 90000
                  }
                },
                "id": 1,
                "inFlight": 0,
                "isActive": true,
                "keyName": "OpenAI主Key",
                "lastError": null,
                "lastUsedAt": null,
                "lastValidatedAt": null,
                "maxConcurrent": null,
                "priority": 100,
                "providerId": 1,
                "rateLimitRpd": 1000,
                "rateLimitRpm": 60,
                "rateLimitTpm": 90000,
                "requestsCountToday": 0,
                "rpdUsed": 0,
                "rpmUsed": 0,
                "status": "normal",
                "statusReason": null,
                "tokensCountToday": 0,
                "tpmUsed": 0,
                "updatedAt": "[time]",
                "weight": 1
              }
            }
            "#);
        }
        let list = app.analyst.get("/api/admin/ai-providers/1/keys").await.expect(200);
        assert_eq!(list.data()[0]["apiKey"], "sk-p...1234");
        assert_eq!(list.data()[0]["keyName"], "OpenAI主Key");
        assert!(!list.text.contains("abcdef"));

        let again = app.admin.post("/api/admin/ai-providers/1/keys", &body).await.expect(409);
        assert_eq!(again.json()["error"]["type"], "conflict");
        assert_eq!(again.json()["error"]["details"][0]["field"], "apiKey");
        let other = json!({"providerId": 2, "keyName": "x", "apiKey": "sk-other"});
        let other = app.admin.post("/api/admin/ai-providers/1/keys", &other).await.expect(422);
        assert_eq!(other.json()["error"]["details"][0]["field"], "providerId");
        let nowhere = json!({"keyName": "x", "apiKey": "sk-other"});
        app.admin.post("/api/admin/ai-providers/99999/keys", &nowhere).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_validated_by_asking_its_provider() {
    each_app(async |app: &TestApp| {
        let id = app.with_key("sk-good-key-1234").await;
        let path = format!("/api/admin/ai-providers/keys/{id}/validate");

        let good = app.admin.post(&path, &json!({})).await.expect(200);

        assert_eq!(good.message(), "API Key is valid");
        assert_eq!(good.data()["isValid"], true);
        assert!(good.data()["latencyMs"].is_i64());

        let replaced = json!({"apiKey": "sk-sim-error-401"});
        app.admin.put(&format!("/api/admin/ai-providers/keys/{id}"), &replaced).await.expect(200);
        let bad = app.admin.post(&path, &json!({})).await.expect(200);
        assert_eq!(bad.data()["isValid"], false);
        assert_eq!(bad.data()["reason"], bad.message());
        let list = app.admin.get("/api/admin/ai-providers/1/keys").await.data();
        assert_eq!(list[0]["status"], "invalid");

        let reset = format!("/api/admin/ai-providers/keys/{id}/reset");
        let reset = app.admin.post(&reset, &json!({})).await.expect(200);
        assert_eq!(reset.data()["status"], "normal");
    })
    .await;
}

#[tokio::test]
async fn pasted_keys_are_added_with_a_verdict_for_each_line() {
    each_app(async |app: &TestApp| {
        let body = json!({"keys": "# mine\nsk-first-key-0001\nsecond sk-second-key-0002\nsk-first-key-0001\nschlüssel\n"});

        let reply = app.admin.post("/api/admin/ai-providers/1/keys/import", &body).await.expect(200);

        assert_eq!(reply.message(), "Added 2 of 4 keys");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(reply.data(), @r#"
            {
              "added": 2,
              "results": [
                {
                  "apiKey": "sk-f...0001",
                  "isAdded": true,
                  "keyId": 1,
                  "keyName": "imported 2",
                  "line": 2
                },
                {
                  "apiKey": "sk-s...0002",
                  "isAdded": true,
                  "keyId": 2,
                  "keyName": "second",
                  "line": 3
                },
                {
                  "apiKey": "sk-f...0001",
                  "isAdded": false,
                  "keyName": "imported 4",
                  "line": 4,
                  "reason": "this provider has this key already"
                },
                {
                  "apiKey": "****",
                  "isAdded": false,
                  "keyName": "imported 5",
                  "line": 5,
                  "reason": "apiKey: must be visible ASCII characters without spaces"
                }
              ]
            }
            "#);
        }
    })
    .await;
}

#[tokio::test]
async fn keys_are_put_into_another_order_at_once() {
    each_app(async |app: &TestApp| {
        let mut ids = Vec::new();
        for key in ["sk-order-one-1111", "sk-order-two-2222"] {
            let body = json!({"keyName": key, "apiKey": key});
            let added = app.admin.post("/api/admin/ai-providers/1/keys", &body).await.expect(201);
            ids.push(added.data()["id"].as_i64().unwrap());
        }
        let path = "/api/admin/ai-providers/1/keys/priorities";
        let body = |first: i64, second: i64| {
            json!({"priorities": [
                {"keyId": ids[0], "priority": first}, {"keyId": ids[1], "priority": second},
            ]})
        };

        let set = app.admin.put(path, &body(10, 20)).await.expect(200);

        let first = set.data()[0].clone();
        assert_eq!((&first["id"], &first["priority"]), (&json!(ids[1]), &json!(20)));
        let log = app.admin.get("/api/admin/audit-logs").await.expect(200);
        let after = log.data()["entries"][0]["after"].clone();
        assert_eq!(after["priorities"][1], json!({"keyId": ids[1], "priority": 20}));

        app.analyst.put(path, &body(1, 2)).await.expect(403);
        let twice = json!({"priorities": [
            {"keyId": ids[0], "priority": 1}, {"keyId": ids[0], "priority": 2_000_000},
        ]});
        let refused = app.admin.put(path, &twice).await.expect(422).json();
        let details = refused["error"]["details"].as_array().unwrap().clone();
        let fields: Vec<&str> = details.iter().filter_map(|it| it["field"].as_str()).collect();
        assert_eq!(fields, ["priorities[1].priority", "priorities[1].keyId"]);
        let missing = json!({"priorities": [{"keyId": 9_999, "priority": 1}]});
        app.admin.put(path, &missing).await.expect(404);
    })
    .await;
}
