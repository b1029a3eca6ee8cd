//! How Anthropic's callers are told that something failed.

use reqwest::Method;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Place};
use tollgate_store::testing::TestDatabase;

use super::{MESSAGES, ask, error_of};
use crate::chat_scene::{Scene, each_scene_of_all_protocols, user};
use crate::support::{Reply, TestApp, environment};

const COUNT: &str = "/v1/messages/count_tokens";

#[tokio::test]
async fn each_bad_input_is_anthropics_error_that_names_the_field() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let hi = || user("Hi");
        let cases = [
            (MESSAGES, json!({"max_tokens": 1, "messages": hi()}), "model"),
            (MESSAGES, json!({"model": "gpt-4o", "messages": hi()}), "max_tokens"),
            (MESSAGES, json!({"model": "gpt-4o", "max_tokens": 1}), "messages"),
            (MESSAGES, json!({"model": "gpt-4o", "max_tokens": 1, "messages": []}), "messages"),
            (
                MESSAGES,
                ask("gpt-4o", json!({"messages": [{"role": "user"}]})),
                "messages.0.content",
            ),
            (MESSAGES, ask("gpt-4o", json!({"temperature": 2})), "temperature"),
            (MESSAGES, ask("gpt-4o", json!({"stream": "yes"})), "stream"),
            (MESSAGES, ask("text-embedding-3-small", json!({})), "model"),
            (COUNT, json!({"messages": hi()}), "model"),
            (COUNT, json!({"model": "gpt-4o"}), "messages"),
        ];
        for (path, body, field) in cases {
            let reply = scene.app_user.post(path, &body).await;

            let (status, kind, message) = error_of(&reply);
            assert_eq!((status, kind.as_str()), (400, "invalid_request_error"), "{body}");
            assert!(message.contains(&format!("{field}: ")), "{field} in {message}");
            assert_eq!(scene.log_of(&reply).await["httpStatus"], 400, "{body}");
        }
        assert!(scene.simulator.calls().is_empty(), "no provider was asked");
    })
    .await;
}

#[tokio::test]
async fn what_goes_wrong_before_a_call_has_anthropics_shape() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let malformed = scene.sends(MESSAGES, "application/json", "{").await;
        let unannounced = scene.sends(MESSAGES, "text/plain", "{}").await;
        let below = scene.app_user.get("/v1/messages/batches").await;
        let method = scene.app_user.send(Method::DELETE, MESSAGES, None).await;
        let missing = scene.app_user.post(MESSAGES, &ask("no-such-model", json!({}))).await;
        let nobody = scene.anonymous.post(COUNT, &json!({})).await;

        let cases = [
            (malformed, 400, "invalid_request_error"),
            (unannounced, 415, "invalid_request_error"),
            (below, 404, "not_found_error"),
            (method, 405, "invalid_request_error"),
            (missing, 404, "not_found_error"),
            (nobody, 401, "authentication_error"),
        ];
        for (reply, status, kind) in cases {
            let told = error_of(&reply);
            assert_eq!((told.0, told.1.as_str()), (status, kind), "{}", reply.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_anthropics_413() {
    let database = TestDatabase::sqlite();
    let mut environment = environment(database.url());
    environment.push(("MAX_BODY_BYTES", "2048".to_owned()));
    let app = TestApp::start_with(environment).await;
    let body = ask("gpt-4o", json!({"messages": user(&"long ".repeat(1000))}));

    let reply = app.app_user.post(MESSAGES, &body).await;

    let (status, kind, _) = error_of(&reply);
    assert_eq!((status, kind.as_str()), (413, "request_too_large"));
    app.stop().await;
}

#[tokio::test]
async fn too_many_requests_without_credentials_are_anthropics_429() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let limit = json!({"addressLimitPer15Min": 1});
        scene.admin.put("/api/admin/settings", &limit).await.expect(200);

        scene.anonymous.post(MESSAGES, &json!({})).await.expect(401);
        let reply = scene.anonymous.post(MESSAGES, &json!({})).await;

        let (status, kind, _) = error_of(&reply);
        assert_eq!((status, kind.as_str()), (429, "rate_limit_error"));
        assert!(reply.header("retry-after").is_some());
    })
    .await;
}

/// What each protocol's provider answers, by the simulator's name for it, and what the caller
/// sees: status, class, code, and whether the SDKs are told to leave it.
const FAILURES: [(&str, u16, &str, &str, Option<&str>); 8] = [
    ("error-400", 400, "invalid_request_error", "", Some("false")),
    ("error-404-model", 404, "not_found_error", "model_not_found", None),
    ("error-401", 503, "api_error", "no_available_key", None),
    ("error-403", 503, "api_error", "no_available_key", None),
    ("error-500", 502, "api_error", "provider_error", Some("false")),
    ("error-503", 529, "overloaded_error", "provider_error", Some("false")),
    ("error-529", 529, "overloaded_error", "provider_error", Some("false")),
    ("error-429", 503, "api_error", "no_available_key", None),
];

#[tokio::test]
async fn a_providers_failure_has_the_same_status_and_class_whatever_it_speaks() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for provider in ["anthropic", "openai", "gemini"] {
            let id = scene.admin.provider(provider).await;
            let path = format!("/api/admin/ai-providers/{id}");
            scene.admin.put(&path, &json!({"maxRetries": 0})).await.expect(200);
            for (fault, status, kind, code, should_retry) in FAILURES {
                for is_stream in [false, true] {
                    let model = format!("{provider}/sim-{fault}");
                    let body = ask(&model, json!({"stream": is_stream}));

                    let reply = scene.app_user.post(MESSAGES, &body).await;

                    let told = error_of(&reply);
                    assert_eq!(
                        (told.0, told.1.as_str()),
                        (status, kind),
                        "{model}: {}",
                        reply.text
                    );
                    if !code.is_empty() {
                        let details = &reply.json()["error"]["details"];
                        assert_eq!(details["error_code"], code, "{model}: {}", reply.text);
                    }
                    // Whether a refused key's check has ended by now is a matter of luck.
                    if !["error-401", "error-403"].contains(&fault) {
                        assert_eq!(reply.header("x-should-retry"), should_retry, "{model}");
                    }
                    let log = scene.log_of(&reply).await;
                    let recorded = (&log["endpoint"], &log["status"]);
                    assert_eq!(recorded, (&json!(MESSAGES), &json!("error")), "{model}: {log}");
                    reset_keys(&scene, provider).await;
                }
            }
        }
    })
    .await;
}

async fn reset_keys(scene: &Scene<'_>, provider: &str) {
    for key in scene.admin.keys(provider).await {
        let path = format!("/api/admin/ai-providers/keys/{}/reset", key["id"]);
        scene.admin.post(&path, &Value::Null).await.expect(200);
    }
}

#[tokio::test]
async fn a_failure_after_the_first_content_is_an_event_named_error_and_the_end() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for provider in ["anthropic", "openai", "gemini"] {
            let body = ask(&format!("{provider}/sim-cut-middle"), json!({"stream": true}));

            let stream = scene.streams(MESSAGES, &body).await;

            assert_eq!(stream.reply.status, 200, "{provider}: {}", stream.reply.text);
            assert_eq!(stream.names[0].as_deref(), Some("message_start"), "{provider}");
            let (name, error) = stream.last_named();
            assert_eq!((name.as_str(), &error["type"]), ("error", &json!("error")), "{provider}");
            assert_eq!(error["error"]["type"], "api_error", "{provider}: {error}");
            assert_eq!(error["request_id"].as_str(), stream.header("request-id"), "{provider}");
            reset_keys(&scene, provider).await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_overload_in_the_first_event_is_tried_again_before_the_caller_sees_a_status() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let fault = Fault::error_event(Place::Start, "anthropic.529");
        scene.simulator.set_behaviour("plain-anthropic", Behaviour::failing(fault).first(1));

        let body = ask("anthropic/claude-sonnet-5", json!({"stream": true}));
        let stream = scene.streams(MESSAGES, &body).await;

        assert_eq!(stream.names.last().unwrap().as_deref(), Some("message_stop"));
        assert_eq!(scene.simulator.calls().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_field_that_cannot_be_translated_is_named() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let search = json!({"tools": [{"type": "web_search_20250305", "name": "web_search"}]});
        for model in ["openai/gpt-4o", "gemini/gemini-2.5-flash"] {
            let reply: Reply = scene.app_user.post(MESSAGES, &ask(model, search.clone())).await;

            let (status, kind, message) = error_of(&reply);
            assert_eq!((status, kind.as_str()), (400, "invalid_request_error"), "{model}");
            assert!(message.contains("tools"), "{model}: {message}");
        }
        assert!(scene.simulator.calls().is_empty(), "no provider was asked");
    })
    .await;
}
