//! What failed.

use std::collections::HashMap;
use std::hash::Hash;

use sqlx::AssertSqlSafe;
use tollgate_domain::ApiKeyId;

use super::cut::{Piece, Source};
use super::dimension::names_of;
use super::tally::{PIECES_PER_STATEMENT, merged, union};
use crate::conditions::{Conditions, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::read_tx::ReadTx;

/// The most codes and keys in an answer.
const MAX_ROWS: usize = 200;

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

/// Failures of one key with one code; `''` and 0 where there is none.
#[derive(sqlx::FromRow)]
struct FailedRow {
    code: String,
    key_id: i64,
    calls: i64,
    attempts: i64,
}

/// What failed in all pieces.
pub(super) async fn of_pieces(tx: &mut ReadTx, pieces: &[Piece]) -> StoreResult<ErrorReport> {
    let rows = rows(tx, pieces).await?;
    let by_code = ranked(rows.iter().map(|row| (row.code.clone(), row.calls)));
    let keys = rows.iter().filter(|row| row.key_id != 0);
    let by_key = ranked(keys.map(|row| (row.key_id, row.attempts)));
    let ids: Vec<i64> = by_key.iter().map(|(id, _)| *id).collect();
    let names = names_of(tx, "id, key_name FROM t_ai_api_keys", &ids).await?;
    let code = |(code, count): (String, i64)| CodeCount {
        code: Some(code).filter(|code| !code.is_empty()),
        count,
    };
    let key = |(id, count)| KeyCount {
        key_id: ApiKeyId::new(id),
        key_name: names.get(&id).cloned(),
        count,
    };
    Ok(ErrorReport {
        total_errors: rows.iter().map(|row| row.calls).sum(),
        by_code: by_code.into_iter().map(code).collect(),
        by_key: by_key.into_iter().map(key).collect(),
    })
}

async fn rows(tx: &mut ReadTx, pieces: &[Piece]) -> StoreResult<Vec<FailedRow>> {
    let mut rows = Vec::new();
    for chunk in merged(pieces).chunks(PIECES_PER_STATEMENT) {
        let (sql, conditions) = union(tx, chunk.iter().map(select));
        let values = conditions.iter().flat_map(Conditions::values);
        let found: Vec<FailedRow> = on_tx!(tx, |conn| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values).fetch_all(&mut *conn).await?
        });
        rows.extend(found);
    }
    Ok(rows)
}

/// The SELECT of a piece, without the word.
fn select(piece: &Piece) -> (String, Conditions<'static>) {
    const OF_RECORDS: &str = "
        COALESCE(error_code, '') AS code, COALESCE(key_id, 0) AS key_id,
        COUNT(CASE WHEN is_final THEN 1 END) AS calls,
        COUNT(CASE WHEN attempt > 0 THEN 1 END) AS attempts
        FROM t_ai_api_logs";
    const OF_USAGE: &str = "
        error_code AS code, key_id,
        CAST(SUM(calls) AS SIGNED INTEGER) AS calls,
        CAST(SUM(attempts) AS SIGNED INTEGER) AS attempts";
    let between = |first, from, to| {
        Conditions::new(first).given(from, Some(piece.range.0)).given(to, Some(piece.range.1))
    };
    let (head, conditions) = match piece.source {
        Source::Records { after_id } => {
            let failed = between("status = 'error'", "created_at >= ?", "created_at < ?");
            (OF_RECORDS.to_owned(), failed.given("id > ?", after_id))
        }
        Source::Hours => (
            format!("{OF_USAGE} FROM t_ai_error_stats"),
            between("1 = 1", "stat_hour >= ?", "stat_hour < ?"),
        ),
        Source::Days => (
            format!("{OF_USAGE} FROM t_ai_error_stats_daily"),
            between("1 = 1", "stat_day >= ?", "stat_day < ?"),
        ),
    };
    let sql = format!("{head} WHERE {} GROUP BY error_code, key_id", conditions.sql());
    (sql, conditions)
}

/// Those with most failures first, without those that have none.
fn ranked<T: Hash + Ord>(counts: impl Iterator<Item = (T, i64)>) -> Vec<(T, i64)> {
    let mut sums: HashMap<T, i64> = HashMap::new();
    for (of, count) in counts {
        *sums.entry(of).or_default() += count;
    }
    let mut ranked: Vec<(T, i64)> = sums.into_iter().filter(|(_, count)| *count > 0).collect();
    ranked.sort_unstable_by(|(one, ones), (other, others)| {
        others.cmp(ones).then_with(|| one.cmp(other))
    });
    ranked.truncate(MAX_ROWS);
    ranked
}
