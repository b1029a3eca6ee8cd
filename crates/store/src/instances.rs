//! The instances that share the database: `t_instances`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Store;
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::cut;

/// How long the row of an instance stays that says nothing more.
const KEPT: TimeDelta = TimeDelta::days(1);

/// The table of instances.
#[derive(Clone, Copy, Debug)]
pub struct Instances<'s> {
    store: &'s Store,
}

/// An instance, as it was when it last said that it is there.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Instance {
    /// The name of this run of it, which no other one has; at most 64 characters.
    pub instance: String,
    /// Its machine and port, for people.
    pub address: String,
    /// Its version.
    pub version: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it last said that it is there.
    pub seen_at: DateTime<Utc>,
    /// Records of its journal that were not in the database then.
    pub backlog_records: i64,
}

impl Store {
    /// The table of instances.
    #[must_use]
    pub const fn instances(&self) -> Instances<'_> {
        Instances { store: self }
    }
}

impl Instances<'_> {
    /// Notes that an instance is there, and forgets those that said nothing for a day.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note(&self, instance: &Instance) -> StoreResult<()> {
        const FORGET: &str = "DELETE FROM t_instances WHERE seen_at < ?";
        let db = self.store.db();
        let sql = db.dialect().pick(
            "INSERT INTO t_instances (instance, address, version, started_at, seen_at,
                backlog_records, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON DUPLICATE KEY UPDATE seen_at = VALUES(seen_at),
                 backlog_records = VALUES(backlog_records), updated_at = VALUES(updated_at)",
            "INSERT INTO t_instances (instance, address, version, started_at, seen_at,
                backlog_records, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (instance) DO UPDATE SET seen_at = excluded.seen_at,
                 backlog_records = excluded.backlog_records, updated_at = excluded.updated_at",
        );
        on_pool!(db, |pool| {
            sqlx::query(sql)
                .bind(&instance.instance)
                .bind(cut::<300>(&instance.address))
                .bind(cut::<50>(&instance.version))
                .bind(Moment(instance.started_at))
                .bind(Moment(instance.seen_at))
                .bind(instance.backlog_records)
                .bind(Moment(instance.seen_at))
                .bind(Moment(instance.seen_at))
                .execute(pool)
                .await?;
            sqlx::query(FORGET).bind(Moment(instance.seen_at - KEPT)).execute(pool).await?;
        });
        Ok(())
    }

    /// Forgets an instance that stops.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove(&self, instance: &str) -> StoreResult<()> {
        const SQL: &str = "DELETE FROM t_instances WHERE instance = ?";
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL).bind(instance).execute(pool).await?;
        });
        Ok(())
    }

    /// At most 200 instances, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self) -> StoreResult<Vec<Instance>> {
        const SQL: &str = "
            SELECT instance, address, version, started_at, seen_at, backlog_records
            FROM t_instances
            ORDER BY started_at, instance
            LIMIT 200";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? }))
    }
}
