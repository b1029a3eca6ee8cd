//! The list of models, and the way in.

use serde_json::json;
use tollgate_simulator::SimulatorConfig;

use crate::support::{Got, KEY, Test, question};

#[tokio::test]
async fn the_models_for_newcomers_are_listed() {
    let test = Test::start().await;

    let list = test.get(KEY, "/models").await.json();

    assert_eq!(list["object"], "list");
    let ids: Vec<_> = list["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert!(ids.contains(&json!("sim-chat")) && ids.contains(&json!("sim-embed")));
    assert_eq!(list["data"][0]["object"], "model");
}

#[tokio::test]
async fn any_model_can_be_found_and_used() {
    let test = Test::start().await;
    assert_eq!(test.get(KEY, "/models/Qwen/Qwen3-8B").await.json()["id"], "Qwen/Qwen3-8B");
    assert_eq!(test.chat(&question("gpt-4o")).await.status, 200);
}

#[tokio::test]
async fn models_outside_the_list_can_be_refused() {
    let models = vec!["gpt-4o".to_owned()];
    let config = SimulatorConfig { models, only_listed_models: true, ..SimulatorConfig::default() };
    let test = Test::with(config).await;

    assert_eq!(test.chat(&question("gpt-4o")).await.status, 200);
    assert_eq!(test.get(KEY, "/models/gpt-4o").await.status, 200);
    for refused in [test.chat(&question("gpt-9")).await, test.get(KEY, "/models/gpt-9").await] {
        assert_eq!(refused.status, 404);
        assert_eq!(refused.error()["code"], "model_not_found");
    }
}

#[tokio::test]
async fn the_base_urls_of_other_providers_work_too() {
    let test = Test::start().await;
    for prefix in ["", "/compatible-mode/v1", "/openai/v1"] {
        let url = format!("http://{}{prefix}/models", test.simulator.address());
        let response = test.client.get(url).bearer_auth(KEY).send().await.unwrap();
        assert_eq!(response.status(), 200, "{prefix}");
    }
}

#[tokio::test]
async fn a_call_needs_a_key_in_one_of_two_headers() {
    let test = Test::start().await;
    let url = test.url("/models");
    for (name, value, status) in [
        ("authorization", "Bearer sk-a", 200),
        ("authorization", "bearer sk-a", 200),
        ("api-key", "sk-a", 200),
        ("authorization", "Bearer ", 401),
        ("authorization", "Basic c2stYQ==", 401),
        ("x-nothing", "sk-a", 401),
    ] {
        let got = Got::read(test.client.get(&url).header(name, value).send().await.unwrap()).await;
        assert_eq!(got.status, status, "{name}: {value}");
    }
}

#[tokio::test]
async fn health_needs_no_key_and_is_no_call() {
    let test = Test::start().await;
    let url = format!("http://{}/health", test.simulator.address());

    let response = test.client.get(url).send().await.unwrap();

    assert_eq!(response.status(), 200);
    assert!(test.simulator.calls().is_empty());
}
