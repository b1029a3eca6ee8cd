//! The picture that calls are routed by: immutable, and swapped as a whole.

pub(crate) mod build;
pub(crate) mod keeper;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tollgate_domain::api_key::ApiKey;
use tollgate_domain::app_token::AppToken;
use tollgate_domain::model::Model;
use tollgate_domain::price::Price;
use tollgate_domain::provider::Provider;
use tollgate_domain::route::Route;
use tollgate_domain::setting::Settings;
use tollgate_domain::user::User;
use tollgate_domain::{ApiKeyId, AppTokenId, ModelId, ProviderId, SessionId, UserId};
use tollgate_providers::Upstream;
use tollgate_providers::credential::Live;

use crate::pool::Pool;

/// SHA-256 of an app token.
pub type TokenHash = [u8; 32];

/// Everything that serving a call needs to know, as the database had it at one version.
#[derive(Debug)]
pub struct Snapshot {
    /// The `config_version` it was read at.
    pub version: i64,
    /// The runtime settings.
    pub settings: Settings,
    /// Every provider, by sort order and then id.
    pub providers: Vec<Arc<ProviderEntry>>,
    /// Every user.
    pub users: HashMap<UserId, User>,
    /// Sessions that were ended while a token of theirs may still be around.
    pub revoked_sessions: HashSet<SessionId>,
    /// Every app token, by its hash.
    pub app_tokens: HashMap<TokenHash, Arc<AppToken>>,
    /// Every route, inactive ones included, by its alias.
    pub routes: HashMap<String, Arc<Route>>,
    by_app: HashMap<AppTokenId, Arc<AppToken>>,
    by_id: HashMap<ProviderId, Arc<ProviderEntry>>,
    by_code: HashMap<String, Arc<ProviderEntry>>,
    by_key: HashMap<ApiKeyId, ProviderId>,
    /// Who lists a model code, by sort order and then id.
    listed_by: HashMap<String, Vec<Arc<ProviderEntry>>>,
}

/// A provider with its keys and models.
#[derive(Debug)]
pub struct ProviderEntry {
    /// Its row.
    pub provider: Provider,
    /// Its keys, inactive ones included, by id.
    pub keys: Vec<Arc<KeyEntry>>,
    /// Its models, inactive ones included, by code.
    pub models: HashMap<String, Arc<ModelEntry>>,
    /// The model of a call that names none.
    pub default_model: Option<Arc<ModelEntry>>,
    /// Its keys' live side.
    pub(crate) pool: Arc<Pool>,
}

/// A key with what is needed to use it.
#[derive(Debug)]
pub struct KeyEntry {
    /// Its row.
    pub key: ApiKey,
    /// Where its requests go; `None` where it does not open or its provider's settings are wrong.
    /// One whose value changes has no secret in it.
    pub upstream: Option<Arc<Upstream>>,
    /// Where its value comes from, if that changes.
    pub live: Option<Arc<Live>>,
}

/// A model with its prices.
#[derive(Debug)]
pub struct ModelEntry {
    /// Its row.
    pub model: Model,
    /// Its prices, those in force now and later.
    pub prices: Vec<Price>,
}

impl Snapshot {
    /// The provider with that id.
    #[must_use]
    pub fn provider(&self, id: ProviderId) -> Option<&Arc<ProviderEntry>> {
        self.by_id.get(&id)
    }

    /// The provider with that code.
    #[must_use]
    pub fn provider_by_code(&self, code: &str) -> Option<&Arc<ProviderEntry>> {
        self.by_code.get(code)
    }

    /// The providers that list a model of that code, by sort order and then id.
    #[must_use]
    pub fn listed_by(&self, model_code: &str) -> &[Arc<ProviderEntry>] {
        self.listed_by.get(model_code).map_or(&[], Vec::as_slice)
    }

    /// The app token with that id.
    #[must_use]
    pub fn app_token(&self, id: AppTokenId) -> Option<&Arc<AppToken>> {
        self.by_app.get(&id)
    }

    /// The key with that id, and its provider.
    #[must_use]
    pub fn key(&self, id: ApiKeyId) -> Option<(&Arc<ProviderEntry>, &Arc<KeyEntry>)> {
        let provider = self.by_id.get(self.by_key.get(&id)?)?;
        let key = provider.keys.iter().find(|entry| entry.key.id == id)?;
        Some((provider, key))
    }

    /// The model with that id, and its provider.
    #[must_use]
    pub fn model(&self, id: ModelId) -> Option<(&Arc<ProviderEntry>, &Arc<ModelEntry>)> {
        self.providers.iter().find_map(|provider| {
            let model = provider.models.values().find(|entry| entry.model.id == id)?;
            Some((provider, model))
        })
    }
}

impl ProviderEntry {
    /// The same with no key but that one, for a call of one attempt.
    #[must_use]
    pub(crate) fn only(&self, key: ApiKeyId) -> Self {
        let keys = self.keys.iter().filter(|entry| entry.key.id == key);
        Self {
            provider: Provider { max_retries: 0, ..self.provider.clone() },
            keys: keys.cloned().collect(),
            models: self.models.clone(),
            default_model: self.default_model.clone(),
            pool: Arc::clone(&self.pool),
        }
    }

    /// Whether it has a key that an operator wants used and that opens.
    #[must_use]
    pub fn has_active_key(&self) -> bool {
        self.keys.iter().any(|entry| entry.key.is_active && entry.upstream.is_some())
    }

    /// Whether there is anywhere to send calls to: it has a base URL, or an active key has its own.
    #[must_use]
    pub fn has_url(&self) -> bool {
        let has_own = |entry: &Arc<KeyEntry>| entry.key.is_active && entry.key.base_url.is_some();
        !self.provider.base_url.trim().is_empty() || self.keys.iter().any(has_own)
    }
}
