//! Putting a provider's keys into another order.

use chrono::{DateTime, Utc};
use tollgate_domain::{ApiKeyId, ProviderId};

use super::ApiKeys;
use crate::db::on_tx;
use crate::error::{StoreError, StoreResult};
use crate::moment::Moment;

impl ApiKeys<'_> {
    /// Gives keys of a provider their priorities, all or none.
    ///
    /// # Errors
    /// `NotFound` where one of them is no key of this provider.
    pub async fn set_priorities(
        &self,
        provider: ProviderId,
        priorities: &[(ApiKeyId, i64)],
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        const FIND: &str = "
            SELECT id
            FROM t_ai_api_keys
            WHERE provider_id = ? AND deleted_at IS NULL";
        const SET: &str = "
            UPDATE t_ai_api_keys
            SET priority = ?, updated_at = ?
            WHERE id = ?";
        let mut tx = self.store.begin_config_write(now).await?;
        let known: Vec<i64> = on_tx!(tx, |conn| {
            sqlx::query_scalar(FIND).bind(provider.get()).fetch_all(&mut *conn).await?
        });
        if priorities.iter().any(|(id, _)| !known.contains(&id.get())) {
            return Err(StoreError::NotFound);
        }
        for (id, priority) in priorities {
            on_tx!(tx, |conn| {
                let query = sqlx::query(SET).bind(priority).bind(Moment(now)).bind(id.get());
                query.execute(&mut *conn).await?;
            });
        }
        tx.commit().await
    }
}
