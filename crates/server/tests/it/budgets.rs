//! Limits and budgets of app tokens, through real HTTP.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, Gate, Place, Simulator, SimulatorConfig};
use tollgate_store::testing::{TestDatabase, servers};

use crate::chat_scene::{Scene, each_scene, error_of, user};
use crate::support::program::{Setup, until};
use crate::support::{Client, Reply};

const OURS: &str = "/api/ai/chat/completions";
const OPENAI: &str = "/v1/chat/completions";
const ANTHROPIC: &str = "/v1/messages";
/// A budget of two cents, in billionths of a dollar.
const TWO_CENTS: i64 = 20_000_000;

fn ask(max_tokens: i64) -> Value {
    json!({"model": "openai/sim-priced", "messages": user("Hi"), "max_tokens": max_tokens})
}

/// Adds a model that costs 0.001 USD for 1,000 prompt tokens and 0.004 USD for 1,000 others.
async fn add_priced_model(admin: &Client) {
    let body = json!({
        "providerId": admin.provider("openai").await,
        "modelCode": "sim-priced",
        "costPer1kPromptTokens": 0.001,
        "costPer1kCompletionTokens": 0.004,
    });
    admin.post("/api/admin/ai-models", &body).await.expect(201);
}

async fn row(admin: &Client, name: &str) -> Value {
    let rows = admin.get("/api/admin/app-tokens").await.expect(200).data();
    rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone()
}

fn nanos(usd: &Value) -> i64 {
    (usd.as_f64().unwrap() * 1e9).round() as i64
}

/// Calls until the budget is spent, and counts the answers.
async fn hammer(app: &Client) -> u32 {
    let mut answers = 0;
    for _ in 0..2_000 {
        let reply = app.post(OPENAI, &ask(50)).await;
        match reply.status {
            200 => answers += 1,
            // Not now: others hold the rest, or a slow database has not answered within the second.
            429 | 503 => {}
            402 => return answers,
            _ => panic!("{}", reply.text),
        }
    }
    panic!("the budget is never spent");
}

#[tokio::test]
async fn two_instances_spend_a_budget_to_its_end_and_never_more() {
    for server in servers() {
        let database = TestDatabase::on_server(&server).await;
        let setup = Setup::over(database.url());
        let (first, second) = (setup.serve().await, setup.serve().await);
        let admin = first.admin().await;
        let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
        admin.simulate("openai", &simulator).await;
        admin.add_key("openai", "sk-one").await;
        add_priced_model(&admin).await;
        let token = json!({"name": "shop", "budgetUsd": 0.02, "budgetPeriod": "day"});
        let made = admin.post("/api/admin/app-tokens", &token).await.expect(201).data();
        let here = Client::new(first.url()).with_token(made["token"].as_str().unwrap());
        let there = here.at(second.url());
        let knows = async || there.get("/v1/models").await.status == 200;
        until(knows).await;

        let callers = (0..12).map(|number| if number % 2 == 0 { &here } else { &there });
        let answers: u32 = join_all(callers.map(hammer)).await.into_iter().sum();

        let path = format!("/api/admin/ai-stats/usage?groupBy=app&appId={}", made["id"]);
        let usage = async || admin.get(&path).await.expect(200).data()[0].clone();
        until(async || usage().await["successCount"] == answers).await;
        let recorded = nanos(&usage().await["totalCost"]);
        assert!(recorded <= TWO_CENTS, "{recorded}");
        assert!(recorded * 10 >= TWO_CENTS * 9, "{recorded} with {answers} answers");
        // Once idle, both have told everything and hold nothing.
        until(async || nanos(&row(&admin, "shop").await["budgetUsedUsd"]) == recorded).await;
        let budget = json!({"budgetUsd": 0.04});
        let path = format!("/api/admin/app-tokens/{}", made["id"]);
        admin.put(&path, &budget).await.expect(200);
        until(async || there.post(OPENAI, &ask(50)).await.status == 200).await;
    }
}

#[tokio::test]
async fn so_many_calls_as_the_limit_says_reach_the_provider_however_many_race() {
    each_scene(async |scene: Scene<'_>| {
        let app = scene.app_with(json!({"name": "shop", "rateLimitRpm": 40})).await;
        let caller = async || {
            let mut statuses = Vec::new();
            for _ in 0..4 {
                statuses.push(app.post(OPENAI, &ask(5)).await.status);
            }
            statuses
        };

        let statuses = join_all((0..32).map(|_| caller())).await.concat();

        let count = |status| statuses.iter().filter(|found| **found == status).count();
        assert_eq!((count(200), count(429)), (40, 88));
        assert_eq!(scene.simulator.calls().len(), 40);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_says_when_to_come_again_in_each_shape_and_is_on_record() {
    each_scene(async |scene: Scene<'_>| {
        let app = scene.app_with(json!({"name": "shop", "rateLimitRpm": 1})).await;
        app.post(OPENAI, &ask(5)).await.expect(200);
        let cases = [
            (
                OURS,
                json!({"providerCode": "openai", "messages": user("Hi")}),
                "/error/type",
                "rate_limited",
            ),
            (OPENAI, ask(5), "/error/code", "rate_limit_exceeded"),
            (ANTHROPIC, ask(5), "/error/type", "rate_limit_error"),
        ];
        for (path, body, place, word) in cases {
            let refused: Reply = app.post(path, &body).await;

            assert_eq!(refused.status, 429, "{}", refused.text);
            assert_eq!(refused.json().pointer(place), Some(&json!(word)), "{}", refused.text);
            let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=61).contains(&seconds), "{seconds}");
            let log = scene.log_of(&refused).await;
            assert_eq!((&log["attempts"], &log["errorCode"]), (&json!(0), &json!("rate_limited")));
        }
    })
    .await;
}

#[tokio::test]
async fn a_budget_that_is_spent_or_cannot_be_kept_is_told_in_each_shape() {
    each_scene(async |scene: Scene<'_>| {
        add_priced_model(&scene.admin).await;
        let broke = scene.app_with(json!({"name": "broke", "budgetUsd": 0.000000001})).await;
        let cases = [
            (
                OURS,
                json!({"model": "openai/sim-priced", "messages": user("Hi")}),
                "/error/type",
                "budget_exceeded",
            ),
            (OPENAI, ask(5), "/error/code", "budget_exceeded"),
            (ANTHROPIC, ask(5), "/error/type", "billing_error"),
        ];
        for (path, body, place, word) in cases {
            let refused = broke.post(path, &body).await;
            assert_eq!(refused.status, 402, "{}", refused.text);
            assert_eq!(refused.json().pointer(place), Some(&json!(word)), "{}", refused.text);
            assert_eq!(scene.log_of(&refused).await["errorCode"], "budget_exceeded");
        }

        let rich = scene.app_with(json!({"name": "rich", "budgetUsd": 5})).await;
        let unpriced = json!({"model": "openai/sim-free", "messages": user("Hi")});
        let refused = rich.post(OPENAI, &unpriced).await;
        assert_eq!(refused.status, 402);
        assert!(refused.text.contains("no known price"), "{}", refused.text);
        assert_eq!(scene.simulator.calls().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_request_asks_for_the_answer_that_the_rest_of_the_budget_affords() {
    each_scene(async |scene: Scene<'_>| {
        add_priced_model(&scene.admin).await;
        // 26 tokens of prompt at most, and 10 of an answer: 26,000 and 40,000 billionths.
        let app = scene.app_with(json!({"name": "shop", "budgetUsd": 0.000066})).await;

        app.post(OPENAI, &ask(5_000)).await.expect(200);

        let sent = scene.simulator.calls()[0].body.clone();
        let sent: Value = serde_json::from_slice(&sent).unwrap();
        assert_eq!(sent["max_tokens"], 10, "{sent}");
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_leaves_releases_what_was_kept_and_pays_what_came() {
    each_scene(async |scene: Scene<'_>| {
        add_priced_model(&scene.admin).await;
        let app = scene.app_with(json!({"name": "shop", "budgetUsd": 0.02})).await;
        let gate = Gate::new();
        scene.simulator.set_behaviour("sim-priced", Behaviour::fast().hold(Place::Middle, &gate));
        let mut body = ask(1_000);
        body["stream"] = true.into();
        let request = app.request(Method::POST, OPENAI).header("content-type", "application/json");
        let mut response = request.body(body.to_string()).send().await.unwrap();
        response.chunk().await.unwrap().expect("content came");
        let usage = app.get("/api/ai/usage").await.expect(200).data();
        assert!(nanos(&usage["budget"]["reservedUsd"]) > 4_000_000, "{usage}");
        assert_eq!(usage["limits"]["inFlight"], 1);

        drop(response);
        scene.simulator.wait_for_cancelled(1).await;
        scene.first_log("status=cancelled").await;

        let usage = app.get("/api/ai/usage").await.expect(200).data();
        let budget = &usage["budget"];
        assert_eq!((&budget["reservedUsd"], &usage["limits"]["inFlight"]), (&json!(0), &json!(0)));
        let used = nanos(&budget["budgetUsedUsd"]);
        assert!(used > 0 && used < 4_000_000, "{usage}");
        assert_eq!(used, nanos(&usage["today"]["costUsd"]));
        assert_eq!(used + nanos(&budget["budgetLeftUsd"]), TWO_CENTS);
        assert_eq!(row(&scene.admin, "shop").await["budgetUsedUsd"], budget["budgetUsedUsd"]);
    })
    .await;
}

#[tokio::test]
async fn budgets_and_limits_are_read_exactly_and_checked() {
    each_scene(async |scene: Scene<'_>| {
        let body = json!({"name": "shop", "budgetUsd": 0.123456789, "budgetPeriod": "month",
            "rateLimitTpm": 1000, "maxConcurrent": 0});
        let made = scene.admin.post("/api/admin/app-tokens", &body).await.expect(201);
        assert!(made.text.contains(r#""budgetUsd":0.123456789"#), "{}", made.text);
        let made = made.data();
        assert_eq!((&made["budgetPeriod"], &made["budgetUsedUsd"]), (&json!("month"), &json!(0)));
        let path = format!("/api/admin/app-tokens/{}", made["id"]);
        let cleared = json!({"budgetUsd": null, "rateLimitTpm": null});
        let changed = scene.admin.put(&path, &cleared).await.expect(200).data();
        assert_eq!((&changed["budgetUsd"], &changed["rateLimitTpm"]), (&Value::Null, &Value::Null));

        for (field, value) in [
            ("budgetUsd", json!(-1)),
            ("budgetUsd", json!(0.0000000001)),
            ("budgetUsd", json!("1")),
            ("budgetPeriod", json!("year")),
            ("rateLimitRpm", json!(-1)),
            ("maxConcurrent", json!(1.5)),
        ] {
            let refused = scene.admin.put(&path, &json!({field: value})).await;
            assert_eq!(error_of(&refused), (422, "validation_failed".to_owned()), "{field}");
        }
        assert_eq!(scene.analyst.get("/api/ai/usage").await.status, 403);
        let own = scene.app_user.get("/api/ai/usage").await.expect(200).data();
        assert_eq!((&own["limits"], &own["budget"]), (&Value::Null, &Value::Null));
    })
    .await;
}
