//! What the API is told of a key.

use serde::Deserialize;
use tollgate_domain::api_key::{CredentialKind, KeyLimits};
use tollgate_domain::{ProviderId, Secret};
use tollgate_store::api_keys::{ApiKeyPatch, NewApiKey};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::json::{clearable, present};
use crate::extract::{Checks, Make, Validate};
use crate::openapi::words;

/// The largest limit: what a JavaScript number still holds exactly.
const LARGEST: i64 = (1 << 53) - 1;

/// What can be said of a key; what is absent stays as it is, or has its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = KeyPatch)]
pub struct KeyBody {
    /// What people call it; need not be unique.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 100)]
    pub(super) key_name: Option<String>,
    /// The key itself.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4096)]
    pub(super) api_key: Option<Secret<String>>,
    /// The provider; where it is given, it must be the one that the key belongs to.
    #[serde(default, deserialize_with = "present")]
    provider_id: Option<i64>,
    /// Where its header value comes from; `static` is the only kind.
    #[serde(default, rename = "credentialKind", deserialize_with = "present")]
    #[schema(schema_with = words::credential_kind)]
    _credential_kind: Option<CredentialKind>,
    /// Where its requests go instead of the provider's base URL.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>)]
    base_url: Option<Option<String>>,
    /// Higher goes first; by default 100.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    pub(super) priority: Option<i64>,
    /// Its share under a weighted strategy; by default 1.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    weight: Option<i64>,
    /// Requests in any 60 seconds; 0 is unlimited, null is not known.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    rate_limit_rpm: Option<Option<i64>>,
    /// Tokens in any 60 seconds; 0 is unlimited, null is not known.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    rate_limit_tpm: Option<Option<i64>>,
    /// Requests in a UTC day; 0 is unlimited, null is not known.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    rate_limit_rpd: Option<Option<i64>>,
    /// Requests under way; 0 is unlimited, null is not known.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    max_concurrent: Option<Option<i64>>,
    /// Whether it is to be used; by default it is.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
}

impl Make for KeyBody {
    const NAME: &'static str = "NewKey";
    const REQUIRED: &'static [&'static str] = &["keyName", "apiKey"];

    fn given(&self) -> Vec<bool> {
        vec![self.key_name.is_some(), self.api_key.is_some()]
    }
}

impl Validate for KeyBody {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("keyName", self.key_name.as_deref(), 1..=100);
        if let Some(key) = &self.api_key {
            check_key("apiKey", key, checks);
        }
        if let Some(Some(url)) = &self.base_url {
            checks.base_url("baseUrl", url);
        }
        checks.range("priority", self.priority, -1_000_000..=1_000_000);
        checks.range("weight", self.weight, 0..=1_000_000);
        for (field, value) in [
            ("rateLimitRpm", self.rate_limit_rpm),
            ("rateLimitTpm", self.rate_limit_tpm),
            ("rateLimitRpd", self.rate_limit_rpd),
            ("maxConcurrent", self.max_concurrent),
        ] {
            checks.range(field, value.flatten(), 0..=LARGEST);
        }
    }
}

/// A key goes into a header: visible ASCII, without spaces.
fn check_key(field: &str, key: &Secret<String>, checks: &mut Checks) {
    let key = key.expose().trim();
    if key.is_empty() {
        checks.wrong(field, "must not be empty");
    } else if key.len() > 4096 {
        checks.wrong(field, "must have at most 4096 characters");
    } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        checks.wrong(field, "must be visible ASCII characters without spaces");
    }
}

impl KeyBody {
    /// A body with a name and a key, and everything else at its default.
    pub(super) fn named(key_name: String, api_key: Secret<String>) -> Self {
        Self { key_name: Some(key_name), api_key: Some(api_key), ..Self::default() }
    }

    /// Refuses a `providerId` that is another one's.
    pub(super) fn belongs_to(&self, provider: ProviderId) -> ApiResult<()> {
        match self.provider_id {
            Some(id) if id != provider.get() => Err(ApiError::invalid(
                "providerId",
                format!("must be {provider}, as in the path, or be left out"),
            )),
            _ => Ok(()),
        }
    }

    /// The key to be made.
    pub(super) fn into_new(self) -> NewApiKey {
        let secret = self.api_key.unwrap_or_else(|| Secret::from(""));
        NewApiKey {
            name: self.key_name.unwrap_or_default().trim().to_owned(),
            secret: trimmed(&secret),
            base_url: self.base_url.flatten(),
            priority: self.priority.unwrap_or(100),
            weight: self.weight.unwrap_or(1),
            limits: KeyLimits {
                rpm: self.rate_limit_rpm.flatten(),
                tpm: self.rate_limit_tpm.flatten(),
                rpd: self.rate_limit_rpd.flatten(),
                max_concurrent: self.max_concurrent.flatten(),
            },
            is_active: self.is_active.unwrap_or(true),
        }
    }

    /// The changes to a key.
    pub(super) fn into_patch(self) -> ApiKeyPatch {
        ApiKeyPatch {
            name: self.key_name.map(|name| name.trim().to_owned()),
            secret: self.api_key.as_ref().map(trimmed),
            base_url: self.base_url,
            priority: self.priority,
            weight: self.weight,
            rpm: self.rate_limit_rpm,
            tpm: self.rate_limit_tpm,
            rpd: self.rate_limit_rpd,
            max_concurrent: self.max_concurrent,
            is_active: self.is_active,
        }
    }
}

/// A pasted key often has a line's end behind it.
fn trimmed(key: &Secret<String>) -> Secret<String> {
    Secret::from(key.expose().trim())
}
