//! How failures develop, by their codes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::Reports;
use super::cut::Piece;
use super::errors::{failures, named, pieces, ranked};
use super::tally::{PIECES_PER_STATEMENT, bucket_at, merged, union};
use super::trend::{Points, TrendPoint, TrendQuery};
use crate::conditions::{Conditions, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::read_tx::{ReadTx, in_time};

/// How failures develop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorTrend {
    /// Each hour, day or month, oldest first, empty ones too, with all that happened in it.
    pub points: Vec<TrendPoint>,
    /// The codes with the most failed calls, most frequent first.
    pub lines: Vec<ErrorLine>,
}

/// Failed calls with one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLine {
    /// The code; `None` where none was recorded.
    pub code: Option<String>,
    /// How many, for each point.
    pub counts: Vec<i64>,
}

#[derive(sqlx::FromRow)]
struct CodeRow {
    place: i64,
    stat_at: Option<DateTime<Utc>>,
    code: String,
    calls: i64,
}

impl Reports<'_> {
    /// How failures develop, the `top` most frequent codes each for itself.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn error_trend(&self, query: &TrendQuery, top: usize) -> StoreResult<ErrorTrend> {
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let trend = in_time(self.limit, error_trend(&mut tx, query, top)).await?;
        tx.end().await?;
        Ok(trend)
    }
}

async fn error_trend(tx: &mut ReadTx, query: &TrendQuery, top: usize) -> StoreResult<ErrorTrend> {
    let points = Points::read(tx, query).await?;
    let ranges = points.ranges();
    let pieces = pieces(tx, &query.filter, &points.known, &ranges, query.is_by_days()).await?;
    let mut counts: HashMap<String, Vec<i64>> = HashMap::new();
    for row in rows(tx, query, &pieces).await? {
        let bucket = bucket_at(row.place, row.stat_at, &pieces);
        let line = counts.entry(row.code).or_insert_with(|| vec![0; ranges.len()]);
        if let Some(count) = bucket.and_then(|bucket| line.get_mut(bucket)) {
            *count += row.calls;
        }
    }
    let most = ranked(counts.iter().map(|(code, counts)| (code.clone(), counts.iter().sum())));
    let line = |(code, _): (String, i64)| ErrorLine {
        counts: counts.remove(&code).unwrap_or_default(),
        code: named(&code),
    };
    let lines = most.into_iter().take(top).map(line).collect();
    Ok(ErrorTrend { points: super::trend::of_points(tx, query, &points).await?.points, lines })
}

async fn rows(tx: &mut ReadTx, query: &TrendQuery, pieces: &[Piece]) -> StoreResult<Vec<CodeRow>> {
    let mut rows = Vec::new();
    for chunk in merged(pieces).chunks(PIECES_PER_STATEMENT) {
        let (sql, conditions) = union(tx, chunk.iter().map(|piece| select(query, piece)));
        let values = conditions.iter().flat_map(Conditions::values);
        let found: Vec<CodeRow> = on_tx!(tx, |conn| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values)
                .persistent(false)
                .fetch_all(&mut *conn)
                .await?
        });
        rows.extend(found);
    }
    Ok(rows)
}

/// The SELECT of a piece, without the word.
fn select<'f>(query: &'f TrendQuery, piece: &Piece) -> (String, Conditions<'f>) {
    let (table, time, conditions) = failures(&query.filter, piece);
    let (at, calls, group) = match time {
        None => ("NULL", "COUNT(CASE WHEN is_final THEN 1 END)", String::new()),
        Some(time) => (time, "CAST(SUM(calls) AS SIGNED INTEGER)", format!("{time}, ")),
    };
    let sql = format!(
        "{} AS place, {at} AS stat_at, COALESCE(error_code, '') AS code, {calls} AS calls
        FROM {table} WHERE {} GROUP BY {group}error_code",
        piece.bucket,
        conditions.sql()
    );
    (sql, conditions)
}
