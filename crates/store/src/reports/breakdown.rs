//! What was used by one thing, or by one with another, such as by each app with each model.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::cut::KnownHours;
use super::dimension::Dimension;
use super::{Group, Reports, UsageFilter, UsageSums, tally};
use crate::error::StoreResult;
use crate::moment::comparable;
use crate::read_tx::{ReadTx, in_time};

/// The most rows in an answer.
pub const MAX_PAIRS: usize = 5_000;

/// A member of each dimension; `None` where there is none, and in place of a second dimension.
type Members = (Option<String>, Option<String>);

/// Sums of one member, or of two together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// Whose they are.
    pub groups: (Group, Option<Group>),
    /// The sums.
    pub sums: UsageSums,
}

impl Reports<'_> {
    /// Usage from `from` to before `to` for each member of a dimension, or each two members of two,
    /// those that cost most first, at most [`MAX_PAIRS`] of them.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn pairs(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        filter: &UsageFilter,
        by: (Dimension, Option<Dimension>),
    ) -> StoreResult<Vec<PairRow>> {
        let range = (comparable(from), comparable(to));
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let rows = in_time(self.limit, pairs(&mut tx, range, filter, by)).await?;
        tx.end().await?;
        Ok(rows)
    }
}

async fn pairs(
    tx: &mut ReadTx,
    range: (DateTime<Utc>, DateTime<Utc>),
    filter: &UsageFilter,
    by: (Dimension, Option<Dimension>),
) -> StoreResult<Vec<PairRow>> {
    let known = match filter.end_user {
        Some(_) => KnownHours::unknown(tx).await?,
        None => KnownHours::read(tx, range).await?,
    };
    let pieces = known.cut(&[range], true);
    let sums: Vec<(Members, UsageSums)> = match by {
        (one, Some(other)) => {
            tally::by_pair(tx, filter, (one, other), &pieces).await?.into_iter().collect()
        }
        (one, None) => {
            let sums = tally::by_member(tx, filter, one, &pieces).await?;
            sums.into_iter().map(|(member, sums)| ((member, None), sums)).collect()
        }
    };
    let mut rows: Vec<_> = sums.into_iter().filter(|(_, sums)| !sums.is_empty()).collect();
    rows.sort_unstable_by(|(pair, one), (other_pair, other)| {
        let worth = |sums: &UsageSums| (sums.cost, sums.requests);
        worth(other).cmp(&worth(one)).then_with(|| pair.cmp(other_pair))
    });
    rows.truncate(MAX_PAIRS);
    named(tx, rows, by).await
}

async fn named(
    tx: &mut ReadTx,
    rows: Vec<(Members, UsageSums)>,
    (one, other): (Dimension, Option<Dimension>),
) -> StoreResult<Vec<PairRow>> {
    let ones = one.names_of(tx, rows.iter().map(|((member, _), _)| member)).await?;
    let others = match other {
        Some(other) => other.names_of(tx, rows.iter().map(|((_, member), _)| member)).await?,
        None => HashMap::new(),
    };
    let row = |((first, second), sums)| {
        let second = other.map(|other| other.group(second, &others));
        PairRow { groups: (one.group(first, &ones), second), sums }
    };
    Ok(rows.into_iter().map(row).collect())
}
