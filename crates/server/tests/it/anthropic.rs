//! Callers of OpenAI's dialect at a provider that speaks Anthropic's.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Place};

use crate::chat_scene::{Scene, each_scene_of_all_protocols, user};

const CHAT: &str = "/v1/chat/completions";
const ANTHROPIC: &str = "/api/admin/ai-providers/2";
const KEY: &str = "plain-anthropic";

fn ask(fields: Value) -> Value {
    let mut body = json!({"model": "anthropic/claude-sonnet-5", "messages": user("Hi")});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

/// What Claude Sonnet 5 costs, in nano-USD: 2 dollars a million, 0.20 from the cache, 10 for answers.
fn cost(usage: &Value) -> i64 {
    let count = |value: &Value| value.as_i64().unwrap();
    let cached = count(&usage["prompt_tokens_details"]["cached_tokens"]);
    let prompt = count(&usage["prompt_tokens"]) - cached;
    prompt * 2000 + cached * 200 + count(&usage["completion_tokens"]) * 10_000
}

#[tokio::test]
async fn an_answer_is_openais_and_its_cost_is_exact() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        scene.simulator.set_behaviour(KEY, Behaviour::fast().cached_tokens(3));

        let reply = scene.app_user.post(CHAT, &ask(json!({}))).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        let answer = reply.json();
        assert_eq!(answer["object"], "chat.completion");
        assert_eq!(answer["choices"][0]["finish_reason"], "stop");
        assert_eq!(answer["usage"]["prompt_tokens_details"]["cached_tokens"], 3);
        assert_eq!(reply.header("x-tollgate-provider"), Some("anthropic"));
        let told: f64 = reply.header("x-tollgate-cost-usd").unwrap().parse().unwrap();
        assert_eq!((told * 1e9).round() as i64, cost(&answer["usage"]));
        let call = scene.simulator.calls().pop().unwrap();
        assert_eq!((call.path.as_str(), call.header("x-api-key")), ("/v1/messages", Some(KEY)));
        // The model's longest answer, since the caller names none and Anthropic wants one.
        assert_eq!(call.json()["max_tokens"], 128_000);
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_openais_chunks_and_costs_what_the_whole_answer_costs() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let whole = scene.app_user.post(CHAT, &ask(json!({}))).await.json();
        let options = json!({"include_usage": true});

        let stream =
            scene.streams(CHAT, &ask(json!({"stream": true, "stream_options": options}))).await;

        assert!(stream.is_done(), "{:?}", stream.data);
        let chunks = stream.events();
        let deltas = chunks.iter().filter_map(|it| it["choices"][0]["delta"]["content"].as_str());
        assert_eq!(deltas.collect::<String>(), whole["choices"][0]["message"]["content"]);
        let usage = &chunks.last().unwrap()["usage"];
        assert_eq!(usage, &whole["usage"]);
        let log = scene.log_of(&stream.reply).await;
        assert_eq!(log["status"], "success", "{log}");
        assert_eq!(log["isEstimated"], false);
        let told = log["costUsd"].as_f64().unwrap();
        assert_eq!((told * 1e9).round() as i64, cost(usage), "{log}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_translated_is_refused_by_name_without_asking_the_provider() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let reply = scene.app_user.post(CHAT, &ask(json!({"n": 2}))).await;

        assert_eq!(reply.status, 400, "{}", reply.text);
        assert_eq!(reply.json()["error"]["param"], "n");
        assert!(scene.simulator.calls().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_overload_in_the_first_event_is_a_status_and_no_stream() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let fault = Fault::error_event(Place::Start, "anthropic.529");
        scene.simulator.set_behaviour(KEY, Behaviour::failing(fault).first(1));

        let reply = scene.streams(CHAT, &ask(json!({"stream": true}))).await;

        assert!(reply.is_done(), "the same key was tried again: {:?}", reply.data);
        assert_eq!(scene.simulator.calls().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn keys_are_checked_and_models_are_synced() {
    each_scene_of_all_protocols(async |scene: Scene<'_>| {
        let keys = scene.admin.get(&format!("{ANTHROPIC}/keys")).await.expect(200).data();
        let path = format!("/api/admin/ai-providers/keys/{}/validate", keys[0]["id"]);
        let checked = scene.admin.post(&path, &json!({})).await.expect(200).data();
        assert_eq!(checked["isValid"], true, "{checked}");

        let path = format!("{ANTHROPIC}/sync-models");
        let synced = scene.admin.post(&path, &json!({})).await.expect(200).data();
        assert!(synced["added"].as_array().unwrap().contains(&json!("sim-chat")), "{synced}");
    })
    .await;
}
