//! What failed.

use chrono::{DateTime, Utc};
use tollgate_domain::ApiKeyId;

use super::by_dimension::names_of;
use crate::Store;
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::Moment;

/// The most codes and keys in an answer.
const MAX_ROWS: i64 = 200;

/// What failed, most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReport {
    /// Calls that failed.
    pub total_errors: i64,
    /// Calls that failed, by the code of the final attempt.
    pub by_code: Vec<CodeCount>,
    /// Attempts that failed, by key.
    pub by_key: Vec<KeyCount>,
}

/// Failed calls with one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeCount {
    /// The code; `None` where none was recorded.
    pub code: Option<String>,
    /// How many calls.
    pub count: i64,
}

/// Failed attempts with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCount {
    /// The key.
    pub key_id: ApiKeyId,
    /// Its name, also of a deleted one.
    pub key_name: Option<String>,
    /// How many attempts.
    pub count: i64,
}

pub(super) async fn of_range(
    store: &Store,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> StoreResult<ErrorReport> {
    Ok(ErrorReport {
        total_errors: total(store, from, to).await?,
        by_code: by_code(store, from, to).await?,
        by_key: by_key(store, from, to).await?,
    })
}

async fn total(store: &Store, from: DateTime<Utc>, to: DateTime<Utc>) -> StoreResult<i64> {
    const SQL: &str = "
        SELECT COUNT(*)
        FROM t_ai_api_logs
        WHERE status = 'error' AND created_at >= ? AND created_at < ? AND is_final = TRUE";
    Ok(on_pool!(store.db(), |pool| {
        sqlx::query_scalar(SQL).bind(Moment(from)).bind(Moment(to)).fetch_one(pool).await?
    }))
}

async fn by_code(
    store: &Store,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> StoreResult<Vec<CodeCount>> {
    const SQL: &str = "
        SELECT error_code, COUNT(*) AS failed
        FROM t_ai_api_logs
        WHERE status = 'error' AND created_at >= ? AND created_at < ? AND is_final = TRUE
        GROUP BY error_code
        ORDER BY failed DESC, error_code
        LIMIT ?";
    let rows: Vec<(Option<String>, i64)> = on_pool!(store.db(), |pool| {
        sqlx::query_as(SQL)
            .bind(Moment(from))
            .bind(Moment(to))
            .bind(MAX_ROWS)
            .fetch_all(pool)
            .await?
    });
    Ok(rows.into_iter().map(|(code, count)| CodeCount { code, count }).collect())
}

async fn by_key(
    store: &Store,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> StoreResult<Vec<KeyCount>> {
    const SQL: &str = "
        SELECT key_id, COUNT(*) AS failed
        FROM t_ai_api_logs
        WHERE status = 'error' AND created_at >= ? AND created_at < ? AND key_id IS NOT NULL
        GROUP BY key_id
        ORDER BY failed DESC, key_id
        LIMIT ?";
    let rows: Vec<(i64, i64)> = on_pool!(store.db(), |pool| {
        sqlx::query_as(SQL)
            .bind(Moment(from))
            .bind(Moment(to))
            .bind(MAX_ROWS)
            .fetch_all(pool)
            .await?
    });
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let names = names_of(store, "SELECT id, key_name FROM t_ai_api_keys", &ids).await?;
    Ok(rows
        .into_iter()
        .map(|(id, count)| KeyCount {
            key_id: ApiKeyId::new(id),
            key_name: names.get(&id).cloned(),
            count,
        })
        .collect())
}
