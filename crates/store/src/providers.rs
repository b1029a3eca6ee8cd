//! `t_ai_providers`: where calls go.

mod fields;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use tollgate_domain::ProviderId;
use tollgate_domain::page::Page;
use tollgate_domain::provider::{Provider, Strategy};

use crate::Store;
use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::Moment;
use crate::row::{matches_search, readable};
pub use fields::{NewProvider, ProviderPatch};
pub(crate) use fields::{ProviderRow, select_provider};

/// The repository of `t_ai_providers`.
#[derive(Clone, Copy, Debug)]
pub struct Providers<'s> {
    store: &'s Store,
}

/// Which providers a list shows; the default is all.
#[derive(Clone, Debug, Default)]
pub struct ProviderFilter {
    /// Part of the code or name, in any case.
    pub search: Option<String>,
    /// Only those that are, or are not, in use.
    pub is_active: Option<bool>,
}

/// What belongs to a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderCounts {
    /// Its models.
    pub models_count: i64,
    /// Its keys that an operator wants used.
    pub active_keys_count: i64,
}

impl Store {
    /// Where calls go.
    #[must_use]
    pub const fn providers(&self) -> Providers<'_> {
        Providers { store: self }
    }
}

impl Providers<'_> {
    /// Providers in the order in which they are asked, at most [`Page::MAX_LIST`].
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(&self, filter: &ProviderFilter) -> StoreResult<Vec<Provider>> {
        const SQL: &str = select_provider!(
            "WHERE deleted_at IS NULL
             ORDER BY sort_order, id"
        );
        let rows: Vec<ProviderRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        let wanted = |provider: &Provider| {
            filter.is_active.is_none_or(|is_active| provider.is_active == is_active)
                && matches_search(filter.search.as_deref(), [&provider.code, &provider.name])
        };
        let mut providers = readable(rows.into_iter().map(ProviderRow::into_provider));
        providers.retain(wanted);
        providers.truncate(Page::MAX_LIST as usize);
        Ok(providers)
    }

    /// One provider.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted one.
    pub async fn find(&self, id: ProviderId) -> StoreResult<Provider> {
        const SQL: &str = select_provider!("WHERE id = ? AND deleted_at IS NULL");
        let row: ProviderRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(id.get()).fetch_one(pool).await?
        });
        row.into_provider()
    }

    /// The provider that callers call `code`.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted one.
    pub async fn find_by_code(&self, code: &str) -> StoreResult<Provider> {
        const SQL: &str = select_provider!("WHERE provider_code = ? AND deleted_at IS NULL");
        let row: ProviderRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(code).fetch_one(pool).await?
        });
        row.into_provider()
    }

    /// Adds a provider. One that was deleted under the same code comes back in its old row, with
    /// nothing of it left but its id and, in reports, its past calls.
    ///
    /// # Errors
    /// `Conflict` on `providerCode`.
    pub async fn insert(&self, new: &NewProvider, now: DateTime<Utc>) -> StoreResult<Provider> {
        const FIND: &str = select_provider!("WHERE provider_code = ?");
        let mut tx = self.store.begin_config_write(now).await?;
        let same_code: Option<ProviderRow> = on_tx!(tx, |conn| {
            sqlx::query_as(FIND).bind(&new.code).fetch_optional(&mut *conn).await?
        });
        let id = match same_code {
            Some(row) if row.deleted_at.is_none() => {
                return Err(StoreError::Conflict { field: "providerCode" });
            }
            Some(row) => {
                write(&mut tx, row.id, new, now, now).await?;
                row.id
            }
            None => insert(&mut tx, None, new, now).await?,
        };
        let provider = reload(&mut tx, id).await?;
        tx.commit().await?;
        Ok(provider)
    }

    /// Whether there was a provider with that code, which somebody deleted.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn was_deleted(&self, code: &str) -> StoreResult<bool> {
        const SQL: &str = "
            SELECT COUNT(*)
            FROM t_ai_providers
            WHERE provider_code = ? AND deleted_at IS NOT NULL";
        let found: i64 = on_pool!(self.store.db(), |pool| {
            sqlx::query_scalar(SQL).bind(code).fetch_one(pool).await?
        });
        Ok(found > 0)
    }

    /// Changes what the patch names.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` on `providerCode`.
    pub async fn update(
        &self,
        id: ProviderId,
        patch: &ProviderPatch,
        now: DateTime<Utc>,
    ) -> StoreResult<Provider> {
        let mut tx = self.store.begin_config_write(now).await?;
        let old = reload(&mut tx, id.get()).await?;
        let created_at = old.created_at;
        write(&mut tx, id.get(), &patch.applied_to(old), created_at, now).await?;
        let provider = reload(&mut tx, id.get()).await?;
        tx.commit().await?;
        Ok(provider)
    }

    /// Lets the keys of every provider share the load as `strategy` says.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn share_load(&self, strategy: Strategy, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_ai_providers
            SET lb_strategy = ?, updated_at = ?
            WHERE deleted_at IS NULL AND lb_strategy <> ?";
        let mut tx = self.store.begin_config_write(now).await?;
        on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(strategy.as_str())
                .bind(Moment(now))
                .bind(strategy.as_str())
                .execute(&mut *conn)
                .await?;
        });
        tx.commit().await
    }

    /// Deletes a provider with its keys, whose secrets are wiped, and its models.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, id: ProviderId, now: DateTime<Utc>) -> StoreResult<()> {
        const PROVIDER: &str = "
            UPDATE t_ai_providers
            SET deleted_at = ?, updated_at = ?
            WHERE id = ? AND deleted_at IS NULL";
        const KEYS: &str = "
            UPDATE t_ai_api_keys
            SET api_key = NULL, key_fingerprint = NULL, deleted_at = ?, updated_at = ?
            WHERE provider_id = ? AND deleted_at IS NULL";
        const MODELS: &str = "
            UPDATE t_ai_models
            SET deleted_at = ?, updated_at = ?
            WHERE provider_id = ? AND deleted_at IS NULL";
        let mut tx = self.store.begin_config_write(now).await?;
        for (index, sql) in [PROVIDER, KEYS, MODELS].into_iter().enumerate() {
            let changed = on_tx!(tx, |conn| {
                let query = sqlx::query(sql).bind(Moment(now)).bind(Moment(now)).bind(id.get());
                query.execute(&mut *conn).await?.rows_affected()
            });
            if index == 0 && changed == 0 {
                return Err(StoreError::NotFound);
            }
        }
        tx.commit().await
    }

    /// How many models and keys each provider has; one that has none is missing.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn counts(&self) -> StoreResult<BTreeMap<ProviderId, ProviderCounts>> {
        const MODELS: &str = "
            SELECT provider_id, COUNT(*)
            FROM t_ai_models
            WHERE deleted_at IS NULL
            GROUP BY provider_id";
        const KEYS: &str = "
            SELECT provider_id, COUNT(*)
            FROM t_ai_api_keys
            WHERE deleted_at IS NULL AND is_active = TRUE
            GROUP BY provider_id";
        let models = self.count_by_provider(MODELS).await?;
        let keys = self.count_by_provider(KEYS).await?;
        let mut counts = BTreeMap::<ProviderId, ProviderCounts>::new();
        for (provider, count) in models {
            counts.entry(ProviderId::new(provider)).or_default().models_count = count;
        }
        for (provider, count) in keys {
            counts.entry(ProviderId::new(provider)).or_default().active_keys_count = count;
        }
        Ok(counts)
    }

    async fn count_by_provider(&self, sql: &'static str) -> StoreResult<Vec<(i64, i64)>> {
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_as(sql).fetch_all(pool).await? }))
    }
}

/// Binds the columns that `NewProvider` has, in their order in the two statements below.
macro_rules! bind_fields {
    ($query:expr, $new:expr) => {
        $query
            .bind(&$new.code)
            .bind(&$new.name)
            .bind($new.protocol.as_str())
            .bind(&$new.base_url)
            .bind($new.is_active)
            .bind($new.sort_order)
            .bind(&$new.description)
            .bind($new.lb_strategy.as_str())
            .bind($new.default_model_id.map(|id| id.get()))
            .bind(Json(&$new.default_params))
            .bind(i64::from($new.timeouts.connect_ms))
            .bind(i64::from($new.timeouts.first_token_ms))
            .bind(i64::from($new.timeouts.idle_ms))
            .bind(i64::from($new.timeouts.total_ms))
            .bind(i64::from($new.max_retries))
            .bind(i64::from($new.queue_timeout_ms))
            .bind(Json(&$new.extra_headers))
            .bind(Json(&$new.quirks))
    };
}

/// A new row; with the id wanted, if there is one.
pub(crate) async fn insert(
    tx: &mut WriteTx,
    id: Option<ProviderId>,
    new: &NewProvider,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    const SQL: &str = "
        INSERT INTO t_ai_providers (
            provider_code, provider_name, protocol, base_url, is_active, sort_order, description,
            lb_strategy, default_model_id, default_params, connect_timeout_ms,
            first_token_timeout_ms, idle_timeout_ms, total_timeout_ms, max_retries,
            queue_timeout_ms, extra_headers, quirks, created_at, updated_at, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    on_tx!(tx, |conn| {
        bind_fields!(sqlx::query(SQL), new)
            .bind(Moment(now))
            .bind(Moment(now))
            .bind(id.map(ProviderId::get))
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("providerCode"))
            .map(|result| id.map_or(result.inserted_id(), ProviderId::get))
    })
}

/// Writes every field of a row, which is then not deleted.
pub(crate) async fn write(
    tx: &mut WriteTx,
    id: i64,
    new: &NewProvider,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_providers
        SET provider_code = ?, provider_name = ?, protocol = ?, base_url = ?, is_active = ?,
            sort_order = ?, description = ?, lb_strategy = ?, default_model_id = ?,
            default_params = ?, connect_timeout_ms = ?, first_token_timeout_ms = ?,
            idle_timeout_ms = ?, total_timeout_ms = ?, max_retries = ?, queue_timeout_ms = ?,
            extra_headers = ?, quirks = ?, created_at = ?, updated_at = ?, deleted_at = NULL
        WHERE id = ?";
    on_tx!(tx, |conn| {
        bind_fields!(sqlx::query(SQL), new)
            .bind(Moment(created_at))
            .bind(Moment(updated_at))
            .bind(id)
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("providerCode"))?;
    });
    Ok(())
}

async fn reload(tx: &mut WriteTx, id: i64) -> StoreResult<Provider> {
    const SQL: &str = select_provider!("WHERE id = ? AND deleted_at IS NULL");
    let row: ProviderRow =
        on_tx!(tx, |conn| { sqlx::query_as(SQL).bind(id).fetch_one(&mut *conn).await? });
    row.into_provider()
}

/// `NotFound` unless there is such a provider.
pub(crate) async fn require_provider(tx: &mut WriteTx, id: ProviderId) -> StoreResult<()> {
    const SQL: &str = "SELECT id FROM t_ai_providers WHERE id = ? AND deleted_at IS NULL";
    on_tx!(tx, |conn| {
        let _: i64 = sqlx::query_scalar(SQL).bind(id.get()).fetch_one(&mut *conn).await?;
    });
    Ok(())
}
