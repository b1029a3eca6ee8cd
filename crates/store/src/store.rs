//! The way in: a database that is open.

use std::sync::Arc;

use tollgate_domain::Secret;

use crate::db::{Db, on_pool};
use crate::error::StoreResult;
use crate::migrate::{self, MIGRATIONS, MigrationReport};
use crate::seal::Keyring;

/// How to open a database.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `mysql://user:password@host:port/database` or `sqlite://path`.
    pub url: Secret<String>,
    /// The most connections held at a time.
    pub max_connections: u32,
    /// The keys that secrets are sealed with; without them no secret can be stored or opened.
    pub sealer: Option<Keyring>,
}

/// An open database. Cheap to clone; each clone is the same one.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    sealer: Option<Keyring>,
}

impl Store {
    /// Connects. The tables are as they are; see [`Store::migrate`].
    ///
    /// # Errors
    /// `Unavailable` where the database does not answer.
    pub async fn open(options: &StoreOptions) -> StoreResult<Self> {
        let db = Db::open(options.url.expose(), options.max_connections).await?;
        Ok(Self { inner: Arc::new(Inner { db, sealer: options.sealer.clone() }) })
    }

    /// Brings the tables to the version that this binary knows. Any number of instances may do so
    /// at once; one does the work.
    ///
    /// # Errors
    /// `Schema` for a schema that is newer than this binary, half-applied or different, each with
    /// what to do about it.
    pub async fn migrate(&self) -> StoreResult<MigrationReport> {
        migrate::run(self.db(), MIGRATIONS).await
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// `Unavailable` where there is none.
    pub async fn ping(&self) -> StoreResult<()> {
        on_pool!(self.db(), |pool| {
            sqlx::query("SELECT 1").execute(pool).await?;
        });
        Ok(())
    }

    /// Copies a SQLite database, as it is at one moment though it is in use, into the new file
    /// `path`; of another database nothing is copied, and the answer is `false`.
    ///
    /// # Errors
    /// Where the file is there already or cannot be written.
    pub async fn copy_sqlite_to(&self, path: &std::path::Path) -> StoreResult<bool> {
        let Db::Sqlite { pool, .. } = self.db() else { return Ok(false) };
        let path = path.to_string_lossy().into_owned();
        sqlx::query("VACUUM INTO ?").bind(path).execute(pool).await?;
        Ok(true)
    }

    /// Closes every connection, after the work on it has ended.
    pub async fn close(&self) {
        self.db().close().await;
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn sealer(&self) -> Option<&Keyring> {
        self.inner.sealer.as_ref()
    }
}
