//! Which keys can be used.

use chrono::{DateTime, Utc};
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::{ApiKeyId, ProviderId};

use crate::alerts::Alerts;
use crate::db::on_pool;
use crate::error::StoreResult;
use crate::row::word_or;

/// An active key of an active provider, and whether it can be used, as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStanding {
    /// The key.
    pub key_id: ApiKeyId,
    /// What people call it.
    pub key_name: String,
    /// Its provider.
    pub provider_id: ProviderId,
    /// Its provider's code.
    pub provider_code: String,
    /// Whether it can be used.
    pub status: KeyStatus,
    /// Why not.
    pub reason: Option<String>,
    /// Until when it rests.
    pub cooling_until: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    key_id: i64,
    key_name: String,
    provider_id: i64,
    provider_code: String,
    status: String,
    status_reason: Option<String>,
    cooling_until: Option<DateTime<Utc>>,
}

impl Alerts<'_> {
    /// Every active key of an active provider, by provider and then id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standings(&self) -> StoreResult<Vec<KeyStanding>> {
        const SQL: &str = "
            SELECT k.id AS key_id, k.key_name, k.provider_id, p.provider_code, k.status,
                k.status_reason, k.cooling_until
            FROM t_ai_api_keys k
            JOIN t_ai_providers p ON p.id = k.provider_id
            WHERE k.is_active = TRUE AND k.deleted_at IS NULL
                AND p.is_active = TRUE AND p.deleted_at IS NULL
            ORDER BY k.provider_id, k.id";
        let rows: Vec<StandingRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        Ok(rows.into_iter().map(StandingRow::into_standing).collect())
    }
}

impl StandingRow {
    fn into_standing(self) -> KeyStanding {
        let status =
            word_or("t_ai_api_keys", self.key_id, "status", &self.status, KeyStatus::Normal);
        KeyStanding {
            key_id: ApiKeyId::new(self.key_id),
            key_name: self.key_name,
            provider_id: ProviderId::new(self.provider_id),
            provider_code: self.provider_code,
            status,
            reason: self.status_reason,
            cooling_until: self.cooling_until,
        }
    }
}
