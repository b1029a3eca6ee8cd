//! Renewing one credential, ahead of its end and when a provider refused its value.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;
use tollgate_domain::Clock;
use tollgate_domain::credential::Credential;
use tollgate_providers::HttpClient;
use tollgate_providers::credential::{Live, RenewError, Renewed, renew};
use tollgate_store::api_keys::{Claim, SealedCredential};
use tollgate_store::{Store, StoreError};

use super::Keeping;

/// How often a service is asked before it is let rest.
const TRIES: u32 = 3;
/// How long one instance may take to renew a credential, before another one may.
const CLAIM: TimeDelta = TimeDelta::seconds(30);
/// How long to wait before another look at a credential that another instance renews.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// The longest sleep at once: clocks are set, and machines sleep.
const MAX_SLEEP: Duration = Duration::from_secs(600);

/// How long to wait between tries.
#[derive(Clone, Copy, Debug)]
pub struct RenewalPauses {
    /// Between two tries of a round.
    pub between_tries: Duration,
    /// After a round in vain.
    pub after_round: Duration,
}

impl Default for RenewalPauses {
    fn default() -> Self {
        Self { between_tries: Duration::from_secs(1), after_round: Duration::from_secs(10) }
    }
}

/// What a task renews credentials with.
pub(crate) struct Renewer {
    pub(crate) http: HttpClient,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) pauses: RenewalPauses,
}

/// Keeps one credential renewed until it is replaced or removed.
pub(crate) async fn keep(renewer: Renewer, keeping: Keeping) {
    let stop = keeping.stop.clone();
    stop.run_until_cancelled(Task { renewer, keeping, is_unsaved: false }.run()).await;
}

struct Task {
    renewer: Renewer,
    keeping: Keeping,
    /// Whether there are tokens that the database has not heard of.
    is_unsaved: bool,
}

impl Task {
    async fn run(mut self) {
        loop {
            self.until_due().await;
            let had_value = self.live().held().is_some();
            if !self.round(had_value).await {
                self.rest().await;
            }
        }
    }

    fn live(&self) -> &Live {
        &self.keeping.live
    }

    fn now(&self) -> DateTime<Utc> {
        self.renewer.clock.now()
    }

    /// Returns when the next value is to be asked for.
    async fn until_due(&mut self) {
        loop {
            if self.is_unsaved {
                self.save().await;
            }
            let is_used = self.keeping.is_used.load(Ordering::Relaxed);
            let now = self.now();
            let left = match self.live().due() {
                Some(at) if at > now => (at - now).to_std().unwrap_or_default().min(MAX_SLEEP),
                _ if is_used || self.live().is_refused() => return,
                _ => MAX_SLEEP,
            };
            let left =
                if self.is_unsaved { left.min(self.renewer.pauses.between_tries) } else { left };
            let is_wanted = tokio::select! {
                () = sleep(left) => false,
                () = self.live().wanted() => true,
            };
            // One that is not used is asked for when somebody wants to know whether it works.
            if is_wanted && self.live().due().is_none_or(|at| at <= self.now()) {
                return;
            }
        }
    }

    /// Asks the service up to three times; whether it gave a value.
    async fn round(&mut self, had_value: bool) -> bool {
        for number in 1..=TRIES {
            let outcome = self.once().await;
            let error = outcome.as_ref().err().cloned();
            self.live().settle(outcome);
            let key = self.keeping.key;
            let Some(error) = error else {
                let what = if had_value { "refreshed" } else { "fetched" };
                tracing::info!(key.id = %key, "The value of a key was {what}");
                return true;
            };
            if error.is_final {
                tracing::error!(key.id = %key, "The value of a key cannot be had: {error}");
                return false;
            }
            tracing::warn!(key.id = %key, "Getting the value of a key failed {number}/{TRIES}: {error}");
            if number < TRIES {
                sleep(self.renewer.pauses.between_tries).await;
            }
        }
        let goes_on = match self.live().current(self.now()) {
            Some(Ok(_)) if self.live().is_alive(self.now()) => "the old one is used while it lives",
            Some(Ok(_)) => "the backup is used",
            _ => "the key is not used",
        };
        tracing::error!(key.id = %self.keeping.key, "Getting the value of a key failed, all failed: {goes_on}");
        false
    }

    /// Lets the service rest, unless a provider refuses the value that is held.
    async fn rest(&self) {
        let pause = sleep(self.renewer.pauses.after_round);
        tokio::pin!(pause);
        while !self.live().is_refused() {
            tokio::select! {
                () = &mut pause => return,
                () = self.live().wanted() => {}
            }
        }
    }

    /// Asks once.
    async fn once(&mut self) -> Result<Renewed, RenewError> {
        let credential = self.live().credential();
        let (http, now) = (&self.renewer.http, self.now());
        if !matches!(credential, Credential::OAuth2(_)) {
            return renew(http, &credential, now).await;
        }
        let (claimed, theirs) = match self.claim().await {
            Ok(claimed) => claimed,
            Err(StoreError::Unavailable(_)) => {
                // Whoever is called must be served: the database hears of it afterwards.
                let renewed = renew(http, &credential, now).await;
                self.is_unsaved |= renewed.is_ok();
                return renewed;
            }
            Err(error) => return Err(RenewError { message: error.to_string(), is_final: false }),
        };
        if let Some(renewed) = theirs {
            self.end(&claimed, None).await;
            return Ok(renewed);
        }
        // The database has what another instance got last, but for what we could not tell it.
        let stored = Credential::parse(claimed.kind, &claimed.secret);
        let base = match stored {
            Ok(stored) if !self.is_unsaved && self.live().is_of(&stored) => stored,
            _ => credential,
        };
        let renewed = renew(http, &base, now).await;
        let to_store = renewed.as_ref().ok().and_then(|renewed| renewed.credential.clone());
        self.end(&claimed, to_store.as_ref()).await;
        renewed
    }

    /// Claims the credential; with its next value where another instance has got one.
    async fn claim(&self) -> Result<(SealedCredential, Option<Renewed>), StoreError> {
        let keys = self.renewer.store.api_keys();
        loop {
            let now = self.now();
            let (found, is_mine) =
                match keys.claim_renewal(self.keeping.key, now + CLAIM, now).await? {
                    Claim::Mine(found) => (found, true),
                    Claim::Busy(found) => (found, false),
                };
            if is_mine {
                let theirs = self.newer(&found);
                return Ok((found, theirs));
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// The value in `found`, where it is another one than ours and not due either.
    fn newer(&self, found: &SealedCredential) -> Option<Renewed> {
        let stored = Credential::parse(found.kind, &found.secret).ok()?;
        if !self.live().is_of(&stored) {
            return None;
        }
        let value = Live::new(stored.clone())?.held()?;
        let is_ours = self.live().held().is_some_and(|held| held.secret == value.secret);
        let is_new = !is_ours && value.refresh_at > self.now();
        is_new.then_some(Renewed { value, credential: Some(stored) })
    }

    /// Ends a claim, and stores what is new.
    async fn end(&mut self, claimed: &SealedCredential, renewed: Option<&Credential>) {
        let secret = renewed.map(Credential::to_secret);
        let keys = self.renewer.store.api_keys();
        let ended = keys.end_renewal(self.keeping.key, claimed, secret.as_ref(), self.now()).await;
        match ended {
            Ok(()) if renewed.is_some() => self.is_unsaved = false,
            // It was deleted or replaced, and nobody asks for these tokens any more.
            Ok(()) | Err(StoreError::NotFound) => {}
            Err(error) => {
                self.is_unsaved |= renewed.is_some();
                tracing::warn!(
                    key.id = %self.keeping.key,
                    "The new tokens of a key wait in memory to be stored: {error}"
                );
            }
        }
    }

    /// Stores what the database has not heard of.
    async fn save(&mut self) {
        let now = self.now();
        let keys = self.renewer.store.api_keys();
        match keys.claim_renewal(self.keeping.key, now + CLAIM, now).await {
            Ok(Claim::Mine(found)) => {
                let ours = self.live().credential();
                self.end(&found, Some(&ours)).await;
            }
            Err(StoreError::NotFound) => self.is_unsaved = false,
            Ok(Claim::Busy(_)) | Err(_) => {}
        }
    }
}
