//! What operators should know of: `t_ai_alerts`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::types::Json;
use tollgate_domain::alert::{Alert, AlertKind, AlertLevel, Condition};
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::page::{Page, Paged};
use tollgate_domain::{AlertId, ApiKeyId, ProviderId};

use crate::Store;
use crate::conditions::{Conditions, bind_all};
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::{cut, readable, word, word_or};

/// The alerts.
#[derive(Clone, Copy, Debug)]
pub struct Alerts<'s> {
    store: &'s Store,
}

/// Which alerts are wanted; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// What they are about.
    pub kind: Option<AlertKind>,
    /// How much they matter.
    pub level: Option<AlertLevel>,
    /// Whether they last.
    pub is_open: Option<bool>,
    /// Fired not before.
    pub from: Option<DateTime<Utc>>,
    /// Fired before.
    pub to: Option<DateTime<Utc>>,
}

/// An active key of an active provider, and whether it can be used, as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStanding {
    /// The key.
    pub key_id: ApiKeyId,
    /// What people call it.
    pub key_name: String,
    /// Its provider.
    pub provider_id: ProviderId,
    /// Its provider's code.
    pub provider_code: String,
    /// Whether it can be used.
    pub status: KeyStatus,
    /// Why not.
    pub reason: Option<String>,
    /// Until when it rests.
    pub cooling_until: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    key_id: i64,
    key_name: String,
    provider_id: i64,
    provider_code: String,
    status: String,
    status_reason: Option<String>,
    cooling_until: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: i64,
    open_condition: String,
    level: String,
    message: String,
    payload: Option<Json<Value>>,
}

#[derive(sqlx::FromRow)]
struct AlertRow {
    id: i64,
    kind: String,
    level: String,
    subject: String,
    message: String,
    payload: Option<Json<Value>>,
    fired_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    notified: bool,
}

/// What has to be written for the open alerts to say what is wrong now.
#[derive(Default)]
struct Difference<'c> {
    begun: Vec<&'c Condition>,
    changed: Vec<(i64, &'c Condition)>,
    over: Vec<i64>,
}

impl Store {
    /// The alerts.
    #[must_use]
    pub const fn alerts(&self) -> Alerts<'_> {
        Alerts { store: self }
    }
}

impl Alerts<'_> {
    /// Every active key of an active provider, by provider and then id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standings(&self) -> StoreResult<Vec<KeyStanding>> {
        const SQL: &str = "
            SELECT k.id AS key_id, k.key_name, k.provider_id, p.provider_code, k.status,
                k.status_reason, k.cooling_until
            FROM t_ai_api_keys k
            JOIN t_ai_providers p ON p.id = k.provider_id
            WHERE k.is_active = TRUE AND k.deleted_at IS NULL
                AND p.is_active = TRUE AND p.deleted_at IS NULL
            ORDER BY k.provider_id, k.id";
        let rows: Vec<StandingRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        Ok(rows.into_iter().map(StandingRow::into_standing).collect())
    }

    /// Makes the open alerts those of `wrong`: one that is not open yet fires, one that is tells
    /// what it says now, and one that is not among them is resolved. A condition fires once until
    /// it is over, however many instances tell of it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settle(&self, wrong: &[Condition], now: DateTime<Utc>) -> StoreResult<()> {
        let open = self.open().await?;
        let difference = Difference::between(wrong, &open);
        if difference.is_nothing() {
            return Ok(());
        }
        let mut tx = self.store.db().begin_write().await?;
        for condition in difference.begun {
            fire(&mut tx, condition, now).await?;
        }
        for (id, condition) in difference.changed {
            change(&mut tx, id, condition, now).await?;
        }
        for id in difference.over {
            resolve(&mut tx, id, now).await?;
        }
        tx.commit().await
    }

    /// A page of the alerts that the filter leaves, newest first, without those that cannot be
    /// read.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self, filter: &AlertFilter, page: Page) -> StoreResult<Paged<Alert>> {
        let conditions = filter.conditions();
        let sql = format!(
            "SELECT id, kind, level, subject, message, payload, fired_at, resolved_at, notified
            FROM t_ai_alerts
            WHERE {}
            ORDER BY fired_at DESC, id DESC
            LIMIT ? OFFSET ?",
            conditions.sql()
        );
        let rows: Vec<AlertRow> = on_pool!(self.store.db(), |pool| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), conditions.values())
                .bind(i64::from(page.size))
                .bind(page.offset())
                .fetch_all(pool)
                .await?
        });
        let (total, total_is_capped) = conditions.total(self.store.db(), "t_ai_alerts").await?;
        let rows = readable(rows.into_iter().map(AlertRow::into_alert));
        Ok(Paged { rows, total, total_is_capped })
    }

    async fn open(&self) -> StoreResult<Vec<OpenRow>> {
        const SQL: &str = "
            SELECT id, open_condition, level, message, payload
            FROM t_ai_alerts
            WHERE open_condition IS NOT NULL";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? }))
    }
}

/// Writes an open alert, unless another instance has meanwhile.
async fn fire(tx: &mut WriteTx, condition: &Condition, now: DateTime<Utc>) -> StoreResult<()> {
    let sql = tx.dialect().pick(
        "INSERT INTO t_ai_alerts (kind, level, subject, message, payload, open_condition, fired_at,
            created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE open_condition = open_condition",
        "INSERT INTO t_ai_alerts (kind, level, subject, message, payload, open_condition, fired_at,
            created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING",
    );
    on_tx!(tx, |conn| {
        sqlx::query(sql)
            .bind(condition.kind.as_str())
            .bind(condition.level.as_str())
            .bind(cut::<255>(&condition.subject))
            .bind(cut::<1000>(&condition.message))
            .bind(Json(&condition.payload))
            .bind(condition.condition.to_string())
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

/// Lets an open alert tell what it says now.
async fn change(
    tx: &mut WriteTx,
    id: i64,
    condition: &Condition,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_alerts
        SET level = ?, subject = ?, message = ?, payload = ?, updated_at = ?
        WHERE id = ? AND open_condition IS NOT NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(condition.level.as_str())
            .bind(cut::<255>(&condition.subject))
            .bind(cut::<1000>(&condition.message))
            .bind(Json(&condition.payload))
            .bind(Moment(now))
            .bind(id)
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

async fn resolve(tx: &mut WriteTx, id: i64, now: DateTime<Utc>) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_alerts
        SET open_condition = NULL, resolved_at = ?, updated_at = ?
        WHERE id = ? AND open_condition IS NOT NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL).bind(Moment(now)).bind(Moment(now)).bind(id).execute(&mut *conn).await?;
    });
    Ok(())
}

impl AlertFilter {
    fn conditions(&self) -> Conditions<'_> {
        Conditions::new(match self.is_open {
            None => "1 = 1",
            Some(true) => "resolved_at IS NULL",
            Some(false) => "resolved_at IS NOT NULL",
        })
        .given("kind = ?", self.kind.map(AlertKind::as_str))
        .given("level = ?", self.level.map(AlertLevel::as_str))
        .given("fired_at >= ?", self.from)
        .given("fired_at < ?", self.to)
    }
}

impl<'c> Difference<'c> {
    fn between(wrong: &'c [Condition], open: &[OpenRow]) -> Self {
        let mut difference = Self::default();
        let mut open: HashMap<&str, &OpenRow> =
            open.iter().map(|row| (row.open_condition.as_str(), row)).collect();
        for condition in wrong {
            match open.remove(condition.condition.to_string().as_str()) {
                None => difference.begun.push(condition),
                Some(row) if !row.says(condition) => difference.changed.push((row.id, condition)),
                Some(_) => {}
            }
        }
        difference.over = open.into_values().map(|row| row.id).collect();
        difference
    }

    const fn is_nothing(&self) -> bool {
        self.begun.is_empty() && self.changed.is_empty() && self.over.is_empty()
    }
}

impl OpenRow {
    fn says(&self, condition: &Condition) -> bool {
        self.level == condition.level.as_str()
            && self.message == cut::<1000>(&condition.message)
            && self.payload.as_ref().is_some_and(|payload| payload.0 == condition.payload)
    }
}

impl StandingRow {
    fn into_standing(self) -> KeyStanding {
        let status =
            word_or("t_ai_api_keys", self.key_id, "status", &self.status, KeyStatus::Normal);
        KeyStanding {
            key_id: ApiKeyId::new(self.key_id),
            key_name: self.key_name,
            provider_id: ProviderId::new(self.provider_id),
            provider_code: self.provider_code,
            status,
            reason: self.status_reason,
            cooling_until: self.cooling_until,
        }
    }
}

impl AlertRow {
    fn into_alert(self) -> StoreResult<Alert> {
        Ok(Alert {
            id: AlertId::new(self.id),
            kind: word("t_ai_alerts", self.id, "kind", &self.kind)?,
            level: word("t_ai_alerts", self.id, "level", &self.level)?,
            subject: self.subject,
            message: self.message,
            payload: self.payload.map(|json| json.0),
            fired_at: self.fired_at,
            resolved_at: self.resolved_at,
            notified: self.notified,
        })
    }
}
