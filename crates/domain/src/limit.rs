//! What an app token may use: so much at a time, and so much money.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};

use crate::NanoUsd;
use crate::words::words;

/// How much an app token may ask for at a time; `None` and 0 are no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AppLimits {
    /// Requests in any 60 seconds.
    pub rpm: Option<i64>,
    /// Tokens in any 60 seconds.
    pub tpm: Option<i64>,
    /// Requests in a UTC day.
    pub rpd: Option<i64>,
    /// Requests in flight.
    pub max_concurrent: Option<i64>,
}

words! {
    /// How long a budget is for; days and months are UTC's.
    BudgetPeriod {
        /// For as long as the token lives.
        Total = "total",
        /// A day, after which there is all of it again.
        Day = "day",
        /// A calendar month, likewise.
        Month = "month",
    }
}

/// How much an app token may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most in a period; `None` is as much as it likes.
    pub cap: Option<NanoUsd>,
    /// How long it is for.
    pub period: BudgetPeriod,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cap: None, period: BudgetPeriod::Total }
    }
}

impl BudgetPeriod {
    /// The first day of the period that `at` lies in; of a budget without periods, the first day
    /// of the epoch.
    #[must_use]
    pub fn start(self, at: DateTime<Utc>) -> NaiveDate {
        let day = at.date_naive();
        match self {
            Self::Total => NaiveDate::default(),
            Self::Day => day,
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// When the period that `at` lies in ends; never, for a budget without periods.
    #[must_use]
    pub fn end(self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let start = self.start(at);
        let next = match self {
            Self::Total => None,
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Month => start.checked_add_months(Months::new(1)),
        };
        next.map(|day| day.and_time(NaiveTime::MIN).and_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_and_ends_at_midnight_of_utc() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let told = |period: BudgetPeriod, text| {
            let end = period.end(at(text)).map(|end| end.to_rfc3339());
            (period.start(at(text)).to_string(), end)
        };
        let day =
            |start: &str, end: &str| (start.to_owned(), Some(format!("{end}T00:00:00+00:00")));

        let last = "2026-12-31T23:59:59.999Z";
        assert_eq!(told(BudgetPeriod::Day, last), day("2026-12-31", "2027-01-01"));
        assert_eq!(told(BudgetPeriod::Month, last), day("2026-12-01", "2027-01-01"));
        assert_eq!(
            told(BudgetPeriod::Day, "2027-01-01T00:00:00Z"),
            day("2027-01-01", "2027-01-02")
        );
        assert_eq!(told(BudgetPeriod::Total, last), ("1970-01-01".to_owned(), None));
    }
}
