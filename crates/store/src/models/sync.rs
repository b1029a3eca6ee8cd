//! Bringing a provider's models in line with the list that the provider itself gives.

mod changes;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use tollgate_domain::model::{Lifecycle, ListedModel, Model, ModelSource, ModelType};
use tollgate_domain::{ModelId, ProviderId};

use super::{ModelRow, Models, NewModel, insert, select_model, write};
use crate::catalogue::{Catalogue, Entry};
use crate::db::{WriteTx, on_tx};
use crate::error::StoreResult;
use crate::prices;
use crate::row::cut;
use changes::tell_prices;
pub use changes::{FieldChange, SyncChange, SyncedModel};

/// Characters that a code and a name may have.
const MAX_TEXT: usize = 200;

/// What a sync did, or would do; codes in the order of the alphabet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Models in the provider's answer.
    pub count: usize,
    /// Models that we did not have. One that was deleted here is added anew: to keep a listed
    /// model from callers, deactivate it.
    pub added: Vec<String>,
    /// Models of which something changed.
    pub updated: Vec<String>,
    /// Models that we have and the provider does not list; they stay, and are marked.
    pub missing: Vec<String>,
    /// The same, model by model, with what changes.
    pub models: Vec<SyncedModel>,
}

/// A provider's rows, those deleted too, by code.
type Rows = BTreeMap<String, (Model, bool)>;

impl Models<'_> {
    /// Takes over the provider's list: new models are active, with the facts and prices that the
    /// catalogue has for their code or alias; facts that the provider tells and we do not know are
    /// filled in; what it does not list is marked. A dry run tells and changes nothing.
    ///
    /// # Errors
    /// `NotFound` where there is no such provider.
    pub async fn apply_sync(
        &self,
        provider: ProviderId,
        listed: &[ListedModel],
        dry_run: bool,
        now: DateTime<Utc>,
    ) -> StoreResult<SyncOutcome> {
        let catalogue = Catalogue::built_in()?;
        let mut tx = if dry_run {
            self.store.db().begin_write().await?
        } else {
            self.store.begin_config_write(now).await?
        };
        let provider_code = provider_code(&mut tx, provider).await?;
        let rows = rows(&mut tx, provider).await?;
        let mut outcome = SyncOutcome { count: listed.len(), ..SyncOutcome::default() };
        let listed: BTreeMap<&str, &ListedModel> =
            listed.iter().map(|model| (model.code.as_str(), model)).collect();
        for model in listed.values().filter(|model| has_usable_code(model)) {
            let entry = catalogue.find(&provider_code, &model.code);
            take_over(&mut tx, provider, model, entry, &rows, now, &mut outcome).await?;
        }
        let codes: BTreeSet<&str> = listed.keys().copied().collect();
        mark_missing(&mut tx, &rows, &codes, &mut outcome).await?;
        tell_prices(&mut tx, provider, &mut outcome).await?;
        outcome.models.sort_by(|one, next| one.code.cmp(&next.code));
        if !dry_run {
            tx.commit().await?;
        }
        Ok(outcome)
    }
}

async fn take_over(
    tx: &mut WriteTx,
    provider: ProviderId,
    listed: &ListedModel,
    entry: Option<&Entry>,
    rows: &Rows,
    now: DateTime<Utc>,
    outcome: &mut SyncOutcome,
) -> StoreResult<()> {
    if let Some((model, false)) = rows.get(&listed.code) {
        return refresh(tx, model, listed, now, outcome).await;
    }
    let new = fresh(provider, listed, entry, now);
    let id = match rows.get(&listed.code) {
        Some((deleted, _)) => {
            write(tx, deleted.id.get(), &new, now, now).await?;
            deleted.id
        }
        None => ModelId::new(insert(tx, &new, now).await?),
    };
    outcome.added.push(listed.code.clone());
    outcome.models.push(SyncedModel::added(&new));
    let has_prices = !prices::of_model_in(tx, id).await?.is_empty();
    if let Some(price) = entry.and_then(|entry| entry.price.as_ref()).filter(|_| !has_prices) {
        prices::insert_version(tx, id, price.valid_from, &price.tiers, prices::SEED, now).await?;
    }
    Ok(())
}

/// Fills in what the provider tells of a model that we have.
async fn refresh(
    tx: &mut WriteTx,
    model: &Model,
    listed: &ListedModel,
    now: DateTime<Utc>,
    outcome: &mut SyncOutcome,
) -> StoreResult<()> {
    let next = refreshed(model, listed, now);
    let old = NewModel::from(model.clone());
    let has_new_facts = NewModel {
        is_missing_upstream: old.is_missing_upstream,
        synced_at: old.synced_at,
        ..next.clone()
    } != old;
    if has_new_facts || model.is_missing_upstream {
        outcome.updated.push(listed.code.clone());
        outcome.models.push(SyncedModel::updated(&old, &next));
    }
    // That it was seen is no change: the catalogue tells by it whether the row is its own.
    let updated_at = if has_new_facts { now } else { model.updated_at };
    write(tx, model.id.get(), &next, model.created_at, updated_at).await
}

/// A model that we did not have.
fn fresh(
    provider: ProviderId,
    listed: &ListedModel,
    entry: Option<&Entry>,
    now: DateTime<Utc>,
) -> NewModel {
    let mut new = match entry {
        Some(entry) => entry.to_model(provider, &listed.code),
        None => {
            let model_type = guessed_type(&listed.code);
            NewModel {
                model_type,
                supports_streaming: model_type == ModelType::Chat,
                ..NewModel::new(provider, &listed.code)
            }
        }
    };
    if let Some(name) = &listed.name {
        cut::<MAX_TEXT>(name).clone_into(&mut new.name);
    }
    new.supports_vision |= listed.supports_vision == Some(true);
    new.source = ModelSource::Sync;
    told(&mut new, listed, now);
    new
}

/// A model that we had. What an operator or the catalogue says of it stays.
fn refreshed(model: &Model, listed: &ListedModel, now: DateTime<Utc>) -> NewModel {
    let mut next = NewModel::from(model.clone());
    if model.source == ModelSource::Sync
        && model.name == model.code
        && let Some(name) = &listed.name
    {
        cut::<MAX_TEXT>(name).clone_into(&mut next.name);
    }
    told(&mut next, listed, now);
    next
}

/// What the provider tells of a model, whether we had it or not.
fn told(new: &mut NewModel, listed: &ListedModel, now: DateTime<Utc>) {
    new.max_input_tokens = new.max_input_tokens.or(listed.max_input_tokens);
    new.max_output_tokens = new.max_output_tokens.or(listed.max_output_tokens);
    if let Some(date) = listed.shutdown_date {
        new.shutdown_date = Some(date);
        if new.lifecycle == Lifecycle::Active {
            new.lifecycle = Lifecycle::Deprecating;
        }
    }
    new.is_missing_upstream = false;
    new.synced_at = Some(now);
}

/// Whether its code fits the column; one that does not is passed over.
fn has_usable_code(listed: &ListedModel) -> bool {
    let fits = !listed.code.trim().is_empty() && cut::<MAX_TEXT>(&listed.code) == listed.code;
    if !fits {
        tracing::warn!("a model whose code is blank or longer than {MAX_TEXT} is passed over");
    }
    fits
}

/// What a model that nobody knows probably does, by the words that providers use in codes.
fn guessed_type(code: &str) -> ModelType {
    const WORDS: [(&str, ModelType); 13] = [
        ("embed", ModelType::Embedding),
        ("moderation", ModelType::Moderation),
        ("rerank", ModelType::Rerank),
        ("whisper", ModelType::Audio),
        ("tts", ModelType::Audio),
        ("transcribe", ModelType::Audio),
        ("audio", ModelType::Audio),
        ("realtime", ModelType::Audio),
        ("dall-e", ModelType::Image),
        ("image", ModelType::Image),
        ("sora", ModelType::Other),
        ("video", ModelType::Other),
        ("veo", ModelType::Other),
    ];
    let code = code.to_lowercase();
    let found = WORDS.iter().find(|(word, _)| code.contains(word));
    found.map_or(ModelType::Chat, |(_, model_type)| *model_type)
}

async fn mark_missing(
    tx: &mut WriteTx,
    rows: &Rows,
    listed: &BTreeSet<&str>,
    outcome: &mut SyncOutcome,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_models
        SET is_missing_upstream = TRUE
        WHERE id = ?";
    for (code, (model, is_deleted)) in rows {
        if *is_deleted || listed.contains(code.as_str()) {
            continue;
        }
        outcome.missing.push(code.clone());
        outcome.models.push(SyncedModel::missing(&NewModel::from(model.clone())));
        if !model.is_missing_upstream {
            on_tx!(tx, |conn| {
                sqlx::query(SQL).bind(model.id.get()).execute(&mut *conn).await?;
            });
        }
    }
    Ok(())
}

async fn provider_code(tx: &mut WriteTx, id: ProviderId) -> StoreResult<String> {
    const SQL: &str =
        "SELECT provider_code FROM t_ai_providers WHERE id = ? AND deleted_at IS NULL";
    Ok(on_tx!(tx, |conn| { sqlx::query_scalar(SQL).bind(id.get()).fetch_one(&mut *conn).await? }))
}

async fn rows(tx: &mut WriteTx, provider: ProviderId) -> StoreResult<Rows> {
    const SQL: &str = select_model!("WHERE provider_id = ?");
    let rows: Vec<ModelRow> = on_tx!(tx, |conn| {
        sqlx::query_as(SQL).bind(provider.get()).fetch_all(&mut *conn).await?
    });
    let with_code = |row: ModelRow| {
        let is_deleted = row.deleted_at.is_some();
        let model = row.into_model();
        (model.code.clone(), (model, is_deleted))
    };
    Ok(rows.into_iter().map(with_code).collect())
}
