//! The models that a caller may use.

use std::sync::Arc;

use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_gateway::{ModelEntry, ProviderEntry, Snapshot, resolve};

use super::error::model_not_found;
use crate::error::ApiResult;

/// A model that a caller may use.
#[derive(Clone, Debug)]
pub(crate) struct UsableModel {
    /// What the caller asks for it by: its code where that alone leads to it, else
    /// `provider/model`.
    pub(crate) id: String,
    /// What it can be asked for.
    pub(crate) endpoint: Endpoint,
    pub(crate) provider: Arc<ProviderEntry>,
    pub(crate) model: Arc<ModelEntry>,
}

/// Every listed model that a call of this caller could reach now: of an active provider with an
/// active key, itself active, allowed, and of a kind that can be served. By provider, then code.
pub(crate) fn usable_models(snapshot: &Snapshot, access: &Access) -> Vec<UsableModel> {
    let mut usable = Vec::new();
    for provider in snapshot.providers.iter().filter(|provider| provider.has_active_key()) {
        let mut models: Vec<_> = provider.models.values().collect();
        models.sort_by(|one, other| one.model.code.cmp(&other.model.code));
        let models = models.into_iter().filter_map(|model| {
            let (id, endpoint) = id_of(snapshot, access, provider, model)?;
            let (provider, model) = (Arc::clone(provider), Arc::clone(model));
            Some(UsableModel { id, endpoint, provider, model })
        });
        usable.extend(models);
    }
    usable
}

/// The one of `models` that `id` names: that id exactly, else `provider/model`.
///
/// # Errors
/// There is none.
pub(crate) fn find_usable(
    models: impl IntoIterator<Item = UsableModel>,
    id: &str,
) -> ApiResult<UsableModel> {
    let is_named = |usable: &UsableModel| {
        let names = (usable.provider.provider.code.as_str(), usable.model.model.code.as_str());
        usable.id == id || id.split_once('/') == Some(names)
    };
    let named = models.into_iter().filter(is_named);
    named.min_by_key(|usable| usable.id != id).ok_or_else(|| model_not_found(id))
}

/// What the caller asks for the model by, and for what; `None` where they cannot have it.
fn id_of(
    snapshot: &Snapshot,
    access: &Access,
    provider: &ProviderEntry,
    model: &ModelEntry,
) -> Option<(String, Endpoint)> {
    let code = &model.model.code;
    let named = |provider: Option<&String>| CallFacts {
        provider: provider.cloned(),
        model: Some(code.clone()),
        ..CallFacts::default()
    };
    let endpoint = [Endpoint::Chat, Endpoint::Embeddings].into_iter().find(|endpoint| {
        resolve(snapshot, &named(Some(&provider.provider.code)), *endpoint, access).is_ok()
    })?;
    let is_first = resolve(snapshot, &named(None), endpoint, access)
        .is_ok_and(|route| route.provider.provider.id == provider.provider.id);
    let id = if is_first { code.clone() } else { format!("{}/{code}", provider.provider.code) };
    Some((id, endpoint))
}
