//! What is on record, and how it gets there.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::price::Rates;
use tollgate_domain::provider::Timeouts;
use tollgate_domain::{NanoUsd, Secret};
use tollgate_gateway::{CallError, Engine, ReplyBody};
use tollgate_store::models::NewModel;
use tollgate_store::prices::NewTier;
use tollgate_store::testing::test_keyring;
use tollgate_store::{Store, StoreOptions};

use crate::support::{call, clock, given, given_with, options, until};

#[tokio::test]
async fn a_priced_call_costs_what_its_tokens_cost() {
    let given = given(&["sk-sim-a-cached-2"]).await;
    let now = clock().now();
    let model = NewModel::new(given.provider, "sim-chat");
    let model = given.store.models().insert(&model, now).await.unwrap();
    let rates = Rates {
        prompt: NanoUsd::new(1_000_000),
        completion: NanoUsd::new(3_000_000),
        cache_read: Some(NanoUsd::new(100_000)),
        ..Rates::default()
    };
    let tiers = [NewTier { tier_min_prompt_tokens: 0, rates: Some(rates) }];
    let prices = given.store.prices().insert(model.id, now, &tiers, "manual", now).await.unwrap();
    given.engine.refresh().await.unwrap();
    let call = call("sim-chat", false);
    let request = call.request_id;

    let reply = given.engine.call(&given.http, call).await.unwrap();

    let ReplyBody::Whole { usage, cost, .. } = reply.body else {
        panic!("no stream was asked for")
    };
    assert_eq!(cost, Some(rates.cost(&usage)));
    let rows = given.rows(request).await;
    assert_eq!((rows[0].cost, rows[0].price_id), (cost, Some(prices[0].id)));
    assert_eq!((rows[0].usage.cached, rows[0].usage), (2, usage));
    assert_eq!(rows[0].ip_address.as_deref(), Some("192.0.2.7"));
    let key = given.store.api_keys().find(given.keys[0]).await.unwrap();
    assert_eq!((key.requests_count_today, key.tokens_count_today), (1, usage.total()));
}

#[tokio::test]
async fn a_record_is_there_within_two_seconds() {
    let given = given(&["sk-sim-a"]).await;
    let call = call("sim-chat", false);
    let request = call.request_id;
    given.engine.call(&given.http, call).await.unwrap();

    let written = until("the record", async || {
        !given.store.api_logs().attempts_of(request).await.unwrap().is_empty()
    });

    timeout(Duration::from_secs(2), written).await.expect("within two seconds");
}

#[tokio::test]
async fn calls_go_on_while_the_database_is_away_and_are_recorded_when_it_is_back() {
    let given = given(&["sk-sim-a"]).await;
    let url = Secret::new(given.database.url().to_owned());
    let options = StoreOptions { url, max_connections: 1, sealer: None };
    let other = Store::open(&options).await.unwrap();
    other.execute_sql("BEGIN EXCLUSIVE").await.unwrap();

    let calls: Vec<_> = (0..20).map(|_| call("sim-chat", false)).collect();
    let requests: Vec<_> = calls.iter().map(|call| call.request_id).collect();
    let answers =
        join_all(calls.into_iter().map(|call| given.engine.call(&given.http, call))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert!(given.engine.is_ready());
    let flushed = timeout(Duration::from_millis(300), given.engine.flush()).await;
    assert!(flushed.is_err(), "nothing can be written");
    other.execute_sql("COMMIT").await.unwrap();

    for request in requests {
        let rows = given.rows(request).await;
        assert_eq!(rows.last().map(|row| row.status), Some(CallStatus::Success));
    }
}

#[tokio::test]
async fn calls_are_served_without_a_database_until_the_queue_is_full() {
    let mut options = options();
    options.record_capacity = 3;
    let given = given_with(&["sk-sim-a"], options, Timeouts::default(), |_| {}).await;
    given.store.close().await;

    let mut served = 0;
    let refused = loop {
        match given.ask("sim-chat").await {
            Ok(_) => served += 1,
            Err(error) => break error,
        }
    };

    assert_eq!(refused, CallError::Unavailable);
    assert!((3..=503).contains(&served), "the queue and one batch: {served}");
    assert!(!given.engine.is_ready());
    timeout(Duration::from_secs(5), given.engine.shutdown(Duration::from_millis(100)))
        .await
        .expect("an end does not wait for the database");
}

#[tokio::test]
async fn states_of_keys_survive_a_restart() {
    let given = given(&["sk-sim-error-openai-429-quota", "sk-sim-good"]).await;
    given.ask("sim-chat").await.unwrap();
    given.engine.shutdown(Duration::from_secs(5)).await;

    let store = given.database.open(Some(test_keyring())).await;
    let engine = Engine::start(store, clock(), options()).await.unwrap();
    let reply = engine.call(&given.http, call("sim-chat", false)).await.unwrap();

    assert_eq!(reply.head.attempts, 1);
    assert_eq!(engine.live(given.keys[0]).state.status, KeyStatus::QuotaExceeded);
    assert_eq!(given.chats("sk-sim-error-openai-429-quota"), 1);
}
