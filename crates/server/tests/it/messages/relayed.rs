//! What an Anthropic caller sends to a provider of the same protocol.

use serde_json::json;

use super::{MESSAGES, ask, post_with};
use crate::chat_scene::{Scene, each_scene_of_all_protocols, user};

#[tokio::test]
async fn the_callers_version_and_beta_names_go_on_to_a_provider_of_the_same_protocol() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let headers = [
            ("anthropic-version", "2026-10-21"),
            ("anthropic-beta", "one-2026-01-01"),
            ("anthropic-beta", "two-2026-01-01, three-2026-01-01"),
        ];
        for model in ["anthropic/claude-sonnet-5", "openai/gpt-4o"] {
            let body = ask(model, json!({}));
            let path = format!("{MESSAGES}?beta=true");
            let reply = post_with(&scene.app_user, &path, &headers, &body).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
        }

        let [same, other] = scene.simulator.calls().try_into().unwrap();
        assert_eq!(same.header("anthropic-version"), Some("2026-10-21"));
        assert_eq!(
            same.header("anthropic-beta"),
            Some("one-2026-01-01,two-2026-01-01, three-2026-01-01")
        );
        assert_eq!(other.header("anthropic-version"), None);
        assert_eq!(other.header("anthropic-beta"), None);
    })
    .await;
}

#[tokio::test]
async fn no_version_is_required_and_one_that_is_no_text_is_refused_and_on_record() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let body = ask("anthropic/claude-sonnet-5", json!({}));
        let long = "x".repeat(5000);

        let without = post_with(&scene.app_user, MESSAGES, &[], &body).await;
        let with = post_with(&scene.app_user, MESSAGES, &[("anthropic-beta", &long)], &body).await;

        assert_eq!(without.status, 200, "{}", without.text);
        let (status, kind, message) = super::error_of(&with);
        assert_eq!((status, kind.as_str()), (400, "invalid_request_error"));
        assert!(message.starts_with("anthropic-beta: "), "{message}");
        let log = scene.log_of(&with).await;
        assert_eq!((&log["endpoint"], &log["httpStatus"]), (&json!(MESSAGES), &json!(400)));
        assert_eq!(scene.simulator.calls().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_callers_bytes_are_relayed() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let body = r#"{"messages":[{"content":[{"text":"é\u00e9 😀","type":"text",
            "cache_control":{"ttl":"1h","type":"ephemeral"}}],"role":"user"}],"max_tokens":64,
            "tools":[{"name":"look","input_schema":{"type":"object","properties":
            {"at":{"maximum":9007199254740993,"minimum":0.70000000000000001}}}}],
            "model":"claude-sonnet-5"}"#;

        let reply = scene.sends(MESSAGES, "application/json", body).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        let sent = String::from_utf8(scene.simulator.calls()[0].body.to_vec()).unwrap();
        for part in [
            r#""é\u00e9 😀""#,
            r#"{"ttl":"1h","type":"ephemeral"}"#,
            "9007199254740993",
            "0.70000000000000001",
        ] {
            assert!(sent.contains(part), "{part} in {sent}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_end_user_is_on_record() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let body = json!({"metadata": {"user_id": "ann"}, "messages": user("Hi")});
        let reply = scene.app_user.post(MESSAGES, &ask("openai/gpt-4o", body)).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(scene.log_of(&reply).await["endUser"], "ann");
    })
    .await;
}
