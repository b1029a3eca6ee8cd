//! What several modules of tests need.

use chrono::{DateTime, Utc};
use tollgate_domain::{ApiKeyId, ModelId, ProviderId, Secret};
use tollgate_store::Store;
use tollgate_store::api_keys::NewApiKey;
use tollgate_store::models::NewModel;
use tollgate_store::providers::NewProvider;

/// `seconds` after a fixed moment, which no 32-bit time can say.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(2_290_000_000_123 + seconds * 1000).unwrap()
}

/// Adds a provider.
pub(crate) async fn given_provider(store: &Store, code: &str) -> ProviderId {
    let new = NewProvider::new(code, code.to_uppercase(), "https://api.example/v1");
    store.providers().insert(&new, at(0)).await.unwrap().id
}

/// Adds a model.
pub(crate) async fn given_model(store: &Store, provider: ProviderId, code: &str) -> ModelId {
    store.models().insert(&NewModel::new(provider, code), at(0)).await.unwrap().id
}

/// Adds a key.
pub(crate) async fn given_key(store: &Store, provider: ProviderId, secret: &str) -> ApiKeyId {
    store.api_keys().insert(provider, &new_key(secret), at(0)).await.unwrap().id
}

/// A key with everything but the secret at its default.
pub(crate) fn new_key(secret: &str) -> NewApiKey {
    NewApiKey::new("main", Secret::from(secret))
}
