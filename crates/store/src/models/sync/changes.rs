//! What a sync does, told model by model.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tollgate_domain::ProviderId;
use tollgate_domain::model::ModelType;

use super::SyncOutcome;
use crate::db::{WriteTx, on_tx};
use crate::error::StoreResult;
use crate::models::NewModel;

/// What a sync does to one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncedModel {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What it does.
    pub model_type: ModelType,
    /// What becomes of it.
    pub change: SyncChange,
    /// Whether its price is known.
    pub is_priced: bool,
    /// Which of its facts change; none of a new one.
    pub fields: Vec<FieldChange>,
}

/// What becomes of a model in a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncChange {
    /// It is new here.
    Added,
    /// Something of it changes.
    Updated,
    /// The provider does not list it.
    Missing,
}

/// A fact that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name in the API.
    pub field: &'static str,
    /// What it was.
    pub before: Value,
    /// What it is.
    pub after: Value,
}

impl SyncedModel {
    pub(super) fn added(new: &NewModel) -> Self {
        Self::of(new, SyncChange::Added, Vec::new())
    }

    pub(super) fn updated(old: &NewModel, next: &NewModel) -> Self {
        Self::of(next, SyncChange::Updated, differences(old, next))
    }

    pub(super) fn missing(old: &NewModel) -> Self {
        let next = NewModel { is_missing_upstream: true, ..old.clone() };
        Self::of(&next, SyncChange::Missing, differences(old, &next))
    }

    fn of(model: &NewModel, change: SyncChange, fields: Vec<FieldChange>) -> Self {
        Self {
            code: model.code.clone(),
            name: model.name.clone(),
            model_type: model.model_type,
            change,
            is_priced: false,
            fields,
        }
    }
}

/// Which facts differ, of those that a sync may change.
fn differences(old: &NewModel, next: &NewModel) -> Vec<FieldChange> {
    let facts = |model: &NewModel| {
        [
            ("modelName", json!(model.name)),
            ("maxInputTokens", json!(model.max_input_tokens)),
            ("maxOutputTokens", json!(model.max_output_tokens)),
            ("lifecycle", json!(model.lifecycle)),
            ("shutdownDate", json!(model.shutdown_date)),
            ("isMissingUpstream", json!(model.is_missing_upstream)),
        ]
    };
    let pairs = facts(old).into_iter().zip(facts(next));
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| FieldChange { field, before, after })
        .collect()
}

/// Says of each model whether its price is known, as it is after the sync.
pub(super) async fn tell_prices(
    tx: &mut WriteTx,
    provider: ProviderId,
    outcome: &mut SyncOutcome,
) -> StoreResult<()> {
    const SQL: &str = "
        SELECT DISTINCT model.model_code
        FROM t_ai_models AS model
        JOIN t_ai_model_prices AS price ON price.model_id = model.id
        WHERE model.provider_id = ? AND price.prompt_nanousd IS NOT NULL";
    let priced: Vec<String> = on_tx!(tx, |conn| {
        sqlx::query_scalar(SQL).bind(provider.get()).fetch_all(&mut *conn).await?
    });
    let priced: BTreeSet<String> = priced.into_iter().collect();
    for model in &mut outcome.models {
        model.is_priced = priced.contains(&model.code);
    }
    Ok(())
}
