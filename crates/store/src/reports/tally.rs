//! Reading sums, piece by piece.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::cut::{Piece, Source};
use super::dimension::Dimension;
use super::sums::{self, SumsRow};
use super::tables::{Each, Tables};
use super::{UsageFilter, UsageSums};
use crate::conditions::{Conditions, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::read_tx::ReadTx;

/// Pieces read by one statement; SQLite joins at most 500 SELECTs.
pub(super) const PIECES_PER_STATEMENT: usize = 100;
/// Statements of so many pieces come again, and stay prepared.
const PREPARED_PIECES: usize = 4;

#[derive(sqlx::FromRow)]
struct TallyRow {
    place: i64,
    stat_at: Option<DateTime<Utc>>,
    member: Option<String>,
    other: Option<String>,
    #[sqlx(flatten)]
    sums: SumsRow,
}

/// The sums of each bucket. Buckets follow each other in time.
pub(super) async fn by_bucket(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    buckets: usize,
    pieces: &[Piece],
) -> StoreResult<Vec<UsageSums>> {
    let mut sums = vec![UsageSums::default(); buckets];
    for row in rows(tx, &Tables::of(filter, None), filter, &merged(pieces), Each::Time).await? {
        let bucket = row.bucket(pieces);
        if let Some(place) = bucket.and_then(|bucket| sums.get_mut(bucket)) {
            *place += row.sums.into_sums();
        }
    }
    Ok(sums)
}

/// The sums of each bucket for each of the `members` of `dimension` that has any.
pub(super) async fn by_bucket_of(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    (dimension, members): (Dimension, &BTreeSet<Option<String>>),
    buckets: usize,
    pieces: &[Piece],
) -> StoreResult<HashMap<Option<String>, Vec<UsageSums>>> {
    let tables = Tables::of(filter, Some(dimension));
    let each = Each::TimeOf(dimension, members);
    let mut sums: HashMap<Option<String>, Vec<UsageSums>> = HashMap::new();
    for row in rows(tx, &tables, filter, &merged(pieces), each).await? {
        let bucket = row.bucket(pieces);
        let line = sums.entry(dimension.read(row.member));
        let line = line.or_insert_with(|| vec![UsageSums::default(); buckets]);
        if let Some(place) = bucket.and_then(|bucket| line.get_mut(bucket)) {
            *place += row.sums.into_sums();
        }
    }
    Ok(sums)
}

/// The sums of each two members of two dimensions that have any, in no order.
pub(super) async fn by_pair(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    (one, other): (Dimension, Dimension),
    pieces: &[Piece],
) -> StoreResult<HashMap<(Option<String>, Option<String>), UsageSums>> {
    let (tables, each) = (Tables::of_pairs(filter), Each::Pair(one, other));
    let mut sums: HashMap<_, UsageSums> = HashMap::new();
    for row in rows(tx, &tables, filter, &merged(pieces), each).await? {
        let pair = (one.read(row.member), other.read(row.other));
        *sums.entry(pair).or_default() += row.sums.into_sums();
    }
    Ok(sums)
}

/// The sums of each member of `dimension`, in no order.
pub(super) async fn by_member(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    dimension: Dimension,
    pieces: &[Piece],
) -> StoreResult<HashMap<Option<String>, UsageSums>> {
    let tables = Tables::of(filter, Some(dimension));
    let mut sums: HashMap<Option<String>, UsageSums> = HashMap::new();
    for row in rows(tx, &tables, filter, &merged(pieces), Each::Member(dimension)).await? {
        *sums.entry(dimension.read(row.member)).or_default() += row.sums.into_sums();
    }
    Ok(sums)
}

async fn rows(
    tx: &mut ReadTx,
    tables: &Tables,
    filter: &UsageFilter,
    pieces: &[Piece],
    each: Each<'_>,
) -> StoreResult<Vec<TallyRow>> {
    let mut rows = Vec::new();
    for chunk in pieces.chunks(PIECES_PER_STATEMENT) {
        let selects = chunk.iter().map(|piece| {
            let columns = match piece.source {
                Source::Records { .. } => &*sums::OF_RECORDS,
                Source::Hours | Source::Days => &*sums::OF_USAGE,
            };
            tables.read(filter, *piece, each, columns)
        });
        let (sql, conditions) = union(tx, selects);
        let values = conditions.iter().flat_map(Conditions::values);
        let found: Vec<TallyRow> = on_tx!(tx, |conn| {
            bind_all!(sqlx::query_as(AssertSqlSafe(sql)), values)
                .persistent(chunk.len() <= PREPARED_PIECES)
                .fetch_all(&mut *conn)
                .await?
        });
        rows.extend(found);
    }
    Ok(rows)
}

/// All of `selects`, which come without the word, in one statement that ends in time.
pub(super) fn union<'f>(
    tx: &ReadTx,
    selects: impl Iterator<Item = (String, Conditions<'f>)>,
) -> (String, Vec<Conditions<'f>>) {
    let (selects, conditions): (Vec<String>, Vec<Conditions<'f>>) = selects.unzip();
    (format!("{}{}", tx.select(), selects.join(" UNION ALL SELECT ")), conditions)
}

/// The pieces of the tables of usage without their buckets, so that they are fewer: their rows say
/// what time they are of.
pub(super) fn merged(pieces: &[Piece]) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        let is_usage = !matches!(piece.source, Source::Records { .. });
        let before = merged.iter_mut().rev().take(2).find(|before| {
            is_usage && before.source == piece.source && before.range.1 == piece.range.0
        });
        match before {
            Some(before) => before.range.1 = piece.range.1,
            None => merged.push(*piece),
        }
    }
    merged
}

impl TallyRow {
    /// The bucket it is of.
    fn bucket(&self, pieces: &[Piece]) -> Option<usize> {
        bucket_at(self.place, self.stat_at, pieces)
    }
}

/// The bucket of a row that [`merged`] pieces have.
pub(super) fn bucket_at(place: i64, at: Option<DateTime<Utc>>, pieces: &[Piece]) -> Option<usize> {
    at.map_or(usize::try_from(place).ok(), |at| bucket_of(pieces, at))
}

/// The bucket whose pieces of the tables of usage have `at`.
fn bucket_of(pieces: &[Piece], at: DateTime<Utc>) -> Option<usize> {
    let after = pieces.partition_point(|piece| piece.range.0 <= at);
    pieces[..after].iter().rev().find(|piece| at < piece.range.1).map(|piece| piece.bucket)
}
