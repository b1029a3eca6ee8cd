//! Records that arrive for an hour whose others the purge has removed.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::QueryBuilder;

use super::measures::Measure;
use super::sums::{Sums, add as add_measures};
use super::tables::{ERRORS, STATS, Table};
use super::{Fold, HourSums, note, records, totals};
use crate::Store;
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::stat_hours::StatHour;

/// How many are added in one transaction.
const CHUNK: usize = 1_000;

/// Adds the records after `through` to what the tables have of the hour, and removes them: they
/// are past the retention. Where there are more than a chunk, the hour stays dirty.
pub(super) async fn add(
    store: &Store,
    known: &StatHour,
    through: i64,
    now: DateTime<Utc>,
) -> StoreResult<Fold> {
    let ids = late_ids(store, known.hour, through).await?;
    let mut tx = store.db().begin_write().await?;
    if !ids.is_empty() {
        let read = records::of_ids(&mut tx, known.hour, &ids).await?;
        let stats = joined(&mut tx, &STATS, known.hour, read.stats).await?;
        let errors = joined(&mut tx, &ERRORS, known.hour, read.errors).await?;
        let sums = HourSums { totals: totals::of_groups(&stats), stats, errors };
        sums.write(&mut tx, known.hour, now).await?;
        if remove(&mut tx, known.hour, &ids).await? != read.rows {
            return Ok(Fold::Overtaken);
        }
    }
    let rows = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let has_more = ids.len() == CHUNK;
    if !note(&mut tx, known, known.folded_rows, has_more, now).await? {
        return Ok(Fold::Overtaken);
    }
    tx.commit().await?;
    Ok(Fold::Done { rows })
}

/// The ids of records that no fold has seen.
async fn late_ids(store: &Store, hour: DateTime<Utc>, through: i64) -> StoreResult<Vec<i64>> {
    const SQL: &str = "
        SELECT id
        FROM t_ai_api_logs
        WHERE created_at >= ? AND created_at < ? AND id > ?
        ORDER BY id
        LIMIT ?";
    Ok(on_pool!(store.db(), |pool| {
        sqlx::query_scalar(SQL)
            .bind(Moment(hour))
            .bind(Moment(hour + TimeDelta::hours(1)))
            .bind(through)
            .bind(i64::try_from(CHUNK).unwrap_or(i64::MAX))
            .fetch_all(pool)
            .await?
    }))
}

/// What the table has of the hour, and `more`.
async fn joined(
    tx: &mut WriteTx,
    table: &Table,
    hour: DateTime<Utc>,
    more: Sums,
) -> StoreResult<Sums> {
    let mut sums = table.of_hour(tx, hour).await?;
    let measures: &[Measure] = table.measures;
    for (key, more) in more {
        match sums.get_mut(&key) {
            Some(sums) => add_measures(sums, &more, measures),
            None => drop(sums.insert(key, more)),
        }
    }
    Ok(sums)
}

/// Removes records; answers how many there were.
async fn remove(tx: &mut WriteTx, hour: DateTime<Utc>, ids: &[i64]) -> StoreResult<i64> {
    let removed = on_tx!(tx, |conn: Driver| {
        let mut query =
            QueryBuilder::<Driver>::new("DELETE FROM t_ai_api_logs WHERE created_at >= ");
        query.push_bind(Moment(hour)).push(" AND created_at < ");
        query.push_bind(Moment(hour + TimeDelta::hours(1))).push(" AND id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(")");
        query.build().persistent(false).execute(&mut *conn).await?.rows_affected()
    });
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}
