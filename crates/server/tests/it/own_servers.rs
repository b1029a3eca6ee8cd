//! Servers that operators name themselves: compatible ones, keys with an address of their own,
//! providers with tools of their own.

use serde_json::{Value, json};
use tollgate_simulator::Simulator;

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::{TestApp, each_app};

const OPENAI_CHAT: &str = "/v1/chat/completions";
const OUR_CHAT: &str = "/api/ai/chat/completions";

/// A new provider that speaks `protocol`, with one key.
async fn add_provider(app: &TestApp, protocol: &str, base_url: &str, key: Value) {
    let provider = json!({"providerCode": protocol, "providerName": protocol, "protocol": protocol,
        "baseUrl": base_url, "extraHeaders": {"x-team": "blue", "X-Trace": "on"}});
    let mut provider = provider;
    provider["providerCode"] = json!(format!("own-{protocol}"));
    let made = app.admin.post("/api/admin/ai-providers", &provider).await.expect(201).data();
    let keys = format!("/api/admin/ai-providers/{}/keys", made["id"]);
    app.admin.post(&keys, &key).await.expect(201);
}

#[tokio::test]
async fn compatible_servers_get_their_headers_and_each_key_its_own_address() {
    each_app(async |app: &TestApp| {
        let elsewhere = Simulator::start(Default::default()).await.unwrap();
        let plain = |key: &str| json!({"keyName": key, "apiKey": key, "priority": 1});
        for (protocol, endpoint, shown) in [
            ("openai", "/chat/completions", "authorization"),
            ("anthropic", "/messages", "x-api-key"),
        ] {
            let (first, second) = (format!("sk-{protocol}-away"), format!("sk-{protocol}-home"));
            let mut own = plain(&first);
            own["baseUrl"] = json!(elsewhere.base_url());
            own["priority"] = json!(9);
            own["maxConcurrent"] = json!(0);
            own["rateLimitRpm"] = json!(1);
            add_provider(app, protocol, &app.simulator.base_url(), own).await;
            let code = format!("own-{protocol}");
            let keys = format!("/api/admin/ai-providers/{}/keys", app.admin.provider(&code).await);
            app.admin.post(&keys, &plain(&second)).await.expect(201);

            // The first key has room for one.
            for _ in 0..2 {
                app.app_user.chat(&code, "sim-chat").await.expect(200);
            }

            for (simulator, key) in [(&elsewhere, &first), (&app.simulator, &second)] {
                let calls = simulator.calls_of(key);
                assert_eq!(calls.len(), 1, "{key}");
                assert!(calls[0].path.ends_with(endpoint), "{}", calls[0].path);
                assert_eq!(calls[0].header("x-team"), Some("blue"), "{key}");
                assert_eq!(calls[0].header("x-trace"), Some("on"), "{key}");
                assert!(calls[0].header(shown).unwrap().contains(key.as_str()), "{key}");
            }
            let listed = app.admin.keys(&code).await;
            assert_eq!(listed[0]["baseUrl"], json!(elsewhere.base_url()));
        }
        elsewhere.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_keys_own_address_is_where_it_is_checked_too() {
    each_app(async |app: &TestApp| {
        let elsewhere = Simulator::start(Default::default()).await.unwrap();
        let key = json!({"keyName": "k", "apiKey": "sk-own", "baseUrl": elsewhere.base_url()});
        add_provider(app, "openai", "http://127.0.0.1:1/v1", key).await;
        let id = app.admin.keys("own-openai").await[0]["id"].clone();

        let validate = format!("/api/admin/ai-providers/keys/{id}/validate");
        let verdict = app.admin.post(&validate, &json!({})).await.expect(200).data();

        assert_eq!(verdict["isValid"], true, "{verdict}");
        assert_eq!(elsewhere.calls_of("sk-own").len(), 1);
        elsewhere.stop().await;
    })
    .await;
}

#[tokio::test]
async fn kiro_says_that_it_has_no_address_until_an_operator_gives_it_one() {
    each_scene(async |scene: Scene<'_>| {
        let path = format!("/api/admin/ai-providers/{}", scene.admin.provider("kiro").await);
        let seeded = scene.admin.get(&path).await.expect(200).data();
        assert_eq!((&seeded["baseUrl"], &seeded["isActive"]), (&json!(""), &json!(false)));
        scene.admin.add_key("kiro", "at-of-an-account").await;

        for is_active in [false, true] {
            scene.admin.put(&path, &json!({"isActive": is_active})).await.expect(200);
            let body =
                json!({"providerCode": "kiro", "model": "claude-sim", "messages": user("Hi")});
            let refused = scene.app_user.post(OUR_CHAT, &body).await;
            assert_eq!(error_of(&refused), (404, "not_found".to_owned()));
            assert!(refused.text.contains("has no base URL yet"), "{}", refused.text);
        }
        scene.admin.simulate("kiro", &scene.simulator).await;
        scene.app_user.chat("kiro", "claude-sim").await.expect(200);
        let calls = scene.simulator.calls_of("at-of-an-account");
        assert_eq!(calls[0].header("authorization"), Some("Bearer at-of-an-account"));
    })
    .await;
}

#[tokio::test]
async fn the_tools_that_qwen_runs_itself_are_sent_as_it_takes_them() {
    each_scene(async |scene: Scene<'_>| {
        scene.admin.simulate("qwen", &scene.simulator).await;
        scene.admin.add_key("qwen", "sk-dash").await;
        let search = json!({"type": "web_search", "search_options": {"forced_search": true}});
        let interpreter = json!({"type": "code_interpreter"});
        let ask = |tools: Value, is_stream: bool| {
            json!({"model": "qwen/qwen-plus", "messages": user("How is the weather?"),
                "tools": tools, "stream": is_stream})
        };

        for is_stream in [false, true] {
            let body = ask(json!([search]), is_stream);
            scene.app_user.post(OPENAI_CHAT, &body).await.expect(200);
            let sent = scene.simulator.calls_of("sk-dash").pop().unwrap().json();
            assert_eq!(sent["enable_search"], true);
            assert_eq!(sent["search_options"], json!({"forced_search": true}));
            assert_eq!(sent.get("tools"), None);
        }
        let both = ask(json!([search, interpreter]), true);
        let reply = scene.app_user.post(OPENAI_CHAT, &both).await.expect(200);
        assert!(reply.text.ends_with("data: [DONE]\n\n"), "{}", reply.text);
        let sent = scene.simulator.calls_of("sk-dash").pop().unwrap().json();
        for field in ["enable_search", "enable_code_interpreter", "enable_thinking"] {
            assert_eq!(sent[field], true, "{field}");
        }

        let before = scene.simulator.calls().len();
        let refused = scene.app_user.post(OPENAI_CHAT, &ask(json!([interpreter]), false)).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains("code_interpreter needs `stream: true`"), "{}", refused.text);
        assert_eq!(scene.simulator.calls().len(), before, "no provider was asked");
        let key = &scene.admin.keys("qwen").await[0];
        assert_eq!((&key["status"], &key["errorCount"]), (&json!("normal"), &json!(0)));
    })
    .await;
}
