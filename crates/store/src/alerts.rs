//! What operators should know of: `t_ai_alerts`.

pub mod deliveries;
pub mod figures;
mod settling;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::types::Json;
use tollgate_domain::AlertId;
use tollgate_domain::alert::{Alert, AlertCondition, AlertKind, AlertLevel};
use tollgate_domain::page::{Page, Paged};

use crate::Store;
use crate::conditions::{Conditions, bind_all};
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::row::{readable, word};

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

/// Which open alerts somebody speaks for: those of it that are not wrong any more are over.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// All of these kinds.
    Kinds(&'a [AlertKind]),
    /// The alert of this one condition.
    Only(&'a AlertCondition),
}

/// An alert that lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenAlert {
    /// Its id.
    pub id: AlertId,
    /// What has to end for it to be over, as [`AlertCondition`] is written.
    pub condition: String,
    /// What is wrong, for programs.
    pub payload: Value,
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

impl Store {
    /// The alerts.
    #[must_use]
    pub const fn alerts(&self) -> Alerts<'_> {
        Alerts { store: self }
    }
}

impl Alerts<'_> {
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

    /// The alerts of a kind that last.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open(&self, kind: AlertKind) -> StoreResult<Vec<OpenAlert>> {
        const SQL: &str = "
            SELECT id, open_condition, payload
            FROM t_ai_alerts
            WHERE open_condition IS NOT NULL AND kind = ?";
        let rows: Vec<(i64, String, Option<Json<Value>>)> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(kind.as_str()).fetch_all(pool).await?
        });
        let open = rows.into_iter().map(|(id, condition, payload)| OpenAlert {
            id: AlertId::new(id),
            condition,
            payload: payload.map_or(Value::Null, |json| json.0),
        });
        Ok(open.collect())
    }
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
