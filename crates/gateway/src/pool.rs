//! A provider's keys: which one carries a call, and what they are charged with.
//!
//! Checking the limits, choosing and charging is one step under one short lock per provider, which
//! is never held across a wait.

pub(crate) mod priority;

mod changes;
mod charge;
mod key;
mod skip;
#[cfg(test)]
mod tests;

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
pub use skip::SkipReason;

use crate::error::KeyRefusal;
use crate::key_state::{Change, Health};
use crate::retry::RetryBudget;
use crate::snapshot::KeyEntry;
use key::{LiveKey, Load, Skip, limit};

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

/// What a newly read row of a key is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Its secret or its address is another one than before.
    Replaced,
    /// Somebody validated or reset it.
    Validated,
    /// Nothing in particular.
    Nothing,
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
    retries: RetryBudget,
}

impl Pool {
    /// A pool without keys; `changes` hears of every state that has to be written.
    #[must_use]
    pub fn new(changes: Arc<Changes>, epoch: Instant) -> Self {
        let retries = RetryBudget::new(epoch);
        let state = Mutex::new(PoolState { keys: HashMap::new(), retries });
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
                Ok((candidate, is_trial)) => {
                    candidates.push(candidate);
                    places.push((entry, is_trial));
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
            let (entry, is_trial) = places[chosen];
            (Arc::clone(entry), self.charge(&mut state, entry, is_trial, ask))
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

    /// Takes in what the database says of a key, as it was read after `loaded` on the scale of
    /// [`Changes`].
    ///
    /// A key that was never seen begins as its row says, and so does one that was `Replaced`. Else
    /// the live state is the newer one while it is unwritten or was touched since `loaded`.
    /// Otherwise the row tells what somebody else has found or decided since, and is believed; but
    /// not for a `cooling`, which only says how the key fares from where they are.
    pub fn adopt(&self, entry: &KeyEntry, news: News, loaded: u64, now: DateTime<Utc>) {
        let key = &entry.key;
        let mut state = self.state.lock();
        let Some(live) = state.keys.get_mut(&key.id) else {
            state.keys.insert(key.id, LiveKey::new(key, self.epoch, now));
            return;
        };
        live.count_at_least(key, now);
        if news == News::Replaced {
            live.generation += 1;
            live.health = Health::new(key.state.clone(), now);
            self.changes.clear(key.id);
            return;
        }
        let is_settled = live.touched <= loaded && !self.changes.is_dirty(key.id);
        let differs = key.state.status != live.health.state().status
            && key.state.status != KeyStatus::Cooling;
        if is_settled && (differs || news == News::Validated) {
            live.health.set(key.state.clone(), now);
        }
    }

    /// Puts `key` in `state`, which somebody decided and which is in the database already.
    pub fn decide(self: &Arc<Self>, key: ApiKeyId, state: KeyState, now: DateTime<Utc>) {
        self.with_key(key, |live, pool| {
            live.health.set(state, now);
            live.touched = pool.changes.stamp();
            pool.changes.clear(key);
            Change::Nothing
        });
    }

    /// Forgets keys that are no longer there and carry nothing.
    pub fn retain(&self, is_there: impl Fn(ApiKeyId) -> bool) {
        let mut state = self.state.lock();
        state.keys.retain(|key, live| is_there(*key) || live.in_flight > 0);
    }

    /// The state of `key` to be written, and a mark to give back once it is.
    pub fn to_write(&self, key: ApiKeyId) -> Option<(KeyState, u64)> {
        let state = self.state.lock();
        state.keys.get(&key).map(|live| (live.health.state().clone(), live.touched))
    }

    /// Notes that the state of `key` marked `touched` is in the database.
    pub fn written(&self, key: ApiKeyId, touched: u64) {
        let mut state = self.state.lock();
        match state.keys.get_mut(&key) {
            Some(live) if live.touched == touched => live.touched = self.changes.stamp(),
            Some(_) => return,
            None => {}
        }
        self.changes.clear(key);
    }

    fn consider(
        &self,
        state: &mut PoolState,
        entry: &KeyEntry,
        ask: &Ask<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
    ) -> Result<(Candidate, bool), Skip> {
        let key = &entry.key;
        if entry.upstream.is_none() {
            return Err((SkipReason::Undecryptable, None));
        }
        let live =
            state.keys.entry(key.id).or_insert_with(|| LiveKey::new(key, self.epoch, ask.now.utc));
        let load = Load { model: ask.model, tokens: ask.tokens, now: ask.now };
        let candidate = live.candidate(key, &load)?;
        if wanted(key.id) { Ok(candidate) } else { Err((SkipReason::Tried, None)) }
    }

    fn charge(
        self: &Arc<Self>,
        state: &mut PoolState,
        entry: &KeyEntry,
        is_trial: bool,
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
        let second = live.charge(tokens, now);
        if is_trial {
            live.health.begin_trial();
        }
        Charge {
            pool: Arc::clone(self),
            key: key.id,
            generation: live.generation,
            second,
            tokens,
            begun: now.utc,
            is_trial,
            is_settled: false,
        }
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
