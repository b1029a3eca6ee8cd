//! A provider's keys: which one carries a call, and what they are charged with.
//!
//! Checking the limits, choosing and charging is one step under one short lock per provider, which
//! is never held across a wait.

pub(crate) mod priority;

mod changes;
mod charge;
mod key;
mod rows;
mod skip;
#[cfg(test)]
mod tests;
mod upstreams;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use tokio::time::Instant;
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::{KeyState, KeyStatus};
use tollgate_domain::failure::Failure;
use tollgate_domain::provider::Strategy;

pub(crate) use changes::Changes;
pub(crate) use charge::{Charge, Outcome};
pub(crate) use rows::News;
pub use skip::SkipReason;

use crate::error::KeyRefusal;
use crate::key_state::{Carried, Change};
use crate::retry::RetryBudget;
use crate::snapshot::KeyEntry;
use key::{LiveKey, Load, Skip, limit};
use upstreams::Upstreams;

/// Now, on the clock that windows run by and on the one that people read.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// For durations.
    pub instant: Instant,
    /// For dates.
    pub utc: DateTime<Utc>,
}

impl Moment {
    /// When `instant` is or was, for people.
    #[must_use]
    pub fn utc_of(&self, instant: Instant) -> DateTime<Utc> {
        let ahead = instant.saturating_duration_since(self.instant);
        self.utc + TimeDelta::from_std(ahead).unwrap_or_default()
    }
}

/// A key that could carry a call, as a strategy sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Higher goes first.
    pub priority: i64,
    /// Its share under a weighted strategy.
    pub weight: i64,
    /// The larger of the minute's requests and tokens against their limits, in thousandths.
    pub utilisation: i64,
    /// Requests of the last minute.
    pub requests: i64,
    /// Requests under way.
    pub in_flight: i64,
}

/// What a key is wanted for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The model.
    pub model: &'a str,
    /// Tokens to reserve.
    pub tokens: i64,
    /// Whether it is a further attempt of a call.
    pub is_retry: bool,
    /// Now.
    pub now: Moment,
}

/// What a call is the trial of, which decides about its future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trial {
    /// A cooled key.
    pub of_key: bool,
    /// An address that was overloaded.
    pub of_upstream: bool,
}

impl Trial {
    /// Nothing's trial.
    const NONE: Self = Self { of_key: false, of_upstream: false };
}

/// What a pick came to.
#[derive(Debug)]
pub struct Picked {
    /// The key, charged; `None` when none can carry the call.
    pub taken: Option<(Arc<KeyEntry>, Charge)>,
    /// Active keys that could not, and why.
    pub skipped: Vec<KeyRefusal>,
}

/// How much a key is used, as this instance knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// Requests of the last minute.
    pub rpm_used: i64,
    /// Tokens of the last minute, those reserved included.
    pub tpm_used: i64,
    /// Requests of this UTC day.
    pub rpd_used: i64,
    /// Requests under way.
    pub in_flight: i64,
    /// Whether it can be used, and why not.
    pub state: KeyState,
}

/// The live side of a provider's keys. It outlives snapshots.
#[derive(Debug)]
pub struct Pool {
    epoch: Instant,
    changes: Arc<Changes>,
    state: Mutex<PoolState>,
}

#[derive(Debug)]
struct PoolState {
    keys: HashMap<ApiKeyId, LiveKey>,
    upstreams: Upstreams,
    retries: RetryBudget,
}

impl Pool {
    /// A pool without keys; `changes` hears of every state that has to be written.
    #[must_use]
    pub fn new(changes: Arc<Changes>, epoch: Instant) -> Self {
        let retries = RetryBudget::new(epoch);
        let (keys, upstreams) = (HashMap::new(), Upstreams::default());
        let state = Mutex::new(PoolState { keys, upstreams, retries });
        Self { epoch, changes, state }
    }

    /// Takes the key of `keys` that `strategy` prefers among those which may carry the call and
    /// are `wanted`, and charges it.
    pub fn pick(
        self: &Arc<Self>,
        keys: &[Arc<KeyEntry>],
        strategy: Strategy,
        ask: &Ask<'_>,
        wanted: impl Fn(ApiKeyId) -> bool,
    ) -> Picked {
        let mut state = self.state.lock();
        let mut skipped = Vec::new();
        if ask.is_retry && !state.retries.allows_retry(ask.now.instant) {
            return Picked { taken: None, skipped };
        }
        let mut candidates = Vec::with_capacity(keys.len());
        let mut places = Vec::with_capacity(keys.len());
        for entry in keys.iter().filter(|entry| entry.key.is_active) {
            match self.consider(&mut state, entry, ask, &wanted) {
                Ok((candidate, trial)) => {
                    candidates.push(candidate);
                    places.push((entry, trial));
                }
                Err((reason, available_at)) => {
                    skipped.push(refusal(entry, reason, available_at));
                }
            }
        }
        let chosen = match strategy {
            Strategy::Priority => priority::choose(&candidates),
        };
        let taken = chosen.map(|chosen| {
            let (entry, trial) = places[chosen];
            (Arc::clone(entry), self.charge(&mut state, entry, trial, ask))
        });
        Picked { taken, skipped }
    }

    /// Whether one more retry would be within the budget of retries.
    pub fn allows_retry(&self, now: Instant) -> bool {
        self.state.lock().retries.allows_retry(now)
    }

    /// How much `key` is used; nothing for a key the pool has never seen.
    pub fn live(self: &Arc<Self>, key: ApiKeyId, now: Moment) -> KeyUse {
        let mut state = self.state.lock();
        let Some(live) = state.keys.get_mut(&key) else { return KeyUse::default() };
        let change = live.health.expire(now.utc);
        self.note(key, live, change);
        let (rpm_used, tpm_used, rpd_used) = live.used(now);
        let (in_flight, state) = (live.in_flight, live.health.state().clone());
        KeyUse { rpm_used, tpm_used, rpd_used, in_flight, state }
    }

    /// Ends rests that are over, so that the database hears of it.
    pub fn expire(self: &Arc<Self>, now: DateTime<Utc>) {
        for (key, live) in &mut self.state.lock().keys {
            let change = live.health.expire(now);
            self.note(*key, live, change);
        }
    }

    /// Tells what the confirming check of a refused key came to, and gets the status it led to.
    pub fn conclude_check(
        self: &Arc<Self>,
        key: ApiKeyId,
        verdict: Option<Result<(), &Failure>>,
        now: DateTime<Utc>,
    ) -> KeyStatus {
        let mut status = KeyStatus::Normal;
        self.with_key(key, |live, pool| {
            let change = live.health.conclude_check(verdict, now);
            pool.note(key, live, change);
            status = live.health.state().status;
            change
        });
        status
    }

    /// Why each active key of `keys` that may not carry the call, or is not `wanted`, cannot.
    pub fn refusals(
        &self,
        keys: &[Arc<KeyEntry>],
        ask: &Ask<'_>,
        wanted: impl Fn(ApiKeyId) -> bool,
    ) -> Vec<KeyRefusal> {
        let mut state = self.state.lock();
        keys.iter()
            .filter(|entry| entry.key.is_active)
            .filter_map(|entry| {
                let (reason, available_at) =
                    self.consider(&mut state, entry, ask, &wanted).err()?;
                Some(refusal(entry, reason, available_at))
            })
            .collect()
    }

    /// Believes that an address has capacity again.
    pub fn forget_upstream(&self, base_url: &str) {
        self.state.lock().upstreams.forget(base_url);
    }

    fn consider(
        &self,
        state: &mut PoolState,
        entry: &KeyEntry,
        ask: &Ask<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
    ) -> Result<(Candidate, Trial), Skip> {
        let key = &entry.key;
        let Some(upstream) = &entry.upstream else {
            return Err((SkipReason::Undecryptable, None));
        };
        let live =
            state.keys.entry(key.id).or_insert_with(|| LiveKey::new(key, self.epoch, ask.now.utc));
        let load = Load { model: ask.model, tokens: ask.tokens, now: ask.now };
        let (candidate, of_key) = live.candidate(key, &load)?;
        let of_upstream = state.upstreams.check(&upstream.base_url, ask.now.utc)?;
        let trial = Trial { of_key, of_upstream };
        if wanted(key.id) { Ok((candidate, trial)) } else { Err((SkipReason::Tried, None)) }
    }

    fn charge(
        self: &Arc<Self>,
        state: &mut PoolState,
        entry: &KeyEntry,
        trial: Trial,
        ask: &Ask<'_>,
    ) -> Charge {
        let now = ask.now;
        if ask.is_retry {
            state.retries.count_retry(now.instant);
        } else {
            state.retries.count_request(now.instant);
        }
        let key = &entry.key;
        let live = state.keys.get_mut(&key.id).expect("a candidate was considered before");
        let tokens = limit(key.limits.tpm).map_or(ask.tokens, |limit| ask.tokens.min(limit));
        let (second, generation) = (live.charge(tokens, now), live.generation);
        if trial.of_key {
            live.health.begin_trial();
        }
        if let Some(upstream) = entry.upstream.as_ref().filter(|_| trial.of_upstream) {
            state.upstreams.begin_trial(&upstream.base_url);
        }
        Charge {
            pool: Arc::clone(self),
            key: key.id,
            upstream: entry.upstream.clone(),
            generation,
            second,
            tokens,
            begun: now.utc,
            trial,
            is_settled: false,
        }
    }

    fn settle_upstream(
        &self,
        base_url: &str,
        outcome: &Outcome<'_>,
        carried: &Carried<'_>,
        now: DateTime<Utc>,
    ) {
        self.state.lock().upstreams.settle(base_url, outcome, carried, now);
    }

    fn abandon_upstream(&self, base_url: &str) {
        self.state.lock().upstreams.abandon(base_url);
    }

    fn with_key(
        self: &Arc<Self>,
        key: ApiKeyId,
        act: impl FnOnce(&mut LiveKey, &Arc<Self>) -> Change,
    ) -> Change {
        let mut state = self.state.lock();
        state.keys.get_mut(&key).map_or(Change::Nothing, |live| act(live, self))
    }

    /// Marks a changed state as to be written.
    fn note(self: &Arc<Self>, key: ApiKeyId, live: &mut LiveKey, change: Change) {
        if change == Change::State {
            live.touched = self.changes.stamp();
            self.changes.mark(key, self);
        }
    }
}

fn refusal(
    entry: &KeyEntry,
    reason: SkipReason,
    available_at: Option<DateTime<Utc>>,
) -> KeyRefusal {
    KeyRefusal { key_id: entry.key.id, key_name: entry.key.name.clone(), reason, available_at }
}
