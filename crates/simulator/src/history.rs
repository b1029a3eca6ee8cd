//! A made-up past: fills a database of Tollgate's with months of calls, for tests and demonstrations.
//!
//! It knows the tables as any client of the database does, and nothing of the gateway's code but
//! how a call is priced. The same seed and end make the same calls.

mod batch;
mod calls;
mod catalogue;
mod chance;
mod counters;
mod database;
mod failures;
mod partitions;
mod rhythm;
mod row;
mod settle;
mod sql;
mod world;

use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use batch::Batch;
use calls::Calls;
use counters::Counters;
use database::Database;
use rhythm::Rhythm;
use settle::{Times, settle};
use sql::Dialect;

/// Rows in a statement and a transaction.
const BATCH_ROWS: usize = 1_000;
/// Batches that wait for one connection.
const WAITING: usize = 2;

/// What history to make up.
#[derive(Clone, Debug)]
pub struct HistoryOptions {
    /// Where: `mysql://…` or `sqlite://…`.
    pub database_url: String,
    /// How many rows: one for each attempt of a call, and one for a call that was refused.
    pub rows: u64,
    /// How much time they are spread over, in whole minutes.
    pub span: TimeDelta,
    /// The moment before which the last call arrives.
    pub until: DateTime<Utc>,
    /// What chance begins with.
    pub seed: u64,
    /// Whether there may be calls on record already.
    pub append: bool,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryReport {
    /// Rows.
    pub rows: u64,
    /// The calls they are of.
    pub calls: u64,
    /// The longest that a transaction of a thousand rows took.
    pub slowest: Duration,
}

/// Makes a history up and writes it. `progress` hears now and then how many rows there are.
///
/// # Errors
/// Where the database cannot be reached, is not migrated, or has calls on record and
/// [`HistoryOptions::append`] is not set; nothing is written then. A failure later leaves the rows
/// up to then, marked as the others.
pub async fn fill(
    options: &HistoryOptions,
    progress: impl Fn(u64),
) -> anyhow::Result<HistoryReport> {
    let mut database = Database::open(&options.database_url).await?;
    check(&mut database, options.append).await?;
    let until = options.until.trunc_subsecs(3);
    let times = Times { begin: until - options.span, middle: until - options.span / 2 };
    partitions::divide(&mut database, times.begin, until).await?;
    let world = settle(&mut database, times).await.context("the catalogue cannot be written")?;
    let mut writers = Writers::start(&options.database_url, database.dialect()).await?;
    let mut calls = Calls::new(&world, options.seed);
    let mut counters = Counters::default();
    let mut report = HistoryReport::default();
    let mut batch = Batch::new(database.dialect());
    for minute in Rhythm::new(until, options.span, options.rows).minutes() {
        for row in calls.minute(minute) {
            counters.count(&row);
            report.rows += 1;
            report.calls += u64::from(row.is_final);
            batch.push(&row);
            if batch.rows() == BATCH_ROWS {
                let full = std::mem::replace(&mut batch, Batch::new(database.dialect()));
                writers.write(full).await?;
                progress(report.rows);
            }
        }
    }
    writers.write(batch).await?;
    report.slowest = writers.finish().await?;
    database.begin().await?;
    for statement in counters.statements(database.dialect()) {
        database.execute(statement).await?;
    }
    database.commit().await?;
    database.close().await?;
    Ok(report)
}

/// Refuses a database without our tables, and one with calls unless they are welcome.
async fn check(database: &mut Database, append: bool) -> anyhow::Result<()> {
    let tables = database.dialect().pick(
        "SELECT COUNT(*) FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name IN ('t_stat_hours', 't_job_leases')",
        "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('t_stat_hours', 't_job_leases')",
    );
    if database.numbers(tables.to_owned()).await? != [2] {
        bail!(
            "the database has not the tables of this version: run `tollgate migrate` with this \
             address as DATABASE_URL first"
        );
    }
    let any = "SELECT id FROM t_ai_api_logs LIMIT 1";
    if !append && !database.numbers(any.to_owned()).await?.is_empty() {
        bail!(
            "the database has calls on record: give --append to add to them, or the address of an \
             empty one"
        );
    }
    Ok(())
}

/// Connections that write side by side, each batch after batch.
struct Writers {
    queues: Vec<mpsc::Sender<Batch>>,
    tasks: JoinSet<anyhow::Result<Duration>>,
    next: usize,
}

impl Writers {
    /// SQLite has one writer at a time; MySQL works on two batches at once, as two processors can.
    async fn start(url: &str, dialect: Dialect) -> anyhow::Result<Self> {
        let count = if dialect == Dialect::Sqlite { 1 } else { 2 };
        let mut writers = Self { queues: Vec::new(), tasks: JoinSet::new(), next: 0 };
        for _ in 0..count {
            let mut database = Database::open(url).await?;
            let (queue, mut batches) = mpsc::channel::<Batch>(WAITING);
            writers.queues.push(queue);
            writers.tasks.spawn(async move {
                let mut slowest = Duration::ZERO;
                while let Some(batch) = batches.recv().await {
                    let begin = Instant::now();
                    batch.write(&mut database).await.context("rows could not be written")?;
                    slowest = slowest.max(begin.elapsed());
                }
                database.close().await?;
                Ok(slowest)
            });
        }
        Ok(writers)
    }

    async fn write(&mut self, batch: Batch) -> anyhow::Result<()> {
        if batch.rows() == 0 {
            return Ok(());
        }
        self.next = (self.next + 1) % self.queues.len();
        if self.queues[self.next].send(batch).await.is_err() {
            // Its task has ended early, which only a failure does.
            self.ended().await?;
        }
        Ok(())
    }

    /// Waits until all is written; answers how long the slowest transaction took.
    async fn finish(mut self) -> anyhow::Result<Duration> {
        self.queues.clear();
        self.ended().await
    }

    async fn ended(&mut self) -> anyhow::Result<Duration> {
        let mut slowest = Duration::ZERO;
        while let Some(task) = self.tasks.join_next().await {
            slowest = slowest.max(task??);
        }
        Ok(slowest)
    }
}
