//! How the members of a dimension that matter most develop beside each other.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::calendar::Bucket;
use super::cut::Piece;
use super::dimension::Dimension;
use super::trend::{Points, TrendQuery};
use super::{Group, Reports, UsageSums, tally};
use crate::error::StoreResult;
use crate::read_tx::{ReadTx, in_time};

/// Which members matter most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Those with the most calls.
    Requests,
    /// Those whose calls failed most often.
    Errors,
    /// Those that used the most tokens.
    Tokens,
    /// Those that cost most.
    Cost,
}

/// The lines of some members, and of all together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Each hour, day or month, oldest first, empty ones too, with the sums over all members.
    pub points: Vec<SeriesPoint>,
    /// The members that matter most, the first of them first.
    pub lines: Vec<Line>,
}

/// An hour, a day or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesPoint {
    /// What people call it, as in [`Group::Time`].
    pub label: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until before when.
    pub to: DateTime<Utc>,
    /// The sums over all members.
    pub sums: UsageSums,
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub group: Group,
    /// Its sums, for each point.
    pub sums: Vec<UsageSums>,
}

impl Reports<'_> {
    /// How the `top` members of a dimension develop beside each other. Calls that have no member of
    /// it are in the total alone.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn series(
        &self,
        query: &TrendQuery,
        by: Dimension,
        rank: Rank,
        top: usize,
    ) -> StoreResult<Series> {
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let series = in_time(self.limit, series(&mut tx, query, by, (rank, top))).await?;
        tx.end().await?;
        Ok(series)
    }
}

async fn series(
    tx: &mut ReadTx,
    query: &TrendQuery,
    by: Dimension,
    (rank, top): (Rank, usize),
) -> StoreResult<Series> {
    let Points { buckets, known, pieces, range } = Points::read(tx, query).await?;
    let total = tally::by_bucket(tx, &query.filter, buckets.len(), &pieces).await?;
    let members = most(tx, query, by, (rank, top), &known.cut(&[range], true)).await?;
    let mut lines = Vec::new();
    if !members.is_empty() {
        let wanted: BTreeSet<Option<String>> = members.iter().cloned().collect();
        let names = by.names_of(tx, members.iter()).await?;
        let of = (by, &wanted);
        let mut found = tally::by_bucket_of(tx, &query.filter, of, buckets.len(), &pieces).await?;
        for member in members {
            let sums = found.remove(&member);
            let sums = sums.unwrap_or_else(|| vec![UsageSums::default(); buckets.len()]);
            lines.push(Line { group: by.group(member, &names), sums });
        }
    }
    let point = |(bucket, sums): (Bucket, UsageSums)| SeriesPoint {
        label: bucket.label,
        from: bucket.from,
        to: bucket.to,
        sums,
    };
    Ok(Series { points: buckets.into_iter().zip(total).map(point).collect(), lines })
}

/// The members that matter most, without calls that have none.
async fn most(
    tx: &mut ReadTx,
    query: &TrendQuery,
    by: Dimension,
    (rank, top): (Rank, usize),
    pieces: &[Piece],
) -> StoreResult<Vec<Option<String>>> {
    let sums = tally::by_member(tx, &query.filter, by, pieces).await?;
    let mut members: Vec<(i64, Option<String>)> = sums
        .into_iter()
        .filter(|(member, _)| member.is_some())
        .map(|(member, sums)| (rank.of(&sums), member))
        .filter(|(worth, _)| *worth > 0)
        .collect();
    members.sort_unstable_by(|(one, named), (other, names)| {
        other.cmp(one).then_with(|| named.cmp(names))
    });
    members.truncate(top);
    Ok(members.into_iter().map(|(_, member)| member).collect())
}

impl Rank {
    const fn of(self, sums: &UsageSums) -> i64 {
        match self {
            Self::Requests => sums.requests,
            Self::Errors => sums.errors,
            Self::Tokens => sums.usage.total(),
            Self::Cost => sums.cost.get(),
        }
    }
}
