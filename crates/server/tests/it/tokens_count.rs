//! Counting tokens in our words.

use serde_json::{Value, json};

use crate::chat_scene::{Scene, each_scene_of_all_protocols, error_of, user};

const COUNT: &str = "/api/ai/tokens/count";

async fn counted(scene: &Scene<'_>, body: &Value) -> (i64, String) {
    let data = scene.app_user.post(COUNT, body).await.expect(200).data();
    (data["tokens"].as_i64().unwrap(), data["method"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_provider_counts_where_it_can() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for (provider, model) in [("anthropic", "claude-sonnet-5"), ("gemini", "gemini-2.5-flash")]
        {
            scene.simulator.forget_calls();
            for prompt in [json!({"text": "Hi there"}), json!({"messages": user("Hi there")})] {
                let mut body = prompt;
                body["providerCode"] = provider.into();
                body["model"] = model.into();

                let (tokens, method) = counted(&scene, &body).await;

                assert_eq!(method, "exact", "{provider}");
                assert!(tokens > 0, "{provider}");
            }
            assert_eq!(scene.simulator.calls().len(), 2, "{provider}");
        }
    })
    .await;
}

#[tokio::test]
async fn openais_tokenizer_counts_for_openais_models_and_others_are_estimated() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let text = json!({"text": "hello world"});
        let messages = json!({"messages": user("hello world")});
        let picture = json!({"messages": [{"role": "user", "content": [
            {"type": "text", "text": "hello world"},
            {"type": "image_url", "imageUrl": {"url": "https://example.com/a.png"}}]}]});
        for (prompt, model, expected, method) in [
            (&text, "gpt-4o", Some(2), "exact"),
            (&messages, "gpt-4o", Some(3 + 1 + 2 + 3), "exact"),
            (&messages, "o3", Some(3 + 1 + 2 + 3), "estimate"),
            (&picture, "gpt-4o", None, "estimate"),
            (&text, "sim-chat", None, "estimate"),
        ] {
            let mut body = prompt.clone();
            body["providerCode"] = "openai".into();
            body["model"] = model.into();

            let (tokens, told) = counted(&scene, &body).await;

            assert_eq!(told, method, "{model} {prompt}");
            assert!(expected.is_none_or(|expected| expected == tokens), "{model}: {tokens}");
            assert!(tokens > 0);
        }
        assert!(scene.simulator.calls().is_empty(), "no provider was asked");
    })
    .await;
}

#[tokio::test]
async fn a_count_is_on_record_and_free() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let body = json!({"providerCode": "openai", "model": "gpt-4o", "text": "Hi"});
        let reply = scene.app_user.post(COUNT, &body).await.expect(200);

        let log = scene.log_of(&reply).await;
        assert_eq!((&log["endpoint"], &log["status"]), (&json!(COUNT), &json!("success")));
        assert_eq!((&log["totalTokens"], &log["costUsd"]), (&json!(0), &json!(0)));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_counted_is_refused_by_its_field() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for (body, status, field) in [
            (json!({}), 422, "providerCode"),
            (json!({"providerCode": "openai"}), 422, "messages"),
            (json!({"providerCode": "openai", "messages": []}), 422, "messages"),
            (json!({"providerCode": "openai", "text": "a", "messages": user("a")}), 422, "text"),
            (
                json!({"providerCode": "openai", "messages": [{"role": "king"}]}),
                422,
                "messages[0].role",
            ),
            (json!({"providerCode": "nobody", "text": "a"}), 404, "providerCode"),
        ] {
            let reply = scene.app_user.post(COUNT, &body).await;
            assert_eq!(error_of(&reply).0, status, "{body}: {}", reply.text);
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{body}");
        }
    })
    .await;
}
