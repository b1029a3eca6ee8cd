//! Fresh databases for tests: an embedded one, and one on each server in `TEST_DATABASE_URLS`.

use std::ops::Deref;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use tempfile::TempDir;
use tollgate_domain::Secret;

use crate::catalogue::Catalogue;
use crate::db::{on_pool, on_tx};
use crate::seal::{Keyring, SealingKey};
use crate::{Migration, MigrationReport, Store, StoreOptions, StoreResult};

/// What tests seal with, unless they bring their own keys.
pub const TEST_SEALING_KEY: &str = "dGVzdCBzZWFsaW5nIGtleSBmb3IgdGVzdHMgb25seSE=";

/// A database of a test's own, dropped with it.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    keeper: Keeper,
}

#[derive(Debug)]
enum Keeper {
    Folder { _folder: TempDir },
    Server { url: String, name: String },
}

/// A migrated store over a [`TestDatabase`], sealing with a key of its own.
#[derive(Debug)]
pub struct TestStore {
    store: Store,
    /// What it is over.
    pub database: TestDatabase,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// Runs a test over a migrated store on every database.
///
/// # Panics
/// Where the test does, or where a database cannot be made.
pub async fn each_database(test: impl AsyncFn(TestStore)) {
    each_empty_database(async |database| {
        let store = database.open(Some(test_keyring())).await;
        store.migrate().await.expect("a fresh database can be migrated");
        test(TestStore { store, database }).await;
    })
    .await;
}

/// Runs a test over every database, without any table in it.
///
/// # Panics
/// Where the test does, or where a database cannot be made.
pub async fn each_empty_database(test: impl AsyncFn(TestDatabase)) {
    test(TestDatabase::sqlite()).await;
    for server in servers() {
        test(TestDatabase::on_server(&server).await).await;
    }
}

/// The sealing key of [`each_database`].
///
/// # Panics
/// Never: the key is well written.
#[must_use]
pub fn test_keyring() -> Keyring {
    let key = SealingKey::parse("TEST_SEALING_KEY", TEST_SEALING_KEY)
        .expect("the key of tests is 32 bytes in base64");
    Keyring::new(key, Vec::new())
}

/// The servers to test on: `TEST_DATABASE_URLS`, with commas between them. Says so, once, where
/// there is none.
#[must_use]
pub fn servers() -> Vec<String> {
    static SAY_SO: Once = Once::new();
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    let urls = std::env::var("TEST_DATABASE_URLS").unwrap_or_default();
    let urls: Vec<String> = urls
        .split(',')
        .map(|url| url.trim().trim_end_matches('/').to_owned())
        .filter(|url| !url.is_empty())
        .collect();
    if urls.is_empty() {
        #[expect(clippy::print_stderr, reason = "a test run has nowhere else to say it")]
        SAY_SO.call_once(|| eprintln!("TEST_DATABASE_URLS is not set: testing on SQLite alone"));
    }
    urls
}

impl TestDatabase {
    /// A fresh SQLite database in a folder of its own.
    ///
    /// # Panics
    /// Where no folder can be made.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("tollgate.db").display());
        Self { url, keeper: Keeper::Folder { _folder: folder } }
    }

    /// A fresh database on the server at `server`.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub async fn on_server(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let random: u32 = rand::random();
        let name = format!("tollgate_test_{}_{count}_{random:08x}", std::process::id());
        let create = format!("CREATE DATABASE {name} DEFAULT CHARACTER SET utf8mb4");
        execute(server, create).await.expect("a database can be made on the server");
        let keeper = Keeper::Server { url: server.to_owned(), name: name.clone() };
        Self { url: format!("{server}/{name}"), keeper }
    }

    /// What to open it by.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is on a server rather than embedded.
    #[must_use]
    pub const fn is_server(&self) -> bool {
        matches!(self.keeper, Keeper::Server { .. })
    }

    /// Opens it, without migrating, as one more instance does.
    ///
    /// # Panics
    /// Where it does not open.
    pub async fn open(&self, sealer: Option<Keyring>) -> Store {
        let options =
            StoreOptions { url: Secret::new(self.url.clone()), max_connections: 5, sealer };
        Store::open(&options).await.expect("a test database opens")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Keeper::Server { url, name } = &self.keeper else { return };
        let (url, database) = (url.clone(), name.clone());
        // A thread of its own, since this may run inside a runtime and must end before the test.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map(|runtime| runtime.block_on(drop_database(&url, &database)))
        });
        if !matches!(dropped.join(), Ok(Ok(Ok(())))) {
            tracing::warn!(database = name.as_str(), "a test database could not be dropped");
        }
    }
}

/// Drops a database, ending the connections to it first: the test's runtime stands still, so one
/// that is about to roll back would keep its locks.
async fn drop_database(server: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut conn = MySqlConnection::connect(server).await?;
    let users: Vec<i64> = sqlx::query_scalar(
        "SELECT CAST(id AS SIGNED INTEGER) FROM information_schema.processlist WHERE db = ?",
    )
    .bind(name)
    .fetch_all(&mut conn)
    .await?;
    for user in users {
        // It may have gone by itself.
        let _ = conn.execute(AssertSqlSafe(format!("KILL {user}"))).await;
    }
    conn.execute("SET SESSION lock_wait_timeout = 5").await?;
    conn.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await?;
    conn.close().await
}

async fn execute(server: &str, sql: String) -> Result<(), sqlx::Error> {
    let mut conn = MySqlConnection::connect(server).await?;
    conn.execute(AssertSqlSafe(sql)).await?;
    conn.close().await
}

impl Store {
    /// Runs SQL as a person with a client does.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn execute_sql(&self, sql: &str) -> StoreResult<()> {
        on_pool!(self.db(), |pool| {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await?;
        });
        Ok(())
    }

    /// The texts in the first column of what a query finds; its values are to be texts or NULL.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn query_texts(&self, sql: &str) -> StoreResult<Vec<Option<String>>> {
        Ok(on_pool!(self.db(), |pool| {
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await?
        }))
    }

    /// Applies other migrations than the built-in ones.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub async fn migrate_with(&self, migrations: &[Migration]) -> StoreResult<MigrationReport> {
        crate::migrate::run(self.db(), migrations).await
    }

    /// Reads what no database has read for minutes, with no other bound than the database's own.
    ///
    /// # Errors
    /// `TooSlow` after `limit`.
    pub async fn read_slowly(&self, limit: std::time::Duration) -> StoreResult<()> {
        let rest = self.db().dialect().pick(
            "COUNT(*)
             FROM information_schema.columns AS a, information_schema.columns AS b,
                 information_schema.columns AS c",
            "COUNT(*)
             FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)",
        );
        let mut tx = self.db().begin_read(limit).await?;
        let sql = format!("{}{rest}", tx.select());
        on_tx!(tx, |conn| {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *conn).await?;
        });
        tx.end().await
    }

    /// Loads another catalogue than the built-in one.
    ///
    /// # Errors
    /// As [`Store::seed`].
    pub async fn seed_with(
        &self,
        providers: &str,
        models: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        self.seed_from(&Catalogue::parse(providers, models)?, now).await
    }

    /// The migrations that this binary carries.
    #[must_use]
    pub const fn migrations() -> &'static [Migration] {
        crate::migrate::MIGRATIONS
    }
}

/// One column, as the database describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFact {
    /// `t_ai_models.model_code`.
    pub name: String,
    /// `integer`, `text`, `boolean`, `date`, `datetime` or `bytes`.
    pub class: &'static str,
    /// Whether it may be NULL.
    pub is_nullable: bool,
    /// Whether a row that leaves it out gets something other than NULL.
    pub has_default: bool,
}

impl Store {
    /// Every column of every table, by name, for the comparison of the two schemas.
    ///
    /// # Errors
    /// `Unavailable`.
    ///
    /// # Panics
    /// For a type that has no class.
    pub async fn columns(&self) -> StoreResult<Vec<ColumnFact>> {
        let sql = self.db().dialect().pick(
            "SELECT CONCAT(table_name, '.', column_name) AS name, column_type AS declared,
                 is_nullable = 'YES' AS is_nullable,
                 (column_default IS NOT NULL AND column_default <> 'NULL')
                     OR extra LIKE '%auto_increment%' AS has_default
             FROM information_schema.columns
             WHERE table_schema = DATABASE()",
            "SELECT t.name || '.' || c.name AS name, c.type AS declared,
                 c.\"notnull\" = 0 AS is_nullable,
                 (c.dflt_value IS NOT NULL AND c.dflt_value <> 'NULL')
                     OR c.type = 'INTEGER' AND c.pk = 1 AS has_default
             FROM sqlite_master AS t
             JOIN pragma_table_info(t.name) AS c
             WHERE t.type = 'table' AND t.name LIKE 't\\_%' ESCAPE '\\'",
        );
        let rows: Vec<(String, String, i64, i64)> =
            on_pool!(self.db(), |pool| { sqlx::query_as(sql).fetch_all(pool).await? });
        let mut columns: Vec<ColumnFact> = rows
            .into_iter()
            .map(|(name, declared, is_nullable, has_default)| ColumnFact {
                class: class_of(&name, &declared),
                name,
                is_nullable: is_nullable != 0,
                has_default: has_default != 0,
            })
            .collect();
        // Here, because the two databases order `_` differently.
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(columns)
    }
}

/// What a declared type holds, on either side. JSON is text: MariaDB and SQLite have no other.
fn class_of(name: &str, declared: &str) -> &'static str {
    let declared = declared.to_lowercase();
    match declared.split('(').next().unwrap_or_default() {
        "tinyint" | "boolean" => "boolean",
        "bigint" | "int" | "integer" => "integer",
        "varchar" | "char" | "text" | "longtext" | "mediumtext" | "json" => "text",
        "date" => "date",
        "datetime" => "datetime",
        "binary" | "varbinary" | "blob" => "bytes",
        other => panic!("{name}: the type {other} has no class"),
    }
}
