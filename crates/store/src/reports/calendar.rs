//! Where hours, days and months begin in a time zone.

use chrono::{
    DateTime, Datelike, Months, NaiveDate, NaiveTime, Offset, SecondsFormat, TimeDelta, TimeZone,
    Utc,
};
use chrono_tz::Tz;
use tollgate_domain::time::hour_of;

use super::cut::Range;

/// What time is cut into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Clock hours.
    Hour,
    /// Calendar days.
    #[default]
    Day,
    /// Calendar months.
    Month,
}

/// A stretch of time, and what people call the hour, day or month that it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
    pub(super) label: String,
}

impl Bucket {
    pub(super) const fn range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.from, self.to)
    }
}

/// The first moment of a calendar day in `tz`: midnight, or the end of the gap where the clocks
/// jump over midnight. A day that a zone skipped whole begins where the next one does.
#[must_use]
pub fn day_start(date: NaiveDate, tz: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    (0..=24 * 60)
        .filter_map(|minutes| midnight.checked_add_signed(TimeDelta::minutes(minutes)))
        .find_map(|time| tz.from_local_datetime(&time).earliest())
        .map_or(midnight.and_utc(), |start| start.to_utc())
}

/// The time from `from` to before `to`, cut where a new unit begins in `tz`, at full hours of UTC:
/// where a zone's hours begin within those of UTC, [`shifted_minutes`] earlier.
pub(super) fn buckets(from: DateTime<Utc>, to: DateTime<Utc>, unit: Unit, tz: Tz) -> Vec<Bucket> {
    let mut buckets = Vec::new();
    let mut start = from;
    while start < to {
        // Never backwards, whatever a zone's history holds.
        let next = unit.next(start, tz).max(hour_of(start) + TimeDelta::hours(1));
        buckets.push(Bucket { from: start, to: next.min(to), label: unit.label(start, tz) });
        start = next;
    }
    buckets
}

/// The same, without what arrives in a half-hour zone before the midnight that a range ends with, as
/// a day of its own: it is the last day's.
pub(super) fn whole_buckets(range: Range, unit: Unit, tz: Tz) -> Vec<Bucket> {
    let mut buckets = buckets(range.0, range.1, unit, tz);
    let last_moment = range.1 - TimeDelta::milliseconds(1);
    let last_date = last_moment.with_timezone(&tz).date_naive();
    let is_early = |bucket: &mut Bucket| unit != Unit::Hour && date_of(bucket.from, tz) > last_date;
    if buckets.len() > 1 && buckets.pop_if(is_early).is_some() {
        buckets.last_mut().expect("there were two").to = range.1;
    }
    buckets
}

/// How many minutes before the hours of `tz` those of UTC begin, by which time is cut: 0 for most
/// zones, 30 for that of India, 15 for that of Nepal.
#[must_use]
pub fn shifted_minutes(at: DateTime<Utc>, tz: Tz) -> i64 {
    let offset = at.with_timezone(&tz).offset().fix().local_minus_utc();
    i64::from((-offset).rem_euclid(3600) / 60)
}

impl Unit {
    /// Where the unit after the one that `at` lies in begins.
    fn next(self, at: DateTime<Utc>, tz: Tz) -> DateTime<Utc> {
        let date = date_of(at, tz);
        match self {
            Self::Hour => hour_of(at) + TimeDelta::hours(1),
            Self::Day => hour_of(day_start(date.succ_opt().unwrap_or(date), tz)),
            Self::Month => {
                let first =
                    date.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
                hour_of(day_start(first.unwrap_or(date), tz))
            }
        }
    }

    fn label(self, at: DateTime<Utc>, tz: Tz) -> String {
        match self {
            Self::Hour => hour_of(at).with_timezone(&tz).to_rfc3339_opts(SecondsFormat::Secs, true),
            Self::Day => date_of(at, tz).format("%Y-%m-%d").to_string(),
            Self::Month => date_of(at, tz).format("%Y-%m").to_string(),
        }
    }
}

/// The day that `at` is counted for: the next one already from the full hour of UTC on in which
/// that begins.
fn date_of(at: DateTime<Utc>, tz: Tz) -> NaiveDate {
    let date = at.with_timezone(&tz).date_naive();
    match date.succ_opt() {
        Some(next) if at >= hour_of(day_start(next, tz)) => next,
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_local_midnight_or_where_a_gap_over_it_ends() {
        let cases = [
            (Tz::UTC, "2026-11-21", "2026-11-21T00:00:00Z"),
            (Tz::Asia__Shanghai, "2026-11-21", "2026-11-20T16:00:00Z"),
            (Tz::Asia__Kolkata, "2026-11-21", "2026-11-20T18:30:00Z"),
            (Tz::Asia__Beirut, "2022-03-27", "2022-03-26T22:00:00Z"),
            (Tz::America__Havana, "2025-11-02", "2025-11-02T04:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-30", "2011-12-30T10:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-31", "2011-12-30T10:00:00Z"),
        ];
        for (tz, day, expected) in cases {
            assert_eq!(day_start(date(day), tz), at(expected), "{tz} {day}");
        }
    }

    #[test]
    fn days_have_23_or_25_hours_where_the_clocks_change() {
        let hours = |from, to| {
            let day = &buckets(at(from), at(to), Unit::Day, Tz::Europe__Berlin)[0];
            ((day.to - day.from).num_hours(), day.label.clone())
        };

        let spring = hours("2026-03-28T23:00:00Z", "2026-03-31T00:00:00Z");
        let autumn = hours("2026-10-24T22:00:00Z", "2026-10-27T00:00:00Z");

        assert_eq!(spring, (23, "2026-03-29".to_owned()));
        assert_eq!(autumn, (25, "2026-10-25".to_owned()));
    }

    #[test]
    fn the_hour_that_comes_twice_has_two_names() {
        let hours = buckets(
            at("2026-10-25T00:00:00Z"),
            at("2026-10-25T02:00:00Z"),
            Unit::Hour,
            Tz::Europe__Berlin,
        );

        let labels: Vec<&str> = hours.iter().map(|hour| hour.label.as_str()).collect();
        assert_eq!(labels, ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]);
    }

    #[test]
    fn half_hour_zones_are_cut_at_full_hours_of_utc_and_named_by_when_that_is_there() {
        let labels = |unit, from, to| -> Vec<(DateTime<Utc>, String)> {
            let buckets = buckets(at(from), at(to), unit, Tz::Asia__Kolkata);
            buckets.into_iter().map(|bucket| (bucket.from, bucket.label)).collect()
        };
        let named = |start: &str, label: &str| (at(start), label.to_owned());

        let hours = labels(Unit::Hour, "2026-11-21T00:10:00Z", "2026-11-21T01:10:00Z");
        let days = labels(Unit::Day, "2026-11-20T18:30:00Z", "2026-11-21T18:30:00Z");

        assert_eq!(
            hours,
            [
                named("2026-11-21T00:10:00Z", "2026-11-21T05:30:00+05:30"),
                named("2026-11-21T01:00:00Z", "2026-11-21T06:30:00+05:30"),
            ]
        );
        assert_eq!(
            days,
            [
                named("2026-11-20T18:30:00Z", "2026-11-21"),
                named("2026-11-21T18:00:00Z", "2026-11-22"),
            ]
        );
    }

    #[test]
    fn a_range_of_whole_days_ends_with_its_last_day_in_half_hour_zones_too() {
        let days = |from, to, tz| -> Vec<(String, DateTime<Utc>)> {
            let buckets = whole_buckets((at(from), at(to)), Unit::Day, tz);
            buckets.into_iter().map(|bucket| (bucket.label, bucket.to)).collect()
        };
        let named = |label: &str, end: &str| (label.to_owned(), at(end));

        let kolkata = days("2026-11-19T18:30:00Z", "2026-11-21T18:30:00Z", Tz::Asia__Kolkata);
        let berlin = days("2026-11-20T23:00:00Z", "2026-11-22T10:30:00Z", Tz::Europe__Berlin);

        assert_eq!(
            kolkata,
            [
                named("2026-11-20", "2026-11-20T18:00:00Z"),
                named("2026-11-21", "2026-11-21T18:30:00Z"),
            ]
        );
        assert_eq!(
            berlin,
            [
                named("2026-11-21", "2026-11-21T23:00:00Z"),
                named("2026-11-22", "2026-11-22T10:30:00Z"),
            ]
        );
    }

    #[test]
    fn a_zone_is_shifted_by_what_its_hours_begin_after_those_of_utc() {
        let cases = [
            (Tz::UTC, 0),
            (Tz::America__New_York, 0),
            (Tz::Asia__Kolkata, 30),
            (Tz::Asia__Kathmandu, 15),
            (Tz::America__St_Johns, 30),
            (Tz::Pacific__Chatham, 15),
        ];
        for (tz, minutes) in cases {
            assert_eq!(shifted_minutes(at("2026-11-21T10:20:30Z"), tz), minutes, "{tz}");
        }
    }

    #[test]
    fn buckets_cover_a_range_without_gap_or_overlap_in_every_zone() {
        let (from, to) = (at("2025-12-31T13:45:12.5Z"), at("2027-01-02T01:00:00Z"));
        for tz in chrono_tz::TZ_VARIANTS {
            for unit in [Unit::Hour, Unit::Day, Unit::Month] {
                let buckets = buckets(from, to, unit, tz);

                assert_eq!(buckets[0].from, from);
                assert_eq!(buckets[buckets.len() - 1].to, to);
                assert!(buckets.windows(2).all(|pair| pair[0].to == pair[1].from));
                assert!(buckets.windows(2).all(|pair| pair[0].label != pair[1].label), "{tz}");
            }
        }
    }
}
