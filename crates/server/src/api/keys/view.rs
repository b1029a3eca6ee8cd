//! A key as the API shows it: never its secret.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::api_key::{ApiKey, CredentialKind, KeyLimits, KeyStatus};
use tollgate_gateway::KeyUse;
use utoipa::ToSchema;

use crate::api::keys::Headroom;
use crate::openapi::words;

/// An upstream key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// Its id.
    pub id: i64,
    /// Whose key it is.
    pub provider_id: i64,
    /// What people call it.
    pub key_name: String,
    /// Its first and last four characters.
    #[schema(example = "sk-p...1234")]
    pub api_key: String,
    /// Where its header value comes from.
    #[schema(schema_with = words::credential_kind)]
    pub credential_kind: CredentialKind,
    /// Where its requests go instead of the provider's base URL.
    pub base_url: Option<String>,
    /// Higher goes first.
    pub priority: i64,
    /// Its share under a weighted strategy.
    pub weight: i64,
    /// Requests in any 60 seconds; 0 is unlimited, null is not known.
    pub rate_limit_rpm: Option<i64>,
    /// Tokens in any 60 seconds; 0 is unlimited, null is not known.
    pub rate_limit_tpm: Option<i64>,
    /// Requests in a UTC day; 0 is unlimited, null is not known.
    pub rate_limit_rpd: Option<i64>,
    /// Requests under way; 0 is unlimited, null is not known.
    pub max_concurrent: Option<i64>,
    /// Whether it is to be used.
    pub is_active: bool,
    /// Whether it can be used.
    #[schema(schema_with = words::key_status)]
    pub status: KeyStatus,
    /// Why not.
    pub status_reason: Option<String>,
    /// Until when it rests.
    pub cooling_until: Option<DateTime<Utc>>,
    /// Failures since its last success.
    pub error_count: i64,
    /// The last failure, in words.
    pub last_error: Option<String>,
    /// Requests of the last minute.
    pub rpm_used: i64,
    /// Tokens of the last minute.
    pub tpm_used: i64,
    /// Requests of this UTC day.
    pub rpd_used: i64,
    /// Requests under way.
    pub in_flight: i64,
    /// What is left of its limits.
    pub headroom: Headroom,
    /// Calls on record for this UTC day.
    pub requests_count_today: i64,
    /// Tokens on record for this UTC day.
    pub tokens_count_today: i64,
    /// When it last carried a call.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was last validated.
    pub last_validated_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    limits: KeyLimits,
    #[serde(skip)]
    counted_on: Option<chrono::NaiveDate>,
}

impl KeyView {
    /// The row alone, without live use.
    pub(super) fn stored(key: ApiKey) -> Self {
        Self {
            id: key.id.get(),
            provider_id: key.provider_id.get(),
            key_name: key.name,
            api_key: key.hint,
            credential_kind: key.credential_kind,
            base_url: key.base_url,
            priority: key.priority,
            weight: key.weight,
            rate_limit_rpm: key.limits.rpm,
            rate_limit_tpm: key.limits.tpm,
            rate_limit_rpd: key.limits.rpd,
            max_concurrent: key.limits.max_concurrent,
            is_active: key.is_active,
            status: key.state.status,
            status_reason: key.state.reason,
            cooling_until: key.state.cooling_until,
            error_count: key.state.error_count,
            last_error: key.state.last_error,
            rpm_used: 0,
            tpm_used: 0,
            rpd_used: 0,
            in_flight: 0,
            headroom: Headroom::of(&key.limits, &KeyUse::default()),
            limits: key.limits,
            requests_count_today: key.requests_count_today,
            tokens_count_today: key.tokens_count_today,
            last_used_at: key.last_used_at,
            last_validated_at: key.last_validated_at,
            created_at: key.created_at,
            updated_at: key.updated_at,
            counted_on: key.counted_on,
        }
    }

    /// The same with its live use, and with counters of another day as none.
    pub(super) fn with_use(mut self, live: KeyUse, now: DateTime<Utc>) -> Self {
        if self.counted_on != Some(now.date_naive()) {
            self.requests_count_today = 0;
            self.tokens_count_today = 0;
        }
        self.headroom = Headroom::of(&self.limits, &live);
        self.rpm_used = live.rpm_used;
        self.tpm_used = live.tpm_used;
        self.rpd_used = live.rpd_used;
        self.in_flight = live.in_flight;
        self.status = live.state.status;
        self.status_reason = live.state.reason;
        self.cooling_until = live.state.cooling_until;
        self.error_count = live.state.error_count;
        self.last_error = live.state.last_error;
        self
    }
}
