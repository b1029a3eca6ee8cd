//! Everything on the dashboard.

use super::cut::Piece;
use super::dimension::Dimension;
use super::errors::{self, ErrorReport};
use super::trend::{self, Points, Trend, TrendQuery};
use super::{Reports, UsageRow, ranked, tally};
use crate::error::StoreResult;
use crate::read_tx::{ReadTx, in_time};

/// How many models and app tokens a dashboard ranks.
const TOP: usize = 10;

/// Everything on the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// How calls developed, and what they add up to.
    pub trend: Trend,
    /// What failed.
    pub errors: ErrorReport,
    /// The models with the most calls.
    pub top_models: Vec<UsageRow>,
    /// The app tokens with the most calls.
    pub top_apps: Vec<UsageRow>,
}

impl Reports<'_> {
    /// The dashboard of a time.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn dashboard(&self, query: &TrendQuery) -> StoreResult<Dashboard> {
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let board = in_time(self.limit, dashboard(&mut tx, query)).await?;
        tx.end().await?;
        Ok(board)
    }
}

async fn dashboard(tx: &mut ReadTx, query: &TrendQuery) -> StoreResult<Dashboard> {
    let points = Points::read(tx, query).await?;
    let pieces = points.known.cut(&[points.range], true);
    Ok(Dashboard {
        trend: trend::of_points(tx, query, &points).await?,
        errors: errors::of_range(tx, &query.filter, &points.known, points.range).await?,
        top_models: top(tx, query, Dimension::Model, &pieces).await?,
        top_apps: top(tx, query, Dimension::App, &pieces).await?,
    })
}

/// The members of a dimension with the most calls.
async fn top(
    tx: &mut ReadTx,
    query: &TrendQuery,
    dimension: Dimension,
    pieces: &[Piece],
) -> StoreResult<Vec<UsageRow>> {
    let mut sums = tally::by_member(tx, &query.filter, dimension, pieces).await?;
    sums.remove(&None);
    dimension.groups(tx, ranked(sums, TOP)).await
}
