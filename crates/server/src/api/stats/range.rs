//! The time that a report is about.

use crate::error::Detail;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use tollgate_store::reports::day_start;

/// Days that a report is about where the caller names no start.
const DEFAULT_DAYS: u64 = 30;

/// From `from` until before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeRange {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl TimeRange {
    /// Reads `startDate` and `endDate` as [`Bounds`] are. Without an end it is `now`, without a
    /// start 30 days before the end.
    pub(crate) fn read(
        start: Option<&str>,
        end: Option<&str>,
        tz: Tz,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<Detail>> {
        let bounds = Bounds::read(start, end, tz)?;
        // A report until now includes the millisecond that now is in.
        let to = bounds.to.unwrap_or(now + TimeDelta::milliseconds(1));
        let from = bounds.from.unwrap_or_else(|| {
            to.checked_sub_days(Days::new(DEFAULT_DAYS)).unwrap_or(DateTime::UNIX_EPOCH)
        });
        if from >= to {
            return Err(vec![Detail::new("startDate", "is in the future")]);
        }
        Ok(Self { from, to })
    }
}

/// From `from` until before `to`, each where it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) to: Option<DateTime<Utc>>,
}

impl Bounds {
    /// Reads `startDate` and `endDate`: a date in `tz`, or a moment in RFC 3339. An end that is a
    /// date is included.
    pub(crate) fn read(
        start: Option<&str>,
        end: Option<&str>,
        tz: Tz,
    ) -> Result<Self, Vec<Detail>> {
        let mut faults = Vec::new();
        let mut read = |field: &str, text: Option<&str>, is_end| {
            let moment = text.map(|text| moment(text, tz, is_end)).transpose();
            moment.unwrap_or_else(|message| {
                faults.push(Detail::new(field, message));
                None
            })
        };
        let (from, to) = (read("startDate", start, false), read("endDate", end, true));
        if matches!((from, to), (Some(from), Some(to)) if from >= to) {
            faults.push(Detail::new("endDate", "is before startDate"));
        }
        if faults.is_empty() { Ok(Self { from, to }) } else { Err(faults) }
    }
}

/// An IANA time zone by its name.
pub(crate) fn time_zone(name: &str) -> Result<Tz, Detail> {
    name.parse()
        .map_err(|_| Detail::new("tz", "must be an IANA time zone, such as UTC or Asia/Shanghai"))
}

/// The moment that `text` names; for the end of a range, where it is a date, that day's end.
pub(crate) fn moment(text: &str, tz: Tz, is_end: bool) -> Result<DateTime<Utc>, &'static str> {
    const EXPECTED: &str = "must be a date such as 2026-11-21, or a moment in RFC 3339";
    if let Ok(date) = text.parse::<NaiveDate>() {
        let date = if is_end { date.succ_opt().ok_or(EXPECTED)? } else { date };
        return Ok(day_start(date, tz));
    }
    // A plus sign that was not escaped arrives as a space.
    let text = text.replace(' ', "+");
    DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc()).map_err(|_| EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn read(start: Option<&str>, end: Option<&str>, tz: &str) -> Result<TimeRange, String> {
        TimeRange::read(start, end, tz.parse().unwrap(), at("2026-11-21T10:00:00Z")).map_err(
            |faults| {
                let told = faults
                    .iter()
                    .map(|fault| format!("{} {}", fault.field.as_deref().unwrap(), fault.message));
                told.collect::<Vec<_>>().join("; ")
            },
        )
    }

    #[test]
    fn dates_are_days_of_the_time_zone_and_the_last_is_included() {
        let cases = [
            ("UTC", "2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z"),
            ("Asia/Shanghai", "2026-10-31T16:00:00Z", "2026-11-02T16:00:00Z"),
            // The clocks go back on the first of the two days.
            ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-03T05:00:00Z"),
        ];
        for (tz, from, to) in cases {
            let range = read(Some("2026-11-01"), Some("2026-11-02"), tz).unwrap();
            assert_eq!((range.from, range.to), (at(from), at(to)), "{tz}");
        }
    }

    #[test]
    fn moments_are_taken_as_they_are_even_with_an_unescaped_plus() {
        let end = Some("2026-11-02T08:00:00 08:00");
        let range = read(Some("2026-11-01T00:00:00.5Z"), end, "UTC").unwrap();

        assert_eq!(range.from, at("2026-11-01T00:00:00.5Z"));
        assert_eq!(range.to, at("2026-11-02T00:00:00Z"));
    }

    #[test]
    fn without_dates_it_is_the_thirty_days_up_to_now() {
        let range = read(None, None, "UTC").unwrap();

        assert_eq!(range.to, at("2026-11-21T10:00:00.001Z"));
        assert_eq!(range.from, at("2026-10-22T10:00:00.001Z"));
    }

    #[test]
    fn a_bad_or_reversed_range_is_told_by_field() {
        let expected = "must be a date such as 2026-11-21, or a moment in RFC 3339";
        let cases = [
            (Some("yesterday"), None, format!("startDate {expected}")),
            (
                Some("2026-13-01"),
                Some("2026-11-31"),
                format!("startDate {expected}; endDate {expected}"),
            ),
            (Some("2026-11-03"), Some("2026-11-02"), "endDate is before startDate".to_owned()),
            (Some("2027-01-01"), None, "startDate is in the future".to_owned()),
        ];
        for (start, end, message) in cases {
            assert_eq!(read(start, end, "UTC"), Err(message));
        }
    }
}
