//! Budgets of app tokens that are spent, and calls that cost more than was kept of one.

use std::time::Duration;

use serde_json::{Value, json};
use tollgate_domain::Clock;

use super::receiver::Receiver;
use super::rules::{Call, given};
use super::{alerts, deliver, each_alerting, open, run, told_at};
use crate::support::TestApp;
use crate::support::operator::question;

const MINUTE: Duration = Duration::from_secs(60);

/// An app token with 10 USD a day.
async fn shop(app: &TestApp) -> Value {
    let token = json!({"name": "shop", "budgetUsd": 10, "budgetPeriod": "day"});
    app.admin.post("/api/admin/app-tokens", &token).await.expect(201).data()
}

/// Lets the token have spent so many nano-USD today.
async fn spend(app: &TestApp, token: &Value, nanos: i64) {
    let (id, day) = (&token["id"], app.clock.now().date_naive());
    for sql in [
        format!("DELETE FROM t_budget_periods WHERE token_id = {id}"),
        format!(
            "INSERT INTO t_budget_periods (token_id, period_start, leased_nanousd, spent_nanousd)
             VALUES ({id}, '{day}', {nanos}, {nanos})"
        ),
    ] {
        app.app.store.execute_sql(&sql).await.unwrap();
    }
}

/// Looks at the budgets and sends what there is to tell.
async fn check(app: &TestApp) {
    run(app, "alert-budgets", MINUTE).await;
    deliver(app).await;
}

#[tokio::test]
async fn a_budget_is_told_at_80_and_at_100_percent_in_each_period() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        let token = shop(app).await;
        spend(app, &token, 7_999_999_999).await;
        check(app).await;
        assert!(receiver.told().is_empty());

        spend(app, &token, 8_000_000_000).await;
        check(app).await;
        check(app).await;
        assert_eq!(receiver.told(), ["fired budget_spent"]);
        assert_eq!(open(app, "budget_spent").await, ["warning"]);
        spend(app, &token, 10_000_000_000).await;
        check(app).await;
        check(app).await;
        assert_eq!(receiver.told(), ["fired budget_spent"]);
        assert_eq!(open(app, "budget_spent").await, ["critical", "warning"]);

        // The next day there is all of it again, and then it is spent again.
        app.clock.advance(Duration::from_secs(86_400));
        check(app).await;
        assert_eq!(receiver.told(), ["resolved budget_spent", "resolved budget_spent"]);
        spend(app, &token, 9_000_000_000).await;
        check(app).await;
        assert_eq!(receiver.told(), ["fired budget_spent"]);
    })
    .await;
}

#[tokio::test]
async fn a_budget_whose_rest_is_too_little_for_any_call_counts_as_spent() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        let token = shop(app).await;
        spend(app, &token, 9_000_000_000).await;
        let refused = Call {
            status: "error",
            error_code: Some("budget_exceeded"),
            app_id: token["id"].as_i64(),
            ..Call::default()
        };
        given(app, database, 1, refused).await;
        check(app).await;
        assert_eq!(receiver.told(), ["fired budget_spent", "fired budget_spent"]);
        // It stays so, though nobody tries any more, until there is more of it.
        app.clock.advance(10 * MINUTE);
        check(app).await;
        assert_eq!(open(app, "budget_spent").await, ["critical", "warning"]);

        let path = format!("/api/admin/app-tokens/{}", token["id"]);
        app.admin.put(&path, &json!({"budgetUsd": 20})).await.expect(200);
        check(app).await;

        assert_eq!(receiver.told(), ["resolved budget_spent", "resolved budget_spent"]);
    })
    .await;
}

#[tokio::test]
async fn a_call_that_cost_more_than_was_kept_for_it_is_told() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        let provider = Receiver::start().await;
        let change = json!({"baseUrl": provider.url("/v1")});
        app.admin.put("/api/admin/ai-providers/1", &change).await.expect(200);
        app.admin.add_key("openai", "sk-plain").await;
        let caller = app.app_token(&json!({"name": "shop", "budgetUsd": 10})).await;
        // The provider counts more than the request could have.
        let answer = json!({"id": "c1", "object": "chat.completion", "created": 1, "model": "gpt-4o",
            "choices": [{"index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": "hello"}}],
            "usage": {"prompt_tokens": 500_000, "completion_tokens": 2, "total_tokens": 500_002}});
        provider.answer(200, &answer.to_string());

        caller.post("/v1/chat/completions", &question("gpt-4o")).await.expect(200);
        app.app.engine.flush().await;
        deliver(app).await;

        let told = receiver.told();
        assert!(told.contains(&"fired cost_above_bound".to_owned()), "{told:?}");
        let [alert] = &alerts(app, "kind=cost_above_bound").await[..] else { panic!("one alert") };
        assert_eq!((&alert["subject"], &alert["level"]), (&json!("shop"), &json!("warning")));
        let cost = |name: &str| alert["payload"][name].as_f64().unwrap();
        assert!(cost("costUsd") > cost("keptUsd"), "{alert}");
    })
    .await;
}
