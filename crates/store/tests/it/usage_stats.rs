//! Folding records into the tables of usage.

mod races;
mod upgrade;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::time::hour_of;
use tollgate_domain::{AppTokenId, NanoUsd};
use tollgate_store::testing::each_database;
use tollgate_store::usage_stats::Fold;

use crate::calls::answered;
use crate::rollups::{drawn_logs, expected, fold_all, given, tables};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The moment until which the tests' records arrive.
fn end() -> DateTime<Utc> {
    time("2026-11-21T10:00:00Z")
}

#[tokio::test]
async fn every_table_has_what_the_records_sum_to() {
    for seed in 1..=4 {
        each_database(async |store| {
            let logs = drawn_logs(seed, 150, 60, end());
            given(&store, &logs).await;

            fold_all(&store, end()).await;

            assert_eq!(tables(&store).await, expected(&logs), "seed {seed}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_fold_that_comes_twice_changes_nothing() {
    each_database(async |store| {
        let logs = drawn_logs(7, 80, 4, end());
        given(&store, &logs).await;
        fold_all(&store, end()).await;
        let before = tables(&store).await;

        let hour = hour_of(logs[0].created_at);
        assert_eq!(store.usage_stats().fold(hour, end()).await.unwrap(), Fold::Clean);
        let hours: BTreeSet<DateTime<Utc>> =
            logs.iter().map(|log| hour_of(log.created_at)).collect();
        store.stat_hours().mark(&hours, end()).await.unwrap();
        assert_eq!(fold_all(&store, end()).await, hours.len());

        assert_eq!(tables(&store).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_arrives_later_moves_the_hour_and_its_day() {
    each_database(async |store| {
        let logs = drawn_logs(11, 120, 30, end());
        let (first, second) = logs.split_at(logs.len() / 2);
        given(&store, first).await;
        fold_all(&store, end()).await;
        assert_eq!(tables(&store).await, expected(first));

        given(&store, second).await;
        fold_all(&store, end()).await;

        assert_eq!(tables(&store).await, expected(&logs));
    })
    .await;
}

#[tokio::test]
async fn records_that_were_priced_anew_or_removed_are_followed() {
    each_database(async |store| {
        let mut logs = drawn_logs(13, 120, 30, end());
        given(&store, &logs).await;
        fold_all(&store, end()).await;

        logs.retain(|log| log.key_id.is_none_or(|key| key.get() != 11));
        logs.iter_mut().for_each(|log| {
            log.cost = log.cost.map(|cost| NanoUsd::new(cost.get() / 2));
        });
        store.execute_sql("DELETE FROM t_ai_api_logs WHERE key_id = 11").await.unwrap();
        let halve = "UPDATE t_ai_api_logs SET cost_nanousd = (cost_nanousd - cost_nanousd % 2) / 2";
        store.execute_sql(halve).await.unwrap();
        store.execute_sql("UPDATE t_stat_hours SET is_dirty = TRUE").await.unwrap();
        fold_all(&store, end()).await;

        let found = tables(&store).await;
        for (table, rows) in expected(&logs) {
            assert_eq!(found[table], rows, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn costs_that_no_number_holds_stay_at_the_largest() {
    each_database(async |store| {
        let dear = |at: &str| ApiLog { cost: Some(NanoUsd::new(i64::MAX)), ..answered(time(at)) };
        let logs = [
            dear("2026-11-21T08:00:00Z"),
            dear("2026-11-21T08:30:00Z"),
            dear("2026-11-21T09:00:00Z"),
            answered(time("2026-11-21T07:00:00Z")),
        ];
        given(&store, &logs).await;

        fold_all(&store, end()).await;

        assert_eq!(tables(&store).await, expected(&logs));
    })
    .await;
}

#[tokio::test]
async fn an_hour_is_dirty_from_a_change_to_the_fold_that_knows_of_it() {
    each_database(async |store| {
        let at = time("2026-11-21T08:59:59.999Z");
        let hour = time("2026-11-21T08:00:00Z");
        assert_eq!(store.stat_hours().find(hour).await.unwrap(), None);

        given(&store, &[answered(at)]).await;
        given(&store, &[answered(at)]).await;
        let marked = store.stat_hours().find(hour).await.unwrap().unwrap();
        assert_eq!((marked.is_dirty, marked.changes, marked.folded_changes), (true, 2, 0));
        assert_eq!(store.stat_hours().unfolded(end()).await.unwrap(), 1);
        assert!(store.stat_hours().dirty(hour, 10).await.unwrap().is_empty(), "it is not before");

        let fold = store.usage_stats().fold(hour, end()).await.unwrap();
        let folded = store.stat_hours().find(hour).await.unwrap().unwrap();
        assert_eq!(fold, Fold::Done { rows: 2 });
        assert_eq!((folded.is_dirty, folded.folded_changes, folded.folds), (false, 2, 1));
        assert_eq!(folded.folded_rows, 2);
    })
    .await;
}

#[tokio::test]
async fn hours_of_a_release_that_marks_none_are_found() {
    each_database(async |store| {
        let logs = drawn_logs(17, 90, 60, end());
        given(&store, &logs).await;
        store.execute_sql("DELETE FROM t_stat_hours WHERE hour < '2026-11-20'").await.unwrap();
        let hours: BTreeSet<DateTime<Utc>> =
            logs.iter().map(|log| hour_of(log.created_at)).collect();
        let gone = hours.iter().filter(|hour| **hour < time("2026-11-20T00:00:00Z")).count();
        assert!(gone > 5);

        assert_eq!(store.stat_hours().mark_forgotten(end(), end()).await.unwrap(), gone);
        assert_eq!(store.stat_hours().mark_forgotten(end(), end()).await.unwrap(), 0);
        fold_all(&store, end()).await;

        assert_eq!(tables(&store).await, expected(&logs));
    })
    .await;
}

#[tokio::test]
async fn an_hour_with_another_number_of_records_than_was_folded_is_found() {
    each_database(async |store| {
        let logs = drawn_logs(19, 40, 3, end());
        given(&store, &logs).await;
        fold_all(&store, end()).await;
        let (hours, from) = (store.stat_hours(), end() - TimeDelta::hours(3));
        assert_eq!(hours.mark_miscounted(from, end(), end()).await.unwrap(), 0);

        // As an instance of an earlier release does it.
        let marks = store.query_texts("SELECT CONCAT_WS('|', hour, changes) FROM t_stat_hours");
        let marks = marks.await.unwrap().len();
        let more = answered(end() - TimeDelta::minutes(5));
        given(&store, std::slice::from_ref(&more)).await;
        store.execute_sql("UPDATE t_stat_hours SET is_dirty = FALSE").await.unwrap();

        assert_eq!(hours.mark_miscounted(from, end(), end()).await.unwrap(), 1);
        assert_eq!(marks, 3);
        fold_all(&store, end()).await;
        assert_eq!(tables(&store).await, expected(logs.iter().chain([&more])));
    })
    .await;
}

#[tokio::test]
async fn what_arrives_for_a_purged_hour_is_added_once_and_removed() {
    each_database(async |store| {
        let hour = time("2026-08-01T05:00:00Z");
        let old = drawn_logs(23, 30, 1, hour + TimeDelta::hours(1));
        given(&store, &old).await;
        fold_all(&store, end()).await;
        store.retention().purge(time("2026-08-03T00:00:00Z"), LONG, end()).await.unwrap();
        let count = "SELECT CONCAT(COUNT(*), '') FROM t_ai_api_logs";
        assert_eq!(store.query_texts(count).await.unwrap(), [Some("0".to_owned())]);

        let late = drawn_logs(29, 20, 1, hour + TimeDelta::hours(1));
        given(&store, &late).await;
        fold_all(&store, end()).await;

        assert_eq!(tables(&store).await, expected(old.iter().chain(&late)));
        assert_eq!(store.query_texts(count).await.unwrap(), [Some("0".to_owned())]);
        store.stat_hours().mark(&BTreeSet::from([hour]), end()).await.unwrap();
        fold_all(&store, end()).await;
        assert_eq!(tables(&store).await, expected(old.iter().chain(&late)));
    })
    .await;
}

/// How long a purge may take here.
const LONG: std::time::Duration = std::time::Duration::from_secs(60);

#[tokio::test]
async fn models_that_differ_in_spaces_behind_do_not_keep_an_hour_from_being_folded() {
    each_database(async |store| {
        let at = time("2026-11-21T08:10:00Z");
        let named = |model: &str, app| ApiLog {
            model_code: Some(model.to_owned()),
            app_id: Some(AppTokenId::new(app)),
            ..answered(at)
        };
        given(&store, &[named("m", 1), named("m ", 2), named("m", 3)]).await;
        // As a release before this one wrote it.
        let sql = "UPDATE t_ai_api_logs SET model_code = 'm  ' WHERE app_id = 3";
        store.execute_sql(sql).await.unwrap();

        fold_all(&store, end()).await;

        let sql = "SELECT CAST(SUM(requests) AS CHAR(20)) FROM t_ai_usage_totals
            WHERE dimension = 'model'";
        assert_eq!(store.query_texts(sql).await.unwrap(), [Some("3".to_owned())]);
        // Once more, with what is there.
        given(&store, &[named("m", 4)]).await;
        fold_all(&store, end()).await;
        assert_eq!(store.query_texts(sql).await.unwrap(), [Some("4".to_owned())]);
    })
    .await;
}
