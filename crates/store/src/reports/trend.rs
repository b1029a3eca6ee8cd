//! How calls develop.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;

use super::calendar::{Bucket, Unit, day_start, whole_buckets};
use super::cut::{KnownHours, Piece, Range};
use super::latency::{self, Latency};
use super::{Reports, UsageFilter, UsageSums, tally};
use crate::error::StoreResult;
use crate::moment::comparable;
use crate::read_tx::{ReadTx, in_time};

/// What time a report is about, how it is cut, and which attempts count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendQuery {
    /// Arrived not before.
    pub from: DateTime<Utc>,
    /// Arrived before. The time between has a point for each unit, so it must not be long.
    pub to: DateTime<Utc>,
    /// What a point is.
    pub unit: Unit,
    /// Where hours, days and months begin.
    pub tz: Tz,
    /// Which attempts count.
    pub filter: UsageFilter,
}

/// How calls develop, and what they add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trend {
    /// Each hour, day or month, oldest first, empty ones too.
    pub points: Vec<TrendPoint>,
    /// The sums over all.
    pub summary: UsageSums,
    /// How long the successful calls of all took.
    pub latency: Latency,
}

/// An hour, a day or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// What people call it, as in [`super::Group::Time`].
    pub label: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until before when.
    pub to: DateTime<Utc>,
    /// Its sums; zeros where nothing happened.
    pub sums: UsageSums,
    /// How long successful calls took.
    pub latency: Latency,
}

/// The points of a query, and where they are read.
pub(super) struct Points {
    pub(super) buckets: Vec<Bucket>,
    pub(super) known: KnownHours,
    pub(super) pieces: Vec<Piece>,
    pub(super) range: Range,
}

impl TrendQuery {
    /// The last `days` calendar days in `tz`, today included.
    #[must_use]
    pub fn last_days(days: u32, tz: Tz, now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&tz).date_naive();
        let first = today.checked_sub_days(Days::new(days.saturating_sub(1).into()));
        let to = day_start(today.succ_opt().unwrap_or(today), tz);
        let from = day_start(first.unwrap_or(today), tz);
        Self { from, to, unit: Unit::Day, tz, filter: UsageFilter::default() }
    }

    /// Whether the daily tables may be read.
    pub(super) fn is_by_days(&self) -> bool {
        self.unit != Unit::Hour
    }
}

impl Points {
    pub(super) async fn read(tx: &mut ReadTx, query: &TrendQuery) -> StoreResult<Self> {
        let range = (comparable(query.from), comparable(query.to));
        let known = match query.filter.end_user {
            Some(_) => KnownHours::unknown(tx).await?,
            None => KnownHours::read(tx, range).await?,
        };
        let buckets = whole_buckets(range, query.unit, query.tz);
        let ranges: Vec<Range> = buckets.iter().map(Bucket::range).collect();
        let pieces = known.cut(&ranges, query.is_by_days());
        Ok(Self { buckets, known, pieces, range })
    }

    pub(super) fn ranges(&self) -> Vec<Range> {
        self.buckets.iter().map(Bucket::range).collect()
    }
}

impl Reports<'_> {
    /// How calls develop, and what they add up to.
    ///
    /// # Errors
    /// `TooSlow`, and those of the database.
    pub async fn trend(&self, query: &TrendQuery) -> StoreResult<Trend> {
        let mut tx = self.store.db().begin_read(self.limit).await?;
        let reading = async {
            let points = Points::read(&mut tx, query).await?;
            of_points(&mut tx, query, &points).await
        };
        let trend = in_time(self.limit, reading).await?;
        tx.end().await?;
        Ok(trend)
    }
}

pub(super) async fn of_points(
    tx: &mut ReadTx,
    query: &TrendQuery,
    points: &Points,
) -> StoreResult<Trend> {
    let count = points.buckets.len();
    let sums = tally::by_bucket(tx, &query.filter, count, &points.pieces).await?;
    let (latencies, latency) = latency::by_bucket(tx, &query.filter, count, &points.pieces).await?;
    let summary = sums.iter().copied().sum();
    let measured = points.buckets.iter().zip(sums.into_iter().zip(latencies));
    let points = measured.map(|(bucket, (sums, latency))| TrendPoint {
        label: bucket.label.clone(),
        from: bucket.from,
        to: bucket.to,
        sums,
        latency,
    });
    Ok(Trend { points: points.collect(), summary, latency })
}
