//! Keys that the environment or a file brings: taken over once.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use tollgate_domain::{ApiKeyId, ProviderId, Secret};

use super::{ApiKeys, NewApiKey, Plain, find_same, insert, seal};
use crate::db::{WriteTx, on_tx};
use crate::error::{StoreError, StoreResult};
use crate::providers::require_provider;

/// What became of a key that was to be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is a key of the provider now.
    New(ApiKeyId),
    /// It was imported before, whatever became of it since.
    Before,
    /// Somebody had added this very key already.
    Known(ApiKeyId),
}

impl ApiKeys<'_> {
    /// Adds the key `new` that the environment or a file brought, unless what is known as `source`
    /// was imported before: an operator's changes stay, and what was deleted stays deleted.
    ///
    /// # Errors
    /// `NotFound` where there is no such provider; `Seal` without a sealing key.
    pub async fn import(
        &self,
        provider: ProviderId,
        new: &NewApiKey,
        source: &Secret<String>,
        now: DateTime<Utc>,
    ) -> StoreResult<Imported> {
        let mark = mark(source);
        let mut tx = self.store.begin_config_write(now).await?;
        require_provider(&mut tx, provider).await?;
        if is_marked(&mut tx, provider, &mark).await? {
            return Ok(Imported::Before);
        }
        let keyring = self.keyring()?;
        let plain = Plain::of(new.credential_kind, &new.secret);
        if let Some((same, _)) = find_same(&mut tx, keyring, provider, None, &plain).await? {
            remember(&mut tx, same, &mark).await?;
            tx.commit().await?;
            return Ok(Imported::Known(ApiKeyId::new(same)));
        }
        let stored = seal(keyring, provider, &plain);
        let id = match insert(&mut tx, provider, new, &stored, Some(&mark), now).await {
            // Another instance, which starts too, was faster.
            Err(StoreError::Conflict { .. }) => return Ok(Imported::Before),
            id => id?,
        };
        tx.commit().await?;
        Ok(Imported::New(ApiKeyId::new(id)))
    }
}

/// What is kept of a source: enough to know it again, whatever sealing key there is by then.
fn mark(source: &Secret<String>) -> String {
    let mut digest = Sha256::new();
    digest.update(b"tollgate import\n");
    digest.update(source.expose());
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn is_marked(tx: &mut WriteTx, provider: ProviderId, mark: &str) -> StoreResult<bool> {
    const SQL: &str = "
        SELECT COUNT(*)
        FROM t_ai_api_keys
        WHERE provider_id = ? AND import_mark = ?";
    let found: i64 = on_tx!(tx, |conn| {
        sqlx::query_scalar(SQL).bind(provider.get()).bind(mark).fetch_one(&mut *conn).await?
    });
    Ok(found > 0)
}

async fn remember(tx: &mut WriteTx, id: i64, mark: &str) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_api_keys
        SET import_mark = ?
        WHERE id = ? AND import_mark IS NULL";
    on_tx!(tx, |conn| {
        sqlx::query(SQL).bind(mark).bind(id).execute(&mut *conn).await?;
    });
    Ok(())
}
