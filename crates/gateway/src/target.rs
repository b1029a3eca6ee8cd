//! Which providers and models a call is for.

mod plan;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tollgate_domain::caller::Access;
use tollgate_domain::chat::Endpoint;
use tollgate_domain::model::{Lifecycle, Model, ModelType};
use tollgate_domain::price::Price;

pub use plan::{LeftOut, Plan, Planned, resolve};

use crate::error::CallError;
use crate::snapshot::{ModelEntry, ProviderEntry, Snapshot};

/// A provider and model that a call may go to.
#[derive(Clone, Debug)]
pub struct Route {
    /// The provider.
    pub provider: Arc<ProviderEntry>,
    /// The model's row; `None` for a model that is not listed, which is sent as it was written.
    pub model: Option<Arc<ModelEntry>>,
    /// What the provider calls the model.
    pub model_code: String,
}

impl Route {
    /// The model's prices; none for a model that is not listed.
    #[must_use]
    pub fn prices(&self) -> &[Price] {
        self.model.as_ref().map_or(&[], |entry| &entry.prices)
    }

    /// Where the model is in its life.
    #[must_use]
    pub fn lifecycle(&self) -> Option<Lifecycle> {
        self.model.as_ref().map(|entry| entry.model.lifecycle)
    }

    fn listed(provider: &Arc<ProviderEntry>, model: &Arc<ModelEntry>) -> Self {
        Self {
            provider: Arc::clone(provider),
            model: Some(Arc::clone(model)),
            model_code: model.model.code.clone(),
        }
    }
}

fn provider<'a>(snapshot: &'a Snapshot, code: &str) -> Result<&'a Arc<ProviderEntry>, CallError> {
    snapshot
        .provider_by_code(code)
        .ok_or_else(|| CallError::ProviderNotFound { provider: code.to_owned() })
}

/// A provider that the caller names apart from the model, or before its first slash.
fn explicit(provider: &Arc<ProviderEntry>, model: Option<&str>) -> Result<Route, CallError> {
    let Some(model) = model else {
        let default = provider.default_model.as_ref().ok_or_else(|| CallError::Unsupported {
            message: format!(
                "the provider `{}` has no default model; name a model",
                provider.provider.code
            ),
        })?;
        return Ok(Route::listed(provider, default));
    };
    if let Some(entry) = provider.models.get(model) {
        return Ok(Route::listed(provider, entry));
    }
    // `openai` and `openai/gpt-4o` together still mean `gpt-4o`.
    let model = match model.split_once('/') {
        Some((code, rest)) if code == provider.provider.code => rest,
        _ => model,
    };
    match provider.models.get(model) {
        Some(entry) => Ok(Route::listed(provider, entry)),
        None if model.is_empty() => Err(CallError::ModelNotFound { model: model.to_owned() }),
        None => {
            Ok(Route { provider: Arc::clone(provider), model: None, model_code: model.to_owned() })
        }
    }
}

/// A model that the caller names alone: an exact code, else `provider/model`.
fn by_name(snapshot: &Snapshot, model: &str, access: &Access) -> Result<Route, CallError> {
    if let Some(route) = among_listing(snapshot.listed_by(model), model, access) {
        return Ok(route);
    }
    let named = model
        .split_once('/')
        .and_then(|(code, rest)| Some((snapshot.provider_by_code(code)?, rest)))
        .filter(|(_, rest)| !rest.is_empty());
    match named {
        Some((provider, rest)) => explicit(provider, Some(rest)),
        None => Err(CallError::ModelNotFound { model: model.to_owned() }),
    }
}

/// The first of the providers that list `model`: those that are active and the caller may use
/// before others, those with an active key before others, then in the given order.
fn among_listing(listing: &[Arc<ProviderEntry>], model: &str, access: &Access) -> Option<Route> {
    let rank = |provider: &ProviderEntry, entry: &ModelEntry| {
        let is_active = provider.provider.is_active && entry.model.is_active;
        let is_allowed = access.allows(&provider.provider.code, model, None);
        (!is_active, !is_allowed, !provider.has_active_key())
    };
    listing
        .iter()
        .filter_map(|provider| Some((provider, provider.models.get(model)?)))
        .min_by_key(|(provider, entry)| rank(provider, entry))
        .map(|(provider, entry)| Route::listed(provider, entry))
}

/// `route`, if `access` allows it, be it under an `alias`, and it can do what is asked.
fn usable(
    route: Route,
    endpoint: Endpoint,
    access: &Access,
    alias: Option<&str>,
) -> Result<Route, CallError> {
    check_access(&route, access, alias)?;
    check_active(&route)?;
    check_ability(&route, endpoint)?;
    Ok(route)
}

fn check_access(route: &Route, access: &Access, alias: Option<&str>) -> Result<(), CallError> {
    let provider = &route.provider.provider.code;
    if access.allows(provider, &route.model_code, alias) {
        return Ok(());
    }
    Err(CallError::NotAllowed { provider: provider.clone(), model: route.model_code.clone() })
}

fn check_active(route: &Route) -> Result<(), CallError> {
    let provider = route.provider.provider.code.clone();
    if !route.provider.has_url() {
        return Err(CallError::ProviderWithoutUrl { provider });
    }
    if !route.provider.provider.is_active {
        return Err(CallError::ProviderInactive { provider });
    }
    match &route.model {
        Some(entry) if !entry.model.is_active => {
            Err(CallError::ModelInactive { provider, model: route.model_code.clone() })
        }
        _ => Ok(()),
    }
}

fn check_ability(route: &Route, endpoint: Endpoint) -> Result<(), CallError> {
    match &route.model {
        Some(entry) => check_model(&entry.model, endpoint),
        None => Ok(()),
    }
}

fn check_model(model: &Model, endpoint: Endpoint) -> Result<(), CallError> {
    let (code, kind) = (&model.code, model.model_type);
    if model.is_responses_only() {
        let message = format!(
            "the provider serves the model `{code}` only through its Responses endpoint, \
             which is not supported yet"
        );
        return Err(CallError::Unsupported { message });
    }
    let can = match endpoint {
        Endpoint::Chat | Endpoint::CountTokens => {
            matches!(kind, ModelType::Chat | ModelType::Audio | ModelType::Other)
        }
        Endpoint::Embeddings => matches!(kind, ModelType::Embedding | ModelType::Other),
    };
    if can {
        return Ok(());
    }
    let asked = match endpoint {
        Endpoint::Chat | Endpoint::CountTokens => "chat completions",
        Endpoint::Embeddings => "embeddings",
    };
    Err(CallError::Unsupported {
        message: format!("the model `{code}` is of the type `{kind}` and cannot do {asked}"),
    })
}
