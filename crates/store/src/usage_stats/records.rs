//! The records of an hour, summed by the database.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, QueryBuilder};

use super::measures::{of_records, with_cost};
use super::sums::{Key, Sums};
use super::tables::{ERRORS, ReadableRow, STATS, Table};
use crate::Store;
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::StoreResult;
use crate::moment::Moment;

/// What the records of an hour come to.
pub(super) struct HourRecords {
    /// How many there are.
    pub(super) rows: i64,
    /// As rows of `t_ai_usage_stats`.
    pub(super) stats: Sums,
    /// As rows of `t_ai_error_stats`.
    pub(super) errors: Sums,
}

/// A group's key, how many records it has, and its measures.
type Group = (Key, i64, Vec<i64>);

/// What groups are known by, of the columns of a record.
const STATS_KEY: &str = "
    COALESCE(provider_id, 0) AS of_provider, COALESCE(model_code, '') AS of_model,
    COALESCE(key_id, 0) AS of_key, COALESCE(app_id, 0) AS of_app, COALESCE(user_id, 0) AS of_user";
const STATS_GROUPS: &str = "of_provider, of_model, of_key, of_app, of_user";
const ERRORS_KEY: &str = "
    COALESCE(provider_id, 0) AS of_provider, COALESCE(key_id, 0) AS of_key,
    COALESCE(error_code, '') AS of_code";
const ERRORS_GROUPS: &str = "of_provider, of_key, of_code";

/// Reads an hour's records. What is written between the two statements keeps the hour dirty.
pub(super) async fn of_hour(store: &Store, hour: DateTime<Utc>) -> StoreResult<HourRecords> {
    let to = hour + TimeDelta::hours(1);
    const WITHIN: &str = "created_at >= ? AND created_at < ?";
    let stats = format!("{} {WITHIN} GROUP BY {STATS_GROUPS}", stats_head());
    let errors = format!("{} {WITHIN} GROUP BY {ERRORS_GROUPS}", errors_head());
    let (stats, errors): (Vec<Group>, Vec<Group>) = on_pool!(store.db(), |pool| {
        let query = sqlx::query(AssertSqlSafe(stats)).bind(Moment(hour)).bind(Moment(to));
        let rows = query.fetch_all(pool).await?;
        let stats = rows.iter().map(|row| group(row, &STATS)).collect::<Result<_, _>>()?;
        let query = sqlx::query(AssertSqlSafe(errors)).bind(Moment(hour)).bind(Moment(to));
        let rows = query.fetch_all(pool).await?;
        (stats, rows.iter().map(|row| group(row, &ERRORS)).collect::<Result<_, _>>()?)
    });
    Ok(summed(stats, errors))
}

/// Reads the records of an hour that have these ids.
pub(super) async fn of_ids(
    tx: &mut WriteTx,
    hour: DateTime<Utc>,
    ids: &[i64],
) -> StoreResult<HourRecords> {
    let to = hour + TimeDelta::hours(1);
    let (stats, errors): (Vec<Group>, Vec<Group>) = on_tx!(tx, |conn: Driver| {
        let mut found = Vec::new();
        for (sql, groups, table) in
            [(stats_head(), STATS_GROUPS, &STATS), (errors_head(), ERRORS_GROUPS, &ERRORS)]
        {
            let mut query = QueryBuilder::<Driver>::new(sql);
            query.push("created_at >= ").push_bind(Moment(hour));
            query.push(" AND created_at < ").push_bind(Moment(to));
            query.push(" AND id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(*id);
            }
            query.push(") GROUP BY ").push(groups);
            let rows = query.build().persistent(false).fetch_all(&mut *conn).await?;
            found.push(rows.iter().map(|row| group(row, table)).collect::<Result<Vec<_>, _>>()?);
        }
        let errors = found.pop().unwrap_or_default();
        (found.pop().unwrap_or_default(), errors)
    });
    Ok(summed(stats, errors))
}

fn summed(stats: Vec<Group>, errors: Vec<Group>) -> HourRecords {
    HourRecords {
        rows: stats.iter().map(|(_, rows, _)| rows).sum(),
        stats: stats.into_iter().map(|(key, _, sums)| (key, sums)).collect(),
        errors: errors.into_iter().map(|(key, _, sums)| (key, sums)).collect(),
    }
}

/// Everything before the condition on time.
fn stats_head() -> String {
    let measures = of_records(STATS.measures);
    format!("SELECT {STATS_KEY}, COUNT(*) AS found, {measures} FROM t_ai_api_logs WHERE ")
}

fn errors_head() -> String {
    let measures = of_records(ERRORS.measures);
    format!(
        "SELECT {ERRORS_KEY}, COUNT(*) AS found, {measures}
        FROM t_ai_api_logs
        WHERE status = 'error' AND "
    )
}

/// A row of either statement.
fn group<R: ReadableRow>(row: &R, table: &Table) -> Result<Group, sqlx::Error> {
    let key = table.key_of(row)?;
    let found = row.integer(key.len())?;
    let read: Result<Vec<i64>, _> =
        (key.len() + 1..row.width()).map(|place| row.integer(place)).collect();
    Ok((key, found, with_cost(table.measures, read?)))
}
