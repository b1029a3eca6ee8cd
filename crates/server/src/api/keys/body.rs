//! What the API is told of a key.

use serde::Deserialize;
use tollgate_domain::api_key::{CredentialKind, KeyLimits};
use tollgate_domain::credential::Credential;
use tollgate_domain::{ProviderId, Secret};
use tollgate_store::api_keys::{ApiKeyPatch, NewApiKey};
use utoipa::ToSchema;

use super::credential::{OAuth2Body, RemoteBody};
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
    /// Where its header value comes from: `static` is `apiKey` itself, `remote` a key service, which
    /// `remote` names, `oauth2` an account, which `oauth2` names. By default what is given says it.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::credential_kind)]
    credential_kind: Option<CredentialKind>,
    /// A key service; replaces the key's credential as a whole.
    #[serde(default, deserialize_with = "present")]
    remote: Option<RemoteBody>,
    /// An account that is let in by access tokens; replaces the key's credential as a whole.
    #[serde(default, deserialize_with = "present")]
    oauth2: Option<OAuth2Body>,
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
    const REQUIRED: &'static [&'static str] = &["keyName"];

    fn given(&self) -> Vec<bool> {
        vec![self.key_name.is_some()]
    }

    fn validate_new(&self, checks: &mut Checks) {
        if self.given_kinds().is_empty() {
            let field = self.credential_kind.map_or("apiKey", field_of);
            let others =
                if field == "apiKey" { ", unless `remote` or `oauth2` is given" } else { "" };
            checks.wrong(field, format!("is required{others}"));
        }
    }
}

impl Validate for KeyBody {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("keyName", self.key_name.as_deref(), 1..=100);
        if let Some(key) = &self.api_key {
            check_key("apiKey", key, checks);
        }
        if let Some(remote) = &self.remote {
            remote.validate(checks);
        }
        if let Some(oauth2) = &self.oauth2 {
            oauth2.validate(checks);
        }
        self.check_kind(checks);
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
pub(super) fn check_key(field: &str, key: &Secret<String>, checks: &mut Checks) {
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
    /// The kinds of credential that it gives.
    fn given_kinds(&self) -> Vec<CredentialKind> {
        let given = [
            (self.api_key.is_some(), CredentialKind::Static),
            (self.remote.is_some(), CredentialKind::Remote),
            (self.oauth2.is_some(), CredentialKind::OAuth2),
        ];
        given.into_iter().filter_map(|(is_given, kind)| is_given.then_some(kind)).collect()
    }

    /// A key has one credential, of the kind that is said.
    fn check_kind(&self, checks: &mut Checks) {
        let given = self.given_kinds();
        if given.len() > 1 {
            checks.wrong(
                "credentialKind",
                "only one of `apiKey`, `remote` and `oauth2` may be given",
            );
        } else if let (Some(said), [given]) = (self.credential_kind, &*given)
            && said != *given
        {
            let (said, given) = (field_of(said), field_of(*given));
            checks.wrong("credentialKind", format!("belongs to `{said}`, but `{given}` is given"));
        }
    }

    /// The credential that it gives.
    fn credential(&self) -> Option<Credential> {
        let fixed = self.api_key.as_ref().map(|key| Credential::Static(trimmed(key)));
        fixed
            .or_else(|| self.remote.as_ref().map(RemoteBody::credential))
            .or_else(|| self.oauth2.as_ref().map(OAuth2Body::credential))
    }

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
        let credential = self.credential().unwrap_or(Credential::Static(Secret::from("")));
        let name = self.key_name.unwrap_or_default().trim().to_owned();
        NewApiKey {
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
            ..NewApiKey::with_credential(name, &credential)
        }
    }

    /// The changes to a key.
    pub(super) fn into_patch(self) -> ApiKeyPatch {
        let credential = self.credential();
        ApiKeyPatch {
            name: self.key_name.map(|name| name.trim().to_owned()),
            credential_kind: credential.as_ref().map(Credential::kind),
            secret: credential.as_ref().map(Credential::to_secret),
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

/// The field that gives a credential of that kind.
const fn field_of(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Static => "apiKey",
        CredentialKind::Remote => "remote",
        CredentialKind::OAuth2 => "oauth2",
    }
}

/// A pasted key often has a line's end behind it.
fn trimmed(key: &Secret<String>) -> Secret<String> {
    Secret::from(key.expose().trim())
}
