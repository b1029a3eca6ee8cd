//! Deleting records hour by hour, where there are no partitions to drop.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Instant, sleep};

use super::{LET_GO, Purged, is_let_go};
use crate::Store;
use crate::db::{WriteTx, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::stat_hours::{StatHour, find_hour, first_record};

/// How many records one statement deletes: at first, at least and at most.
const CHUNK: (i64, i64, i64) = (500, 50, 10_000);
/// A statement that takes less is followed by a larger one, and one that takes twice as long by a
/// smaller one.
const AIM: Duration = Duration::from_millis(50);
/// A transaction deletes until it has taken so long, and writers wait for it: records that are
/// shipped take the next tenth of a second, and wait for less than one. It goes on with the next
/// hour: where writers of another process take the database in between, as they may on SQLite,
/// waiting for it is what takes time.
const TURN: Duration = Duration::from_millis(450);

/// Deletes the records from before `cutoff`, oldest first, for about `limit`.
pub(super) async fn purge(
    store: &Store,
    cutoff: DateTime<Utc>,
    limit: Duration,
    now: DateTime<Utc>,
) -> StoreResult<Purged> {
    let until = Instant::now() + limit;
    let mut purge = Purge {
        cutoff,
        now,
        from: DateTime::UNIX_EPOCH,
        chunk: CHUNK.0,
        purged: Purged::default(),
    };
    while Instant::now() < until {
        let begun = Instant::now();
        let mut tx = store.db().begin_write().await?;
        let is_done = purge.turn(&mut tx, until).await?;
        tx.commit().await?;
        if is_done {
            break;
        }
        // So that whoever waits to write in another process gets in.
        sleep(begun.elapsed() / 10).await;
    }
    Ok(purge.purged)
}

/// A purge under way.
struct Purge {
    cutoff: DateTime<Utc>,
    now: DateTime<Utc>,
    /// The hours before this one are done.
    from: DateTime<Utc>,
    chunk: i64,
    purged: Purged,
}

impl Purge {
    /// Deletes in one transaction for a while; whether nothing is left to delete.
    async fn turn(&mut self, tx: &mut WriteTx, until: Instant) -> StoreResult<bool> {
        let until = until.min(Instant::now() + TURN);
        while Instant::now() < until {
            let Some(hour) = first_record(tx, self.from, self.cutoff).await? else {
                return Ok(true);
            };
            match freed(tx, hour, self.now).await? {
                Some(known) => {
                    if !self.delete(tx, &known, until).await? {
                        break;
                    }
                }
                None => self.purged.hours_kept += 1,
            }
            self.from = hour + TimeDelta::hours(1);
        }
        Ok(false)
    }

    /// Deletes an hour's records, statement by statement, until they or the time are at their end;
    /// whether it was the records.
    async fn delete(
        &mut self,
        tx: &mut WriteTx,
        hour: &StatHour,
        until: Instant,
    ) -> StoreResult<bool> {
        loop {
            let begun = Instant::now();
            let deleted = delete(tx, hour, self.chunk).await?;
            self.purged.rows += deleted;
            if deleted < self.chunk.unsigned_abs() {
                return Ok(true);
            }
            self.chunk = next_chunk(self.chunk, begun.elapsed());
            if Instant::now() >= until {
                return Ok(false);
            }
        }
    }
}

/// The hour, if its records may be deleted.
async fn freed(
    tx: &mut WriteTx,
    hour: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<Option<StatHour>> {
    const SQL: &str = "
        SELECT COALESCE(MAX(id), 0)
        FROM t_ai_api_logs
        WHERE created_at >= ? AND created_at < ?";
    let end = hour + TimeDelta::hours(1);
    on_tx!(tx, |conn| {
        let through: i64 = sqlx::query_scalar(SQL)
            .bind(Moment(hour))
            .bind(Moment(end))
            .fetch_one(&mut *conn)
            .await?;
        sqlx::query(LET_GO)
            .bind(through)
            .bind(Moment(now))
            .bind(Moment(hour))
            .bind(Moment(end))
            .execute(&mut *conn)
            .await?;
    });
    Ok(find_hour(tx, hour).await?.filter(is_let_go))
}

async fn delete(tx: &mut WriteTx, hour: &StatHour, chunk: i64) -> StoreResult<u64> {
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
    Ok(on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(Moment(hour.hour))
            .bind(Moment(hour.hour + TimeDelta::hours(1)))
            .bind(hour.purged_through_id)
            .bind(chunk)
            .execute(&mut *conn)
            .await?
            .rows_affected()
    }))
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
            [(500, 10, 1_000), (500, 75, 500), (500, 300, 250), (50, 900, 50), (8_000, 1, 10_000)];
        for (chunk, took, expected) in cases {
            assert_eq!(next_chunk(chunk, Duration::from_millis(took)), expected);
        }
    }
}
