//! `t_ai_models`: what providers serve.

mod fields;
mod sync;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use tollgate_domain::model::{Lifecycle, Model, ModelType};
use tollgate_domain::page::Page;
use tollgate_domain::{ModelId, ProviderId};

use crate::Store;
use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::Moment;
use crate::providers::require_provider;
use crate::row::matches_search;
pub use fields::{ModelPatch, NewModel};
pub(crate) use fields::{ModelRow, select_model};
pub use sync::{FieldChange, SyncChange, SyncOutcome, SyncedModel};

/// The repository of `t_ai_models`.
#[derive(Clone, Copy, Debug)]
pub struct Models<'s> {
    store: &'s Store,
}

/// Which models a list shows; the default is all.
#[derive(Clone, Debug, Default)]
pub struct ModelFilter {
    /// Only this provider's.
    pub provider_id: Option<ProviderId>,
    /// Only those that callers may, or may not, use.
    pub is_active: Option<bool>,
    /// Only those that do this.
    pub model_type: Option<ModelType>,
    /// Only those at this point of their life.
    pub lifecycle: Option<Lifecycle>,
    /// Part of the code or name, in any case.
    pub search: Option<String>,
}

impl ModelFilter {
    fn takes(&self, model: &Model) -> bool {
        self.provider_id.is_none_or(|id| model.provider_id == id)
            && self.is_active.is_none_or(|is_active| model.is_active == is_active)
            && self.model_type.is_none_or(|model_type| model.model_type == model_type)
            && self.lifecycle.is_none_or(|lifecycle| model.lifecycle == lifecycle)
            && matches_search(self.search.as_deref(), [&model.code, &model.name])
    }
}

impl Store {
    /// What providers serve.
    #[must_use]
    pub const fn models(&self) -> Models<'_> {
        Models { store: self }
    }
}

impl Models<'_> {
    /// Models by provider and code, at most [`Page::MAX_LIST`].
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(&self, filter: &ModelFilter) -> StoreResult<Vec<Model>> {
        let models = self.all().await?;
        Ok(models
            .into_iter()
            .filter(|model| filter.takes(model))
            .take(Page::MAX_LIST as usize)
            .collect())
    }

    /// Every model, for the snapshot.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn all(&self) -> StoreResult<Vec<Model>> {
        const SQL: &str = select_model!(
            "WHERE deleted_at IS NULL
             ORDER BY provider_id, model_code"
        );
        let rows: Vec<ModelRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        Ok(rows.into_iter().map(ModelRow::into_model).collect())
    }

    /// One model.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted one.
    pub async fn find(&self, id: ModelId) -> StoreResult<Model> {
        const SQL: &str = select_model!("WHERE id = ? AND deleted_at IS NULL");
        let row: ModelRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(id.get()).fetch_one(pool).await?
        });
        Ok(row.into_model())
    }

    /// What the provider calls `code`.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted one.
    pub async fn find_by_code(&self, provider: ProviderId, code: &str) -> StoreResult<Model> {
        const SQL: &str =
            select_model!("WHERE provider_id = ? AND model_code = ? AND deleted_at IS NULL");
        let row: ModelRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(provider.get()).bind(code).fetch_one(pool).await?
        });
        Ok(row.into_model())
    }

    /// Adds a model. One that was deleted under the same code comes back in its old row, with its
    /// old prices.
    ///
    /// # Errors
    /// `NotFound` where there is no such provider; `Conflict` on `modelCode`.
    pub async fn insert(&self, new: &NewModel, now: DateTime<Utc>) -> StoreResult<Model> {
        const FIND: &str = select_model!("WHERE provider_id = ? AND model_code = ?");
        let mut tx = self.store.begin_config_write(now).await?;
        require_provider(&mut tx, new.provider_id).await?;
        let same_code: Option<ModelRow> = on_tx!(tx, |conn| {
            sqlx::query_as(FIND)
                .bind(new.provider_id.get())
                .bind(&new.code)
                .fetch_optional(&mut *conn)
                .await?
        });
        let id = match same_code {
            Some(row) if row.deleted_at.is_none() => {
                return Err(StoreError::Conflict { field: "modelCode" });
            }
            Some(row) => {
                write(&mut tx, row.id, new, now, now).await?;
                row.id
            }
            None => insert(&mut tx, new, now).await?,
        };
        let model = reload(&mut tx, id).await?;
        tx.commit().await?;
        Ok(model)
    }

    /// Changes what the patch names.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` on `modelCode`.
    pub async fn update(
        &self,
        id: ModelId,
        patch: &ModelPatch,
        now: DateTime<Utc>,
    ) -> StoreResult<Model> {
        let mut tx = self.store.begin_config_write(now).await?;
        let old = reload(&mut tx, id.get()).await?;
        let created_at = old.created_at;
        write(&mut tx, id.get(), &patch.applied_to(old), created_at, now).await?;
        let model = reload(&mut tx, id.get()).await?;
        tx.commit().await?;
        Ok(model)
    }

    /// Deletes a model; a provider whose default it was has none then.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, id: ModelId, now: DateTime<Utc>) -> StoreResult<()> {
        const MODEL: &str = "
            UPDATE t_ai_models
            SET deleted_at = ?, updated_at = ?
            WHERE id = ? AND deleted_at IS NULL";
        const DEFAULT: &str = "
            UPDATE t_ai_providers
            SET default_model_id = NULL, updated_at = ?
            WHERE default_model_id = ?";
        let mut tx = self.store.begin_config_write(now).await?;
        let deleted = on_tx!(tx, |conn| {
            let query = sqlx::query(MODEL).bind(Moment(now)).bind(Moment(now)).bind(id.get());
            query.execute(&mut *conn).await?.rows_affected()
        });
        if deleted == 0 {
            return Err(StoreError::NotFound);
        }
        on_tx!(tx, |conn| {
            sqlx::query(DEFAULT).bind(Moment(now)).bind(id.get()).execute(&mut *conn).await?;
        });
        tx.commit().await
    }
}

/// Binds the columns that `NewModel` has, in their order in the two statements below.
macro_rules! bind_fields {
    ($query:expr, $new:expr) => {
        $query
            .bind($new.provider_id.get())
            .bind(&$new.code)
            .bind(&$new.name)
            .bind($new.model_type.as_str())
            .bind($new.max_input_tokens)
            .bind($new.max_output_tokens)
            .bind($new.supports_streaming)
            .bind($new.supports_function_call)
            .bind($new.supports_vision)
            .bind($new.is_active)
            .bind($new.source.as_str())
            .bind($new.lifecycle.as_str())
            .bind($new.shutdown_date)
            .bind(Json(&$new.constraints))
            .bind($new.is_missing_upstream)
            .bind($new.synced_at.map(Moment))
    };
}

pub(crate) async fn insert(
    tx: &mut WriteTx,
    new: &NewModel,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    const SQL: &str = "
        INSERT INTO t_ai_models (
            provider_id, model_code, model_name, model_type, max_input_tokens, max_output_tokens,
            supports_streaming, supports_function_call, supports_vision, is_active, source,
            lifecycle, shutdown_date, constraints, is_missing_upstream, synced_at, created_at,
            updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    on_tx!(tx, |conn| {
        bind_fields!(sqlx::query(SQL), new)
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("modelCode"))
            .map(|result| result.inserted_id())
    })
}

/// Writes every field of a row, which is then not deleted.
pub(crate) async fn write(
    tx: &mut WriteTx,
    id: i64,
    new: &NewModel,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_models
        SET provider_id = ?, model_code = ?, model_name = ?, model_type = ?, max_input_tokens = ?,
            max_output_tokens = ?, supports_streaming = ?, supports_function_call = ?,
            supports_vision = ?, is_active = ?, source = ?, lifecycle = ?, shutdown_date = ?,
            constraints = ?, is_missing_upstream = ?, synced_at = ?, created_at = ?,
            updated_at = ?, deleted_at = NULL
        WHERE id = ?";
    on_tx!(tx, |conn| {
        bind_fields!(sqlx::query(SQL), new)
            .bind(Moment(created_at))
            .bind(Moment(updated_at))
            .bind(id)
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("modelCode"))?;
    });
    Ok(())
}

async fn reload(tx: &mut WriteTx, id: i64) -> StoreResult<Model> {
    const SQL: &str = select_model!("WHERE id = ? AND deleted_at IS NULL");
    let row: ModelRow =
        on_tx!(tx, |conn| { sqlx::query_as(SQL).bind(id).fetch_one(&mut *conn).await? });
    Ok(row.into_model())
}
