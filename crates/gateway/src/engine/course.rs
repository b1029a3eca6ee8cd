//! The course of one call: which key is tried next, and when to give up.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::{Instant, sleep};
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::app_token::AppToken;
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::Target;

use crate::account::{RefusedCall, expected_tokens, name, routing};
use crate::app_limits::Admission;
use crate::attempt::{Attempt, Ended};
use crate::budget::Reservation;
use crate::budget::estimate::Bound;
use crate::engine::Core;
use crate::error::{BudgetReason, CallError, KeyRefusal};
use crate::key_state::Change;
use crate::pool::{Ask, Charge, Picked, SkipReason};
use crate::record::Slot;
use crate::reply::ReplyHead;
use crate::retry::{Next, Tried};
use crate::snapshot::KeyEntry;
use crate::target::Route;

/// One call on its way.
pub(super) struct Course {
    core: Arc<Core>,
    pub(super) call: ChatCall,
    route: Route,
    /// The end of all attempts.
    pub(super) deadline: Instant,
    attempts: u32,
    tried: Tried,
    /// The last failure, and what may follow it.
    last: Option<(Ended, Next)>,
    /// The app token that it counts for.
    app: Option<CallOfApp>,
    /// What is kept of its budget for the next attempt.
    reservation: Option<Reservation>,
    /// The longest answer that its budget affords, in tokens, where that is shorter than asked.
    output_cap: Option<i64>,
    no_constraints: Map<String, Value>,
}

/// The app token that a call counts for, charged with it.
#[derive(Clone)]
pub(super) struct CallOfApp {
    pub(super) token: Arc<AppToken>,
    pub(super) admission: Arc<Admission>,
}

impl Course {
    pub(super) fn new(
        core: Arc<Core>,
        call: ChatCall,
        route: Route,
        app: Option<CallOfApp>,
    ) -> Self {
        let total = route.provider.provider.timeouts.total();
        let total = call.timeout.map_or(total, |timeout| timeout.min(total));
        Self {
            core,
            call,
            route,
            deadline: Instant::now() + total,
            attempts: 0,
            tried: Tried::default(),
            last: None,
            app,
            reservation: None,
            output_cap: None,
            no_constraints: Map::new(),
        }
    }

    /// The next attempt: at once with another key; else, after a wait, with one that was tried
    /// before. Fails with what the caller is told when there is none.
    pub(super) async fn next(&mut self) -> Result<Attempt, CallError> {
        match self.last.take() {
            None => self.first().await,
            Some((ended, next)) => self.further(ended, next).await,
        }
    }

    /// Where `attempt` goes.
    pub(super) fn target<'a>(&'a self, key: &'a KeyEntry) -> Option<Target<'a>> {
        let model = self.route.model.as_ref().map(|entry| &entry.model);
        Some(Target {
            upstream: key.upstream.as_deref()?,
            model_code: &self.route.model_code,
            constraints: model.map_or(&self.no_constraints, |model| &model.constraints),
            max_output_tokens: model.and_then(|model| model.max_output_tokens),
            output_cap: self.output_cap,
        })
    }

    /// What the caller is told of where the answer comes from.
    pub(super) fn head(&self, key: ApiKeyId) -> ReplyHead {
        let provider = &self.route.provider.provider;
        ReplyHead {
            provider_id: provider.id,
            provider_code: provider.code.clone(),
            key_id: Some(key),
            model_code: self.route.model_code.clone(),
            lifecycle: self.route.lifecycle(),
            attempts: self.attempts,
        }
    }

    /// `attempt` failed before any content.
    pub(super) fn failed(&mut self, attempt: Attempt, failure: Failure) {
        let key = attempt.key.key.id;
        let (ended, change) = attempt.fail(failure);
        let next = self.tried.failed(key, &ended.failure, Instant::now());
        tracing::debug!(
            request.id = %self.call.request_id,
            provider.code = %self.route.provider.provider.code,
            key.id = %key,
            attempt = self.attempts,
            "An attempt failed: {}", ended.failure
        );
        match change {
            Change::NeedsCheck => self.core.check_key(key),
            Change::State => self.tell_if_out(key),
            Change::Nothing => {}
        }
        self.last = Some((ended, next));
    }

    /// `attempt` broke after content, which ends the call.
    pub(super) fn broke_off(&self, attempt: Attempt, failure: Failure) -> CallError {
        let is_timeout = matches!(failure.class, FailureClass::Silent | FailureClass::Deadline);
        let ended = attempt.break_off(failure);
        let error = |failure: Failure| match is_timeout {
            true => CallError::Timeout(failure),
            false => CallError::Provider(failure),
        };
        let status = self.core.status_of(self.call.path, &error(ended.failure.clone()));
        error(ended.ends_call(status))
    }

    /// Puts it in the log that a key is not used for a while.
    fn tell_if_out(&self, key: ApiKeyId) {
        let provider = &self.route.provider;
        let state = provider.pool.live(key, self.core.moment()).state;
        if state.status != KeyStatus::Normal {
            tracing::warn!(
                provider.code = %provider.provider.code,
                key.id = %key,
                key.status = %state.status,
                "A key is not used until {:?}: {}",
                state.cooling_until,
                state.reason.unwrap_or_default()
            );
        }
    }

    async fn first(&mut self) -> Result<Attempt, CallError> {
        let slot = self.core.records.reserve().ok_or(CallError::Unavailable)?;
        if let Err(error) = self.afford().await {
            self.refuse(slot, &error);
            return Err(error);
        }
        let picked = self.pick(false, |_| true);
        match picked.taken {
            Some(taken) => Ok(self.begin(slot, taken, &picked.skipped, 0)),
            None => {
                let error = self.no_key(picked.skipped);
                self.reservation = None;
                self.refuse(slot, &error);
                Err(error)
            }
        }
    }

    /// Records that the call ends before any attempt.
    fn refuse(&self, slot: Slot, error: &CallError) {
        let status = self.core.status_of(self.call.path, error);
        let mut log = RefusedCall::new(&self.call, error, status).into_log(self.core.clock.now());
        log.provider_id = Some(self.route.provider.provider.id);
        log.model_code = Some(name(&self.route.model_code));
        if let CallError::NoAvailableKey { keys, .. } = error {
            log.routing = routing(keys, 0);
        }
        slot.send(log);
    }

    /// Keeps what the next attempt may cost, where the call is on a budget; an attempt to come
    /// costs what any other does.
    async fn afford(&mut self) -> Result<(), CallError> {
        (self.reservation, self.output_cap) = (None, None);
        let Some(app) = self.app.as_ref().filter(|app| app.token.budget.cap.is_some()) else {
            return Ok(());
        };
        if self.call.endpoint == Endpoint::CountTokens {
            return Ok(());
        }
        let arrived = self.call.request_id.arrived_at();
        let longest = self.route.model.as_ref().and_then(|entry| entry.model.max_output_tokens);
        let bound = Bound::of(&self.call, self.route.prices(), longest, arrived);
        let unpriced = || BudgetReason::Unpriced { model: self.route.model_code.clone() };
        let bound = bound.ok_or_else(|| CallError::BudgetExceeded { reason: unpriced() })?;
        let (token, budget) = (app.token.id, app.token.budget);
        let reservation = self.core.budgets.reserve(token, budget, &bound, arrived).await?;
        self.output_cap = reservation.output_cap;
        self.reservation = Some(reservation);
        Ok(())
    }

    async fn further(&mut self, ended: Ended, next: Next) -> Result<Attempt, CallError> {
        let now = Instant::now();
        let is_spent = self.attempts > self.route.provider.provider.max_retries;
        if next == Next::Nothing || is_spent || now >= self.deadline {
            return Err(self.give_up(ended));
        }
        let Some(slot) = self.core.records.reserve() else { return Err(self.give_up(ended)) };
        if self.afford().await.is_err() {
            return Err(self.give_up(ended));
        }
        if next == Next::OtherKey {
            let picked = self.pick(true, |key| !self.tried.contains(key));
            if let Some(taken) = picked.taken {
                ended.goes_on();
                return Ok(self.begin(slot, taken, &picked.skipped, 0));
            }
        }
        let wait = self.wait(&ended.failure, now).filter(|wait| self.is_of_use(*wait, next));
        let Some(wait) = wait else { return Err(self.give_up(ended)) };
        sleep(wait).await;
        let now = Instant::now();
        let picked = self.pick(true, |key| {
            self.tried.may_repeat(key, now) || (next == Next::OtherKey && !self.tried.contains(key))
        });
        match picked.taken {
            Some(taken) => {
                ended.goes_on();
                Ok(self.begin(slot, taken, &picked.skipped, wait.as_millis()))
            }
            None => Err(self.give_up(ended)),
        }
    }

    /// How long to wait before a key is tried once more; `None` when that makes no sense.
    fn wait(&self, failure: &Failure, now: Instant) -> Option<Duration> {
        // An overloaded provider means all of its keys when it asks to wait.
        let is_overloaded = failure.class == FailureClass::Overloaded;
        let asked = failure.retry_after.filter(|_| is_overloaded);
        let hint = self.tried.repeatable_in(now)?.max(asked.unwrap_or_default());
        let chance = self.core.options.random.unit();
        let wait = self.core.options.backoff.wait(self.tried.repeats(), chance, Some(hint));
        let is_in_time = wait < self.deadline.saturating_duration_since(now);
        (is_in_time && self.route.provider.pool.allows_retry(now)).then_some(wait)
    }

    /// Whether any key that may then be tried can be free after `wait`; else waiting only keeps
    /// the caller.
    fn is_of_use(&self, wait: Duration, next: Next) -> bool {
        let ask = self.ask(true);
        let by = ask.now.utc_of(ask.now.instant + wait);
        let keys = &self.route.provider.keys;
        let out = self.route.provider.pool.refusals(keys, &ask, |_| true);
        // A check is mostly over long before its time.
        let known = out.iter().filter(|key| key.reason != SkipReason::Checking);
        let late = known.filter(|key| key.available_at.is_some_and(|at| at > by));
        let late: HashSet<ApiKeyId> = late.map(|key| key.key_id).collect();
        let is_wanted = |id| {
            self.tried.is_repeatable(id) || (next == Next::OtherKey && !self.tried.contains(id))
        };
        let mut active = keys.iter().filter(|entry| entry.key.is_active).map(|entry| entry.key.id);
        active.any(|id| is_wanted(id) && !late.contains(&id))
    }

    fn begin(
        &mut self,
        slot: Slot,
        (key, charge): (Arc<KeyEntry>, Charge),
        skipped: &[KeyRefusal],
        waited_ms: u128,
    ) -> Attempt {
        self.attempts += 1;
        let clock = Arc::clone(&self.core.clock);
        let mut attempt =
            Attempt::begin(&self.call, self.attempts, &self.route, key, charge, slot, clock);
        attempt.routed(routing(skipped, waited_ms));
        let admission = self.app.as_ref().map(|app| Arc::clone(&app.admission));
        attempt.counted(admission, self.reservation.take());
        attempt
    }

    fn pick(&self, is_retry: bool, wanted: impl Fn(ApiKeyId) -> bool) -> Picked {
        let provider = &self.route.provider;
        provider.pool.pick(
            &provider.keys,
            provider.provider.lb_strategy,
            &self.ask(is_retry),
            wanted,
        )
    }

    fn ask(&self, is_retry: bool) -> Ask<'_> {
        Ask {
            model: &self.route.model_code,
            tokens: expected_tokens(&self.call.facts, self.call.endpoint),
            is_retry,
            now: self.core.moment(),
        }
    }

    /// The call ends with its last failure.
    fn give_up(&self, ended: Ended) -> CallError {
        let error = self.told(&ended.failure);
        ended.ends_call(self.core.status_of(self.call.path, &error));
        error
    }

    /// What the caller is told when `failure` was the last.
    fn told(&self, failure: &Failure) -> CallError {
        use FailureClass as Class;
        match failure.class {
            Class::ClientFault | Class::ContextTooLong | Class::ContentRefused => {
                CallError::Rejected(failure.clone())
            }
            Class::ModelMissing => {
                CallError::ModelNotFound { model: self.route.model_code.clone() }
            }
            Class::KeyRefused
            | Class::KeyDeniedForModel
            | Class::QuotaSpent
            | Class::RateLimited => {
                let provider = &self.route.provider;
                let skipped = provider
                    .pool
                    .refusals(&provider.keys, &self.ask(true), |key| !self.tried.contains(key));
                self.no_key(skipped)
            }
            Class::Silent | Class::Deadline => CallError::Timeout(failure.clone()),
            Class::Overloaded | Class::Transient | Class::AfterContent | Class::CallerLeft => {
                CallError::Provider(failure.clone())
            }
        }
    }

    fn no_key(&self, keys: Vec<KeyRefusal>) -> CallError {
        let now = self.core.clock.now();
        let first = keys.iter().filter_map(|key| key.available_at).min();
        CallError::NoAvailableKey {
            provider: self.route.provider.provider.code.clone(),
            retry_after: first.map(|at| (at - now).to_std().unwrap_or_default()),
            keys,
        }
    }
}
