//! Who changed what: `t_audit_logs`.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::types::Json;
use tollgate_domain::audit::{Action, Actor, AuditEntry, AuditLog};
use tollgate_domain::page::{Page, Paged};
use tollgate_domain::{AppTokenId, AuditLogId, UserId};

use crate::Store;
use crate::conditions::{Conditions, bind_all};
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::{cut, readable, word};

/// The audit log.
#[derive(Clone, Copy, Debug)]
pub struct AuditLogs<'s> {
    store: &'s Store,
}

/// Which entries are wanted; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// What was done.
    pub action: Option<Action>,
    /// To what kind of thing.
    pub resource: Option<String>,
    /// To which one.
    pub resource_id: Option<i64>,
    /// By which user.
    pub user_id: Option<UserId>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct AuditLogRow {
    id: i64,
    user_id: Option<i64>,
    app_id: Option<i64>,
    actor_name: String,
    action: String,
    resource: String,
    resource_id: Option<i64>,
    before_json: Option<Json<Value>>,
    after_json: Option<Json<Value>>,
    ip: Option<String>,
    created_at: DateTime<Utc>,
}

impl Store {
    /// The audit log.
    #[must_use]
    pub const fn audit_logs(&self) -> AuditLogs<'_> {
        AuditLogs { store: self }
    }
}

impl AuditLogs<'_> {
    /// Writes an entry. An actor's name is cut at 100 characters.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn insert(&self, entry: &AuditEntry) -> StoreResult<()> {
        const SQL: &str = "
            INSERT INTO t_audit_logs (user_id, app_id, actor_name, action, resource, resource_id,
                before_json, after_json, ip, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let actor = &entry.actor;
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(actor.user_id.map(UserId::get))
                .bind(actor.app_id.map(AppTokenId::get))
                .bind(cut::<100>(&actor.name))
                .bind(entry.action.as_str())
                .bind(entry.resource)
                .bind(entry.resource_id)
                .bind(entry.before.as_ref().map(Json))
                .bind(entry.after.as_ref().map(Json))
                .bind(actor.ip.as_deref().map(cut::<64>))
                .bind(Moment(entry.at))
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// A page of the entries that the filter leaves, newest first, without those that cannot be read.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self, filter: &AuditFilter, page: Page) -> StoreResult<Paged<AuditLog>> {
        let conditions = filter.conditions();
        let rows = self.page(&conditions, page).await?;
        let (total, total_is_capped) = conditions.total(self.store.db(), "t_audit_logs").await?;
        Ok(Paged {
            rows: readable(rows.into_iter().map(AuditLogRow::into_log)),
            total,
            total_is_capped,
        })
    }

    async fn page(&self, conditions: &Conditions<'_>, page: Page) -> StoreResult<Vec<AuditLogRow>> {
        let sql = format!(
            "SELECT id, user_id, app_id, actor_name, action, resource, resource_id, before_json,
                after_json, ip, created_at
            FROM t_audit_logs
            WHERE {}
            ORDER BY created_at DESC, id DESC
            LIMIT ? OFFSET ?",
            conditions.sql()
        );
        Ok(on_pool!(self.store.db(), |pool| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), conditions.values())
                .bind(i64::from(page.size))
                .bind(page.offset())
                .fetch_all(pool)
                .await?
        }))
    }
}

impl AuditFilter {
    fn conditions(&self) -> Conditions<'_> {
        Conditions::new("1 = 1")
            .given("action = ?", self.action.map(Action::as_str))
            .given("resource = ?", self.resource.as_deref())
            .given("resource_id = ?", self.resource_id)
            .given("user_id = ?", self.user_id.map(UserId::get))
            .given("created_at >= ?", self.from)
            .given("created_at < ?", self.to)
    }
}

impl AuditLogRow {
    fn into_log(self) -> StoreResult<AuditLog> {
        Ok(AuditLog {
            id: AuditLogId::new(self.id),
            actor: Actor {
                user_id: self.user_id.map(UserId::new),
                app_id: self.app_id.map(AppTokenId::new),
                name: self.actor_name,
                ip: self.ip,
            },
            action: word("t_audit_logs", self.id, "action", &self.action)?,
            resource: self.resource,
            resource_id: self.resource_id,
            before: self.before_json.map(|json| json.0),
            after: self.after_json.map(|json| json.0),
            at: self.created_at,
        })
    }
}
