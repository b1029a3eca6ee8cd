//! Deleting records hour by hour, where there are no partitions to drop.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Instant, sleep};

use super::{LET_GO, Purged, is_let_go};
use crate::Store;
use crate::db::{on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::stat_hours::StatHour;

/// How many records one statement deletes: at first, at least and at most.
const CHUNK: (i64, i64, i64) = (500, 50, 10_000);
/// A statement that takes less is followed by a larger one, and one that takes twice as long by a
/// smaller one. Writers wait for each.
const AIM: Duration = Duration::from_millis(100);

/// Deletes the records from before `cutoff`, oldest first, for about `limit`.
pub(super) async fn purge(
    store: &Store,
    cutoff: DateTime<Utc>,
    limit: Duration,
    now: DateTime<Utc>,
) -> StoreResult<Purged> {
    let until = Instant::now() + limit;
    let mut purged = Purged::default();
    let mut from = DateTime::UNIX_EPOCH;
    let mut chunk = CHUNK.0;
    while let Some(hour) = store.stat_hours().first_record(from, cutoff).await? {
        from = hour + TimeDelta::hours(1);
        let Some(known) = freed(store, hour, now).await? else {
            purged.hours_kept += 1;
            continue;
        };
        loop {
            if Instant::now() >= until {
                return Ok(purged);
            }
            let begun = Instant::now();
            let deleted = delete(store, &known, chunk).await?;
            purged.rows += deleted;
            let took = begun.elapsed();
            // A quarter of what it took, so that whoever waits to write in another process gets in.
            sleep(took / 4).await;
            if deleted < chunk.unsigned_abs() {
                break;
            }
            chunk = next_chunk(chunk, took);
        }
    }
    Ok(purged)
}

/// The hour, if its records may be deleted.
async fn freed(
    store: &Store,
    hour: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<Option<StatHour>> {
    const SQL: &str = "
        SELECT COALESCE(MAX(id), 0)
        FROM t_ai_api_logs
        WHERE created_at >= ? AND created_at < ?";
    let end = hour + TimeDelta::hours(1);
    let through: i64 = on_pool!(store.db(), |pool| {
        sqlx::query_scalar(SQL).bind(Moment(hour)).bind(Moment(end)).fetch_one(pool).await?
    });
    on_pool!(store.db(), |pool| {
        sqlx::query(LET_GO)
            .bind(through)
            .bind(Moment(now))
            .bind(Moment(hour))
            .bind(Moment(end))
            .execute(pool)
            .await?;
    });
    Ok(store.stat_hours().find(hour).await?.filter(is_let_go))
}

async fn delete(store: &Store, hour: &StatHour, chunk: i64) -> StoreResult<u64> {
    const SQL: &str = "
        DELETE FROM t_ai_api_logs
        WHERE id IN (
            SELECT id
            FROM (
                SELECT id
                FROM t_ai_api_logs
                WHERE created_at >= ? AND created_at < ? AND id <= ?
                LIMIT ?
            ) AS batch)";
    let mut tx = store.db().begin_write().await?;
    let deleted = on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(Moment(hour.hour))
            .bind(Moment(hour.hour + TimeDelta::hours(1)))
            .bind(hour.purged_through_id)
            .bind(chunk)
            .execute(&mut *conn)
            .await?
            .rows_affected()
    });
    tx.commit().await?;
    Ok(deleted)
}

fn next_chunk(chunk: i64, took: Duration) -> i64 {
    let (_, least, most) = CHUNK;
    if took > AIM * 2 {
        (chunk / 2).max(least)
    } else if took < AIM {
        (chunk * 2).min(most)
    } else {
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_as_large_as_they_may_take() {
        let cases =
            [(500, 10, 1_000), (500, 150, 500), (500, 300, 250), (50, 900, 50), (8_000, 1, 10_000)];
        for (chunk, took, expected) in cases {
            assert_eq!(next_chunk(chunk, Duration::from_millis(took)), expected);
        }
    }
}
