//! Administration, as operators do it.

mod keys;

use reqwest::Method;
use serde_json::{Value, json};
use tollgate_simulator::Behaviour;

use crate::support::{PASSWORD, TestApp, each_app};

const PROVIDERS: &str = "/api/admin/ai-providers";
const MODELS: &str = "/api/admin/ai-models";

/// The fields that differ from run to run, replaced.
fn redacted(mut value: Value) -> Value {
    let times = ["createdAt", "updatedAt", "lastUsedAt", "lastValidatedAt", "lastLoginAt"];
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let is_set = !field.is_null();
                match name.as_str() {
                    name if times.contains(&name) && is_set => *field = json!("[time]"),
                    "token" | "refreshToken" => *field = json!("[token]"),
                    "latencyMs" => *field = json!("[ms]"),
                    _ => *field = redacted(field.take()),
                }
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| *row = redacted(row.take())),
        _ => {}
    }
    value
}

#[tokio::test]
async fn a_sync_brings_the_models_that_the_provider_lists() {
    each_app(async |app: &TestApp| {
        app.with_key("sk-good-key-1234").await;
        let path = "/api/admin/ai-providers/1/sync-models";

        let tried = app.admin.post(&format!("{path}?dryRun=true"), &json!({})).await.expect(200);
        let before = app.admin.get(&format!("{MODELS}?providerId=1")).await.expect(200).data();
        let synced = app.admin.post(path, &json!({})).await.expect(200);

        let count = synced.data()["count"].as_u64().unwrap();
        assert!(count > 0);
        assert_eq!(synced.message(), format!("Synced {count} models"));
        assert_eq!(synced.data(), tried.data(), "the trial said what would happen");
        let models = synced.data()["models"].as_array().unwrap().clone();
        let is_added = |model: &&Value| model["change"] == "added";
        let codes: Vec<&Value> =
            models.iter().filter(is_added).map(|model| &model["modelCode"]).collect();
        assert_eq!(json!(codes), synced.data()["added"]);
        let after = app.admin.get(&format!("{MODELS}?providerId=1")).await.expect(200).data();
        let added = synced.data()["added"].as_array().unwrap().len();
        assert_eq!(after.as_array().unwrap().len(), before.as_array().unwrap().len() + added);
    })
    .await;
}

#[tokio::test]
async fn a_provider_may_start_from_what_is_known_of_it() {
    each_app(async |app: &TestApp| {
        let presets = app.analyst.get(&format!("{PROVIDERS}/presets")).await.expect(200).data();

        let presets = presets.as_array().unwrap().clone();
        let find = |code: &str| presets.iter().find(|it| it["providerCode"] == code).unwrap();
        assert_eq!(find("anthropic")["protocol"], "anthropic");
        assert_eq!(find("qwen-cn")["quirks"], find("qwen")["quirks"]);
        let mut body = find("openrouter").clone();
        body["defaultModel"] = json!("house-model");
        app.admin.post(PROVIDERS, &body).await.expect(201);
        let reply = app.admin.post(PROVIDERS, find("azure")).await.expect(422);
        assert_eq!(reply.json()["error"]["details"][0]["field"], "baseUrl");
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_fails_at_a_sync_is_told_as_such() {
    each_app(async |app: &TestApp| {
        app.with_key("sk-good-key-1234").await;
        app.simulator.set_default_behaviour(Behaviour::fast());
        let gone = json!({"baseUrl": "http://127.0.0.1:1/v1"});
        app.admin.put("/api/admin/ai-providers/1", &gone).await.expect(200);

        let reply = app.admin.post("/api/admin/ai-providers/1/sync-models", &json!({})).await;

        assert_eq!(reply.status, 502, "{}", reply.text);
        assert_eq!(reply.json()["error"]["type"], "provider_error");
    })
    .await;
}

#[tokio::test]
async fn a_provider_of_ones_own_is_made_changed_and_deleted() {
    each_app(async |app: &TestApp| {
        let body = json!({
            "providerCode": "my-proxy", "providerName": "My proxy", "baseUrl": "https://llm.example/v1",
            "defaultModel": "house-model", "extraHeaders": {"x-team": "blue"},
        });

        let made = app.admin.post(PROVIDERS, &body).await.expect(201);

        insta::allow_duplicates! {
            let mut shown = redacted(made.json());
            shown["data"]["id"] = json!("[id]");
            insta::assert_json_snapshot!(shown, @r#"
            {
              "code": 201,
              "data": {
                "activeKeysCount": 0,
                "baseUrl": "https://llm.example/v1",
                "connectTimeoutMs": 10000,
                "createdAt": "[time]",
                "defaultModel": "house-model",
                "defaultParams": {},
                "description": null,
                "extraHeaders": {
                  "x-team": "blue"
                },
                "firstTokenTimeoutMs": 120000,
                "id": "[id]",
                "idleTimeoutMs": 120000,
                "isActive": true,
                "lbStrategy": "priority",
                "maxRetries": 3,
                "modelsCount": 1,
                "protocol": "openai",
                "providerCode": "my-proxy",
                "providerName": "My proxy",
                "queueTimeoutMs": 0,
                "quirks": {},
                "sortOrder": 100,
                "totalTimeoutMs": 600000,
                "updatedAt": "[time]"
              }
            }
            "#);
        }
        let path = format!("{PROVIDERS}/{}", made.data()["id"]);
        let patch = json!({"description": "ours", "maxRetries": 0, "defaultModel": null});
        let changed = app.admin.put(&path, &patch).await.expect(200).data();
        assert_eq!(changed["description"], "ours");
        assert_eq!(changed["defaultModel"], Value::Null);
        assert_eq!(changed["providerName"], "My proxy", "what is absent stays");
        let cleared = app.admin.put(&path, &json!({"description": null})).await.expect(200).data();
        assert_eq!(cleared["description"], Value::Null);
        app.admin.post(PROVIDERS, &body).await.expect(409);

        let deleted = app.admin.delete(&path).await.expect(200);
        assert_eq!(deleted.json(), json!({"code": 200, "data": null}));
        app.admin.get(&path).await.expect(404);
        app.admin.delete(&path).await.expect(404);
        app.admin.post(PROVIDERS, &body).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_provider_is_told_field_by_field() {
    each_app(async |app: &TestApp| {
        let cases = [
            (json!({}), "providerCode: is required"),
            (json!({"providerCode": "Open AI"}), "providerCode: must be 1 to 50"),
            (json!({"baseUrl": "ftp://x"}), "baseUrl: must begin with http"),
            (json!({"baseUrl": "https://me:secret@x/v1"}), "baseUrl: must hold no user name"),
            (json!({"lbStrategy": "fastest"}), "lbStrategy: must be one of: priority"),
            (json!({"protocol": "smtp"}), "protocol: must be one of: openai, anthropic, gemini"),
            (json!({"isActive": null}), "isActive: must not be null"),
            (json!({"isActive": "yes"}), "isActive: must be true or false"),
            (json!({"connectTimeoutMs": 0}), "connectTimeoutMs: must be between 1 and"),
            (
                json!({"extraHeaders": {"Authorization": "x"}}),
                "extraHeaders.Authorization: is Tollgate's",
            ),
            (json!({"quirks": {"auth": "magic"}}), "quirks.auth"),
            (json!({"defaultModel": "no-such-model"}), "defaultModel: is not a model"),
            (json!({"baseURL": "https://x"}), "baseURL: is not a known field"),
        ];
        for (body, told) in cases {
            let path = if body == json!({}) { PROVIDERS } else { "/api/admin/ai-providers/1" };
            let method = if body == json!({}) { Method::POST } else { Method::PUT };
            let reply = app.admin.send(method, path, Some(&body)).await.expect(422);
            let details = reply.json()["error"]["details"].clone();
            let first = format!(
                "{}: {}",
                details[0]["field"].as_str().unwrap(),
                details[0]["message"].as_str().unwrap()
            );
            assert!(first.starts_with(told), "{body}: {first}");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_are_whole_unless_a_page_is_asked_for() {
    each_app(async |app: &TestApp| {
        let whole = app.admin.get(PROVIDERS).await.expect(200).json();
        assert!(whole["data"].as_array().unwrap().len() >= 7);
        assert!(whole.get("total").is_none());
        assert_eq!(whole["data"][0]["providerCode"], "openai");

        let page =
            app.admin.get(&format!("{PROVIDERS}?page=2&pageSize=2")).await.expect(200).json();
        assert_eq!(page["data"].as_array().unwrap().len(), 2);
        assert_eq!(page["total"], whole["data"].as_array().unwrap().len());
        assert_eq!((&page["page"], &page["pageSize"]), (&json!(2), &json!(2)));

        let found = app.admin.get(&format!("{PROVIDERS}?search=DEEP")).await.expect(200).data();
        assert_eq!(found.as_array().unwrap().len(), 1);
        app.admin.get(&format!("{PROVIDERS}?page=0")).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn a_model_is_priced_to_the_last_place_and_keeps_its_former_prices() {
    each_app(async |app: &TestApp| {
        let body = json!({
            "providerId": 1, "modelCode": "house-model",
            "costPer1kPromptTokens": 0.000000001, "costPer1kCompletionTokens": 0.00015,
        });
        let made = app.admin.post(MODELS, &body).await.expect(201);
        assert!(made.text.contains(r#""costPer1kPromptTokens":0.000000001"#), "{}", made.text);
        let path = format!("{MODELS}/{}", made.data()["id"]);
        app.clock.advance(std::time::Duration::from_secs(1));

        let changed = app.admin.put(&path, &json!({"costPer1kPromptTokens": 2.5})).await.expect(200);
        assert_eq!(changed.data()["costPer1kCompletionTokens"], 0.00015);
        let prices = app.analyst.get(&format!("{path}/prices")).await.expect(200).data();
        assert_eq!(prices.as_array().unwrap().len(), 2);
        assert_eq!(prices[0]["costPer1kPromptTokens"], 2.5);

        let later = json!({
            "validFrom": "2031-01-01T00:00:00Z", "costPer1kPromptTokens": 3, "costPer1kCompletionTokens": 9,
            "tiers": [{"tierMinPromptTokens": 200_001, "costPer1kPromptTokens": null, "costPer1kCompletionTokens": null}],
        });
        app.admin.post(&format!("{path}/prices"), &later).await.expect(201);
        app.admin.post(&format!("{path}/prices"), &later).await.expect(409);
        let now = app.admin.get(&path).await.expect(200).data();
        assert_eq!(now["costPer1kPromptTokens"], 2.5, "a price to come does not hold yet");

        let wrong = json!({"costPer1kPromptTokens": 0.0000000001});
        let wrong = app.admin.put(&path, &wrong).await.expect(422);
        assert_eq!(wrong.message(), "costPer1kPromptTokens: must have at most 9 decimal places");
        let cache_alone = json!({"providerId": 1, "modelCode": "m", "costPer1kCacheReadTokens": 1});
        let cache_alone = app.admin.post(MODELS, &cache_alone).await.expect(422);
        assert!(cache_alone.message().starts_with("costPer1kPromptTokens: is needed too"));
        let whole = json!({"providerId": 1, "modelCode": "m"});
        let unpriced = app.admin.post(MODELS, &whole).await.expect(201).data();
        assert_eq!(unpriced["costPer1kPromptTokens"], json!(null), "what was refused left nothing");
        let half = json!({"modelName": "M", "costPer1kPromptTokens": 1});
        let unpriced = format!("{MODELS}/{}", unpriced["id"]);
        app.admin.put(&unpriced, &half).await.expect(422);
        assert_eq!(app.admin.get(&unpriced).await.expect(200).data()["modelName"], "m");
        for day in ["-262143-01-01", "10000-01-01", "2026-02-30"] {
            let reply = app.admin.put(&path, &json!({"shutdownDate": day})).await.expect(422);
            assert!(reply.message().starts_with("shutdownDate: must"), "{}", reply.text);
        }
        app.admin.post(MODELS, &body).await.expect(409);
        app.admin.delete(&path).await.expect(200);
        app.admin.get(&path).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    each_app(async |app: &TestApp| {
        for change in [json!({"role": "app"}), json!({"isActive": false})] {
            let reply = app.admin.put("/api/admin/users/1", &change).await.expect(409);
            assert!(reply.message().contains("last active admin"), "{}", reply.text);
        }
        app.admin.delete("/api/admin/users/1").await.expect(409);

        let second = json!({"username": "second", "password": PASSWORD, "role": "admin"});
        app.admin.post("/api/admin/users", &second).await.expect(201);
        app.admin.post("/api/admin/users", &second).await.expect(409);
        app.admin.delete("/api/admin/users/1").await.expect(200);
        app.admin.get("/api/auth/me").await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_without_its_secrets() {
    each_app(async |app: &TestApp| {
        app.with_key("sk-canary-key-1234").await;
        let token = app.app_token(&json!({"name": "shop"})).await;

        let log = app.admin.get("/api/admin/audit-logs?pageSize=50").await.expect(200);

        let entries = log.data()["entries"].as_array().unwrap().clone();
        let deeds: Vec<String> = entries
            .iter()
            .map(|entry| format!("{} {}", entry["action"], entry["resource"]).replace('"', ""))
            .collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(deeds, @r#"
            [
              "create app_token",
              "create key",
              "update provider",
              "login user",
              "create user",
              "login user",
              "create user",
              "login user"
            ]
            "#);
        }
        assert!(!log.text.contains("canary-key") && !log.text.contains(token.token()));
        assert!(!log.text.contains(PASSWORD) && !log.text.contains("argon2"));
        let keys = app.admin.get("/api/admin/audit-logs?resource=key").await.expect(200).data();
        assert_eq!(keys["total"], 1);
        assert_eq!(keys["entries"][0]["actor"], "admin");
        assert_eq!(keys["entries"][0]["ipAddress"], "127.0.0.1");
        assert_eq!(keys["entries"][0]["after"]["apiKey"], "sk-c...1234");
        let of = async |range: &str| {
            let log = app.admin.get(&format!("/api/admin/audit-logs?resource=key&{range}")).await;
            log.expect(200).data()["total"].clone()
        };
        let today = tollgate_domain::Clock::now(&*app.clock).date_naive();
        assert_eq!(of(&format!("startDate={today}&endDate={today}")).await, 1);
        assert_eq!(of(&format!("startDate={}", today.succ_opt().unwrap())).await, 0);
        app.admin.get("/api/admin/audit-logs?startDate=yesterday").await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn settings_hold_at_once_and_are_checked() {
    each_app(async |app: &TestApp| {
        let found = app.admin.get("/api/admin/settings").await.expect(200);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(found.json(), @r#"
            {
              "code": 200,
              "data": {
                "addressLimitPer15Min": 100,
                "alerts": {
                  "budgetPercent": 80,
                  "email": null,
                  "errorRateMinCalls": 20,
                  "errorRatePercent": 5,
                  "journalAgeSeconds": 300,
                  "journalPercent": 50,
                  "shutdownDays": 30,
                  "unpricedMinutes": 15,
                  "webhooks": []
                },
                "corsOrigins": [],
                "defaultProvider": "openai",
                "defaultTimeZone": "UTC",
                "loadBalancerAlgorithm": "priority",
                "locked": [],
                "logRetentionDays": 90
              }
            }
            "#);
        }
        let zone = json!({"defaultTimeZone": "Asia/Shanghai", "defaultProvider": "deepseek"});
        let changed = app.admin.put("/api/admin/settings", &zone).await.expect(200).data();
        assert_eq!(changed["defaultTimeZone"], "Asia/Shanghai");
        assert_eq!(app.app.engine.snapshot().settings.default_provider, "deepseek");

        for (body, field) in [
            (json!({"defaultTimeZone": "Mars/Base"}), "defaultTimeZone"),
            (json!({"defaultProvider": "nobody"}), "defaultProvider"),
            (json!({"corsOrigins": ["https://a/b"]}), "corsOrigins[0]"),
            (json!({"addressLimitPer15Min": 0}), "addressLimitPer15Min"),
            (json!({"logRetentionDays": 3651}), "logRetentionDays"),
        ] {
            let reply = app.admin.put("/api/admin/settings", &body).await.expect(422);
            assert_eq!(reply.json()["error"]["details"][0]["field"], field);
        }
    })
    .await;
}

#[tokio::test]
async fn app_tokens_are_shown_once() {
    each_app(async |app: &TestApp| {
        let body = json!({"name": "shop", "allowedModels": ["gpt-4o"]});
        let made = app.admin.post("/api/admin/app-tokens", &body).await.expect(201);

        insta::allow_duplicates! {
            let mut shown = redacted(made.json());
            shown["data"]["tokenHint"] = json!("[hint]");
            insta::assert_json_snapshot!(shown, @r#"
            {
              "code": 201,
              "data": {
                "allowedModels": [
                  "gpt-4o"
                ],
                "allowedProviders": [],
                "budgetEndsAt": null,
                "budgetPeriod": "total",
                "budgetUsd": null,
                "budgetUsedUsd": 0,
                "createdAt": "[time]",
                "expiresAt": null,
                "id": 1,
                "isActive": true,
                "lastUsedAt": null,
                "maxConcurrent": null,
                "name": "shop",
                "ownerId": 1,
                "rateLimitRpd": null,
                "rateLimitRpm": null,
                "rateLimitTpm": null,
                "scopes": [
                  "chat"
                ],
                "token": "[token]",
                "tokenHint": "[hint]",
                "updatedAt": "[time]"
              }
            }
            "#);
        }
        let token = made.data()["token"].as_str().unwrap().to_owned();
        let list = app.admin.get("/api/admin/app-tokens").await.expect(200);
        assert!(!list.text.contains(&token));
        assert_eq!(list.data()[0]["headroom"]["rpmUsed"], 0);
        assert_eq!(list.data()[0]["headroom"]["rpmLeft"], Value::Null);
        let path = format!("/api/admin/app-tokens/{}", made.data()["id"]);
        let monthly = json!({"budgetUsd": 5, "budgetPeriod": "month"});
        let changed = app.admin.put(&path, &monthly).await.expect(200).data();
        assert!(changed["budgetEndsAt"].as_str().unwrap().contains("-01T00:00:00"), "{changed}");
        let past = json!({"name": "x", "expiresAt": "2020-01-01T00:00:00Z"});
        app.admin.post("/api/admin/app-tokens", &past).await.expect(422);
        let odd = json!({"name": "x", "scopes": ["root"]});
        app.admin.post("/api/admin/app-tokens", &odd).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn an_admin_sees_where_a_user_is_signed_in_and_ends_it() {
    each_app(async |app: &TestApp| {
        let id = app.analyst.get("/api/auth/me").await.data()["id"].clone();
        let path = format!("/api/admin/users/{id}/sessions");
        let found = app.admin.get(&path).await.expect(200).data();
        assert_eq!(found.as_array().unwrap().len(), 1);
        assert_eq!(found[0]["isCurrent"], false);
        let own = app.admin.get("/api/admin/users/1/sessions").await.expect(200).data();
        assert!(own.as_array().unwrap().iter().any(|session| session["isCurrent"] == true));

        app.admin.delete(&path).await.expect(200);

        app.analyst.get("/api/auth/me").await.expect(401);
        assert_eq!(app.admin.get(&path).await.expect(200).data(), json!([]));
        app.anonymous.login("analyst", PASSWORD).await.expect(200);
        assert_eq!(app.admin.get(&path).await.data().as_array().unwrap().len(), 1);
        let told = format!("/api/admin/audit-logs?action=logout&resource=user&resourceId={id}");
        assert_eq!(app.admin.get(&told).await.expect(200).data()["entries"][0]["actor"], "admin");
        app.admin.get("/api/admin/users/999/sessions").await.expect(404);
        app.admin.delete("/api/admin/users/999/sessions").await.expect(404);
    })
    .await;
}
