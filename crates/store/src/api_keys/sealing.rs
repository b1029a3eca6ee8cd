//! Secrets of keys: opening them, sealing those that people typed in, sealing everything anew.

use chrono::{DateTime, Utc};
use tollgate_domain::api_key::{ApiKey, CredentialKind, KeyState, KeyStatus, OpenedKey};
use tollgate_domain::{ApiKeyId, ProviderId, Secret};
use zeroize::Zeroizing;

use super::fields::{ApiKeyRow, select_api_key};
use super::{ApiKeys, Plain, find_same, place, replace_secret, seal};
use crate::db::{WriteTx, on_pool, on_tx};
use crate::error::{StoreError, StoreResult, on_conflict};
use crate::moment::Moment;
use crate::row::{cut, readable};
use crate::seal::{Keyring, SEALED_PREFIX, SealError};

/// What became of a key that was found in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaintextOutcome {
    /// The key.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub verdict: PlaintextVerdict,
}

/// See [`PlaintextOutcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaintextVerdict {
    /// It is sealed, and in use if it is active.
    Sealed,
    /// The provider has this very key already: wiped and made inactive.
    Duplicate {
        /// The key that was there before.
        of: ApiKeyId,
    },
    /// There was nothing but blanks in it: made inactive.
    Empty,
}

/// What [`ApiKeys::reseal`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResealReport {
    /// Keys sealed anew.
    pub resealed: usize,
    /// Keys that were sealed with the current sealing key already.
    pub current: usize,
    /// Keys that could not be, and why.
    pub failed: Vec<(ApiKeyId, String)>,
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    id: i64,
    provider_id: i64,
    key_name: String,
    credential_kind: String,
    api_key: String,
    key_fingerprint: Option<String>,
}

impl SecretRow {
    /// What its secret is; one of an unknown kind is taken as it stands.
    fn kind(&self) -> CredentialKind {
        self.credential_kind.parse().unwrap_or(CredentialKind::Static)
    }
}

impl ApiKeys<'_> {
    /// Every key with its secret opened, for the snapshot. One that does not open is marked
    /// `undecryptable` with the reason, here and in the database, and the rest is served; one that
    /// opens again is marked `normal`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn open_all(&self) -> StoreResult<Vec<OpenedKey>> {
        const SQL: &str = select_api_key!(
            "WHERE deleted_at IS NULL
             ORDER BY provider_id, priority DESC, id"
        );
        let rows: Vec<ApiKeyRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        let mut opened = Vec::with_capacity(rows.len());
        for mut row in rows {
            let value = row.api_key.take().map(Zeroizing::new);
            for key in readable([row.into_key()]) {
                opened.push(self.open_one(key, value.as_deref().map(String::as_str)).await);
            }
        }
        Ok(opened)
    }

    /// One key's secret.
    ///
    /// # Errors
    /// `NotFound` for a deleted or wiped key; `Seal` for one that does not open.
    pub async fn secret_of(&self, id: ApiKeyId) -> StoreResult<Secret<String>> {
        const SQL: &str = "
            SELECT provider_id, api_key
            FROM t_ai_api_keys
            WHERE id = ? AND deleted_at IS NULL AND api_key IS NOT NULL";
        let (provider, value): (i64, String) = on_pool!(self.store.db(), |pool| {
            sqlx::query_as(SQL).bind(id.get()).fetch_one(pool).await?
        });
        let value = Zeroizing::new(value);
        Ok(self.keyring()?.open(&value, place(ProviderId::new(provider)))?)
    }

    /// Seals the keys that people typed in with plain SQL. Nothing happens where there are none.
    ///
    /// # Errors
    /// `Seal` where there are some and no sealing key.
    pub async fn seal_plaintext(&self, now: DateTime<Utc>) -> StoreResult<Vec<PlaintextOutcome>> {
        const SQL: &str = "
            SELECT id, provider_id, key_name, credential_kind, api_key, key_fingerprint
            FROM t_ai_api_keys
            WHERE deleted_at IS NULL AND SUBSTR(api_key, 1, 3) <> 'v1:'
            ORDER BY id";
        const COUNT: &str = "
            SELECT COUNT(*)
            FROM t_ai_api_keys
            WHERE deleted_at IS NULL AND SUBSTR(api_key, 1, 3) <> 'v1:'";
        let found: i64 =
            on_pool!(self.store.db(), |pool| { sqlx::query_scalar(COUNT).fetch_one(pool).await? });
        if found == 0 {
            return Ok(Vec::new());
        }
        let keyring = self.keyring()?;
        let mut tx = self.store.begin_config_write(now).await?;
        let rows: Vec<SecretRow> =
            on_tx!(tx, |conn| { sqlx::query_as(SQL).fetch_all(&mut *conn).await? });
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in rows {
            outcomes.push(seal_one(&mut tx, keyring, row, now).await?);
        }
        if !outcomes.is_empty() {
            tx.commit().await?;
        }
        Ok(outcomes)
    }

    /// Seals every secret with the current sealing key and recomputes its fingerprint, row by row,
    /// while the rest goes on working.
    ///
    /// # Errors
    /// `Unavailable`; `Seal` without a sealing key. A key that does not open is in the report.
    pub async fn reseal(&self, now: DateTime<Utc>) -> StoreResult<ResealReport> {
        const SQL: &str = "
            SELECT id, provider_id, key_name, credential_kind, api_key, key_fingerprint
            FROM t_ai_api_keys
            WHERE deleted_at IS NULL AND SUBSTR(api_key, 1, 3) = 'v1:'
            ORDER BY id";
        let keyring = self.keyring()?;
        let rows: Vec<SecretRow> =
            on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? });
        let mut report = ResealReport::default();
        for row in rows {
            match self.reseal_one(keyring, &row, now).await {
                Ok(true) => report.resealed += 1,
                Ok(false) => report.current += 1,
                Err(error @ (StoreError::Seal(_) | StoreError::Conflict { .. })) => {
                    report.failed.push((ApiKeyId::new(row.id), error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        if report.resealed > 0 {
            self.store.settings().bump_config_version(now).await?;
        }
        Ok(report)
    }

    /// Whether the row had to be sealed anew.
    async fn reseal_one(
        &self,
        keyring: &Keyring,
        row: &SecretRow,
        now: DateTime<Utc>,
    ) -> StoreResult<bool> {
        // The old value in the condition: whoever replaced the key meanwhile sealed it anew.
        const SQL: &str = "
            UPDATE t_ai_api_keys
            SET api_key = ?, key_fingerprint = ?, updated_at = ?
            WHERE id = ? AND api_key = ?";
        let provider = ProviderId::new(row.provider_id);
        let secret = keyring.open(&row.api_key, place(provider))?;
        let stored = seal(keyring, provider, &Plain::of(row.kind(), &secret));
        let same_fingerprint = row.key_fingerprint.as_ref() == Some(&stored.fingerprint);
        if keyring.is_current(&row.api_key) && same_fingerprint {
            return Ok(false);
        }
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(&stored.sealed)
                .bind(&stored.fingerprint)
                .bind(Moment(now))
                .bind(row.id)
                .bind(&row.api_key)
                .execute(pool)
                .await
                .map_err(on_conflict("apiKey"))?;
        });
        Ok(true)
    }

    async fn open_one(&self, mut key: ApiKey, value: Option<&str>) -> OpenedKey {
        // A wiped key says why already; one in plain text is about to be sealed.
        let Some(value) = value.filter(|value| value.starts_with(SEALED_PREFIX)) else {
            return OpenedKey { key, secret: None };
        };
        let opened = match self.store.sealer() {
            Some(keyring) => keyring.open(value, place(key.provider_id)),
            None => Err(SealError::NoKey),
        };
        let state = match &opened {
            Ok(_) => KeyState::default(),
            Err(error) => KeyState {
                status: KeyStatus::Undecryptable,
                reason: Some(error.to_string()),
                ..KeyState::default()
            },
        };
        let was_lost = key.state.status == KeyStatus::Undecryptable;
        let is_told = opened.is_ok() && !was_lost || key.state == state;
        if !is_told {
            key.state = state;
            self.remember(&key, value).await;
        }
        OpenedKey { key, secret: opened.ok() }
    }

    /// Stores whether a key opens. That it could not be stored is no reason not to serve.
    async fn remember(&self, key: &ApiKey, value: &str) {
        let stored = self.store_opening(key, value).await;
        if let Err(error) = stored {
            tracing::warn!(key.id = key.id.get(), %error, "could not store the state of a key");
        }
    }

    async fn store_opening(&self, key: &ApiKey, value: &str) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_ai_api_keys
            SET status = ?, status_reason = ?, error_count = 0, last_error = NULL,
                cooling_until = NULL
            WHERE id = ? AND api_key = ?";
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(key.state.status.as_str())
                .bind(key.state.reason.as_deref().map(cut::<500>))
                .bind(key.id.get())
                .bind(value)
                .execute(pool)
                .await?;
        });
        Ok(())
    }
}

async fn seal_one(
    tx: &mut WriteTx,
    keyring: &Keyring,
    row: SecretRow,
    now: DateTime<Utc>,
) -> StoreResult<PlaintextOutcome> {
    let id = ApiKeyId::new(row.id);
    let provider = ProviderId::new(row.provider_id);
    let (is_new, kind) = (row.key_fingerprint.is_none(), row.kind());
    let plaintext = Zeroizing::new(row.api_key);
    let secret = Secret::from(plaintext.trim());
    let plain = Plain::of(kind, &secret);
    let verdict = if secret.expose().is_empty() {
        wipe(tx, id, "there was no key in it").await?;
        PlaintextVerdict::Empty
    } else if let Some((of, name)) = find_same(tx, keyring, provider, Some(id), &plain).await? {
        wipe(tx, id, &format!("the same key is there already: {name} (id {of})")).await?;
        PlaintextVerdict::Duplicate { of: ApiKeyId::new(of) }
    } else {
        replace_secret(tx, id, &seal(keyring, provider, &plain)).await?;
        PlaintextVerdict::Sealed
    };
    stamp(tx, id, is_new, now).await?;
    Ok(PlaintextOutcome { id, name: row.key_name, verdict })
}

async fn wipe(tx: &mut WriteTx, id: ApiKeyId, reason: &str) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_api_keys
        SET api_key = NULL, key_fingerprint = NULL, is_active = FALSE, status = 'invalid',
            status_reason = ?
        WHERE id = ?";
    on_tx!(tx, |conn| {
        let query = sqlx::query(SQL).bind(cut::<500>(reason)).bind(id.get());
        query.execute(&mut *conn).await?;
    });
    Ok(())
}

/// Our time for the one that the database gave a typed-in row, which is of the typist's zone.
async fn stamp(
    tx: &mut WriteTx,
    id: ApiKeyId,
    is_new: bool,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const SQL: &str = "
        UPDATE t_ai_api_keys
        SET created_at = COALESCE(?, created_at), updated_at = ?
        WHERE id = ?";
    on_tx!(tx, |conn| {
        let query =
            sqlx::query(SQL).bind(is_new.then_some(Moment(now))).bind(Moment(now)).bind(id.get());
        query.execute(&mut *conn).await?;
    });
    Ok(())
}
