//! Loading the catalogue into the database, as often as one likes.
//!
//! What is missing is added. What is there stays: a row that was deleted, a provider, a model that
//! an operator changed or added, a price that an operator set. A model that nobody touched follows
//! a newer catalogue, and so does its price, as a new version.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use tollgate_domain::model::{Model, ModelSource};
use tollgate_domain::price::Price;
use tollgate_domain::{ModelId, ProviderId};

use crate::Store;
use crate::catalogue::{Catalogue, Entry, PriceEntry, ProviderEntry};
use crate::db::{WriteTx, on_tx};
use crate::error::StoreResult;
use crate::models::{self, ModelRow, NewModel, select_model};
use crate::prices::{self, NewTier};
use crate::providers::{self, ProviderRow, select_provider};

impl Store {
    /// Loads the providers, models and prices that this binary knows. Doing so again changes
    /// nothing, overwrites nothing that an operator changed, and brings back nothing that one
    /// removed.
    ///
    /// # Errors
    /// `Unavailable`; `Seeds` where the catalogue itself is wrong.
    pub async fn seed(&self, now: DateTime<Utc>) -> StoreResult<()> {
        self.seed_from(&Catalogue::built_in()?, now).await
    }

    pub(crate) async fn seed_from(
        &self,
        catalogue: &Catalogue,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let mut tx = self.begin_config_write(now).await?;
        let mut run = Run { catalogue, now, has_changed: false };
        let providers = run.providers(&mut tx).await?;
        let models = run.models(&mut tx, &providers).await?;
        run.prices(&mut tx, &models).await?;
        run.default_models(&mut tx, &providers, &models).await?;
        if run.has_changed { tx.commit().await } else { Ok(()) }
    }
}

struct Run<'c> {
    catalogue: &'c Catalogue,
    now: DateTime<Utc>,
    has_changed: bool,
}

/// A provider of the catalogue that has a row.
struct Known<'c> {
    entry: &'c ProviderEntry,
    id: ProviderId,
    is_new: bool,
}

/// A model of a known provider that has a row.
struct KnownModel<'c> {
    entry: &'c Entry,
    id: ModelId,
    provider: ProviderId,
    code: String,
    /// Whether it got its row from an operator.
    is_manual: bool,
}

impl<'c> Run<'c> {
    /// Adds providers whose code has no row; answers those that are not deleted.
    async fn providers(&mut self, tx: &mut WriteTx) -> StoreResult<Vec<Known<'c>>> {
        const SQL: &str = select_provider!("ORDER BY id");
        let rows: Vec<ProviderRow> =
            on_tx!(tx, |conn| { sqlx::query_as(SQL).fetch_all(&mut *conn).await? });
        let taken: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut by_code = BTreeMap::new();
        for row in rows {
            let is_deleted = row.deleted_at.is_some();
            by_code.insert(row.provider_code, (ProviderId::new(row.id), is_deleted));
        }
        let mut known = Vec::new();
        let mut new = Vec::new();
        for entry in &self.catalogue.providers {
            match by_code.get(&entry.code) {
                Some((_, true)) => {}
                Some((id, false)) => known.push(Known { entry, id: *id, is_new: false }),
                None => new.push(entry),
            }
        }
        // Those whose own id is taken come last, so that they get no id of another one.
        new.sort_by_key(|entry| taken.contains(&entry.id));
        for entry in new {
            let wanted = Some(ProviderId::new(entry.id)).filter(|_| !taken.contains(&entry.id));
            let id = providers::insert(tx, wanted, &entry.to_provider(), self.now).await?;
            known.push(Known { entry, id: ProviderId::new(id), is_new: true });
            self.has_changed = true;
        }
        Ok(known)
    }

    /// Adds models that have no row, and refreshes those that nobody touched; answers those that
    /// are not deleted.
    async fn models(
        &mut self,
        tx: &mut WriteTx,
        providers: &[Known<'c>],
    ) -> StoreResult<Vec<KnownModel<'c>>> {
        const SQL: &str = select_model!("ORDER BY id");
        let rows: Vec<ModelRow> =
            on_tx!(tx, |conn| { sqlx::query_as(SQL).fetch_all(&mut *conn).await? });
        let mut by_code = BTreeMap::new();
        for row in rows {
            let is_deleted = row.deleted_at.is_some();
            let model = row.into_model();
            by_code.insert((model.provider_id, model.code.clone()), (model, is_deleted));
        }
        let catalogue = self.catalogue;
        let mut known = Vec::new();
        for provider in providers {
            let is_its = |entry: &&Entry| entry.provider == provider.entry.code;
            for entry in catalogue.models.iter().filter(is_its) {
                let new = entry.to_model(provider.id, &entry.code);
                if !by_code.contains_key(&(provider.id, entry.code.clone())) {
                    let id = models::insert(tx, &new, self.now).await?;
                    self.has_changed = true;
                    known.push(KnownModel {
                        entry,
                        id: ModelId::new(id),
                        provider: provider.id,
                        code: new.code,
                        is_manual: false,
                    });
                }
            }
            for (model, is_deleted) in by_code.values() {
                let entry = catalogue.find(&provider.entry.code, &model.code);
                let is_its = model.provider_id == provider.id && !is_deleted;
                if let Some(entry) = entry.filter(|_| is_its) {
                    self.refresh(tx, model, entry).await?;
                    known.push(KnownModel {
                        entry,
                        id: model.id,
                        provider: provider.id,
                        code: model.code.clone(),
                        is_manual: model.source == ModelSource::Manual,
                    });
                }
            }
        }
        Ok(known)
    }

    async fn refresh(&mut self, tx: &mut WriteTx, model: &Model, entry: &Entry) -> StoreResult<()> {
        let is_untouched =
            model.source == ModelSource::Seed && model.updated_at == model.created_at;
        let next = NewModel {
            is_active: model.is_active,
            is_missing_upstream: model.is_missing_upstream,
            synced_at: model.synced_at,
            ..entry.to_model(model.provider_id, &model.code)
        };
        if is_untouched && next != NewModel::from(model.clone()) {
            // The same time twice: it is still untouched.
            models::write(tx, model.id.get(), &next, model.created_at, model.created_at).await?;
            self.has_changed = true;
        }
        Ok(())
    }

    async fn prices(&mut self, tx: &mut WriteTx, models: &[KnownModel<'c>]) -> StoreResult<()> {
        let all = prices::all_in(tx).await?;
        for model in models {
            let Some(price) = &model.entry.price else { continue };
            let had: Vec<&Price> = all.iter().filter(|row| row.model_id == model.id).collect();
            if let Some(from) = valid_from(&had, price, model.is_manual, self.now) {
                let tiers = &price.tiers;
                prices::insert_version(tx, model.id, from, tiers, prices::SEED, self.now).await?;
                self.has_changed = true;
            }
        }
        Ok(())
    }

    /// Providers that this run added get their default model.
    async fn default_models(
        &self,
        tx: &mut WriteTx,
        providers: &[Known<'c>],
        models: &[KnownModel<'c>],
    ) -> StoreResult<()> {
        for provider in providers.iter().filter(|provider| provider.is_new) {
            let is_default = |model: &&KnownModel<'_>| {
                model.provider == provider.id
                    && Some(&model.code) == provider.entry.default_model.as_ref()
            };
            let mut new = provider.entry.to_provider();
            new.default_model_id = models.iter().find(is_default).map(|model| model.id);
            providers::write(tx, provider.id.get(), &new, self.now, self.now).await?;
        }
        Ok(())
    }
}

/// From when the catalogue's price is to hold as a new version; `None` where it is not to.
fn valid_from(
    had: &[&Price],
    price: &PriceEntry,
    is_manual: bool,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let Some(newest) = had.iter().map(|row| row.valid_from).max() else {
        // Whoever adds a model by hand and gives it no price wants it unpriced.
        return (!is_manual).then_some(price.valid_from);
    };
    let version: Vec<&Price> = had.iter().copied().filter(|row| row.valid_from == newest).collect();
    let is_ours = version.iter().all(|row| row.source == prices::SEED);
    let mut tiers: Vec<NewTier> = version.into_iter().map(NewTier::from).collect();
    tiers.sort_by_key(|tier| tier.tier_min_prompt_tokens);
    if !is_ours || tiers == price.tiers || price.valid_from < newest {
        return None;
    }
    // The same date with other figures is a correction; what was charged by the wrong ones stays.
    let correction = now.max(newest + TimeDelta::milliseconds(1));
    Some(if price.valid_from > newest { price.valid_from } else { correction })
}
