//! Several chats in one request.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Gate, Place};

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::Reply;

const BATCH: &str = "/api/ai/chat/batch";

fn ask(model: &str, text: &str) -> Value {
    json!({"providerCode": "openai", "model": model, "messages": user(text)})
}

async fn results(scene: &Scene<'_>, body: &Value) -> Vec<Value> {
    let reply = scene.app_user.post(BATCH, body).await.expect(200);
    reply.data()["results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_request_gets_its_own_result_in_order_and_one_failure_sinks_no_other() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"maxRetries": 0})).await;
        for (model, text) in [("gpt-4o", "first"), ("gpt-4o-mini", "last")] {
            scene.simulator.set_behaviour(model, Behaviour::fast().text(text));
        }
        let refused = Behaviour::failing(Fault::error("openai.400"));
        scene.simulator.set_behaviour("sim-refused", refused);
        let mut hot = ask("gpt-4o", "Hi");
        hot["temperature"] = json!(3);
        let mut streamed = ask("gpt-4o", "Hi");
        streamed["stream"] = json!(true);
        let requests = json!([
            ask("gpt-4o", "Hi"), hot, streamed, 7, ask("sim-refused", "Hi"),
            {"providerCode": "nobody", "messages": user("Hi")}, ask("gpt-4o-mini", "Hi"),
        ]);

        let results = results(&scene, &json!({"requests": requests})).await;

        let codes: Vec<_> = results.iter().map(|result| result["code"].as_u64().unwrap()).collect();
        assert_eq!(codes, [200, 422, 422, 422, 400, 404, 200]);
        assert_eq!(results[0]["data"]["content"], "first");
        assert_eq!(results[6]["data"]["content"], "last");
        assert_eq!(results[6]["data"]["provider"], "openai");
        assert_eq!(results[0]["error"], Value::Null);
        assert_eq!(results[1]["error"]["details"][0]["field"], "temperature");
        assert_eq!(results[2]["error"]["details"][0]["field"], "stream");
        assert_eq!(results[3]["error"]["type"], "validation_failed");
        assert_eq!(results[4]["error"]["type"], "provider_rejected");
        assert_eq!(results[5]["error"]["type"], "not_found");
        assert_eq!(results[5]["error"]["requestId"], results[5]["requestId"]);
        assert!(results[5]["message"].as_str().unwrap().contains("`nobody`"));
        assert_eq!(results[5]["data"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn each_request_is_a_call_of_its_own_on_record() {
    each_scene(async |scene: Scene<'_>| {
        let requests = json!([ask("gpt-4o", "Hi"), {"messages": []}, ask("gpt-4o", "Hi")]);

        let results = results(&scene, &json!({"requests": requests})).await;

        for (result, status) in results.iter().zip(["success", "error", "success"]) {
            let id = result["requestId"].as_str().unwrap();
            let log = scene.first_log(&format!("requestId={id}")).await;
            assert_eq!((&log["status"], &log["endpoint"]), (&json!(status), &json!(BATCH)));
            assert_eq!(log["httpStatus"], result["code"]);
        }
        assert_eq!(scene.simulator.calls().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_limits_of_the_app_token_hold_for_each_request() {
    each_scene(async |scene: Scene<'_>| {
        let app = scene.app_with(json!({"name": "batch", "rateLimitRpm": 2})).await;
        let requests = vec![ask("gpt-4o", "Hi"); 5];

        let reply = app.post(BATCH, &json!({"requests": requests, "concurrency": 1})).await;

        let data = reply.expect(200).data();
        let codes: Vec<_> =
            data["results"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
        assert_eq!(codes, [200, 200, 429, 429, 429]);
        assert!(data["results"][4]["retryAfter"].as_u64().unwrap() >= 1);
        assert_eq!(scene.simulator.calls().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_asked_and_leaving_cancels_them() {
    each_scene(async |scene: Scene<'_>| {
        for (concurrency, expected) in [(json!(null), 5), (json!(2), 2), (json!(20), 20)] {
            scene.simulator.forget_calls();
            let gate = Gate::new();
            let held = Behaviour::fast().hold(Place::Start, &gate);
            scene.simulator.set_behaviour("gpt-4o", held);
            let body =
                json!({"requests": vec![ask("gpt-4o", "Hi"); 30], "concurrency": concurrency});

            let call = scene.app_user.post(BATCH, &body);
            tokio::select! {
                reply = call => panic!("it waits for the gate: {reply:?}"),
                () = gate.wait_for_waiting(expected) => {}
            }

            // The caller has left: all of them are cancelled, and none follows.
            scene.simulator.wait_for_cancelled(expected).await;
            assert_eq!(scene.simulator.calls().len(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_cannot_be_is_refused_whole() {
    each_scene(async |scene: Scene<'_>| {
        let many = vec![ask("gpt-4o", "Hi"); 101];
        for (body, field) in [
            (json!({}), "requests"),
            (json!({"requests": []}), "requests"),
            (json!({"requests": many}), "requests"),
            (json!({"requests": [ask("gpt-4o", "Hi")], "concurrency": 21}), "concurrency"),
        ] {
            let reply: Reply = scene.app_user.post(BATCH, &body).await;
            assert_eq!(error_of(&reply), (422, "validation_failed".to_owned()));
            assert_eq!(reply.json()["error"]["details"][0]["field"], field);
        }
        let long = format!(r#"{{"requests": [{{"user": "{}"}}]}}"#, "x".repeat(33 << 20));
        let reply = scene.sends(BATCH, "application/json", &long).await;
        assert_eq!(error_of(&reply), (413, "payload_too_large".to_owned()));
        assert!(scene.simulator.calls().is_empty());
    })
    .await;
}
