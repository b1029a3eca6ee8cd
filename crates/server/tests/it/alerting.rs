//! Rules of alerts and the channels that tell of them, with a clock that tests set and receivers
//! that really listen.

mod budgets;
mod channels;
mod journal;
pub(crate) mod receiver;
mod retries;
mod rules;
mod settings;
mod smtp;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tollgate_domain::Clock;
use tollgate_server::jobs::{JOBS, JobContext, Ran, run_once};
use tollgate_store::testing::{TestDatabase, each_empty_database};

use self::receiver::Receiver;
use crate::support::{Client, TestApp, environment};

const SETTINGS: &str = "/api/admin/settings";

/// A server that may post to this machine, over every database.
async fn each_alerting(test: impl AsyncFn(&TestApp, &TestDatabase)) {
    each_empty_database(async |database| {
        let app = alerting_app(&database).await;
        test(&app, &database).await;
        app.stop().await;
    })
    .await;
}

/// One more instance over `database`, which may post to this machine.
async fn alerting_app(database: &TestDatabase) -> TestApp {
    let mut environment = environment(database.url());
    environment.push(("ALERT_PRIVATE_ADDRESSES", "true".to_owned()));
    // Tests put the clock forward by days.
    environment.push(("JWT_EXPIRE_SECONDS", "864000".to_owned()));
    TestApp::start_with(environment).await
}

/// Makes `alerts` of the settings what `body` says.
async fn set_alerts(admin: &Client, body: Value) {
    admin.put(SETTINGS, &json!({"alerts": body})).await.expect(200);
}

/// Tells one generic webhook, `ops`, of everything.
async fn told_at(app: &TestApp, receiver: &Receiver) {
    let hook = json!({"name": "ops", "type": "generic", "url": receiver.url("/ops"),
        "secret": "whsec-of-tests"});
    set_alerts(&app.admin, json!({"webhooks": [hook]})).await;
}

/// Puts the clock forward to a time that the job has not run for, and runs it; what it did.
async fn run(app: &TestApp, name: &str, later: Duration) -> String {
    app.clock.advance(later);
    match claim(app, name, app.clock.now()).await {
        Ran::Done(text) => text,
        other => panic!("{name}: {other:?}"),
    }
}

/// Asks for the run of a job that its schedule has for `now`.
async fn claim(app: &TestApp, name: &str, now: DateTime<Utc>) -> Ran {
    let job = JOBS.iter().find(|job| job.name == name).unwrap();
    run_once(&JobContext::new(app.app.clone()), job, now).await.unwrap()
}

/// Sends what is due, ten seconds later.
async fn deliver(app: &TestApp) -> String {
    run(app, "alert-deliveries", Duration::from_secs(10)).await
}

/// The alerts that `query` finds.
async fn alerts(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.analyst.get(&format!("/api/admin/alerts?{query}")).await.expect(200).data();
    page["alerts"].as_array().unwrap().clone()
}

/// The levels of the open alerts of a kind.
async fn open(app: &TestApp, kind: &str) -> Vec<String> {
    let alerts = alerts(app, &format!("kind={kind}&open=true")).await;
    let mut levels: Vec<String> =
        alerts.iter().map(|alert| alert["level"].as_str().unwrap().to_owned()).collect();
    levels.sort();
    levels
}
