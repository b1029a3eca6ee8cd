//! What models cost, from when.

pub mod reprice;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::audit::Action;
use tollgate_domain::price::{Price, Rates};
use tollgate_domain::{ModelId, NanoUsd};
use tollgate_store::prices::NewTier;
use utoipa::{OpenApi, ToSchema};

use crate::app::{App, Change};
use crate::error::{ApiResult, Missing};
use crate::extract::json::present;
use crate::extract::{
    Admin, Analyst, Checks, Created, Envelope, Id, Listed, Meta, Valid, Validate,
};
use crate::openapi::{ReadErrors, WriteErrors};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, create, reprice::reprice))]
pub struct Doc;

/// One tier of one price of a model.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceView {
    /// Its id, which a call's record names.
    id: i64,
    /// What it prices.
    model_id: i64,
    /// From when it holds.
    valid_from: DateTime<Utc>,
    /// The smallest whole prompt, in tokens, that it is for.
    tier_min_prompt_tokens: i64,
    /// Dollars for 1000 prompt tokens; null where the tier's price is not known.
    #[schema(value_type = Option<f64>)]
    cost_per_1k_prompt_tokens: Option<NanoUsd>,
    /// Dollars for 1000 answer tokens; null where the tier's price is not known.
    #[schema(value_type = Option<f64>)]
    cost_per_1k_completion_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens from the cache; null is as any prompt token.
    #[schema(value_type = Option<f64>)]
    cost_per_1k_cache_read_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the cache; null is as any prompt token.
    #[schema(value_type = Option<f64>)]
    cost_per_1k_cache_write_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the one-hour cache; null is as into the other.
    #[schema(value_type = Option<f64>)]
    cost_per_1k_cache_write_1h_tokens: Option<NanoUsd>,
    /// Dollars for each request; null where the tier's price is not known.
    #[schema(value_type = Option<f64>)]
    request_fee: Option<NanoUsd>,
    /// Who said so: `seed`, `sync`, `manual`.
    source: String,
}

impl From<Price> for PriceView {
    fn from(price: Price) -> Self {
        let rates = price.rates;
        Self {
            id: price.id.get(),
            model_id: price.model_id.get(),
            valid_from: price.valid_from,
            tier_min_prompt_tokens: price.tier_min_prompt_tokens,
            cost_per_1k_prompt_tokens: rates.map(|rates| rates.prompt),
            cost_per_1k_completion_tokens: rates.map(|rates| rates.completion),
            cost_per_1k_cache_read_tokens: rates.and_then(|rates| rates.cache_read),
            cost_per_1k_cache_write_tokens: rates.and_then(|rates| rates.cache_write),
            cost_per_1k_cache_write_1h_tokens: rates.and_then(|rates| rates.cache_write_1h),
            request_fee: rates.map(|rates| rates.request_fee),
            source: price.source,
        }
    }
}

/// A new price of a model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPrice {
    /// From when it holds; by default from now on.
    #[serde(default, deserialize_with = "present")]
    valid_from: Option<DateTime<Utc>>,
    /// The first tier's rates, where there is but one tier.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_prompt_tokens: Option<NanoUsd>,
    /// Dollars for 1000 answer tokens.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_completion_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens from the cache; by default as any prompt token.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_read_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the cache; by default as any prompt token.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_write_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the one-hour cache; by default as into the other.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_write_1h_tokens: Option<NanoUsd>,
    /// Dollars for each request; by default nothing.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    request_fee: Option<NanoUsd>,
    /// Tiers for longer prompts.
    #[serde(default, deserialize_with = "present")]
    tiers: Option<Vec<Tier>>,
}

/// A tier for longer prompts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tier {
    /// The smallest whole prompt, in tokens, that it is for.
    #[schema(minimum = 1)]
    tier_min_prompt_tokens: i64,
    /// Dollars for 1000 prompt tokens; null where the tier's price is not known.
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_prompt_tokens: Option<NanoUsd>,
    /// Dollars for 1000 answer tokens; null where the tier's price is not known.
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_completion_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens from the cache; by default as any prompt token.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_read_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the cache; by default as any prompt token.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_write_tokens: Option<NanoUsd>,
    /// Dollars for 1000 prompt tokens into the one-hour cache; by default as into the other.
    #[serde(default)]
    #[schema(value_type = Option<f64>, minimum = 0)]
    cost_per_1k_cache_write_1h_tokens: Option<NanoUsd>,
}

impl Validate for NewPrice {
    fn validate(&self, checks: &mut Checks) {
        for (field, cost) in [
            ("costPer1kPromptTokens", self.cost_per_1k_prompt_tokens),
            ("costPer1kCompletionTokens", self.cost_per_1k_completion_tokens),
        ] {
            if cost.is_none() {
                checks.wrong(field, "is required");
            }
        }
        let all = [
            ("costPer1kPromptTokens", self.cost_per_1k_prompt_tokens),
            ("costPer1kCompletionTokens", self.cost_per_1k_completion_tokens),
            ("costPer1kCacheReadTokens", self.cost_per_1k_cache_read_tokens),
            ("costPer1kCacheWriteTokens", self.cost_per_1k_cache_write_tokens),
            ("costPer1kCacheWrite1hTokens", self.cost_per_1k_cache_write_1h_tokens),
            ("requestFee", self.request_fee),
        ];
        not_negative("", &all, checks);
        let tiers = self.tiers.as_deref().unwrap_or_default();
        checks.count("tiers", tiers.len(), 10);
        for (index, tier) in tiers.iter().enumerate() {
            tier.validate(&format!("tiers[{index}]."), checks);
            let bound = tier.tier_min_prompt_tokens;
            if tiers[..index].iter().any(|other| other.tier_min_prompt_tokens == bound) {
                checks.wrong(format!("tiers[{index}].tierMinPromptTokens"), "stands there twice");
            }
        }
    }
}

impl Tier {
    fn validate(&self, path: &str, checks: &mut Checks) {
        let field = format!("{path}tierMinPromptTokens");
        checks.range(&field, Some(self.tier_min_prompt_tokens), 1..=1_000_000_000);
        let (prompt, completion) =
            (self.cost_per_1k_prompt_tokens, self.cost_per_1k_completion_tokens);
        if prompt.is_some() != completion.is_some() {
            checks.wrong(
                format!("{path}costPer1kPromptTokens"),
                "and costPer1kCompletionTokens must both be there, or both be null",
            );
        }
        let all = [
            ("costPer1kPromptTokens", prompt),
            ("costPer1kCompletionTokens", completion),
            ("costPer1kCacheReadTokens", self.cost_per_1k_cache_read_tokens),
            ("costPer1kCacheWriteTokens", self.cost_per_1k_cache_write_tokens),
            ("costPer1kCacheWrite1hTokens", self.cost_per_1k_cache_write_1h_tokens),
        ];
        not_negative(path, &all, checks);
    }

    fn rates(&self) -> Option<Rates> {
        Some(Rates {
            prompt: self.cost_per_1k_prompt_tokens?,
            completion: self.cost_per_1k_completion_tokens?,
            cache_read: self.cost_per_1k_cache_read_tokens,
            cache_write: self.cost_per_1k_cache_write_tokens,
            cache_write_1h: self.cost_per_1k_cache_write_1h_tokens,
            request_fee: NanoUsd::ZERO,
        })
    }
}

fn not_negative(path: &str, costs: &[(&str, Option<NanoUsd>)], checks: &mut Checks) {
    for (field, cost) in costs {
        if cost.is_some_and(|cost| cost < NanoUsd::ZERO) {
            checks.wrong(format!("{path}{field}"), "must not be negative");
        }
    }
}

impl NewPrice {
    fn valid_from(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.valid_from.unwrap_or(now)
    }

    fn tiers(&self) -> Vec<NewTier> {
        let first = NewTier {
            tier_min_prompt_tokens: 0,
            rates: Some(Rates {
                prompt: self.cost_per_1k_prompt_tokens.unwrap_or_default(),
                completion: self.cost_per_1k_completion_tokens.unwrap_or_default(),
                cache_read: self.cost_per_1k_cache_read_tokens,
                cache_write: self.cost_per_1k_cache_write_tokens,
                cache_write_1h: self.cost_per_1k_cache_write_1h_tokens,
                request_fee: self.request_fee.unwrap_or_default(),
            }),
        };
        let higher = self.tiers.iter().flatten().map(|tier| NewTier {
            tier_min_prompt_tokens: tier.tier_min_prompt_tokens,
            rates: tier.rates(),
        });
        std::iter::once(first).chain(higher).collect()
    }
}

/// A model's prices, newest first.
#[utoipa::path(get, path = "/api/admin/ai-models/{id}/prices", tag = "models",
    params(("id" = i64, Path)), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Listed<PriceView>), ReadErrors))]
pub async fn list(
    _: Analyst,
    app: Data<App>,
    Id(model): Id<ModelId>,
) -> ApiResult<Listed<PriceView>> {
    app.store.models().find(model).await.or_missing("model")?;
    let prices = app.store.prices().of_model(model).await?;
    Ok(Listed::cut(prices.into_iter().map(PriceView::from).collect(), None))
}

/// Give a model a new price from a date on. Nothing is overwritten.
#[utoipa::path(post, path = "/api/admin/ai-models/{id}/prices", tag = "models",
    params(("id" = i64, Path)), request_body = NewPrice, security(("bearer" = ["admin"])),
    responses((status = 201, body = Envelope<Vec<PriceView>>), WriteErrors))]
pub async fn create(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Id(model): Id<ModelId>,
    Valid(body): Valid<NewPrice>,
) -> ApiResult<Created<Vec<PriceView>>> {
    let now = app.clock.now();
    let valid_from = body.valid_from(now);
    let prices = app.store.prices().insert(model, valid_from, &body.tiers(), "manual", now).await;
    let views: Vec<PriceView> =
        prices.or_missing("model")?.into_iter().map(PriceView::from).collect();
    let change = Change::new(Action::Create, "price", Some(model.get())).after(&views);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Created(views))
}
