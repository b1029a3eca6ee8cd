//! Kimi's keys from the environment: two of them carry twice as much.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Fault, Gate, Place};
use tollgate_store::testing::each_empty_database;

use crate::support::{Reply, TestApp, environment};

const KEYS: [&str; 2] = ["sk-kimi-canary-one", "sk-kimi-canary-two"];

/// Runs a test against a server whose environment has so many of Kimi's keys.
async fn each_app_with_keys(keys: usize, test: impl AsyncFn(&TestApp)) {
    each_empty_database(async |database| {
        let mut environment = environment(database.url());
        let names = ["KIMI_API_KEY_1", "KIMI_API_KEY_2"];
        let pairs = names.into_iter().zip(KEYS.map(str::to_owned)).take(keys);
        environment.extend(pairs);
        let app = TestApp::start_with(environment).await;
        app.admin.simulate("moonshot", &app.simulator).await;
        for key in KEYS {
            app.simulator.set_behaviour(key, Behaviour::default().text("Ok"));
        }
        test(&app).await;
        app.stop().await;
    })
    .await;
}

/// A call of few tokens, or of as many as it says.
fn question(max_tokens: i64) -> Value {
    let messages = json!([{"role": "user", "content": "Hi"}]);
    json!({"model": "moonshot/kimi-sim", "messages": messages, "max_tokens": max_tokens})
}

async fn ask(app: &TestApp, max_tokens: i64) -> Reply {
    app.app_user.post("/v1/chat/completions", &question(max_tokens)).await
}

fn sent(app: &TestApp) -> [usize; 2] {
    KEYS.map(|key| app.simulator.calls_of(key).len())
}

/// Whether both carried the same within a tenth.
fn is_even([one, two]: [usize; 2]) -> bool {
    one.abs_diff(two) * 10 <= one + two
}

#[tokio::test]
async fn two_keys_admit_twice_the_requests_of_one_and_share_them() {
    for keys in [1, 2] {
        each_app_with_keys(keys, async |app: &TestApp| {
            // Only the requests are to count here.
            for key in app.admin.keys("moonshot").await {
                assert_eq!(
                    (&key["rateLimitRpm"], &key["rateLimitTpm"]),
                    (&json!(200), &json!(5_000))
                );
                let path = format!("/api/admin/ai-providers/keys/{}", key["id"]);
                app.admin.put(&path, &json!({"rateLimitTpm": 0})).await.expect(200);
            }

            let first = join_all((0..100).map(|_| ask(app, 1))).await;
            assert!(first.iter().all(|reply| reply.status == 200));
            assert!(keys == 1 || is_even(sent(app)), "{:?}", sent(app));

            let rest = join_all((0..350).map(|_| ask(app, 1))).await;
            let admitted = rest.iter().filter(|reply| reply.status == 200).count();
            assert_eq!(100 + admitted, 200 * keys);
            assert_eq!(sent(app).iter().sum::<usize>(), 200 * keys);
            assert!(keys == 1 || is_even(sent(app)), "{:?}", sent(app));
            for refused in rest.iter().filter(|reply| reply.status != 200) {
                assert_eq!(refused.status, 503, "{}", refused.text);
                assert_eq!(refused.json()["error"]["code"], "no_available_key");
                let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=61).contains(&seconds), "{seconds}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn two_keys_admit_twice_the_tokens_of_one_and_share_them() {
    for keys in [1, 2] {
        each_app_with_keys(keys, async |app: &TestApp| {
            let gate = Gate::new();
            for key in KEYS {
                app.simulator.set_behaviour(key, Behaviour::default().hold(Place::Head, &gate));
            }

            // Five calls of 900 tokens and their prompts fit into 5,000, and not six.
            let calls = join_all((0..14).map(|_| ask(app, 900)));
            let opening = async {
                gate.wait_for_waiting(5 * keys).await;
                gate.open();
            };
            let (replies, ()) = tokio::join!(calls, opening);

            let admitted = replies.iter().filter(|reply| reply.status == 200).count();
            assert_eq!(sent(app).iter().sum::<usize>(), admitted);
            assert!(admitted >= 5 * keys, "{admitted}");
            assert!(keys == 1 || is_even(sent(app)), "{:?}", sent(app));
        })
        .await;
    }
}

#[tokio::test]
async fn one_failing_key_costs_callers_nothing_and_two_give_the_documented_error() {
    each_app_with_keys(2, async |app: &TestApp| {
        for fault in ["429", "401", "402"] {
            app.simulator.set_behaviour(KEYS[0], Behaviour::failing(Fault::error(fault)));
            let before = sent(app)[1];
            for _ in 0..10 {
                let reply = ask(app, 1).await.expect(200);
                app.app.engine.flush().await;
                let path = format!("/api/admin/ai-stats/logs/{}", reply.request_id());
                let log = app.admin.get(&path).await.expect(200);
                assert!(!log.text.contains("waitedMs"), "{}", log.text);
            }
            assert_eq!(sent(app)[1] - before, 10);
            for key in app.admin.keys("moonshot").await {
                let path = format!("/api/admin/ai-providers/keys/{}/reset", key["id"]);
                app.admin.post(&path, &json!({})).await.expect(200);
            }
        }

        for key in KEYS {
            app.simulator.set_behaviour(key, Behaviour::failing(Fault::error("429")));
        }
        let reply = ask(app, 1).await;
        assert_eq!(reply.status, 503, "{}", reply.text);
        assert_eq!(reply.json()["error"]["code"], "no_available_key");
        assert!(reply.header("retry-after").is_some());
        assert!(!reply.text.contains("canary"), "{}", reply.text);
    })
    .await;
}

#[tokio::test]
async fn however_many_callers_a_failing_key_meets_at_once_all_of_them_are_answered() {
    each_app_with_keys(2, async |app: &TestApp| {
        let keys = app.admin.keys("moonshot").await;
        let paths = keys.iter().map(|key| format!("/api/admin/ai-providers/keys/{}", key["id"]));
        let paths: Vec<String> = paths.collect();
        for path in &paths {
            let unlimited = json!({"rateLimitRpm": 0, "rateLimitTpm": 0});
            app.admin.put(path, &unlimited).await.expect(200);
        }
        let errors = ["429", "401", "402", "500"].map(Fault::error);
        for fault in errors.into_iter().chain([Fault::Cut(Place::Head), Fault::html(200)]) {
            app.simulator.set_behaviour(KEYS[0], Behaviour::failing(fault.clone()));

            let replies = join_all((0..60).map(|_| ask(app, 1))).await;

            let answered = replies.iter().filter(|reply| reply.status == 200).count();
            assert_eq!(answered, 60, "{fault:?}");
            app.app.engine.flush().await;
            for path in &paths {
                app.admin.post(&format!("{path}/reset"), &json!({})).await.expect(200);
            }
        }
    })
    .await;
}
