//! `t_ai_model_prices`: what models cost, and cost before.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use tollgate_domain::price::{Price, Rates};
use tollgate_domain::{ModelId, NanoUsd, PriceId};

use crate::Store;
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::{Moment, storable};

/// The source of a price from the built-in catalogue.
pub(crate) const SEED: &str = "seed";

/// The repository of `t_ai_model_prices`.
#[derive(Clone, Copy, Debug)]
pub struct Prices<'s> {
    store: &'s Store,
}

/// One tier of a price before it has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTier {
    /// The smallest whole prompt, in tokens, that it is for.
    pub tier_min_prompt_tokens: i64,
    /// Its rates; `None` where it exists and its price is not known.
    pub rates: Option<Rates>,
}

impl From<&Price> for NewTier {
    fn from(price: &Price) -> Self {
        Self { tier_min_prompt_tokens: price.tier_min_prompt_tokens, rates: price.rates }
    }
}

macro_rules! select_price {
    ($tail:literal) => {
        concat!(
            "SELECT p.id, p.model_id, p.valid_from, p.tier_min_prompt_tokens, p.prompt_nanousd,
                 p.completion_nanousd, p.cache_read_nanousd, p.cache_write_nanousd,
                 p.cache_write_1h_nanousd, p.request_fee_nanousd, p.source
             FROM t_ai_model_prices AS p ",
            $tail
        )
    };
}

#[derive(sqlx::FromRow)]
struct PriceRow {
    id: i64,
    model_id: i64,
    valid_from: DateTime<Utc>,
    tier_min_prompt_tokens: i64,
    prompt_nanousd: Option<i64>,
    completion_nanousd: Option<i64>,
    cache_read_nanousd: Option<i64>,
    cache_write_nanousd: Option<i64>,
    cache_write_1h_nanousd: Option<i64>,
    request_fee_nanousd: i64,
    source: String,
}

impl From<PriceRow> for Price {
    fn from(row: PriceRow) -> Self {
        let rates =
            row.prompt_nanousd.zip(row.completion_nanousd).map(|(prompt, completion)| Rates {
                prompt: NanoUsd::new(prompt),
                completion: NanoUsd::new(completion),
                cache_read: row.cache_read_nanousd.map(NanoUsd::new),
                cache_write: row.cache_write_nanousd.map(NanoUsd::new),
                cache_write_1h: row.cache_write_1h_nanousd.map(NanoUsd::new),
                request_fee: NanoUsd::new(row.request_fee_nanousd),
            });
        Self {
            id: PriceId::new(row.id),
            model_id: ModelId::new(row.model_id),
            valid_from: row.valid_from,
            tier_min_prompt_tokens: row.tier_min_prompt_tokens,
            rates,
            source: row.source,
        }
    }
}

impl Store {
    /// What models cost, and cost before.
    #[must_use]
    pub const fn prices(&self) -> Prices<'_> {
        Prices { store: self }
    }
}

impl Prices<'_> {
    /// A model's prices, the newest version first, its tiers from the smallest prompt up.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn of_model(&self, model: ModelId) -> StoreResult<Vec<Price>> {
        let rows: Vec<PriceRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(OF_MODEL).bind(model.get()).fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(Price::from).collect())
    }

    /// The prices with these ids, of deleted models too.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn of_ids(&self, ids: &[PriceId]) -> StoreResult<Vec<Price>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let marks = vec!["?"; ids.len()].join(", ");
        let sql = format!("{} WHERE p.id IN ({marks}) ORDER BY p.id", select_price!(""));
        let rows: Vec<PriceRow> = on_pool!(self.store.db(), |pool| {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for id in ids {
                query = query.bind(id.get());
            }
            query.fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(Price::from).collect())
    }

    /// Every price of every model there is, former ones included: a call is priced by its arrival.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn all(&self) -> StoreResult<Vec<Price>> {
        const SQL: &str = select_price!(
            "JOIN t_ai_models AS m ON m.id = p.model_id
             WHERE m.deleted_at IS NULL
             ORDER BY p.model_id, p.valid_from DESC, p.tier_min_prompt_tokens"
        );
        let rows: Vec<PriceRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        Ok(rows.into_iter().map(Price::from).collect())
    }

    /// Adds a price that holds from `valid_from` on; former ones stay. Answers its tiers.
    ///
    /// # Errors
    /// `NotFound` where there is no such model; `Conflict` on `validFrom` where it has a price
    /// from that very moment, or a tier is given twice.
    pub async fn insert(
        &self,
        model: ModelId,
        valid_from: DateTime<Utc>,
        tiers: &[NewTier],
        source: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<Vec<Price>> {
        const MODEL: &str = "SELECT id FROM t_ai_models WHERE id = ? AND deleted_at IS NULL";
        let valid_from = storable(valid_from);
        let mut tx = self.store.begin_config_write(now).await?;
        on_tx!(tx, |conn| {
            let _: i64 = sqlx::query_scalar(MODEL).bind(model.get()).fetch_one(&mut *conn).await?;
        });
        let had = of_model_in(&mut tx, model).await?;
        if had.iter().any(|price| price.valid_from == valid_from) {
            return Err(StoreError::Conflict { field: "validFrom" });
        }
        insert_version(&mut tx, model, valid_from, tiers, source, now).await?;
        let mut prices = of_model_in(&mut tx, model).await?;
        tx.commit().await?;
        prices.retain(|price| price.valid_from == valid_from);
        Ok(prices)
    }
}

const OF_MODEL: &str = select_price!(
    "WHERE p.model_id = ?
     ORDER BY p.valid_from DESC, p.tier_min_prompt_tokens"
);

/// [`Prices::of_model`] inside a transaction.
pub(crate) async fn of_model_in(tx: &mut WriteTx, model: ModelId) -> StoreResult<Vec<Price>> {
    let rows: Vec<PriceRow> = on_tx!(tx, |conn| {
        sqlx::query_as(OF_MODEL).bind(model.get()).fetch_all(&mut *conn).await?
    });
    Ok(rows.into_iter().map(Price::from).collect())
}

/// Every price of every model, deleted ones too.
pub(crate) async fn all_in(tx: &mut WriteTx) -> StoreResult<Vec<Price>> {
    const SQL: &str =
        select_price!("ORDER BY p.model_id, p.valid_from DESC, p.tier_min_prompt_tokens");
    let rows: Vec<PriceRow> =
        on_tx!(tx, |conn| { sqlx::query_as(SQL).fetch_all(&mut *conn).await? });
    Ok(rows.into_iter().map(Price::from).collect())
}

/// The rows of one version.
pub(crate) async fn insert_version(
    tx: &mut WriteTx,
    model: ModelId,
    valid_from: DateTime<Utc>,
    tiers: &[NewTier],
    source: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        INSERT INTO t_ai_model_prices (
            model_id, valid_from, tier_min_prompt_tokens, prompt_nanousd, completion_nanousd,
            cache_read_nanousd, cache_write_nanousd, cache_write_1h_nanousd, request_fee_nanousd,
            source, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    for tier in tiers {
        let rates = tier.rates;
        let optional = |rate: fn(Rates) -> Option<NanoUsd>| rates.and_then(rate).map(NanoUsd::get);
        on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(model.get())
                .bind(Moment(valid_from))
                .bind(tier.tier_min_prompt_tokens)
                .bind(rates.map(|rates| rates.prompt.get()))
                .bind(rates.map(|rates| rates.completion.get()))
                .bind(optional(|rates| rates.cache_read))
                .bind(optional(|rates| rates.cache_write))
                .bind(optional(|rates| rates.cache_write_1h))
                .bind(rates.map_or(0, |rates| rates.request_fee.get()))
                .bind(source)
                .bind(Moment(now))
                .bind(Moment(now))
                .execute(&mut *conn)
                .await
                .map_err(on_conflict("validFrom"))?;
        });
    }
    Ok(())
}
