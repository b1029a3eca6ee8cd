//! Brings the tables to the version that this binary knows, forward only.
//!
//! Each migration is one file per database with the same number and name, embedded here, and
//! leaves a row in `t_schema_migrations`. On SQLite everything happens in one transaction. MySQL
//! commits at every table change, so there a row is `applying` from before the first statement to
//! after the last, and one that is found so at the next start is refused with what to do.

mod files;

use sha2::{Digest, Sha256};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, MySql, Sqlite, Transaction};

use crate::db::{Conn, Db, Dialect, on_tx};
use crate::error::{SchemaError, StoreError, StoreResult};

pub(crate) use files::MIGRATIONS;

/// How long an instance waits for another one to finish migrating.
const LOCK_SECONDS: u32 = 60;

/// One step, in both dialects. A statement ends with `;` at the end of a line.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its number, counted from 1.
    pub version: i64,
    /// Its file's name without the ending: `0001_settings`.
    pub name: &'static str,
    /// The text for MySQL, MariaDB and TiDB.
    pub mysql: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
}

/// What a migration run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The schema's version now.
    pub version: i64,
    /// The names of the migrations that this run applied.
    pub applied: Vec<String>,
}

/// A row of `t_schema_migrations`.
#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    name: String,
    checksum: String,
    state: String,
}

/// The connection on which a run happens, alone of all instances.
enum Session {
    MySql(PoolConnection<MySql>),
    Sqlite(Transaction<'static, Sqlite>),
}

/// Applies those of `migrations` that are not applied yet.
pub(crate) async fn run(db: &Db, migrations: &[Migration]) -> StoreResult<MigrationReport> {
    let mut session = Session::begin(db).await?;
    let applied = session.applied().await?;
    check(migrations, &applied)?;
    let mut report = MigrationReport::default();
    for migration in migrations {
        report.version = migration.version;
        if applied.iter().all(|row| row.version != migration.version) {
            session.apply(migration).await?;
            report.applied.push(migration.name.to_owned());
        }
    }
    session.end().await?;
    Ok(report)
}

/// Whether what is in the database is a beginning of what this binary knows.
fn check(migrations: &[Migration], applied: &[Applied]) -> Result<(), SchemaError> {
    let known = migrations.last().map_or(0, |migration| migration.version);
    if let Some(found) = applied.iter().map(|row| row.version).max().filter(|max| *max > known) {
        return Err(SchemaError::Newer { found, known });
    }
    for row in applied {
        let (version, name) = (row.version, row.name.clone());
        if row.state != "applied" {
            return Err(SchemaError::HalfApplied { version, name });
        }
        let same = |migration: &&Migration| migration.version == version;
        let sums = migrations.iter().find(same).map(Migration::checksums);
        if !sums.is_some_and(|sums| sums.contains(&row.checksum)) {
            return Err(SchemaError::Changed { version, name });
        }
    }
    Ok(())
}

impl Migration {
    const fn text(&self, dialect: Dialect) -> &'static str {
        dialect.pick(self.mysql, self.sqlite)
    }

    fn checksums(&self) -> [String; 2] {
        [checksum(self.mysql), checksum(self.sqlite)]
    }
}

fn checksum(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The statements of a file, without those that are nothing but comments.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.split(";\n").map(str::trim).filter(|statement| {
        statement.lines().any(|line| !line.trim().is_empty() && !line.trim().starts_with("--"))
    })
}

impl Session {
    /// Waits until no other instance migrates, and keeps others out.
    async fn begin(db: &Db) -> StoreResult<Self> {
        match db {
            Db::Sqlite { writer, .. } => {
                Ok(Self::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            Db::MySql(pool) => {
                let mut conn = pool.acquire().await?;
                // The lock belongs to the connection, so it must not go back to the pool.
                conn.close_on_drop();
                const SQL: &str = "
                    SELECT CAST(GET_LOCK(CONCAT('tollgate:', LEFT(SHA2(DATABASE(), 256), 40)), ?)
                        AS SIGNED INTEGER)";
                let got: Option<i64> =
                    sqlx::query_scalar(SQL).bind(LOCK_SECONDS).fetch_one(&mut *conn).await?;
                if got != Some(1) {
                    return Err(SchemaError::Busy { seconds: LOCK_SECONDS }.into());
                }
                Ok(Self::MySql(conn))
            }
        }
    }

    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::MySql(conn) => Conn::MySql(conn),
            Self::Sqlite(tx) => Conn::Sqlite(tx),
        }
    }

    const fn dialect(&self) -> Dialect {
        match self {
            Self::MySql(_) => Dialect::MySql,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }

    async fn applied(&mut self) -> StoreResult<Vec<Applied>> {
        let create = self.dialect().pick(files::REGISTER_MYSQL, files::REGISTER_SQLITE);
        const SQL: &str = "
            SELECT version, name, checksum, state
            FROM t_schema_migrations
            ORDER BY version";
        Ok(on_tx!(self, |conn| {
            sqlx::raw_sql(create).execute(&mut *conn).await?;
            sqlx::query_as(SQL).fetch_all(&mut *conn).await?
        }))
    }

    async fn apply(&mut self, migration: &Migration) -> StoreResult<()> {
        let text = migration.text(self.dialect());
        const BEGIN: &str = "
            INSERT INTO t_schema_migrations (version, name, checksum, state)
            VALUES (?, ?, ?, 'applying')";
        on_tx!(self, |conn| {
            sqlx::query(BEGIN)
                .bind(migration.version)
                .bind(migration.name)
                .bind(checksum(text))
                .execute(&mut *conn)
                .await?;
        });
        for (index, statement) in statements(text).enumerate() {
            if let Err(source) = self.execute(statement).await {
                // Nothing of it happened: the next start may try again.
                if index == 0 {
                    self.finish("DELETE FROM t_schema_migrations WHERE version = ?", migration)
                        .await?;
                }
                let (version, name) = (migration.version, migration.name.to_owned());
                return Err(SchemaError::Failed { version, name, source }.into());
            }
        }
        self.finish("UPDATE t_schema_migrations SET state = 'applied' WHERE version = ?", migration)
            .await
    }

    async fn execute(&mut self, statement: &str) -> Result<(), sqlx::Error> {
        on_tx!(self, |conn| {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *conn).await.map(drop)
        })
    }

    async fn finish(&mut self, sql: &'static str, migration: &Migration) -> StoreResult<()> {
        on_tx!(self, |conn| {
            sqlx::query(sql).bind(migration.version).execute(&mut *conn).await?;
        });
        Ok(())
    }

    async fn end(self) -> StoreResult<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await.map_err(StoreError::from),
            Self::MySql(conn) => conn.close().await.map_err(StoreError::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_is_in_the_table_and_on_both_sides() {
        for side in ["mysql", "sqlite"] {
            let folder = format!("{}/../../migrations/{side}", env!("CARGO_MANIFEST_DIR"));
            let mut names: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            let expected: Vec<String> =
                MIGRATIONS.iter().map(|migration| format!("{}.sql", migration.name)).collect();
            assert_eq!(names, expected, "{side}");
        }
    }

    #[test]
    fn migrations_are_numbered_without_gaps_as_their_names_say() {
        for (index, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.version, i64::try_from(index).unwrap() + 1);
            assert!(migration.name.starts_with(&format!("{:04}_", migration.version)));
        }
    }

    #[test]
    fn a_file_is_cut_into_statements_at_line_ends() {
        let text = "-- why; not\nCREATE TABLE a (b TEXT DEFAULT ';');\n\nINSERT INTO a VALUES (1);\n-- end\n";

        let found: Vec<&str> = statements(text).collect();

        assert_eq!(found.len(), 2);
        assert_eq!(found[1], "INSERT INTO a VALUES (1)");
    }
}
