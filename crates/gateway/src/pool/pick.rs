//! One step under the pool's lock: who can carry the call, whom the strategy takes, and the charge.

use std::sync::Arc;

use tokio::time::Instant;
use tollgate_domain::ApiKeyId;
use tollgate_domain::provider::Strategy;
use tollgate_providers::Upstream;

use crate::error::KeyRefusal;
use crate::key_state::Standing;
use crate::pool::key::{LiveKey, Load, Skip, limit};
use crate::pool::lines::{Bounds, Line};
use crate::pool::live_keys::LiveKeys;
use crate::pool::strategy::{Draw, choose};
use crate::pool::weighted::Turn;
use crate::pool::{
    Ask, Candidate, Charge, Outlook, Picked, Pool, PoolState, SkipReason, Trial, Try, weighted,
};
use crate::snapshot::KeyEntry;

/// Keys that were passed over for another one that are told by name: as many as a record holds.
pub(crate) const MAX_NAMED: usize = 20;

impl Pool {
    /// Takes the key of `keys`, which are in the order of their ids, that `strategy` prefers among
    /// those which may carry the call and are `wanted`, and charges it. Beyond the budget of retries
    /// there are none but those that go to another key which is known to answer, or is not known
    /// at all while a single one fails: then the others save every call, and in an outage there
    /// soon is no such key. A pick that takes none leaves everything as it was.
    pub fn pick(
        self: &Arc<Self>,
        keys: &[Arc<KeyEntry>],
        strategy: Strategy,
        ask: &Ask<'_>,
        wanted: impl Fn(ApiKeyId) -> bool,
    ) -> Picked {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        let is_retry = ask.attempt != Try::First;
        let is_beyond_budget = is_retry && !state.retries.allows_retry(ask.now.instant);
        if is_beyond_budget && ask.attempt == Try::Again {
            return Picked::default();
        }
        self.gather(state, keys, &ask.load(self.epoch), &wanted, is_beyond_budget);
        let (chosen, turn) = state.chosen(strategy, ask);
        let named = if chosen.is_some() { MAX_NAMED } else { usize::MAX };
        let skipped = self.name_skipped(state, keys, ask, &wanted, named);
        let more = state.skipped.len() - skipped.len();
        let taken = chosen.map(|chosen| self.take(state, keys, chosen, turn, ask));
        Picked { taken, skipped, more }
    }

    /// What a pick by `strategy` would come to. It takes no key and leaves everything as it was.
    pub(crate) fn outlook(
        &self,
        keys: &[Arc<KeyEntry>],
        strategy: Strategy,
        ask: &Ask<'_>,
    ) -> Outlook {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        self.gather(state, keys, &ask.load(self.epoch), &|_| true, false);
        let (chosen, _) = state.chosen(strategy, ask);
        let ready: Vec<ApiKeyId> = state.candidates.iter().map(|one| one.key).collect();
        let is_drawn = ready.len() > 1
            && matches!(strategy, Strategy::Random | Strategy::LeastRequests | Strategy::IpHash);
        let next = chosen.filter(|_| !is_drawn).map(|place| ready[place]);
        let skipped = self.name_skipped(state, keys, ask, &|_| true, usize::MAX);
        Outlook { next, ready, skipped }
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
        self.gather(&mut state, keys, &ask.load(self.epoch), &|_| true, false);
        !state.candidates.is_empty()
    }

    /// Finds the candidates, and the places of active keys that are none.
    fn gather(
        &self,
        state: &mut PoolState,
        keys: &[Arc<KeyEntry>],
        load: &Load<'_>,
        wanted: &impl Fn(ApiKeyId) -> bool,
        is_beyond_budget: bool,
    ) {
        let PoolState { keys: live_keys, lines, upstreams, candidates, weight, skipped, .. } =
            state;
        candidates.clear();
        skipped.clear();
        *weight = 0;
        let rows = lines.of(keys, |(place, entry)| self.line(live_keys, place, entry, load));
        let all_are_rested = upstreams.is_empty();
        let is_outage = is_beyond_budget && {
            let is_failing = |line: &&Line| !live_keys.at(line.slot).health.is_unblemished();
            rows.iter().filter(is_failing).count() > 1
        };
        for line in rows {
            let may_go =
                |upstream: &Upstream| upstreams.check(&upstream.base_url, load.now.utc).is_ok();
            let is_rested = || {
                all_are_rested || keys[line.place as usize].upstream.as_deref().is_some_and(may_go)
            };
            let live = live_keys.at(line.slot);
            let is_trusted = !is_beyond_budget
                || (live.health.is_unblemished() && (live.has_answered || !is_outage));
            let is_fit = is_trusted && live.may_carry(line, load);
            if is_fit && line.is_open && is_rested() && wanted(line.key) {
                *weight += line.weight;
                let candidate = live.candidate(line);
                candidates.push(Candidate { credit: live_keys.credit(line.slot), ..candidate });
            } else {
                skipped.push(line.place as usize);
            }
        }
    }

    /// The row of a key, which is taken in where it is not known yet.
    fn line(
        &self,
        live_keys: &mut LiveKeys,
        place: u32,
        entry: &KeyEntry,
        load: &Load<'_>,
    ) -> Line {
        let key = &entry.key;
        let new = || LiveKey::new(key, self.epoch, load.now.utc);
        // Keys are in the order of their ids here and there: those before it stay in their places.
        let slot = live_keys.place(key.id, new);
        Line {
            key: key.id,
            place,
            slot,
            is_open: entry.upstream.is_some(),
            priority: key.priority,
            weight: weighted::weight(key.weight),
            bounds: Bounds::of(&live_keys.at(slot).limits(key)),
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
        // Nothing but the budget of retries keeps a key from a call without an obstacle of its own.
        let named = entries.map(|entry| {
            let known = self.obstacle(state, entry, ask, wanted);
            refusal(entry, known.unwrap_or((SkipReason::RetryBudget, None)))
        });
        let named = named.collect();
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
        Some(refusal(entry, self.obstacle(state, entry, ask, wanted)?))
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
        if state.keys.get(key.id).is_none() {
            state.lines.forget();
        }
        let slot = state.keys.place(key.id, new);
        let own = state.keys.at(slot).refusal(key, &ask.load(self.epoch));
        own.or_else(|| state.upstreams.check(&upstream.base_url, ask.now.utc).err())
            .or_else(|| (!wanted(key.id)).then_some((SkipReason::Tried, None)))
    }

    /// Charges the candidate that was chosen, and moves the strategy on.
    fn take(
        self: &Arc<Self>,
        state: &mut PoolState,
        keys: &[Arc<KeyEntry>],
        chosen: usize,
        turn: Option<Turn>,
        ask: &Ask<'_>,
    ) -> (Arc<KeyEntry>, Charge) {
        let PoolState { keys: live_keys, candidates, .. } = &mut *state;
        if let Some(turn) = turn {
            weighted::credit(candidates, &turn, chosen, |candidate, credit| {
                live_keys.set_credit(candidate.slot, credit);
            });
        }
        let (place, slot) = (candidates[chosen].place, candidates[chosen].slot);
        let entry = &keys[place as usize];
        state.last = Some(entry.key.id);
        (Arc::clone(entry), self.charge(state, entry, slot, ask))
    }

    fn charge(
        self: &Arc<Self>,
        state: &mut PoolState,
        entry: &KeyEntry,
        slot: u32,
        ask: &Ask<'_>,
    ) -> Charge {
        let now = ask.now;
        match ask.attempt {
            Try::First => state.retries.count_request(now.instant),
            Try::OtherKey | Try::Again => state.retries.count_retry(now.instant),
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

fn refusal(entry: &KeyEntry, (reason, available_at): Skip) -> KeyRefusal {
    let (key_id, key_name) = (entry.key.id, entry.key.name.clone());
    KeyRefusal { key_id, key_name, reason, available_at }
}

impl PoolState {
    /// The candidate that `strategy` takes, and how the turn is shared where it goes by turns.
    fn chosen(&self, strategy: Strategy, ask: &Ask<'_>) -> (Option<usize>, Option<Turn>) {
        let turn =
            (strategy == Strategy::Weighted).then(|| Turn::of(self.candidates.len(), self.weight));
        let draw = Draw { chance: ask.chance, caller: ask.caller, last: self.last, turn };
        (choose(strategy, &self.candidates, &draw), turn)
    }
}

impl<'a> Ask<'a> {
    fn load(&self, epoch: Instant) -> Load<'a> {
        let Self { model, tokens, now, .. } = *self;
        let second = now.instant.saturating_duration_since(epoch).as_secs();
        Load { model, tokens, now, second, today: now.utc.date_naive() }
    }
}
