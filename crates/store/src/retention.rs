//! Removing records past the retention, without keeping writers waiting.
//!
//! MySQL: the records are partitioned by day, and whole days are dropped (`partitions`). SQLite,
//! and a server that cannot partition a table: the records of an hour are deleted in short
//! statements with pauses (`deletes`). Only hours that are folded are removed; from then on a
//! later record of such an hour is added to what the tables of usage have.

mod days;
mod deletes;
mod partitions;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::Store;
use crate::db::{Db, on_pool};
use crate::error::StoreResult;
use crate::stat_hours::StatHour;
use partitions::Partitions;

/// For how many days after today there are partitions.
const DAYS_AHEAD: i64 = 14;

/// What is kept of the records, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Retention<'s> {
    store: &'s Store,
}

/// How the records are divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Division {
    /// By day, and so many partitions were made.
    ByDay {
        /// How many.
        made: usize,
    },
    /// Not at all: SQLite has no partitions.
    Embedded,
    /// Not at all: the server refuses, for this reason.
    Refused(String),
}

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Days whose partitions were dropped.
    pub days: usize,
    /// Records that were deleted one by one.
    pub rows: u64,
    /// Hours that had to stay, because they are not folded.
    pub hours_kept: usize,
}

impl Store {
    /// What is kept of the records.
    #[must_use]
    pub const fn retention(&self) -> Retention<'_> {
        Retention { store: self }
    }
}

impl Retention<'_> {
    /// Makes the partitions of the days from the oldest record's, or that of `cutoff` if that is
    /// later, to 14 days after `now`. A table without partitions, and one that has records of
    /// several days in a partition, is divided; the server copies those records then, and writers
    /// wait for it.
    ///
    /// # Errors
    /// Those of the database; `Unavailable` where the table was in use all the time.
    pub async fn make_partitions(
        &self,
        cutoff: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<Division> {
        let Db::MySql(pool) = self.store.db() else { return Ok(Division::Embedded) };
        let oldest = self.oldest().await?.unwrap_or(now).min(now);
        let from = oldest.max(cutoff - TimeDelta::days(1));
        let wanted = days::boundaries(from, now + TimeDelta::days(DAYS_AHEAD));
        Partitions::read(pool).await?.make(pool, &wanted).await
    }

    /// Removes the records from before `cutoff`, a midnight, oldest first, for about `limit`.
    ///
    /// # Errors
    /// Those of the database; what was removed until then is removed. `Unavailable` where the table
    /// was in use all the time.
    pub async fn purge(
        &self,
        cutoff: DateTime<Utc>,
        limit: Duration,
        now: DateTime<Utc>,
    ) -> StoreResult<Purged> {
        let mut purged = Purged::default();
        if let Db::MySql(pool) = self.store.db() {
            let partitions = Partitions::read(pool).await?;
            if partitions.are_some() {
                purged.days = partitions.drop_before(pool, cutoff, now).await?;
                purged.hours_kept = self.store.stat_hours().unfolded(cutoff).await?;
                return Ok(purged);
            }
        }
        deletes::purge(self.store, cutoff, limit, now).await
    }

    /// When the newest record arrived.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn newest(&self) -> StoreResult<Option<DateTime<Utc>>> {
        const SQL: &str = "SELECT MAX(created_at) FROM t_ai_api_logs";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_scalar(SQL).fetch_one(pool).await? }))
    }

    /// When the oldest record arrived.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn oldest(&self) -> StoreResult<Option<DateTime<Utc>>> {
        const SQL: &str = "SELECT MIN(created_at) FROM t_ai_api_logs";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_scalar(SQL).fetch_one(pool).await? }))
    }
}

/// Notes of hours that their records up to an id may be removed, as far as they are folded. Bound are
/// that id, now, the first hour, and the first one after them.
const LET_GO: &str = "
    UPDATE t_stat_hours
    SET purged_through_id = ?, updated_at = ?
    WHERE hour >= ? AND hour < ? AND is_dirty = FALSE AND purged_through_id IS NULL";

/// Whether an hour's records may be removed.
const fn is_let_go(hour: &StatHour) -> bool {
    !hour.is_dirty && hour.purged_through_id.is_some()
}
