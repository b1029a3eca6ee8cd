//! How long calls took.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, Row};

use super::UsageFilter;
use super::cut::{Piece, Source};
use super::sums::columns;
use super::tables::{Each, Tables};
use super::tally::{PIECES_PER_STATEMENT, bucket_at, merged, union};
use crate::conditions::{Conditions, bind_all};
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::read_tx::ReadTx;
use crate::usage_stats::measures::{LATENCY_BOUNDS_MS, MEASURES, Measure};

/// How many calls are counted apart.
const BUCKETS: usize = LATENCY_BOUNDS_MS.len() + 1;

/// Percentiles of the final attempts of successful calls, in milliseconds, as near as their counts
/// by `LATENCY_BOUNDS_MS` tell: what lies between two bounds is taken to be spread evenly, so that
/// no percentile is further from the true one than its two bounds are from each other, and none is
/// above the longest call. `None` where there was no such call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// The median.
    pub p50_ms: Option<i64>,
    /// One call in twenty took longer.
    pub p95_ms: Option<i64>,
    /// One call in a hundred took longer.
    pub p99_ms: Option<i64>,
}

/// How many calls took how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Histogram {
    counts: [i64; BUCKETS],
    max_ms: i64,
}

static OF_RECORDS: LazyLock<String> = LazyLock::new(|| columns(is_of_latency, Measure::of_records));
static OF_USAGE: LazyLock<String> = LazyLock::new(|| columns(is_of_latency, Measure::of_usage));

fn is_bucket(measure: &Measure) -> bool {
    measure.column.starts_with("latency_le_") || measure.column.starts_with("latency_over_")
}

fn is_of_latency(measure: &Measure) -> bool {
    is_bucket(measure) || measure.column == "latency_max_ms"
}

/// How long the calls of each bucket took, and those of all.
pub(super) async fn by_bucket(
    tx: &mut ReadTx,
    filter: &UsageFilter,
    buckets: usize,
    pieces: &[Piece],
) -> StoreResult<(Vec<Latency>, Latency)> {
    let mut histograms = vec![Histogram::default(); buckets];
    let tables = Tables::of(filter, None);
    for chunk in merged(pieces).chunks(PIECES_PER_STATEMENT) {
        let selects = chunk.iter().map(|piece| {
            let columns = match piece.source {
                Source::Records { .. } => &*OF_RECORDS,
                Source::Hours | Source::Days => &*OF_USAGE,
            };
            tables.read(filter, *piece, Each::Time, columns)
        });
        let (sql, conditions) = union(tx, selects);
        let values = conditions.iter().flat_map(Conditions::values);
        on_tx!(tx, |conn| {
            let rows =
                bind_all!(sqlx::query(AssertSqlSafe(sql)), values).fetch_all(&mut *conn).await?;
            for row in rows {
                let bucket = bucket_at(row.try_get("place")?, row.try_get("stat_at")?, pieces);
                let Some(all) = bucket.and_then(|at| histograms.get_mut(at)) else { continue };
                let measures = MEASURES.iter().filter(|measure| is_bucket(measure));
                for (count, measure) in all.counts.iter_mut().zip(measures) {
                    *count += row.try_get::<i64, _>(measure.column)?;
                }
                all.max_ms = all.max_ms.max(row.try_get("latency_max_ms")?);
            }
        });
    }
    let mut all = Histogram::default();
    histograms.iter().for_each(|histogram| all.add(histogram));
    Ok((histograms.iter().map(Histogram::latency).collect(), all.latency()))
}

impl Histogram {
    fn latency(&self) -> Latency {
        Latency {
            p50_ms: self.percentile(50),
            p95_ms: self.percentile(95),
            p99_ms: self.percentile(99),
        }
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.max_ms = self.max_ms.max(other.max_ms);
    }

    /// The value that `percent` of all calls do not exceed.
    fn percentile(&self, percent: i64) -> Option<i64> {
        let total: i64 = self.counts.iter().sum();
        let rank = (total * percent + 99) / 100;
        let mut before = 0;
        for (bucket, count) in self.counts.iter().copied().enumerate() {
            if count > 0 && before + count >= rank {
                let lower = bucket.checked_sub(1).map_or(0, |before| LATENCY_BOUNDS_MS[before]);
                let bound = LATENCY_BOUNDS_MS.get(bucket).copied().unwrap_or(i64::MAX);
                let upper = bound.min(self.max_ms).max(lower);
                return Some(lower + spread(upper - lower, rank - before, count));
            }
            before += count;
        }
        None
    }
}

/// How far the `place`th of `count` values that are spread evenly over `width` is.
fn spread(width: i64, place: i64, count: i64) -> i64 {
    let far = i128::from(width) * i128::from(place) / i128::from(count);
    i64::try_from(far).unwrap_or(width)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histogram(values: &[i64]) -> Histogram {
        let mut all = Histogram::default();
        for value in values {
            let bucket = LATENCY_BOUNDS_MS.partition_point(|bound| bound < value);
            all.counts[bucket] += 1;
            all.max_ms = all.max_ms.max(*value);
        }
        all
    }

    #[test]
    fn a_percentile_lies_between_the_bounds_of_its_calls() {
        let cases: [(&[i64], i64, Option<i64>); 6] = [
            (&[], 50, None),
            (&[7], 99, Some(7)),
            (&[0], 50, Some(0)),
            (&[120, 150, 180, 200], 50, Some(150)),
            (&[10, 10, 10, 900], 99, Some(900)),
            (&[70_000, 90_000], 50, Some(75_000)),
        ];
        for (values, percent, expected) in cases {
            assert_eq!(histogram(values).percentile(percent), expected, "{percent} of {values:?}");
        }
    }

    proptest! {
        #[test]
        fn no_percentile_is_further_off_than_its_bounds_are_wide(
            mut values in prop::collection::vec(0..100_000_i64, 1..200), percent in 1..=100_i64,
        ) {
            let found = histogram(&values).percentile(percent).unwrap();

            values.sort_unstable();
            let rank = (values.len() * usize::try_from(percent).unwrap()).div_ceil(100);
            let (truth, max) = (values[rank - 1], values[values.len() - 1]);
            let bucket = LATENCY_BOUNDS_MS.partition_point(|bound| *bound < truth);
            let lower = if bucket == 0 { 0 } else { LATENCY_BOUNDS_MS[bucket - 1] };
            let upper = LATENCY_BOUNDS_MS.get(bucket).copied().unwrap_or(max).min(max);
            prop_assert!((lower..=upper).contains(&found), "{found} for {truth}");
        }
    }
}
