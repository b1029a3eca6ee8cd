//! Pages of calls.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;
use tollgate_domain::page::{Page, Paged};

use super::row::{COLUMNS, CallRow, JOINS};
use super::{LogFilter, LoggedCall};
use crate::conditions::{Conditions, MAX_TOTAL, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::read_tx::ReadTx;
use crate::reports::{calls, unpriced};
use crate::row::readable;

/// The most models that calls without a price are looked for by.
const MAX_MODELS: usize = 100;

/// A page of the calls that the filter leaves, each by its final attempt, newest first.
pub(super) async fn list(
    tx: &mut ReadTx,
    filter: &LogFilter,
    page: Page,
) -> StoreResult<Paged<LoggedCall>> {
    let models;
    let mut conditions = filter.conditions("is_final = TRUE");
    let place = match filter.of_usage() {
        Some(usage) => {
            calls::place(tx, &usage, filter.status, filter.range(), page.offset()).await?
        }
        None => None,
    };
    let (total, total_is_capped, skip) = if let Some(place) = place {
        conditions = conditions.given("created_at < ?", place.before);
        (place.total, place.is_capped, place.skip)
    } else {
        if filter.is_unpriced {
            let found = unpriced::models(tx, filter.range(), MAX_MODELS).await?;
            if found.as_ref().is_some_and(BTreeSet::is_empty) {
                return Ok(Paged { rows: Vec::new(), total: 0, total_is_capped: false });
            }
            models = found.unwrap_or_default();
            conditions = conditions.within("model_code", &models);
        }
        let (total, is_capped) = total(tx, &conditions).await?;
        (total, is_capped, page.offset())
    };
    // What is left to skip begins at the page's own part of time, and says nothing of the end.
    if page.offset() >= total && !total_is_capped {
        return Ok(Paged { rows: Vec::new(), total, total_is_capped });
    }
    let rows = rows(tx, &conditions, "DESC", (page.size.into(), skip)).await?;
    Ok(Paged { rows: readable(rows.into_iter().map(CallRow::into_call)), total, total_is_capped })
}

/// How many rows the conditions leave, and whether counting stopped there.
async fn total(tx: &mut ReadTx, conditions: &Conditions<'_>) -> StoreResult<(i64, bool)> {
    let found = calls::count_up_to(tx, conditions, MAX_TOTAL + 1).await?;
    Ok((found.min(MAX_TOTAL), found > MAX_TOTAL))
}

/// So many rows after so many others, in the `order` of their arrival. Their ids are found first, so
/// that the rows before them are not read whole.
pub(super) async fn rows(
    tx: &mut ReadTx,
    conditions: &Conditions<'_>,
    order: &'static str,
    (limit, skip): (i64, i64),
) -> StoreResult<Vec<CallRow>> {
    let sql = format!(
        "{} {COLUMNS}
        FROM (
            SELECT id, created_at
            FROM t_ai_api_logs
            WHERE {}
            ORDER BY created_at {order}, id {order}
            LIMIT ? OFFSET ?
        ) AS page
        JOIN t_ai_api_logs AS l ON l.id = page.id AND l.created_at = page.created_at {JOINS}
        ORDER BY l.created_at {order}, l.id {order}",
        tx.select(),
        conditions.sql()
    );
    Ok(on_tx!(tx, |conn| {
        bind_all!(sqlx::query_as(AssertSqlSafe(sql)), conditions.values())
            .bind(limit)
            .bind(skip)
            .fetch_all(&mut *conn)
            .await?
    }))
}
