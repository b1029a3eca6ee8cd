//! Which hours the tables of usage have as the records are now: `t_stat_hours`.
//!
//! Whoever writes records marks their hours in the same transaction, as its last statements and in
//! the order of time, so that two such transactions wait for each other for a moment at most and
//! never mutually. An hour is dirty until a fold has read it as it was after its latest change.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::QueryBuilder;
use tollgate_domain::time::hour_of;

use crate::Store;
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;

/// Hours marked by one statement.
const HOURS_PER_STATEMENT: usize = 500;

/// The first moment that has a record of a time.
const FIRST_RECORD: &str = "
    SELECT MIN(created_at)
    FROM t_ai_api_logs
    WHERE created_at >= ? AND created_at < ?";

/// How many hours from a moment to before another are dirty.
pub(crate) const UNFOLDED: &str =
    "SELECT COUNT(*) FROM t_stat_hours WHERE is_dirty = TRUE AND hour >= ? AND hour < ?";

/// The table of hours.
#[derive(Clone, Copy, Debug)]
pub struct StatHours<'s> {
    store: &'s Store,
}

/// What is known of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StatHour {
    /// When it begins.
    pub hour: DateTime<Utc>,
    /// Whether the tables of usage do not have it as its records are.
    pub is_dirty: bool,
    /// How many transactions wrote records of it.
    pub changes: i64,
    /// How many of them the last fold knew of.
    pub folded_changes: i64,
    /// How often it was folded.
    pub folds: i64,
    /// How many records the last fold read.
    pub folded_rows: i64,
    /// The last record that the purge may remove, or has removed; `None` for an hour whose records
    /// are all there.
    pub purged_through_id: Option<i64>,
}

impl Store {
    /// The table of hours.
    #[must_use]
    pub const fn stat_hours(&self) -> StatHours<'_> {
        StatHours { store: self }
    }
}

/// The columns of [`StatHour`].
macro_rules! select_hour {
    ($tail:literal) => {
        concat!(
            "SELECT hour, is_dirty, changes, folded_changes, folds, folded_rows, purged_through_id
             FROM t_stat_hours ",
            $tail
        )
    };
}

impl StatHours<'_> {
    /// Dirty hours that begin before `before`, newest first, at most `limit`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn dirty(&self, before: DateTime<Utc>, limit: i64) -> StoreResult<Vec<StatHour>> {
        const SQL: &str =
            select_hour!("WHERE is_dirty = TRUE AND hour < ? ORDER BY hour DESC LIMIT ?");
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(Moment(before)).bind(limit).fetch_all(pool).await?
        }))
    }

    /// What is known of an hour; `None` where nothing was ever marked.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find(&self, hour: DateTime<Utc>) -> StoreResult<Option<StatHour>> {
        const SQL: &str = select_hour!("WHERE hour = ?");
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(Moment(hour)).fetch_optional(pool).await?
        }))
    }

    /// How many hours before `before` are dirty.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unfolded(&self, before: DateTime<Utc>) -> StoreResult<usize> {
        let count: i64 = on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(UNFOLDED)
                .bind(Moment(DateTime::UNIX_EPOCH))
                .bind(Moment(before))
                .fetch_one(pool)
                .await?
        });
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Marks the hours before `before` that have records and were never marked: those of a release
    /// before the tables of usage, which ran beside or after this one. Answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mark_forgotten(
        &self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<usize> {
        let Some(oldest) = self.first_record(DateTime::UNIX_EPOCH, before).await? else {
            return Ok(0);
        };
        let known = self.known(oldest, before).await?;
        let mut forgotten = BTreeSet::new();
        let mut from = oldest;
        // The time between two hours that are known has, mostly, no record.
        for end in known.into_iter().chain([before]) {
            while from < end {
                let Some(hour) = self.first_record(from, end).await? else { break };
                forgotten.insert(hour);
                from = hour + TimeDelta::hours(1);
            }
            from = end + TimeDelta::hours(1);
        }
        if !forgotten.is_empty() {
            self.mark(&forgotten, now).await?;
        }
        Ok(forgotten.len())
    }

    /// Marks those hours from `from` to before `before` that have another number of records than
    /// their last fold read, whoever wrote or deleted some. Answers how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mark_miscounted(
        &self,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<usize> {
        const COUNT: &str = "
            SELECT COUNT(*)
            FROM t_ai_api_logs
            WHERE created_at >= ? AND created_at < ?";
        let mut miscounted = BTreeSet::new();
        for hour in self.known(from, before).await? {
            let end = hour + TimeDelta::hours(1);
            let known = self.find(hour).await?;
            let is_whole = |known: &StatHour| !known.is_dirty && known.purged_through_id.is_none();
            let Some(known) = known.filter(is_whole) else { continue };
            let rows: i64 = on_pool!(self.store.db(), |pool| {
                sqlx::query_scalar(COUNT)
                    .bind(Moment(hour))
                    .bind(Moment(end))
                    .fetch_one(pool)
                    .await?
            });
            if known.folded_rows != rows {
                miscounted.insert(hour);
            }
        }
        if !miscounted.is_empty() {
            self.mark(&miscounted, now).await?;
        }
        Ok(miscounted.len())
    }

    /// Marks hours whose records were changed, so that they are folded anew.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mark(
        &self,
        hours: &BTreeSet<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let mut tx = self.store.db().begin_write().await?;
        mark(&mut tx, hours, now).await?;
        tx.commit().await
    }

    /// The hours that were ever marked.
    async fn known(
        &self,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> StoreResult<Vec<DateTime<Utc>>> {
        const SQL: &str = "
            SELECT hour
            FROM t_stat_hours
            WHERE hour >= ? AND hour < ?
            ORDER BY hour";
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL).bind(Moment(from)).bind(Moment(before)).fetch_all(pool).await?
        }))
    }

    /// The first hour that has records of this time.
    async fn first_record(
        &self,
        from: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> StoreResult<Option<DateTime<Utc>>> {
        let first: Option<DateTime<Utc>> = on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(FIRST_RECORD)
                .bind(Moment(from))
                .bind(Moment(before))
                .fetch_one(pool)
                .await?
        });
        Ok(first.map(hour_of))
    }
}

/// The first hour that has records of this time, as the transaction sees it.
pub(crate) async fn first_record(
    tx: &mut WriteTx,
    from: DateTime<Utc>,
    before: DateTime<Utc>,
) -> StoreResult<Option<DateTime<Utc>>> {
    let first: Option<DateTime<Utc>> = on_tx!(tx, |conn| {
        sqlx::query_scalar(FIRST_RECORD)
            .bind(Moment(from))
            .bind(Moment(before))
            .fetch_one(&mut *conn)
            .await?
    });
    Ok(first.map(hour_of))
}

/// The hour, as the transaction sees it.
pub(crate) async fn find_hour(
    tx: &mut WriteTx,
    hour: DateTime<Utc>,
) -> StoreResult<Option<StatHour>> {
    const SQL: &str = select_hour!("WHERE hour = ?");
    Ok(on_tx!(tx, |conn| {
        sqlx::query_as(SQL).bind(Moment(hour)).fetch_optional(&mut *conn).await?
    }))
}

/// Marks hours inside the transaction that changes their records; its last statements.
pub(crate) async fn mark(
    tx: &mut WriteTx,
    hours: &BTreeSet<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const INSERT: &str = "
        INSERT INTO t_stat_hours (hour, is_dirty, changes, dirty_at, created_at, updated_at) ";
    let or_mark = tx.dialect().pick(
        " ON DUPLICATE KEY UPDATE is_dirty = TRUE, changes = changes + 1,
             dirty_at = VALUES(dirty_at), updated_at = VALUES(updated_at)",
        " ON CONFLICT (hour) DO UPDATE SET is_dirty = TRUE, changes = changes + 1,
             dirty_at = excluded.dirty_at, updated_at = excluded.updated_at",
    );
    let hours: Vec<DateTime<Utc>> = hours.iter().copied().collect();
    for chunk in hours.chunks(HOURS_PER_STATEMENT) {
        on_tx!(tx, |conn: Driver| {
            let mut query = QueryBuilder::<Driver>::new(INSERT);
            query.push_values(chunk, |mut row, hour| {
                row.push_bind(Moment(*hour))
                    .push_bind(true)
                    .push_bind(1)
                    .push_bind(Moment(now))
                    .push_bind(Moment(now))
                    .push_bind(Moment(now));
            });
            query.push(or_mark);
            query.build().execute(&mut *conn).await?;
        });
    }
    Ok(())
}
