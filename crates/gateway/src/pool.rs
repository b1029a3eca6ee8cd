//! A provider's keys: which one carries a call, and what they are charged with.
//!
//! Checking the limits, choosing and charging is one step under one short lock per provider, which
//! is never held across a wait.

mod changes;
mod charge;
mod ip_hash;
mod key;
mod least_load;
mod least_requests;
mod lines;
mod live_keys;
mod outputs;
mod pick;
mod priority;
mod queue;
mod random;
mod round_robin;
mod rows;
mod skip;
mod strategy;
#[cfg(test)]
mod tests;
mod upstreams;
mod weighted;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use tokio::time::Instant;
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::{KeyLimits, KeyState, KeyStatus};
use tollgate_domain::failure::Failure;

pub(crate) use changes::Changes;
pub(crate) use charge::{Charge, Outcome};
pub(crate) use pick::MAX_NAMED;
pub(crate) use rows::News;
pub use skip::SkipReason;

use crate::error::KeyRefusal;
use crate::key_state::{Carried, Change};
use crate::retry::RetryBudget;
use crate::snapshot::KeyEntry;
use key::LiveKey;
use lines::Lines;
use live_keys::LiveKeys;
use outputs::Outputs;
use queue::Queue;
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
    /// Whose candidacy it is.
    pub key: ApiKeyId,
    /// Its place among the keys that were offered.
    pub place: u32,
    /// Its place among the live keys.
    pub slot: u32,
    /// Higher goes first.
    pub priority: i64,
    /// Its share under a weighted strategy; from 0 up.
    pub weight: i64,
    /// What that strategy owes it.
    pub credit: i64,
    /// The larger of the minute's requests and tokens against their limits, in thousandths; for strategies
    /// that go by it.
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
    /// Which attempt of a call it is for.
    pub attempt: Try,
    /// The caller's address.
    pub caller: Option<&'a str>,
    /// A number from 0 up to, but not including, 1, for strategies that draw.
    pub chance: f64,
    /// Now.
    pub now: Moment,
}

/// Which attempt of a call a key is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// The first at its provider.
    First,
    /// A further one, with a key that the call has not tried, after one that fared ill.
    OtherKey,
    /// Any other further one.
    Again,
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
#[derive(Debug, Default)]
pub struct Picked {
    /// The key, charged; `None` when none can carry the call.
    pub taken: Option<(Arc<KeyEntry>, Charge)>,
    /// Active keys that could not, and why: the first of them, where another one could.
    pub skipped: Vec<KeyRefusal>,
    /// How many more could not.
    pub more: usize,
}

/// Which key a call would get now, as this instance knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The key; `None` where none can carry a call, or chance or the caller's address decides
    /// among several.
    pub next: Option<ApiKeyId>,
    /// Keys that could carry it.
    pub ready: Vec<ApiKeyId>,
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
    /// Limits that the provider told, for those that an operator left open.
    pub told: KeyLimits,
    /// Whether it can be used, and why not.
    pub state: KeyState,
}

/// The live side of a provider's keys. It outlives snapshots.
#[derive(Debug)]
pub struct Pool {
    epoch: Instant,
    changes: Arc<Changes>,
    state: Mutex<PoolState>,
    queue: Queue,
}

#[derive(Debug)]
struct PoolState {
    keys: LiveKeys,
    /// The rows of the keys that were picked from last.
    lines: Lines,
    upstreams: Upstreams,
    retries: RetryBudget,
    outputs: Outputs,
    /// The key that was taken last.
    last: Option<ApiKeyId>,
    /// The candidates of the pick that is being made; kept for its memory.
    candidates: Vec<Candidate>,
    /// What they weigh together.
    weight: i64,
    /// The places of active keys that are none; likewise.
    skipped: Vec<usize>,
}

impl Pool {
    /// A pool without keys; `changes` hears of every state that has to be written.
    #[must_use]
    pub fn new(changes: Arc<Changes>, epoch: Instant) -> Self {
        let state = PoolState {
            keys: LiveKeys::default(),
            lines: Lines::default(),
            upstreams: Upstreams::default(),
            retries: RetryBudget::new(epoch),
            outputs: Outputs::default(),
            last: None,
            candidates: Vec::new(),
            weight: 0,
            skipped: Vec::new(),
        };
        Self { epoch, changes, state: Mutex::new(state), queue: Queue::default() }
    }

    /// Whether one more retry would be within the budget of retries.
    pub fn allows_retry(&self, now: Instant) -> bool {
        self.state.lock().retries.allows_retry(now)
    }

    /// How much `key` is used; nothing for a key the pool has never seen.
    pub fn live(self: &Arc<Self>, key: ApiKeyId, now: Moment) -> KeyUse {
        let mut state = self.state.lock();
        let Some(live) = state.keys.get_mut(key) else { return KeyUse::default() };
        let change = live.health.expire(now.utc);
        self.note(key, live, change);
        let (rpm_used, tpm_used, rpd_used) = live.used(now);
        let (in_flight, state) = (live.in_flight, live.health.state().clone());
        KeyUse { rpm_used, tpm_used, rpd_used, in_flight, told: *live.told, state }
    }

    /// Ends rests that are over, so that the database hears of it.
    pub fn expire(self: &Arc<Self>, now: DateTime<Utc>) {
        for (key, live) in self.state.lock().keys.iter_mut() {
            let change = live.health.expire(now);
            self.note(key, live, change);
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

    /// How many tokens an answer of `model` is expected to have, from what the last ones had.
    pub fn expected_output(&self, model: &str) -> i64 {
        self.state.lock().outputs.expected(model)
    }

    /// An answer of `model` had so many tokens.
    pub fn answered(&self, model: &str, tokens: i64) {
        self.state.lock().outputs.answered(model, tokens);
    }

    /// Believes that an address has capacity again.
    pub fn forget_upstream(&self, base_url: &str) {
        self.state.lock().upstreams.forget(base_url);
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
        state.keys.get_mut(key).map_or(Change::Nothing, |live| act(live, self))
    }

    /// Marks a changed state as to be written.
    fn note(self: &Arc<Self>, key: ApiKeyId, live: &mut LiveKey, change: Change) {
        if change == Change::State {
            live.touched = self.changes.stamp();
            self.changes.mark(key, self);
        }
    }
}
