//! One row per attempt of a call: `t_ai_api_logs`.

mod insert;
mod row;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::page::{Page, Paged};
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, RequestId, UserId};

use crate::Store;
use crate::conditions::{Conditions, bind_all};
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::journal::JournalPosition;
use crate::row::readable;
use row::{COLUMNS, CallRow, JOINS};

/// The table of attempts.
#[derive(Clone, Copy, Debug)]
pub struct ApiLogs<'s> {
    store: &'s Store,
}

/// A recorded attempt with the names that people know its parts by.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedCall {
    /// The record.
    pub log: ApiLog,
    /// The provider's code, also of a deleted one.
    pub provider_code: Option<String>,
    /// The key's name, also of a deleted one.
    pub key_name: Option<String>,
    /// How many attempts the call took; 0 for one that was refused before any.
    pub attempts: i32,
}

/// Which calls are wanted; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// How the call ended.
    pub status: Option<CallStatus>,
    /// Where its final attempt went.
    pub provider_id: Option<ProviderId>,
    /// With which key its final attempt went.
    pub key_id: Option<ApiKeyId>,
    /// The model that it was sent to, or that the caller named.
    pub model: Option<String>,
    /// The app token it counts for.
    pub app_id: Option<AppTokenId>,
    /// The user it counts for.
    pub user_id: Option<UserId>,
    /// The caller's end user.
    pub end_user: Option<String>,
    /// The one call.
    pub request_id: Option<RequestId>,
    /// Arrived not before.
    pub from: Option<DateTime<Utc>>,
    /// Arrived before.
    pub to: Option<DateTime<Utc>>,
}

impl Store {
    /// The table of attempts.
    #[must_use]
    pub const fn api_logs(&self) -> ApiLogs<'_> {
        ApiLogs { store: self }
    }
}

impl ApiLogs<'_> {
    /// Writes attempts, counts them in their keys' counters of the day and in when keys and app
    /// tokens were last used, marks the hours that they arrived in, and notes up to where the
    /// journal that they come from is written: all of it or nothing. An attempt that is there
    /// already (same call, same number) is passed over and not counted again. Texts are cut to
    /// their columns.
    ///
    /// A key's counters are of the latest UTC day it was used on; attempts of earlier days are
    /// written but counted no more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn ship(
        &self,
        position: Option<JournalPosition>,
        logs: &[ApiLog],
    ) -> StoreResult<()> {
        if logs.is_empty() && position.is_none() {
            return Ok(());
        }
        insert::ship(self.store, position.as_ref(), logs).await
    }

    /// A call's attempts in their order, without those that cannot be read; empty for a call that
    /// is not on record.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn attempts_of(&self, request_id: RequestId) -> StoreResult<Vec<LoggedCall>> {
        let sql = format!(
            "SELECT {COLUMNS}
            FROM t_ai_api_logs AS l {JOINS}
            WHERE l.request_id = ?
            ORDER BY l.attempt"
        );
        let rows: Vec<CallRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(AssertSqlSafe(sql))
                .bind(request_id.as_bytes().as_slice())
                .fetch_all(pool)
                .await?
        });
        let mut calls = readable(rows.into_iter().map(CallRow::into_call));
        let attempts = calls.iter().map(|call| call.attempts).max().unwrap_or(0);
        calls.iter_mut().for_each(|call| call.attempts = attempts);
        Ok(calls)
    }

    /// A page of the calls that the filter leaves, each shown by its final attempt, newest first.
    /// The total stops at 10,000. A row that cannot be read is passed over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self, filter: &LogFilter, page: Page) -> StoreResult<Paged<LoggedCall>> {
        let conditions = filter.conditions();
        let rows = self.page(&conditions, page).await?;
        let (total, total_is_capped) = conditions.total(self.store.db(), "t_ai_api_logs").await?;
        Ok(Paged {
            rows: readable(rows.into_iter().map(CallRow::into_call)),
            total,
            total_is_capped,
        })
    }

    /// The page's ids are found first, so that the rows before a late page are not read whole.
    async fn page(&self, conditions: &Conditions<'_>, page: Page) -> StoreResult<Vec<CallRow>> {
        let sql = format!(
            "SELECT {COLUMNS}
            FROM (
                SELECT id, created_at
                FROM t_ai_api_logs
                WHERE {}
                ORDER BY created_at DESC, id DESC
                LIMIT ? OFFSET ?
            ) AS page
            JOIN t_ai_api_logs AS l ON l.id = page.id AND l.created_at = page.created_at {JOINS}
            ORDER BY l.created_at DESC, l.id DESC",
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

impl LogFilter {
    fn conditions(&self) -> Conditions<'_> {
        let request_id = self.request_id.as_ref().map(|id| id.as_bytes().as_slice());
        Conditions::new("is_final = TRUE")
            .given("status = ?", self.status.map(CallStatus::as_str))
            .given("provider_id = ?", self.provider_id.map(ProviderId::get))
            .given("key_id = ?", self.key_id.map(ApiKeyId::get))
            .given_twice("(model_code = ? OR requested_model = ?)", self.model.as_deref())
            .given("app_id = ?", self.app_id.map(AppTokenId::get))
            .given("user_id = ?", self.user_id.map(UserId::get))
            .given("end_user = ?", self.end_user.as_deref())
            .given("request_id = ?", request_id)
            .given("created_at >= ?", self.from)
            .given("created_at < ?", self.to)
    }
}
