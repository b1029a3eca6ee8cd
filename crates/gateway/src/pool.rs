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
mod upstreams;

use std::collections::{HashMap, HashSet};
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
use crate::key_state::{Carried, Change, Health};
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

/// What a newly read row of a key is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Its secret is another one than before.
    NewSecret,
    /// Its address is another one than before, or it opens since now, or no longer.
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

    /// Takes in what the database says of a key, as it was read after `loaded` on the scale of
    /// [`Changes`].
    ///
    /// A key that was never seen begins as its row says, and so does one that was `Replaced`; a new
    /// secret begins anew. Else the live state is the newer one while it is unwritten or was touched
    /// since `loaded`. Otherwise the row tells what somebody else has found or decided since, and is
    /// believed; but not for a `cooling`, which only says how the key fares from where they are.
    pub fn adopt(self: &Arc<Self>, entry: &KeyEntry, news: News, loaded: u64, now: DateTime<Utc>) {
        let key = &entry.key;
        let mut state = self.state.lock();
        let Some(live) = state.keys.get_mut(&key.id) else {
            state.keys.insert(key.id, LiveKey::new(key, self.epoch, now));
            return;
        };
        live.count_at_least(key, now);
        if matches!(news, News::NewSecret | News::Replaced) {
            // What the row says of a new secret may be what was on its way for the old one, unless
            // somebody has validated it.
            let is_unproven = news == News::NewSecret && key.last_validated_at.is_none();
            let begins = if is_unproven { KeyState::default() } else { key.state.clone() };
            self.changes.clear(key.id);
            let change = if begins == key.state { Change::Nothing } else { Change::State };
            live.generation += 1;
            live.health = Health::new(begins, now);
            live.touched = self.changes.stamp();
            self.note(key.id, live, change);
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

    /// Forgets what is not among `keys`, but for keys that still carry something.
    pub fn retain(&self, keys: &[Arc<KeyEntry>]) {
        let ids: HashSet<ApiKeyId> = keys.iter().map(|entry| entry.key.id).collect();
        let upstreams = keys.iter().filter_map(|entry| entry.upstream.as_ref());
        let base_urls: HashSet<&str> = upstreams.map(|upstream| &*upstream.base_url).collect();
        let mut state = self.state.lock();
        state.keys.retain(|key, live| ids.contains(key) || live.in_flight > 0);
        state.upstreams.retain(|base_url| base_urls.contains(base_url));
    }

    /// Believes that an address has capacity again.
    pub fn forget_upstream(&self, base_url: &str) {
        self.state.lock().upstreams.forget(base_url);
    }

    /// The state of `key` to be written, and a mark to give back once it is.
    pub fn to_write(&self, key: ApiKeyId) -> Option<(KeyState, u64)> {
        let state = self.state.lock();
        state.keys.get(&key).map(|live| (live.health.state().clone(), live.touched))
    }

    /// Notes that the state of `key` marked `touched` is in the database; where that is no longer
    /// its state, the newer one is written next.
    pub fn written(self: &Arc<Self>, key: ApiKeyId, touched: u64) {
        let mut state = self.state.lock();
        match state.keys.get_mut(&key) {
            Some(live) if live.touched == touched => live.touched = self.changes.stamp(),
            Some(_) => return self.changes.mark(key, self),
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
