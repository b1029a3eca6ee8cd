//! The models that a caller may use, and the routes to them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_domain::model::Lifecycle;
use tollgate_domain::route::Route as Alias;
use tollgate_gateway::{ModelEntry, Plan, ProviderEntry, Snapshot, resolve};

use super::error::model_not_found;
use crate::error::ApiResult;

/// A model that a caller may use, or a route to one.
#[derive(Clone, Debug)]
pub(crate) struct UsableModel {
    /// What the caller asks for it by: the route's alias; the model's code where that alone leads
    /// to it, else `provider/model`.
    pub(crate) id: String,
    /// What it can be asked for.
    pub(crate) endpoint: Endpoint,
    /// The provider of the model, or of a route's first target that has a key.
    pub(crate) provider: Arc<ProviderEntry>,
    /// The model, where it is listed, which only a route's may not be.
    pub(crate) model: Option<Arc<ModelEntry>>,
    /// What its provider calls it.
    pub(crate) model_code: String,
    /// The route, where it is one.
    pub(crate) alias: Option<Arc<Alias>>,
}

impl UsableModel {
    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        match (&self.alias, &self.model) {
            (None, Some(entry)) => &entry.model.name,
            _ => &self.id,
        }
    }

    /// When it was first listed here.
    pub(crate) fn created_at(&self) -> DateTime<Utc> {
        match (&self.alias, &self.model) {
            (Some(alias), _) => alias.created_at,
            (None, Some(entry)) => entry.model.created_at,
            (None, None) => DateTime::UNIX_EPOCH,
        }
    }

    /// Where it is in its life.
    pub(crate) fn lifecycle(&self) -> Lifecycle {
        self.model.as_ref().map_or(Lifecycle::Active, |entry| entry.model.lifecycle)
    }
}

/// Every route and every listed model that a call of this caller could reach now: of an active
/// provider with an active key, itself active, allowed, and of a kind that can be served. Routes by
/// alias, then models by provider and code.
pub(crate) fn usable_models(snapshot: &Snapshot, access: &Access) -> Vec<UsableModel> {
    let mut usable = usable_aliases(snapshot, access);
    for provider in snapshot.providers.iter().filter(|provider| provider.has_active_key()) {
        let mut models: Vec<_> = provider.models.values().collect();
        models.sort_by(|one, other| one.model.code.cmp(&other.model.code));
        let models = models.into_iter().filter_map(|model| {
            let (id, endpoint) = id_of(snapshot, access, provider, model)?;
            Some(UsableModel {
                id,
                endpoint,
                provider: Arc::clone(provider),
                model: Some(Arc::clone(model)),
                model_code: model.model.code.clone(),
                alias: None,
            })
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
        let names = (usable.provider.provider.code.as_str(), usable.model_code.as_str());
        usable.id == id || (usable.alias.is_none() && id.split_once('/') == Some(names))
    };
    let named = models.into_iter().filter(is_named);
    named.min_by_key(|usable| usable.id != id).ok_or_else(|| model_not_found(id))
}

fn usable_aliases(snapshot: &Snapshot, access: &Access) -> Vec<UsableModel> {
    let mut aliases: Vec<_> = snapshot.routes.values().collect();
    aliases.sort_by(|one, other| one.alias.cmp(&other.alias));
    let usable = aliases.into_iter().filter_map(|alias| {
        let (endpoint, plan) = served(snapshot, access, None, &alias.alias)?;
        let mut targets = plan.targets.into_iter().map(|target| target.route);
        let route = targets.find(|route| route.provider.has_active_key())?;
        Some(UsableModel {
            id: alias.alias.clone(),
            endpoint,
            provider: route.provider,
            model: route.model,
            model_code: route.model_code,
            alias: Some(Arc::clone(alias)),
        })
    });
    usable.collect()
}

/// What the caller asks for the model by, and for what; `None` where they cannot have it.
fn id_of(
    snapshot: &Snapshot,
    access: &Access,
    provider: &ProviderEntry,
    model: &ModelEntry,
) -> Option<(String, Endpoint)> {
    let (code, provider) = (&model.model.code, &provider.provider);
    let (endpoint, _) = served(snapshot, access, Some(&provider.code), code)?;
    let alone = served(snapshot, access, None, code);
    let is_first = alone.is_some_and(|(_, plan)| {
        plan.alias.is_none() && plan.first().provider.provider.id == provider.id
    });
    let id = if is_first { code.clone() } else { format!("{}/{code}", provider.code) };
    Some((id, endpoint))
}

/// What a name can be asked for, and where such a call goes.
fn served(
    snapshot: &Snapshot,
    access: &Access,
    provider: Option<&String>,
    model: &str,
) -> Option<(Endpoint, Plan)> {
    let facts = CallFacts {
        provider: provider.cloned(),
        model: Some(model.to_owned()),
        ..CallFacts::default()
    };
    [Endpoint::Chat, Endpoint::Embeddings].into_iter().find_map(|endpoint| {
        Some((endpoint, resolve(snapshot, &facts, endpoint, access, 0.0).ok()?))
    })
}
