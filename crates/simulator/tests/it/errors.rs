//! Errors of providers, by name and by behaviour.

use serde_json::json;
use tollgate_simulator::{Behaviour, ErrorReply, Fault, Place};

use crate::support::{Got, Test, question, stream_request};

#[tokio::test]
async fn every_error_can_be_had_by_the_name_of_the_model() {
    let test = Test::start().await;
    for error in ErrorReply::all() {
        let model = format!("sim-error-{}", error.name.replace(['.', '_'], "-"));

        let got = test.chat(&question(&model)).await;

        assert_eq!(got.status, error.status, "{model}");
        assert_eq!(got.header("content-type"), "application/json");
        assert!(got.json().is_object());
    }
}

#[tokio::test]
async fn every_error_can_be_had_by_the_name_of_the_key_on_every_endpoint() {
    let test = Test::start().await;
    for path in ["/models", "/models/gpt-4o"] {
        let got = test.get("sk-sim-error-401-alice", path).await;
        assert_eq!(got.status, 401, "{path}");
        assert_eq!(got.error()["code"], "invalid_api_key");
        assert_eq!(got.error()["message"], "Incorrect API key provided: sk-sim-e*****lice.");
    }
    let embed = json!({"model": "sim-embed", "input": "alpha"});
    let request = test.request("sk-sim-error-403", "/embeddings", &embed);
    assert_eq!(Got::read(request.send().await.unwrap()).await.status, 403);
}

#[tokio::test]
async fn a_rate_limit_tells_when_to_come_back() {
    let test = Test::start().await;
    let got = test.chat(&question("sim-error-429")).await;
    assert_eq!(got.error()["code"], "rate_limit_exceeded");
    assert_eq!(got.header("retry-after"), "2");
    assert_eq!(got.header("retry-after-ms"), "1400");
    assert_eq!(got.header("x-ratelimit-remaining-tokens"), "0");
    assert!(!got.header("x-request-id").is_empty());

    let quota = test.chat(&question("sim-error-429-quota")).await;
    assert_eq!(quota.error()["code"], "insufficient_quota");
    assert_eq!(quota.header("retry-after"), "");
}

#[tokio::test]
async fn an_error_can_be_given_to_a_key_with_its_own_headers() {
    let rate = ErrorReply::named("moonshot.429.rate").unwrap().with_header("retry-after", "7");
    let test = Test::behaving(Behaviour::failing(Fault::Error(rate))).await;

    let got = test.stream().await;

    assert_eq!(got.status, 429);
    assert_eq!(got.header("retry-after"), "7");
    assert_eq!(got.error()["type"], "rate_limit_reached_error");
}

#[tokio::test]
async fn a_fault_can_hit_the_first_calls_alone() {
    let test = Test::behaving(Behaviour::failing(Fault::error("503")).first(2)).await;
    for status in [503, 503, 200, 200] {
        assert_eq!(test.chat(&question("sim-chat")).await.status, status);
    }
    for status in [500, 200] {
        assert_eq!(test.get("sk-sim-error-500-first-1", "/models").await.status, status);
    }
}

#[tokio::test]
async fn the_key_goes_before_the_model_and_what_was_given_before_names() {
    let test = Test::start().await;
    test.simulator.set_behaviour("gpt-4o", Behaviour::failing(Fault::error("500")));
    let status = async |key: &str, model: &str| {
        let request = test.request(key, "/chat/completions", &question(model));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("sk-a", "gpt-4o").await, 500);
    assert_eq!(status("sk-sim-error-401", "gpt-4o").await, 500);
    assert_eq!(status("sk-sim-error-401", "sim-error-429").await, 401);
    test.simulator.set_behaviour("sk-sim-error-401", Behaviour::fast());
    assert_eq!(status("sk-sim-error-401", "gpt-4o").await, 200);

    test.simulator.clear_behaviour("sk-sim-error-401");
    test.simulator.clear_behaviour("gpt-4o");
    assert_eq!(status("sk-sim-error-401", "gpt-4o").await, 401);
    test.simulator.set_default_behaviour(Behaviour::failing(Fault::error("503")));
    assert_eq!(status("sk-a", "gpt-4o").await, 503);
}

#[tokio::test]
async fn an_error_inside_a_200_is_the_first_event_or_a_later_one() {
    let test = Test::behaving(Behaviour::failing(Fault::error_event(Place::Start, "503"))).await;
    let got = test.stream().await;
    assert_eq!((got.status, got.data().len()), (200, 1));
    assert!(got.data()[0].contains("currently overloaded"));

    let middle = Fault::error_event(Place::Middle, "openai.429.rate");
    let test = Test::behaving(Behaviour::failing(middle)).await;
    let got = test.stream().await;
    let data = got.data();
    assert!(data.len() > 3 && got.body.contains("Hello"));
    assert!(data.last().unwrap().contains("rate_limit_exceeded"));
    assert!(!got.body.contains("[DONE]"));
}

#[tokio::test]
async fn an_error_inside_a_200_can_be_the_whole_answer() {
    let test = Test::start().await;
    let mut body = stream_request();
    for model in ["sim-error-first-402", "sim-error-middle-402"] {
        body["model"] = model.into();
        assert_eq!(test.chat(&body).await.status, 200);
        let got = test.chat(&question(model)).await;
        assert_eq!(got.status, 200);
        assert_eq!(got.error()["message"], "Insufficient Balance");
    }
}
