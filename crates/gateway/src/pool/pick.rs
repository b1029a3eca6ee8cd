//! One step under the pool's lock: who can carry the call, whom the strategy takes, and the charge.

use std::sync::Arc;

use tollgate_domain::ApiKeyId;
use tollgate_domain::provider::Strategy;

use crate::error::KeyRefusal;
use crate::key_state::Standing;
use crate::pool::key::{LiveKey, Load, Skip, limit};
use crate::pool::strategy::{Draw, choose, weighs_use};
use crate::pool::{Ask, Charge, Picked, Pool, PoolState, SkipReason, Trial, weighted};
use crate::snapshot::KeyEntry;

/// Keys that were passed over for another one that are told by name: as many as a record holds.
pub(crate) const MAX_NAMED: usize = 20;

impl Pool {
    /// Takes the key of `keys`, which are in the order of their ids, that `strategy` prefers among
    /// those which may carry the call and are `wanted`, and charges it. A pick that takes none
    /// leaves everything as it was.
    pub fn pick(
        self: &Arc<Self>,
        keys: &[Arc<KeyEntry>],
        strategy: Strategy,
        ask: &Ask<'_>,
        wanted: impl Fn(ApiKeyId) -> bool,
    ) -> Picked {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        if ask.is_retry && !state.retries.allows_retry(ask.now.instant) {
            return Picked::default();
        }
        self.gather(state, keys, &ask.load(weighs_use(strategy)), &wanted);
        let draw = Draw { chance: ask.chance, caller: ask.caller, last: state.last };
        let chosen = choose(strategy, &state.candidates, &draw);
        let named = if chosen.is_some() { MAX_NAMED } else { usize::MAX };
        let skipped = self.name_skipped(state, keys, ask, &wanted, named);
        let more = state.skipped.len() - skipped.len();
        let taken = chosen.map(|chosen| self.take(state, keys, chosen, strategy, ask));
        Picked { taken, skipped, more }
    }

    /// Why each active key of `keys` that may not carry the call, or is not `wanted`, cannot.
    pub fn refusals(
        &self,
        keys: &[Arc<KeyEntry>],
        ask: &Ask<'_>,
        wanted: impl Fn(ApiKeyId) -> bool,
    ) -> Vec<KeyRefusal> {
        let mut state = self.state.lock();
        let active = keys.iter().filter(|entry| entry.key.is_active);
        active.filter_map(|entry| self.refusal(&mut state, entry, ask, &wanted)).collect()
    }

    /// Whether any of `keys` could carry the call now.
    pub(super) fn could_carry(&self, keys: &[Arc<KeyEntry>], ask: &Ask<'_>) -> bool {
        let mut state = self.state.lock();
        self.gather(&mut state, keys, &ask.load(false), &|_| true);
        !state.candidates.is_empty()
    }

    /// Finds the candidates, and the places of active keys that are none.
    fn gather(
        &self,
        state: &mut PoolState,
        keys: &[Arc<KeyEntry>],
        load: &Load<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
    ) {
        let PoolState { keys: live_keys, upstreams, candidates, skipped, .. } = state;
        candidates.clear();
        skipped.clear();
        let mut slot = 0;
        for (place, entry) in keys.iter().enumerate() {
            let key = &entry.key;
            if !key.is_active {
                continue;
            }
            let new = || LiveKey::new(key, self.epoch, load.now.utc);
            let here = live_keys.place(key.id, slot, new);
            slot = here + 1;
            let candidate = entry.upstream.as_ref().and_then(|upstream| {
                let mut candidate = live_keys.at(here).candidate(key, load)?;
                (candidate.place, candidate.slot) = (place, here);
                upstreams.check(&upstream.base_url, load.now.utc).ok()?;
                wanted(key.id).then_some(candidate)
            });
            match candidate {
                Some(candidate) => candidates.push(candidate),
                None => skipped.push(place),
            }
        }
    }

    /// Says of those that were skipped, at most so many, why.
    fn name_skipped(
        &self,
        state: &mut PoolState,
        keys: &[Arc<KeyEntry>],
        ask: &Ask<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
        most: usize,
    ) -> Vec<KeyRefusal> {
        let skipped = std::mem::take(&mut state.skipped);
        let entries = skipped.iter().take(most).map(|place| &keys[*place]);
        let named = entries.filter_map(|entry| self.refusal(state, entry, ask, wanted)).collect();
        state.skipped = skipped;
        named
    }

    fn refusal(
        &self,
        state: &mut PoolState,
        entry: &KeyEntry,
        ask: &Ask<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
    ) -> Option<KeyRefusal> {
        let (reason, available_at) = self.obstacle(state, entry, ask, wanted)?;
        let key_name = entry.key.name.clone();
        Some(KeyRefusal { key_id: entry.key.id, key_name, reason, available_at })
    }

    fn obstacle(
        &self,
        state: &mut PoolState,
        entry: &KeyEntry,
        ask: &Ask<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
    ) -> Option<Skip> {
        let key = &entry.key;
        let Some(upstream) = &entry.upstream else {
            return Some((SkipReason::Undecryptable, None));
        };
        let new = || LiveKey::new(key, self.epoch, ask.now.utc);
        let slot = state.keys.place(key.id, usize::MAX, new);
        let own = state.keys.at(slot).refusal(key, &ask.load(false));
        own.or_else(|| state.upstreams.check(&upstream.base_url, ask.now.utc).err())
            .or_else(|| (!wanted(key.id)).then_some((SkipReason::Tried, None)))
    }

    /// Charges the candidate that was chosen, and moves the strategy on.
    fn take(
        self: &Arc<Self>,
        state: &mut PoolState,
        keys: &[Arc<KeyEntry>],
        chosen: usize,
        strategy: Strategy,
        ask: &Ask<'_>,
    ) -> (Arc<KeyEntry>, Charge) {
        let PoolState { keys: live_keys, candidates, .. } = &mut *state;
        if strategy == Strategy::Weighted {
            for (candidate, credit) in candidates.iter().zip(weighted::credits(candidates, chosen))
            {
                live_keys.at(candidate.slot).credit = credit;
            }
        }
        let (place, slot) = (candidates[chosen].place, candidates[chosen].slot);
        let entry = &keys[place];
        state.last = Some(entry.key.id);
        (Arc::clone(entry), self.charge(state, entry, slot, ask))
    }

    fn charge(
        self: &Arc<Self>,
        state: &mut PoolState,
        entry: &KeyEntry,
        slot: usize,
        ask: &Ask<'_>,
    ) -> Charge {
        let now = ask.now;
        if ask.is_retry {
            state.retries.count_retry(now.instant);
        } else {
            state.retries.count_request(now.instant);
        }
        let live = state.keys.at(slot);
        let limits = live.limits(&entry.key);
        let tokens = limit(limits.tpm).map_or(ask.tokens, |limit| ask.tokens.min(limit));
        let (second, generation) = (live.charge(tokens, now), live.generation);
        let of_key = live.health.standing(ask.model, now.utc) == Standing::Trial;
        if of_key {
            live.health.begin_trial();
        }
        let mut of_upstream = false;
        if let Some(upstream) = &entry.upstream {
            of_upstream = state.upstreams.check(&upstream.base_url, now.utc) == Ok(true);
            if of_upstream {
                state.upstreams.begin_trial(&upstream.base_url);
            }
        }
        Charge {
            pool: Arc::clone(self),
            key: entry.key.id,
            upstream: entry.upstream.clone(),
            generation,
            second,
            tokens,
            begun: now.utc,
            trial: Trial { of_key, of_upstream },
            is_settled: false,
        }
    }
}

impl<'a> Ask<'a> {
    fn load(&self, weighs_use: bool) -> Load<'a> {
        let Self { model, tokens, now, .. } = *self;
        Load { model, tokens, now, today: now.utc.date_naive(), weighs_use }
    }
}
