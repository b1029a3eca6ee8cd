//! The course of one call: which key of which target is tried next, and when to give up.

mod leg;
mod told;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::{Instant, sleep};
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::app_token::AppToken;
use tollgate_domain::chat::{ChatCall, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::route::FallbackOn;
use tollgate_domain::{ApiKeyId, Clock};
use tollgate_providers::{Target, Upstream};

use crate::account::expected_tokens;
use crate::app_limits::Admission;
use crate::attempt::{Attempt, Ended};
use crate::budget::Reservation;
use crate::budget::estimate::Bound;
use crate::engine::Core;
use crate::error::{BudgetReason, CallError};
use crate::key_state::Change;
use crate::pool::{Ask, Charge, Picked, Try};
use crate::record::Slot;
use crate::reply::ReplyHead;
use crate::retry::Next;
use crate::snapshot::KeyEntry;
use crate::target::Plan;
use crate::why::{Step, Why};
use leg::{Leg, cause};

/// One call on its way.
pub(super) struct Course {
    core: Arc<Core>,
    pub(super) call: ChatCall,
    legs: Vec<Leg>,
    /// Where the last attempt was made.
    at: usize,
    /// How many of the targets the call has come to.
    seen: usize,
    /// The end of all attempts.
    pub(super) deadline: Instant,
    attempts: u32,
    /// For the record of a call that waits for its first attempt.
    waiting: Option<Slot>,
    /// The last failure, and what may follow it at its target.
    last: Option<(Ended, Next)>,
    /// The app token that it counts for.
    app: Option<CallOfApp>,
    /// What is kept of its budget for the next attempt.
    reservation: Option<Reservation>,
    /// The longest answer that its budget affords, in tokens, where that is shorter than asked.
    output_cap: Option<i64>,
    no_constraints: Map<String, Value>,
    why: Why,
}

/// The app token that a call counts for, charged with it.
#[derive(Clone)]
pub(super) struct CallOfApp {
    pub(super) token: Arc<AppToken>,
    pub(super) admission: Arc<Admission>,
}

/// A key, charged, and the target that it is of.
type Taken = (usize, Arc<KeyEntry>, Charge);

impl Course {
    pub(super) fn new(core: Arc<Core>, call: ChatCall, plan: Plan, app: Option<CallOfApp>) -> Self {
        let total = plan.first().provider.provider.timeouts.total();
        let total = call.timeout.map_or(total, |timeout| timeout.min(total));
        let why = Why::of(&plan);
        Self {
            core,
            call,
            legs: plan.targets.into_iter().map(Leg::new).collect(),
            at: 0,
            seen: 0,
            deadline: Instant::now() + total,
            attempts: 0,
            waiting: None,
            last: None,
            app,
            reservation: None,
            output_cap: None,
            no_constraints: Map::new(),
            why,
        }
    }

    /// The next attempt: at once with another key, or at the next target; else, after a wait, with
    /// a key that was tried before. Fails with what the caller is told when there is none.
    pub(super) async fn next(&mut self) -> Result<Attempt, CallError> {
        match self.last.take() {
            None => self.first().await,
            Some((ended, next)) => self.further(ended, next).await,
        }
    }

    /// The clock.
    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.core.clock
    }

    /// Where an attempt with that upstream goes.
    pub(super) fn target<'a>(&'a self, upstream: &'a Upstream) -> Target<'a> {
        let route = &self.leg().route;
        let model = route.model.as_ref().map(|entry| &entry.model);
        Target {
            upstream,
            model_code: &route.model_code,
            constraints: model.map_or(&self.no_constraints, |model| &model.constraints),
            max_output_tokens: model.and_then(|model| model.max_output_tokens),
            output_cap: self.output_cap,
        }
    }

    /// What the caller is told of where the answer comes from.
    pub(super) fn head(&self, key: ApiKeyId) -> ReplyHead {
        let route = &self.leg().route;
        ReplyHead {
            provider_id: route.provider.provider.id,
            provider_code: route.provider.provider.code.clone(),
            key_id: Some(key),
            model_code: route.model_code.clone(),
            lifecycle: route.lifecycle(),
            attempts: self.attempts,
        }
    }

    /// `attempt` failed before any content.
    pub(super) fn failed(&mut self, attempt: Attempt, failure: Failure) {
        let key = attempt.key.key.id;
        let (ended, change) = attempt.fail(failure);
        let next = self.legs[self.at].failed(key, &ended.failure, Instant::now());
        tracing::debug!(
            request.id = %self.call.request_id,
            provider.code = %self.leg().route.provider.provider.code,
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
    pub(super) async fn broke_off(&self, attempt: Attempt, failure: Failure) -> CallError {
        let is_timeout = matches!(failure.class, FailureClass::Silent | FailureClass::Deadline);
        let ended = attempt.break_off(failure);
        let error = |failure: Failure| match is_timeout {
            true => CallError::Timeout(failure),
            false => CallError::Provider(failure),
        };
        let error = error(ended.failure.clone());
        let recorded = ended.ends_call(self.core.status_of(self.call.path, &error));
        told::told_once(recorded, error).await
    }

    /// Puts it in the log that a key is not used for a while.
    fn tell_if_out(&self, key: ApiKeyId) {
        let provider = &self.leg().route.provider;
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
        self.waiting = Some(slot);
        let entered = self.enter(FallbackOn::Failure).await;
        let slot = self.waiting.take().expect("nobody but the drop takes it");
        match entered {
            Ok(Some(taken)) => self.begin(slot, taken).await,
            Ok(None) => {
                let error = self.no_key();
                Err(self.refuse(slot, error).await)
            }
            Err(error) => Err(self.refuse(slot, error).await),
        }
    }

    async fn further(&mut self, ended: Ended, next: Next) -> Result<Attempt, CallError> {
        let class = ended.failure.class;
        let Some(cause) = cause(class).filter(|_| Instant::now() < self.deadline) else {
            return Err(self.give_up(ended).await);
        };
        let Some(slot) = self.core.records.reserve() else {
            return Err(self.give_up(ended).await);
        };
        let mut step = Step::OtherKey;
        let mut taken = if next == Next::OtherKey { self.other_key(class).await } else { None };
        if taken.is_none() {
            step = Step::NextTarget;
            // What keeps the call from further targets does not change what it failed with.
            taken = self.enter(cause).await.ok().flatten();
        }
        if taken.is_none() && cause == FallbackOn::Failure {
            step = Step::SameKey;
            taken = self.same_key().await;
        }
        let Some(taken) = taken else { return Err(self.give_up(ended).await) };
        ended.goes_on();
        self.why.follows(class, step);
        self.begin(slot, taken).await
    }

    /// A key of the same target that the call has not tried.
    async fn other_key(&mut self, class: FailureClass) -> Option<Taken> {
        let place = self.at;
        if self.is_spent(place) {
            return None;
        }
        self.afford(place).await.ok()?;
        let leg = &self.legs[place];
        // A model that is missing speaks against no key.
        let is_of_key = class != FailureClass::ModelMissing;
        let attempt = if is_of_key { Try::OtherKey } else { Try::Again };
        let picked = self.pick(place, attempt, |key| !leg.has_tried(key));
        self.taken(place, picked)
    }

    /// A key of the next target that the call comes to after `cause`, the first included; or the
    /// error of the first of them where that is not just for want of a key.
    async fn enter(&mut self, cause: FallbackOn) -> Result<Option<Taken>, CallError> {
        let mut first_error = None;
        while self.seen < self.legs.len() {
            let place = self.seen;
            self.seen += 1;
            if place > 0 && !self.legs[place].takes_over(cause) {
                self.why.passed_over(&self.legs[place].route, "condition", &[]);
                continue;
            }
            if let Err(error) = self.afford(place).await {
                if !matches!(error, CallError::BudgetExceeded { .. }) {
                    return Err(error);
                }
                self.pass_over(place, error.code(), &Picked::default());
                first_error = first_error.or(Some((place, error)));
                continue;
            }
            let picked = self.pick_at_first(place).await;
            if picked.taken.is_some() {
                return Ok(self.taken(place, picked));
            }
            self.pass_over(place, "no_available_key", &picked);
        }
        match first_error {
            Some((0, error)) => Err(error),
            _ => Ok(None),
        }
    }

    /// A key that was tried before, or another one of a target that the call was at, after a wait.
    async fn same_key(&mut self) -> Option<Taken> {
        let now = Instant::now();
        let chance = self.core.options.random.unit();
        let waits =
            (0..self.legs.len()).filter_map(|place| Some((self.wait(place, chance, now)?, place)));
        let (wait, place) = waits.min()?;
        sleep(wait).await;
        self.afford(place).await.ok()?;
        let (leg, now) = (&self.legs[place], Instant::now());
        let picked = self.pick(place, Try::Again, |key| leg.may_come_back_to(key, now));
        if picked.taken.is_some() {
            self.why.waited(wait.as_millis());
        }
        self.taken(place, picked)
    }

    /// How long to wait before a key of that target is tried once more; `None` when that makes no
    /// sense.
    fn wait(&self, place: usize, chance: f64, now: Instant) -> Option<Duration> {
        let leg = &self.legs[place];
        let hint = leg.repeatable_in(now).filter(|_| !self.is_spent(place))?;
        let repeats = self.legs.iter().map(Leg::repeats).sum();
        let wait = self.core.options.backoff.wait(repeats, chance, Some(hint));
        let is_in_time = wait < self.deadline.saturating_duration_since(now);
        let is_allowed = is_in_time && leg.route.provider.pool.allows_retry(now);
        (is_allowed && leg.is_of_use(wait, &self.ask(place, Try::Again))).then_some(wait)
    }

    /// Whether the call has made all the attempts that it may make, one at each target apart.
    fn is_spent(&self, place: usize) -> bool {
        self.attempts > self.legs[place].route.provider.provider.max_retries
    }

    /// Keeps what the next attempt may cost, where the call is on a budget; an attempt to come
    /// costs what any other does.
    async fn afford(&mut self, place: usize) -> Result<(), CallError> {
        (self.reservation, self.output_cap) = (None, None);
        let Some(app) = self.app.as_ref().filter(|app| app.token.budget.cap.is_some()) else {
            return Ok(());
        };
        if self.call.endpoint == Endpoint::CountTokens {
            return Ok(());
        }
        let route = &self.legs[place].route;
        let arrived = self.call.request_id.arrived_at();
        let longest = route.model.as_ref().and_then(|entry| entry.model.max_output_tokens);
        let bound = Bound::of(&self.call, route.prices(), longest, arrived);
        let unpriced = || BudgetReason::Unpriced { model: route.model_code.clone() };
        let bound = bound.ok_or_else(|| CallError::BudgetExceeded { reason: unpriced() })?;
        let (token, budget) = (app.token.id, app.token.budget);
        let reservation = self.core.budgets.reserve(token, budget, &bound, arrived).await?;
        self.output_cap = reservation.output_cap;
        self.reservation = Some(reservation);
        Ok(())
    }

    /// The key that `picked` took, if any; then the reservation is for it.
    fn taken(&mut self, place: usize, picked: Picked) -> Option<Taken> {
        let Some((key, charge)) = picked.taken else {
            self.reservation = None;
            return None;
        };
        self.why.skipped(&picked.skipped, picked.more);
        Some((place, key, charge))
    }

    fn pass_over(&mut self, place: usize, reason: &str, picked: &Picked) {
        self.reservation = None;
        // A call that has nowhere else to go tells of its keys as those of its own target.
        if self.legs.len() == 1 && self.attempts == 0 {
            self.why.skipped(&picked.skipped, picked.more);
        } else {
            self.why.passed_over(&self.legs[place].route, reason, &picked.skipped);
        }
    }

    /// Begins an attempt, and returns when as much of it as has to be is on record.
    async fn begin(
        &mut self,
        slot: Slot,
        (place, key, charge): Taken,
    ) -> Result<Attempt, CallError> {
        self.at = place;
        self.attempts += 1;
        let clock = Arc::clone(&self.core.clock);
        let route = &self.legs[place].route;
        let mut attempt =
            Attempt::begin(&self.call, self.attempts, route, key, charge, slot, clock);
        attempt.routed(self.why.take());
        let admission = self.app.as_ref().map(|app| Arc::clone(&app.admission));
        attempt.counted(admission, self.reservation.take());
        if attempt.announced().await.is_err() {
            let error = CallError::Unavailable;
            attempt.unsent(self.core.status_of(self.call.path, &error));
            return Err(error);
        }
        Ok(attempt)
    }

    /// The first pick at a target, which is no retry unless its provider was asked before.
    async fn pick_at_first(&self, place: usize) -> Picked {
        let provider = &self.legs[place].route.provider;
        let is_asked =
            |leg: &Leg| leg.was_tried() && leg.route.provider.provider.id == provider.provider.id;
        let is_retry = self.legs.iter().any(is_asked);
        let ask = self.ask(place, if is_retry { Try::Again } else { Try::First });
        let strategy = provider.provider.lb_strategy;
        let patience = self.patience(place);
        let now = || self.core.moment();
        provider.pool.pick_in_turn(&provider.keys, strategy, &ask, patience, now).await
    }

    /// How long the call may queue for a key of a target: not while it can go on to another one.
    fn patience(&self, place: usize) -> Duration {
        if place + 1 < self.legs.len() || self.attempts > 0 {
            return Duration::ZERO;
        }
        let patience = self.legs[place].route.provider.provider.queue_timeout_ms;
        Duration::from_millis(patience.into())
            .min(self.deadline.saturating_duration_since(Instant::now()))
    }

    fn pick(&self, place: usize, attempt: Try, wanted: impl Fn(ApiKeyId) -> bool) -> Picked {
        let provider = &self.legs[place].route.provider;
        let strategy = provider.provider.lb_strategy;
        provider.pool.pick(&provider.keys, strategy, &self.ask(place, attempt), wanted)
    }

    fn ask(&self, place: usize, attempt: Try) -> Ask<'_> {
        Ask {
            model: &self.legs[place].route.model_code,
            tokens: self.tokens(place),
            attempt,
            caller: self.call.ip_address.as_deref(),
            chance: self.core.options.random.unit(),
            now: self.core.moment(),
        }
    }

    /// Tokens to reserve of a key of that target.
    fn tokens(&self, place: usize) -> i64 {
        let route = &self.legs[place].route;
        let usual = || route.provider.pool.expected_output(&route.model_code);
        expected_tokens(&self.call.facts, self.call.endpoint, usual)
    }

    fn leg(&self) -> &Leg {
        &self.legs[self.at]
    }
}
