//! The partitions of `t_ai_api_logs`, on MySQL, MariaDB and TiDB.
//!
//! Each change of them waits for the transactions that use the table, and everybody else waits for
//! the change; a writer who has only read may even be refused, as if in a deadlock, and writes
//! again. So a change looks at first for a moment at which nobody uses the table, which MariaDB
//! can do; later it waits for a second, and comes again. A connection that changed its settings or
//! holds a lock is never given back to the pool.

use std::ops::Range;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Executor, MySql, MySqlConnection, MySqlPool};
use tokio::time::sleep;

use super::{Division, LET_GO, days};
use crate::error::{StoreError, StoreResult};
use crate::moment::Moment;
use crate::stat_hours::UNFOLDED;

/// How often a change is tried that does not wait for the table, and how often one that does, for
/// so many seconds.
const TRIES: [(u32, u32); 2] = [(50, 0), (20, 1)];
/// How long others have the table between two tries: so long, and a second after one that waited.
const BETWEEN: Duration = Duration::from_millis(50);
/// How many days are dropped at a time; the others follow at the next purge.
const MOST_DROPPED: usize = 100;

/// The partitions, in their order.
pub(super) struct Partitions {
    list: Vec<Partition>,
}

struct Partition {
    name: String,
    /// The first day that is not in it; `None` for the last partition.
    upper: Option<NaiveDate>,
}

impl Partitions {
    /// Those that there are; none of a table that is not divided, or not by day.
    pub(super) async fn read(pool: &MySqlPool) -> StoreResult<Self> {
        const SQL: &str = "
            SELECT CAST(partition_name AS CHAR) AS name, CAST(partition_description AS CHAR) AS upper
            FROM information_schema.partitions
            WHERE table_schema = DATABASE() AND table_name = 't_ai_api_logs'
                AND partition_name IS NOT NULL AND partition_method = 'RANGE COLUMNS'
            ORDER BY partition_ordinal_position";
        let rows: Vec<(String, Option<String>)> = sqlx::query_as(SQL).fetch_all(pool).await?;
        let partition = |(name, upper): (String, Option<String>)| {
            let upper = upper.as_deref().map(|text| text.trim_matches('\''));
            let upper = upper.and_then(|text| text.get(..10)?.parse().ok());
            Partition { name, upper }
        };
        Ok(Self { list: rows.into_iter().map(partition).collect() })
    }

    /// Whether the table is divided.
    pub(super) const fn are_some(&self) -> bool {
        !self.list.is_empty()
    }

    /// Makes a partition end at each of `wanted`, where none does.
    pub(super) async fn make(
        &self,
        pool: &MySqlPool,
        wanted: &[NaiveDate],
    ) -> StoreResult<Division> {
        let mut made = 0;
        for (sql, more) in self.changes(wanted) {
            match change(pool, &sql).await {
                Ok(()) => made += more,
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                // TiDB before 7.4 cannot divide a table that is there.
                Err(error) => return Ok(Division::Refused(error.to_string())),
            }
        }
        Ok(Division::ByDay { made })
    }

    /// The statements to that end, and how many partitions each makes.
    fn changes(&self, wanted: &[NaiveDate]) -> Vec<(String, usize)> {
        if self.list.is_empty() {
            let pieces = days::pieces(wanted, None);
            let list = pieces.join(", ");
            let sql = format!(
                "ALTER TABLE t_ai_api_logs PARTITION BY RANGE COLUMNS (created_at) ({list})"
            );
            return vec![(sql, pieces.len())];
        }
        let mut lower = None;
        let mut changes = Vec::new();
        for partition in &self.list {
            let is_inside = |day: &&NaiveDate| {
                lower.is_none_or(|lower| **day > lower)
                    && partition.upper.is_none_or(|upper| **day < upper)
            };
            let cuts: Vec<NaiveDate> = wanted.iter().filter(is_inside).copied().collect();
            if !cuts.is_empty() {
                let (name, list) =
                    (&partition.name, days::pieces(&cuts, partition.upper).join(", "));
                let sql =
                    format!("ALTER TABLE t_ai_api_logs REORGANIZE PARTITION {name} INTO ({list})");
                changes.push((sql, cuts.len()));
            }
            lower = partition.upper.or(lower);
        }
        changes
    }

    /// Drops the partitions that end before or at `cutoff` and whose hours are all folded, oldest
    /// first; another one keeps none but itself. Answers how many.
    pub(super) async fn drop_before(
        &self,
        pool: &MySqlPool,
        cutoff: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<usize> {
        let cutoff = cutoff.date_naive();
        let (mut dropped, mut from) = (0, DateTime::UNIX_EPOCH);
        for partition in &self.list {
            let upper = partition.upper.filter(|upper| *upper <= cutoff && dropped < MOST_DROPPED);
            let Some(upper) = upper else { break };
            let upper = upper.and_time(NaiveTime::MIN).and_utc();
            let mut tries = Tries::default();
            let is_dropped = loop {
                // Both before the lock: who waits for it may hold all others of the pool.
                let alone = quickly(pool, tries.patience()).await?;
                let mut other = pool.acquire().await?;
                let outcome = drop_one(alone, &mut other, &partition.name, from..upper, now).await;
                if let Some(outcome) = tries.settled(outcome).await {
                    break outcome?;
                }
            };
            if is_dropped {
                // What arrives of that day from now on goes to the next partition.
                dropped += 1;
            } else {
                from = upper;
            }
        }
        Ok(dropped)
    }
}

/// Drops the partition that has these `hours`, unless one of them is not folded. Nobody writes records
/// meanwhile, so that none is dropped which no fold has seen.
async fn drop_one(
    mut alone: Alone,
    other: &mut MySqlConnection,
    name: &str,
    hours: Range<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    // Without the lock, which is for nothing then.
    if unfolded(other, &hours).await? > 0 {
        return Ok(false);
    }
    match alone.run("LOCK TABLES t_ai_api_logs WRITE").await {
        Ok(()) => {}
        Err(error @ StoreError::Unavailable(_)) => return Err(error),
        // Galera has no such locks. What may be lost then is the sum of a record that arrives at
        // this very moment, months late.
        Err(error) => {
            tracing::debug!(%error, "the records cannot be locked while a day is dropped")
        }
    }
    if unfolded(other, &hours).await? > 0 {
        return Ok(false);
    }
    let sql = format!("SELECT COALESCE(MAX(id), 0) FROM t_ai_api_logs PARTITION ({name})");
    let through: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *alone.conn).await?;
    sqlx::query(LET_GO)
        .bind(through)
        .bind(Moment(now))
        .bind(Moment(hours.start))
        .bind(Moment(hours.end))
        .execute(&mut *other)
        .await?;
    alone.run(&format!("ALTER TABLE t_ai_api_logs DROP PARTITION {name}")).await?;
    Ok(true)
}

/// How many of `hours` are not folded.
async fn unfolded(conn: &mut MySqlConnection, hours: &Range<DateTime<Utc>>) -> StoreResult<i64> {
    let count = sqlx::query_scalar(UNFOLDED)
        .bind(Moment(hours.start))
        .bind(Moment(hours.end))
        .fetch_one(&mut *conn)
        .await?;
    Ok(count)
}

/// A connection of one's own, closed after its use.
struct Alone {
    conn: PoolConnection<MySql>,
}

impl Alone {
    async fn run(&mut self, sql: &str) -> StoreResult<()> {
        self.conn.execute(AssertSqlSafe(sql)).await?;
        Ok(())
    }
}

/// A connection that waits so many seconds for a table in use; MySQL makes 1 of 0.
async fn quickly(pool: &MySqlPool, seconds: u32) -> StoreResult<Alone> {
    let mut conn = pool.acquire().await?;
    conn.close_on_drop();
    let mut alone = Alone { conn };
    alone.run(&format!("SET SESSION lock_wait_timeout = {seconds}")).await?;
    Ok(alone)
}

/// Changes the table, as soon as it is free.
async fn change(pool: &MySqlPool, sql: &str) -> StoreResult<()> {
    let mut tries = Tries::default();
    loop {
        let mut alone = quickly(pool, tries.patience()).await?;
        let outcome = alone.run(sql).await;
        if let Some(outcome) = tries.settled(outcome).await {
            return outcome;
        }
    }
}

/// Tries of something that may find the table in use.
#[derive(Default)]
struct Tries {
    made: u32,
}

impl Tries {
    /// For how many seconds the next one waits for the table.
    const fn patience(&self) -> u32 {
        let [(at_once, none), (_, some)] = TRIES;
        if self.made < at_once { none } else { some }
    }

    /// What came of it in the end; `None`, after a while, where it is to be tried again.
    async fn settled<T>(&mut self, outcome: StoreResult<T>) -> Option<StoreResult<T>> {
        let waited = Duration::from_secs(self.patience().into());
        self.made += 1;
        let most: u32 = TRIES.iter().map(|(tries, _)| tries).sum();
        match outcome {
            Err(StoreError::Unavailable(error)) if self.made < most => {
                tracing::debug!(%error, "the records are in use; their partitions wait");
                sleep(BETWEEN.max(waited)).await;
                None
            }
            outcome => Some(outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn partitions(list: &[(&str, Option<&str>)]) -> Partitions {
        let partition = |(name, upper): &(&str, Option<&str>)| Partition {
            name: (*name).to_owned(),
            upper: upper.map(day),
        };
        Partitions { list: list.iter().map(partition).collect() }
    }

    #[test]
    fn a_table_without_partitions_is_divided_at_once() {
        let changes = partitions(&[]).changes(&[day("2026-12-01")]);

        let expected = "ALTER TABLE t_ai_api_logs PARTITION BY RANGE COLUMNS (created_at) \
            (PARTITION p20261130 VALUES LESS THAN ('2026-12-01 00:00:00'), \
            PARTITION p_rest VALUES LESS THAN (MAXVALUE))";
        assert_eq!(changes, [(expected.to_owned(), 2)]);
    }

    #[test]
    fn only_partitions_that_lack_an_end_are_cut() {
        let there = partitions(&[
            ("p20261130", Some("2026-12-01")),
            ("p20261201", Some("2026-12-02")),
            ("p_rest", None),
        ]);
        let wanted = ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"];

        let changes = there.changes(&wanted.map(day));

        let sql: Vec<&str> = changes.iter().map(|(sql, _)| sql.as_str()).collect();
        assert_eq!(
            sql,
            [
                "ALTER TABLE t_ai_api_logs REORGANIZE PARTITION p20261130 INTO \
                 (PARTITION p20261129 VALUES LESS THAN ('2026-11-30 00:00:00'), \
                 PARTITION p20261130 VALUES LESS THAN ('2026-12-01 00:00:00'))",
                "ALTER TABLE t_ai_api_logs REORGANIZE PARTITION p_rest INTO \
                 (PARTITION p20261202 VALUES LESS THAN ('2026-12-03 00:00:00'), \
                 PARTITION p20261203 VALUES LESS THAN ('2026-12-04 00:00:00'), \
                 PARTITION p_rest VALUES LESS THAN (MAXVALUE))",
            ]
        );
        assert!(
            there.changes(&wanted[1..3].iter().copied().map(day).collect::<Vec<_>>()).is_empty()
        );
    }
}
