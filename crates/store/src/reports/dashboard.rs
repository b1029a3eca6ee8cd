//! The last days: their trend, and everything on the dashboard.

use super::{
    Bucket, Dashboard, DateTime, Days, Dimension, KnownHours, NaiveDate, Range, StoreResult,
    TrendDay, Tz, Unit, UsageFilter, UsageRow, Utc, buckets, day_start, errors, latency, ranked,
    tally,
};
use crate::read_tx::ReadTx;

/// How many models and app tokens a dashboard ranks.
const TOP: usize = 10;

/// The last `days` calendar days in `tz`, today included.
pub(super) async fn trend(
    tx: &mut ReadTx,
    days: u32,
    tz: Tz,
    now: DateTime<Utc>,
) -> StoreResult<Vec<TrendDay>> {
    let days = LastDays::new(days, tz, now);
    let known = KnownHours::read(tx, days.range).await?;
    days.trend(tx, &known).await
}

/// The dashboard of the last `days` calendar days in `tz`, today included.
pub(super) async fn dashboard(
    tx: &mut ReadTx,
    days: u32,
    tz: Tz,
    now: DateTime<Utc>,
) -> StoreResult<Dashboard> {
    let days = LastDays::new(days, tz, now);
    let known = KnownHours::read(tx, days.range).await?;
    let trend = days.trend(tx, &known).await?;
    let pieces = known.cut(&[days.range], true);
    let mut tops = Vec::new();
    for dimension in [Dimension::Model, Dimension::App] {
        let mut sums = tally::by_member(tx, &UsageFilter::default(), dimension, &pieces).await?;
        sums.remove(&None);
        let rows: Vec<UsageRow> = dimension.groups(tx, ranked(sums, TOP)).await?;
        tops.push(rows);
    }
    let top_apps = tops.pop().unwrap_or_default();
    let top_models = tops.pop().unwrap_or_default();
    Ok(Dashboard {
        summary: trend.iter().map(|day| day.sums).sum(),
        latency: latency::of_pieces(tx, &pieces).await?,
        errors: errors::of_pieces(tx, &pieces).await?,
        trend,
        top_models,
        top_apps,
    })
}

/// Calendar days, the last of which is today.
struct LastDays {
    dates: Vec<NaiveDate>,
    tz: Tz,
    range: Range,
}

impl LastDays {
    fn new(days: u32, tz: Tz, now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&tz).date_naive();
        let ago = |days: u32| today.checked_sub_days(Days::new(days.into()));
        let dates: Vec<NaiveDate> = (0..days).rev().filter_map(ago).collect();
        let from = dates.first().map_or(now, |date| day_start(*date, tz));
        let to = day_start(today.succ_opt().unwrap_or(today), tz);
        Self { dates, tz, range: (from, to) }
    }

    /// The sums of each day. A day that the zone skipped is empty.
    async fn trend(&self, tx: &mut ReadTx, known: &KnownHours) -> StoreResult<Vec<TrendDay>> {
        let buckets = buckets(self.range.0, self.range.1, Unit::Day, self.tz);
        let ranges: Vec<Range> = buckets.iter().map(Bucket::range).collect();
        let pieces = known.cut(&ranges, true);
        let sums = tally::by_bucket(tx, &UsageFilter::default(), ranges.len(), &pieces).await?;
        let mut trend: Vec<TrendDay> = self
            .dates
            .iter()
            .map(|date| TrendDay { date: *date, sums: super::UsageSums::default() })
            .collect();
        for (bucket, sums) in buckets.iter().zip(sums) {
            // What arrives in a half-hour zone in the last hour before midnight is tomorrow's.
            let day = trend.iter_mut().rfind(|day| day.date.to_string() <= bucket.label);
            if let Some(day) = day {
                day.sums += sums;
            }
        }
        Ok(trend)
    }
}
