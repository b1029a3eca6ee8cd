//! How a key fares: what each outcome of a call does to it.
//!
//! Everything here is a plain function of the state, the outcome and the time. [`KeyState`] is
//! what survives a restart; the rest of [`Health`] is forgotten with the process.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use tollgate_domain::api_key::{KeyState, KeyStatus};
use tollgate_domain::failure::{Failure, FailureClass};

use crate::pool::SkipReason;

/// Failures in a row after which a key cools.
pub(crate) const FAILURES_TO_COOL: i64 = 5;
/// The first cooling; each further failure doubles it.
const COOLING: Duration = Duration::from_secs(30);
/// The longest cooling.
const MAX_COOLING: Duration = Duration::from_secs(600);
/// How long a limited key rests where the provider does not say: the window of the limits that
/// providers set.
const RATE_LIMIT_REST: Duration = Duration::from_secs(60);
/// The longest such rest that is believed.
const MAX_RATE_LIMIT_REST: Duration = Duration::from_secs(3600);
/// How long a key that may not use a model is not asked for it again.
const MODEL_DENIAL: Duration = Duration::from_secs(3600);
/// How long a check of a refused key may take.
pub(crate) const CHECK_TIME: Duration = Duration::from_secs(5);
/// Models remembered as denied to one key; beyond, the one that ends first is forgotten.
const MAX_DENIALS: usize = 64;
/// The longest model name that is remembered as denied, in bytes; callers may write any.
const MAX_DENIED_NAME: usize = 1024;

/// How a key fares.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    state: KeyState,
    /// When `state.status` was entered. Outcomes of calls begun before tell nothing new.
    since: DateTime<Utc>,
    /// The provider refused the key, and a check has yet to confirm it, at the latest then.
    checked_by: Option<DateTime<Utc>>,
    /// A cooled key is being tried by one call.
    is_on_trial: bool,
    denied_models: BTreeMap<String, DateTime<Utc>>,
}

/// Whether a key may carry a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may.
    Ready,
    /// It may carry this one call, which decides about its future.
    Trial,
    /// It may not.
    Out(SkipReason, Option<DateTime<Utc>>),
}

/// What an outcome changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing that lasts.
    Nothing,
    /// The [`KeyState`].
    State,
    /// The key is out until somebody has checked it.
    NeedsCheck,
}

/// A call that a key carried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried<'a> {
    /// The model it was for.
    pub model: &'a str,
    /// When it was sent.
    pub begun: DateTime<Utc>,
    /// Whether it was a cooled key's trial.
    pub is_trial: bool,
}

impl Health {
    /// A key in `state`, as the database has it.
    #[must_use]
    pub(crate) const fn new(state: KeyState, now: DateTime<Utc>) -> Self {
        Self {
            state,
            since: now,
            checked_by: None,
            is_on_trial: false,
            denied_models: BTreeMap::new(),
        }
    }

    /// The part that survives a restart.
    #[must_use]
    pub(crate) const fn state(&self) -> &KeyState {
        &self.state
    }

    /// Whether nothing at all is the matter with the key.
    #[must_use]
    pub(crate) fn is_plain(&self) -> bool {
        self.state.status == KeyStatus::Normal
            && self.checked_by.is_none()
            && self.denied_models.is_empty()
    }

    /// Whether nothing speaks against the key: it is in use, and has not failed since its last success.
    #[must_use]
    pub(crate) fn is_unblemished(&self) -> bool {
        self.state.status == KeyStatus::Normal
            && self.state.error_count == 0
            && self.checked_by.is_none()
    }

    /// Whether the key may carry a call for `model`.
    #[must_use]
    pub(crate) fn standing(&self, model: &str, now: DateTime<Utc>) -> Standing {
        if let Some(by) = self.checked_by {
            return Standing::Out(SkipReason::Checking, Some(by.max(now)));
        }
        if let Some(until) = self.denied_models.get(model).filter(|until| **until > now) {
            return Standing::Out(SkipReason::ModelDenied, Some(*until));
        }
        let until = self.state.cooling_until;
        let is_over = until.is_some_and(|until| until <= now);
        match self.state.status {
            KeyStatus::Normal => Standing::Ready,
            KeyStatus::RateLimited if is_over || until.is_none() => Standing::Ready,
            KeyStatus::RateLimited => Standing::Out(SkipReason::RateLimited, until),
            KeyStatus::QuotaExceeded if is_over => Standing::Ready,
            KeyStatus::QuotaExceeded => Standing::Out(SkipReason::QuotaExceeded, until),
            KeyStatus::Cooling if self.is_on_trial => Standing::Out(SkipReason::Cooling, None),
            KeyStatus::Cooling if is_over || until.is_none() => Standing::Trial,
            KeyStatus::Cooling => Standing::Out(SkipReason::Cooling, until),
            KeyStatus::Invalid => Standing::Out(SkipReason::Invalid, None),
            KeyStatus::Undecryptable => Standing::Out(SkipReason::Undecryptable, None),
        }
    }

    /// The key carries the call that decides whether it has cooled.
    pub(crate) const fn begin_trial(&mut self) {
        self.is_on_trial = true;
    }

    /// A trial ended without telling anything, because the caller left.
    pub(crate) const fn abandon_trial(&mut self) {
        self.is_on_trial = false;
    }

    /// A call was answered.
    pub(crate) fn succeed(&mut self, carried: &Carried<'_>, now: DateTime<Utc>) -> Change {
        if carried.is_trial {
            self.is_on_trial = false;
        }
        let is_cool = carried.is_trial || carried.begun >= self.since;
        match self.state.status {
            KeyStatus::Normal if self.state.error_count == 0 => return Change::Nothing,
            KeyStatus::Normal => {}
            KeyStatus::Cooling if is_cool => {}
            _ => return self.expire(now),
        }
        self.enter(KeyStatus::Normal, None, None, now);
        self.state.error_count = 0;
        Change::State
    }

    /// A call failed.
    pub(crate) fn fail(
        &mut self,
        failure: &Failure,
        carried: &Carried<'_>,
        now: DateTime<Utc>,
    ) -> Change {
        if carried.is_trial {
            self.is_on_trial = false;
        }
        match failure.class {
            FailureClass::KeyRefused => self.refuse(failure, now),
            FailureClass::KeyDeniedForModel => self.deny(carried.model, now),
            FailureClass::QuotaSpent => self.spend_quota(failure, now),
            FailureClass::RateLimited => self.rest(failure, now),
            FailureClass::Transient | FailureClass::Silent => self.stumble(failure, carried, now),
            _ => Change::Nothing,
        }
    }

    /// The confirming check of a refused key came to an end: `verdict` is what the provider said,
    /// or `None` where it said nothing in time.
    pub(crate) fn conclude_check(
        &mut self,
        verdict: Option<Result<(), &Failure>>,
        now: DateTime<Utc>,
    ) -> Change {
        if self.checked_by.take().is_none() {
            return Change::Nothing;
        }
        let is_out = !matches!(self.state.status, KeyStatus::Normal | KeyStatus::Cooling);
        match verdict.map(|verdict| verdict.map_err(|failure| (failure.class, failure))) {
            // A key that is refused again and again, however well it is spoken of, has to cool.
            Some(Ok(())) if !is_out => self.count_failure(now),
            // It rests already, for longer.
            Some(Ok(())) => Change::Nothing,
            None if is_out => Change::Nothing,
            Some(Err((FailureClass::QuotaSpent, failure))) => self.spend_quota(failure, now),
            Some(Err((FailureClass::RateLimited, failure))) => self.rest(failure, now),
            None
            | Some(Err((
                FailureClass::Transient
                | FailureClass::Silent
                | FailureClass::Overloaded
                | FailureClass::Deadline,
                _,
            ))) => {
                // Nobody can tell; the next trial will.
                self.state.error_count = self.state.error_count.max(FAILURES_TO_COOL - 1) + 1;
                self.cool(now)
            }
            Some(Err((_, failure))) => {
                let reason = self.state.last_error.clone();
                self.invalidate(reason.unwrap_or_else(|| failure.message.clone()), now)
            }
        }
    }

    /// An operator, another instance or a check by hand decided on the key's state.
    pub(crate) fn set(&mut self, state: KeyState, now: DateTime<Utc>) {
        *self = Self::new(state, now);
    }

    /// A rest that has an end, and has reached it, is over.
    pub(crate) fn expire(&mut self, now: DateTime<Utc>) -> Change {
        self.denied_models.retain(|_, until| *until > now);
        let rests = matches!(self.state.status, KeyStatus::RateLimited | KeyStatus::QuotaExceeded);
        if !rests || self.state.cooling_until.is_none_or(|until| until > now) {
            return Change::Nothing;
        }
        self.enter(KeyStatus::Normal, None, None, now);
        Change::State
    }

    fn refuse(&mut self, failure: &Failure, now: DateTime<Utc>) -> Change {
        if self.checked_by.is_some() || self.state.status == KeyStatus::Invalid {
            return Change::Nothing;
        }
        self.checked_by = Some(now + CHECK_TIME);
        self.state.last_error = Some(failure.to_string());
        Change::NeedsCheck
    }

    fn invalidate(&mut self, reason: String, now: DateTime<Utc>) -> Change {
        self.enter(KeyStatus::Invalid, Some(reason), None, now);
        Change::State
    }

    fn deny(&mut self, model: &str, now: DateTime<Utc>) -> Change {
        if model.len() > MAX_DENIED_NAME {
            return Change::Nothing;
        }
        let first_to_end = |denied: &BTreeMap<String, DateTime<Utc>>| {
            denied.iter().min_by_key(|(_, until)| **until).map(|(model, _)| model.clone())
        };
        if self.denied_models.len() >= MAX_DENIALS
            && let Some(model) = first_to_end(&self.denied_models)
        {
            self.denied_models.remove(&model);
        }
        self.denied_models.insert(model.to_owned(), now + MODEL_DENIAL);
        Change::Nothing
    }

    fn spend_quota(&mut self, failure: &Failure, now: DateTime<Utc>) -> Change {
        if self.state.status == KeyStatus::Invalid {
            return Change::Nothing;
        }
        let KeyState { status, reason, cooling_until, last_error, .. } = quota_state(failure, now);
        self.state.last_error = last_error;
        self.enter(status, reason, cooling_until, now);
        Change::State
    }

    fn rest(&mut self, failure: &Failure, now: DateTime<Utc>) -> Change {
        if matches!(self.state.status, KeyStatus::Invalid | KeyStatus::QuotaExceeded) {
            return Change::Nothing;
        }
        let hint = failure.retry_after.unwrap_or(RATE_LIMIT_REST);
        let until = now + hint.min(MAX_RATE_LIMIT_REST);
        let until = match (self.state.status, self.state.cooling_until) {
            (KeyStatus::RateLimited | KeyStatus::Cooling, Some(earlier)) => until.max(earlier),
            _ => until,
        };
        self.state.last_error = Some(failure.to_string());
        self.enter(KeyStatus::RateLimited, Some(failure.message.clone()), Some(until), now);
        Change::State
    }

    fn stumble(&mut self, failure: &Failure, carried: &Carried<'_>, now: DateTime<Utc>) -> Change {
        let is_old_news = carried.begun < self.since && !carried.is_trial;
        match self.state.status {
            KeyStatus::Invalid | KeyStatus::QuotaExceeded | KeyStatus::Undecryptable => {
                return Change::Nothing;
            }
            KeyStatus::Cooling | KeyStatus::RateLimited if is_old_news => return Change::Nothing,
            _ => {}
        }
        self.state.last_error = Some(failure.to_string());
        self.count_failure(now)
    }

    fn count_failure(&mut self, now: DateTime<Utc>) -> Change {
        self.state.error_count = self.state.error_count.saturating_add(1);
        if self.state.error_count >= FAILURES_TO_COOL {
            return self.cool(now);
        }
        Change::State
    }

    fn cool(&mut self, now: DateTime<Utc>) -> Change {
        let until = now + cooling_after(self.state.error_count);
        let reason = format!("{} failures in a row", self.state.error_count);
        self.enter(KeyStatus::Cooling, Some(reason), Some(until), now);
        Change::State
    }

    fn enter(
        &mut self,
        status: KeyStatus,
        reason: Option<String>,
        until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) {
        if self.state.status != status || status == KeyStatus::Cooling {
            self.since = now;
        }
        self.state.status = status;
        self.state.reason = reason;
        self.state.cooling_until = until;
    }
}

/// The state of a key whose quota is spent: out until the next UTC day begins.
#[must_use]
pub(crate) fn quota_state(failure: &Failure, now: DateTime<Utc>) -> KeyState {
    KeyState {
        status: KeyStatus::QuotaExceeded,
        reason: Some(failure.message.clone()),
        cooling_until: Some(next_midnight(now)),
        error_count: 0,
        last_error: Some(failure.to_string()),
    }
}

/// How long a key cools after so many failures in a row: 30 s, doubled by each one after the
/// fifth, to 10 minutes.
#[must_use]
pub(crate) fn cooling_after(failures: i64) -> Duration {
    let doublings = failures.saturating_sub(FAILURES_TO_COOL).clamp(0, 16);
    (COOLING * (1 << doublings)).min(MAX_COOLING)
}

/// The beginning of the next UTC day.
fn next_midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    let tomorrow = now.date_naive().checked_add_days(Days::new(1));
    tomorrow.map_or(now + TimeDelta::days(1), |day| day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests;
