//! Sums over stretches of time.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;

use super::calendar::{Unit, buckets};
use super::sums::{SUMS, SumsRow};
use super::{Group, UsageFilter, UsageQuery, UsageRow, UsageSums};
use crate::Store;
use crate::conditions::{Conditions, bind_all};
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::{Moment, comparable};

/// Ranges summed by one statement; SQLite joins at most 500 SELECTs.
const RANGES_PER_STATEMENT: usize = 100;

#[derive(sqlx::FromRow)]
struct RangeRow {
    place: i64,
    #[sqlx(flatten)]
    sums: SumsRow,
}

/// Usage per hour, day or month, oldest first, without empty ones.
pub(super) async fn usage(
    store: &Store,
    query: &UsageQuery,
    unit: Unit,
) -> StoreResult<Vec<UsageRow>> {
    let Some((from, to)) = recorded(store, comparable(query.from), comparable(query.to)).await?
    else {
        return Ok(Vec::new());
    };
    let buckets = buckets(from, to, unit, query.tz);
    let ranges: Vec<_> = buckets.iter().map(|bucket| (bucket.from, bucket.to)).collect();
    let sums = sums(store, &ranges, &query.filter).await?;
    Ok(buckets
        .into_iter()
        .zip(sums)
        .filter(|(_, sums)| !sums.is_empty())
        .map(|(bucket, sums)| UsageRow { group: Group::Time(bucket.label), sums })
        .collect())
}

/// The part of a range that has records, so that a range of centuries is no more work than the
/// records in it.
async fn recorded(
    store: &Store,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> StoreResult<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    const SQL: &str = "
        SELECT MIN(created_at), MAX(created_at)
        FROM t_ai_api_logs
        WHERE created_at >= ? AND created_at < ?";
    let (first, last): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) =
        on_pool!(store.db(), |pool| {
            sqlx::query_as(SQL).bind(Moment(from)).bind(Moment(to)).fetch_one(pool).await?
        });
    Ok(first.zip(last).map(|(first, last)| (first, last + TimeDelta::milliseconds(1))))
}

/// The sums of each range, in the order of the ranges.
pub(super) async fn sums(
    store: &Store,
    ranges: &[(DateTime<Utc>, DateTime<Utc>)],
    filter: &UsageFilter,
) -> StoreResult<Vec<UsageSums>> {
    let mut all = Vec::with_capacity(ranges.len());
    for chunk in ranges.chunks(RANGES_PER_STATEMENT) {
        let parts: Vec<Conditions<'_>> =
            chunk.iter().map(|(from, to)| filter.within("1 = 1", *from, *to)).collect();
        let sql = parts
            .iter()
            .enumerate()
            .map(|(place, part)| {
                format!("SELECT {place} AS place, {SUMS} FROM t_ai_api_logs WHERE {}", part.sql())
            })
            .collect::<Vec<_>>()
            .join(" UNION ALL ");
        let values = parts.iter().flat_map(Conditions::values);
        let rows: Vec<RangeRow> = on_pool!(store.db(), |pool| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values)
                .persistent(false)
                .fetch_all(pool)
                .await?
        });
        let mut sums = vec![UsageSums::default(); chunk.len()];
        for row in rows {
            if let Some(place) = usize::try_from(row.place).ok().and_then(|at| sums.get_mut(at)) {
                *place = row.sums.into_sums();
            }
        }
        all.extend(sums);
    }
    Ok(all)
}
