//! How keys fare: written by the engine, not by operators.

use chrono::{DateTime, Utc};
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::KeyState;

use super::ApiKeys;
use crate::db::{WriteTx, on_tx};
use crate::error::{StoreError, StoreResult};
use crate::moment::Moment;
use crate::row::cut;

impl ApiKeys<'_> {
    /// Keeps a key's state across restarts. It is no change of configuration: every instance finds
    /// out for itself how a key fares.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted key.
    pub async fn set_state(
        &self,
        id: ApiKeyId,
        state: &KeyState,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let mut tx = self.store.db().begin_write().await?;
        write(&mut tx, id, state, None, now).await?;
        tx.commit().await
    }

    /// Stores what a validation or a reset made of a key, and tells every instance.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted key.
    pub async fn mark_validated(
        &self,
        id: ApiKeyId,
        state: &KeyState,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let mut tx = self.store.begin_config_write(now).await?;
        write(&mut tx, id, state, Some(now), now).await?;
        tx.commit().await
    }
}

async fn write(
    tx: &mut WriteTx,
    id: ApiKeyId,
    state: &KeyState,
    validated_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_api_keys
        SET status = ?, status_reason = ?, error_count = ?, last_error = ?, cooling_until = ?,
            last_validated_at = COALESCE(?, last_validated_at), updated_at = ?
        WHERE id = ? AND deleted_at IS NULL";
    let changed = on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(state.status.as_str())
            .bind(state.reason.as_deref().map(cut::<500>))
            .bind(state.error_count)
            .bind(state.last_error.as_deref().map(cut::<500>))
            .bind(state.cooling_until.map(Moment))
            .bind(validated_at.map(Moment))
            .bind(Moment(now))
            .bind(id.get())
            .execute(&mut *conn)
            .await?
            .rows_affected()
    });
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
