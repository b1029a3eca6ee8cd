//! Usage per hour and per day, made from the records: `t_ai_usage_stats`, `t_ai_usage_totals`,
//! `t_ai_error_stats` and their daily ones.
//!
//! An hour is folded as a whole: its records are summed by plain SELECTs, then one transaction
//! replaces the hour in each hourly table, moves the day's rows by what that changed, and notes
//! how many changes the fold knew of. Whatever is written meanwhile keeps the hour dirty. So a fold
//! may come at any time, any number of times and from several instances: a fold that another one
//! overtook leaves everything as it is.
//!
//! Of an hour past the retention the records are gone. What still arrives for it is added to what
//! the tables have, and removed, in one transaction.

mod late;
pub(crate) mod measures;
mod records;
mod sums;
mod tables;
mod totals;

use chrono::{DateTime, Utc};

use crate::Store;
use crate::db::{WriteTx, on_tx};
use crate::error::{StoreError, StoreResult};
use crate::moment::Moment;
use crate::stat_hours::StatHour;
use sums::Sums;
use tables::{ERRORS, STATS, TOTALS};

/// The tables of usage.
#[derive(Clone, Copy, Debug)]
pub struct UsageStats<'s> {
    store: &'s Store,
}

/// What a fold did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// The hour is as the records were when it was begun.
    Done {
        /// How many records were read.
        rows: i64,
    },
    /// The hour was not dirty.
    Clean,
    /// Somebody else folded the hour meanwhile, and nothing was changed.
    Overtaken,
}

/// What the tables are to say of an hour.
struct HourSums {
    stats: Sums,
    totals: Sums,
    errors: Sums,
}

impl Store {
    /// The tables of usage.
    #[must_use]
    pub const fn usage_stats(&self) -> UsageStats<'_> {
        UsageStats { store: self }
    }
}

impl UsageStats<'_> {
    /// Brings the tables of usage to what the records of an hour say, if the hour is dirty.
    ///
    /// # Errors
    /// Those of the database; nothing was changed then.
    pub async fn fold(&self, hour: DateTime<Utc>, now: DateTime<Utc>) -> StoreResult<Fold> {
        let known = self.store.stat_hours().find(hour).await?;
        let Some(known) = known.filter(|known| known.is_dirty) else { return Ok(Fold::Clean) };
        let folded = match known.purged_through_id {
            None => self.replace(&known, now).await,
            Some(through) => late::add(self.store, &known, through, now).await,
        };
        // Two folds of one hour insert the same rows.
        match folded {
            Err(StoreError::Internal(sqlx::Error::Database(error)))
                if error.is_unique_violation() =>
            {
                Ok(Fold::Overtaken)
            }
            folded => folded,
        }
    }

    async fn replace(&self, known: &StatHour, now: DateTime<Utc>) -> StoreResult<Fold> {
        let read = records::of_hour(self.store, known.hour).await?;
        let sums = HourSums {
            totals: totals::of_groups(&read.stats),
            stats: read.stats,
            errors: read.errors,
        };
        let mut tx = self.store.db().begin_write().await?;
        sums.write(&mut tx, known.hour, now).await?;
        if !note(&mut tx, known, read.rows, false, now).await? {
            return Ok(Fold::Overtaken);
        }
        tx.commit().await?;
        Ok(Fold::Done { rows: read.rows })
    }
}

impl HourSums {
    /// Makes the hour's rows these, and the day's rows what follows.
    async fn write(
        &self,
        tx: &mut WriteTx,
        hour: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        STATS.replace(tx, hour, &self.stats, now).await?;
        TOTALS.replace(tx, hour, &self.totals, now).await?;
        ERRORS.replace(tx, hour, &self.errors, now).await
    }
}

/// Notes that an hour was folded as it was `known`; `false` where another fold came first. The
/// last statement, because whoever writes records of the hour waits from here on.
async fn note(
    tx: &mut WriteTx,
    known: &StatHour,
    rows: i64,
    has_more: bool,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    const SQL: &str = "
        UPDATE t_stat_hours
        SET is_dirty = (changes <> ? OR ?), folded_changes = ?, folds = folds + 1,
            folded_rows = ?, folded_at = ?, updated_at = ?
        WHERE hour = ? AND folds = ?";
    let noted = on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(known.changes)
            .bind(has_more)
            .bind(known.changes)
            .bind(rows)
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(Moment(known.hour))
            .bind(known.folds)
            .execute(&mut *conn)
            .await?
            .rows_affected()
    });
    Ok(noted > 0)
}
