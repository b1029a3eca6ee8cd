//! One row per attempt of a call: `t_ai_api_logs`.

mod export;
mod filter;
mod insert;
mod list;
mod row;

use sqlx::AssertSqlSafe;
use tollgate_domain::RequestId;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::page::{Page, Paged};

use crate::Store;
use crate::db::{Dialect, on_pool};
use crate::error::StoreResult;
use crate::journal::JournalPosition;
use crate::moment::Moment;
use crate::read_tx::in_time;
use crate::reports::TIME_LIMIT;
use crate::row::readable;
use row::{COLUMNS, CallRow, JOINS};

pub use export::{ExportChunk, ExportCursor};
pub use filter::LogFilter;

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
    /// The app token's name, also of a deleted one.
    pub app_name: Option<String>,
    /// The user's name, also of a deleted one.
    pub user_name: Option<String>,
    /// How many attempts the call took; 0 for one that was refused before any.
    pub attempts: i32,
}

impl Store {
    /// The table of attempts.
    #[must_use]
    pub const fn api_logs(&self) -> ApiLogs<'_> {
        ApiLogs { store: self }
    }
}

impl ApiLogs<'_> {
    /// How many rows are best written at once. On SQLite, where one writes at a time, so few that
    /// others wait for a tenth of a second.
    #[must_use]
    pub fn rows_at_once(&self) -> usize {
        match self.store.db().dialect() {
            Dialect::MySql => 2_048,
            Dialect::Sqlite => 512,
        }
    }

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
            WHERE l.request_id = ? AND l.created_at = ?
            ORDER BY l.attempt"
        );
        let rows: Vec<CallRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(AssertSqlSafe(sql))
                .bind(request_id.as_bytes().as_slice())
                // Which day's partition it is in.
                .bind(Moment(request_id.arrived_at()))
                .fetch_all(pool)
                .await?
        });
        let mut calls = readable(rows.into_iter().map(CallRow::into_call));
        let attempts = calls.iter().map(|call| call.attempts).max().unwrap_or(0);
        calls.iter_mut().for_each(|call| call.attempts = attempts);
        Ok(calls)
    }

    /// A page of the calls that the filter leaves, each shown by its final attempt, newest first.
    /// The total stops at 10,000 where the tables of usage do not tell it. A row that cannot be read
    /// is passed over.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn list(&self, filter: &LogFilter, page: Page) -> StoreResult<Paged<LoggedCall>> {
        let mut tx = self.store.db().begin_read(TIME_LIMIT).await?;
        let calls = in_time(TIME_LIMIT, list::list(&mut tx, filter, page)).await?;
        tx.end().await?;
        Ok(calls)
    }

    /// At most `size` of the attempts that the filter leaves, oldest first: those behind `after`.
    /// The filter looks at each attempt, not at the call's final one. What is recorded between two
    /// chunks may be missed.
    ///
    /// # Errors
    /// `TooSlow`, those of the database, and `Corrupt` for a row that cannot be read.
    pub async fn export(
        &self,
        filter: &LogFilter,
        after: Option<ExportCursor>,
        size: u32,
    ) -> StoreResult<ExportChunk> {
        let mut tx = self.store.db().begin_read(TIME_LIMIT).await?;
        let chunk = in_time(TIME_LIMIT, export::chunk(&mut tx, filter, after, size)).await?;
        tx.end().await?;
        Ok(chunk)
    }
}
