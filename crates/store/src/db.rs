//! The seam between the two databases: everything that a repository needs to be written once.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlQueryResult};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteQueryResult,
    SqliteSynchronous,
};
use sqlx::{
    Executor, MySql, MySqlConnection, MySqlPool, Sqlite, SqliteConnection, SqlitePool, Transaction,
};

use crate::error::{StoreError, StoreResult};

/// How long a function waits for a free connection before it says that the database is away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a writer waits for another one, on SQLite.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the one connection to SQLite that writes keeps of the file, in KiB. Records are in ten
/// indexes: with SQLite's own 2 MiB, a page of each is read again for nearly every row that is
/// written or deleted.
const WRITER_CACHE_KIB: u32 = 64 * 1024;

/// How many pages of 4 KiB the one connection to SQLite that writes adds to the log ahead before it
/// moves them into the file. A batch of records changes thousands of pages, mostly the ones that
/// the batch before has changed: with SQLite's own 1,000 each of them is moved after every batch.
const CHECKPOINT_PAGES: u32 = 16 * 1024;

/// A pool of connections to one of the two databases.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    MySql(MySqlPool),
    /// SQLite has one writer at a time: transactions that write take their turn for the one
    /// connection of `writer`.
    Sqlite {
        pool: SqlitePool,
        writer: SqlitePool,
    },
}

/// Which of two texts of SQL to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    MySql,
    Sqlite,
}

impl Dialect {
    /// The text for this dialect, where they must differ.
    pub(crate) const fn pick(self, mysql: &'static str, sqlite: &'static str) -> &'static str {
        match self {
            Self::MySql => mysql,
            Self::Sqlite => sqlite,
        }
    }
}

/// A connection inside a transaction.
pub(crate) enum Conn<'c> {
    MySql(&'c mut MySqlConnection),
    Sqlite(&'c mut SqliteConnection),
}

/// A transaction that will write. Dropped without [`WriteTx::commit`], it is rolled back.
pub(crate) enum WriteTx {
    MySql(Transaction<'static, MySql>),
    Sqlite(Transaction<'static, Sqlite>),
}

/// Repeats a block for the pool of each driver: `on_pool!(self.db, |pool| { … })`. The second
/// form also names the driver's type: `|pool: Driver|`.
macro_rules! on_pool {
    ($db:expr, |$pool:ident| $body:block) => {
        match $db.by_ref() {
            $crate::db::Db::MySql($pool) => $body,
            $crate::db::Db::Sqlite { pool: $pool, .. } => $body,
        }
    };
    ($db:expr, |$pool:ident: $driver:ident| $body:block) => {
        match $db.by_ref() {
            $crate::db::Db::MySql($pool) => {
                type $driver = sqlx::MySql;
                $body
            }
            $crate::db::Db::Sqlite { pool: $pool, .. } => {
                type $driver = sqlx::Sqlite;
                $body
            }
        }
    };
}

/// Repeats a block for the connection of each driver's transaction: `on_tx!(tx, |conn| { … })`,
/// where queries run on `&mut *conn`. The second form also names the driver's type.
macro_rules! on_tx {
    ($tx:expr, |$conn:ident| $body:block) => {
        match $tx.conn() {
            $crate::db::Conn::MySql($conn) => $body,
            $crate::db::Conn::Sqlite($conn) => $body,
        }
    };
    ($tx:expr, |$conn:ident: $driver:ident| $body:block) => {
        match $tx.conn() {
            $crate::db::Conn::MySql($conn) => {
                type $driver = sqlx::MySql;
                $body
            }
            $crate::db::Conn::Sqlite($conn) => {
                type $driver = sqlx::Sqlite;
                $body
            }
        }
    };
}

pub(crate) use {on_pool, on_tx};

impl Db {
    /// Connects to `mysql://…` or `sqlite://…`. A SQLite file is made where there is none.
    pub(crate) async fn open(url: &str, max_connections: u32) -> StoreResult<Self> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(url, max_connections).await,
            Some("mysql" | "mariadb") => open_mysql(url, max_connections).await.map(Self::MySql),
            _ => {
                let reason = "a database URL begins with mysql:// or sqlite://";
                Err(sqlx::Error::Configuration(reason.into()).into())
            }
        }
    }

    /// For the macros: a reference, whether this is one or not.
    pub(crate) const fn by_ref(&self) -> &Self {
        self
    }

    /// Which SQL it speaks.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::MySql(_) => Dialect::MySql,
            Self::Sqlite { .. } => Dialect::Sqlite,
        }
    }

    /// Begins a transaction that will write. On SQLite it takes the write lock at once, because a
    /// reader that turns writer cannot wait for another one and fails.
    pub(crate) async fn begin_write(&self) -> StoreResult<WriteTx> {
        Ok(match self {
            Self::MySql(pool) => WriteTx::MySql(pool.begin().await?),
            Self::Sqlite { writer, .. } => {
                WriteTx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
        })
    }

    /// Closes every connection, after the work on it has ended.
    pub(crate) async fn close(&self) {
        on_pool!(self, |pool| { pool.close().await });
        if let Self::Sqlite { writer, .. } = self {
            writer.close().await;
        }
    }
}

impl WriteTx {
    /// The connection, for `on_tx!`.
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::MySql(tx) => Conn::MySql(tx),
            Self::Sqlite(tx) => Conn::Sqlite(tx),
        }
    }

    /// Which SQL it speaks.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::MySql(_) => Dialect::MySql,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Makes everything done in it last.
    pub(crate) async fn commit(self) -> StoreResult<()> {
        match self {
            Self::MySql(tx) => tx.commit().await?,
            Self::Sqlite(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// The id that an INSERT gave its row.
pub(crate) trait InsertedId {
    fn inserted_id(&self) -> i64;
}

impl InsertedId for MySqlQueryResult {
    fn inserted_id(&self) -> i64 {
        i64::try_from(self.last_insert_id()).unwrap_or(i64::MAX)
    }
}

impl InsertedId for SqliteQueryResult {
    fn inserted_id(&self) -> i64 {
        self.last_insert_rowid()
    }
}

async fn open_mysql(url: &str, max_connections: u32) -> StoreResult<MySqlPool> {
    let options =
        MySqlConnectOptions::from_str(url)?.charset("utf8mb4").timezone(Some("+00:00".to_owned()));
    let pool = MySqlPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|conn, _| {
            Box::pin(async move {
                conn.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    Ok(pool)
}

async fn open_sqlite(url: &str, max_connections: u32) -> StoreResult<Db> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT);
    let pools =
        SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).before_acquire(|conn, _| {
            // The bound of a report whose reader left; it must not end what the next one does.
            Box::pin(async move {
                conn.lock_handle().await?.remove_progress_handler();
                Ok(true)
            })
        });
    if is_in_memory(url) {
        // Every connection would be a database of its own, and an idle one would forget it.
        let one = pools.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = one.connect_with(options).await?;
        return Ok(Db::Sqlite { writer: pool.clone(), pool });
    }
    make_private(options.get_filename())?;
    let writing = options
        .clone()
        .pragma("cache_size", format!("-{WRITER_CACHE_KIB}"))
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        // What a statement needs to undo itself; it is as large as what the statement changes.
        .pragma("temp_store", "MEMORY");
    let writer =
        pools.clone().max_connections(1).acquire_timeout(BUSY_TIMEOUT).connect_lazy_with(writing);
    let pool = pools.max_connections(max_connections).connect_with(options).await?;
    Ok(Db::Sqlite { pool, writer })
}

fn is_in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

/// Makes the file, and the folder it is in, where there is none; only its owner may read it.
/// SQLite gives its `-wal` and `-shm` companions the same permissions.
fn make_private(path: &Path) -> StoreResult<()> {
    let failed = |source| StoreError::File { path: path.display().to_string(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(error)),
    }
}
