//! What the configuration declares, written into the database at each start.

use anyhow::bail;
use chrono::{DateTime, Utc};
use tollgate_domain::app_token::Scope;
use tollgate_domain::limit::{AppLimits, Budget};
use tollgate_domain::secret::hint;
use tollgate_domain::setting::SettingsPatch;
use tollgate_store::app_tokens::NewAppToken;
use tollgate_store::providers::ProviderPatch;
use tollgate_store::{Store, StoreError};

use crate::access::token;
use crate::api::settings::alerts::AlertSettingsBody;
use crate::config::Config;

/// First values of runtime settings; those that the configuration decides, each time.
pub(super) async fn settings(
    store: &Store,
    config: &Config,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let stored = store.settings().load().await?;
    let alerting = config.alerting.clone();
    let channels = AlertSettingsBody::of_channels(alerting.webhooks, alerting.email);
    let channels = channels.into_patch(&stored.alerts, store);
    let alerts = channels.map_err(|error| {
        anyhow::anyhow!("ALERT_WEBHOOKS or ALERT_EMAIL makes no channel: {}", error.message)
    })?;
    let decided = SettingsPatch { alerts, ..config.decided() };
    let wanted = decided.over(&stored);
    store.settings().initialise(&wanted, now).await?;
    if wanted != stored {
        store.settings().update(&decided, now).await?;
    }
    let is_new = wanted.load_balancer_algorithm != stored.load_balancer_algorithm;
    if is_new || !config.load_balancer.is_enabled {
        // Only then, so that what an operator chose for one provider outlives the next start.
        store.providers().share_load(wanted.load_balancer_algorithm, now).await?;
    }
    Ok(())
}

/// Switches on the providers that the configuration names.
pub(super) async fn providers(
    store: &Store,
    config: &Config,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    for code in &config.providers.active {
        let provider = match store.providers().find_by_code(code).await {
            Ok(provider) => provider,
            Err(StoreError::NotFound) => bail!(
                "model_providers names `{code}`: there is no provider with this code; add it \
                 first, or name one of those that `GET /api/admin/ai-providers` lists"
            ),
            Err(error) => return Err(error.into()),
        };
        if !provider.is_active {
            let patch = ProviderPatch { is_active: Some(true), ..Default::default() };
            store.providers().update(provider.id, &patch, now).await?;
            tracing::info!(provider.code = code, "switched on, as the configuration says");
        }
    }
    Ok(())
}

/// Imports the file's `api_key` as an app token that may do everything; once, so that one which
/// an operator deleted stays deleted.
pub(super) async fn api_key(
    store: &Store,
    config: &Config,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let Some(key) = &config.providers.api_key else { return Ok(()) };
    let new = NewAppToken {
        name: "config".to_owned(),
        token_hash: token::hash(key.expose()),
        hint: hint(key.expose()),
        owner_id: None,
        scopes: vec![Scope::Chat, Scope::Admin],
        allowed_models: Vec::new(),
        allowed_providers: Vec::new(),
        limits: AppLimits::default(),
        budget: Budget::default(),
        expires_at: None,
        is_active: true,
    };
    match store.app_tokens().insert(&new, now).await {
        Ok(_) => tracing::info!("imported the file's api_key as the app token `config`"),
        Err(StoreError::Conflict { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
