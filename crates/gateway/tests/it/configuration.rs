//! What changes while Tollgate runs, on one instance and on the other.

use std::time::Duration;

use tokio::time::timeout;
use tollgate_domain::Secret;
use tollgate_domain::api_key::{KeyState, KeyStatus};
use tollgate_domain::provider::Timeouts;
use tollgate_domain::setting::SettingsPatch;
use tollgate_domain::user::Role;
use tollgate_gateway::{CallError, Engine, SkipReason};
use tollgate_providers::HttpClientOptions;
use tollgate_store::api_keys::{ApiKeyPatch, NewApiKey};
use tollgate_store::providers::NewProvider;
use tollgate_store::seal::{Keyring, SealingKey};
use tollgate_store::testing::{each_database, test_keyring};
use tollgate_store::users::NewUser;

use crate::support::{call, clock, given, given_with, journal, options, until};

/// As Tollgate runs, so that a second is a second.
fn as_it_runs() -> tollgate_gateway::EngineOptions {
    tollgate_gateway::EngineOptions::new(HttpClientOptions::new(clock()))
}

#[tokio::test]
async fn a_change_on_one_instance_holds_on_the_other_within_a_second() {
    each_database(async |store| {
        let now = clock().now();
        let one = Engine::start(store.clone(), journal(), clock(), as_it_runs()).await.unwrap();
        let other_store = store.database.open(Some(test_keyring())).await;
        let other = Engine::start(other_store, journal(), clock(), as_it_runs()).await.unwrap();
        let user = NewUser {
            username: "ada".to_owned(),
            password_hash: "hash".to_owned(),
            role: Role::Admin,
            is_active: true,
            must_change_password: false,
        };
        let user = store.users().insert(&user, now).await.unwrap().id;
        let later = now + Duration::from_secs(3600);
        let session =
            store.sessions().open(user, [7; 32], later, None, None, now).await.unwrap().id;

        let patch =
            SettingsPatch { default_provider: Some("deepseek".to_owned()), ..Default::default() };
        let settings = store.settings().update(&patch, now).await.unwrap().after;
        store.sessions().revoke(session, clock().now()).await.unwrap();
        one.refresh().await.unwrap();
        assert_eq!(one.snapshot().settings, settings);
        assert!(one.snapshot().revoked_sessions.contains(&session));

        let holds = until("the other instance", async || {
            let snapshot = other.snapshot();
            snapshot.settings == settings && snapshot.revoked_sessions.contains(&session)
        });
        timeout(Duration::from_secs(1), holds).await.expect("within a second");
        assert!(other.snapshot().users.contains_key(&user));
        one.shutdown(Duration::from_secs(1)).await;
        other.shutdown(Duration::from_secs(1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_reset_on_one_instance_frees_the_key_on_the_other() {
    let given = given(&["sk-sim-error-openai-429-quota"]).await;
    given.ask("sim-chat").await.unwrap_err();
    given.engine.flush().await;
    let store = given.database.open(Some(test_keyring())).await;
    let other = Engine::start(store, journal(), clock(), options()).await.unwrap();
    assert_eq!(other.live(given.keys[0]).state.status, KeyStatus::QuotaExceeded);

    other.reset_key(given.keys[0]).await.unwrap();

    given.status_becomes(0, KeyStatus::Normal).await;
}

#[tokio::test]
async fn a_key_typed_in_with_plain_sql_is_sealed_and_put_to_use() {
    let given = given(&[]).await;
    let insert = format!(
        "INSERT INTO t_ai_api_keys
            (provider_id, key_name, api_key, priority, rate_limit_rpm, rate_limit_tpm, rate_limit_rpd)
        VALUES ({}, 'by hand', 'sk-sim-by-hand', 5, 10, 10000, 100)",
        given.provider
    );
    given.store.execute_sql(&insert).await.unwrap();

    until("the key to be used", async || given.ask("sim-chat").await.is_ok()).await;

    assert_eq!(given.chats("sk-sim-by-hand"), 1);
    let stored = given.store.query_texts("SELECT api_key FROM t_ai_api_keys").await.unwrap();
    assert!(stored[0].as_ref().unwrap().starts_with("v1:"));
}

#[tokio::test]
async fn keys_that_do_not_open_are_named_and_the_rest_is_served() {
    let given = given(&["sk-sim-lost"]).await;
    let another = "YW5vdGhlciBzZWFsaW5nIGtleSBmb3IgdGVzdHMgISE=";
    let another = Keyring::new(SealingKey::parse("OTHER", another).unwrap(), Vec::new());
    let store = given.database.open(Some(another)).await;
    let now = clock().now();
    let new = NewApiKey::new("new", Secret::from("sk-sim-new"));
    let new = store.api_keys().insert(given.provider, &new, now).await.unwrap().id;

    let engine = Engine::start(store, journal(), clock(), options()).await.unwrap();
    let reply = engine.call(&given.http, call("sim-chat", false)).await.unwrap();

    assert_eq!(reply.head.key_id, Some(new));
    assert_eq!(engine.live(given.keys[0]).state.status, KeyStatus::Undecryptable);
}

#[tokio::test]
async fn a_replaced_secret_starts_with_a_clean_slate() {
    let given = given(&["sk-sim-error-openai-429-quota"]).await;
    given.ask("sim-chat").await.unwrap_err();
    let patch = ApiKeyPatch { secret: Some(Secret::from("sk-sim-new")), ..Default::default() };

    given.store.api_keys().update(given.keys[0], &patch, clock().now()).await.unwrap();
    given.engine.refresh().await.unwrap();

    assert_eq!(given.engine.live(given.keys[0]).state, KeyState::default());
    given.ask("sim-chat").await.unwrap();
    assert_eq!(given.chats("sk-sim-new"), 1);
}

#[tokio::test]
async fn a_key_has_its_own_address_where_it_names_one() {
    let elsewhere = tollgate_simulator::Simulator::start(Default::default()).await.unwrap();
    let base_url = elsewhere.base_url();
    let given = given_with(&["sk-sim-a"], options(), Timeouts::default(), |key| {
        key.base_url = Some(base_url.clone());
    })
    .await;

    given.ask("sim-chat").await.unwrap();

    assert_eq!(elsewhere.calls().len(), 1);
    assert!(given.simulator.calls().is_empty());
}

#[tokio::test]
async fn quirks_that_cannot_be_read_shut_a_provider_and_no_other() {
    let given = given(&["sk-sim-a"]).await;
    let sql = "UPDATE t_ai_providers SET quirks = '{\"no_such_quirk\": true}'";
    given.store.execute_sql(sql).await.unwrap();
    let now = clock().now();
    let new = NewProvider::new("other", "Other", given.simulator.base_url());
    let other = given.store.providers().insert(&new, now).await.unwrap().id;
    let key = NewApiKey::new("other", Secret::from("sk-sim-other"));
    given.store.api_keys().insert(other, &key, now).await.unwrap();
    given.engine.refresh().await.unwrap();

    let CallError::NoAvailableKey { keys, .. } = given.ask("sim-chat").await.unwrap_err() else {
        panic!("the provider is shut")
    };
    assert_eq!(keys[0].reason, SkipReason::Undecryptable);
    let mut call = call("sim-chat", false);
    call.facts.model = Some("other/sim-chat".to_owned());
    assert!(given.engine.call(&given.http, call).await.is_ok());
}
