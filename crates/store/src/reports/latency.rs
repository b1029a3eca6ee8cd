//! How long calls took.

use chrono::{DateTime, Utc};

use crate::Store;
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::moment::Moment;

/// Percentiles of the final attempts of successful calls, in milliseconds: of all of them, the
/// smallest value that at least so many per cent do not exceed. `None` where there was no such
/// call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// The median.
    pub p50_ms: Option<i64>,
    /// One call in twenty took longer.
    pub p95_ms: Option<i64>,
    /// One call in a hundred took longer.
    pub p99_ms: Option<i64>,
}

/// Counted per millisecond by the database, so that no more comes back than there are different
/// values, however many calls there were.
pub(super) async fn of_range(
    store: &Store,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> StoreResult<Latency> {
    const SQL: &str = "
        SELECT latency_ms, COUNT(*) AS calls
        FROM t_ai_api_logs
        WHERE status = 'success' AND created_at >= ? AND created_at < ? AND is_final = TRUE
        GROUP BY latency_ms
        ORDER BY latency_ms";
    let counts: Vec<(i64, i64)> = on_pool!(store.db(), |pool| {
        sqlx::query_as(SQL).bind(Moment(from)).bind(Moment(to)).fetch_all(pool).await?
    });
    Ok(Latency {
        p50_ms: percentile(&counts, 50),
        p95_ms: percentile(&counts, 95),
        p99_ms: percentile(&counts, 99),
    })
}

/// The nearest-rank percentile of values that come with their counts, smallest first.
fn percentile(counts: &[(i64, i64)], percent: i64) -> Option<i64> {
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    let rank = (total * percent + 99) / 100;
    let mut seen = 0;
    counts
        .iter()
        .find(|(_, count)| {
            seen += count;
            seen >= rank
        })
        .map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_value_at_its_rank() {
        let hundred: Vec<(i64, i64)> = (1..=100).map(|value| (value, 1)).collect();
        let cases = [
            (vec![], 50, None),
            (vec![(7, 1)], 99, Some(7)),
            (hundred.clone(), 50, Some(50)),
            (hundred.clone(), 95, Some(95)),
            (hundred, 99, Some(99)),
            (vec![(10, 98), (900, 2)], 95, Some(10)),
            (vec![(10, 98), (900, 2)], 99, Some(900)),
        ];
        for (counts, percent, expected) in cases {
            assert_eq!(percentile(&counts, percent), expected, "{percent} of {counts:?}");
        }
    }
}
