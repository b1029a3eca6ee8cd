//! A value that changes, as calls see it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tollgate_domain::Secret;
use tollgate_domain::credential::Credential;
use tollgate_domain::failure::{Failure, FailureClass};

use super::{RenewError, Renewed, Value};
use crate::error::transient;

/// A credential whose value is got from a service, with the value that it has.
#[derive(Debug)]
pub struct Live {
    credential: Mutex<Credential>,
    identity: Secret<String>,
    backup: Option<Arc<Secret<String>>>,
    held: watch::Sender<Held>,
    wanted: Notify,
}

#[derive(Clone, Debug, Default)]
struct Held {
    value: Option<Value>,
    /// A value that the provider refused: it is not given out again.
    refused: Option<Arc<Secret<String>>>,
    /// Whether the provider's refusal has to be answered with another value.
    is_asked: bool,
    /// How often a new value was asked for, and how the last time ended.
    tries: u64,
    failed: Option<RenewError>,
}

/// Why a call gets no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost(RenewError);

impl Live {
    /// The credential's live side; `None` for a fixed one.
    #[must_use]
    pub fn new(credential: Credential) -> Option<Self> {
        let (backup, value) = match &credential {
            Credential::Static(_) => return None,
            Credential::Remote(remote) => (remote.backup.clone().map(Arc::new), None),
            Credential::OAuth2(oauth2) => (None, super::oauth2::held(oauth2)),
        };
        Some(Self {
            identity: credential.identity(),
            backup,
            held: watch::Sender::new(Held { value, ..Held::default() }),
            wanted: Notify::new(),
            credential: Mutex::new(credential),
        })
    }

    /// Whether `credential` is this one, tokens apart.
    #[must_use]
    pub fn is_of(&self, credential: &Credential) -> bool {
        fn settings(credential: Credential) -> Credential {
            match credential {
                Credential::OAuth2(oauth2) => Credential::OAuth2(super::oauth2::settings(oauth2)),
                credential => credential,
            }
        }
        self.identity == credential.identity()
            && settings(self.credential()) == settings(credential.clone())
    }

    /// The credential as it is now.
    #[must_use]
    pub fn credential(&self) -> Credential {
        self.credential.lock().clone()
    }

    /// The value of a call that begins `now`, without waiting: the one held while it lives, else the
    /// backup once the service was asked in vain. `None` while nobody knows yet.
    ///
    /// # Errors
    /// Where the service was asked in vain and there is no backup.
    pub fn current(&self, now: DateTime<Utc>) -> Option<Result<Arc<Secret<String>>, Lost>> {
        let held = self.held.borrow();
        match &held.value {
            Some(value) if now < value.expires_at => {
                if now >= value.refresh_at {
                    self.wanted.notify_one();
                }
                Some(Ok(Arc::clone(&value.secret)))
            }
            _ => {
                self.wanted.notify_one();
                let failed = held.failed.clone()?;
                Some(self.fallback(&held).ok_or(Lost(failed)))
            }
        }
    }

    /// The same, waiting for the service where nobody knows yet.
    ///
    /// # Errors
    /// As [`Live::current`].
    pub async fn value(
        &self,
        now: impl Fn() -> DateTime<Utc>,
    ) -> Result<Arc<Secret<String>>, Lost> {
        let mut changes = self.held.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(value) = self.current(now()) {
                return value;
            }
            changes.changed().await.expect("the sender lives in self");
        }
    }

    /// Another value than `refused`, which the provider did not take: asked for once, however many
    /// were refused it; the backup where the service has none. `None` where there is none.
    pub async fn instead_of(
        &self,
        refused: &Secret<String>,
        now: impl Fn() -> DateTime<Utc>,
    ) -> Option<Arc<Secret<String>>> {
        let mut changes = self.held.subscribe();
        let mut asked_at = None;
        self.held.send_if_modified(|held| {
            let is_held = held.value.as_ref().is_some_and(|value| *value.secret == *refused);
            if is_held && !held.is_asked {
                held.is_asked = true;
            }
            if is_held {
                asked_at = Some(held.tries);
            }
            false
        });
        let Some(tries) = asked_at else {
            // Somebody has got another one meanwhile, or it was the backup.
            let value = self.value(now).await.ok()?;
            return (*value != *refused).then_some(value);
        };
        self.wanted.notify_one();
        changes.wait_for(|held| held.tries > tries).await.expect("the sender lives in self");
        let held = self.held.borrow();
        let value = match held.value.as_ref().filter(|value| now() < value.expires_at) {
            Some(value) => Arc::clone(&value.secret),
            None => self.fallback(&held)?,
        };
        (*value != *refused).then_some(value)
    }

    /// When the next value has to be asked for; `None` for at once.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let held = self.held.borrow();
        held.value.as_ref().filter(|_| !held.is_asked).map(|value| value.refresh_at)
    }

    /// Whether a value is held that lives `now`.
    #[must_use]
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        self.held.borrow().value.as_ref().is_some_and(|value| now < value.expires_at)
    }

    /// Whether the provider refused the value that is held.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.held.borrow().is_asked
    }

    /// Returns when a call finds that the next value is due.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Lets the keeper look again at what is due.
    pub fn wake(&self) {
        self.wanted.notify_one();
    }

    /// Takes in what came of asking the service.
    pub fn settle(&self, outcome: Result<Renewed, RenewError>) {
        if let Ok(Renewed { credential: Some(credential), .. }) = &outcome {
            *self.credential.lock() = credential.clone();
        }
        self.held.send_modify(|held| {
            held.tries += 1;
            let was_asked = std::mem::take(&mut held.is_asked);
            match outcome {
                Ok(renewed) => {
                    held.value = Some(renewed.value);
                    held.failed = None;
                    held.refused = None;
                }
                Err(error) => {
                    // The provider does not take it, so it is of no use to hold it until its end.
                    if was_asked {
                        held.refused = held.value.take().map(|value| value.secret);
                    }
                    held.failed = Some(error);
                }
            }
        });
    }

    /// The value that is held, whether it lives or not.
    #[must_use]
    pub fn held(&self) -> Option<Value> {
        self.held.borrow().value.clone()
    }

    fn fallback(&self, held: &Held) -> Option<Arc<Secret<String>>> {
        let backup = self.backup.as_ref()?;
        let is_refused = held.refused.as_ref().is_some_and(|refused| refused == backup);
        (!is_refused).then(|| Arc::clone(backup))
    }
}

impl Lost {
    /// What a call is told: another key may do, and this one too once the service is back, unless
    /// its account is closed.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let message = format!("the key's value cannot be had: {}", self.0.message);
        match self.0.is_final {
            true => Failure::new(FailureClass::KeyRefused, message),
            false => transient(message),
        }
    }
}
