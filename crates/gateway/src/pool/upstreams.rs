//! Which addresses of a provider have no capacity at the moment.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use tollgate_domain::api_key::{KeyState, KeyStatus};
use tollgate_domain::failure::{Failure, FailureClass};

use crate::key_state::{Carried, Health, Standing};
use crate::pool::{Outcome, SkipReason};

/// The addresses that said of late that they are overloaded. Five times in a row, and an address
/// rests as a key does that failed as often, together with all keys that are used there.
#[derive(Debug, Default)]
pub(super) struct Upstreams {
    tired: HashMap<String, Health>,
}

impl Upstreams {
    /// Whether no address has to be asked about.
    pub(super) fn is_empty(&self) -> bool {
        self.tired.is_empty()
    }

    /// Whether a call may go to `base_url`, and whether it would be the one that tries whether the
    /// address has recovered; or from when it may.
    pub(super) fn check(
        &self,
        base_url: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, (SkipReason, Option<DateTime<Utc>>)> {
        match self.tired.get(base_url).map(|health| health.standing("", now)) {
            None | Some(Standing::Ready) => Ok(false),
            Some(Standing::Trial) => Ok(true),
            Some(Standing::Out(_, until)) => Err((SkipReason::Overloaded, until)),
        }
    }

    /// A call tries whether `base_url` has recovered.
    pub(super) fn begin_trial(&mut self, base_url: &str) {
        if let Some(health) = self.tired.get_mut(base_url) {
            health.begin_trial();
        }
    }

    /// A call to `base_url` came to an end.
    pub(super) fn settle(
        &mut self,
        base_url: &str,
        outcome: &Outcome<'_>,
        carried: &Carried<'_>,
        now: DateTime<Utc>,
    ) {
        match outcome {
            Outcome::Failed(failure, _) if failure.class == FailureClass::Overloaded => {
                let failure = Failure::new(FailureClass::Transient, &failure.message);
                self.tired
                    .entry(base_url.to_owned())
                    .or_insert_with(|| Health::new(KeyState::default(), now))
                    .fail(&failure, carried, now);
            }
            Outcome::Answered => {
                let Some(health) = self.tired.get_mut(base_url) else { return };
                health.succeed(carried, now);
                if health.state().status == KeyStatus::Normal {
                    self.tired.remove(base_url);
                }
            }
            Outcome::Failed(..) | Outcome::Untold if carried.is_trial => self.abandon(base_url),
            Outcome::Failed(..) | Outcome::Untold => {}
        }
    }

    /// A trial of `base_url` ended without telling anything.
    pub(super) fn abandon(&mut self, base_url: &str) {
        if let Some(health) = self.tired.get_mut(base_url) {
            health.abandon_trial();
        }
    }

    /// Believes that `base_url` has recovered.
    pub(super) fn forget(&mut self, base_url: &str) {
        self.tired.remove(base_url);
    }

    /// Forgets addresses that are no longer used.
    pub(super) fn retain(&mut self, is_used: impl Fn(&str) -> bool) {
        self.tired.retain(|base_url, _| is_used(base_url));
    }
}
