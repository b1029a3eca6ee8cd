//! A provider key put in by plain SQL is sealed and used without a restart.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{interval, timeout};
use tollgate_domain::{Clock, SystemClock};
use tollgate_gateway::{Engine, EngineOptions, Journal, JournalOptions};
use tollgate_providers::HttpClientOptions;
use tollgate_store::testing::each_empty_database;

use crate::support::program::until;
use crate::support::{PATIENCE, TestApp};

const KEY: &str = "sk-typed-in-by-hand-4711";

/// A server, and beside it an instance that looks for keys in plain text more often.
struct Scene {
    app: TestApp,
    other: Arc<Engine>,
}

async fn each_scene(test: impl AsyncFn(&Scene)) {
    each_empty_database(async |database| {
        let app = TestApp::start(&database).await;
        app.admin.simulate("openai", &app.simulator).await;
        let clock: Arc<dyn Clock> = app.clock.clone();
        let often = EngineOptions {
            seal_interval: Duration::from_millis(50),
            ..EngineOptions::new(HttpClientOptions::new(Arc::clone(&clock)))
        };
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(JournalOptions::new(folder.path())).unwrap();
        let other = Engine::start(app.app.store.clone(), journal, clock, often).await.unwrap();
        let scene = Scene { app, other };
        test(&scene).await;
        scene.other.shutdown(PATIENCE).await;
        scene.app.stop().await;
    })
    .await;
}

impl Scene {
    /// Types a key in, with nothing but the columns that one must know.
    async fn type_in(&self, name: &str, key: &str) {
        let sql = format!(
            "INSERT INTO t_ai_api_keys
                 (provider_id, key_name, api_key, priority,
                  rate_limit_rpm, rate_limit_tpm, rate_limit_rpd)
             VALUES (1, '{name}', '{key}', 100, 60, 100000, 1000)"
        );
        self.app.app.store.execute_sql(&sql).await.unwrap();
    }

    /// The key of that name, as soon as the list shows it as `is_done` wants it.
    async fn listed(&self, name: &str, is_done: impl Fn(&Value) -> bool) -> Value {
        let mut ticks = interval(Duration::from_millis(20));
        let wait = async {
            loop {
                ticks.tick().await;
                let keys = self.app.admin.keys("openai").await;
                if let Some(key) = keys.into_iter().find(|it| it["keyName"] == name && is_done(it))
                {
                    return key;
                }
            }
        };
        timeout(PATIENCE, wait).await.expect("the key is looked after")
    }

    /// What the database holds of the keys.
    async fn stored(&self) -> Vec<Option<String>> {
        let sql = "SELECT api_key FROM t_ai_api_keys ORDER BY id";
        self.app.app.store.query_texts(sql).await.unwrap()
    }
}

#[tokio::test]
async fn it_is_sealed_and_carries_calls_without_a_restart() {
    each_scene(async |scene: &Scene| {
        let chat = async || scene.app.admin.chat("openai", "sim-chat").await.status;
        assert_eq!(chat().await, 503);

        scene.type_in("typed", KEY).await;
        let key = scene.listed("typed", |key| key["apiKey"] == "sk-t...4711").await;

        let stored = scene.stored().await;
        assert!(stored[0].as_ref().unwrap().starts_with("v1:"), "{stored:?}");
        assert_eq!((&key["isActive"], &key["status"]), (&true.into(), &"normal".into()), "{key}");
        assert_eq!(key["rateLimitRpm"], 60);
        until(async || chat().await == 200).await;
        assert!(!scene.app.simulator.calls_of(KEY).is_empty());
    })
    .await;
}

#[tokio::test]
async fn one_that_is_there_already_is_wiped_made_inactive_and_says_why() {
    each_scene(async |scene: &Scene| {
        let first = scene.app.admin.add_key("openai", KEY).await;

        scene.type_in("again", KEY).await;
        let key = scene.listed("again", |key| key["statusReason"].is_string()).await;

        let reason = key["statusReason"].as_str().unwrap();
        assert!(reason.contains("same key") && reason.contains(&first.to_string()), "{reason}");
        assert_eq!(key["isActive"], false, "{key}");
        assert!(!key.to_string().contains(KEY), "{key}");
        let stored = scene.stored().await;
        assert!(stored[0].is_some() && stored[1].is_none(), "{stored:?}");
        assert_eq!(scene.app.admin.chat("openai", "sim-chat").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn one_that_this_instance_has_not_heard_of_is_shown_as_its_row_says() {
    each_scene(async |scene: &Scene| {
        let sql = "INSERT INTO t_ai_api_keys (provider_id, key_name, status, status_reason)
                   VALUES (1, 'elsewhere', 'quota_exceeded', 'its money is spent')";
        scene.app.app.store.execute_sql(sql).await.unwrap();

        let key = scene.listed("elsewhere", |_| true).await;

        assert_eq!(key["status"], "quota_exceeded", "{key}");
        assert_eq!(key["statusReason"], "its money is spent");
    })
    .await;
}

#[test]
fn such_keys_are_looked_for_more_than_once_a_minute() {
    let options = EngineOptions::new(HttpClientOptions::new(Arc::new(SystemClock)));

    assert!(options.seal_interval + options.poll_interval < Duration::from_secs(60));
}
