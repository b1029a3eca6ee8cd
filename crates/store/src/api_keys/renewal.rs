//! Credentials that change by themselves: refresh tokens that rotate.
//!
//! Whoever uses a refresh token twice is logged out, so one instance at a time asks for the next
//! token, and what it got is in the database before the others may ask.

use chrono::{DateTime, Utc};
use tollgate_domain::api_key::CredentialKind;
use tollgate_domain::{ApiKeyId, ProviderId, Secret};
use zeroize::Zeroizing;

use super::{ApiKeys, Plain, place, seal};
use crate::db::on_pool;
use crate::error::{StoreError, StoreResult};
use crate::moment::Moment;

/// A credential as the database has it.
#[derive(Clone, Debug)]
pub struct SealedCredential {
    /// Its kind.
    pub kind: CredentialKind,
    /// It, opened.
    pub secret: Secret<String>,
    provider: ProviderId,
    sealed: String,
}

/// Whether a credential may be renewed.
#[derive(Debug)]
pub enum Claim {
    /// By the one who asked, who has it alone until the time that they named.
    Mine(SealedCredential),
    /// Another instance is at it.
    Busy(SealedCredential),
}

impl ApiKeys<'_> {
    /// Claims a key's credential, to renew it until `until`.
    ///
    /// # Errors
    /// `NotFound` for a deleted or wiped key; `Seal` for one that does not open.
    pub async fn claim_renewal(
        &self,
        id: ApiKeyId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<Claim> {
        const SQL: &str = "
            UPDATE t_ai_api_keys
            SET refreshing_until = ?
            WHERE id = ? AND deleted_at IS NULL
              AND (refreshing_until IS NULL OR refreshing_until <= ?)";
        let claimed = on_pool!(self.store.db(), |pool| {
            let query = sqlx::query(SQL).bind(Moment(until)).bind(id.get()).bind(Moment(now));
            query.execute(pool).await?.rows_affected()
        });
        // Read afterwards, so that it has what an earlier holder wrote.
        let found = self.sealed_credential(id).await?;
        Ok(if claimed == 0 { Claim::Busy(found) } else { Claim::Mine(found) })
    }

    /// Ends a claim: seals `renewed`, where there is something new, in the place of `claimed`.
    /// Where somebody has sealed the same credential anew meanwhile it is written over that; where
    /// they have replaced it, theirs stays.
    ///
    /// # Errors
    /// `NotFound` for a deleted key or a replaced credential; `Seal` without a sealing key.
    pub async fn end_renewal(
        &self,
        id: ApiKeyId,
        claimed: &SealedCredential,
        renewed: Option<&Secret<String>>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        let Some(renewed) = renewed else { return self.free(id).await };
        let mut old = claimed.clone();
        for _ in 0..MAX_WRITES {
            if self.replace(id, &old, renewed, now).await? {
                return Ok(());
            }
            let current = self.sealed_credential(id).await?;
            if current.secret != claimed.secret {
                return Err(StoreError::NotFound);
            }
            old = current;
        }
        Err(StoreError::NotFound)
    }

    async fn free(&self, id: ApiKeyId) -> StoreResult<()> {
        const SQL: &str = "UPDATE t_ai_api_keys SET refreshing_until = NULL WHERE id = ?";
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL).bind(id.get()).execute(pool).await?;
        });
        Ok(())
    }

    /// Whether the row still had `old`.
    async fn replace(
        &self,
        id: ApiKeyId,
        old: &SealedCredential,
        renewed: &Secret<String>,
        now: DateTime<Utc>,
    ) -> StoreResult<bool> {
        const SQL: &str = "
            UPDATE t_ai_api_keys
            SET api_key = ?, key_fingerprint = ?, refreshing_until = NULL, updated_at = ?
            WHERE id = ? AND api_key = ? AND deleted_at IS NULL";
        let stored = seal(self.keyring()?, old.provider, &Plain::of(old.kind, renewed));
        let written = on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(&stored.sealed)
                .bind(&stored.fingerprint)
                .bind(Moment(now))
                .bind(id.get())
                .bind(&old.sealed)
                .execute(pool)
                .await?
                .rows_affected()
        });
        Ok(written > 0)
    }

    async fn sealed_credential(&self, id: ApiKeyId) -> StoreResult<SealedCredential> {
        const SQL: &str = "
            SELECT provider_id, credential_kind, api_key
            FROM t_ai_api_keys
            WHERE id = ? AND deleted_at IS NULL AND api_key IS NOT NULL";
        let (provider, kind, sealed): (i64, String, String) = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(id.get()).fetch_one(pool).await?
        });
        let sealed = Zeroizing::new(sealed);
        let provider = ProviderId::new(provider);
        let secret = self.keyring()?.open(&sealed, place(provider))?;
        let kind = kind.parse().unwrap_or(CredentialKind::Static);
        Ok(SealedCredential { kind, secret, provider, sealed: sealed.to_string() })
    }
}

/// How often a renewed credential is written because the old one was sealed anew meanwhile.
const MAX_WRITES: usize = 3;
