//! What each kind of webhook is sent, checked apart from the program's own templates.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tollgate_domain::Clock;
use tollgate_server::alerting::outbox;
use tollgate_server::jobs::Ran;
use tollgate_store::testing::TestDatabase;

use super::receiver::{Received, Receiver, hex, hmac};
use super::rules::given_calls;
use super::{alerting_app, alerts, claim, deliver, each_alerting, run, set_alerts, told_at};
use crate::support::{TestApp, environment};

const TEST: &str = "/api/admin/alerts/test";

async fn try_channel(app: &TestApp, body: Value) -> Value {
    app.admin.post(TEST, &body).await.expect(200).data()
}

/// Checks our own signature, over the timestamp and the body.
fn check_generic(request: &Received) {
    let timestamp = request.header("x-tollgate-timestamp").unwrap();
    let signed = [timestamp.as_bytes(), b".", &request.body].concat();
    let expected = format!("sha256={}", hex(&hmac(b"SEC-of-tests", &signed)));
    assert_eq!(request.header("x-tollgate-signature"), Some(expected.as_str()));
    let body = request.json();
    assert_eq!((&body["event"], &body["alert"]["kind"]), (&json!("fired"), &json!("error_rate")));
    assert_eq!(request.header("x-tollgate-delivery"), body["delivery"].as_str());
}

/// Checks DingTalk's, in the URL, whose own query stays.
fn check_dingtalk(request: &Received) {
    let query = request.target.split_once('?').unwrap().1.as_bytes();
    let query: HashMap<String, String> = form_urlencoded::parse(query).into_owned().collect();
    let message = format!("{}\nSEC-of-tests", query["timestamp"]);
    assert_eq!(query["sign"], STANDARD.encode(hmac(b"SEC-of-tests", message.as_bytes())));
    assert_eq!((query["key"].as_str(), query["timestamp"].len()), ("k", 13));
    assert_eq!(request.json()["msgtype"], "markdown");
}

#[tokio::test]
async fn each_kind_of_webhook_gets_its_own_format_and_signature() {
    each_alerting(async |app, database| {
        let receiver = Receiver::start().await;
        let hook = |kind: &str| {
            json!({"name": kind, "type": kind, "secret": "SEC-of-tests",
                "url": receiver.url(&format!("/{kind}?key=k"))})
        };
        let hooks: Vec<Value> =
            ["generic", "slack", "feishu", "dingtalk", "wecom"].into_iter().map(hook).collect();
        set_alerts(&app.admin, json!({"webhooks": hooks})).await;
        given_calls(app, database, (20, "error"), (0, "success")).await;
        run(app, "alert-error-rate", Duration::ZERO).await;

        assert_eq!(deliver(app).await, "5 delivered, 0 put off, 0 given up");

        let got: HashMap<String, _> = receiver
            .take()
            .into_iter()
            .map(|it| (it.target[1..].split('?').next().unwrap().to_owned(), it))
            .collect();
        assert_eq!(got.len(), 5);
        for request in got.values() {
            assert!(request.header("content-type").unwrap().starts_with("application/json"));
        }
        check_generic(&got["generic"]);
        assert!(got["slack"].json()["text"].as_str().unwrap().contains("20 of the 20 calls"));
        let feishu = got["feishu"].json();
        let key = format!("{}\nSEC-of-tests", feishu["timestamp"].as_str().unwrap());
        assert_eq!(feishu["sign"], STANDARD.encode(hmac(key.as_bytes(), b"")));
        assert_eq!(feishu["msg_type"], "interactive");
        check_dingtalk(&got["dingtalk"]);
        let wecom = got["wecom"].json();
        assert!(wecom["markdown"]["content"].as_str().unwrap().contains("20 of the 20 calls"));
    })
    .await;
}

#[tokio::test]
async fn two_instances_tell_each_thing_once() {
    each_alerting(async |app, database| {
        let (receiver, other) = (Receiver::start().await, alerting_app(database).await);
        told_at(app, &receiver).await;
        given_calls(app, database, (20, "error"), (0, "success")).await;

        for job in ["alert-error-rate", "alert-deliveries"] {
            app.clock.advance(Duration::from_secs(10));
            let now = app.clock.now();
            let (a, b) = tokio::join!(claim(app, job, now), claim(&other, job, now));
            let done = [&a, &b].into_iter().filter(|ran| matches!(ran, Ran::Done(_)));
            assert_eq!(done.count(), 1, "{job}: {a:?} {b:?}");
        }
        assert_eq!(receiver.told(), ["fired error_rate"]);

        // Even where both empty the outbox at the same time.
        run(app, "alert-error-rate", Duration::from_secs(600)).await;
        let now = app.clock.now();
        let (a, b) = tokio::join!(outbox::deliver(&app.app, now), outbox::deliver(&other.app, now));
        assert_eq!(a.unwrap().delivered + b.unwrap().delivered, 1);
        assert_eq!(receiver.told(), ["resolved error_rate"]);
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_is_tried_by_its_name_or_before_it_is_saved() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        told_at(app, &receiver).await;

        let view = try_channel(app, json!({"channel": "ops"})).await;
        assert_eq!((&view["isDelivered"], &view["status"]), (&json!(true), &json!(200)));
        assert!(view["latencyMs"].is_u64() && view["error"].is_null());
        assert_eq!(receiver.told(), ["test test"]);

        receiver.answer(200, r#"{"code":19021,"msg":"sign match fail for canary-key-1234567"}"#);
        let new = json!({"name": "new", "type": "feishu",
            "url": receiver.url("/hook/canary-key-1234567")});
        let view = try_channel(app, json!({"webhook": new})).await;
        assert_eq!(view["isDelivered"], false);
        assert_eq!(view["error"], "it refused with code 19021: sign match fail for ***");

        receiver.answer(404, "no_team");
        let view = try_channel(app, json!({"channel": "ops"})).await;
        assert_eq!(view["error"], "it answered 404 Not Found: no_team");
        assert_eq!(view["status"], 404);
        assert!(alerts(app, "").await.is_empty());

        for (body, field) in [
            (json!({}), "channel"),
            (json!({"channel": "other"}), "channel"),
            (json!({"channel": "ops", "email": {}}), "channel"),
            (json!({"webhook": {"name": "x", "type": "slack"}}), "webhook.url"),
            (json!({"email": {"host": "smtp.example"}}), "email.from"),
        ] {
            let reply = app.admin.post(TEST, &body).await.expect(422);
            assert_eq!(reply.json()["error"]["details"][0]["field"], field, "{body}");
        }
        app.analyst.post(TEST, &json!({"channel": "ops"})).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_at_a_private_address_gets_nothing_unless_that_is_allowed() {
    let database = TestDatabase::sqlite();
    let closed = TestApp::start_with(environment(database.url())).await;
    let receiver = Receiver::start().await;
    told_at(&closed, &receiver).await;
    given_calls(&closed, &database, (20, "error"), (0, "success")).await;
    run(&closed, "alert-error-rate", Duration::ZERO).await;

    assert_eq!(deliver(&closed).await, "0 delivered, 1 put off, 0 given up");

    let delivery = &alerts(&closed, "").await[0]["deliveries"][0];
    let error = delivery["lastError"].as_str().unwrap();
    assert!(error.contains("ALERT_PRIVATE_ADDRESSES"), "{error}");
    assert!(receiver.take().is_empty());
    closed.stop().await;
    let open = alerting_app(&database).await;
    open.clock.advance(Duration::from_secs(600));
    deliver(&open).await;
    assert_eq!(receiver.told(), ["fired error_rate"]);
    open.stop().await;
}
