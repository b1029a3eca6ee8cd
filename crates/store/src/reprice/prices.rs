//! Every price there is, by what an attempt tells of its model.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use tollgate_domain::ModelId;
use tollgate_domain::price::{Price, bill};

use super::{Billed, Used};
use crate::Store;
use crate::db::on_tx;
use crate::error::StoreResult;
use crate::prices;

/// Providers, models and prices as they are now, deleted ones too.
pub(super) struct KnownPrices {
    providers: HashMap<i64, String>,
    models: HashMap<(i64, String), PricedModel>,
}

struct PricedModel {
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
            let model = PricedModel { deleted_at: row.deleted_at, prices };
            ((row.provider_id, row.model_code), model)
        });
        Ok(Self { providers: providers.into_iter().collect(), models: models.collect() })
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
