//! The columns of a key, in and out.

use chrono::{DateTime, NaiveDate, Utc};
use tollgate_domain::api_key::{ApiKey, CredentialKind, KeyLimits, KeyState, KeyStatus};
use tollgate_domain::credential::Credential;
use tollgate_domain::{ApiKeyId, ProviderId, Secret};

use crate::error::StoreResult;
use crate::row::{patched, word, word_or};

const TABLE: &str = "t_ai_api_keys";

/// A SELECT of every column, with what follows the table's name.
macro_rules! select_api_key {
    ($tail:literal) => {
        concat!(
            "SELECT id, provider_id, key_name, credential_kind, api_key, key_hint, base_url,
                 priority, weight, rate_limit_rpm, rate_limit_tpm, rate_limit_rpd, max_concurrent,
                 is_active, status, status_reason, error_count, last_error, cooling_until,
                 requests_count_today, tokens_count_today, counted_on, last_used_at,
                 last_validated_at, created_at, updated_at
             FROM t_ai_api_keys ",
            $tail
        )
    };
}
pub(super) use select_api_key;

#[derive(sqlx::FromRow)]
pub(super) struct ApiKeyRow {
    pub(super) id: i64,
    provider_id: i64,
    key_name: String,
    credential_kind: String,
    pub(super) api_key: Option<String>,
    key_hint: String,
    base_url: Option<String>,
    priority: i64,
    weight: i64,
    rate_limit_rpm: Option<i64>,
    rate_limit_tpm: Option<i64>,
    rate_limit_rpd: Option<i64>,
    max_concurrent: Option<i64>,
    is_active: bool,
    status: String,
    status_reason: Option<String>,
    error_count: i64,
    last_error: Option<String>,
    cooling_until: Option<DateTime<Utc>>,
    requests_count_today: i64,
    tokens_count_today: i64,
    counted_on: Option<NaiveDate>,
    last_used_at: Option<DateTime<Utc>>,
    last_validated_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ApiKeyRow {
    pub(super) fn into_key(self) -> StoreResult<ApiKey> {
        Ok(ApiKey {
            id: ApiKeyId::new(self.id),
            provider_id: ProviderId::new(self.provider_id),
            credential_kind: word(TABLE, self.id, "credential_kind", &self.credential_kind)?,
            state: KeyState {
                status: word_or(TABLE, self.id, "status", &self.status, KeyStatus::Normal),
                reason: self.status_reason,
                cooling_until: self.cooling_until,
                error_count: self.error_count,
                last_error: self.last_error,
            },
            name: self.key_name,
            // A key typed in by hand has no hint before it is sealed.
            hint: if self.key_hint.is_empty() { "****".to_owned() } else { self.key_hint },
            base_url: self.base_url,
            priority: self.priority,
            weight: self.weight,
            limits: KeyLimits {
                rpm: self.rate_limit_rpm,
                tpm: self.rate_limit_tpm,
                rpd: self.rate_limit_rpd,
                max_concurrent: self.max_concurrent,
            },
            is_active: self.is_active,
            requests_count_today: self.requests_count_today,
            tokens_count_today: self.tokens_count_today,
            counted_on: self.counted_on,
            last_used_at: self.last_used_at,
            last_validated_at: self.last_validated_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// A key before it has a row. [`NewApiKey::new`] fills in the defaults.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What people call it.
    pub name: String,
    /// Where the header value comes from.
    pub credential_kind: CredentialKind,
    /// What is sealed: the key itself, or a credential of another kind as JSON.
    pub secret: Secret<String>,
    /// Where its requests go instead of the provider's base URL.
    pub base_url: Option<String>,
    /// Higher goes first.
    pub priority: i64,
    /// Its share under a weighted strategy.
    pub weight: i64,
    /// What it may be charged with.
    pub limits: KeyLimits,
    /// Whether it is to be used.
    pub is_active: bool,
}

impl NewApiKey {
    /// An active key with that credential and everything else at its default.
    pub fn with_credential(name: impl Into<String>, credential: &Credential) -> Self {
        let secret = credential.to_secret();
        Self { credential_kind: credential.kind(), ..Self::new(name, secret) }
    }

    /// An active key with everything else at its default.
    pub fn new(name: impl Into<String>, secret: Secret<String>) -> Self {
        Self {
            name: name.into(),
            credential_kind: CredentialKind::Static,
            secret,
            base_url: None,
            priority: 100,
            weight: 1,
            limits: KeyLimits::default(),
            is_active: true,
        }
    }
}

/// What to change of a key: absent stays; `Some(None)` clears.
#[derive(Clone, Debug, Default)]
pub struct ApiKeyPatch {
    /// [`NewApiKey::name`].
    pub name: Option<String>,
    /// [`NewApiKey::credential_kind`]; another one needs another secret too.
    pub credential_kind: Option<CredentialKind>,
    /// [`NewApiKey::secret`].
    pub secret: Option<Secret<String>>,
    /// [`NewApiKey::base_url`].
    pub base_url: Option<Option<String>>,
    /// [`NewApiKey::priority`].
    pub priority: Option<i64>,
    /// [`NewApiKey::weight`].
    pub weight: Option<i64>,
    /// [`KeyLimits::rpm`].
    pub rpm: Option<Option<i64>>,
    /// [`KeyLimits::tpm`].
    pub tpm: Option<Option<i64>>,
    /// [`KeyLimits::rpd`].
    pub rpd: Option<Option<i64>>,
    /// [`KeyLimits::max_concurrent`].
    pub max_concurrent: Option<Option<i64>>,
    /// [`NewApiKey::is_active`].
    pub is_active: Option<bool>,
}

impl ApiKeyPatch {
    pub(super) fn applied_to(&self, old: ApiKey) -> ApiKey {
        let patch = self.clone();
        ApiKey {
            name: patch.name.unwrap_or(old.name),
            credential_kind: patch.credential_kind.unwrap_or(old.credential_kind),
            base_url: patched(old.base_url, patch.base_url),
            priority: patch.priority.unwrap_or(old.priority),
            weight: patch.weight.unwrap_or(old.weight),
            limits: KeyLimits {
                rpm: patched(old.limits.rpm, patch.rpm),
                tpm: patched(old.limits.tpm, patch.tpm),
                rpd: patched(old.limits.rpd, patch.rpd),
                max_concurrent: patched(old.limits.max_concurrent, patch.max_concurrent),
            },
            is_active: patch.is_active.unwrap_or(old.is_active),
            ..old
        }
    }
}
