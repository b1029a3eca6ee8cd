//! A first call without any account: the simulator as a provider, with a key and an app token.

use chrono::{DateTime, Utc};
use tollgate_domain::app_token::Scope;
use tollgate_domain::limit::{AppLimits, Budget};
use tollgate_domain::secret::hint;
use tollgate_domain::{ProviderId, Secret};
use tollgate_store::api_keys::NewApiKey;
use tollgate_store::app_tokens::NewAppToken;
use tollgate_store::models::NewModel;
use tollgate_store::providers::{NewProvider, ProviderPatch};
use tollgate_store::{Store, StoreError};

use crate::access::token;

/// The simulator's provider code.
pub const PROVIDER: &str = "simulator";
/// A model that answers with text about the question.
pub const MODEL: &str = "sim-chat";
/// The simulator takes any key; this one says what it is.
const KEY: &str = "sk-sim-ready-to-use";

/// Offers the simulator at `base_url` as a provider, and answers with an app token for a first
/// call; without one where an operator deleted it.
///
/// # Errors
/// Those of the database.
pub async fn offer(
    store: &Store,
    base_url: &str,
    jwt_secret: &Secret<String>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Secret<String>>> {
    match store.providers().find_by_code(PROVIDER).await {
        Ok(provider) => {
            // The simulator has another port each time.
            let patch = ProviderPatch { base_url: Some(base_url.to_owned()), ..Default::default() };
            store.providers().update(provider.id, &patch, now).await?;
        }
        Err(StoreError::NotFound) => add(store, base_url, now).await?,
        Err(error) => return Err(error.into()),
    }
    app_token(store, jwt_secret, now).await
}

async fn add(store: &Store, base_url: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
    let provider = NewProvider {
        description: Some(
            "Pretends to answer, for trying Tollgate without an account. Not a real provider."
                .to_owned(),
        ),
        sort_order: 1000,
        ..NewProvider::new(PROVIDER, "Simulator (pretend answers)", base_url)
    };
    let provider = store.providers().insert(&provider, now).await?.id;
    let model = store.models().insert(&NewModel::new(provider, MODEL), now).await?;
    let patch = ProviderPatch { default_model_id: Some(Some(model.id)), ..Default::default() };
    store.providers().update(provider, &patch, now).await?;
    add_key(store, provider, now).await
}

async fn add_key(store: &Store, provider: ProviderId, now: DateTime<Utc>) -> anyhow::Result<()> {
    store.api_keys().insert(provider, &NewApiKey::new("simulator", Secret::from(KEY)), now).await?;
    Ok(())
}

/// The token is derived from the session secret, so that each start can show the same one.
async fn app_token(
    store: &Store,
    jwt_secret: &Secret<String>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Secret<String>>> {
    let seed =
        Secret::new(format!("tollgate app token of the first call\n{}", jwt_secret.expose()));
    let digits: String = token::hash(seed.expose()).iter().map(|b| format!("{b:02x}")).collect();
    let token = Secret::new(format!("tg-{digits}"));
    let token_hash = token::hash(token.expose());
    let new = NewAppToken {
        name: "first call".to_owned(),
        token_hash,
        hint: hint(token.expose()),
        owner_id: None,
        scopes: vec![Scope::Chat],
        allowed_models: Vec::new(),
        allowed_providers: vec![PROVIDER.to_owned()],
        limits: AppLimits::default(),
        budget: Budget::default(),
        expires_at: None,
        is_active: true,
    };
    match store.app_tokens().insert(&new, now).await {
        Ok(_) => Ok(Some(token)),
        Err(StoreError::Conflict { .. }) => {
            let known = store.app_tokens().all_with_hash().await?;
            Ok(known.iter().any(|(hash, _)| *hash == token_hash).then_some(token))
        }
        Err(error) => Err(error.into()),
    }
}
