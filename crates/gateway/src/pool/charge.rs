//! What a key was charged with, until the call is over.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::KeyLimits;
use tollgate_domain::failure::Failure;
use tollgate_providers::Upstream;

use crate::key_state::{Carried, Change};
use crate::pool::{Moment, Pool, Trial};
use crate::window::Second;

/// A request that a key carries. It is given back by [`Charge::settle`]; a charge that is dropped
/// unsettled keeps the tokens it reserved, and says nothing about the key.
#[derive(Debug)]
#[must_use = "a charge that is dropped at once was for nothing"]
pub struct Charge {
    pub(super) pool: Arc<Pool>,
    pub(super) key: ApiKeyId,
    pub(super) upstream: Option<Arc<Upstream>>,
    pub(super) generation: u32,
    pub(super) second: Second,
    pub(super) tokens: i64,
    pub(super) begun: DateTime<Utc>,
    pub(super) trial: Trial,
    pub(super) is_settled: bool,
}

/// How a charged request ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// It was answered.
    Answered,
    /// It failed, for this model.
    Failed(&'a Failure, &'a str),
    /// It tells nothing about the key: the caller left, or their time ran out.
    Untold,
}

impl Charge {
    /// The answer begins: what this is the trial of has recovered, and need not wait for its end.
    pub fn answers(&mut self, now: DateTime<Utc>) {
        let trial = std::mem::replace(&mut self.trial, Trial::NONE);
        let carried = Carried { model: "", begun: self.begun, is_trial: true };
        if let Some(upstream) = self.upstream.as_ref().filter(|_| trial.of_upstream) {
            self.pool.settle_upstream(&upstream.base_url, &Outcome::Answered, &carried, now);
        }
        self.pool.with_key(self.key, |live, pool| {
            if live.generation != self.generation {
                return Change::Nothing;
            }
            live.has_answered = true;
            if !trial.of_key {
                return Change::Nothing;
            }
            let change = live.health.succeed(&carried, now);
            pool.note(self.key, live, change);
            change
        });
    }

    /// The provider told the key's limits.
    pub fn told(&self, limits: &KeyLimits) {
        if *limits == KeyLimits::default() {
            return;
        }
        let mut state = self.pool.state.lock();
        let live = state.keys.get_mut(self.key).filter(|live| live.generation == self.generation);
        if live.is_some_and(|live| live.learn(limits)) {
            state.lines.forget();
        }
    }

    /// Gives the key free, corrects its tokens to what was really `used`, and tells its health and
    /// that of its address. A refused key comes back as [`Change::NeedsCheck`] once, to the one who
    /// has to check it.
    pub fn settle(mut self, outcome: Outcome<'_>, used: i64, now: Moment) -> Change {
        self.is_settled = true;
        let (begun, Trial { of_key, of_upstream }) = (self.begun, self.trial);
        if let Some(upstream) = &self.upstream {
            let carried = Carried { model: "", begun, is_trial: of_upstream };
            self.pool.settle_upstream(&upstream.base_url, &outcome, &carried, now.utc);
        }
        let change = self.pool.with_key(self.key, |live, pool| {
            live.in_flight -= 1;
            live.correct(self.second, used - self.tokens, now.instant);
            if live.generation != self.generation {
                return Change::Nothing;
            }
            let is_trial = of_key;
            let change = match outcome {
                Outcome::Answered => {
                    live.has_answered = true;
                    live.health.succeed(&Carried { model: "", begun, is_trial }, now.utc)
                }
                Outcome::Failed(failure, model) => {
                    live.health.fail(failure, &Carried { model, begun, is_trial }, now.utc)
                }
                Outcome::Untold => {
                    if is_trial {
                        live.health.abandon_trial();
                    }
                    Change::Nothing
                }
            };
            pool.note(self.key, live, change);
            change
        });
        self.pool.queue.ended();
        change
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        if let Some(upstream) = self.upstream.as_ref().filter(|_| self.trial.of_upstream) {
            self.pool.abandon_upstream(&upstream.base_url);
        }
        self.pool.with_key(self.key, |live, _| {
            live.in_flight -= 1;
            if self.trial.of_key && live.generation == self.generation {
                live.health.abandon_trial();
            }
            Change::Nothing
        });
        self.pool.queue.ended();
    }
}
