//! What can go wrong, as far as a caller can act on it.

use crate::seal::SealError;

/// The result of a repository function.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row, or it was deleted.
    #[error("there is no such row")]
    NotFound,
    /// Another row has the same value in a field that must be unique.
    #[error("another row has the same {field}")]
    Conflict {
        /// The field, as JSON names it.
        field: &'static str,
    },
    /// It would leave no active admin.
    #[error("the last active admin cannot be removed, deactivated or demoted")]
    LastAdmin,
    /// The database does not answer, or asks to try again.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The tables are not those that this binary knows.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A row holds something that does not mean anything.
    #[error("{table} row {id}: column {column}: {reason}")]
    Corrupt {
        /// Its table.
        table: &'static str,
        /// Its id.
        id: i64,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The file of seeds in this binary is wrong.
    #[error("the built-in catalogue is wrong: {0}")]
    Seeds(String),
    /// A file could not be made.
    #[error("cannot make the database file {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Reading took longer than reports may.
    #[error("reading took longer than a report may: ask for a shorter time, or add a filter")]
    TooSlow,
    /// Something that no caller can act on.
    #[error("the database refused: {0}")]
    Internal(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the database refuses what it was given: it would take other rows, and these never.
    #[must_use]
    pub fn is_about_values(&self) -> bool {
        let Self::Internal(error) = self else { return matches!(self, Self::Conflict { .. }) };
        match error {
            sqlx::Error::Encode(_) => true,
            sqlx::Error::Database(error) => {
                if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                    let state = error.code().unwrap_or_default();
                    return MYSQL_VALUES.contains(&error.number())
                        || MYSQL_VALUE_STATES.iter().any(|class| state.starts_with(class));
                }
                let code = error.code().and_then(|code| code.parse::<i32>().ok());
                code.is_some_and(|code| SQLITE_VALUES.contains(&(code & 0xff)))
            }
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            error if is_too_slow(&error) => Self::TooSlow,
            error if is_passing(&error) => Self::Unavailable(error),
            error => Self::Internal(error),
        }
    }
}

/// Error numbers of a statement that was ended because its time was up: of MariaDB, and of MySQL
/// and TiDB.
const MYSQL_TOO_SLOW: [u16; 2] = [1969, 3024];

/// SQLite's primary code of the same: interrupted, which only [`crate::read_tx`] does.
const SQLITE_TOO_SLOW: i32 = 9;

/// Error numbers after which the same statement may well succeed. Of MySQL: too many connections,
/// shutting down, lock wait timeout, deadlock, killed, gone away, lost, read-only (a failover),
/// disconnected for idling. Of a Galera cluster: not ready. Of TiDB: commit to be retried, schema
/// changed meanwhile, its placement or storage servers away or busy, write conflict.
const MYSQL_PASSING: [u16; 21] = [
    1040, 1047, 1053, 1203, 1205, 1213, 1290, 1317, 1836, 1927, 2006, 2013, 4031, 8022, 8028, 9001,
    9002, 9003, 9004, 9005, 9007,
];

/// SQLite's primary codes of the same kind: busy, locked, I/O error, full, cannot open.
const SQLITE_PASSING: [i32; 5] = [5, 6, 10, 13, 14];

/// Classes of SQLSTATE that are about values: data exception, integrity constraint, and what
/// triggers signal.
const MYSQL_VALUE_STATES: [&str; 3] = ["22", "23", "45"];

/// Error numbers of the same kind without a class of their own: no partition for the value,
/// incorrect value, invalid JSON text (MySQL 8), a violated check (MySQL 8, MariaDB).
const MYSQL_VALUES: [u16; 5] = [1526, 1366, 3140, 3819, 4025];

/// SQLite's primary codes of the same kind: too big, constraint, mismatch.
const SQLITE_VALUES: [i32; 3] = [18, 19, 20];

/// Whether a statement was ended because its time was up.
fn is_too_slow(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return MYSQL_TOO_SLOW.contains(&error.number());
    }
    let code = error.code().and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == SQLITE_TOO_SLOW)
}

/// Whether it is about the way to the database, or its moment, and not about the statement.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(error) => {
            if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                return MYSQL_PASSING.contains(&error.number());
            }
            let code = error.code().and_then(|code| code.parse::<i32>().ok());
            code.is_some_and(|code| SQLITE_PASSING.contains(&(code & 0xff)))
        }
        _ => false,
    }
}

/// Why the tables cannot be brought to, or used at, the version this binary knows.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A newer binary was here.
    #[error(
        "the database has schema version {found}, this binary knows up to {known}: run the newer \
         binary, or restore a backup taken before the upgrade"
    )]
    Newer {
        /// The version in the database.
        found: i64,
        /// The newest version that this binary knows.
        known: i64,
    },
    /// A migration was begun and not finished. MySQL cannot roll table changes back.
    #[error(
        "migration {version} ({name}) was begun and not finished, and MySQL cannot undo table \
         changes: compare the tables with migrations/mysql/{name}.sql; run what is missing by \
         hand, then `UPDATE t_schema_migrations SET state = 'applied' WHERE version = {version}`; \
         or, if nothing of it is there, `DELETE FROM t_schema_migrations WHERE version = \
         {version}` and start again"
    )]
    HalfApplied {
        /// The migration.
        version: i64,
        /// Its file's name.
        name: String,
    },
    /// An applied migration is not the one that this binary carries.
    #[error(
        "migration {version} in the database ({name}) is not the one in this binary: run the \
         binary that made this database, or restore a backup"
    )]
    Changed {
        /// The migration.
        version: i64,
        /// Its name in the database.
        name: String,
    },
    /// A migration failed.
    #[error("migration {version} ({name}) failed: {source}")]
    Failed {
        /// The migration.
        version: i64,
        /// Its file's name.
        name: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// Another instance has been migrating for too long.
    #[error(
        "another instance has been migrating this database for {seconds} s: wait for it, then start again"
    )]
    Busy {
        /// How long we waited.
        seconds: u32,
    },
}

/// Turns a violated unique index into the field's error; there is to be only one such index that
/// the statement can violate.
pub(crate) fn on_conflict(field: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => {
            StoreError::Conflict { field }
        }
        _ => error.into(),
    }
}
