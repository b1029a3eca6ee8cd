//! Whether a failed call is tried again, and after what wait.

use std::time::Duration;

use tokio::time::Instant;
use tollgate_domain::ApiKeyId;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::window::Window;

/// Retries that are always allowed in any ten seconds.
const ALWAYS_ALLOWED: i64 = 10;
/// One retry in so many requests is allowed beyond that.
const REQUESTS_PER_RETRY: i64 = 5;

/// How long to wait before the same key is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The bound of the first wait; each further one doubles.
    pub base: Duration,
    /// The bound that it stops at.
    pub max: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), max: Duration::from_secs(10) }
    }
}

impl Backoff {
    /// The wait before the `nth` retry of a key, from 0: a part (`chance`, 0 to 1) of a bound that
    /// doubles each time, or what the provider asked for where that is longer.
    #[must_use]
    pub fn wait(&self, nth: u32, chance: f64, hint: Option<Duration>) -> Duration {
        let bound = self.base.saturating_mul(2_u32.saturating_pow(nth)).min(self.max);
        let jittered = bound.mul_f64(chance.clamp(0.0, 1.0));
        jittered.max(hint.unwrap_or_default())
    }
}

/// Keeps an outage from multiplying the load: in any ten seconds, ten retries and beyond them one
/// in five requests.
#[derive(Clone, Debug)]
pub(crate) struct RetryBudget {
    requests: Window<11>,
    retries: Window<11>,
}

impl RetryBudget {
    /// An unused budget. All its times must be at or after `epoch`.
    #[must_use]
    pub(crate) fn new(epoch: Instant) -> Self {
        Self { requests: Window::new(epoch), retries: Window::new(epoch) }
    }

    /// Counts a first attempt.
    pub(crate) fn count_request(&mut self, now: Instant) {
        self.requests.add(1, now);
    }

    /// Counts a further attempt.
    pub(crate) fn count_retry(&mut self, now: Instant) {
        self.retries.add(1, now);
    }

    /// Whether one more retry is allowed.
    pub(crate) fn allows_retry(&mut self, now: Instant) -> bool {
        let allowed = ALWAYS_ALLOWED.max(self.requests.used(now) / REQUESTS_PER_RETRY);
        self.retries.used(now) < allowed
    }
}

/// What one call has tried so far.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    keys: Vec<TriedKey>,
}

#[derive(Debug)]
struct TriedKey {
    key: ApiKeyId,
    failures: u32,
    last: FailureClass,
    /// When it last failed, and how long the provider then asked to wait.
    failed_at: Instant,
    asked_to_wait: Duration,
}

impl TriedKey {
    /// How much longer it has to wait before it may be tried once more; `None` when it may not.
    fn repeatable_in(&self, now: Instant) -> Option<Duration> {
        let waited = now.saturating_duration_since(self.failed_at);
        self.last.may_try_same_key().then(|| self.asked_to_wait.saturating_sub(waited))
    }
}

/// Which keys the next attempt may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Any that the call has not tried, at once; else one that it has, after a wait.
    OtherKey,
    /// Only one that it has tried, after a wait.
    SameKey,
    /// None.
    Nothing,
}

impl Tried {
    /// Notes that `key` failed, and says what may follow.
    pub(crate) fn failed(&mut self, key: ApiKeyId, failure: &Failure, now: Instant) -> Next {
        let place = self.keys.iter().position(|tried| tried.key == key);
        let failures = place.map_or(0, |place| self.keys.swap_remove(place).failures) + 1;
        self.keys.push(TriedKey {
            key,
            failures,
            last: failure.class,
            failed_at: now,
            asked_to_wait: failure.retry_after.unwrap_or_default(),
        });
        self.next(failure.class)
    }

    /// Whether the call has tried `key`.
    #[must_use]
    pub(crate) fn contains(&self, key: ApiKeyId) -> bool {
        self.keys.iter().any(|tried| tried.key == key)
    }

    /// Whether `key` may be tried once more at some time.
    #[must_use]
    pub(crate) fn is_repeatable(&self, key: ApiKeyId) -> bool {
        self.keys.iter().any(|tried| tried.key == key && tried.last.may_try_same_key())
    }

    /// Whether `key` may be tried once more at `now`.
    #[must_use]
    pub(crate) fn may_repeat(&self, key: ApiKeyId, now: Instant) -> bool {
        let mut tried = self.keys.iter().filter(|tried| tried.key == key);
        tried.any(|tried| tried.repeatable_in(now).is_some_and(|wait| wait.is_zero()))
    }

    /// How long the providers' hints keep the first of the keys that may be tried once more;
    /// `None` when none may. What the provider asked of other keys holds up none of these.
    #[must_use]
    pub(crate) fn repeatable_in(&self, now: Instant) -> Option<Duration> {
        self.keys.iter().filter_map(|tried| tried.repeatable_in(now)).min()
    }

    /// How many times the call has come back to a key it had tried before.
    #[must_use]
    pub(crate) fn repeats(&self) -> u32 {
        self.keys.iter().map(|tried| tried.failures - 1).sum()
    }

    fn next(&self, class: FailureClass) -> Next {
        let missing = self.keys.iter().filter(|tried| tried.last == FailureClass::ModelMissing);
        if class == FailureClass::ModelMissing && missing.count() > 1 {
            return Next::Nothing;
        }
        if class.may_try_other_key() {
            Next::OtherKey
        } else if class.may_try_same_key() {
            Next::SameKey
        } else {
            Next::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: i64) -> ApiKeyId {
        ApiKeyId::new(id)
    }

    fn failure(class: FailureClass) -> Failure {
        Failure::new(class, "")
    }

    #[test]
    fn waits_double_to_ten_seconds_and_a_longer_hint_wins() {
        let backoff = Backoff::default();
        let bounds: Vec<u64> = (0..6).map(|nth| backoff.wait(nth, 1.0, None).as_secs()).collect();

        assert_eq!(bounds, [1, 2, 4, 8, 10, 10]);
        assert_eq!(backoff.wait(1, 0.25, None), Duration::from_millis(500));
        assert_eq!(backoff.wait(40, 0.0, None), Duration::ZERO);
        let hint = Some(Duration::from_secs(3));
        assert_eq!(backoff.wait(0, 1.0, hint), Duration::from_secs(3));
        assert_eq!(backoff.wait(2, 1.0, hint), Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn ten_retries_in_ten_seconds_are_always_allowed() {
        let epoch = Instant::now();
        let mut budget = RetryBudget::new(epoch);
        for _ in 0..10 {
            assert!(budget.allows_retry(epoch));
            budget.count_retry(epoch);
        }

        assert!(!budget.allows_retry(epoch));
        assert!(!budget.allows_retry(epoch + Duration::from_secs(10)));
        assert!(budget.allows_retry(epoch + Duration::from_secs(11)));
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_ten_a_fifth_of_the_requests_may_be_retried() {
        let now = Instant::now();
        let mut budget = RetryBudget::new(now);
        (0..100).for_each(|_| budget.count_request(now));

        let allowed = (0..100)
            .take_while(|_| {
                let allowed = budget.allows_retry(now);
                budget.count_retry(now);
                allowed
            })
            .count();

        assert_eq!(allowed, 20);
    }

    #[test]
    fn the_class_of_a_failure_says_what_may_follow() {
        use FailureClass as Class;
        for class in Class::ALL {
            let expected = match class {
                Class::ModelMissing
                | Class::KeyRefused
                | Class::KeyDeniedForModel
                | Class::QuotaSpent
                | Class::RateLimited
                | Class::Transient
                | Class::Silent => Next::OtherKey,
                Class::Overloaded => Next::SameKey,
                _ => Next::Nothing,
            };
            let next = Tried::default().failed(key(1), &failure(*class), Instant::now());
            assert_eq!(next, expected, "{class}");
        }
    }

    #[test]
    fn a_missing_model_is_asked_for_at_one_other_key_only() {
        let mut tried = Tried::default();
        let now = Instant::now();
        let missing = failure(FailureClass::ModelMissing);

        assert_eq!(tried.failed(key(1), &missing, now), Next::OtherKey);
        assert_eq!(tried.failed(key(2), &missing, now), Next::Nothing);
    }

    #[test]
    fn only_keys_that_broke_or_were_overloaded_are_tried_again() {
        let mut tried = Tried::default();
        let now = Instant::now();
        tried.failed(key(1), &failure(FailureClass::Transient), now);
        tried.failed(key(2), &failure(FailureClass::Silent), now);
        tried.failed(key(1), &failure(FailureClass::Transient), now);

        assert!(tried.may_repeat(key(1), now));
        assert_eq!(tried.repeatable_in(now), Some(Duration::ZERO));
        assert!(!tried.may_repeat(key(2), now));
        assert!(tried.contains(key(2)) && !tried.contains(key(3)));
        assert_eq!(tried.repeats(), 1);
    }

    #[test]
    fn a_hint_holds_up_the_key_it_was_given_for_and_no_other() {
        let mut tried = Tried::default();
        let now = Instant::now();
        let asked = |class, seconds| Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..failure(class)
        };
        tried.failed(key(1), &asked(FailureClass::Transient, 3), now);
        tried.failed(key(2), &asked(FailureClass::RateLimited, 300), now);
        tried.failed(key(3), &asked(FailureClass::Transient, 9), now);

        let later = now + Duration::from_secs(1);
        assert_eq!(tried.repeatable_in(later), Some(Duration::from_secs(2)));
        assert!(!tried.may_repeat(key(1), later));
        let later = now + Duration::from_secs(3);
        assert!(tried.may_repeat(key(1), later));
        assert!(!tried.may_repeat(key(2), later) && !tried.may_repeat(key(3), later));
    }
}
