//! Thresholds and channels as settings: masked, sealed, checked, locked.

use serde_json::{Value, json};
use tollgate_store::testing::TestDatabase;

use super::receiver::Receiver;
use super::{SETTINGS, each_alerting, set_alerts};
use crate::support::{TestApp, environment};

async fn alerts_of(app: &TestApp) -> Value {
    app.admin.get(SETTINGS).await.expect(200).data()["alerts"].clone()
}

/// The fields that a change is refused for.
async fn wrong_fields(app: &TestApp, alerts: Value) -> Vec<String> {
    let reply = app.admin.put(SETTINGS, &json!({"alerts": alerts})).await.expect(422);
    let details = reply.json()["error"]["details"].as_array().unwrap().clone();
    details.iter().map(|detail| detail["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn thresholds_are_changed_one_by_one_and_null_is_the_default_again() {
    each_alerting(async |app, _| {
        assert_eq!(
            alerts_of(app).await,
            json!({"errorRatePercent": 5, "errorRateMinCalls": 20, "budgetPercent": 80,
                "journalPercent": 50, "journalAgeSeconds": 300, "unpricedMinutes": 15,
                "shutdownDays": 30, "webhooks": [], "email": null})
        );
        set_alerts(&app.admin, json!({"errorRatePercent": 9, "shutdownDays": 7})).await;
        set_alerts(&app.admin, json!({"errorRatePercent": null})).await;

        let alerts = alerts_of(app).await;
        assert_eq!((&alerts["errorRatePercent"], &alerts["shutdownDays"]), (&json!(5), &json!(7)));
    })
    .await;
}

#[tokio::test]
async fn secrets_are_masked_and_stay_where_the_mask_comes_back() {
    each_alerting(async |app, _| {
        let receiver = Receiver::start().await;
        let hook = json!({"name": "ops", "type": "generic", "url": receiver.url("/canary-path"),
            "secret": "canary-secret-of-ops"});
        let email = json!({"host": "smtp.example.com", "from": "a@example.com",
            "to": ["b@example.com"], "username": "u", "password": "canary-password"});
        set_alerts(&app.admin, json!({"webhooks": [hook], "email": email})).await;

        let shown = alerts_of(app).await;
        assert_eq!(shown["webhooks"][0]["url"], receiver.url("/****"));
        assert_eq!(shown["webhooks"][0]["secret"], "cana...-ops");
        assert_eq!(shown["email"]["password"], "cana...word");
        assert_eq!(shown["email"]["port"], 587);
        assert!(!shown.to_string().contains("canary"));

        // As it is shown it comes back, with a change.
        let mut again = shown.clone();
        again["webhooks"][0]["levels"] = json!(["critical"]);
        set_alerts(&app.admin, again).await;
        set_alerts(&app.admin, json!({"webhooks": [{"name": "ops"}]})).await;
        assert_eq!(alerts_of(app).await["webhooks"][0]["levels"], json!(["critical"]));
        let trial = json!({"channel": "ops"});
        app.admin.post("/api/admin/alerts/test", &trial).await.expect(200);
        let [got] = &receiver.take()[..] else { panic!("one notice") };
        assert_eq!(got.target, "/canary-path");
        assert!(got.header("x-tollgate-signature").is_some());

        set_alerts(&app.admin, json!({"webhooks": [{"name": "ops", "secret": null}]})).await;
        assert!(alerts_of(app).await["webhooks"][0]["secret"].is_null());
        let log = app.admin.get("/api/admin/audit-logs").await.expect(200).text;
        assert!(log.contains("****") && !log.contains("canary-"), "{log}");
        set_alerts(&app.admin, json!({"webhooks": null, "email": null})).await;
        let shown = alerts_of(app).await;
        assert_eq!((&shown["webhooks"], &shown["email"]), (&json!([]), &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn a_password_goes_to_no_other_server_than_the_one_it_was_given_for() {
    each_alerting(async |app, _| {
        let email = json!({"host": "smtp.example.com", "from": "a@example.com",
            "to": ["b@example.com"], "username": "u", "password": "canary-password"});
        set_alerts(&app.admin, json!({"email": email})).await;

        for change in [
            json!({"host": "elsewhere.example.com"}),
            json!({"host": "elsewhere.example.com", "password": "cana...word"}),
            json!({"tls": "none"}),
            json!({"username": "other"}),
        ] {
            let wrong = wrong_fields(app, json!({"email": change})).await;
            assert_eq!(wrong, ["alerts.email.password"], "{change}");
        }
        set_alerts(&app.admin, json!({"email": {"to": ["c@example.com"]}})).await;
        let change = json!({"host": "elsewhere.example.com", "password": null});
        set_alerts(&app.admin, json!({"email": change})).await;
        assert!(alerts_of(app).await["email"]["password"].is_null());
    })
    .await;
}

#[tokio::test]
async fn a_wrong_setting_is_refused_by_its_field() {
    each_alerting(async |app, _| {
        let hook = |changes: Value| {
            let mut hook = json!({"name": "ops", "type": "slack", "url": "https://h.example/x"});
            hook.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            json!({"webhooks": [hook]})
        };
        let mail = |changes: Value| {
            let mut mail = json!({"host": "smtp.example.com", "from": "a@example.com",
                "to": ["b@example.com"]});
            mail.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            json!({"email": mail})
        };
        let cases = [
            (json!({"errorRatePercent": 101}), "alerts.errorRatePercent"),
            (json!({"errorRateMinCalls": 0}), "alerts.errorRateMinCalls"),
            (json!({"journalPercent": "x"}), "alerts.journalPercent"),
            (json!({"other": 1}), "alerts.other"),
            (hook(json!({"name": " "})), "alerts.webhooks[0].name"),
            (hook(json!({"name": "email"})), "alerts.webhooks[0].name"),
            (hook(json!({"type": "pager"})), "alerts.webhooks[0].type"),
            (hook(json!({"url": "ftp://h.example"})), "alerts.webhooks[0].url"),
            (hook(json!({"url": "https://h.example/****"})), "alerts.webhooks[0].url"),
            (hook(json!({"secret": ""})), "alerts.webhooks[0].secret"),
            (hook(json!({"levels": ["loud"]})), "alerts.webhooks[0].levels[0]"),
            (hook(json!({"kinds": ["none"]})), "alerts.webhooks[0].kinds[0]"),
            (
                json!({"webhooks": [{"name": "new", "url": "https://h.example/"}]}),
                "alerts.webhooks[0].type",
            ),
            (json!({"webhooks": [{"name": "new", "type": "slack"}]}), "alerts.webhooks[0].url"),
            (mail(json!({"host": "no host"})), "alerts.email.host"),
            (mail(json!({"port": 0})), "alerts.email.port"),
            (mail(json!({"tls": "maybe"})), "alerts.email.tls"),
            (mail(json!({"from": "nobody"})), "alerts.email.from"),
            (mail(json!({"to": []})), "alerts.email.to"),
            (mail(json!({"to": ["b@example.com", "x"]})), "alerts.email.to[1]"),
            (json!({"email": {"host": "smtp.example.com"}}), "alerts.email.from"),
        ];
        for (alerts, field) in cases {
            assert_eq!(wrong_fields(app, alerts.clone()).await, [field], "{alerts}");
        }
        let twice = json!({"name": "a", "type": "slack", "url": "https://h.example/x"});
        let twice = json!({"webhooks": [twice, twice]});
        assert_eq!(wrong_fields(app, twice).await, ["alerts.webhooks[1].name"]);
    })
    .await;
}

#[tokio::test]
async fn channels_of_the_environment_are_used_and_locked() {
    let database = TestDatabase::sqlite();
    let receiver = Receiver::start().await;
    let hook = json!([{"name": "ops", "type": "generic", "url": receiver.url("/of-environment")}]);
    let start = async || {
        let mut environment = environment(database.url());
        environment.push(("ALERT_PRIVATE_ADDRESSES", "true".to_owned()));
        environment.push(("ALERT_WEBHOOKS", hook.to_string()));
        TestApp::start_with(environment).await
    };
    let app = start().await;

    let locked = app.admin.get(SETTINGS).await.expect(200).data()["locked"].clone();
    assert_eq!(locked, json!([{"field": "alerts.webhooks", "by": "ALERT_WEBHOOKS"}]));
    assert_eq!(wrong_fields(&app, json!({"webhooks": []})).await, ["alerts.webhooks"]);
    // What is there may be sent back.
    let shown = alerts_of(&app).await;
    set_alerts(&app.admin, shown).await;
    app.admin.post("/api/admin/alerts/test", &json!({"channel": "ops"})).await.expect(200);
    assert_eq!(receiver.take()[0].target, "/of-environment");
    let version = app.app.store.settings().config_version().await.unwrap();
    app.stop().await;

    // The next start finds the same and seals nothing anew.
    let app = start().await;
    let hooks = "SELECT CAST(version AS CHAR) FROM t_settings WHERE name = 'alerts.webhooks'";
    let changes = app.app.store.query_texts(hooks).await.unwrap();
    assert_eq!(changes, [Some("1".to_owned())]);
    assert!(app.app.store.settings().config_version().await.unwrap() >= version);
    app.stop().await;
}
