//! Reading what belongs together, for a bounded time.

use std::time::Duration;

use sqlx::{MySql, Sqlite, Transaction};
use tokio::time::{Instant, timeout};

use crate::db::{Conn, Db};
use crate::error::{StoreError, StoreResult};

/// How many of its instructions SQLite executes between two looks at the clock: some 0.1 ms.
const INSTRUCTIONS: i32 = 10_000;

/// A transaction whose statements all see the database as it was when it began, and that ends by
/// itself when its time is up. Dropped, it is rolled back, which changes nothing.
pub(crate) struct ReadTx {
    tx: Tx,
    limit: Duration,
}

enum Tx {
    MySql(Transaction<'static, MySql>),
    Sqlite(Transaction<'static, Sqlite>),
}

impl Db {
    /// Begins to read; everything that is read shall take `limit` at most.
    pub(crate) async fn begin_read(&self, limit: Duration) -> StoreResult<ReadTx> {
        // Two statements at once, since connections are READ COMMITTED and the first changes that
        // for the next transaction alone.
        const SNAPSHOT: &str = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
            START TRANSACTION WITH CONSISTENT SNAPSHOT";
        let tx = match self {
            Self::MySql(pool) => Tx::MySql(pool.begin_with(SNAPSHOT).await?),
            Self::Sqlite { pool, .. } => {
                let mut tx = pool.begin_with("BEGIN DEFERRED").await?;
                let until = Instant::now() + limit;
                // Taken off when the connection is handed out again, by the pool.
                let is_in_time = move || Instant::now() < until;
                tx.lock_handle().await?.set_progress_handler(INSTRUCTIONS, is_in_time);
                Tx::Sqlite(tx)
            }
        };
        Ok(ReadTx { tx, limit })
    }
}

impl ReadTx {
    /// The connection, for `on_tx!`.
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.tx {
            Tx::MySql(tx) => Conn::MySql(tx),
            Tx::Sqlite(tx) => Conn::Sqlite(tx),
        }
    }

    /// What a SELECT begins with, so that the database itself ends it when its time is up.
    ///
    /// One text for all: MariaDB executes what is in `/*M! … */`, MySQL 8 and TiDB take the hint
    /// after SELECT, and each of them, and SQLite, reads the other as a comment.
    pub(crate) fn select(&self) -> String {
        let millis = self.limit.as_millis().max(1);
        let (seconds, rest) = (millis / 1000, millis % 1000);
        format!(
            "/*M! SET STATEMENT max_statement_time={seconds}.{rest:03} FOR */ \
             SELECT /*+ MAX_EXECUTION_TIME({millis}) */ "
        )
    }

    /// Ends it.
    pub(crate) async fn end(self) -> StoreResult<()> {
        match self.tx {
            Tx::MySql(tx) => tx.commit().await?,
            Tx::Sqlite(mut tx) => {
                tx.lock_handle().await?.remove_progress_handler();
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

/// What `reading` comes to, if it does within `limit`: the bound of all statements of a report
/// together, where [`ReadTx::select`] is that of each.
pub(crate) async fn in_time<T>(
    limit: Duration,
    reading: impl Future<Output = StoreResult<T>>,
) -> StoreResult<T> {
    timeout(limit, reading).await.unwrap_or(Err(StoreError::TooSlow))
}
