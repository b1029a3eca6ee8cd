//! The time that a trend is about, how it is cut, and the time before it.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use tollgate_domain::time::hour_of;
use tollgate_domain::{ApiKeyId, AppTokenId, ProviderId, UserId};
use tollgate_store::reports::{TrendQuery, Unit, UsageFilter, day_start};
use utoipa::{IntoParams, ToSchema};

use super::range::TimeRange;
use super::zone;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Checks, Validate};

/// The most days that may be counted back from today.
const MAX_DAYS: i64 = 366;
/// The most hours, days or months in an answer.
const MAX_POINTS: i64 = 2_000;

/// What time is cut into.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum IntervalWord {
    /// Clock hours.
    Hour,
    /// Calendar days.
    #[default]
    Day,
    /// Calendar months.
    Month,
}

impl From<IntervalWord> for Unit {
    fn from(word: IntervalWord) -> Self {
        match word {
            IntervalWord::Hour => Self::Hour,
            IntervalWord::Day => Self::Day,
            IntervalWord::Month => Self::Month,
        }
    }
}

/// Which time, and how it is cut.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SpanParams {
    /// Calendar days in `tz`, today included; not with `startDate` or `endDate`.
    #[param(minimum = 1, maximum = 366)]
    pub days: Option<u32>,
    /// From when: a date in `tz`, or RFC 3339.
    pub start_date: Option<String>,
    /// Until when; a date is included; now where absent.
    pub end_date: Option<String>,
    /// What a point of the trend is; at most 2,000 of them.
    #[param(inline, required = false)]
    pub interval: Option<IntervalWord>,
    /// An IANA time zone; the server's default where absent.
    pub tz: Option<String>,
}

impl Validate for SpanParams {
    fn validate(&self, checks: &mut Checks) {
        checks.range("days", self.days.map(i64::from), 1..=MAX_DAYS);
        if self.days.is_some() && (self.start_date.is_some() || self.end_date.is_some()) {
            checks.wrong("days", "cannot be together with startDate or endDate");
        }
    }
}

/// Whether the time before is wanted, too.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompareParams {
    /// True: also what the time before adds up to. For whole months these are the months before,
    /// for whole days the days before, else what took as long. Where the time is not over, what was
    /// before is cut at the same place.
    #[serde(default)]
    #[param(required = false)]
    pub compare: bool,
}

impl Validate for CompareParams {
    fn validate(&self, _: &mut Checks) {}
}

/// Which calls count.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct FilterParams {
    /// Only calls to this provider.
    pub provider_id: Option<i64>,
    /// Only calls to this model, by its code.
    pub model: Option<String>,
    /// Only calls with this key.
    pub key_id: Option<i64>,
    /// Only calls of this app token.
    pub app_id: Option<i64>,
    /// Only calls of this user.
    pub user_id: Option<i64>,
}

impl Validate for FilterParams {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("model", self.model.as_deref(), 1..=200);
    }
}

impl FilterParams {
    pub(super) fn filter(self) -> UsageFilter {
        UsageFilter {
            provider_id: self.provider_id.map(ProviderId::new),
            model: self.model,
            key_id: self.key_id.map(ApiKeyId::new),
            app_id: self.app_id.map(AppTokenId::new),
            user_id: self.user_id.map(UserId::new),
            end_user: None,
        }
    }
}

/// From when to before when.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SpanView {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl From<TimeRange> for SpanView {
    fn from(range: TimeRange) -> Self {
        Self { from: range.from, to: range.to }
    }
}

impl SpanParams {
    /// The time asked about, and how it is cut. Without a time it is the last `days` calendar days.
    ///
    /// # Errors
    /// `validation_failed` for a zone or a time that is none, and for too many points.
    pub(super) fn query(self, app: &App, filter: UsageFilter, days: u32) -> ApiResult<TrendQuery> {
        let (tz, now) = (zone(app, self.tz.as_deref())?, app.clock.now());
        let unit = self.interval.unwrap_or_default().into();
        let days = TrendQuery::last_days(self.days.unwrap_or(days), tz, now);
        let query = if self.start_date.is_none() && self.end_date.is_none() {
            TrendQuery { unit, filter, ..days }
        } else {
            let range =
                TimeRange::read(self.start_date.as_deref(), self.end_date.as_deref(), tz, now);
            let range = range.map_err(ApiError::validation)?;
            TrendQuery { from: range.from, to: range.to, unit, tz, filter }
        };
        // What has not come yet is no gap.
        let to = query.to.min(end_of(unit, tz, now)).max(query.from + TimeDelta::milliseconds(1));
        let query = TrendQuery { to, ..query };
        if points(&query) > MAX_POINTS {
            let message =
                "makes more than 2000 points of this time: take a longer one, or less time";
            return Err(ApiError::invalid("interval", message));
        }
        Ok(query)
    }
}

/// The time before the one that `query` is about.
pub(super) fn before(query: &TrendQuery, now: DateTime<Utc>) -> TrendQuery {
    let range = TimeRange { from: query.from, to: query.to };
    let TimeRange { from, to } = range_before(range, query.tz, now);
    TrendQuery { from, to, ..query.clone() }
}

/// The months, the days or the time before `range`, as much of it as has passed of `range`.
pub(super) fn range_before(range: TimeRange, tz: Tz, now: DateTime<Utc>) -> TimeRange {
    let (from, end) = (local(range.from, tz), local(range.to, tz));
    let shift = |at: DateTime<Utc>| -> Option<DateTime<Utc>> {
        let at_local = local(at, tz);
        let moved = if is_month_start(from) && is_month_start(end) {
            at_local.checked_sub_months(Months::new(months(from, end)))?
        } else if is_month_start(from) && months(from, end) == 0 && range.to > now {
            // A month until today: the last one until then.
            at_local.checked_sub_months(Months::new(1))?
        } else if is_midnight(from) && is_midnight(end) {
            let days = (end.date() - from.date()).num_days();
            at_local.checked_sub_days(Days::new(u64::try_from(days).ok()?))?
        } else {
            return at.checked_sub_signed(range.to - range.from);
        };
        Some(resolved(moved, tz))
    };
    let passed = range.to.min(now + TimeDelta::milliseconds(1)).max(range.from);
    let start = shift(range.from).unwrap_or(DateTime::UNIX_EPOCH);
    let stop = if passed < range.to { shift(passed) } else { shift(range.to) };
    let stop = stop.unwrap_or(range.from).min(range.from);
    TimeRange { from: start, to: stop.max(start + TimeDelta::milliseconds(1)) }
}

fn local(at: DateTime<Utc>, tz: Tz) -> NaiveDateTime {
    at.with_timezone(&tz).naive_local()
}

/// The moment at which clocks show `at`; the first after a gap in which they do not.
fn resolved(at: NaiveDateTime, tz: Tz) -> DateTime<Utc> {
    if at.time() == NaiveTime::MIN {
        return day_start(at.date(), tz);
    }
    let shown = |at: &NaiveDateTime| tz.from_local_datetime(at).earliest();
    let later = at + TimeDelta::hours(1);
    shown(&at).or_else(|| shown(&later)).map_or(at.and_utc(), |at| at.to_utc())
}

fn is_midnight(at: NaiveDateTime) -> bool {
    at.time() == NaiveTime::MIN
}

fn is_month_start(at: NaiveDateTime) -> bool {
    is_midnight(at) && at.day() == 1
}

/// How many months lie between two that begin so.
fn months(from: NaiveDateTime, to: NaiveDateTime) -> u32 {
    let count = |at: NaiveDateTime| i64::from(at.year()) * 12 + i64::from(at.month0());
    u32::try_from(count(to) - count(from)).unwrap_or(0)
}

/// The end of the hour that `now` is in; of the day, where points are longer.
fn end_of(unit: Unit, tz: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    match unit {
        Unit::Hour => hour_of(now) + TimeDelta::hours(1),
        Unit::Day | Unit::Month => {
            let today = now.with_timezone(&tz).date_naive();
            day_start(today.succ_opt().unwrap_or(today), tz)
        }
    }
}

/// About how many points a query has.
fn points(query: &TrendQuery) -> i64 {
    let time = query.to - query.from;
    match query.unit {
        Unit::Hour => time.num_hours(),
        Unit::Day => time.num_days(),
        Unit::Month => time.num_days() / 28,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_time_before_is_the_months_the_days_or_the_time_before() {
        let now = "2026-11-21T10:00:00Z";
        let cases = [
            // A whole month, however long it was.
            (
                "Asia/Shanghai",
                "2026-09-30T16:00:00Z",
                "2026-10-31T16:00:00Z",
                "2026-08-31T16:00:00Z",
                "2026-09-30T16:00:00Z",
            ),
            // This month until now, against the last one until then.
            (
                "UTC",
                "2026-11-01T00:00:00Z",
                "2026-12-01T00:00:00Z",
                "2026-10-01T00:00:00Z",
                "2026-10-21T10:00:00.001Z",
            ),
            // The same, asked for until today.
            (
                "UTC",
                "2026-11-01T00:00:00Z",
                "2026-11-22T00:00:00Z",
                "2026-10-01T00:00:00Z",
                "2026-10-21T10:00:00.001Z",
            ),
            // Whole days, over a change of the clocks.
            (
                "Europe/Berlin",
                "2026-10-25T23:00:00Z",
                "2026-10-26T23:00:00Z",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z",
            ),
            // Today until now, against yesterday until then.
            (
                "UTC",
                "2026-11-21T00:00:00Z",
                "2026-11-22T00:00:00Z",
                "2026-11-20T00:00:00Z",
                "2026-11-20T10:00:00.001Z",
            ),
            // Some hours.
            (
                "UTC",
                "2026-11-21T04:00:00Z",
                "2026-11-21T10:00:00Z",
                "2026-11-20T22:00:00Z",
                "2026-11-21T04:00:00Z",
            ),
        ];
        for (tz, from, to, expected_from, expected_to) in cases {
            let range = TimeRange { from: at(from), to: at(to) };

            let found = range_before(range, tz.parse().unwrap(), at(now));

            let expected = TimeRange { from: at(expected_from), to: at(expected_to) };
            assert_eq!(found, expected, "{tz} {from}");
        }
    }

    #[test]
    fn months_are_counted_over_new_year() {
        let day = |text: &str| at(text).naive_utc();

        assert_eq!(months(day("2025-11-01T00:00:00Z"), day("2026-02-01T00:00:00Z")), 3);
        assert!(!is_month_start(day("2026-02-01T00:00:01Z")));
    }
}
