//! What a pool and the database tell each other of keys.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::{KeyLimits, KeyState, KeyStatus};

use crate::key_state::Change;
use crate::pool::Pool;
use crate::pool::key::LiveKey;
use crate::snapshot::KeyEntry;

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

impl Pool {
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
        state.lines.forget();
        let Some(live) = state.keys.get_mut(key.id) else {
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
            live.has_answered = false;
            *live.told = KeyLimits::default();
            live.health.set(begins, now);
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
        state.lines.forget();
        state.keys.retain(|key, live| ids.contains(&key) || live.in_flight > 0);
        state.upstreams.retain(|base_url| base_urls.contains(base_url));
    }

    /// The state of `key` to be written, and a mark to give back once it is.
    pub fn to_write(&self, key: ApiKeyId) -> Option<(KeyState, u64)> {
        let state = self.state.lock();
        state.keys.get(key).map(|live| (live.health.state().clone(), live.touched))
    }

    /// Notes that the state of `key` marked `touched` is in the database; where that is no longer
    /// its state, the newer one is written next.
    pub fn written(self: &Arc<Self>, key: ApiKeyId, touched: u64) {
        let mut state = self.state.lock();
        match state.keys.get_mut(key) {
            Some(live) if live.touched == touched => live.touched = self.changes.stamp(),
            Some(_) => return self.changes.mark(key, self),
            None => {}
        }
        self.changes.clear(key);
    }
}
