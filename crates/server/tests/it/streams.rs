//! What goes wrong on the way, through real HTTP: slow readers, callers who leave, providers that
//! stall, cut, lie or break.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, CallEnd, Fault, Gate, Place};

use crate::chat_scene::{Scene, each_scene, error_of, user};

const OURS: &str = "/api/ai/chat/completions";
const OPENAI: &str = "/v1/chat/completions";

fn ask(model: &str) -> Value {
    json!({"model": format!("openai/{model}"), "messages": user("Hi"), "stream": true})
}

#[tokio::test]
async fn a_caller_who_leaves_in_mid_stream_cancels_the_call_upstream() {
    each_scene(async |scene: Scene<'_>| {
        let gate = Gate::new();
        scene.simulator.set_behaviour("sim-chat", Behaviour::fast().hold(Place::Middle, &gate));

        let mut response = scene.opens(OPENAI, &ask("sim-chat")).await;
        assert_eq!(response.status(), 200);
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        response.chunk().await.unwrap().expect("content came");
        drop(response);

        let calls = scene.simulator.wait_for_cancelled(1).await;
        assert_eq!(calls[0].end, CallEnd::ClientLeft);
        let log = scene.first_log(&format!("requestId={id}")).await;
        assert_eq!(log["status"], "cancelled", "{log}");
        assert_eq!(log["isEstimated"], true);
        assert!(log["completionTokens"].as_i64().unwrap() > 0, "{log}");
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_leaves_before_the_answer_cancels_the_call_upstream() {
    each_scene(async |scene: Scene<'_>| {
        let gate = Gate::new();
        scene.simulator.set_behaviour("sim-chat", Behaviour::fast().hold(Place::Head, &gate));
        let body = json!({"model": "openai/sim-chat", "messages": user("Hi")});

        tokio::select! {
            _ = scene.opens(OPENAI, &body) => panic!("the answer is held back"),
            () = gate.wait_for_waiting(1) => {}
        }

        let calls = scene.simulator.wait_for_cancelled(1).await;
        assert_eq!(calls[0].end, CallEnd::ClientLeft);
        let log = scene.first_log("status=cancelled").await;
        assert_eq!(log["endpoint"], OPENAI);
    })
    .await;
}

#[tokio::test]
async fn a_slow_reader_slows_only_their_own_stream() {
    each_scene(async |scene: Scene<'_>| {
        // Some 40 MB of events: more than the buffers of every socket on the way hold together.
        let long = "word ".repeat(150_000);
        scene.simulator.set_behaviour("sim-long", Behaviour::fast().text(long));
        let mut slow = scene.opens(OPENAI, &ask("sim-long")).await.bytes_stream();
        slow.next().await.unwrap().unwrap();

        for _ in 0..3 {
            let quick = scene.streams(OPENAI, &ask("sim-chat")).await;
            assert!(quick.is_done());
        }

        let waiting = &scene.simulator.calls()[0];
        assert_eq!(waiting.end, CallEnd::Running, "the provider waits for the reader");
        drop(slow);
        scene.simulator.wait_for_idle().await;
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_stalls_before_content_is_a_timeout() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"firstTokenTimeoutMs": 300, "maxRetries": 0})).await;

        for model in ["sim-stall-head", "sim-stall-start", "sim-stall-opening"] {
            let reply = scene.app_user.post(OPENAI, &ask(model)).await;

            assert_eq!(reply.status, 504, "{model}");
            assert_eq!(reply.json()["error"]["code"], "provider_timeout", "{model}");
            assert_eq!(reply.header("x-should-retry"), Some("false"), "{model}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_stalls_after_content_ends_the_stream_with_an_error() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"idleTimeoutMs": 300})).await;

        let stream = scene.streams(OPENAI, &ask("sim-stall-middle")).await;

        let last = stream.events().pop().unwrap();
        assert_eq!(last["error"]["code"], "provider_timeout", "{last}");
        assert!(!stream.is_done());
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_cuts_or_ends_too_early_ends_the_stream_with_an_error() {
    each_scene(async |scene: Scene<'_>| {
        for model in
            ["sim-cut-middle", "sim-end-middle", "sim-error-middle-500", "sim-wrong-json-middle"]
        {
            let stream = scene.streams(OPENAI, &ask(model)).await;

            let last = stream.events().pop().unwrap();
            assert_eq!(last["error"]["type"], "server_error", "{model}: {last}");
            assert!(!stream.is_done(), "{model}");
            let log = scene.log_of(&stream.reply).await;
            assert_eq!(log["status"], "error", "{model}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_missing_done_after_the_finish_is_no_error() {
    each_scene(async |scene: Scene<'_>| {
        let stream = scene.streams(OPENAI, &ask("sim-no-done")).await;

        assert!(stream.is_done());
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_lies_about_the_content_type_is_read_for_what_it_sends() {
    each_scene(async |scene: Scene<'_>| {
        for model in ["sim-type-text", "sim-type-json", "sim-no-stream"] {
            let stream = scene.streams(OPENAI, &ask(model)).await;

            assert_eq!(stream.reply.status, 200, "{model}: {:?}", stream.data);
            assert!(stream.is_done(), "{model}");
            let events = stream.events();
            let text: String = events
                .iter()
                .filter_map(|event| event["choices"][0]["delta"]["content"].as_str())
                .collect();
            assert!(!text.is_empty(), "{model}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_error_inside_a_200_is_an_error() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"maxRetries": 0})).await;
        let cases = [
            ("sim-error-first-503", 503),
            ("sim-error-first-500", 502),
            ("sim-html", 502),
            ("sim-empty", 502),
        ];
        for (model, status) in cases {
            let streamed = scene.app_user.post(OPENAI, &ask(model)).await;
            assert_eq!(streamed.status, status, "{model}: {}", streamed.text);
            let whole = json!({"model": format!("openai/{model}"), "messages": user("Hi")});
            let whole = scene.app_user.post(OURS, &whole).await;
            assert_eq!(whole.status, status, "{model}: {}", whole.text);
            scene.reset_keys().await;
        }
    })
    .await;
}

#[tokio::test]
async fn another_key_takes_over_where_one_is_refused() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-sim-error-401", 200).await;
        scene.add_key("sk-sim-error-429-rate", 150).await;
        let body = json!({"providerCode": "openai", "model": "gpt-4o", "messages": user("Hi")});

        let reply = scene.app_user.post(OURS, &body).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.header("x-tollgate-attempts"), Some("3"));
        let call = scene.call_of(&reply).await;
        let attempts = call["attempts"].as_array().unwrap();
        let ends: Vec<_> = attempts.iter().map(|it| it["errorCode"].as_str()).collect();
        assert_eq!(ends, [Some("key_refused"), Some("rate_limited"), None], "{call}");
        assert_eq!(attempts[2]["status"], "success");
        assert_eq!(scene.log_of(&reply).await["attempts"], 3);
    })
    .await;
}

#[tokio::test]
async fn a_streams_first_attempts_may_fail_unseen() {
    each_scene(async |scene: Scene<'_>| {
        scene.add_key("sk-sim-cut-opening", 200).await;

        let stream = scene.streams(OPENAI, &ask("sim-chat")).await;

        assert!(stream.is_done());
        assert_eq!(stream.header("x-tollgate-attempts"), Some("2"));
    })
    .await;
}

#[tokio::test]
async fn a_provider_without_a_usable_key_is_told_with_the_time_to_wait() {
    each_scene(async |scene: Scene<'_>| {
        let limited = Behaviour::failing(Fault::error("openai.429.rate"));
        scene.simulator.set_behaviour("gpt-4o", limited);
        let body = json!({"model": "gpt-4o", "messages": user("Hi")});

        let reply = scene.app_user.post(OPENAI, &body).await;

        assert_eq!(reply.status, 503, "{}", reply.text);
        assert_eq!(reply.json()["error"]["code"], "no_available_key");
        assert!(reply.header("retry-after").is_some(), "the provider said how long");
        let ours = scene.app_user.post(OURS, &body).await;
        assert_eq!(error_of(&ours), (503, "no_available_key".to_owned()));
        let json = ours.json();
        let available = json["error"]["details"][0]["availableAt"].as_str().unwrap();
        assert!(available.len() <= "2026-11-21T08:00:00.000Z".len(), "{available}");
    })
    .await;
}
