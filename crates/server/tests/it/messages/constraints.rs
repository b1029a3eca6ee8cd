//! What a model refuses, as an operator sets it.

use serde_json::{Value, json};

use super::{MESSAGES, ask};
use crate::chat_scene::{Scene, each_scene_of_all_protocols, user};

const MODELS: &str = "/api/admin/ai-models";

#[tokio::test]
async fn a_change_of_constraints_holds_for_the_next_call_of_either_dialect() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for provider in ["anthropic", "openai", "gemini"] {
            let id = scene.admin.provider(provider).await;
            let new = json!({"providerId": id, "modelCode": "picky",
                "constraints": {"sampling_params": false}});
            let made = scene.admin.post(MODELS, &new).await.expect(201).data();
            let model = format!("{MODELS}/{}", made["id"]);
            assert_eq!(made["constraints"], json!({"sampling_params": false}));
            let name = format!("{provider}/picky");

            assert!(!are_warm(&scene, &name).await, "{provider} was asked for a temperature");
            // What is absent stays.
            let change = json!({"modelName": "Picky"});
            let named = scene.admin.put(&model, &change).await.expect(200).data();
            assert_eq!(named["constraints"], json!({"sampling_params": false}));
            let change = json!({"constraints": {}});
            scene.admin.put(&model, &change).await.expect(200);
            assert!(are_warm(&scene, &name).await, "{provider} was asked for no temperature");
        }
    })
    .await;
}

/// Whether the provider gets the temperature that a caller of each dialect asks for.
async fn are_warm(scene: &Scene<'_>, model: &str) -> bool {
    let openai = json!({"model": model, "messages": user("Hi"), "temperature": 0.5});
    let anthropic = ask(model, json!({"temperature": 0.5}));
    let mut warm = Vec::new();
    for (path, body) in [("/v1/chat/completions", openai), (MESSAGES, anthropic)] {
        scene.simulator.forget_calls();
        scene.app_user.post(path, &body).await.expect(200);
        let sent = scene.simulator.calls()[0].json();
        let temperature =
            sent.get("temperature").or_else(|| sent["generationConfig"].get("temperature"));
        assert!(temperature.is_none_or(|it| *it == 0.5), "{sent}");
        warm.push(temperature.is_some());
    }
    assert_eq!(warm[0], warm[1], "both dialects' callers are served alike");
    warm[0]
}

#[tokio::test]
async fn constraints_that_nothing_heeds_are_refused_by_name() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let cases = [
            (json!({"smapling_params": false}), "constraints", "sampling_params"),
            (json!({"sampling_params": "no"}), "constraints.sampling_params", "true or false"),
            (json!({"endpoint": "chat"}), "constraints.endpoint", "responses_only"),
            (Value::Null, "constraints", "must not be null"),
            (json!([]), "constraints", "must be an object"),
        ];
        for (constraints, field, told) in cases {
            let new = json!({"providerId": 1, "modelCode": "m", "constraints": constraints});

            let reply = scene.admin.post(MODELS, &new).await.expect(422);

            let detail = reply.json()["error"]["details"][0].clone();
            assert_eq!(detail["field"], field, "{constraints}");
            assert!(detail["message"].as_str().unwrap().contains(told), "{detail}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_shipped_models_bring_their_constraints() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let models = scene.admin.get(MODELS).await.expect(200).data();
        let constraints = |code: &str| {
            let models = models.as_array().unwrap();
            let model = models.iter().find(|model| model["modelCode"] == code);
            model.unwrap_or_else(|| panic!("no {code}"))["constraints"].clone()
        };

        for (code, expected) in [
            ("gpt-4o", json!({})),
            ("gpt-5-pro", json!({"endpoint": "responses_only", "reasoning": true})),
            ("claude-haiku-4-5", json!({"assistant_prefill": true, "reasoning": true})),
            (
                "claude-opus-5-5",
                json!({"sampling_params": false, "assistant_prefill": false,
                    "forced_tool_choice": false, "thinking_always_on": true,
                    "adaptive_thinking": true, "reasoning": true}),
            ),
            ("gemini-3.8-flash", json!({"sampling_params": false, "reasoning": true})),
        ] {
            assert_eq!(constraints(code), expected, "{code}");
        }
    })
    .await;
}
