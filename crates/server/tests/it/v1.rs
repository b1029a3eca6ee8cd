//! OpenAI's format: what its SDKs see.

use serde_json::{Value, json};
use tollgate_simulator::Behaviour;
use tollgate_store::testing::TestDatabase;

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::{TestApp, environment};

const CHAT: &str = "/v1/chat/completions";
const EMBEDDINGS: &str = "/v1/embeddings";

/// Refuses what OpenAI's own schema of that name refuses.
fn assert_is(schema: &str, value: &Value) {
    let text = include_str!("../../../providers/tests/schemas/openai.schemas.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["$ref"] = json!(format!("#/components/schemas/{schema}"));
    let validator = jsonschema::validator_for(&document).unwrap();
    let errors: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "not a {schema}: {errors:?}\n{value}");
}

fn weather() -> Value {
    json!([{"type": "function", "function": {"name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}])
}

#[tokio::test]
async fn an_answer_is_openais_and_its_headers_tell_where_it_comes_from() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"model": "gpt-4o", "messages": user("Hi")});

        let reply = scene.app_user.post(CHAT, &body).await;
        let admins = scene.admin.post(CHAT, &body).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_is("CreateChatCompletionResponse", &reply.json());
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("x-tollgate-provider"), Some("openai"));
        assert_eq!(reply.header("x-tollgate-attempts"), Some("1"));
        assert!(reply.header("x-tollgate-cost-usd").unwrap().parse::<f64>().unwrap() > 0.0);
        assert!(reply.header("x-tollgate-key-id").is_none());
        assert!(admins.header("x-tollgate-key-id").is_some(), "admins see which key it was");
        assert!(reply.header("x-request-id").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_model_that_will_end_says_so_in_a_header() {
    each_scene(async |scene: Scene<'_>| {
        let lifecycle = async |model: &str| {
            let body = json!({"model": model, "messages": user("Hi")});
            let reply = scene.app_user.post(CHAT, &body).await;
            reply.header("x-tollgate-model-lifecycle").map(str::to_owned)
        };

        assert_eq!(lifecycle("gpt-3.5-turbo").await.as_deref(), Some("retired"));
        assert_eq!(lifecycle("gpt-4o").await.as_deref(), Some("deprecating"));
        assert_eq!(lifecycle("openai/sim-chat").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_openais_chunks_and_tells_usage_only_to_who_asks() {
    each_scene(async |scene: Scene<'_>| {
        let plain = json!({"model": "gpt-4o", "messages": user("Hi"), "stream": true});
        let mut asking = plain.clone();
        asking["stream_options"] = json!({"include_usage": true});

        let without = scene.streams(CHAT, &plain).await;
        let with = scene.streams(CHAT, &asking).await;

        for stream in [&without, &with] {
            assert_eq!(stream.header("content-type"), Some("text/event-stream; charset=utf-8"));
            assert!(stream.is_done());
            for chunk in stream.events() {
                assert_is("CreateChatCompletionStreamResponse", &chunk);
            }
        }
        let used =
            |events: &[Value]| events.iter().filter(|event| event["usage"].is_object()).count();
        let without = without.events();
        assert!(without.iter().all(|chunk| !chunk["choices"].as_array().unwrap().is_empty()));
        assert_eq!(used(&without), 0);
        assert_eq!(used(&with.events()), 1);
        let sent = scene.simulator.calls();
        for call in &sent {
            let options = &call.json()["stream_options"];
            assert_eq!(options["include_usage"], true, "we always want to know");
        }
    })
    .await;
}

#[tokio::test]
async fn tools_go_round_trip_in_a_stream() {
    each_scene(async |scene: Scene<'_>| {
        let ask = json!({"model": "openai/sim-chat", "tools": weather(), "tool_choice": "required",
            "messages": user("Weather in Paris?"), "stream": true});

        let stream = scene.streams(CHAT, &ask).await;

        let events = stream.events();
        let pieces: Vec<&Value> =
            events.iter().filter_map(|it| it["choices"][0]["delta"]["tool_calls"].get(0)).collect();
        let id = pieces[0]["id"].as_str().unwrap().to_owned();
        let name = pieces[0]["function"]["name"].as_str().unwrap();
        let arguments: String =
            pieces.iter().filter_map(|piece| piece["function"]["arguments"].as_str()).collect();
        assert_eq!(name, "get_weather");
        assert!(serde_json::from_str::<Value>(&arguments).is_ok(), "{arguments}");

        let call = json!({"id": id, "type": "function",
            "function": {"name": name, "arguments": arguments}});
        let follow_up = json!({"model": "openai/sim-chat", "tools": weather(), "messages": [
            {"role": "user", "content": "Weather in Paris?"},
            {"role": "assistant", "content": null, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": id, "content": "17 degrees"}]});
        let reply = scene.app_user.post(CHAT, &follow_up).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_is("CreateChatCompletionResponse", &reply.json());
    })
    .await;
}

#[tokio::test]
async fn the_callers_bytes_are_relayed() {
    each_scene(async |scene: Scene<'_>| {
        let body = r#"{"messages":[{"content":"é\u00e9 😀","role":"user"}],"seed":9007199254740993,
            "model":"gpt-4o","logit_bias":{"50256":-100},"temperature":0.70000000000000001}"#;

        let reply = scene.sends(CHAT, "application/json", body).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        let sent = String::from_utf8(scene.simulator.calls()[0].body.to_vec()).unwrap();
        for part in ["\"é\\u00e9 😀\"", "9007199254740993", "0.70000000000000001"] {
            assert!(sent.contains(part), "{part} in {sent}");
        }
    })
    .await;
}

#[tokio::test]
async fn embeddings_come_as_numbers_or_as_base64() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"model": "text-embedding-3-small", "input": ["one", "two"]});
        let mut packed = body.clone();
        packed["encoding_format"] = json!("base64");

        let numbers = scene.app_user.post(EMBEDDINGS, &body).await;
        let base64 = scene.app_user.post(EMBEDDINGS, &packed).await;

        assert_eq!(numbers.status, 200, "{}", numbers.text);
        assert_is("CreateEmbeddingResponse", &numbers.json());
        assert_eq!(numbers.data().as_array().unwrap().len(), 2);
        assert!(base64.data()[0]["embedding"].as_str().is_some(), "{}", base64.text);
        assert!(numbers.header("x-tollgate-cost-usd").is_some());
        let log = scene.log_of(&numbers).await;
        assert_eq!(log["endpoint"], EMBEDDINGS);
        assert!(log["promptTokens"].as_i64().unwrap() > 0);
    })
    .await;
}

#[tokio::test]
async fn each_bad_input_is_openais_error_with_the_parameter() {
    each_scene(async |scene: Scene<'_>| {
        let hi = || user("Hi");
        let cases = [
            (CHAT, json!({"model": "gpt-4o", "messages": []}), "messages"),
            (CHAT, json!({"model": "gpt-4o"}), "messages"),
            (CHAT, json!({"messages": hi()}), "model"),
            (EMBEDDINGS, json!({"input": "a"}), "model"),
            (CHAT, json!({"messages": hi(), "temperature": 3}), "temperature"),
            (CHAT, json!({"messages": hi(), "top_p": 2}), "top_p"),
            (CHAT, json!({"messages": hi(), "max_tokens": -1}), "max_tokens"),
            (CHAT, json!({"messages": hi(), "n": 0}), "n"),
            (CHAT, json!({"messages": [{"role": "king"}]}), "messages[0].role"),
            (EMBEDDINGS, json!({"model": "text-embedding-3-small"}), "input"),
            (EMBEDDINGS, json!({"model": "text-embedding-3-small", "input": []}), "input"),
            (EMBEDDINGS, json!({"input": "a", "encoding_format": "int8"}), "encoding_format"),
            (EMBEDDINGS, json!({"input": "a", "model": "gpt-4o"}), "model"),
        ];
        for (path, body, param) in cases {
            let reply = scene.app_user.post(path, &body).await;

            assert_eq!(reply.status, 400, "{body}");
            assert_is("ErrorResponse", &reply.json());
            let error = &reply.json()["error"];
            assert_eq!(error["type"], "invalid_request_error", "{body}");
            assert_eq!(error["param"], param, "{body}");
        }
        assert!(scene.simulator.calls().is_empty(), "no provider was asked");
    })
    .await;
}

#[tokio::test]
async fn failures_have_openais_shape_and_a_stable_code() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"maxRetries": 0})).await;
        let cases = [
            ("no-such-model", 404, "model_not_found", None),
            ("openai/sim-error-400-context", 400, "context_length_exceeded", Some("false")),
            ("openai/sim-error-404-model", 404, "model_not_found", None),
            ("openai/sim-error-500", 502, "provider_error", Some("false")),
            ("openai/sim-error-503", 503, "provider_error", Some("false")),
            ("openai/sim-error-403", 503, "no_available_key", None),
        ];
        for (model, status, code, should_retry) in cases {
            let body = json!({"model": model, "messages": user("Hi")});

            let reply = scene.app_user.post(CHAT, &body).await;

            assert_eq!(reply.status, status, "{model}: {}", reply.text);
            assert_is("ErrorResponse", &reply.json());
            assert_eq!(reply.json()["error"]["code"], code, "{model}");
            // Whether a refused key's check has ended by now is a matter of luck.
            if code != "no_available_key" {
                assert_eq!(reply.header("x-should-retry"), should_retry, "{model}");
            }
        }
        let nobody = scene.anonymous.post(CHAT, &json!({})).await;
        assert_eq!(nobody.status, 401);
        assert_eq!(nobody.json()["error"]["code"], "invalid_api_key");
        let malformed = scene.sends(CHAT, "application/json", "{").await;
        assert_eq!(malformed.status, 400);
        assert_is("ErrorResponse", &malformed.json());
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_on_record_with_the_status_that_the_caller_got() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"model": "text-embedding-3-small", "messages": user("Hi")});

        let reply = scene.app_user.post(CHAT, &body).await;

        assert_eq!(reply.status, 400, "{}", reply.text);
        assert_eq!(scene.log_of(&reply).await["httpStatus"], 400);
    })
    .await;
}

#[tokio::test]
async fn an_error_in_mid_stream_is_an_unnamed_event_and_the_end() {
    each_scene(async |scene: Scene<'_>| {
        let body =
            json!({"model": "openai/sim-cut-middle", "messages": user("Hi"), "stream": true});

        let stream = scene.streams(CHAT, &body).await;

        assert!(stream.names.iter().all(Option::is_none), "unnamed events only");
        assert!(!stream.is_done());
        assert_is("ErrorResponse", &stream.events().pop().unwrap());
    })
    .await;
}

#[tokio::test]
async fn models_are_listed_and_found_by_ids_with_slashes_too() {
    each_scene(async |scene: Scene<'_>| {
        let list = scene.app_user.get("/v1/models").await.json();
        assert_is("ListModelsResponse", &list);
        let ids: Vec<&str> =
            list["data"].as_array().unwrap().iter().filter_map(|it| it["id"].as_str()).collect();
        assert!(ids.contains(&"gpt-4o") && ids.contains(&"text-embedding-3-small"), "{ids:?}");
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "ids are unique");

        for id in ["gpt-4o", "openai/gpt-4o", "openai%2Fgpt-4o"] {
            let found = scene.app_user.get(&format!("/v1/models/{id}")).await;
            assert_eq!(found.status, 200, "{id}: {}", found.text);
            assert_is("Model", &found.json());
            assert_eq!(found.json()["owned_by"], "openai");
        }
        for id in ["no-such-model", "openai/no-such-model", "anthropic/claude-fable-5"] {
            let missing = scene.app_user.get(&format!("/v1/models/{id}")).await;
            assert_eq!(missing.status, 404, "{id}");
            assert_eq!(missing.json()["error"]["code"], "model_not_found", "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_listed_model_can_be_called_by_its_id() {
    each_scene(async |scene: Scene<'_>| {
        scene.simulator.set_default_behaviour(Behaviour::fast());
        let list = scene.app_user.get("/v1/models").await.json();

        for model in list["data"].as_array().unwrap() {
            let id = model["id"].as_str().unwrap();
            let (path, body) = if id.contains("embedding") {
                (EMBEDDINGS, json!({"model": id, "input": "Hi"}))
            } else {
                (CHAT, json!({"model": id, "messages": user("Hi")}))
            };
            let reply = scene.app_user.post(path, &body).await;

            assert_eq!(reply.status, 200, "{id}: {}", reply.text);
            assert_eq!(reply.header("x-tollgate-provider"), model["owned_by"].as_str(), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_in_the_callers_shape() {
    let database = TestDatabase::sqlite();
    let mut environment = environment(database.url());
    environment.push(("MAX_BODY_BYTES", "2048".to_owned()));
    let app = TestApp::start_with(environment).await;
    let body = json!({"model": "gpt-4o", "messages": user(&"long ".repeat(1000))});

    let theirs = app.app_user.post(CHAT, &body).await;
    let ours = app.app_user.post("/api/ai/chat/completions", &body).await;

    assert_eq!(theirs.status, 413);
    assert_is("ErrorResponse", &theirs.json());
    assert_eq!(theirs.json()["error"]["code"], "payload_too_large");
    assert_eq!(error_of(&ours), (413, "payload_too_large".to_owned()));
    app.stop().await;
}
