//! The one clock.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time. Everything that needs it is handed one, so that tests can set it.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now in UTC, cut to the millisecond that `DATETIME(3)` keeps.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// The hour that `at` lies in.
#[must_use]
pub fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = at.timestamp();
    DateTime::from_timestamp(seconds - seconds.rem_euclid(3600), 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_is_cut_to_milliseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000_000, 0);
    }

    #[test]
    fn an_hour_begins_at_its_first_second() {
        let at = DateTime::from_timestamp_millis(1_790_003_599_999).unwrap();

        assert_eq!(hour_of(at).timestamp(), 1_790_002_800);
    }
}
