//! Every price there is, by what an attempt tells of its model.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use tollgate_domain::price::{Price, bill};
use tollgate_domain::{ModelId, PriceId};

use super::{Billed, Used};
use crate::Store;
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::prices::{self, NewTier};

/// Providers, models and prices as they are now, deleted ones too.
pub(super) struct KnownPrices {
    providers: HashMap<i64, String>,
    models: HashMap<(i64, String), PricedModel>,
}

/// A price that nobody has set yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupposedPrice {
    /// What it would price.
    pub model: ModelId,
    /// From when it would hold.
    pub valid_from: DateTime<Utc>,
    /// Its tiers.
    pub tiers: Vec<NewTier>,
}

struct PricedModel {
    id: ModelId,
    /// A call after it found no such model, so it has no price.
    deleted_at: Option<DateTime<Utc>>,
    prices: Vec<Price>,
}

#[derive(sqlx::FromRow)]
struct ModelRow {
    id: i64,
    provider_id: i64,
    model_code: String,
    deleted_at: Option<DateTime<Utc>>,
}

impl KnownPrices {
    pub(super) async fn load(store: &Store) -> StoreResult<Self> {
        const PROVIDERS: &str = "SELECT id, provider_code FROM t_ai_providers";
        const MODELS: &str = "SELECT id, provider_id, model_code, deleted_at FROM t_ai_models";
        let mut tx = store.db().begin_write().await?;
        let providers: Vec<(i64, String)> =
            on_tx!(tx, |conn| { sqlx::query_as(PROVIDERS).fetch_all(&mut *conn).await? });
        let rows: Vec<ModelRow> =
            on_tx!(tx, |conn| { sqlx::query_as(MODELS).fetch_all(&mut *conn).await? });
        let mut by_model: HashMap<ModelId, Vec<Price>> = HashMap::new();
        for price in prices::all_in(&mut tx).await? {
            by_model.entry(price.model_id).or_default().push(price);
        }
        let models = rows.into_iter().map(|row| {
            let prices = by_model.remove(&ModelId::new(row.id)).unwrap_or_default();
            let id = ModelId::new(row.id);
            let model = PricedModel { id, deleted_at: row.deleted_at, prices };
            ((row.provider_id, row.model_code), model)
        });
        Ok(Self { providers: providers.into_iter().collect(), models: models.collect() })
    }

    /// Lets `supposed` hold too.
    pub(super) fn suppose(&mut self, supposed: &SupposedPrice) {
        let SupposedPrice { model, valid_from, tiers } = supposed;
        let Some(priced) = self.models.values_mut().find(|priced| priced.id == *model) else {
            return;
        };
        priced.prices.extend(tiers.iter().map(|tier| Price {
            // No row has it, so that every attempt which the price is for counts as changed.
            id: PriceId::new(0),
            model_id: *model,
            valid_from: *valid_from,
            tier_min_prompt_tokens: tier.tier_min_prompt_tokens,
            rates: tier.rates,
            source: String::new(),
        }));
    }

    /// An attempt with what it would cost now.
    pub(super) fn bill(&self, used: Used) -> Billed {
        let model = self.models.get(&(used.provider_id, used.model_code.clone()));
        let model = model.filter(|it| it.deleted_at.is_none_or(|at| used.created_at < at));
        let prices = model.map_or(&[][..], |model| &model.prices);
        let now = bill(prices, &used.usage(), used.created_at);
        Billed { used, now }
    }

    /// The code of the provider that an attempt was sent to.
    pub(super) fn provider_code(&self, used: &Used) -> &str {
        self.providers.get(&used.provider_id).map_or("?", String::as_str)
    }
}
