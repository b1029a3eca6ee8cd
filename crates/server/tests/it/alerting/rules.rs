//! Each rule: it fires once, stays one, is over with a notice, and fires again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tollgate_domain::Clock;
use tollgate_simulator::{Behaviour, Fault};
use tollgate_store::testing::TestDatabase;

use super::receiver::Receiver;
use super::{alerts, deliver, each_alerting, open, run, set_alerts, told_at};
use crate::support::TestApp;

const MINUTE: Duration = Duration::from_secs(60);

/// A call on record.
pub(super) struct Call<'c> {
    pub(super) status: &'c str,
    pub(super) error_code: Option<&'c str>,
    pub(super) provider_id: i64,
    pub(super) model_code: &'c str,
    pub(super) app_id: Option<i64>,
}

impl Default for Call<'_> {
    fn default() -> Self {
        Self {
            status: "success",
            error_code: None,
            provider_id: 1,
            model_code: "a-model",
            app_id: None,
        }
    }
}

/// Puts calls on record that arrive now, without a price.
pub(super) async fn given(app: &TestApp, database: &TestDatabase, count: usize, call: Call<'_>) {
    let now = moment(app.clock.now(), database);
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
    let error = or_null(call.error_code.map(|code| format!("'{code}'")));
    let app_id = or_null(call.app_id.map(|id| id.to_string()));
    let Call { status, provider_id, model_code, .. } = call;
    let row = || {
        let id = rand::random::<u128>();
        format!(
            "(X'{id:032x}', 1, TRUE, '{now}', '{now}', '/v1/chat/completions', '{status}', {error},
            'provider', {provider_id}, '{model_code}', {app_id})"
        )
    };
    let rows: Vec<String> = (0..count).map(|_| row()).collect();
    if rows.is_empty() {
        return;
    }
    let sql = format!(
        "INSERT INTO t_ai_api_logs (request_id, attempt, is_final, created_at, started_at, endpoint,
            status, error_code, usage_source, provider_id, model_code, app_id)
        VALUES {}",
        rows.join(", ")
    );
    app.app.store.execute_sql(&sql).await.unwrap();
}

/// A moment as the columns of each database have it.
fn moment(at: DateTime<Utc>, database: &TestDatabase) -> String {
    let format =
        if database.is_server() { "%Y-%m-%d %H:%M:%S%.3f" } else { "%Y-%m-%dT%H:%M:%S%.3f+00:00" };
    at.format(format).to_string()
}

/// Puts so many calls on record that ended like this and like that.
pub(super) async fn given_calls(
    app: &TestApp,
    database: &TestDatabase,
    (one, status): (usize, &str),
    (other, other_status): (usize, &str),
) {
    given(app, database, one, Call { status, ..Call::default() }).await;
    given(app, database, other, Call { status: other_status, ..Call::default() }).await;
}

#[tokio::test]
async fn a_high_error_rate_is_told_once_until_it_is_over_and_then_anew() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        // Few calls, and then a low rate, say nothing.
        given_calls(app, database, (19, "error"), (0, "success")).await;
        run(app, "alert-error-rate", Duration::ZERO).await;
        assert!(alerts(app, "").await.is_empty());
        app.clock.advance(6 * MINUTE);
        given_calls(app, database, (1, "error"), (19, "success")).await;
        assert_eq!(run(app, "alert-error-rate", Duration::ZERO).await, "1 of 20 calls failed");
        assert!(alerts(app, "").await.is_empty());

        for _ in 0..2 {
            app.clock.advance(6 * MINUTE);
            for _ in 0..2 {
                given_calls(app, database, (4, "error"), (26, "success")).await;
                run(app, "alert-error-rate", 5 * MINUTE - MINUTE / 60).await;
                deliver(app).await;
            }
            assert_eq!(receiver.told(), ["fired error_rate"]);
            assert_eq!(open(app, "error_rate").await, ["warning"]);

            run(app, "alert-error-rate", 10 * MINUTE).await;
            deliver(app).await;
            assert_eq!(receiver.told(), ["resolved error_rate"]);
            assert!(open(app, "error_rate").await.is_empty());
        }
        assert_eq!(alerts(app, "kind=error_rate").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_model_without_a_price_is_told_until_it_has_one() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        let model = json!({"providerId": 1, "modelCode": "new-model"});
        let model = app.admin.post("/api/admin/ai-models", &model).await.expect(201).data();
        let call = || Call { model_code: "new-model", ..Call::default() };
        given(app, database, 3, call()).await;
        for _ in 0..2 {
            run(app, "alert-unpriced", 5 * MINUTE).await;
            deliver(app).await;
        }
        assert_eq!(receiver.told(), ["fired model_unpriced"]);
        let [alert] = &alerts(app, "kind=model_unpriced").await[..] else { panic!("one alert") };
        assert_eq!(alert["subject"], "openai / new-model");

        // Nobody calls it any more, and it still has no price.
        run(app, "alert-unpriced", Duration::from_secs(2 * 86_400)).await;
        assert_eq!(open(app, "model_unpriced").await, ["warning"]);
        let price = json!({"costPer1kPromptTokens": 0.001, "costPer1kCompletionTokens": 0.002});
        let path = format!("/api/admin/ai-models/{}/prices", model["id"]);
        app.admin.post(&path, &price).await.expect(201);
        run(app, "alert-unpriced", 5 * MINUTE).await;
        deliver(app).await;
        assert_eq!(receiver.told(), ["resolved model_unpriced"]);

        // Calls beyond the known tiers have no price either.
        given(app, database, 1, call()).await;
        run(app, "alert-unpriced", 5 * MINUTE).await;
        assert_eq!(open(app, "model_unpriced").await, ["warning"]);
        run(app, "alert-unpriced", 30 * MINUTE).await;
        assert!(open(app, "model_unpriced").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_model_in_use_that_is_shut_down_soon_is_told() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        set_alerts(&app.admin, json!({"shutdownDays": 10})).await;
        app.with_key("sk-plain").await;
        run(app, "alert-shutdown", Duration::from_secs(3_600)).await;
        deliver(app).await;
        receiver.take();
        let before = open(app, "model_shutdown").await.len();
        let day = |days| (app.clock.now() + TimeDelta::days(days)).date_naive().to_string();
        let new = json!({"providerId": 1, "modelCode": "old-model", "shutdownDate": day(12)});
        let model = app.admin.post("/api/admin/ai-models", &new).await.expect(201).data();
        let path = format!("/api/admin/ai-models/{}", model["id"]);
        let check = async |later: Duration| {
            run(app, "alert-shutdown", later).await;
            deliver(app).await;
            receiver.told()
        };

        assert!(check(Duration::from_secs(3_600)).await.is_empty());
        app.admin.put(&path, &json!({"shutdownDate": day(9)})).await.expect(200);
        assert_eq!(check(Duration::from_secs(3_600)).await, ["fired model_shutdown"]);
        assert!(check(Duration::from_secs(3_600)).await.is_empty());
        assert_eq!(open(app, "model_shutdown").await.len(), before + 1);
        app.admin.put(&path, &json!({"isActive": false})).await.expect(200);
        assert_eq!(check(Duration::from_secs(3_600)).await, ["resolved model_shutdown"]);
        app.admin.put(&path, &json!({"isActive": true})).await.expect(200);
        assert_eq!(check(Duration::from_secs(3_600)).await, ["fired model_shutdown"]);
    })
    .await;
}

#[tokio::test]
async fn keys_that_are_not_normal_are_found_by_the_sure_check_too() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        let key = app.with_key("sk-plain").await;
        assert_eq!(run(app, "alert-keys", 30 * MINUTE).await, "every active key is normal");
        let state = async |status: &str| {
            let sql = format!("UPDATE t_ai_api_keys SET status = '{status}' WHERE id = {key}");
            app.app.store.execute_sql(&sql).await.unwrap();
        };

        for _ in 0..2 {
            state("quota_exceeded").await;
            for _ in 0..2 {
                let ran = run(app, "alert-keys", 30 * MINUTE).await;
                assert_eq!(ran, "1 active key is not normal");
                deliver(app).await;
            }
            assert_eq!(receiver.told(), ["fired key_unavailable", "fired provider_without_key"]);
            state("normal").await;
            run(app, "alert-keys", 30 * MINUTE).await;
            deliver(app).await;
            let mut over = receiver.told();
            over.sort();
            assert_eq!(over, ["resolved key_unavailable", "resolved provider_without_key"]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_that_fails_calls_is_told_at_its_level() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        let hook = json!({"name": "ops", "type": "generic", "url": receiver.url("/"),
            "levels": ["warning", "critical"]});
        set_alerts(&app.admin, json!({"webhooks": [hook]})).await;
        app.with_key("sk-limited").await;
        app.simulator.set_behaviour("sk-limited", Behaviour::failing(Fault::error("openai.429")));

        app.admin.chat("openai", "sim-chat").await.expect(503);
        app.app.engine.flush().await;
        deliver(app).await;

        // That the key rests passes by itself; that no key is left does not.
        assert_eq!(receiver.told(), ["fired provider_without_key"]);
    })
    .await;
}

#[tokio::test]
async fn a_single_event_is_over_when_an_hour_has_passed_without_another() {
    use tollgate_domain::AppTokenId;
    use tollgate_domain::alert::{AlertCondition, AlertKind, AlertLevel, Condition};
    use tollgate_store::alerts::Scope;

    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        let condition = AlertCondition::AboveBound(AppTokenId::new(7));
        let raise = async || {
            let wrong = Condition {
                condition: condition.clone(),
                kind: AlertKind::CostAboveBound,
                level: AlertLevel::Warning,
                subject: "shop".to_owned(),
                message: "a call cost more".to_owned(),
                payload: json!({"seenAt": app.clock.now()}),
            };
            let now = app.clock.now();
            app.app.store.alerts().settle(Scope::Only(&condition), &[wrong], now).await.unwrap();
        };
        for _ in 0..2 {
            raise().await;
            run(app, "alert-stale", 40 * MINUTE).await;
            raise().await;
            run(app, "alert-stale", 40 * MINUTE).await;
            assert_eq!(open(app, "cost_above_bound").await, ["warning"]);
            run(app, "alert-stale", 40 * MINUTE).await;
            deliver(app).await;
            deliver(app).await;
            assert_eq!(receiver.told(), ["fired cost_above_bound", "resolved cost_above_bound"]);
        }
    })
    .await;
}
