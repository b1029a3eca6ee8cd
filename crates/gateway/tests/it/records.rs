//! What is on record, and how it gets there.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::time::timeout;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::price::Rates;
use tollgate_domain::{NanoUsd, Secret};
use tollgate_gateway::{
    CallError, CallEvent, Engine, Journal, JournalOptions, ReplyBody, WhenFull,
};
use tollgate_simulator::{Behaviour, Gate, Place};
use tollgate_store::models::NewModel;
use tollgate_store::prices::NewTier;
use tollgate_store::testing::test_keyring;
use tollgate_store::{Store, StoreOptions};

use crate::support::{Given, call, clock, events, given, options, until};

/// With a journal that a few hundred records fill.
#[expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]
async fn given_small(when_full: WhenFull) -> Given {
    let given = given(&["sk-sim-a"]).await;
    let mut small = JournalOptions::new(given.folder.path().join("small"));
    (small.max_bytes, small.when_full) = (200_000, when_full);
    let journal = Journal::open(small).unwrap();
    let engine = Engine::start(given.store.clone(), journal, clock(), options()).await.unwrap();
    Given { engine, ..given }
}

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
async fn calls_are_served_without_a_database_until_the_journal_is_full() {
    let given = given_small(WhenFull::Refuse).await;
    given.store.close().await;

    let mut served = 0;
    let refused = loop {
        match given.ask("sim-chat").await {
            Ok(_) => served += 1,
            Err(error) => break error,
        }
    };

    assert_eq!(refused, CallError::Unavailable);
    let stats = given.engine.journal();
    assert!(stats.is_full && stats.is_writable && !stats.is_shipping, "{stats:?}");
    assert_eq!((stats.backlog_records, stats.dropped), (served, 0));
    assert!(!given.engine.is_ready());
    timeout(Duration::from_secs(10), given.engine.shutdown(Duration::from_millis(100)))
        .await
        .expect("an end does not wait for the database");
}

#[tokio::test]
async fn calls_are_served_without_a_record_where_that_is_configured() {
    let given = given_small(WhenFull::Drop).await;
    given.store.close().await;

    while given.engine.journal().dropped < 5 {
        given.ask("sim-chat").await.unwrap();
    }

    assert!(given.engine.is_ready() && given.engine.journal().is_full);
}

#[tokio::test]
async fn what_the_database_does_not_take_before_the_end_is_there_after_the_next_start() {
    let given = given(&["sk-sim-a"]).await;
    let requests = [call("sim-chat", false), call("sim-chat", false)];
    let ids: Vec<_> = requests.iter().map(|call| call.request_id).collect();
    given.store.close().await;
    for call in requests {
        given.engine.call(&given.http, call).await.unwrap();
    }
    given.engine.shutdown(Duration::from_millis(100)).await;

    let store = given.database.open(Some(test_keyring())).await;
    let journal = given.journal();
    let engine = Engine::start(store.clone(), journal, clock(), options()).await.unwrap();

    // They count from the first call on.
    for request in ids {
        let rows = store.api_logs().attempts_of(request).await.unwrap();
        assert_eq!(rows.len(), 1);
    }
    let key = store.api_keys().find(given.keys[0]).await.unwrap();
    assert_eq!(key.requests_count_today, 2);
    engine.shutdown(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_stream_that_a_crash_cuts_is_on_record_as_interrupted() {
    let given = given(&["sk-sim-a"]).await;
    let gate = Gate::new();
    let held = Behaviour::fast().text("one two three four").hold(Place::Middle, &gate);
    given.simulator.set_behaviour("held", held);
    let call = call("held", true);
    let request = call.request_id;
    let mut stream = events(given.engine.call(&given.http, call).await.unwrap());
    assert!(matches!(stream.next().await, Some(CallEvent::Event(_))));

    // What is in the journal now is what the next process finds.
    let copy = given.folder.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(given.folder.path().join("journal")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let store = given.database.open(Some(test_keyring())).await;
    let journal = Journal::open(JournalOptions::new(copy)).unwrap();
    let next = Engine::start(store, journal, clock(), options()).await.unwrap();
    next.flush().await;

    let rows = given.store.api_logs().attempts_of(request).await.unwrap();
    let row = &rows[0].log;
    assert_eq!((rows.len(), row.is_final, row.status), (1, true, CallStatus::Error));
    assert_eq!(row.error_code.as_deref(), Some("interrupted"));
    assert_eq!((row.cost, row.usage.total(), row.is_stream), (None, 0, true));
    assert_eq!((row.key_id, row.model_code.as_deref()), (Some(given.keys[0]), Some("held")));
    next.shutdown(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn states_of_keys_survive_a_restart() {
    let given = given(&["sk-sim-error-openai-429-quota", "sk-sim-good"]).await;
    given.ask("sim-chat").await.unwrap();
    given.engine.shutdown(Duration::from_secs(5)).await;

    let store = given.database.open(Some(test_keyring())).await;
    let engine = Engine::start(store, given.journal(), clock(), options()).await.unwrap();
    let reply = engine.call(&given.http, call("sim-chat", false)).await.unwrap();

    assert_eq!(reply.head.attempts, 1);
    assert_eq!(engine.live(given.keys[0]).state.status, KeyStatus::QuotaExceeded);
    assert_eq!(given.chats("sk-sim-error-openai-429-quota"), 1);
}
