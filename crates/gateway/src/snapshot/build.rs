//! From rows to a snapshot.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use tollgate_domain::api_key::{ApiKey, CredentialKind, OpenedKey};
use tollgate_domain::app_token::AppToken;
use tollgate_domain::model::Model;
use tollgate_domain::price::Price;
use tollgate_domain::provider::Provider;
use tollgate_domain::route::Route;
use tollgate_domain::setting::Settings;
use tollgate_domain::user::User;
use tollgate_domain::{ApiKeyId, ModelId, ProviderId, Secret, SessionId};
use tollgate_providers::credential::Live;
use tollgate_providers::{Common, Quirks, Upstream};

use crate::pool::Pool;
use crate::snapshot::{KeyEntry, ModelEntry, ProviderEntry, Snapshot, TokenHash};

/// Rows, as the database has them.
#[derive(Debug, Default)]
pub struct Rows {
    /// The `config_version` that they are at least as new as.
    pub version: i64,
    /// The runtime settings.
    pub settings: Settings,
    /// Providers that were not deleted.
    pub providers: Vec<Provider>,
    /// Keys that were not deleted.
    pub keys: Vec<OpenedKey>,
    /// The live side of those keys whose value changes.
    pub lives: HashMap<ApiKeyId, Arc<Live>>,
    /// Models that were not deleted.
    pub models: Vec<Model>,
    /// Prices in force now or later.
    pub prices: Vec<Price>,
    /// Users that were not deleted.
    pub users: Vec<User>,
    /// Sessions ended of late.
    pub revoked_sessions: Vec<SessionId>,
    /// App tokens that were not deleted, with their hashes.
    pub app_tokens: Vec<(TokenHash, AppToken)>,
    /// Routes that were not deleted.
    pub routes: Vec<Route>,
}

impl Snapshot {
    /// The snapshot that `rows` make; `pool_of` gives each provider its pool.
    #[must_use]
    pub fn build(rows: Rows, mut pool_of: impl FnMut(ProviderId) -> Arc<Pool>) -> Self {
        let mut keys = group(rows.keys, |opened| opened.key.provider_id);
        let mut prices = group(rows.prices, |price| price.model_id);
        let mut models = group(rows.models, |model| model.provider_id);
        let mut providers: Vec<Arc<ProviderEntry>> = rows
            .providers
            .into_iter()
            .map(|provider| {
                let id = provider.id;
                let keys = keys.remove(&id).unwrap_or_default();
                let models = models.remove(&id).unwrap_or_default();
                let keys = key_entries(&provider, keys, &rows.lives);
                Arc::new(provider_entry(provider, keys, models, &mut prices, pool_of(id)))
            })
            .collect();
        providers.sort_by_key(|entry| (entry.provider.sort_order, entry.provider.id));
        let app_tokens: HashMap<TokenHash, Arc<AppToken>> =
            rows.app_tokens.into_iter().map(|(hash, token)| (hash, Arc::new(token))).collect();
        Self {
            version: rows.version,
            settings: rows.settings,
            routes: rows
                .routes
                .into_iter()
                .map(|route| (route.alias.clone(), Arc::new(route)))
                .collect(),
            users: rows.users.into_iter().map(|user| (user.id, user)).collect(),
            revoked_sessions: HashSet::from_iter(rows.revoked_sessions),
            by_app: app_tokens.values().map(|token| (token.id, Arc::clone(token))).collect(),
            app_tokens,
            by_id: index(&providers, |entry| entry.provider.id),
            by_code: index(&providers, |entry| entry.provider.code.clone()),
            by_key: providers
                .iter()
                .flat_map(|entry| entry.keys.iter().map(|key| (key.key.id, entry.provider.id)))
                .collect(),
            listed_by: listed_by(&providers),
            providers,
        }
    }
}

fn provider_entry(
    provider: Provider,
    keys: Vec<Arc<KeyEntry>>,
    models: Vec<Model>,
    prices: &mut HashMap<ModelId, Vec<Price>>,
    pool: Arc<Pool>,
) -> ProviderEntry {
    let models: HashMap<String, Arc<ModelEntry>> = models
        .into_iter()
        .map(|model| {
            let prices = prices.remove(&model.id).unwrap_or_default();
            (model.code.clone(), Arc::new(ModelEntry { model, prices }))
        })
        .collect();
    let default_model = provider
        .default_model_id
        .and_then(|id| models.values().find(|entry| entry.model.id == id).cloned());
    ProviderEntry { provider, keys, models, default_model, pool }
}

/// The provider's quirks; `None`, with a line in the log, for ones that a person wrote wrongly
/// into the table.
fn readable_quirks(provider: &Provider) -> Option<Quirks> {
    Quirks::parse(&provider.quirks)
        .inspect_err(|error| {
            tracing::error!(
                provider.code = %provider.code,
                "The quirks of this provider cannot be read, so none of its keys is used: {error}"
            );
        })
        .ok()
}

fn key_entries(
    provider: &Provider,
    keys: Vec<OpenedKey>,
    lives: &HashMap<ApiKeyId, Arc<Live>>,
) -> Vec<Arc<KeyEntry>> {
    let quirks = readable_quirks(provider);
    let mut keys: Vec<Arc<KeyEntry>> = keys
        .into_iter()
        .map(|opened| {
            let live = lives.get(&opened.key.id).cloned();
            Arc::new(key_entry(provider, quirks.as_ref(), opened, live))
        })
        .collect();
    keys.sort_by_key(|entry| entry.key.id);
    keys
}

fn key_entry(
    provider: &Provider,
    quirks: Option<&Quirks>,
    opened: OpenedKey,
    live: Option<Arc<Live>>,
) -> KeyEntry {
    let OpenedKey { key, secret } = opened;
    let secret = match key.credential_kind {
        CredentialKind::Static => secret,
        // What it is got with goes into no header.
        CredentialKind::Remote | CredentialKind::OAuth2 => live.as_ref().map(|_| Secret::from("")),
    };
    let upstream = secret
        .zip(quirks)
        .map(|(secret, quirks)| Arc::new(upstream(provider, &key, secret, quirks.clone())));
    KeyEntry { key, upstream, live }
}

fn upstream(provider: &Provider, key: &ApiKey, secret: Secret<String>, quirks: Quirks) -> Upstream {
    let extra_headers: BTreeMap<String, String> = provider.extra_headers.clone();
    Upstream {
        provider_code: provider.code.clone(),
        protocol: provider.protocol,
        base_url: key.base_url.clone().unwrap_or_else(|| provider.base_url.clone()),
        secret,
        extra_headers,
        quirks,
        default_params: provider.default_params.clone(),
        timeouts: provider.timeouts,
        common: Common::default(),
    }
}

fn group<T, K: std::hash::Hash + Eq>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

fn index<K: std::hash::Hash + Eq>(
    providers: &[Arc<ProviderEntry>],
    key: impl Fn(&ProviderEntry) -> K,
) -> HashMap<K, Arc<ProviderEntry>> {
    providers.iter().map(|entry| (key(entry), Arc::clone(entry))).collect()
}

fn listed_by(providers: &[Arc<ProviderEntry>]) -> HashMap<String, Vec<Arc<ProviderEntry>>> {
    let mut listed: HashMap<String, Vec<Arc<ProviderEntry>>> = HashMap::new();
    for entry in providers {
        for code in entry.models.keys() {
            listed.entry(code.clone()).or_default().push(Arc::clone(entry));
        }
    }
    listed
}
