//! A database of the first release, whose records nobody folded.

use chrono_tz::Tz;
use tollgate_store::reports::{GroupBy, UsageFilter, UsageQuery, UsageSums};
use tollgate_store::testing::each_empty_database;
use tollgate_store::{SchemaError, Store, StoreError};

use super::{end, time};
use crate::rollups::{drawn_logs, expected, fold_all, given, tables};

/// The last migration of the release before the tables of usage were written.
const FIRST_RELEASE: usize = 19;

/// Copies the records of one database into another, column by column, as SQL.
async fn statements_of(store: &Store) -> Vec<String> {
    const TEXTS: [&str; 14] = [
        "client_request_id",
        "end_user",
        "model_code",
        "requested_model",
        "endpoint",
        "status",
        "error_code",
        "error_message",
        "usage_source",
        "finish_reason",
        "ip_address",
        "user_agent",
        "created_at",
        "started_at",
    ];
    const NUMBERS: [&str; 20] = [
        "attempt",
        "is_final",
        "user_id",
        "app_id",
        "provider_id",
        "key_id",
        "is_stream",
        "http_status",
        "prompt_tokens",
        "cached_tokens",
        "cache_write_tokens",
        "cache_write_1h_tokens",
        "completion_tokens",
        "reasoning_tokens",
        "total_tokens",
        "price_id",
        "cost_nanousd",
        "latency_ms",
        "first_token_ms",
        "id",
    ];
    let text = |name: &&str| {
        format!("CASE WHEN {name} IS NULL THEN 'NULL' ELSE CONCAT('''', {name}, '''') END")
    };
    let number =
        |name: &&str| format!("CASE WHEN {name} IS NULL THEN 'NULL' ELSE CONCAT({name}, '') END");
    let values: Vec<String> = TEXTS.iter().map(text).chain(NUMBERS.iter().map(number)).collect();
    let sql = format!(
        "SELECT CONCAT_WS(', ', CONCAT('x''', HEX(request_id), ''''), {}) FROM t_ai_api_logs",
        values.join(", ")
    );
    let columns: Vec<&str> = TEXTS.iter().chain(&NUMBERS).copied().collect();
    let rows = store.query_texts(&sql).await.unwrap();
    let insert = |row: Option<String>| {
        format!(
            "INSERT INTO t_ai_api_logs (request_id, {}) VALUES ({})",
            columns.join(", "),
            row.unwrap()
        )
    };
    rows.into_iter().map(insert).collect()
}

/// What the reports say of everything, by day.
async fn reported(store: &Store) -> Vec<UsageSums> {
    let query = UsageQuery {
        from: time("2026-11-01T00:00:00Z"),
        to: time("2026-12-01T00:00:00Z"),
        group_by: GroupBy::Day,
        tz: Tz::UTC,
        filter: UsageFilter::default(),
    };
    let rows = store.reports().usage(&query).await.unwrap();
    rows.into_iter().map(|row| row.sums).collect()
}

#[tokio::test]
async fn a_database_of_the_first_release_keeps_its_numbers() {
    each_empty_database(async |database| {
        let logs = drawn_logs(43, 150, 50, end());
        let store = database.open(None).await;
        store.migrate_with(&Store::migrations()[..FIRST_RELEASE]).await.unwrap();
        // The records of another database, since nothing here writes to one of that release.
        let statements = {
            let same_kind = if database.is_server() {
                let server = database.url().rsplit_once('/').unwrap().0;
                tollgate_store::testing::TestDatabase::on_server(server).await
            } else {
                tollgate_store::testing::TestDatabase::sqlite()
            };
            let newer = same_kind.open(None).await;
            newer.migrate().await.unwrap();
            given(&newer, &logs).await;
            let statements = statements_of(&newer).await;
            newer.close().await;
            statements
        };
        assert_eq!(statements.len(), logs.len());
        for statement in &statements {
            store.execute_sql(statement).await.unwrap();
        }

        store.migrate().await.unwrap();
        let before = reported(&store).await;
        fold_all(&store, end()).await;
        let after = reported(&store).await;

        assert_eq!(before.iter().map(|sums| sums.requests).sum::<i64>(), 150);
        assert_eq!(before, after);
        assert_eq!(tables(&store).await, expected(&logs));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_binary_before_refuses_the_newer_schema_with_what_to_do() {
    each_empty_database(async |database| {
        let store = database.open(None).await;
        store.migrate().await.unwrap();

        let refused = store.migrate_with(&Store::migrations()[..FIRST_RELEASE]).await;

        let Err(StoreError::Schema(error @ SchemaError::Newer { known: 19, .. })) = refused else {
            panic!("{refused:?}");
        };
        assert!(error.to_string().contains("run the newer binary"), "{error}");
        store.close().await;
    })
    .await;
}
