//! Keys from the environment and from credentials files: imported once, and then the operator's.

use serde_json::{Value, json};
use tollgate_domain::SystemClock;
use tollgate_server::config::{Config, Environment, Flags};
use tollgate_server::start;
use tollgate_simulator::Simulator;
use tollgate_store::testing::each_empty_database;

use crate::support::{TestApp, environment};

/// The environment with these on top.
fn with(database: &str, more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut environment = environment(database);
    environment.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    environment
}

/// What a start does before it serves.
async fn prepare(environment: Vec<(&'static str, String)>, flags: &Flags) {
    let environment: Environment = environment.into_iter().collect();
    let config = Config::load(environment, flags).unwrap();
    let store = start::open_store(&config).await.unwrap();
    start::prepare(&store, &config, &SystemClock).await.unwrap();
    store.close().await;
}

/// Names, hints and priorities of a provider's keys.
async fn keys(app: &TestApp, code: &str) -> Vec<(String, String, i64)> {
    let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
    let keys = app.admin.keys(code).await;
    keys.iter()
        .map(|key| (text(key, "keyName"), text(key, "apiKey"), key["priority"].as_i64().unwrap()))
        .collect()
}

#[tokio::test]
async fn keys_are_imported_once_and_stay_as_operators_leave_them() {
    each_empty_database(async |database| {
        let more = [
            ("KIMI_API_KEY_1", "sk-kimi-first-0001"),
            ("KIMI_API_KEY_2", "sk-kimi-second-0002"),
            ("KIMI_API_KEY", "sk-kimi-fallback-0003"),
            ("DASHSCOPE_API_KEY", "sk-dash-plain-0004"),
            ("GEMINI_API_KEY_1", "sk-gemi-first-0005"),
        ];
        prepare(with(database.url(), &more), &Flags::default()).await;
        let app = TestApp::start_with(with(database.url(), &more)).await;

        let key = |name: &str, hint: &str, priority| (name.to_owned(), hint.to_owned(), priority);
        assert_eq!(
            keys(&app, "moonshot").await,
            [
                key("KIMI_API_KEY_1", "sk-k...0001", 100),
                key("KIMI_API_KEY_2", "sk-k...0002", 100),
                key("KIMI_API_KEY", "sk-k...0003", 10),
            ]
        );
        assert_eq!(keys(&app, "qwen").await, [key("DASHSCOPE_API_KEY", "sk-d...0004", 10)]);
        assert_eq!(keys(&app, "gemini").await, [key("GEMINI_API_KEY_1", "sk-g...0005", 100)]);

        // One is changed, one deleted, one gets another secret.
        let ids: Vec<i64> = app
            .admin
            .keys("moonshot")
            .await
            .iter()
            .map(|key| key["id"].as_i64().unwrap())
            .collect();
        let path = |id: i64| format!("/api/admin/ai-providers/keys/{id}");
        let change = json!({"keyName": "mine", "rateLimitRpm": 7, "isActive": false});
        app.admin.put(&path(ids[0]), &change).await.expect(200);
        app.admin.delete(&path(ids[1])).await.expect(200);
        app.admin.put(&path(ids[2]), &json!({"apiKey": "sk-kimi-changed-0009"})).await.expect(200);
        let provider = format!("/api/admin/ai-providers/{}", app.admin.provider("gemini").await);
        app.admin.put(&provider, &json!({"isActive": false})).await.expect(200);
        app.stop().await;

        let app = TestApp::start_with(with(database.url(), &more)).await;
        assert_eq!(
            keys(&app, "moonshot").await,
            [key("mine", "sk-k...0001", 100), key("KIMI_API_KEY", "sk-k...0009", 10)]
        );
        let first = &app.admin.keys("moonshot").await[0];
        assert_eq!((&first["rateLimitRpm"], &first["isActive"]), (&json!(7), &json!(false)));
        let gemini = app.admin.get(&provider).await.expect(200).data();
        assert_eq!(gemini["isActive"], false);
        app.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_that_somebody_had_added_and_deleted_is_not_brought_back() {
    each_empty_database(async |database| {
        let app = TestApp::start(&database).await;
        let id = app.admin.add_key("openai", "sk-known-already-0001").await;
        app.stop().await;

        let more = [("OPENAI_API_KEY", "sk-known-already-0001")];
        let app = TestApp::start_with(with(database.url(), &more)).await;
        assert_eq!(keys(&app, "openai").await.len(), 1);
        app.admin.delete(&format!("/api/admin/ai-providers/keys/{id}")).await.expect(200);
        app.stop().await;

        let app = TestApp::start_with(with(database.url(), &more)).await;
        assert_eq!(keys(&app, "openai").await, []);
        app.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_server_of_ones_own_gets_its_key_from_a_key_service() {
    each_empty_database(async |database| {
        let service = Simulator::start(Default::default()).await.unwrap();
        let (base_url, key_service) = (service.base_url(), service.key_service_url());
        let more = [
            ("LLM_BASE_URL", &*base_url),
            ("LLM_MODEL", "sim-chat"),
            ("LLM_TEMPERATURE", "0.3"),
            ("LLM_API_KEY", "sk-backup"),
            ("APIKEY_SERVICE_URL", &*key_service),
            ("APIKEY_SCENE_CODE", "chat"),
        ];
        let app = TestApp::start_with(with(database.url(), &more)).await;

        let body = json!({"model": "sim-chat", "messages": [{"role": "user", "content": "Hi"}]});
        app.app_user.post("/v1/chat/completions", &body).await.expect(200);

        let calls = service.calls_of("sk-remote-chat-1");
        assert_eq!(calls.last().unwrap().json()["temperature"], 0.3);
        let key = &app.admin.keys("llm").await[0];
        assert_eq!(key["credentialKind"], "remote");
        let validate = format!("/api/admin/ai-providers/keys/{}/validate", key["id"]);
        assert_eq!(app.admin.post(&validate, &json!({})).await.expect(200).data()["isValid"], true);

        // Deleted, it stays so; and so does its provider.
        let provider = format!("/api/admin/ai-providers/{}", app.admin.provider("llm").await);
        app.admin.delete(&provider).await.expect(200);
        app.stop().await;
        let app = TestApp::start_with(with(database.url(), &more)).await;
        let providers = app.admin.get("/api/admin/ai-providers").await.expect(200).data();
        let codes = providers.as_array().unwrap().iter().map(|it| it["providerCode"].clone());
        assert!(!codes.collect::<Vec<Value>>().contains(&json!("llm")));
        app.stop().await;
        service.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_credentials_file_is_imported_once_and_its_account_is_used() {
    each_empty_database(async |database| {
        let service = Simulator::start(Default::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiro.json");
        let write = |token: &str| {
            let file = json!({
                "client_id": "kiro-client", "client_secret": "kiro-secret",
                "token_url": service.token_url(), "refresh_token": token,
            });
            std::fs::write(&path, file.to_string()).unwrap();
        };
        let flags = Flags { kiro_oauth_creds_file: Some(path.clone()), ..Flags::default() };
        service.expire_tokens_in(300);
        write("rt-first");
        prepare(environment(database.url()), &flags).await;
        let app = TestApp::start(&database).await;
        app.admin.simulate("kiro", &service).await;

        let body =
            json!({"model": "kiro/claude-sim", "messages": [{"role": "user", "content": "Hi"}]});
        app.app_user.post("/v1/chat/completions", &body).await.expect(200);

        let calls = service.calls_of("at-kiro-client-1");
        let sent = calls.last().unwrap();
        assert_eq!(sent.header("authorization"), Some("Bearer at-kiro-client-1"));
        assert_eq!(sent.header("x-api-key"), None);
        app.stop().await;

        // A newer token of the same client in the file does not take the place of the rotated one.
        write("rt-other");
        prepare(environment(database.url()), &flags).await;
        let app = TestApp::start(&database).await;
        assert_eq!(app.admin.keys("kiro").await.len(), 1);
        app.clock.advance(std::time::Duration::from_secs(301));
        app.app_user.post("/v1/chat/completions", &body).await.expect(200);
        assert_eq!(service.calls_of("at-kiro-client-2").len(), 1);
        app.stop().await;
        service.stop().await;
    })
    .await;
}

#[tokio::test]
async fn credentials_of_every_kind_are_added_and_checked_through_the_api() {
    each_empty_database(async |database| {
        let app = TestApp::start(&database).await;
        let path = format!("/api/admin/ai-providers/{}/keys", app.admin.provider("openai").await);
        let url = app.simulator.key_service_url();
        let remote = json!({"keyName": "remote", "credentialKind": "remote",
            "remote": {"url": url, "sceneCode": "scene-canary-1", "backupKey": "sk-canary-backup"}});
        let oauth2 = json!({"keyName": "oauth2", "oauth2": {"client_id": "client-canary-id",
            "client_secret": "canary-secret", "token_url": app.simulator.token_url(),
            "refresh_token": "rt-canary"}});

        for (body, kind) in [(&remote, "remote"), (&oauth2, "oauth2")] {
            let reply = app.admin.post(&path, body).await.expect(201);
            assert_eq!(reply.data()["credentialKind"], kind);
            assert!(!reply.text.contains("canary-"), "{}", reply.text);
            let again = app.admin.post(&path, body).await;
            assert_eq!(again.status, 409, "{}", again.text);
        }
        let refresh = json!({"oauth2": {"tokenUrl": "https://a.example/t", "refreshToken": "rt-2"}});
        let id = app.admin.keys("openai").await[0]["id"].as_i64().unwrap();
        let changed = format!("/api/admin/ai-providers/keys/{id}");
        let changed = app.admin.put(&changed, &refresh).await.expect(200).data();
        assert_eq!(changed["credentialKind"], "oauth2");

        for (body, field) in [
            (json!({"keyName": "k"}), "apiKey"),
            (json!({"keyName": "k", "credentialKind": "remote"}), "remote"),
            (json!({"keyName": "k", "credentialKind": "static", "remote": {"url": url}}), "credentialKind"),
            (json!({"keyName": "k", "apiKey": "sk-x", "remote": {"url": url}}), "credentialKind"),
            (json!({"keyName": "k", "remote": {"url": "ftp://x"}}), "remote.url"),
            (json!({"keyName": "k", "oauth2": {"tokenUrl": "http://a.example/t", "refreshToken": "r"}}), "oauth2.tokenUrl"),
        ] {
            let reply = app.admin.post(&path, &body).await.expect(422);
            assert!(reply.text.contains(&format!("\"{field}\"")), "{}", reply.text);
        }
        let listed = app.admin.get(&path).await.expect(200);
        assert!(!listed.text.contains("canary-"), "{}", listed.text);
        app.stop().await;
    })
    .await;
}
