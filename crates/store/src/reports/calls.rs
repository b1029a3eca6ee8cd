//! How many calls a list has, and where in time one of its pages lies: both from the tables of
//! usage, so that a late page is reached without walking over what is before it.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::time::hour_of;

use super::UsageFilter;
use super::cut::{KnownHours, Piece, Range, Source};
use super::tables::{Each, Tables};
use super::tally::{PIECES_PER_STATEMENT, union};
use crate::conditions::{Conditions, MAX_TOTAL, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::moment::{Moment, comparable};
use crate::read_tx::ReadTx;

/// A list's length, and where to look for one of its pages, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// How many calls there are.
    pub(crate) total: i64,
    /// Whether counting stopped: there are at least so many.
    pub(crate) is_capped: bool,
    /// The page is among the calls that arrived before this moment; `None` where that is all.
    pub(crate) before: Option<DateTime<Utc>>,
    /// How many of these come before the page.
    pub(crate) skip: i64,
}

/// A stretch of time and its calls; `None` where they were not all counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    range: Range,
    calls: Option<i64>,
    is_day: bool,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    stat_at: DateTime<Utc>,
    calls: i64,
}

/// Where the call with `offset` calls after it is, of those of a range that the filters leave;
/// `None` where the tables of usage do not tell these apart.
pub(crate) async fn place(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    status: Option<CallStatus>,
    range: Range,
    offset: i64,
) -> StoreResult<Option<Place>> {
    let tables = Tables::of(filter, None);
    if tables == Tables::Records {
        return Ok(None);
    }
    let range = (comparable(range.0), comparable(range.1));
    let known = KnownHours::read(tx, range).await?;
    let count = Count { filter, tables, status };
    let pieces = listed(tx, &known, range).await?;
    let counted = count.newest_first(tx, &pieces).await?;
    let total: i64 = counted.iter().filter_map(|part| part.calls).sum();
    let uncounted = counted.iter().any(|part| part.calls.is_none());
    let mut place = Place {
        total: if uncounted { total + MAX_TOTAL } else { total },
        is_capped: uncounted,
        before: None,
        skip: offset,
    };
    let Some(day) = skip_to(&mut place, &counted) else { return Ok(Some(place)) };
    if day.is_day {
        let hours = count.newest_first(tx, &known.cut(&[day.range], false)).await?;
        skip_to(&mut place, &hours);
    }
    Ok(Some(place))
}

/// The pieces of a range as a list has its calls: what the purge has removed is in the tables of
/// usage and in no list, so up to the last hour that it has let go of the records are counted.
async fn listed(tx: &mut ReadTx, known: &KnownHours, range: Range) -> StoreResult<Vec<Piece>> {
    let sql = format!(
        "{} hour FROM t_stat_hours
        WHERE purged_through_id IS NOT NULL AND hour >= ? AND hour < ?
        ORDER BY hour DESC LIMIT 1",
        tx.select()
    );
    let last: Option<DateTime<Utc>> = on_tx!(tx, |conn| {
        sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(Moment(hour_of(range.0)))
            .bind(Moment(range.1))
            .fetch_optional(&mut *conn)
            .await?
    });
    let Some(last) = last else { return Ok(known.cut(&[range], true)) };
    let kept_from = (last + TimeDelta::hours(1)).min(range.1);
    let source = Source::Records { after_id: None };
    let mut pieces = vec![Piece { bucket: 0, source, range: (range.0, kept_from) }];
    pieces.extend(known.cut(&[(kept_from, range.1)], true));
    Ok(pieces)
}

/// Moves `place` to the part in which its page begins; `None` where that is not known.
fn skip_to(place: &mut Place, parts: &[Counted]) -> Option<Counted> {
    for part in parts {
        place.before = Some(part.range.1);
        match part.calls {
            Some(calls) if calls <= place.skip => place.skip -= calls,
            Some(_) => return Some(*part),
            None => return None,
        }
    }
    None
}

/// What is counted.
struct Count<'f> {
    filter: &'f UsageFilter,
    tables: Tables,
    status: Option<CallStatus>,
}

impl Count<'_> {
    /// The calls of each hour or day, or part of one, newest first. Counting stops once so many
    /// records were counted one by one.
    async fn newest_first(&self, tx: &mut ReadTx, pieces: &[Piece]) -> StoreResult<Vec<Counted>> {
        let is_live = |piece: &Piece| matches!(piece.source, Source::Records { .. });
        let (live, usage): (Vec<Piece>, Vec<Piece>) =
            pieces.iter().partition(|piece| is_live(piece));
        let mut counted = Vec::new();
        let column = match self.status {
            None => "requests",
            Some(CallStatus::Success) => "successes",
            Some(CallStatus::Error) => "errors",
            Some(CallStatus::Cancelled) => "cancelled",
        };
        for chunk in usage.chunks(PIECES_PER_STATEMENT) {
            counted.extend(self.rows(tx, chunk, column).await?);
        }
        let mut left = MAX_TOTAL;
        for piece in live.into_iter().rev() {
            // Records that are in the tables of usage, too, are not counted again.
            let calls = if left > 0 { self.records(tx, piece, left).await? } else { None };
            left -= calls.unwrap_or(left);
            counted.push(Counted { range: piece.range, calls, is_day: false });
        }
        counted.sort_unstable_by_key(|part| std::cmp::Reverse(part.range));
        Ok(counted)
    }

    /// The calls of each hour or day of the pieces, by one of the tables' columns.
    async fn rows(
        &self,
        tx: &mut ReadTx,
        pieces: &[Piece],
        column: &'static str,
    ) -> StoreResult<Vec<Counted>> {
        let sum = format!("CAST(COALESCE(SUM({column}), 0) AS SIGNED INTEGER) AS calls");
        let mut counted = Vec::new();
        for is_day in [false, true] {
            let source = if is_day { Source::Days } else { Source::Hours };
            let step = if is_day { TimeDelta::days(1) } else { TimeDelta::hours(1) };
            let pieces: Vec<&Piece> =
                pieces.iter().filter(|piece| piece.source == source).collect();
            if pieces.is_empty() {
                continue;
            }
            let selects =
                pieces.iter().map(|piece| self.tables.read(self.filter, **piece, Each::Time, &sum));
            let (sql, conditions) = union(tx, selects);
            let values = conditions.iter().flat_map(Conditions::values);
            let rows: Vec<CountRow> = on_tx!(tx, |conn| {
                bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values).fetch_all(&mut *conn).await?
            });
            counted.extend(rows.into_iter().map(|row| Counted {
                range: (row.stat_at, row.stat_at + step),
                calls: Some(row.calls),
                is_day,
            }));
        }
        Ok(counted)
    }

    /// The calls of a piece of the records, `None` where there are more than `most`.
    async fn records(&self, tx: &mut ReadTx, piece: Piece, most: i64) -> StoreResult<Option<i64>> {
        let after_id = match piece.source {
            Source::Records { after_id } => after_id,
            Source::Hours | Source::Days => None,
        };
        let conditions = self
            .filter
            .within(piece.range)
            .also("is_final = TRUE")
            .given("status = ?", self.status.map(CallStatus::as_str))
            .given("id > ?", after_id);
        let found = count_up_to(tx, &conditions, most + 1).await?;
        Ok(Some(found).filter(|found| *found <= most))
    }
}

/// How many records the conditions leave; counting stops at `most`.
pub(crate) async fn count_up_to(
    tx: &mut ReadTx,
    conditions: &Conditions<'_>,
    most: i64,
) -> StoreResult<i64> {
    let sql = format!(
        "{} COUNT(*)
        FROM (SELECT id FROM t_ai_api_logs WHERE {} LIMIT ?) AS found",
        tx.select(),
        conditions.sql()
    );
    Ok(on_tx!(tx, |conn| {
        bind_all!(sqlx::query_scalar(AssertSqlSafe(sql)), conditions.values())
            .bind(most)
            .fetch_one(&mut *conn)
            .await?
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(number: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(number)
    }

    #[test]
    fn a_page_is_looked_for_where_it_begins() {
        let part = |number, calls| Counted {
            range: (hour(number), hour(number + 1)),
            calls,
            is_day: false,
        };
        let parts = [part(9, Some(10)), part(8, Some(0)), part(7, Some(5)), part(5, None)];
        let cases = [
            (0, Some(hour(10)), 0),
            (9, Some(hour(10)), 9),
            (10, Some(hour(8)), 0),
            (12, Some(hour(8)), 2),
            (15, Some(hour(6)), 0),
            (40, Some(hour(6)), 25),
        ];
        for (offset, before, skip) in cases {
            let mut place = Place { total: 0, is_capped: false, before: None, skip: offset };

            skip_to(&mut place, &parts);

            assert_eq!((place.before, place.skip), (before, skip), "{offset}");
        }
    }
}
