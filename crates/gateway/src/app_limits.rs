//! How much each app token uses, and what it may: requests and tokens of the minute, requests of
//! the day, requests in flight.
//!
//! Checking a token's limits and charging it is one step under its own short lock. A call is charged
//! once, however many attempts it takes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use parking_lot::Mutex;
use tokio::time::Instant;
use tollgate_domain::AppTokenId;
use tollgate_domain::app_token::AppToken;
use tollgate_domain::limit::BudgetPeriod;

use crate::error::{CallError, Limited};
use crate::pool::Moment;
use crate::window::{Minute, Second};

/// When to try again where only the end of a call makes room.
const BUSY_RETRY: Duration = Duration::from_secs(1);

/// The live side of app tokens. It outlives snapshots.
#[derive(Debug)]
pub(crate) struct Apps {
    epoch: Instant,
    live: Mutex<HashMap<AppTokenId, Arc<LiveApp>>>,
}

#[derive(Debug)]
struct LiveApp(Mutex<AppState>);

#[derive(Debug)]
struct AppState {
    requests: Minute,
    tokens: Minute,
    day: NaiveDate,
    requests_today: i64,
    in_flight: i64,
}

/// How much an app token is using, as this instance knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AppUse {
    /// Requests of the last minute.
    pub rpm_used: i64,
    /// Tokens of the last minute, those reserved included.
    pub tpm_used: i64,
    /// Requests of this UTC day.
    pub rpd_used: i64,
    /// Requests under way.
    pub in_flight: i64,
}

/// A call that a token is charged with, until it is over. A call that came to no attempt is given
/// back whole; else its tokens are corrected to those that its attempts used.
#[derive(Debug)]
pub(crate) struct Admission {
    app: Arc<LiveApp>,
    second: Second,
    day: NaiveDate,
    tokens: i64,
    used: AtomicI64,
    is_attempted: AtomicBool,
}

impl Apps {
    /// Nobody uses anything yet.
    pub(crate) fn new(epoch: Instant) -> Self {
        Self { epoch, live: Mutex::default() }
    }

    /// Charges `token` with a call of so many tokens.
    ///
    /// # Errors
    /// `RateLimited` by the limit that will have room last, and when that is.
    pub(crate) fn admit(
        &self,
        token: &AppToken,
        tokens: i64,
        now: Moment,
    ) -> Result<Arc<Admission>, CallError> {
        let app = self.app(token.id, now.utc);
        let mut state = app.0.lock();
        state.turn_day(now.utc);
        state.count_at_least(token);
        let tokens = limit(token.limits.tpm).map_or(tokens, |limit| tokens.min(limit));
        if let Some((what, retry_after)) = state.without_room(token, tokens, now) {
            return Err(CallError::RateLimited { what, retry_after });
        }
        state.requests_today += 1;
        state.in_flight += 1;
        state.requests.add(1, now.instant);
        let (second, day) = (state.tokens.add(tokens, now.instant), state.day);
        drop(state);
        let (used, is_attempted) = (AtomicI64::new(0), AtomicBool::new(false));
        Ok(Arc::new(Admission { app, second, day, tokens, used, is_attempted }))
    }

    /// How much `token` is using.
    pub(crate) fn live(&self, token: &AppToken, now: Moment) -> AppUse {
        let app = self.app(token.id, now.utc);
        let mut state = app.0.lock();
        state.turn_day(now.utc);
        state.count_at_least(token);
        AppUse {
            rpm_used: state.requests.used(now.instant),
            tpm_used: state.tokens.used(now.instant),
            rpd_used: state.requests_today,
            in_flight: state.in_flight,
        }
    }

    /// Forgets tokens that are not `wanted`, but for those whose calls are under way.
    pub(crate) fn retain(&self, wanted: impl Fn(AppTokenId) -> bool) {
        self.live.lock().retain(|id, app| wanted(*id) || app.0.lock().in_flight > 0);
    }

    fn app(&self, id: AppTokenId, now: DateTime<Utc>) -> Arc<LiveApp> {
        let mut live = self.live.lock();
        let app = live.entry(id).or_insert_with(|| {
            Arc::new(LiveApp(Mutex::new(AppState {
                requests: Minute::new(self.epoch),
                tokens: Minute::new(self.epoch),
                day: now.date_naive(),
                requests_today: 0,
                in_flight: 0,
            })))
        });
        Arc::clone(app)
    }
}

impl AppState {
    /// Believes the database's count of today where it is higher than ours: it knows what came
    /// before a restart, and what other instances served.
    fn count_at_least(&mut self, token: &AppToken) {
        if token.counted_on == Some(self.day) {
            self.requests_today = self.requests_today.max(token.requests_count_today);
        }
    }

    fn turn_day(&mut self, now: DateTime<Utc>) {
        let today = now.date_naive();
        if today > self.day {
            (self.day, self.requests_today) = (today, 0);
        }
    }

    /// Of several limits without room, the last to have some.
    fn without_room(
        &mut self,
        token: &AppToken,
        tokens: i64,
        now: Moment,
    ) -> Option<(Limited, Duration)> {
        let limits = token.limits;
        let is_busy = limit(limits.max_concurrent).is_some_and(|limit| self.in_flight >= limit);
        let until = |at: Option<Instant>| {
            at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now.instant))
        };
        let refusals = [
            is_busy.then_some((Limited::Concurrent, BUSY_RETRY)),
            limit(limits.rpm)
                .filter(|limit| self.requests.used(now.instant) >= *limit)
                .map(|limit| (Limited::Rpm, until(self.requests.free_at(1, limit, now.instant)))),
            limit(limits.tpm).filter(|limit| self.tokens.used(now.instant) + tokens > *limit).map(
                |limit| (Limited::Tpm, until(self.tokens.free_at(tokens, limit, now.instant))),
            ),
            limit(limits.rpd)
                .filter(|limit| self.requests_today >= *limit)
                .map(|_| (Limited::Rpd, until_midnight(now.utc))),
        ];
        refusals.into_iter().flatten().max_by_key(|(_, wait)| *wait)
    }
}

fn until_midnight(now: DateTime<Utc>) -> Duration {
    let midnight = BudgetPeriod::Day.end(now);
    midnight.and_then(|at| (at - now).to_std().ok()).unwrap_or_default()
}

impl Admission {
    /// An attempt is made.
    pub(crate) fn attempted(&self) {
        self.is_attempted.store(true, Ordering::Relaxed);
    }

    /// An attempt used so many tokens.
    pub(crate) fn used(&self, tokens: i64) {
        self.used.fetch_add(tokens, Ordering::Relaxed);
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let now = Instant::now();
        let used = self.used.load(Ordering::Relaxed);
        let mut state = self.app.0.lock();
        state.in_flight -= 1;
        state.tokens.correct(self.second, used - self.tokens, now);
        if !self.is_attempted.load(Ordering::Relaxed) {
            state.requests.correct(self.second, -1, now);
            if state.day == self.day {
                state.requests_today = (state.requests_today - 1).max(0);
            }
        }
    }
}

/// A limit that limits: not NULL, not 0.
fn limit(configured: Option<i64>) -> Option<i64> {
    configured.filter(|limit| *limit > 0)
}

#[cfg(test)]
mod tests {
    use tollgate_domain::Clock;
    use tollgate_domain::limit::AppLimits;

    use super::*;
    use crate::testing::{TestClock, app_token};

    fn token(limits: AppLimits) -> AppToken {
        AppToken { limits, ..app_token(1) }
    }

    fn refused(result: Result<Arc<Admission>, CallError>) -> (Limited, u64) {
        match result {
            Err(CallError::RateLimited { what, retry_after }) => (what, retry_after.as_secs()),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_limit_refuses_and_says_when_there_is_room() {
        let clock = TestClock::new();
        let of = |rpm, tpm, rpd, max_concurrent| token(AppLimits { rpm, tpm, rpd, max_concurrent });
        let cases = [
            (of(Some(2), None, None, None), Limited::Rpm, 61),
            (of(None, Some(20), None, None), Limited::Tpm, 61),
            (of(None, None, Some(2), None), Limited::Rpd, 12 * 3600),
            (of(None, None, None, Some(2)), Limited::Concurrent, 1),
            (of(Some(2), None, Some(2), Some(2)), Limited::Rpd, 12 * 3600),
        ];
        for (token, what, seconds) in cases {
            let apps = Apps::new(Instant::now());
            let admit = || apps.admit(&token, 10, clock.moment());
            let _held = [admit().unwrap(), admit().unwrap()];

            assert_eq!(refused(admit()), (what, seconds));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn null_and_zero_are_no_limit() {
        let clock = TestClock::new();
        let apps = Apps::new(Instant::now());
        let none = Some(0);
        let limits = AppLimits { rpm: none, tpm: none, rpd: none, max_concurrent: none };
        let held: Vec<_> = [limits, AppLimits::default()]
            .into_iter()
            .flat_map(|limits| vec![token(limits); 50])
            .map(|token| apps.admit(&token, 1_000, clock.moment()).unwrap())
            .collect();

        assert_eq!(apps.live(&app_token(1), clock.moment()).in_flight, held.len() as i64);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_is_corrected_to_what_it_used_and_given_back_where_it_came_to_nothing() {
        let clock = TestClock::new();
        let apps = Apps::new(Instant::now());
        let token = app_token(1);
        let answered = apps.admit(&token, 100, clock.moment()).unwrap();
        let refused = apps.admit(&token, 100, clock.moment()).unwrap();
        let during = apps.live(&token, clock.moment());

        answered.attempted();
        answered.used(30);
        answered.attempted();
        answered.used(12);
        drop((answered, refused));

        let used =
            |rpm, tpm, in_flight| AppUse { rpm_used: rpm, tpm_used: tpm, rpd_used: rpm, in_flight };
        assert_eq!(during, used(2, 200, 2));
        assert_eq!(apps.live(&token, clock.moment()), used(1, 42, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn the_days_count_goes_on_after_a_restart_and_begins_anew_with_the_day() {
        let clock = TestClock::new();
        let apps = Apps::new(Instant::now());
        let limits = AppLimits { rpd: Some(5), ..AppLimits::default() };
        let today = clock.now().date_naive();
        let token = AppToken { requests_count_today: 4, counted_on: Some(today), ..token(limits) };

        apps.admit(&token, 0, clock.moment()).unwrap().attempted();
        assert_eq!(refused(apps.admit(&token, 0, clock.moment())).0, Limited::Rpd);

        tokio::time::advance(Duration::from_secs(12 * 3600)).await;
        assert!(apps.admit(&token, 0, clock.moment()).is_ok());
    }

    #[test]
    fn of_so_many_that_race_as_many_get_in_as_the_limit_says() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _guard = runtime.enter();
        let clock = TestClock::new();
        let apps = Apps::new(Instant::now());
        let token = token(AppLimits { rpm: Some(40), ..AppLimits::default() });

        let admitted: usize = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..32)
                .map(|_| {
                    scope.spawn(|| {
                        let admitted =
                            (0..8).filter_map(|_| apps.admit(&token, 1, clock.moment()).ok());
                        admitted.inspect(|admission| admission.attempted()).count()
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).sum()
        });

        assert_eq!(admitted, 40);
    }
}
