//! An account that is let in by access tokens.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use crate::Secret;
use crate::words::words;

words! {
    /// How a token is asked for.
    TokenRequest {
        /// As RFC 6749 says: a form, `grant_type=refresh_token&…`.
        Form = "form",
        /// JSON with camelCase names, as AWS's token endpoint takes it: `{"grantType":…}`.
        JsonCamel = "json_camel",
    }
}

/// What access tokens are got with: a refresh token, and the client that it was given to.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// The client's id; some services know accounts without one.
    #[serde(default, alias = "clientId")]
    pub client_id: Option<String>,
    /// The client's secret; public clients have none.
    #[serde(default, alias = "clientSecret")]
    pub client_secret: Option<Secret<String>>,
    /// Where tokens are asked for.
    #[serde(alias = "tokenUrl")]
    pub token_url: String,
    /// What the next access token is got with; it may be another one each time.
    #[serde(alias = "refreshToken")]
    pub refresh_token: Secret<String>,
    /// How a token is asked for.
    #[serde(default = "form", alias = "requestFormat")]
    pub request_format: TokenRequest,
    /// How long before its end an access token is replaced, in seconds.
    #[serde(default = "refresh_before_seconds", alias = "refreshBeforeSeconds")]
    pub refresh_before_seconds: u32,
    /// The access token, while there is one.
    #[serde(default, alias = "accessToken")]
    pub access_token: Option<Secret<String>>,
    /// Until when the access token holds.
    #[serde(default, alias = "expiresAt")]
    pub expires_at: Option<DateTime<Utc>>,
    /// The refresh token that it began with, by which it stays the same when tokens rotate.
    #[serde(default)]
    pub origin: Option<Secret<String>>,
}

impl OAuth2 {
    /// How long before its end an access token is replaced, in seconds, where nothing else is said.
    pub const REFRESH_BEFORE_SECONDS: u32 = 60;

    /// The same, as one that begins with the refresh token that it has.
    #[must_use]
    pub fn with_origin(self) -> Self {
        Self { origin: Some(self.refresh_token.clone()), ..self }
    }

    /// The access token that it has and until when that holds.
    #[must_use]
    pub fn held(&self) -> Option<(&Secret<String>, DateTime<Utc>)> {
        Some((self.access_token.as_ref()?, self.expires_at?))
    }

    pub(super) fn identity(&self) -> Secret<String> {
        let client = self.client_id.as_deref().unwrap_or_default();
        let origin = self.origin.as_ref().unwrap_or(&self.refresh_token);
        Secret::new(format!("oauth2\n{}\n{client}\n{}", self.token_url, origin.expose()))
    }

    pub(super) fn to_secret(&self) -> Secret<String> {
        let json = json!({
            "client_id": self.client_id,
            "client_secret": self.client_secret.as_ref().map(Secret::expose),
            "token_url": self.token_url,
            "refresh_token": self.refresh_token.expose(),
            "request_format": self.request_format,
            "refresh_before_seconds": self.refresh_before_seconds,
            "access_token": self.access_token.as_ref().map(Secret::expose),
            "expires_at": self.expires_at,
            "origin": self.origin.as_ref().map(Secret::expose),
        });
        Secret::new(json.to_string())
    }
}

impl fmt::Debug for OAuth2 {
    /// Without anything that signs in, the client's id and the URL included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth2").finish_non_exhaustive()
    }
}

impl Default for OAuth2 {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            token_url: String::new(),
            refresh_token: Secret::from(""),
            request_format: TokenRequest::Form,
            refresh_before_seconds: Self::REFRESH_BEFORE_SECONDS,
            access_token: None,
            expires_at: None,
            origin: None,
        }
    }
}

const fn form() -> TokenRequest {
    TokenRequest::Form
}

const fn refresh_before_seconds() -> u32 {
    OAuth2::REFRESH_BEFORE_SECONDS
}
