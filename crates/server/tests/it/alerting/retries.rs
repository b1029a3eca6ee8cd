//! Notices that are not taken at once.

use std::time::Duration;

use serde_json::{Value, json};

use super::receiver::Receiver;
use super::rules::given_calls;
use super::{alerting_app, alerts, deliver, each_alerting, run, set_alerts, told_at};
use crate::support::TestApp;

/// The first notice of the newest alert.
async fn first(app: &TestApp) -> Value {
    alerts(app, "").await[0]["deliveries"][0].clone()
}

#[tokio::test]
async fn a_notice_is_sent_again_after_longer_and_longer_pauses_until_it_is_taken() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        given_calls(app, database, (20, "error"), (0, "success")).await;
        run(app, "alert-error-rate", Duration::ZERO).await;
        receiver.answer(500, "boom");
        receiver.answer(302, "");

        assert_eq!(deliver(app).await, "0 delivered, 1 put off, 0 given up");
        let failed = first(app).await;
        assert_eq!((&failed["state"], &failed["attempts"]), (&json!("pending"), &json!(1)));
        assert_eq!(failed["lastError"], "it answered 500 Internal Server Error: boom");
        assert!(failed["nextAttemptAt"].is_string());
        assert_eq!(alerts(app, "").await[0]["notified"], false);

        // After 10 s, and then 30 s: a redirect is no more an answer than a failure.
        assert_eq!(deliver(app).await, "0 delivered, 1 put off, 0 given up");
        for _ in 0..2 {
            assert_eq!(deliver(app).await, "0 delivered, 0 put off, 0 given up");
        }
        assert_eq!(deliver(app).await, "1 delivered, 0 put off, 0 given up");

        let ids: Vec<_> = receiver
            .take()
            .iter()
            .map(|request| request.header("x-tollgate-delivery").unwrap().to_owned())
            .collect();
        assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let taken = first(app).await;
        assert_eq!((&taken["state"], &taken["attempts"]), (&json!("delivered"), &json!(3)));
        assert!(taken["deliveredAt"].is_string() && taken["nextAttemptAt"].is_null());
        assert_eq!(alerts(app, "").await[0]["notified"], true);
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_never_answers_is_given_up_and_holds_up_no_other() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        let hook = |name: &str, url: &str| json!({"name": name, "type": "generic", "url": url});
        let hooks = [hook("dead", "http://127.0.0.1:1/"), hook("ops", &receiver.url("/"))];
        set_alerts(&app.admin, json!({"webhooks": hooks})).await;
        given_calls(app, database, (20, "error"), (0, "success")).await;
        run(app, "alert-error-rate", Duration::ZERO).await;

        assert_eq!(deliver(app).await, "1 delivered, 1 put off, 0 given up");
        assert_eq!(receiver.told(), ["fired error_rate"]);
        for _ in 0..7 {
            let ran = run(app, "alert-deliveries", Duration::from_secs(5 * 3600)).await;
            assert_eq!(ran, "0 delivered, 1 put off, 0 given up");
        }
        let ran = run(app, "alert-deliveries", Duration::from_secs(5 * 3600)).await;
        assert_eq!(ran, "0 delivered, 0 put off, 1 given up");

        let dead = first(app).await;
        assert_eq!((&dead["state"], &dead["attempts"]), (&json!("failed"), &json!(9)));
        assert!(dead["lastError"].as_str().unwrap().starts_with("it cannot be reached"));
    })
    .await;
}

#[tokio::test]
async fn what_one_instance_left_another_one_sends_and_what_has_no_channel_is_given_up() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;
        given_calls(app, database, (20, "error"), (0, "success")).await;
        run(app, "alert-error-rate", Duration::ZERO).await;

        let other = alerting_app(database).await;
        assert_eq!(deliver(&other).await, "1 delivered, 0 put off, 0 given up");
        assert_eq!(receiver.told(), ["fired error_rate"]);
        other.stop().await;

        run(app, "alert-error-rate", Duration::from_secs(600)).await;
        set_alerts(&app.admin, json!({"webhooks": null})).await;
        assert_eq!(deliver(app).await, "0 delivered, 0 put off, 1 given up");
        assert!(receiver.take().is_empty());
    })
    .await;
}
