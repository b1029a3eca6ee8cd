//! The models that a caller may use.

use std::sync::Arc;

use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_gateway::{ModelEntry, ProviderEntry, Snapshot, resolve};

/// A model that a caller may use.
#[derive(Clone, Debug)]
pub(crate) struct UsableModel {
    /// What the caller asks for it by: its code where that alone leads to it, else
    /// `provider/model`.
    pub(crate) id: String,
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
            let id = id_of(snapshot, access, provider, model)?;
            Some(UsableModel { id, provider: Arc::clone(provider), model: Arc::clone(model) })
        });
        usable.extend(models);
    }
    usable
}

/// What the caller asks for the model by; `None` where they cannot have it.
fn id_of(
    snapshot: &Snapshot,
    access: &Access,
    provider: &ProviderEntry,
    model: &ModelEntry,
) -> Option<String> {
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
    Some(if is_first { code.clone() } else { format!("{}/{code}", provider.provider.code) })
}
