//! Partitions by day, and the purge.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;
use tollgate_domain::Secret;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::page::Page;
use tollgate_store::api_logs::LogFilter;
use tollgate_store::retention::{Division, Purged};
use tollgate_store::testing::each_database;
use tollgate_store::{Store, StoreError, StoreOptions};

use crate::calls::answered;
use crate::rollups::{drawn_logs, expected, fold_all, given, tables};

/// How long a purge may take here.
const LONG: Duration = Duration::from_secs(60);

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    time("2026-11-21T10:00:00Z")
}

/// The first moment whose records are kept.
fn cutoff() -> DateTime<Utc> {
    time("2026-11-19T00:00:00Z")
}

/// A cutoff before all records.
fn long_ago() -> DateTime<Utc> {
    time("2026-11-01T00:00:00Z")
}

/// The days that records are of, oldest first.
async fn days(store: &Store) -> Vec<String> {
    let sql = "SELECT DISTINCT SUBSTR(CONCAT(created_at, ''), 1, 10) AS day
        FROM t_ai_api_logs ORDER BY day";
    store.query_texts(sql).await.unwrap().into_iter().map(Option::unwrap).collect()
}

async fn partitions(store: &Store) -> Vec<String> {
    let sql = "SELECT partition_name FROM information_schema.partitions
        WHERE table_schema = DATABASE() AND table_name = 't_ai_api_logs'
        ORDER BY partition_ordinal_position";
    store.query_texts(sql).await.unwrap().into_iter().map(Option::unwrap).collect()
}

#[tokio::test]
async fn there_are_partitions_for_fourteen_days_ahead() {
    each_database(async |store| {
        let made = store.retention().make_partitions(cutoff(), now()).await.unwrap();
        if !store.database.is_server() {
            assert_eq!(made, Division::Embedded);
            return;
        }

        assert_eq!(made, Division::ByDay { made: 16 });
        let names = partitions(&store).await;
        assert_eq!((names[0].as_str(), names[14].as_str()), ("p20261121", "p20261205"));
        assert_eq!(names[15..], ["p_rest"]);

        let again = store.retention().make_partitions(cutoff(), now()).await.unwrap();
        assert_eq!(again, Division::ByDay { made: 0 });
        let tomorrow = now() + TimeDelta::days(1);
        let next = store.retention().make_partitions(cutoff(), tomorrow).await.unwrap();
        assert_eq!(next, Division::ByDay { made: 1 });
        assert_eq!(partitions(&store).await[15..], ["p20261206", "p_rest"]);
    })
    .await;
}

#[tokio::test]
async fn records_that_are_there_are_divided_and_none_is_refused_or_lost() {
    each_database(async |store| {
        let mut logs = drawn_logs(3, 120, 24 * 9, now());
        given(&store, &logs).await;

        store.retention().make_partitions(cutoff(), now()).await.unwrap();
        let unusual = [
            answered(time("2026-01-01T00:00:00Z")),
            answered(time("2026-12-05T23:59:59.999Z")),
            answered(time("2030-01-01T00:00:00Z")),
        ];
        given(&store, &unusual).await;
        given(&store, &unusual).await;
        store.retention().make_partitions(cutoff(), now()).await.unwrap();
        logs.extend(unusual);

        fold_all(&store, time("2031-01-01T00:00:00Z")).await;
        assert_eq!(tables(&store).await, expected(&logs));
        if store.database.is_server() {
            // What is to be purged is in one.
            assert_eq!(partitions(&store).await[..2], ["p20261118", "p20261119"]);
        }
    })
    .await;
}

#[tokio::test]
async fn days_past_the_retention_go_and_usage_stays() {
    for is_divided in [false, true] {
        each_database(async |store| {
            let logs = drawn_logs(5, 150, 24 * 6, now());
            given(&store, &logs).await;
            if is_divided {
                store.retention().make_partitions(long_ago(), now()).await.unwrap();
            }
            fold_all(&store, now()).await;

            let purged = store.retention().purge(cutoff(), LONG, now()).await.unwrap();

            assert_eq!(days(&store).await, ["2026-11-19", "2026-11-20", "2026-11-21"]);
            assert_eq!(tables(&store).await, expected(&logs));
            let gone = logs.iter().filter(|log| log.created_at < cutoff()).count();
            if is_divided && store.database.is_server() {
                // The first of the six days begins in the middle of one.
                assert_eq!(purged, Purged { days: 4, rows: 0, hours_kept: 0 });
                assert_eq!(partitions(&store).await[0], "p20261119");
            } else {
                assert_eq!(purged.rows, u64::try_from(gone).unwrap());
            }
            let again = store.retention().purge(cutoff(), LONG, now()).await.unwrap();
            assert_eq!(again, Purged::default());
        })
        .await;
    }
}

#[tokio::test]
async fn a_list_counts_only_the_calls_that_are_still_there() {
    for is_divided in [false, true] {
        each_database(async |store| {
            let logs = drawn_logs(7, 150, 24 * 6, now());
            given(&store, &logs).await;
            if is_divided {
                store.retention().make_partitions(long_ago(), now()).await.unwrap();
            }
            fold_all(&store, now()).await;
            store.retention().purge(cutoff(), LONG, now()).await.unwrap();
            // It came after the purge of its hour, and no fold has seen it.
            let late = answered(time("2026-11-17T05:00:00Z"));
            given(&store, std::slice::from_ref(&late)).await;

            let kept = logs.iter().filter(|log| log.is_final && log.created_at >= cutoff());
            let expected = i64::try_from(kept.count()).unwrap() + 1;
            let mut found = 0;
            for number in 1..=40 {
                let page = Page { number, size: 7 };
                let listed = store.api_logs().list(&LogFilter::default(), page).await.unwrap();
                assert_eq!((listed.total, listed.total_is_capped), (expected, false));
                found += i64::try_from(listed.rows.len()).unwrap();
            }
            assert_eq!(found, expected);
            let long_past = LogFilter { to: Some(long_ago()), ..LogFilter::default() };
            let page = Page { number: 1, size: 7 };
            assert_eq!(store.api_logs().list(&long_past, page).await.unwrap().total, 0);
        })
        .await;
    }
}

#[tokio::test]
async fn an_hour_that_is_not_folded_stays() {
    each_database(async |store| {
        store.retention().make_partitions(long_ago(), now()).await.unwrap();
        let folded = answered(time("2026-11-17T05:00:00Z"));
        let dirty = answered(time("2026-11-18T05:00:00Z"));
        given(&store, std::slice::from_ref(&folded)).await;
        fold_all(&store, now()).await;
        given(&store, std::slice::from_ref(&dirty)).await;
        store.retention().make_partitions(long_ago(), now()).await.unwrap();

        let purged = store.retention().purge(cutoff(), LONG, now()).await.unwrap();

        assert_eq!(days(&store).await, ["2026-11-18"]);
        assert_eq!(purged.hours_kept, 1);
        fold_all(&store, now()).await;
        store.retention().purge(cutoff(), LONG, now()).await.unwrap();
        assert_eq!(days(&store).await, Vec::<String>::new());
        assert_eq!(tables(&store).await, expected([&folded, &dirty]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn records_are_written_while_others_are_purged() {
    each_database(async |store| {
        let old = drawn_logs(9, 400, 24 * 3, cutoff());
        let new = drawn_logs(10, 300, 24, now());
        store.retention().make_partitions(long_ago(), now()).await.unwrap();
        given(&store, &old).await;
        store.retention().make_partitions(long_ago(), now()).await.unwrap();
        fold_all(&store, cutoff()).await;

        let (begun, purge) = oneshot::channel();
        let writer = store.database.open(None).await;
        let batches: Vec<Vec<ApiLog>> = new.chunks(5).map(<[ApiLog]>::to_vec).collect();
        let mut writing = JoinSet::new();
        writing.spawn(async move {
            let mut begun = Some(begun);
            for batch in batches {
                // A server may refuse what it finds in the way of a change of the table.
                while let Err(error) = writer.api_logs().ship(None, &batch).await {
                    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
                }
                begun.take().map(|begun| begun.send(()));
            }
            writer.close().await;
        });
        purge.await.unwrap();
        store.retention().purge(cutoff(), LONG, now()).await.unwrap();
        writing.join_all().await;

        fold_all(&store, now()).await;
        assert!(days(&store).await.iter().all(|day| day.as_str() >= "2026-11-19"));
        assert_eq!(tables(&store).await, expected(old.iter().chain(&new)));
        let count = store.query_texts("SELECT CONCAT(COUNT(*), '') FROM t_ai_api_logs").await;
        assert_eq!(count.unwrap(), [Some(new.len().to_string())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_purge_does_not_wait_for_connections_of_those_who_wait_for_it() {
    each_database(async |store| {
        let old = drawn_logs(17, 40, 24 * 3, cutoff());
        given(&store, &old).await;
        store.retention().make_partitions(long_ago(), now()).await.unwrap();
        fold_all(&store, cutoff()).await;
        let url = Secret::new(store.database.url().to_owned());
        let small = StoreOptions { url, max_connections: 2, sealer: None };
        let small = Store::open(&small).await.unwrap();

        let (begun, stop) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let mut writing = JoinSet::new();
        {
            let (small, begun, stop) = (small.clone(), Arc::clone(&begun), Arc::clone(&stop));
            writing.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    if small.api_logs().ship(None, &[answered(now())]).await.is_ok() {
                        begun.notify_one();
                    }
                }
            });
        }
        begun.notified().await;
        let purged = small.retention().purge(cutoff(), LONG, now()).await.unwrap();
        stop.store(true, Ordering::Relaxed);
        writing.join_all().await;

        assert_eq!(purged.hours_kept, 0);
        assert!(days(&store).await.iter().all(|day| day.as_str() >= "2026-11-19"));
        small.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_purge_ends_when_its_time_is_up_and_the_next_one_goes_on() {
    each_database(async |store| {
        let logs = drawn_logs(15, 40, 5, cutoff());
        given(&store, &logs).await;
        fold_all(&store, now()).await;

        let none = store.retention().purge(cutoff(), Duration::ZERO, now()).await.unwrap();
        assert_eq!((none.rows, days(&store).await.len()), (0, 1));

        let all = store.retention().purge(cutoff(), LONG, now()).await.unwrap();
        assert_eq!(all.rows, u64::try_from(logs.len()).unwrap());
        assert_eq!(store.retention().oldest().await.unwrap(), None);
    })
    .await;
}
