//! What keys and app tokens have used today, and why keys rest, across restarts of the program.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, ErrorReply, Fault, Simulator};
use tollgate_store::testing::each_empty_database;

use crate::support::Client;
use crate::support::operator::question;
use crate::support::program::{Program, Setup};

/// How each of the keys of `openai` fares, by its name.
async fn states(admin: &Client) -> Vec<Value> {
    let keys = admin.keys("openai").await;
    let told = |key: &Value| {
        json!([
            key["keyName"],
            key["status"],
            key["statusReason"],
            key["coolingUntil"],
            key["rpdUsed"]
        ])
    };
    keys.iter().map(told).collect()
}

async fn add_key(admin: &Client, secret: &str, more: Value) {
    let path = format!("/api/admin/ai-providers/{}/keys", admin.provider("openai").await);
    let mut body = json!({"keyName": secret, "apiKey": secret});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    admin.post(&path, &body).await.expect(201);
}

async fn restarted(setup: &Setup, program: Program) -> (Program, Client) {
    program.stop().await;
    let program = setup.serve().await;
    let admin = program.admin().await;
    (program, admin)
}

#[tokio::test]
async fn states_of_keys_and_their_times_survive() {
    each_empty_database(async |database| {
        let simulator = Simulator::start(Default::default()).await.unwrap();
        let setup = Setup::over(database.url());
        let program = setup.serve().await;
        let admin = program.admin().await;
        admin.simulate("openai", &simulator).await;
        let provider = format!("/api/admin/ai-providers/{}", admin.provider("openai").await);
        admin.put(&provider, &json!({"maxRetries": 0})).await.expect(200);
        let limited = ErrorReply::named("openai.429.rate").unwrap();
        let limited = ErrorReply { headers: Vec::new(), ..limited };
        for (secret, fault, calls) in [
            ("sk-limited", Fault::Error(limited.with_header("retry-after", "600")), 1),
            ("sk-spent", Fault::error("openai.429.quota"), 1),
            ("sk-cooling", Fault::error("openai.500"), 5),
        ] {
            simulator.set_behaviour(secret, Behaviour::failing(fault));
            add_key(&admin, secret, json!({})).await;
            for _ in 0..calls {
                assert_eq!(admin.chat("openai", "sim-chat").await.status / 100, 5, "{secret}");
            }
        }
        let before = states(&admin).await;
        let named = before.iter().map(|state| (state[0].as_str(), state[1].as_str()));
        assert_eq!(
            named.collect::<Vec<_>>(),
            [
                (Some("sk-limited"), Some("rate_limited")),
                (Some("sk-spent"), Some("quota_exceeded")),
                (Some("sk-cooling"), Some("cooling")),
            ]
        );
        assert!(before.iter().all(|state| state[3].is_string()), "{before:?}");

        let (program, admin) = restarted(&setup, program).await;

        assert_eq!(states(&admin).await, before);
        let sent = simulator.calls().len();
        let refused = admin.chat("openai", "sim-chat").await;
        assert_eq!(
            (refused.status, &refused.json()["error"]["code"]),
            (503, &json!("no_available_key"))
        );
        assert_eq!(simulator.calls().len(), sent, "no key that rests was tried");
        program.stop().await;
        simulator.stop().await;
    })
    .await;
}

#[tokio::test]
async fn requests_of_the_day_are_counted_on() {
    each_empty_database(async |database| {
        let simulator = Simulator::start(Default::default()).await.unwrap();
        let setup = Setup::over(database.url());
        let mut program = setup.serve().await;
        let mut admin = program.admin().await;
        admin.simulate("openai", &simulator).await;
        add_key(&admin, "sk-three-a-day", json!({"rateLimitRpd": 3})).await;
        add_key(&admin, "sk-plenty", json!({"priority": 1})).await;
        let token = json!({"name": "five a day", "rateLimitRpd": 5});
        let token = admin.post("/api/admin/app-tokens", &token).await.expect(201).data();
        let token = token["token"].as_str().unwrap().to_owned();

        for expected in [[2, 0], [3, 1], [3, 2]] {
            let app = Client::new(program.url()).with_token(&token);
            let calls = if expected == [3, 2] { 1 } else { 2 };
            for _ in 0..calls {
                let body = question("openai/sim-chat");
                app.post("/v1/chat/completions", &body).await.expect(200);
            }
            let used = ["sk-three-a-day", "sk-plenty"].map(|key| simulator.calls_of(key).len());
            assert_eq!(used, expected);
            (program, admin) = restarted(&setup, program).await;
            let told: Vec<_> =
                admin.keys("openai").await.iter().map(|key| key["rpdUsed"].clone()).collect();
            assert_eq!(told, expected.map(|used| json!(used)));
        }
        let app = Client::new(program.url()).with_token(&token);
        let refused = app.post("/v1/chat/completions", &question("openai/sim-chat")).await;
        assert_eq!(refused.status, 429, "{}", refused.text);
        program.stop().await;
        simulator.stop().await;
    })
    .await;
}
