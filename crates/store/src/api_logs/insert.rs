//! How attempts are written: all that a batch changes, in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::QueryBuilder;
use sqlx::types::Json;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::time::hour_of;
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, RequestId, UserId};

use crate::Store;
use crate::app_tokens::{self, TokenUse};
use crate::db::{WriteTx, on_tx};
use crate::error::{StoreError, StoreResult};
use crate::journal::{self, JournalPosition};
use crate::moment::{Moment, storable};
use crate::pieces::pieces;
use crate::row::cut;
use crate::stat_hours;

/// The most rows of one statement, and the most calls that are looked for at once. Few lengths are
/// used, so that each statement stays prepared: a server takes longer to read 512 rows of
/// placeholders than to write the rows. SQLite takes 32,766 placeholders and MySQL 65,535; a row
/// has 35.
const MAX_ROWS: usize = 512;

const INSERT: &str = "
    INSERT INTO t_ai_api_logs (request_id, attempt, is_final, created_at, started_at,
        client_request_id, user_id, app_id, end_user, provider_id, key_id, model_code,
        requested_model, endpoint, is_stream, status, http_status, error_code, error_message,
        prompt_tokens, cached_tokens, cache_write_tokens, cache_write_1h_tokens,
        completion_tokens, reasoning_tokens, total_tokens, usage_source, price_id, cost_nanousd,
        latency_ms, first_token_ms, finish_reason, routing, ip_address, user_agent) ";

/// What tells an attempt from every other.
type AttemptId = (RequestId, i32);

/// What a key did on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyUse {
    requests: i64,
    tokens: i64,
    last_used_at: DateTime<Utc>,
}

/// How often a batch is written anew of which some turned out to be there already: whoever wrote
/// those may still be writing others.
const TRIES: usize = 4;

pub(super) async fn ship(
    store: &Store,
    position: Option<&JournalPosition>,
    logs: &[ApiLog],
) -> StoreResult<()> {
    // Hardly ever is one of them there: the database says so, and nobody looks before.
    let mut outcome = write(store, position, logs, Look::Not).await;
    for _ in 1..TRIES {
        if !matches!(&outcome, Err(error) if is_there(error)) {
            break;
        }
        outcome = write(store, position, logs, Look::First).await;
    }
    outcome
}

/// Whether it is looked which rows are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// None is expected to be.
    Not,
    First,
}

/// Writes the rows, those apart that are there already.
async fn write(
    store: &Store,
    position: Option<&JournalPosition>,
    logs: &[ApiLog],
    look: Look,
) -> StoreResult<()> {
    let mut tx = store.db().begin_write().await?;
    let new: Vec<&ApiLog> = match look {
        Look::Not => logs.iter().collect(),
        Look::First => {
            let mut known = existing(&mut tx, logs).await?;
            let is_new = |log: &&ApiLog| known.insert((log.request_id, log.attempt));
            logs.iter().filter(is_new).collect()
        }
    };
    let new = new.as_slice();
    insert(&mut tx, new).await?;
    for ((key, day), used) in key_uses(new) {
        count_key_use(&mut tx, key, day, used).await?;
    }
    for ((token, day), used) in token_uses(new) {
        app_tokens::count_use(&mut tx, token, day, used).await?;
    }
    if let Some(position) = position {
        journal::write_position(&mut tx, position).await?;
    }
    // The last, because every instance writes the row of this hour, and the others wait from here on.
    mark_hours(&mut tx, new).await?;
    tx.commit().await
}

/// Whether a row is there already.
fn is_there(error: &StoreError) -> bool {
    let StoreError::Internal(sqlx::Error::Database(error)) = error else { return false };
    error.is_unique_violation()
}

/// The attempts that are there of the calls in `logs`. MySQL looks only into the partitions of the
/// days that they arrived on; SQLite would read all records of that time.
async fn existing(tx: &mut WriteTx, logs: &[ApiLog]) -> StoreResult<HashSet<AttemptId>> {
    let mut found: HashSet<AttemptId> = HashSet::new();
    for chunk in pieces(logs, MAX_ROWS) {
        let arrivals = || chunk.iter().map(|log| Moment(log.created_at));
        let (first, last) = (arrivals().min_by_key(|at| at.0), arrivals().max_by_key(|at| at.0));
        let select = tx.dialect().pick(
            "SELECT request_id, attempt
            FROM t_ai_api_logs FORCE INDEX (uq_ai_api_logs_attempt)
            WHERE created_at BETWEEN ",
            "SELECT request_id, attempt
            FROM t_ai_api_logs
            WHERE +created_at BETWEEN ",
        );
        let rows: Vec<(Vec<u8>, i32)> = on_tx!(tx, |conn: Driver| {
            let mut query = QueryBuilder::<Driver>::new(select);
            query.push_bind(first).push(" AND ").push_bind(last).push(" AND request_id IN (");
            let mut ids = query.separated(", ");
            for log in chunk {
                ids.push_bind(log.request_id.as_bytes().as_slice());
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut *conn).await?
        });
        let ids = rows.into_iter().filter_map(|(id, attempt)| {
            RequestId::from_bytes(&id).map(|request_id| (request_id, attempt))
        });
        found.extend(ids);
    }
    Ok(found)
}

async fn insert(tx: &mut WriteTx, logs: &[&ApiLog]) -> StoreResult<()> {
    for chunk in pieces(logs, MAX_ROWS) {
        on_tx!(tx, |conn: Driver| {
            let mut query = QueryBuilder::<Driver>::new(INSERT);
            query.push_values(chunk, |mut row, log| {
                row.push_bind(log.request_id.as_bytes().as_slice())
                    .push_bind(log.attempt)
                    .push_bind(log.is_final)
                    .push_bind(Moment(log.created_at))
                    .push_bind(Moment(log.started_at))
                    .push_bind(text::<128>(log.client_request_id.as_ref()))
                    .push_bind(log.user_id.map(UserId::get))
                    .push_bind(log.app_id.map(AppTokenId::get))
                    .push_bind(text::<128>(log.end_user.as_ref()))
                    .push_bind(log.provider_id.map(ProviderId::get))
                    .push_bind(log.key_id.map(ApiKeyId::get))
                    .push_bind(model_code(log))
                    .push_bind(text::<200>(log.requested_model.as_ref()))
                    .push_bind(cut::<100>(&log.endpoint))
                    .push_bind(log.is_stream)
                    .push_bind(log.status.as_str())
                    .push_bind(log.http_status.map(i32::from))
                    .push_bind(text::<100>(log.error_code.as_ref()))
                    .push_bind(text::<500>(log.error_message.as_ref()))
                    .push_bind(log.usage.prompt)
                    .push_bind(log.usage.cached)
                    .push_bind(log.usage.cache_write)
                    .push_bind(log.usage.cache_write_1h)
                    .push_bind(log.usage.completion)
                    .push_bind(log.usage.reasoning)
                    .push_bind(log.usage.total())
                    .push_bind(log.usage_source.as_str())
                    .push_bind(log.price_id.map(PriceId::get))
                    .push_bind(log.cost.map(NanoUsd::get))
                    .push_bind(log.latency_ms)
                    .push_bind(log.first_token_ms)
                    .push_bind(text::<64>(log.finish_reason.as_ref()))
                    .push_bind(log.routing.as_ref().map(Json))
                    .push_bind(text::<64>(log.ip_address.as_ref()))
                    .push_bind(text::<255>(log.user_agent.as_ref()));
            });
            query.build().execute(&mut *conn).await?;
        });
    }
    Ok(())
}

/// Marks the hours that `logs` arrived in, for the tables of usage to be made anew.
async fn mark_hours(tx: &mut WriteTx, logs: &[&ApiLog]) -> StoreResult<()> {
    let hours: BTreeSet<DateTime<Utc>> = logs.iter().map(|log| hour_of(log.created_at)).collect();
    // When the last of them ended, which is about now.
    let ended = logs.iter().map(|log| log.ended_at()).max();
    let Some(now) = ended.map(storable) else { return Ok(()) };
    stat_hours::mark(tx, &hours, now).await
}

/// The model, without spaces behind: MySQL takes two that differ in these alone for one, and SQLite
/// does not.
fn model_code(log: &ApiLog) -> Option<&str> {
    text::<200>(log.model_code.as_ref()).map(|code| code.trim_end_matches(' '))
}

fn text<const MAX: usize>(text: Option<&String>) -> Option<&str> {
    text.map(|text| cut::<MAX>(text))
}

/// What each key did on each day. The order of the keys is the same in every batch, so that two
/// instances cannot wait for each other's rows.
fn key_uses(logs: &[&ApiLog]) -> BTreeMap<(ApiKeyId, NaiveDate), KeyUse> {
    let mut uses = BTreeMap::new();
    for log in logs {
        let Some(key) = log.key_id else { continue };
        let none = KeyUse { requests: 0, tokens: 0, last_used_at: log.started_at };
        let used = uses.entry((key, log.started_at.date_naive())).or_insert(none);
        used.requests += 1;
        used.tokens += log.usage.total();
        used.last_used_at = used.last_used_at.max(log.started_at);
    }
    uses
}

/// Adds to a key's counters, which begin anew with each day.
async fn count_key_use(
    tx: &mut WriteTx,
    key: ApiKeyId,
    day: NaiveDate,
    used: KeyUse,
) -> StoreResult<()> {
    // MySQL assigns from left to right and shows later assignments what the earlier ones made, so
    // the day comes after the counters that look at it.
    const SQL: &str = "
        UPDATE t_ai_api_keys
        SET requests_count_today = CASE
                WHEN counted_on = ? THEN requests_count_today + ?
                WHEN counted_on > ? THEN requests_count_today
                ELSE ? END,
            tokens_count_today = CASE
                WHEN counted_on = ? THEN tokens_count_today + ?
                WHEN counted_on > ? THEN tokens_count_today
                ELSE ? END,
            counted_on = CASE WHEN counted_on > ? THEN counted_on ELSE ? END,
            last_used_at = CASE WHEN last_used_at > ? THEN last_used_at ELSE ? END
        WHERE id = ?";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(day)
            .bind(used.requests)
            .bind(day)
            .bind(used.requests)
            .bind(day)
            .bind(used.tokens)
            .bind(day)
            .bind(used.tokens)
            .bind(day)
            .bind(day)
            .bind(Moment(used.last_used_at))
            .bind(Moment(used.last_used_at))
            .bind(key.get())
            .execute(&mut *conn)
            .await?;
    });
    Ok(())
}

/// What each app token did on each day that its calls arrived on, in the order of their ids. A call
/// that reached no provider is none.
fn token_uses(logs: &[&ApiLog]) -> BTreeMap<(AppTokenId, NaiveDate), TokenUse> {
    let mut uses = BTreeMap::new();
    for log in logs {
        let Some(token) = log.app_id else { continue };
        let none = TokenUse { calls: 0, last_used_at: log.started_at };
        let used = uses.entry((token, log.created_at.date_naive())).or_insert(none);
        used.calls += i64::from(log.is_final && log.attempt > 0);
        used.last_used_at = used.last_used_at.max(log.started_at);
    }
    uses
}
