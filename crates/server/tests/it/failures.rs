//! The table of failure classes, row by row: what the caller sees, how many calls each key gets, and
//! how the key stands afterwards.

mod routes;
mod table;

use std::time::Duration;

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Place};

use crate::chat_scene::{Scene, each_scene, user};
use crate::support::{PATIENCE, Reply};
use table::{ROWS, Row};

const CHAT: &str = "/v1/chat/completions";
/// The keys of the provider `openai`, in the order in which they are used, and that of `deepseek`,
/// which the route's second target is at.
const FIRST: &str = "sk-first";
const SECOND: &str = "sk-second";
const ELSEWHERE: &str = "sk-plain-deepseek";

/// A scene whose provider `openai` has two keys, with the route `way` from it to `deepseek`.
async fn each_scene_with_a_route(test: impl AsyncFn(&Scene<'_>)) {
    each_scene(async |scene: Scene<'_>| {
        for key in scene.admin.keys("openai").await {
            let path = format!("/api/admin/ai-providers/keys/{}", key["id"]);
            scene.admin.delete(&path).await.expect(200);
        }
        scene.add_key(FIRST, 200).await;
        scene.add_key(SECOND, 100).await;
        let route = json!({"alias": "way", "targets": [
            {"providerCode": "openai", "modelCode": "sim-chat"},
            {"providerCode": "deepseek", "modelCode": "sim-chat"}]});
        scene.admin.post("/api/admin/ai-routes", &route).await.expect(201);
        test(&scene).await;
    })
    .await;
}

impl Scene<'_> {
    /// Keys fail like this from now on, all that is known of them forgotten.
    async fn fail(&self, row: &Row, keys: &[&str], retries: u32) {
        self.app.engine.flush().await;
        self.reset_keys().await;
        let timeout = if row.is_silent { 300 } else { 120_000 };
        let change = json!({"maxRetries": retries, "firstTokenTimeoutMs": timeout});
        self.set_provider(change).await;
        for key in [FIRST, SECOND] {
            self.simulator.clear_behaviour(key);
        }
        for key in keys {
            self.simulator.set_behaviour(key, Behaviour::failing((row.fault)()));
        }
        self.simulator.forget_calls();
    }

    async fn asks(&self, model: &str) -> Reply {
        self.app_user.post(CHAT, &json!({"model": model, "messages": user("Hi")})).await
    }

    /// Chats that came with each key, checks of keys apart.
    fn chats(&self) -> [usize; 3] {
        [FIRST, SECOND, ELSEWHERE].map(|key| {
            let calls = self.simulator.calls_of(key);
            calls.iter().filter(|call| call.path.ends_with("/chat/completions")).count()
        })
    }

    /// The key's status and errors once the status is `status`, which a check may have to tell.
    async fn stands(&self, key: &str, status: &str) -> i64 {
        let found = async {
            loop {
                let keys = self.admin.keys("openai").await;
                let row = keys.iter().find(|row| row["keyName"] == key).unwrap();
                if row["status"] == status {
                    return row["errorCount"].as_i64().unwrap();
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("{key}: {status}"))
    }
}

#[tokio::test]
async fn a_failing_key_costs_the_caller_nothing_where_another_one_can_help() {
    each_scene_with_a_route(async |scene| {
        for row in ROWS {
            scene.fail(row, &[FIRST], 3 * u32::from(row.goes_to_other_key)).await;

            let reply = scene.asks("openai/sim-chat").await;

            let (status, chats) =
                if row.goes_to_other_key { (200, [1, 1, 0]) } else { (row.status, [1, 0, 0]) };
            assert_eq!(reply.status, status, "{}: {}", row.class, reply.text);
            assert_eq!(scene.chats(), chats, "{}", row.class);
            assert_eq!(scene.stands(FIRST, row.key_status).await, row.errors, "{}", row.class);
            assert_eq!(scene.stands(SECOND, "normal").await, 0, "{}", row.class);
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_failure_decides_what_the_caller_is_told() {
    each_scene_with_a_route(async |scene| {
        for row in ROWS {
            scene.fail(row, &[FIRST, SECOND], u32::from(row.goes_to_other_key)).await;

            let reply = scene.asks("openai/sim-chat").await;

            assert_eq!(reply.status, row.status, "{}: {}", row.class, reply.text);
            let error = &reply.json()["error"];
            if let Some(code) = row.code {
                assert_eq!(error["code"], code, "{}: {}", row.class, reply.text);
            }
            let others = usize::from(row.goes_to_other_key);
            assert_eq!(scene.chats(), [1, others, 0], "{}", row.class);
            assert_eq!(reply.header("retry-after").is_some(), row.has_retry_after, "{}", row.class);
            for key in [FIRST, SECOND].into_iter().take(1 + others) {
                assert_eq!(scene.stands(key, row.key_status).await, row.errors, "{}", row.class);
            }
            let log = scene.log_of(&reply).await;
            assert_eq!(log["errorCode"], row.class, "{log}");
            assert_eq!(log["attempts"], 1 + others, "{log}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_next_target_answers_where_no_key_of_the_first_can() {
    each_scene_with_a_route(async |scene| {
        for row in ROWS {
            scene.fail(row, &[FIRST, SECOND], 3 * u32::from(row.goes_to_target)).await;

            let reply = scene.asks("way").await;

            let status = if row.goes_to_target { 200 } else { row.status };
            assert_eq!(reply.status, status, "{}: {}", row.class, reply.text);
            let others = usize::from(row.goes_to_other_key);
            let elsewhere = usize::from(row.goes_to_target);
            assert_eq!(scene.chats(), [1, others, elsewhere], "{}", row.class);
            if row.goes_to_target {
                assert_eq!(reply.header("x-tollgate-provider"), Some("deepseek"));
                let attempts = (2 + others).to_string();
                assert_eq!(reply.header("x-tollgate-attempts"), Some(attempts.as_str()));
                let call = scene.call_of(&reply).await;
                let last = call["route"].as_array().unwrap().last().unwrap().clone();
                assert_eq!(last["routing"]["after"], row.class, "{call}");
                assert_eq!(last["routing"]["by"], "next_target", "{call}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn anthropics_callers_get_the_same() {
    each_scene_with_a_route(async |scene| {
        for row in ROWS {
            scene.fail(row, &[FIRST, SECOND], 3 * u32::from(row.goes_to_target)).await;
            let body = json!({"model": "way", "max_tokens": 20, "messages": user("Hi")});

            let reply = scene.app_user.post("/v1/messages", &body).await;

            let elsewhere = usize::from(row.goes_to_target);
            assert_eq!(reply.status == 200, row.goes_to_target, "{}: {}", row.class, reply.text);
            let others = usize::from(row.goes_to_other_key);
            assert_eq!(scene.chats(), [1, others, elsewhere], "{}", row.class);
        }
    })
    .await;
}

#[tokio::test]
async fn a_call_whose_time_is_up_is_tried_nowhere_else() {
    each_scene_with_a_route(async |scene| {
        let stall = Behaviour::failing(Fault::Stall(Place::Head, None));
        scene.simulator.set_behaviour(FIRST, stall);
        let body = json!({"model": "way", "messages": user("Hi"), "timeoutMs": 300});

        let reply = scene.app_user.post("/api/ai/chat/completions", &body).await;

        assert_eq!(
            (reply.status, reply.json()["error"]["type"].as_str()),
            (504, Some("provider_timeout"))
        );
        assert_eq!(scene.chats(), [1, 0, 0]);
        assert_eq!(scene.stands(FIRST, "normal").await, 0);
        assert_eq!(scene.log_of(&reply).await["errorCode"], "deadline");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_tried_again_once_content_was_sent() {
    each_scene_with_a_route(async |scene| {
        scene.simulator.set_behaviour(FIRST, Behaviour::failing(Fault::Cut(Place::Middle)));
        let body = json!({"model": "way", "messages": user("Hi"), "stream": true});

        let sse = scene.streams(CHAT, &body).await;

        assert_eq!(sse.reply.status, 200);
        assert!(!sse.is_done());
        assert_eq!(sse.events().last().unwrap()["error"]["code"], "provider_error");
        assert_eq!(scene.chats(), [1, 0, 0]);
        assert_eq!(scene.stands(FIRST, "normal").await, 0);
        assert_eq!(scene.log_of(&sse.reply).await["errorCode"], "after_content");
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_leaves_cancels_the_call_and_costs_what_was_used() {
    each_scene_with_a_route(async |scene| {
        let stall = Behaviour::failing(Fault::Stall(Place::Middle, None));
        scene.simulator.set_behaviour(FIRST, stall);
        let body = json!({"model": "way", "messages": user("Hi"), "stream": true});

        let response = scene.opens(CHAT, &body).await;
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        drop(response);
        scene.simulator.wait_for_cancelled(1).await;

        let log = scene.first_log(&format!("requestId={id}")).await;
        assert_eq!(
            (&log["status"], &log["errorCode"]),
            (&json!("cancelled"), &json!("caller_left"))
        );
        assert_eq!(log["isEstimated"], true);
        assert!(log["completionTokens"].as_i64().unwrap() > 0, "{log}");
        assert_eq!(scene.chats(), [1, 0, 0]);
        assert_eq!(scene.stands(FIRST, "normal").await, 0);
    })
    .await;
}

#[tokio::test]
async fn five_failures_in_a_row_cool_a_key_until_a_trial_or_a_probe_puts_it_back() {
    each_scene_with_a_route(async |scene| {
        let broken = ROWS.iter().find(|row| row.class == "transient").unwrap();
        scene.fail(broken, &[FIRST], 3).await;
        for errors in 1..=5 {
            assert_eq!(scene.asks("openai/sim-chat").await.status, 200);
            let status = if errors < 5 { "normal" } else { "cooling" };
            assert_eq!(scene.stands(FIRST, status).await, errors);
        }
        scene.asks("openai/sim-chat").await.expect(200);
        assert_eq!(scene.chats(), [5, 6, 0], "a cooling key is not asked");

        // After 30 s one call tries it; it fails, and the key cools twice as long.
        scene.clock.advance(Duration::from_secs(31));
        scene.asks("openai/sim-chat").await.expect(200);
        assert_eq!(scene.stands(FIRST, "cooling").await, 6);
        scene.clock.advance(Duration::from_secs(31));
        scene.asks("openai/sim-chat").await.expect(200);
        assert_eq!(scene.chats(), [6, 8, 0]);

        // A probe that the key's provider answers puts it back before its time.
        scene.simulator.clear_behaviour(FIRST);
        scene.app.engine.probe_keys().await;
        scene.stands(FIRST, "normal").await;
        scene.asks("openai/sim-chat").await.expect(200);
        assert_eq!(scene.chats(), [7, 8, 0]);
        assert_eq!(scene.stands(FIRST, "normal").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_refused_key_that_its_provider_takes_again_is_found_by_a_probe() {
    each_scene_with_a_route(async |scene| {
        let refused = ROWS.iter().find(|row| row.class == "key_refused").unwrap();
        scene.fail(refused, &[FIRST], 3).await;
        scene.asks("openai/sim-chat").await.expect(200);
        scene.stands(FIRST, "invalid").await;

        scene.app.engine.probe_keys().await;
        scene.stands(FIRST, "invalid").await;
        scene.simulator.clear_behaviour(FIRST);
        scene.app.engine.probe_keys().await;

        assert_eq!(scene.stands(FIRST, "normal").await, 0);
        scene.asks("openai/sim-chat").await.expect(200);
        assert_eq!(scene.chats(), [2, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_overloaded_five_times_in_a_row_rests_until_a_trial() {
    each_scene_with_a_route(async |scene| {
        let overloaded = ROWS.iter().find(|row| row.class == "overloaded").unwrap();
        scene.fail(overloaded, &[FIRST], 0).await;
        for _ in 0..5 {
            scene.asks("openai/sim-chat").await.expect(503);
        }

        let refused: Value = scene.asks("openai/sim-chat").await.expect(503).json();
        assert_eq!(refused["error"]["code"], "no_available_key");
        assert_eq!(scene.chats(), [5, 0, 0], "no key of that address is asked");
        assert_eq!(scene.stands(FIRST, "normal").await, 0);

        scene.clock.advance(Duration::from_secs(31));
        scene.simulator.clear_behaviour(FIRST);
        scene.asks("openai/sim-chat").await.expect(200);
        assert_eq!(scene.chats(), [6, 0, 0]);
    })
    .await;
}
