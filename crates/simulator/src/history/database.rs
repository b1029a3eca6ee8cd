//! The database that a history is written to, as any client of MySQL or SQLite sees it.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, SqliteConnection};

use super::sql::Dialect;

/// How long SQLite waits for another writer: a gateway may be at work.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// One connection.
pub(super) enum Database {
    MySql(MySqlConnection),
    Sqlite(SqliteConnection),
}

/// Repeats a block for the connection of each driver.
macro_rules! on {
    ($database:expr, |$conn:ident| $body:expr) => {
        match $database {
            Database::MySql($conn) => $body,
            Database::Sqlite($conn) => $body,
        }
    };
}

impl Database {
    /// Connects to `mysql://…` or `sqlite://…`, where there must be one already.
    pub(super) async fn open(url: &str) -> anyhow::Result<Self> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let options = SqliteConnectOptions::from_str(url)?
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .foreign_keys(true)
                    .busy_timeout(BUSY_TIMEOUT);
                let file = options.get_filename().display().to_string();
                let opened = options.connect().await;
                Ok(Self::Sqlite(opened.with_context(|| {
                    format!("{file} cannot be opened; `tollgate migrate` makes it")
                })?))
            }
            Some("mysql" | "mariadb") => {
                let options = MySqlConnectOptions::from_str(url)?.charset("utf8mb4");
                let mut conn = options.connect().await.context("the database cannot be reached")?;
                // As the gateway's own: no locks on what is between the rows.
                sqlx::raw_sql("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                    .execute(&mut conn)
                    .await?;
                Ok(Self::MySql(conn))
            }
            _ => bail!("a database URL begins with mysql:// or sqlite://"),
        }
    }

    /// Which SQL it speaks.
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::MySql(_) => Dialect::MySql,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Begins a transaction that will write; one that is not committed ends with the connection.
    pub(super) async fn begin(&mut self) -> anyhow::Result<()> {
        let sql = self.dialect().pick("START TRANSACTION", "BEGIN IMMEDIATE");
        self.execute(sql.to_owned()).await
    }

    /// Makes what was written last.
    pub(super) async fn commit(&mut self) -> anyhow::Result<()> {
        self.execute("COMMIT".to_owned()).await
    }

    /// Runs a statement.
    pub(super) async fn execute(&mut self, sql: String) -> anyhow::Result<()> {
        on!(self, |conn| {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await?;
        });
        Ok(())
    }

    /// The numbers in the first column of what a query finds.
    pub(super) async fn numbers(&mut self, sql: String) -> anyhow::Result<Vec<i64>> {
        Ok(on!(self, |conn| sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(conn).await?))
    }

    /// Rows of numbers that may be NULL.
    pub(super) async fn rows<const N: usize>(
        &mut self,
        sql: String,
    ) -> anyhow::Result<Vec<[Option<i64>; N]>> {
        on!(self, |conn| {
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(conn).await?;
            let cells = |row| -> sqlx::Result<[Option<i64>; N]> {
                let mut cells = [None; N];
                for (place, cell) in cells.iter_mut().enumerate() {
                    *cell = sqlx::Row::try_get(row, place)?;
                }
                Ok(cells)
            };
            Ok(rows.iter().map(cells).collect::<sqlx::Result<_>>()?)
        })
    }

    /// Ends the connection.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        on!(self, |conn| conn.close().await?);
        Ok(())
    }
}
