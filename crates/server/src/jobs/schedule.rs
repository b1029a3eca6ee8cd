//! Times of a schedule.

use anyhow::Context;
use chrono::{DateTime, SubsecRound, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds};

/// The latest time of a schedule that is not after `now`.
///
/// # Errors
/// For a schedule that is no cron expression of six fields, or that has no such time.
pub fn latest_time(schedule: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    // Schedules are of whole seconds; croner keeps the fraction of what it is given.
    let second = now.trunc_subsecs(0);
    parsed(schedule)?
        .find_previous_occurrence(&second, true)
        .with_context(|| format!("the schedule `{schedule}` has no time before {now}"))
}

/// The first time of a schedule after `now`.
///
/// # Errors
/// As those of [`latest_time`].
pub fn next_time(schedule: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let second = now.trunc_subsecs(0);
    parsed(schedule)?
        .find_next_occurrence(&second, false)
        .with_context(|| format!("the schedule `{schedule}` has no time after {now}"))
}

/// Read as the scheduler reads it.
fn parsed(schedule: &str) -> anyhow::Result<Cron> {
    CronParser::builder()
        .seconds(Seconds::Required)
        .dom_and_dow(true)
        .build()
        .parse(schedule)
        .with_context(|| format!("the schedule `{schedule}` is no cron expression of six fields"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_latest_time_is_the_last_one_that_has_come() {
        let cases = [
            ("0 * * * * *", "2026-11-21T10:07:00Z", "2026-11-21T10:07:00Z"),
            ("0 * * * * *", "2026-11-21T10:07:59.999Z", "2026-11-21T10:07:00Z"),
            ("20 * * * * *", "2026-11-21T10:07:19.999Z", "2026-11-21T10:06:20Z"),
            ("0 0 * * * *", "2026-11-21T10:07:03Z", "2026-11-21T10:00:00Z"),
            ("0 */5 * * * *", "2026-11-21T10:07:03.125Z", "2026-11-21T10:05:00Z"),
            ("0 0 2 * * *", "2026-11-21T02:00:00.001Z", "2026-11-21T02:00:00Z"),
            ("0 0 2 * * *", "2026-11-21T01:59:59Z", "2026-11-20T02:00:00Z"),
            ("0 0 2 * * *", "2026-01-01T00:00:00Z", "2025-12-31T02:00:00Z"),
        ];
        for (schedule, now, expected) in cases {
            let found = latest_time(schedule, time(now)).unwrap();
            assert_eq!(found, time(expected), "{schedule} at {now}");
        }
    }

    #[test]
    fn the_next_time_is_the_first_one_to_come() {
        let cases = [
            ("0 * * * * *", "2026-11-21T10:07:00Z", "2026-11-21T10:08:00Z"),
            ("20 * * * * *", "2026-11-21T10:07:19.999Z", "2026-11-21T10:07:20Z"),
            ("0 0 2 * * *", "2026-12-31T02:00:00.001Z", "2027-01-01T02:00:00Z"),
        ];
        for (schedule, now, expected) in cases {
            let found = next_time(schedule, time(now)).unwrap();
            assert_eq!(found, time(expected), "{schedule} at {now}");
        }
    }

    #[test]
    fn a_schedule_without_seconds_is_refused() {
        let error = latest_time("0 2 * * *", time("2026-11-21T10:07:00Z")).unwrap_err();

        assert!(error.to_string().contains("six fields"), "{error}");
    }
}
