//! How the journal stands at the moment of a scrape.

use chrono::{DateTime, Utc};
use prometheus::{IntCounter, Registry};
use tollgate_gateway::JournalStats;

use super::gauges::Gauges;

/// Fills `registry` with how the journal stands at `now`.
///
/// # Errors
/// Fails only when a family has no good name, that is, never.
pub(super) fn gather(
    stats: &JournalStats,
    now: DateTime<Utc>,
    registry: &Registry,
) -> prometheus::Result<()> {
    let gauge = |name: &str, help: &str| Gauges::new(registry, name, help, &[]);
    let counts = [
        (
            "aiproxy_journal_backlog_bytes",
            "Bytes in the journal that are not in the database yet.",
            stats.backlog_bytes,
        ),
        (
            "aiproxy_journal_backlog_records",
            "Records in the journal that are not in the database yet.",
            stats.backlog_records,
        ),
        (
            "aiproxy_journal_used_bytes",
            "Bytes of the journal on the disk, those included that are removed soon.",
            stats.used_bytes,
        ),
        ("aiproxy_journal_max_bytes", "As many bytes as the journal may have.", stats.max_bytes),
    ];
    for (name, help, count) in counts {
        gauge(name, help)?.count(&[], i64::try_from(count).unwrap_or(i64::MAX));
    }
    gauge(
        "aiproxy_journal_oldest_record_age_seconds",
        "Seconds since the first call ended whose record is not in the database yet; 0 without one.",
    )?
    .set(&[], age_seconds(stats.oldest_at, now));
    let flags = [
        ("aiproxy_journal_full", "1 where there is no room for one more call.", stats.is_full),
        ("aiproxy_journal_writable", "1 where the disk takes what is written.", stats.is_writable),
        (
            "aiproxy_journal_shipping",
            "1 where the database takes what is shipped.",
            stats.is_shipping,
        ),
    ];
    for (name, help, is_so) in flags {
        gauge(name, help)?.flag(&[], is_so);
    }
    let counters = [
        (
            "aiproxy_journal_dropped_records_total",
            "Records that were dropped because the journal had no room.",
            stats.dropped,
        ),
        (
            "aiproxy_journal_rejected_records_total",
            "Records that the database refused, and that are in a file of their own.",
            stats.rejected,
        ),
    ];
    for (name, help, count) in counters {
        let counter = IntCounter::new(name, help)?;
        counter.inc_by(count);
        registry.register(Box::new(counter))?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of an outage")]
fn age_seconds(oldest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    let age = oldest.map_or(0, |oldest| (now - oldest).num_milliseconds().max(0));
    age as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn each_figure_has_its_family() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let stats = JournalStats {
            backlog_bytes: 11,
            backlog_records: 12,
            oldest_at: Some(now - chrono::TimeDelta::milliseconds(1_500)),
            used_bytes: 13,
            max_bytes: 14,
            dropped: 15,
            rejected: 16,
            is_full: true,
            is_writable: false,
            is_shipping: true,
        };
        let registry = Registry::new();

        gather(&stats, now, &registry).unwrap();

        let text = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        for line in [
            "aiproxy_journal_backlog_bytes 11",
            "aiproxy_journal_backlog_records 12",
            "aiproxy_journal_used_bytes 13",
            "aiproxy_journal_max_bytes 14",
            "aiproxy_journal_dropped_records_total 15",
            "aiproxy_journal_rejected_records_total 16",
            "aiproxy_journal_oldest_record_age_seconds 1.5",
            "aiproxy_journal_full 1",
            "aiproxy_journal_writable 0",
            "aiproxy_journal_shipping 1",
        ] {
            assert!(text.lines().any(|told| told == line), "no {line} in\n{text}");
        }
        assert_eq!(age_seconds(None, now), 0.0);
    }
}
