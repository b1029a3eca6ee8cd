//! Chat for app backends, in our words.

use serde_json::{Value, json};
use tollgate_simulator::Behaviour;

use crate::chat_scene::{Scene, each_scene, error_of, user};

const PATH: &str = "/api/ai/chat/completions";

#[tokio::test]
async fn an_app_names_a_provider_and_gets_an_answer_with_its_usage_and_cost() {
    each_scene(async |scene: Scene<'_>| {
        for (provider, model) in [("openai", "gpt-4o"), ("deepseek", "deepseek-v4-flash")] {
            scene.simulator.set_behaviour(model, Behaviour::fast().text("Hello there"));
            let body = json!({"providerCode": provider, "model": model, "messages": user("Hi")});

            let reply = scene.app_user.post(PATH, &body).await;

            assert_eq!(reply.status, 200, "{}", reply.json());
            assert_eq!(reply.header("x-tollgate-provider"), Some(provider));
            assert_eq!(reply.header("x-tollgate-attempts"), Some("1"));
            assert!(reply.header("x-tollgate-key-id").is_none(), "keys are for admins to see");
            let answer = reply.json();
            assert_eq!(answer["code"], 200);
            let data = &answer["data"];
            assert_eq!(data["content"], "Hello there");
            assert_eq!(data["model"], model);
            assert_eq!(data["provider"], provider);
            assert_eq!(data["finishReason"], "stop");
            assert!(data["id"].as_str().is_some_and(|id| id.starts_with("chatcmpl-")));
            let created = data["createdAt"].as_str().unwrap();
            assert!(chrono::DateTime::parse_from_rfc3339(created).is_ok(), "{created}");
            let tokens = |name: &str| data["usage"][name].as_i64().unwrap();
            assert!(tokens("promptTokens") > 0 && tokens("completionTokens") > 0);
            assert_eq!(tokens("totalTokens"), tokens("promptTokens") + tokens("completionTokens"));
            assert_eq!(data["cost"]["currency"], "USD");
            assert!(data["cost"]["amount"].as_f64().unwrap() > 0.0, "{data}");
            let cost = reply.header("x-tollgate-cost-usd").unwrap();
            assert_eq!(cost.parse::<f64>().unwrap(), data["cost"]["amount"].as_f64().unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_model_the_providers_default_answers_and_without_both_the_default_provider() {
    each_scene(async |scene: Scene<'_>| {
        for (body, provider) in [
            (json!({"providerCode": "deepseek", "messages": user("Hi")}), "deepseek"),
            (json!({"messages": user("Hi")}), "openai"),
        ] {
            let reply = scene.app_user.post(PATH, &body).await;

            assert_eq!(reply.status, 200, "{}", reply.json());
            assert_eq!(reply.data()["provider"], provider);
        }
    })
    .await;
}

#[tokio::test]
async fn each_bad_input_is_refused_with_the_field_and_the_reason() {
    each_scene(async |scene: Scene<'_>| {
        let hi = || user("Hi");
        let cases = [
            (json!({"messages": hi(), "temperature": 2.1}), "temperature"),
            (json!({"messages": hi(), "temperature": "hot"}), "temperature"),
            (json!({"messages": hi(), "topP": -0.1}), "topP"),
            (json!({"messages": hi(), "maxTokens": 0}), "maxTokens"),
            (json!({"messages": hi(), "timeoutMs": 0}), "timeoutMs"),
            (json!({"messages": hi(), "stream": "yes"}), "stream"),
            (json!({"messages": hi(), "n": 2}), "n"),
            (json!({"messages": hi(), "fallbacks": "x"}), "fallbacks"),
            (json!({"messages": hi(), "providerCode": 1}), "providerCode"),
            (json!({"messages": hi(), "model": ""}), "model"),
            (json!({"messages": []}), "messages"),
            (json!({"messages": "Hi"}), "messages"),
            (json!({"model": "gpt-4o"}), "messages"),
            (json!({"messages": [{"role": "king", "content": "Hi"}]}), "messages[0].role"),
            (json!({"messages": [{"content": "Hi"}]}), "messages[0].role"),
            (json!({"messages": [{"role": "user", "content": 1}]}), "messages[0].content"),
            (json!([]), "body"),
        ];
        for (body, field) in cases {
            let reply = scene.app_user.post(PATH, &body).await;

            assert_eq!(reply.status, 422, "{body}");
            let error = &reply.json()["error"];
            assert_eq!(error["type"], "validation_failed", "{body}");
            assert_eq!(error["details"][0]["field"], field, "{body}");
            assert!(error["requestId"].as_str().is_some(), "{body}");
        }
        assert!(scene.simulator.calls().is_empty(), "no provider was asked");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_json_and_what_is_not_there_have_their_own_errors() {
    each_scene(async |scene: Scene<'_>| {
        let malformed = scene.sends(PATH, "application/json", "{\"messages\":").await;
        assert_eq!(error_of(&malformed), (400, "malformed_json".to_owned()));
        let text = scene.sends(PATH, "text/plain", "{}").await;
        assert_eq!(error_of(&text), (415, "unsupported_media_type".to_owned()));
        let cases = [
            (json!({"messages": user("Hi"), "model": "no-such-model"}), 404, "not_found"),
            (json!({"messages": user("Hi"), "providerCode": "nobody"}), 404, "not_found"),
            // Its protocol comes later; the answer says so.
            (json!({"messages": user("Hi"), "providerCode": "qwen"}), 503, "no_available_key"),
        ];
        for (body, status, kind) in cases {
            let reply = scene.app_user.post(PATH, &body).await;
            assert_eq!(error_of(&reply), (status, kind.to_owned()), "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn unknown_fields_travel_to_the_provider_and_ours_are_renamed() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({
            "providerCode": "deepseek", "model": "sim-chat", "maxTokens": 5, "topP": 0.5,
            "timeoutMs": 5000, "enable_thinking": false, "messages": user("Hi"),
        });

        let reply = scene.app_user.post(PATH, &body).await;

        assert_eq!(reply.status, 200, "{}", reply.json());
        let sent = scene.simulator.calls()[0].json();
        assert_eq!(sent["max_tokens"], 5);
        assert_eq!(sent["top_p"], 0.5);
        assert_eq!(sent["enable_thinking"], false);
        for ours in ["providerCode", "timeoutMs", "maxTokens", "topP"] {
            assert!(sent.get(ours).is_none(), "{ours} must not travel: {sent}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_deltas_then_usage_and_cost_then_done() {
    each_scene(async |scene: Scene<'_>| {
        scene.simulator.set_behaviour("gpt-4o", Behaviour::fast().text("one two three"));
        let body = json!({"model": "gpt-4o", "messages": user("Count"), "stream": true});

        let stream = scene.streams(PATH, &body).await;

        assert_eq!(stream.header("content-type"), Some("text/event-stream; charset=utf-8"));
        assert_eq!(stream.header("cache-control"), Some("no-cache"));
        assert_eq!(stream.header("x-accel-buffering"), Some("no"));
        assert_eq!(stream.header("x-tollgate-provider"), Some("openai"));
        assert!(stream.is_done());
        let events = stream.events();
        let text: String = events.iter().filter_map(|it| it["delta"]["content"].as_str()).collect();
        assert_eq!(text, "one two three");
        let (last, others) = events.split_last().unwrap();
        for event in others {
            assert_eq!(event["id"], last["id"]);
            assert!(event.get("usage").is_none() && event.get("finishReason").is_none(), "{event}");
        }
        assert_eq!(last["finishReason"], "stop");
        assert!(last["usage"]["totalTokens"].as_i64().unwrap() > 0);
        assert!(last["cost"]["amount"].as_f64().unwrap() > 0.0);
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_an_error_event() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"providerCode": "openai", "model": "sim-cut-middle",
            "messages": user("Hi"), "stream": true});

        let stream = scene.streams(PATH, &body).await;

        assert!(!stream.is_done());
        let (name, error) = stream.last_named();
        assert_eq!(name, "error");
        assert_eq!(error["error"]["type"], "provider_error");
        assert_eq!(error["code"], 502);
        assert!(error["error"]["requestId"].as_str().is_some());
    })
    .await;
}

#[tokio::test]
async fn reasoning_comes_beside_the_content() {
    each_scene(async |scene: Scene<'_>| {
        let body =
            json!({"providerCode": "deepseek", "model": "sim-reason", "messages": user("Why")});
        let streamed = json!({"providerCode": "deepseek", "model": "sim-reason",
            "messages": user("Why"), "stream": true});

        let reply = scene.app_user.post(PATH, &body).await;
        let stream = scene.streams(PATH, &streamed).await;

        let data = reply.data();
        assert!(data["usage"]["reasoningTokens"].as_i64().unwrap() > 0, "{data}");
        assert!(data["reasoning"].as_str().is_some_and(|text| !text.is_empty()), "{data}");
        let events = stream.events();
        assert!(events.iter().any(|event| event["delta"]["reasoning"].as_str().is_some()));
    })
    .await;
}

#[tokio::test]
async fn tools_go_round_trip() {
    each_scene(async |scene: Scene<'_>| {
        let tools = json!([{"type": "function", "function": {"name": "get_weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]);
        let ask = json!({"providerCode": "openai", "model": "sim-chat", "tools": tools,
            "toolChoice": "required", "messages": user("Weather in Paris?")});

        let first = scene.app_user.post(PATH, &ask).await.data();

        assert_eq!(first["finishReason"], "tool_calls", "{first}");
        let call = &first["toolCalls"][0];
        assert_eq!(call["function"]["name"], "get_weather");
        let arguments = call["function"]["arguments"].as_str().unwrap();
        assert!(serde_json::from_str::<Value>(arguments).is_ok(), "{arguments}");

        let follow_up = json!({"providerCode": "openai", "model": "sim-chat", "tools": tools,
        "messages": [
            {"role": "user", "content": "Weather in Paris?"},
            {"role": "assistant", "content": null, "toolCalls": first["toolCalls"]},
            {"role": "tool", "toolCallId": call["id"], "content": "17 degrees"},
        ]});
        let second = scene.app_user.post(PATH, &follow_up).await;

        assert_eq!(second.status, 200, "{}", second.json());
        assert!(second.data()["content"].as_str().is_some_and(|text| !text.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn a_model_without_a_price_is_unpriced_and_not_free() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"providerCode": "openai", "model": "sim-chat", "messages": user("Hi")});

        let reply = scene.app_user.post(PATH, &body).await;

        assert_eq!(reply.data()["cost"], json!({"amount": null, "currency": "USD"}));
        assert!(reply.header("x-tollgate-cost-usd").is_none());
        let log = scene.log_of(&reply).await;
        assert_eq!(log["costUsd"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_caller_waits_no_longer_than_they_say() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"providerCode": "openai", "model": "sim-stall-head", "timeoutMs": 300,
            "messages": user("Hi")});

        let reply = scene.app_user.post(PATH, &body).await;

        assert_eq!(error_of(&reply), (504, "provider_timeout".to_owned()));
        scene.simulator.wait_for_cancelled(1).await;
    })
    .await;
}

#[tokio::test]
async fn what_the_provider_refuses_is_passed_on_in_its_words() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"providerCode": "openai", "model": "sim-error-400-context",
            "messages": user("Hi")});

        let reply = scene.app_user.post(PATH, &body).await;

        assert_eq!(error_of(&reply), (400, "provider_rejected".to_owned()));
        assert!(reply.json()["message"].as_str().unwrap().contains("context"), "{}", reply.json());
        let log = scene.log_of(&reply).await;
        assert_eq!(log["status"], "error");
        assert_eq!(log["errorCode"], "context_too_long");
    })
    .await;
}

#[tokio::test]
async fn the_models_that_a_caller_may_use_are_told_with_their_prices() {
    each_scene(async |scene: Scene<'_>| {
        let models = scene.app_user.get("/api/ai/models").await.data();

        let models = models.as_array().unwrap();
        let gpt = models.iter().find(|model| model["id"] == "gpt-4o").expect("gpt-4o is listed");
        assert_eq!(gpt["providerCode"], "openai");
        assert_eq!(gpt["modelType"], "chat");
        assert_eq!(gpt["costPer1kPromptTokens"], 0.0025);
        assert_eq!(gpt["costPer1kCompletionTokens"], 0.01);
        assert!(gpt["maxInputTokens"].as_i64().unwrap() > 100_000);
        let providers = models.iter().map(|model| model["providerCode"].as_str().unwrap());
        assert!(
            providers.into_iter().all(|code| ["openai", "deepseek"].contains(&code)),
            "only providers with an active key"
        );
    })
    .await;
}

#[tokio::test]
async fn an_app_token_reaches_only_what_it_is_allowed() {
    each_scene(async |scene: Scene<'_>| {
        let token = scene.app_with(json!({"name": "narrow", "allowedModels": ["gpt-4o"]})).await;

        let listed = token.get("/api/ai/models").await.data();
        let allowed = json!({"model": "gpt-4o", "messages": user("Hi")});
        let refused = json!({"providerCode": "deepseek", "messages": user("Hi")});

        assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(token.post(PATH, &allowed).await.status, 200);
        let refused = token.post(PATH, &refused).await;
        assert_eq!(error_of(&refused), (403, "forbidden".to_owned()));
    })
    .await;
}
