//! `t_settings`: what an operator may change while Tollgate runs, and the version of the
//! configuration, which every instance watches.

mod secrets;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::types::Json;
use tollgate_domain::channel::AlertSettings;
use tollgate_domain::setting::{Settings as Values, SettingsPatch};

use crate::Store;
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult};
use crate::moment::Moment;

pub use secrets::{SettingSecret, SettingsReseal};

/// The row whose `version` counts every change of configuration.
const CONFIG_VERSION: &str = "config_version";

/// The repository of `t_settings`.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'s> {
    store: &'s Store,
}

/// The settings before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsChange {
    /// As they were.
    pub before: Values,
    /// As they are now.
    pub after: Values,
}

const SELECT: &str = "
    SELECT name, value
    FROM t_settings
    ORDER BY name";

#[derive(sqlx::FromRow)]
struct SettingRow {
    name: String,
    value: Json<Value>,
}

impl Store {
    /// Runtime settings, and the configuration's version.
    #[must_use]
    pub const fn settings(&self) -> Settings<'_> {
        Settings { store: self }
    }

    /// Begins a transaction that changes the configuration: it counts the version up first, so
    /// that such changes happen one after the other and what one reads stays true until it ends.
    pub(crate) async fn begin_config_write(&self, now: DateTime<Utc>) -> StoreResult<WriteTx> {
        const SQL: &str = "
            UPDATE t_settings
            SET version = version + 1, updated_at = ?
            WHERE name = 'config_version'";
        let mut tx = self.db().begin_write().await?;
        on_tx!(tx, |conn| {
            sqlx::query(SQL).bind(Moment(now)).execute(&mut *conn).await?;
        });
        Ok(tx)
    }
}

impl Settings<'_> {
    /// Every setting; the default for one without a row, or whose row is not of its type.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn load(&self) -> StoreResult<Values> {
        let rows: Vec<SettingRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SELECT).fetch_all(pool).await? });
        Ok(values(rows))
    }

    /// Changes some settings. Only the rows of those that become others are written, so that what
    /// somebody else changes at the same time is not undone.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn update(
        &self,
        patch: &SettingsPatch,
        now: DateTime<Utc>,
    ) -> StoreResult<SettingsChange> {
        let mut tx = self.store.begin_config_write(now).await?;
        let rows: Vec<SettingRow> =
            on_tx!(tx, |conn| { sqlx::query_as(SELECT).fetch_all(&mut *conn).await? });
        let before = values(rows);
        let after = patch.over(&before);
        save(tx, &before, &after, now).await?;
        Ok(SettingsChange { before, after })
    }

    /// Stores those settings that have no row yet: the configuration's values are first values,
    /// which an operator's later change outlives.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn initialise(&self, values: &Values, now: DateTime<Utc>) -> StoreResult<()> {
        let mut tx = self.store.begin_config_write(now).await?;
        let sql = tx.dialect().pick(
            "INSERT INTO t_settings (name, value, created_at, updated_at) VALUES (?, ?, ?, ?)
             ON DUPLICATE KEY UPDATE name = name",
            "INSERT INTO t_settings (name, value, created_at, updated_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (name) DO NOTHING",
        );
        write(&mut tx, sql, rows_of(values), now).await?;
        tx.commit().await
    }

    /// The version of the configuration: another number means that something in it changed.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn config_version(&self) -> StoreResult<i64> {
        const SQL: &str = "SELECT version FROM t_settings WHERE name = ?";
        Ok(on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL).bind(CONFIG_VERSION).fetch_one(pool).await?
        }))
    }

    /// Tells every instance to read the configuration anew.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn bump_config_version(&self, now: DateTime<Utc>) -> StoreResult<()> {
        self.store.begin_config_write(now).await?.commit().await
    }
}

/// Writes the rows that become others, and commits.
async fn save(
    mut tx: WriteTx,
    before: &Values,
    after: &Values,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = tx.dialect().pick(
        "INSERT INTO t_settings (name, value, created_at, updated_at) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE
             value = VALUES(value), version = version + 1, updated_at = VALUES(updated_at)",
        "INSERT INTO t_settings (name, value, created_at, updated_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET
             value = excluded.value, version = version + 1, updated_at = excluded.updated_at",
    );
    let changed = rows_of(after).into_iter().zip(rows_of(before));
    let changed = changed.filter(|(after, before)| after != before).map(|(after, _)| after);
    write(&mut tx, sql, changed, now).await?;
    tx.commit().await
}

async fn write(
    tx: &mut WriteTx,
    sql: &'static str,
    rows: impl IntoIterator<Item = (String, Value)>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for (name, value) in rows {
        on_tx!(tx, |conn| {
            sqlx::query(sql)
                .bind(name)
                .bind(Json(value))
                .bind(Moment(now))
                .bind(Moment(now))
                .execute(&mut *conn)
                .await?;
        });
    }
    Ok(())
}

/// The rows of webhooks and of email.
const WEBHOOKS: &str = "alerts.webhooks";
const EMAIL: &str = "alerts.email";

/// The alerts' settings, as a transaction sees them.
pub(crate) async fn alert_channels(tx: &mut WriteTx) -> StoreResult<AlertSettings> {
    let rows: Vec<SettingRow> =
        on_tx!(tx, |conn| { sqlx::query_as(SELECT).fetch_all(&mut *conn).await? });
    Ok(values(rows).alerts)
}

/// A row for each field, named as JSON names it.
fn rows_of(values: &Values) -> Vec<(String, Value)> {
    let alerts = &values.alerts;
    let mut rows: Vec<(String, Value)> = [
        ("addressLimitPer15Min", values.address_limit_per_15_min.into()),
        ("corsOrigins", values.cors_origins.clone().into()),
        ("defaultTimeZone", values.default_time_zone.clone().into()),
        ("defaultProvider", values.default_provider.clone().into()),
        ("loadBalancerAlgorithm", values.load_balancer_algorithm.as_str().into()),
        ("logRetentionDays", values.log_retention_days.into()),
        (WEBHOOKS, json!(alerts.webhooks)),
        (EMAIL, json!(alerts.email)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let thresholds = alerts.thresholds.named().into_iter();
    rows.extend(thresholds.map(|(name, value)| (format!("alerts.{name}"), value.into())));
    rows
}

/// What the rows say; the default for what none does.
fn values(rows: Vec<SettingRow>) -> Values {
    let mut values = Values::default();
    for row in rows {
        if let Err(error) = set(&mut values, &row.name, row.value.0) {
            tracing::warn!(%error, "a setting's default is taken instead");
        }
    }
    values
}

/// Puts a row into its field; rows of other names are other versions' settings.
fn set(values: &mut Values, name: &str, value: Value) -> StoreResult<()> {
    let read = match name {
        "addressLimitPer15Min" => {
            serde_json::from_value(value).map(|value| values.address_limit_per_15_min = value)
        }
        "corsOrigins" => serde_json::from_value(value).map(|value| values.cors_origins = value),
        "defaultTimeZone" => {
            serde_json::from_value(value).map(|value| values.default_time_zone = value)
        }
        "defaultProvider" => {
            serde_json::from_value(value).map(|value| values.default_provider = value)
        }
        "loadBalancerAlgorithm" => {
            serde_json::from_value(value).map(|value| values.load_balancer_algorithm = value)
        }
        "logRetentionDays" => {
            serde_json::from_value(value).map(|value| values.log_retention_days = value)
        }
        WEBHOOKS => serde_json::from_value(value).map(|value| values.alerts.webhooks = value),
        EMAIL => serde_json::from_value(value).map(|value| values.alerts.email = value),
        other => match other.strip_prefix("alerts.") {
            Some(threshold) => set_threshold(values, threshold, value),
            None => Ok(()),
        },
    };
    read.map_err(|error| StoreError::Corrupt {
        table: "t_settings",
        id: 0,
        column: "value",
        reason: format!("{name}: {error}"),
    })
}

fn set_threshold(values: &mut Values, name: &str, value: Value) -> serde_json::Result<()> {
    let Some(threshold) = values.alerts.thresholds.named_mut(name) else { return Ok(()) };
    *threshold = serde_json::from_value(value)?;
    Ok(())
}
