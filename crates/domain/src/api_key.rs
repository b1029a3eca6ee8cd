//! An upstream key: what Tollgate shows a provider to be let in.

use chrono::{DateTime, NaiveDate, Utc};

use crate::words::words;
use crate::{ApiKeyId, ProviderId, Secret};

words! {
    /// Where a key's header value comes from.
    CredentialKind {
        /// The sealed key itself.
        Static = "static",
        /// A key service.
        Remote = "remote",
        /// Access tokens, got with a refresh token.
        OAuth2 = "oauth2",
    }
}

words! {
    /// Whether a key can be used, and if not, why.
    KeyStatus {
        /// Usable.
        Normal = "normal",
        /// The provider asked to wait; usable again at `cooling_until`.
        RateLimited = "rate_limited",
        /// The provider refuses it.
        Invalid = "invalid",
        /// Its credit or daily quota is spent.
        QuotaExceeded = "quota_exceeded",
        /// It failed several times in a row; tried again at `cooling_until`.
        Cooling = "cooling",
        /// No sealing key that we hold opens it, or it was found in plain text at a wrong place.
        Undecryptable = "undecryptable",
    }
}

/// A row of `t_ai_api_keys`, without the secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose key it is.
    pub provider_id: ProviderId,
    /// What people call it; need not be unique.
    pub name: String,
    /// Where the header value comes from.
    pub credential_kind: CredentialKind,
    /// What lists show instead of the secret.
    pub hint: String,
    /// Where this key's requests go instead of the provider's base URL.
    pub base_url: Option<String>,
    /// Higher goes first.
    pub priority: i64,
    /// Its share under a weighted strategy.
    pub weight: i64,
    /// What it may be charged with.
    pub limits: KeyLimits,
    /// Whether an operator wants it used.
    pub is_active: bool,
    /// Whether it can be used, and why not.
    pub state: KeyState,
    /// Calls on `counted_on`.
    pub requests_count_today: i64,
    /// Tokens on `counted_on`.
    pub tokens_count_today: i64,
    /// The UTC day that the two counters are of.
    pub counted_on: Option<NaiveDate>,
    /// When it last carried a call.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was last validated.
    pub last_validated_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Limits of one key: `None` is unknown (free until the provider tells), 0 is unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// Requests in any 60 seconds.
    pub rpm: Option<i64>,
    /// Tokens in any 60 seconds.
    pub tpm: Option<i64>,
    /// Requests in a UTC day.
    pub rpd: Option<i64>,
    /// Requests in flight.
    pub max_concurrent: Option<i64>,
}

/// How a key fares; changed by what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// The state's name.
    pub status: KeyStatus,
    /// Why, in words.
    pub reason: Option<String>,
    /// Until when it rests, where a time is known.
    pub cooling_until: Option<DateTime<Utc>>,
    /// Failures since its last success.
    pub error_count: i64,
    /// The last failure, in words.
    pub last_error: Option<String>,
}

impl Default for KeyState {
    fn default() -> Self {
        Self {
            status: KeyStatus::Normal,
            reason: None,
            cooling_until: None,
            error_count: 0,
            last_error: None,
        }
    }
}

/// A key with its opened secret, as the snapshot holds it.
#[derive(Clone, Debug)]
pub struct OpenedKey {
    /// Everything but the secret.
    pub key: ApiKey,
    /// The secret, which is a [`Credential`](crate::credential::Credential) of the key's kind;
    /// `None` where it does not open.
    pub secret: Option<Secret<String>>,
}
