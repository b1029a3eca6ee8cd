//! When calls come: days with a height at noon, quiet nights and week-ends, a little more each week.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};

const MINUTE_MS: i64 = 60_000;
/// Of a working day's load, that of a day of the week-end.
const WEEK_END: f64 = 0.35;
/// Of the load at its height, what remains at night.
const NIGHT: f64 = 0.12;
/// The hour (UTC) of the height.
const HEIGHT: f64 = 13.0;
/// Hours to either side of it after which little is left.
const WIDTH: f64 = 4.5;
/// How many times the first minute's load the last minute's is.
const GROWTH: f64 = 1.4;

/// A span of time and the rows that fall into it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    from: DateTime<Utc>,
    minutes: i64,
    rows: u64,
}

/// A minute and the rows of the calls that arrive in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Minute {
    /// Its first millisecond, since 1970.
    pub(super) from_ms: i64,
    /// How many rows.
    pub(super) rows: u64,
}

impl Rhythm {
    /// `rows` over the `span`, in whole minutes, before `until`.
    pub(super) fn new(until: DateTime<Utc>, span: TimeDelta, rows: u64) -> Self {
        let minutes = span.num_minutes().max(1);
        Self { from: until - TimeDelta::minutes(minutes), minutes, rows }
    }

    /// Every minute in its order; their rows sum to all of them.
    pub(super) fn minutes(self) -> impl Iterator<Item = Minute> {
        let whole: f64 = (0..self.minutes).map(|minute| self.load(minute)).sum();
        let (mut load, mut told) = (0.0, 0);
        (0..self.minutes).map(move |minute| {
            load += self.load(minute);
            let is_last = minute + 1 == self.minutes;
            let until_here = if is_last { self.rows } else { share(self.rows, load / whole) };
            let rows = until_here.saturating_sub(told);
            told += rows;
            Minute { from_ms: self.from.timestamp_millis() + minute * MINUTE_MS, rows }
        })
    }

    /// How much comes in a minute, compared with others.
    #[expect(clippy::cast_precision_loss, reason = "minutes of a few years")]
    fn load(self, minute: i64) -> f64 {
        let at = self.from + TimeDelta::minutes(minute);
        let hour = f64::from(at.num_seconds_from_midnight()) / 3600.0;
        // The way around midnight may be the shorter one.
        let away = (hour - HEIGHT).abs().min(24.0 - (hour - HEIGHT).abs()) / WIDTH;
        let day = NIGHT + (1.0 - NIGHT) * (-away * away).exp();
        let is_week_end = matches!(at.weekday(), Weekday::Sat | Weekday::Sun);
        let growth = 1.0 + (GROWTH - 1.0) * minute as f64 / self.minutes as f64;
        day * growth * if is_week_end { WEEK_END } else { 1.0 }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of `rows`")]
#[expect(clippy::cast_precision_loss, reason = "fewer rows than a float counts exactly")]
fn share(rows: u64, part: f64) -> u64 {
    ((rows as f64 * part).round() as u64).min(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fortnight(rows: u64) -> Vec<Minute> {
        // A Monday.
        let until = "2026-11-16T00:00:00Z".parse().unwrap();
        Rhythm::new(until, TimeDelta::days(14), rows).minutes().collect()
    }

    fn rows_where(minutes: &[Minute], is_wanted: impl Fn(DateTime<Utc>) -> bool) -> u64 {
        let wanted =
            |minute: &&Minute| is_wanted(DateTime::from_timestamp_millis(minute.from_ms).unwrap());
        minutes.iter().filter(wanted).map(|minute| minute.rows).sum()
    }

    #[test]
    fn no_row_is_lost_between_the_minutes() {
        for rows in [0, 1, 999, 20_161, 1_000_003] {
            let minutes = fortnight(rows);

            assert_eq!(minutes.len(), 14 * 24 * 60);
            assert_eq!(minutes.iter().map(|minute| minute.rows).sum::<u64>(), rows);
        }
    }

    #[test]
    fn afternoons_are_busy_and_nights_and_week_ends_are_not() {
        let minutes = fortnight(1_000_000);

        let hour = |hour| rows_where(&minutes, |at| at.hour() == hour);
        assert!(hour(13) > 5 * hour(1), "{} {}", hour(13), hour(1));
        let day = |day| rows_where(&minutes, |at| at.weekday() == day);
        let (sunday, wednesday) = (day(Weekday::Sun), day(Weekday::Wed));
        assert!(sunday * 2 < wednesday, "{sunday} {wednesday}");
        let week = |first: u32| rows_where(&minutes, |at| (first..first + 7).contains(&at.day()));
        assert!(week(9) > week(2), "the load grows");
    }
}
