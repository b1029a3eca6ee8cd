//! `t_ai_api_keys`: upstream keys, sealed.

mod fields;
mod import;
mod priorities;
mod renewal;
mod sealing;
mod state;

use chrono::{DateTime, Utc};
use tollgate_domain::api_key::{ApiKey, CredentialKind};
use tollgate_domain::credential::Credential;
use tollgate_domain::secret::hint;
use tollgate_domain::{ApiKeyId, ProviderId, Secret};

use crate::Store;
use crate::db::{InsertedId, WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::Moment;
use crate::providers::require_provider;
use crate::row::readable;
use crate::seal::{Keyring, Place, SealError};
pub use fields::{ApiKeyPatch, NewApiKey};
use fields::{ApiKeyRow, select_api_key};
pub use import::Imported;
pub use renewal::{Claim, SealedCredential};
pub use sealing::{PlaintextOutcome, PlaintextVerdict, ResealReport};

/// The repository of `t_ai_api_keys`.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeys<'s> {
    store: &'s Store,
}

/// A secret before it is stored.
struct Plain<'s> {
    kind: CredentialKind,
    secret: &'s str,
    /// What makes it the same as another one.
    identity: Secret<String>,
    hint: String,
}

/// A secret as it is stored.
struct Stored {
    kind: CredentialKind,
    sealed: String,
    fingerprint: String,
    hint: String,
}

impl Store {
    /// Upstream keys.
    #[must_use]
    pub const fn api_keys(&self) -> ApiKeys<'_> {
        ApiKeys { store: self }
    }
}

impl ApiKeys<'_> {
    /// A provider's keys, highest priority first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn list(&self, provider: ProviderId) -> StoreResult<Vec<ApiKey>> {
        const SQL: &str = select_api_key!(
            "WHERE provider_id = ? AND deleted_at IS NULL
             ORDER BY priority DESC, id"
        );
        let rows: Vec<ApiKeyRow> = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(provider.get()).fetch_all(pool).await?
        });
        Ok(readable(rows.into_iter().map(ApiKeyRow::into_key)))
    }

    /// One key.
    ///
    /// # Errors
    /// `NotFound`, also for a deleted one.
    pub async fn find(&self, id: ApiKeyId) -> StoreResult<ApiKey> {
        const SQL: &str = select_api_key!("WHERE id = ? AND deleted_at IS NULL");
        let row: ApiKeyRow = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(id.get()).fetch_one(pool).await?
        });
        row.into_key()
    }

    /// Adds a key, sealed.
    ///
    /// # Errors
    /// `NotFound` where there is no such provider; `Conflict` on `apiKey` where it has this very
    /// key already; `Seal` without a sealing key.
    pub async fn insert(
        &self,
        provider: ProviderId,
        new: &NewApiKey,
        now: DateTime<Utc>,
    ) -> StoreResult<ApiKey> {
        let mut tx = self.store.begin_config_write(now).await?;
        require_provider(&mut tx, provider).await?;
        let plain = Plain::of(new.credential_kind, &new.secret);
        let stored = self.stored(&mut tx, provider, None, &plain).await?;
        let id = insert(&mut tx, provider, new, &stored, None, now).await?;
        let key = reload(&mut tx, id).await?.into_key()?;
        tx.commit().await?;
        Ok(key)
    }

    /// Changes what the patch names. A new secret starts with a clean state.
    ///
    /// # Errors
    /// As [`ApiKeys::insert`].
    pub async fn update(
        &self,
        id: ApiKeyId,
        patch: &ApiKeyPatch,
        now: DateTime<Utc>,
    ) -> StoreResult<ApiKey> {
        const SQL: &str = "
            UPDATE t_ai_api_keys
            SET key_name = ?, base_url = ?, priority = ?, weight = ?, rate_limit_rpm = ?,
                rate_limit_tpm = ?, rate_limit_rpd = ?, max_concurrent = ?, is_active = ?,
                updated_at = ?
            WHERE id = ?";
        let mut tx = self.store.begin_config_write(now).await?;
        let old = reload(&mut tx, id.get()).await?.into_key()?;
        let provider = old.provider_id;
        let fields = patch.applied_to(old);
        on_tx!(tx, |conn| {
            sqlx::query(SQL)
                .bind(&fields.name)
                .bind(&fields.base_url)
                .bind(fields.priority)
                .bind(fields.weight)
                .bind(fields.limits.rpm)
                .bind(fields.limits.tpm)
                .bind(fields.limits.rpd)
                .bind(fields.limits.max_concurrent)
                .bind(fields.is_active)
                .bind(Moment(now))
                .bind(id.get())
                .execute(&mut *conn)
                .await?;
        });
        if let Some(secret) = &patch.secret {
            let plain = Plain::of(fields.credential_kind, secret);
            let stored = self.stored(&mut tx, provider, Some(id), &plain).await?;
            replace_secret(&mut tx, id, &stored).await?;
        }
        let key = reload(&mut tx, id.get()).await?.into_key()?;
        tx.commit().await?;
        Ok(key)
    }

    /// Deletes a key and wipes its secret.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, id: ApiKeyId, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_ai_api_keys
            SET api_key = NULL, key_fingerprint = NULL, deleted_at = ?, updated_at = ?
            WHERE id = ? AND deleted_at IS NULL";
        let mut tx = self.store.begin_config_write(now).await?;
        let deleted = on_tx!(tx, |conn| {
            let query = sqlx::query(SQL).bind(Moment(now)).bind(Moment(now)).bind(id.get());
            query.execute(&mut *conn).await?.rows_affected()
        });
        if deleted == 0 {
            return Err(StoreError::NotFound);
        }
        tx.commit().await
    }

    fn keyring(&self) -> StoreResult<&Keyring> {
        Ok(self.store.sealer().ok_or(SealError::NoKey)?)
    }

    /// The secret as it is to be stored, once no other key of the provider is the same.
    async fn stored(
        &self,
        tx: &mut WriteTx,
        provider: ProviderId,
        of: Option<ApiKeyId>,
        plain: &Plain<'_>,
    ) -> StoreResult<Stored> {
        let keyring = self.keyring()?;
        if find_same(tx, keyring, provider, of, plain).await?.is_some() {
            return Err(StoreError::Conflict { field: "apiKey" });
        }
        Ok(seal(keyring, provider, plain))
    }
}

impl<'s> Plain<'s> {
    /// A secret of that kind; one that cannot be read as such is itself, and shows nothing.
    fn of(kind: CredentialKind, secret: &'s Secret<String>) -> Self {
        let credential = Credential::parse(kind, secret);
        let (identity, hint) = match &credential {
            Ok(credential) => (credential.identity(), credential.hint()),
            Err(_) => (secret.clone(), hint("")),
        };
        Self { kind, secret: secret.expose(), identity, hint }
    }
}

/// Writes a new key's row, and answers its id.
async fn insert(
    tx: &mut WriteTx,
    provider: ProviderId,
    new: &NewApiKey,
    stored: &Stored,
    import_mark: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    const SQL: &str = "
        INSERT INTO t_ai_api_keys (
            provider_id, key_name, credential_kind, api_key, key_hint, key_fingerprint,
            import_mark, base_url, priority, weight, rate_limit_rpm, rate_limit_tpm,
            rate_limit_rpd, max_concurrent, is_active, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    Ok(on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(provider.get())
            .bind(&new.name)
            .bind(stored.kind.as_str())
            .bind(&stored.sealed)
            .bind(&stored.hint)
            .bind(&stored.fingerprint)
            .bind(import_mark)
            .bind(&new.base_url)
            .bind(new.priority)
            .bind(new.weight)
            .bind(new.limits.rpm)
            .bind(new.limits.tpm)
            .bind(new.limits.rpd)
            .bind(new.limits.max_concurrent)
            .bind(new.is_active)
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("apiKey"))?
            .inserted_id()
    }))
}

/// Where a provider's keys are kept.
const fn place(provider_id: ProviderId) -> Place {
    Place { table: "t_ai_api_keys", column: "api_key", provider_id }
}

fn seal(keyring: &Keyring, provider: ProviderId, plain: &Plain<'_>) -> Stored {
    Stored {
        kind: plain.kind,
        sealed: keyring.seal(plain.secret, place(provider)),
        fingerprint: keyring.fingerprint(plain.identity.expose()),
        hint: plain.hint.clone(),
    }
}

/// The key, other than `of`, of the provider that has this very secret.
async fn find_same(
    tx: &mut WriteTx,
    keyring: &Keyring,
    provider: ProviderId,
    of: Option<ApiKeyId>,
    plain: &Plain<'_>,
) -> StoreResult<Option<(i64, String)>> {
    const SQL: &str = "
        SELECT id, key_name
        FROM t_ai_api_keys
        WHERE provider_id = ? AND key_fingerprint = ? AND id <> ?";
    for fingerprint in keyring.fingerprints(plain.identity.expose()) {
        let same: Option<(i64, String)> = on_tx!(tx, |conn| {
            sqlx::query_as(SQL)
                .bind(provider.get())
                .bind(&fingerprint)
                .bind(of.map_or(0, ApiKeyId::get))
                .fetch_optional(&mut *conn)
                .await?
        });
        if same.is_some() {
            return Ok(same);
        }
    }
    Ok(None)
}

async fn replace_secret(tx: &mut WriteTx, id: ApiKeyId, stored: &Stored) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_api_keys
        SET credential_kind = ?, api_key = ?, key_hint = ?, key_fingerprint = ?,
            status = 'normal', status_reason = NULL, error_count = 0, last_error = NULL,
            cooling_until = NULL, last_validated_at = NULL, refreshing_until = NULL
        WHERE id = ?";
    on_tx!(tx, |conn| {
        sqlx::query(SQL)
            .bind(stored.kind.as_str())
            .bind(&stored.sealed)
            .bind(&stored.hint)
            .bind(&stored.fingerprint)
            .bind(id.get())
            .execute(&mut *conn)
            .await
            .map_err(on_conflict("apiKey"))?;
    });
    Ok(())
}

async fn reload(tx: &mut WriteTx, id: i64) -> StoreResult<ApiKeyRow> {
    const SQL: &str = select_api_key!("WHERE id = ? AND deleted_at IS NULL");
    Ok(on_tx!(tx, |conn| { sqlx::query_as(SQL).bind(id).fetch_one(&mut *conn).await? }))
}
