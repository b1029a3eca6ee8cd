//! Days as partitions.

use chrono::{DateTime, Days, NaiveDate, Utc};

/// The most partitions that are made; a server takes 8,192.
const MOST: usize = 4_000;

/// The first days after those from `from` to `to`: where one partition ends and the next begins.
pub(super) fn boundaries(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<NaiveDate> {
    let first = from.date_naive().checked_add_days(Days::new(1));
    let last = to.date_naive().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    let mut boundaries: Vec<NaiveDate> = first
        .into_iter()
        .flat_map(|first| first.iter_days())
        .take_while(|day| *day <= last)
        .collect();
    boundaries.drain(..boundaries.len().saturating_sub(MOST));
    boundaries
}

/// The partitions that one which ends before `upper` (the last one: nowhere) is to be cut into so
/// that a new one begins at each of `cuts`: name and end of each.
pub(super) fn pieces(cuts: &[NaiveDate], upper: Option<NaiveDate>) -> Vec<String> {
    let ends = cuts.iter().copied().map(Some).chain([upper]);
    ends.map(|end| match end {
        Some(end) => {
            let day = end.pred_opt().unwrap_or(end);
            let (day, end) = (day.format("%Y%m%d"), end.format("%Y-%m-%d"));
            format!("PARTITION p{day} VALUES LESS THAN ('{end} 00:00:00')")
        }
        None => "PARTITION p_rest VALUES LESS THAN (MAXVALUE)".to_owned(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_day_ends_where_the_next_one_begins() {
        let at = |text: &str| text.parse().unwrap();

        let found = boundaries(at("2026-11-29T23:59:59Z"), at("2026-12-01T00:00:00Z"));

        assert_eq!(found, [day("2026-11-30"), day("2026-12-01"), day("2026-12-02")]);
        assert_eq!(boundaries(at("2026-11-29T00:00:00Z"), at("2026-11-27T00:00:00Z")), []);
    }

    #[test]
    fn a_partition_is_named_by_its_last_day() {
        let cuts = [day("2026-12-01"), day("2026-12-02")];

        assert_eq!(
            pieces(&cuts, None),
            [
                "PARTITION p20261130 VALUES LESS THAN ('2026-12-01 00:00:00')",
                "PARTITION p20261201 VALUES LESS THAN ('2026-12-02 00:00:00')",
                "PARTITION p_rest VALUES LESS THAN (MAXVALUE)",
            ]
        );
        assert_eq!(pieces(&cuts[..1], Some(cuts[1])).len(), 2);
    }
}
