//! Keys that the environment or a credentials file brings: imported once each.

use anyhow::Context;
use chrono::{DateTime, Utc};
use tollgate_domain::credential::Credential;
use tollgate_domain::{ProviderId, Secret};
use tollgate_store::api_keys::{Imported, NewApiKey};
use tollgate_store::models::NewModel;
use tollgate_store::providers::{NewProvider, ProviderPatch};
use tollgate_store::{Store, StoreError};

use crate::config::Config;
use crate::config::imports::{CredentialsFile, ImportedKey, LlmConfig};

/// The code of the provider that `LLM_BASE_URL` makes.
const LLM: &str = "llm";

/// Imports what has not been imported before. What an operator changed or removed since stays so.
///
/// # Errors
/// Those of the database; a missing sealing key.
pub(super) async fn keys(store: &Store, config: &Config, now: DateTime<Utc>) -> anyhow::Result<()> {
    let imports = &config.imports;
    for key in &imports.keys {
        from_environment(store, key, now)
            .await
            .with_context(|| format!("{} cannot be imported", key.name))?;
    }
    for file in &imports.files {
        from_file(store, file, now)
            .await
            .with_context(|| format!("{} cannot be imported", file.path.display()))?;
    }
    if let Some(llm) = &imports.llm {
        self::llm(store, llm, now).await.context("LLM_BASE_URL cannot be imported")?;
    }
    Ok(())
}

async fn from_environment(
    store: &Store,
    key: &ImportedKey,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let new = NewApiKey {
        priority: key.priority,
        limits: key.limits,
        ..NewApiKey::new(&key.name, key.secret.clone())
    };
    import(store, key.provider, &new, &key.secret, now).await
}

/// A file's account is known again by its client: its refresh token may have rotated here or there
/// since.
async fn from_file(
    store: &Store,
    file: &CredentialsFile,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let oauth2 = &file.oauth2;
    let account = match &oauth2.client_id {
        Some(client_id) => client_id.clone(),
        None => oauth2.refresh_token.expose().clone(),
    };
    let source = Secret::new(format!("oauth2\n{}\n{account}", oauth2.token_url));
    let name = file.path.file_name().and_then(|name| name.to_str()).unwrap_or("credentials file");
    let new = NewApiKey {
        base_url: file.base_url.clone(),
        ..NewApiKey::with_credential(name, &Credential::OAuth2(oauth2.clone()))
    };
    import(store, file.provider, &new, &source, now).await
}

/// Makes the provider `llm` where there never was one, and gives it its key.
async fn llm(store: &Store, llm: &LlmConfig, now: DateTime<Utc>) -> anyhow::Result<()> {
    match store.providers().find_by_code(LLM).await {
        Ok(_) => {}
        Err(StoreError::NotFound) if store.providers().was_deleted(LLM).await? => {
            tracing::info!("LLM_BASE_URL is not imported: the provider `{LLM}` was removed");
            return Ok(());
        }
        Err(StoreError::NotFound) => add_llm(store, llm, now).await?,
        Err(error) => return Err(error.into()),
    }
    let Some(credential) = &llm.credential else {
        tracing::warn!("The provider `llm` has no key yet: set LLM_API_KEY, or add one");
        return Ok(());
    };
    let name = match credential {
        Credential::Static(_) => "LLM_API_KEY",
        _ => "APIKEY_SERVICE_URL",
    };
    let new = NewApiKey::with_credential(name, credential);
    import(store, LLM, &new, &credential.identity(), now).await
}

async fn add_llm(store: &Store, llm: &LlmConfig, now: DateTime<Utc>) -> Result<(), StoreError> {
    let temperature = llm.temperature.clone().map(serde_json::Value::Number);
    let new = NewProvider {
        default_params: temperature
            .into_iter()
            .map(|value| ("temperature".to_owned(), value))
            .collect(),
        ..NewProvider::new(LLM, "LLM", &llm.base_url)
    };
    let provider = store.providers().insert(&new, now).await?.id;
    if let Some(code) = &llm.model {
        let model = store.models().insert(&NewModel::new(provider, code), now).await?;
        let patch = ProviderPatch { default_model_id: Some(Some(model.id)), ..Default::default() };
        store.providers().update(provider, &patch, now).await?;
    }
    tracing::info!(provider.code = LLM, "A provider was made, as LLM_BASE_URL says");
    Ok(())
}

/// Imports one key, and switches its provider on where it is new.
async fn import(
    store: &Store,
    code: &str,
    new: &NewApiKey,
    source: &Secret<String>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let provider = match store.providers().find_by_code(code).await {
        Ok(provider) => provider,
        Err(StoreError::NotFound) => {
            tracing::info!("{} is not imported: the provider `{code}` was removed", new.name);
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    match store.api_keys().import(provider.id, new, source, now).await? {
        Imported::New(key) => {
            tracing::info!(provider.code = code, key.id = %key, "Imported the key {}", new.name);
            activate(store, provider.id, provider.is_active, now).await?;
        }
        Imported::Known(key) => tracing::info!(
            provider.code = code, key.id = %key,
            "{} is there already as a key that somebody added", new.name
        ),
        Imported::Before => {}
    }
    Ok(())
}

async fn activate(
    store: &Store,
    provider: ProviderId,
    is_active: bool,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if !is_active {
        let patch = ProviderPatch { is_active: Some(true), ..Default::default() };
        store.providers().update(provider, &patch, now).await?;
    }
    Ok(())
}
