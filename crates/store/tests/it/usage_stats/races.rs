//! Records that are written, and folds, at the same time.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::task::JoinSet;
use tollgate_domain::ApiKeyId;
use tollgate_domain::time::hour_of;
use tollgate_store::testing::{TestDatabase, each_database};
use tollgate_store::usage_stats::Fold;
use tollgate_store::{Store, StoreError};

use super::end;
use crate::rollups::{drawn_logs, expected, fold_all, given, tables};

/// What a fold did; one that the database asks to try again did nothing.
async fn fold(store: &Store, hours_ago: i64) -> Option<Fold> {
    let hour = hour_of(end() - TimeDelta::hours(hours_ago));
    match store.usage_stats().fold(hour, end()).await {
        Ok(fold) => Some(fold),
        Err(StoreError::Unavailable(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn other(database: &TestDatabase) -> Arc<Store> {
    Arc::new(database.open(None).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_missed_or_counted_twice_while_records_arrive() {
    each_database(async |store| {
        let logs = drawn_logs(31, 400, 3, end());
        let mut tasks = JoinSet::new();
        for part in logs.chunks(logs.len() / 2 + 1) {
            let (writer, part) = (other(&store.database).await, part.to_vec());
            tasks.spawn(async move {
                for batch in part.chunks(7) {
                    given(&writer, batch).await;
                    tokio::task::yield_now().await;
                }
                writer.close().await;
            });
        }
        for _ in 0..2 {
            let folder = other(&store.database).await;
            tasks.spawn(async move {
                for round in 0..40 {
                    fold(&folder, round % 3 + 1).await;
                }
                folder.close().await;
            });
        }
        tasks.join_all().await;

        fold_all(&store, end()).await;

        assert_eq!(tables(&store).await, expected(&logs));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_folds_of_one_hour_at_once_each_leaves_it_as_one_does() {
    each_database(async |store| {
        let logs = drawn_logs(37, 200, 1, end());
        given(&store, &logs).await;

        let mut tasks = JoinSet::new();
        for _ in 0..4 {
            let folder = other(&store.database).await;
            tasks.spawn(async move {
                let folded = fold(&folder, 1).await;
                folder.close().await;
                folded
            });
        }
        let folds = tasks.join_all().await;

        let done = folds.iter().flatten().filter(|fold| matches!(fold, Fold::Done { .. })).count();
        assert_eq!(done, 1, "{folds:?}");
        assert_eq!(tables(&store).await, expected(&logs));
    })
    .await;
}

#[tokio::test]
async fn a_change_between_reading_and_writing_keeps_the_hour_dirty() {
    each_database(async |store| {
        let logs = drawn_logs(41, 60, 1, end());
        let (first, second) = logs.split_at(40);
        given(&store, first).await;
        let hour = hour_of(end() - TimeDelta::hours(1));
        store.usage_stats().fold(hour, end()).await.unwrap();
        // As if the fold had read before these were written, and written after.
        given(&store, second).await;
        store
            .execute_sql("UPDATE t_stat_hours SET folded_changes = 1, folds = folds + 1")
            .await
            .unwrap();

        let known = store.stat_hours().find(hour).await.unwrap().unwrap();

        assert!(known.is_dirty && known.changes == 2);
        fold_all(&store, end()).await;
        assert_eq!(tables(&store).await, expected(&logs));
    })
    .await;
}

/// Returns when a query finds something.
async fn found(store: &Store, sql: &str) {
    while store.query_texts(sql).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_day_that_is_summed_anew_has_what_another_hour_just_brought() {
    each_database(async |store| {
        if !store.database.is_server() {
            // There is one writer at a time.
            return;
        }
        // Enough hours for the server to read one by the index, and to lock no other.
        let mut logs = drawn_logs(43, 1_200, 60, end());
        let new = drawn_logs(47, 60, 1, end());
        given(&store, &logs).await;
        fold_all(&store, end()).await;
        store.execute_sql("ANALYZE TABLE t_ai_usage_stats").await.unwrap();
        // A group of an earlier hour goes; the last one has more. They are not beside each other: a
        // server may lock what follows the rows that are inserted.
        let [early, last] = [5, 1].map(|ago| hour_of(end() - TimeDelta::hours(ago)));
        logs.retain(|log| {
            hour_of(log.created_at) != early || log.key_id != Some(ApiKeyId::new(11))
        });
        let [from, to, time] = [early, early + TimeDelta::hours(1), last]
            .map(|hour| hour.format("%Y-%m-%d %H:%M:%S").to_string());
        let sql = format!(
            "DELETE FROM t_ai_api_logs
            WHERE key_id = 11 AND created_at >= '{from}' AND created_at < '{to}'"
        );
        store.execute_sql(&sql).await.unwrap();
        let sql = format!("UPDATE t_stat_hours SET is_dirty = TRUE WHERE hour = '{from}'");
        store.execute_sql(&sql).await.unwrap();
        given(&store, &new).await;
        // The fold of the last hour waits with everything written.
        let gate = other(&store.database).await;
        gate.execute_sql("DO GET_LOCK(CONCAT(DATABASE(), ':gate'), 0)").await.unwrap();
        let trigger = format!(
            "CREATE TRIGGER wait_here BEFORE UPDATE ON t_stat_hours FOR EACH ROW
            SET @got = IF(NEW.hour = '{time}', GET_LOCK(CONCAT(DATABASE(), ':gate'), 60), 1)"
        );
        store.execute_sql(&trigger).await.unwrap();

        let (one, two) = (other(&store.database).await, other(&store.database).await);
        let mut folds = JoinSet::new();
        folds.spawn(async move { fold(&two, 1).await });
        found(
            &store,
            "SELECT CONCAT(id, '') FROM information_schema.processlist
            WHERE db = DATABASE() AND state = 'User lock'",
        )
        .await;
        folds.spawn(async move { fold(&one, 5).await });
        found(
            &store,
            "SELECT CONCAT(id, '') FROM information_schema.processlist
            WHERE db = DATABASE() AND info LIKE 'DELETE FROM t_ai_usage_stats_daily%'",
        )
        .await;
        gate.close().await;
        folds.join_all().await;

        store.execute_sql("DROP TRIGGER wait_here").await.unwrap();
        fold_all(&store, end()).await;
        let found = tables(&store).await;
        for (table, rows) in expected(logs.iter().chain(&new)) {
            assert_eq!(found[table], rows, "{table}");
        }
    })
    .await;
}
