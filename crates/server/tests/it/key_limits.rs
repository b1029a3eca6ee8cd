//! Limits of upstream keys, through real HTTP.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, ErrorReply, Fault, Gate, Place};

use crate::chat_scene::{Scene, each_scene, error_of, user};

const CHAT: &str = "/api/ai/chat/completions";
const KEYS: &str = "/api/admin/ai-providers/1/keys";

async fn set_key(scene: &Scene<'_>, change: Value) {
    let key = key(scene).await["id"].clone();
    scene.admin.put(&format!("/api/admin/ai-providers/keys/{key}"), &change).await.expect(200);
}

/// The provider's one key, as the list shows it.
async fn key(scene: &Scene<'_>) -> Value {
    scene.admin.get(KEYS).await.expect(200).data()[0].clone()
}

fn ask(max_tokens: Option<i64>) -> Value {
    let mut body = json!({"model": "openai/sim-chat", "messages": user("Say something")});
    if let Some(max_tokens) = max_tokens {
        body["maxTokens"] = max_tokens.into();
    }
    body
}

#[tokio::test]
async fn of_callers_who_come_at_once_exactly_as_many_reach_the_provider_as_the_limit_says() {
    each_scene(async |scene: Scene<'_>| {
        set_key(&scene, json!({"rateLimitRpm": 40, "rateLimitTpm": 0})).await;
        let caller = async || {
            let mut refused = Vec::new();
            for _ in 0..3 {
                let reply = scene.app_user.post(CHAT, &ask(Some(5))).await;
                if reply.status != 200 {
                    refused.push(reply);
                }
            }
            refused
        };

        let refused: Vec<_> =
            join_all((0..32).map(|_| caller())).await.into_iter().flatten().collect();

        assert_eq!(scene.simulator.calls().len(), 40);
        assert_eq!(refused.len(), 3 * 32 - 40);
        for reply in refused {
            assert_eq!(error_of(&reply), (503, "no_available_key".to_owned()));
            let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=61).contains(&wait), "{wait}");
            let detail = &reply.json()["error"]["details"][0];
            assert!(detail["availableAt"].is_string(), "{detail}");
        }
        let key = key(&scene).await;
        assert_eq!((&key["rpmUsed"], &key["inFlight"]), (&json!(40), &json!(0)));
        assert_eq!(key["headroom"]["rpm"], json!({"limit": 40, "left": 0, "isLearned": false}));
    })
    .await;
}

#[tokio::test]
async fn with_a_bound_on_the_answers_the_token_limit_is_never_passed() {
    each_scene(async |scene: Scene<'_>| {
        const LIMIT: i64 = 1_000;
        set_key(&scene, json!({"rateLimitRpm": 0, "rateLimitTpm": LIMIT})).await;
        let long = "one two three four five six seven eight nine ten ".repeat(20);
        let behaviour = Behaviour::fast().text(long);
        scene.simulator.set_default_behaviour(behaviour);
        let caller = async |number: i64| {
            let mut used = 0;
            for _ in 0..4 {
                let reply = scene.app_user.post(CHAT, &ask(Some(20 + number))).await;
                if reply.status == 200 {
                    used += reply.data()["usage"]["totalTokens"].as_i64().unwrap();
                }
            }
            used
        };

        let used: i64 = join_all((0..32).map(caller)).await.into_iter().sum();

        assert!(used <= LIMIT, "{used} tokens were used");
        assert!(used > LIMIT / 2, "{used} tokens were used");
        assert_eq!(key(&scene).await["tpmUsed"], used);
    })
    .await;
}

#[tokio::test]
async fn without_a_bound_the_limit_is_passed_by_no_more_than_the_calls_in_flight_err() {
    each_scene(async |scene: Scene<'_>| {
        const LIMIT: i64 = 2_000;
        set_key(&scene, json!({"rateLimitRpm": 0, "rateLimitTpm": LIMIT})).await;
        let long = "word ".repeat(400);
        scene.simulator.set_default_behaviour(Behaviour::fast().text(long));
        let calls = (0..64).map(|_| async {
            let reply = scene.app_user.post(CHAT, &ask(None)).await;
            let used = || reply.data()["usage"]["totalTokens"].as_i64().unwrap();
            (reply.status == 200).then(used)
        });

        let used: Vec<i64> = join_all(calls).await.into_iter().flatten().collect();

        // Each was expected to have 256 tokens and its prompt; at most so many were in flight.
        let most = LIMIT / 256;
        let error = used.iter().max().unwrap() - 256;
        assert!(used.iter().sum::<i64>() <= LIMIT + most * error, "{used:?}");
    })
    .await;
}

#[tokio::test]
async fn a_limit_that_is_left_open_is_learned_from_the_provider() {
    each_scene(async |scene: Scene<'_>| {
        assert_eq!(key(&scene).await["headroom"]["rpm"]["limit"], Value::Null);
        set_key(&scene, json!({"rateLimitTpm": 0})).await;
        scene.app_user.post(CHAT, &ask(None)).await.expect(200);

        let key = key(&scene).await;

        let learned = json!({"limit": 500, "left": 499, "isLearned": true});
        assert_eq!(key["headroom"]["rpm"], learned);
        let unlimited = json!({"limit": null, "left": null, "isLearned": false});
        assert_eq!(key["headroom"]["tpm"], unlimited);
        assert_eq!(key["rateLimitRpm"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_limit_is_learned_from_a_refusal_too() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"maxRetries": 0})).await;
        let refusal = ErrorReply::named("openai.429.rate").unwrap();
        let refusal = refusal
            .with_header("x-ratelimit-limit-requests", "70")
            .with_header("x-ratelimit-limit-tokens", "8000");
        scene.simulator.set_default_behaviour(Behaviour::failing(Fault::Error(refusal)));
        scene.app_user.post(CHAT, &ask(None)).await.expect(503);

        let key = key(&scene).await;

        assert_eq!(key["status"], "rate_limited");
        assert_eq!(key["headroom"]["rpm"], json!({"limit": 70, "left": 69, "isLearned": true}));
        assert_eq!(key["headroom"]["tpm"]["limit"], 8_000);
    })
    .await;
}

#[tokio::test]
async fn a_call_waits_in_the_queue_until_another_one_has_ended() {
    each_scene(async |scene: Scene<'_>| {
        scene.set_provider(json!({"queueTimeoutMs": 60_000})).await;
        set_key(&scene, json!({"maxConcurrent": 1})).await;
        let gate = Gate::new();
        scene.simulator.set_default_behaviour(Behaviour::held(Place::Head, &gate));

        let body = ask(None);
        let both = join_all((0..2).map(|_| scene.app_user.post(CHAT, &body)));
        let opening = async {
            gate.wait_for_waiting(1).await;
            assert_eq!(gate.waiting(), 1);
            gate.open();
        };
        let (replies, ()) = tokio::join!(both, opening);

        for reply in replies {
            reply.expect(200);
        }
        assert_eq!(scene.simulator.calls().len(), 2);
    })
    .await;
}
