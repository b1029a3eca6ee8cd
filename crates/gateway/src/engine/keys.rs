//! What operators do with keys: validate, reset, list what a provider serves.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout};
use tollgate_domain::api_key::{KeyState, KeyStatus};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::model::ListedModel;
use tollgate_domain::{ApiKeyId, ProviderId};
use tollgate_providers::{HttpClient, Upstream};
use tollgate_store::StoreError;

use crate::engine::send::{another, upstream_of};
use crate::engine::{Core, Engine};
use crate::error::{CallError, KeyError};
use crate::key_state::{CHECK_TIME, quota_state};
use crate::pool::{Ask, Outlook, Try};
use crate::snapshot::{KeyEntry, ProviderEntry};

/// Keys that are asked for a provider's models before giving up.
const MAX_LISTING_KEYS: usize = 3;

/// The longest that an operator's question waits for a key's value.
const MAX_VALUE_WAIT: Duration = Duration::from_secs(15);

/// What a provider says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the provider takes it.
    pub is_valid: bool,
    /// Why not, or why nobody can tell.
    pub reason: Option<String>,
    /// How long the answer took, in milliseconds.
    pub latency_ms: i64,
}

impl Engine {
    /// Asks the provider whether it takes the key, and sets the key's status to what it says. The
    /// status stays as it is where the provider could not be asked.
    ///
    /// # Errors
    /// `NotFound`; those of the database.
    pub async fn validate_key(
        &self,
        http: &HttpClient,
        key: ApiKeyId,
    ) -> Result<Verdict, KeyError> {
        let (provider, entry) = self.core.find_key(key)?;
        if entry.upstream.is_none() {
            let reason = entry.key.state.reason.clone();
            let reason = reason.unwrap_or_else(|| "the key does not open".to_owned());
            return Ok(Verdict { is_valid: false, reason: Some(reason), latency_ms: 0 });
        }
        let asked = Instant::now();
        let answer = self.core.validate(http, &entry).await;
        let latency_ms = i64::try_from(asked.elapsed().as_millis()).unwrap_or(i64::MAX);
        let is_same = self.core.is_still(key, &entry);
        if let Some(state) = self.core.state_after(&answer).filter(|_| is_same) {
            self.core.decide(&provider, key, state).await?;
        }
        let reason = answer.err().map(|failure| failure.message);
        Ok(Verdict { is_valid: reason.is_none(), reason, latency_ms })
    }

    /// Which key of `provider` a call of `model` with a short prompt would get now.
    #[must_use]
    pub fn outlook(&self, provider: &ProviderEntry, model: &str) -> Outlook {
        let ask = Ask {
            model,
            tokens: provider.pool.expected_output(model),
            attempt: Try::First,
            caller: None,
            chance: 0.0,
            now: self.core.moment(),
        };
        provider.pool.outlook(&provider.keys, provider.provider.lb_strategy, &ask)
    }

    /// Forgets what went wrong with a key: errors, cooling, a status other than `normal`, models
    /// it was denied, and that its address was overloaded.
    ///
    /// # Errors
    /// `NotFound`; those of the database.
    pub async fn reset_key(&self, key: ApiKeyId) -> Result<(), KeyError> {
        let (provider, entry) = self.core.find_key(key)?;
        if let Some(upstream) = &entry.upstream {
            provider.pool.forget_upstream(&upstream.base_url);
        }
        self.core.decide(&provider, key, KeyState::default()).await
    }

    /// The models that a provider lists, asked for with one of its active keys.
    ///
    /// # Errors
    /// `ProviderNotFound`, `NoAvailableKey` without an active key, or the last key's failure.
    pub async fn list_upstream_models(
        &self,
        http: &HttpClient,
        provider: ProviderId,
    ) -> Result<Vec<ListedModel>, CallError> {
        let snapshot = self.snapshot();
        let provider = snapshot
            .provider(provider)
            .ok_or_else(|| CallError::ProviderNotFound { provider: provider.to_string() })?;
        let mut last = None;
        for entry in self.listing_keys(provider) {
            let listing = |upstream: Arc<Upstream>| {
                let http = http.clone();
                async move { http.list_models(&upstream).await }
            };
            match self.core.ask(&entry, listing).await {
                Ok(models) => return Ok(models),
                Err(failure) if failure.class.may_try_other_key() => last = Some(failure),
                Err(failure) => return Err(listing_error(failure)),
            }
        }
        Err(last.map_or_else(|| self.without_key(provider), listing_error))
    }

    /// Active keys that open, those that fare well first, then by priority.
    fn listing_keys(&self, provider: &ProviderEntry) -> Vec<Arc<KeyEntry>> {
        let now = self.core.moment();
        let mut keys: Vec<Arc<KeyEntry>> = provider
            .keys
            .iter()
            .filter(|entry| entry.key.is_active && entry.upstream.is_some())
            .cloned()
            .collect();
        keys.sort_by_key(|entry| {
            let status = provider.pool.live(entry.key.id, now).state.status;
            (status != KeyStatus::Normal, std::cmp::Reverse(entry.key.priority), entry.key.id)
        });
        keys.truncate(MAX_LISTING_KEYS);
        keys
    }

    fn without_key(&self, provider: &ProviderEntry) -> CallError {
        let now = self.core.moment();
        let ask = Ask { model: "", tokens: 0, attempt: Try::First, caller: None, chance: 0.0, now };
        CallError::NoAvailableKey {
            providers: vec![provider.provider.code.clone()],
            retry_after: None,
            keys: provider.pool.refusals(&provider.keys, &ask, |_| true),
        }
    }
}

/// Asks a provider whether it takes the key of an upstream.
fn validating(
    http: &HttpClient,
) -> impl Fn(Arc<Upstream>) -> BoxFuture<'static, Result<(), Failure>> {
    let http = http.clone();
    move |upstream| {
        let http = http.clone();
        async move { http.validate(&upstream).await }.boxed()
    }
}

/// Whether `now` has the address and the secret that `then` had, whose upstream was `asked`.
fn is_same(now: &KeyEntry, then: &KeyEntry, asked: &Upstream) -> bool {
    let is_same_live = match (&now.live, &then.live) {
        (Some(now), Some(then)) => Arc::ptr_eq(now, then),
        (now, then) => now.is_none() == then.is_none(),
    };
    let Some(now) = now.upstream.as_deref().filter(|_| is_same_live) else { return false };
    now.base_url == asked.base_url && now.secret.expose() == asked.secret.expose()
}

fn listing_error(failure: Failure) -> CallError {
    match failure.class {
        FailureClass::Silent | FailureClass::Deadline => CallError::Timeout(failure),
        FailureClass::Overloaded | FailureClass::Transient => CallError::Provider(failure),
        _ => CallError::Rejected(failure),
    }
}

impl Core {
    pub(super) fn find_key(
        &self,
        key: ApiKeyId,
    ) -> Result<(Arc<ProviderEntry>, Arc<KeyEntry>), KeyError> {
        let snapshot = self.keeper.current();
        let (provider, entry) = snapshot.key(key).ok_or(KeyError::NotFound(key))?;
        Ok((Arc::clone(provider), Arc::clone(entry)))
    }

    /// The state that a validation leads to; `None` where it tells nothing.
    pub(super) fn state_after(&self, answer: &Result<(), Failure>) -> Option<KeyState> {
        let failure = match answer {
            Ok(()) => return Some(KeyState::default()),
            Err(failure) => failure,
        };
        match failure.class {
            FailureClass::KeyRefused => Some(KeyState {
                status: KeyStatus::Invalid,
                reason: Some(failure.message.clone()),
                last_error: Some(failure.to_string()),
                ..KeyState::default()
            }),
            FailureClass::QuotaSpent => Some(quota_state(failure, self.clock.now())),
            _ => None,
        }
    }

    /// Stores a decision, tells the other instances, and lets it hold here.
    pub(super) async fn decide(
        &self,
        provider: &ProviderEntry,
        key: ApiKeyId,
        state: KeyState,
    ) -> Result<(), KeyError> {
        let now = self.clock.now();
        let writing = self.state_writes.lock().await;
        let stored = self.store.api_keys().mark_validated(key, &state, now).await;
        stored.map_err(|error| match error {
            StoreError::NotFound => KeyError::NotFound(key),
            error => KeyError::Store(error),
        })?;
        provider.pool.decide(key, state, now);
        drop(writing);
        self.keeper.refresh().await?;
        Ok(())
    }

    /// Asks the provider whether it takes the key.
    pub(super) async fn validate(&self, http: &HttpClient, key: &KeyEntry) -> Result<(), Failure> {
        self.ask(key, validating(http)).await
    }

    /// Whether a key still has the address and the secret that it had as `then`: what is said of a
    /// secret tells nothing of another one that took its place meanwhile.
    pub(super) fn is_still(&self, key: ApiKeyId, then: &KeyEntry) -> bool {
        let Some(asked) = &then.upstream else { return false };
        self.find_key(key).is_ok_and(|(_, now)| is_same(&now, then, asked))
    }

    /// Asks a provider something with the value that a key has now: once more where it refuses a
    /// value that can be replaced by another one.
    async fn ask<T, Answer>(
        &self,
        key: &KeyEntry,
        question: impl Fn(Arc<Upstream>) -> Answer,
    ) -> Result<T, Failure>
    where
        Answer: Future<Output = Result<T, Failure>>,
    {
        let (clock, deadline) = (&self.clock, Instant::now() + MAX_VALUE_WAIT);
        let upstream = upstream_of(key, clock, deadline).await?;
        match question(Arc::clone(&upstream)).await {
            Err(failure) if failure.class == FailureClass::KeyRefused => {
                match another(key, &upstream, clock, deadline).await {
                    Some(upstream) => question(upstream).await,
                    None => Err(failure),
                }
            }
            answer => answer,
        }
    }

    /// Asks the provider about a key that it refused, in the background.
    pub(super) fn check_key(self: &Arc<Self>, key: ApiKeyId) {
        let core = Arc::clone(self);
        self.spawn(async move {
            let snapshot = core.keeper.current();
            let Some((provider, entry)) = snapshot.key(key) else { return };
            let asking = timeout(CHECK_TIME, core.ask(entry, validating(&core.http)));
            // A key whose check never ended would stay out for ever.
            let asked = AssertUnwindSafe(asking).catch_unwind().await;
            let answer = asked.ok().and_then(Result::ok);
            let said = answer.as_ref().map(|answer| answer.as_ref().copied());
            let status = provider.pool.conclude_check(key, said, core.clock.now());
            tracing::warn!(
                provider.code = %provider.provider.code,
                key.id = %key,
                key.status = %status,
                "The provider refused a key, which was then checked"
            );
        });
    }
}
