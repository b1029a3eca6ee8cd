//! Anthropic's format: what its SDKs see, whatever protocol the provider speaks.

mod constraints;
mod count;
mod errors;
mod models;
mod relayed;

use reqwest::Method;
use serde_json::{Value, json};

use crate::chat_scene::{Scene, Sse, each_scene_of_all_protocols, user};
use crate::support::{Client, Reply};

const MESSAGES: &str = "/v1/messages";

/// A model at a provider of each protocol, and what its prompt, its cache and its answer cost, in
/// nano-USD a token.
const MODELS: [(&str, [i64; 3]); 3] = [
    ("anthropic/claude-sonnet-5", [2000, 200, 10_000]),
    ("openai/gpt-4o", [2500, 1250, 10_000]),
    ("gemini/gemini-2.5-flash", [300, 30, 2500]),
];

/// A question with these fields beside it.
fn ask(model: &str, fields: Value) -> Value {
    let mut body = json!({"model": model, "max_tokens": 512, "messages": user("Hi")});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

fn tools() -> Value {
    json!([{"name": "get_weather", "description": "The weather of a city",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}])
}

/// What these tokens cost, in nano-USD.
fn cost(usage: &Value, [prompt, cache_read, completion]: [i64; 3]) -> i64 {
    let count = |name: &str| usage[name].as_i64().unwrap_or_else(|| panic!("{name} in {usage}"));
    assert_eq!(count("cache_creation_input_tokens"), 0);
    count("input_tokens") * prompt
        + count("cache_read_input_tokens") * cache_read
        + count("output_tokens") * completion
}

fn nano_usd(dollars: f64) -> i64 {
    (dollars * 1e9).round() as i64
}

/// Refuses what Anthropic's SDKs would not take for an error.
#[track_caller]
fn error_of(reply: &Reply) -> (u16, String, String) {
    let error = reply.json();
    assert_eq!(error["type"], "error", "{error}");
    assert_eq!(error["request_id"].as_str(), reply.header("request-id"), "{error}");
    assert_eq!(reply.header("request-id"), reply.header("x-request-id"));
    let text = |name: &str| error["error"][name].as_str().unwrap().to_owned();
    (reply.status, text("type"), text("message"))
}

/// Posts with headers of one's own and no token of the scene's.
async fn post_with(client: &Client, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
    let mut request = client.request(Method::POST, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header("content-type", "application/json").body(body.to_string());
    Reply::of(request.send().await.unwrap()).await
}

/// The text that a stream brings.
fn text_of(stream: &Sse) -> String {
    let events = stream.events();
    events.iter().filter_map(|event| event["delta"]["text"].as_str()).collect()
}

#[tokio::test]
async fn an_answer_is_anthropics_and_its_record_and_cost_are_exact() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for (model, rates) in MODELS {
            let reply = scene.app_user.post(MESSAGES, &ask(model, json!({}))).await;

            assert_eq!(reply.status, 200, "{model}: {}", reply.text);
            let message = reply.json();
            assert_eq!(
                (&message["type"], &message["role"]),
                (&json!("message"), &json!("assistant"))
            );
            assert_eq!(message["content"][0]["type"], "text", "{model}: {message}");
            assert_eq!(message["stop_reason"], "end_turn", "{model}");
            let provider = model.split('/').next();
            assert_eq!(reply.header("x-tollgate-provider"), provider);
            assert_eq!(reply.header("x-tollgate-attempts"), Some("1"));
            assert_eq!(reply.header("request-id"), reply.header("x-request-id"));
            let usage = &message["usage"];
            let told: f64 = reply.header("x-tollgate-cost-usd").unwrap().parse().unwrap();
            assert_eq!(nano_usd(told), cost(usage, rates), "{model}: {usage}");
            let log = scene.log_of(&reply).await;
            assert_eq!(log["endpoint"], MESSAGES, "{log}");
            assert_eq!(log["promptTokens"], usage["input_tokens"], "{log}");
            assert_eq!(log["finishReason"], "end_turn", "{log}");
            assert_eq!(log["isEstimated"], false, "{log}");
            assert_eq!(nano_usd(log["costUsd"].as_f64().unwrap()), cost(usage, rates), "{log}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_anthropics_named_events_and_costs_what_the_whole_answer_costs() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for (model, rates) in MODELS {
            let whole = scene.app_user.post(MESSAGES, &ask(model, json!({}))).await.json();

            let stream = scene.streams(MESSAGES, &ask(model, json!({"stream": true}))).await;

            assert_eq!(stream.reply.status, 200, "{model}: {}", stream.reply.text);
            assert_eq!(stream.header("content-type"), Some("text/event-stream; charset=utf-8"));
            let events = stream.events();
            for (name, event) in stream.names.iter().zip(&events) {
                assert_eq!(name.as_deref(), event["type"].as_str(), "{model}");
            }
            assert_eq!(events[0]["type"], "message_start", "{model}");
            assert_eq!(events.last().unwrap()["type"], "message_stop", "{model}: no [DONE]");
            assert_eq!(text_of(&stream), whole["content"][0]["text"], "{model}");
            let end = events.iter().find(|event| event["type"] == "message_delta").unwrap();
            assert_eq!(end["delta"]["stop_reason"], "end_turn", "{model}");
            assert_eq!(end["usage"]["output_tokens"], whole["usage"]["output_tokens"], "{model}");
            let log = scene.log_of(&stream.reply).await;
            assert_eq!((&log["status"], &log["isStream"]), (&json!("success"), &json!(true)));
            let told = nano_usd(log["costUsd"].as_f64().unwrap());
            assert_eq!(told, cost(&whole["usage"], rates), "{model}: {log}");
        }
    })
    .await;
}

#[tokio::test]
async fn tools_go_round_trip_whole_and_streamed() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        for (model, _) in MODELS {
            let forced = json!({"tools": tools(), "tool_choice": {"type": "any"},
                "messages": user("Weather in Paris?")});
            let whole = scene.app_user.post(MESSAGES, &ask(model, forced.clone())).await;
            assert_eq!(whole.status, 200, "{model}: {}", whole.text);
            let message = whole.json();
            assert_eq!(message["stop_reason"], "tool_use", "{model}: {message}");
            let blocks = message["content"].as_array().unwrap();
            let call = blocks.iter().find(|block| block["type"] == "tool_use").unwrap();
            assert_eq!(call["name"], "get_weather", "{model}");
            assert!(call["input"].is_object(), "{model}: {call}");

            let mut streamed = ask(model, forced);
            streamed["stream"] = json!(true);
            let stream = scene.streams(MESSAGES, &streamed).await;
            let fragments: String = stream
                .events()
                .iter()
                .filter_map(|event| event["delta"]["partial_json"].as_str().map(str::to_owned))
                .collect();
            let input: Value = if fragments.is_empty() {
                json!({})
            } else {
                serde_json::from_str(&fragments).unwrap()
            };
            assert_eq!(input, call["input"], "{model}");

            let result = json!([{"type": "tool_result", "tool_use_id": call["id"],
                "content": "17 degrees"}]);
            let follow_up = json!({"tools": tools(), "messages": [
                {"role": "user", "content": "Weather in Paris?"},
                {"role": "assistant", "content": message["content"]},
                {"role": "user", "content": result}]});
            let reply = scene.app_user.post(MESSAGES, &ask(model, follow_up)).await;
            assert_eq!(reply.status, 200, "{model}: {}", reply.text);
            assert_eq!(reply.json()["stop_reason"], "end_turn", "{model}: {}", reply.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_comes_as_x_api_key_or_as_bearer_and_the_former_wins() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let good = scene.app_with(json!({"name": "claude"})).await.token().to_owned();
        let bearer = format!("Bearer {good}");
        let cases: [(&[(&str, &str)], u16); 6] = [
            (&[("x-api-key", &good)], 200),
            (&[("authorization", &bearer)], 200),
            (&[("x-api-key", &good), ("authorization", "Bearer tg-wrong")], 200),
            (&[("x-api-key", "tg-wrong"), ("authorization", &bearer)], 401),
            (&[("x-api-key", ""), ("authorization", &bearer)], 200),
            (&[], 401),
        ];
        for (headers, status) in cases {
            let body = ask("anthropic/claude-sonnet-5", json!({}));
            let reply = post_with(&scene.anonymous, MESSAGES, headers, &body).await;

            assert_eq!(reply.status, status, "{headers:?}: {}", reply.text);
            if status == 401 {
                assert_eq!(error_of(&reply).1, "authentication_error");
            }
        }
        // As at OpenAI, who knows no other header.
        let openai = json!({"model": "gpt-4o", "messages": user("Hi")});
        let both = [("x-api-key", "tg-wrong"), ("authorization", bearer.as_str())];
        let reply = post_with(&scene.anonymous, "/v1/chat/completions", &both, &openai).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    })
    .await;
}

#[tokio::test]
async fn access_lists_hold_for_anthropics_callers_too() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let list = json!({"name": "narrow", "allowedModels": ["claude-sonnet-5"]});
        let narrow = scene.app_with(list).await;

        let allowed = narrow.post(MESSAGES, &ask("claude-sonnet-5", json!({}))).await;
        let refused = narrow.post(MESSAGES, &ask("gpt-4o", json!({}))).await;
        let analyst = scene.analyst.post(MESSAGES, &ask("gpt-4o", json!({}))).await;

        assert_eq!(allowed.status, 200, "{}", allowed.text);
        for reply in [refused, analyst] {
            let (status, kind, _) = error_of(&reply);
            assert_eq!((status, kind.as_str()), (403, "permission_error"), "{}", reply.text);
        }
    })
    .await;
}
