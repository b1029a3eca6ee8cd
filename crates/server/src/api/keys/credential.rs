//! Credentials that are more than a key: a key service, an account.

use std::net::IpAddr;

use actix_web::http::Uri;
use serde::Deserialize;
use tollgate_domain::Secret;
use tollgate_domain::credential::{Credential, OAuth2, Remote, TokenRequest};
use utoipa::ToSchema;

use super::body::check_key;
use crate::extract::Checks;
use crate::openapi::words;

/// The longest time that a key or a token is believed to hold, in seconds.
const LONGEST: u32 = 30 * 24 * 3600;

/// A key service: `GET {url}?sceneCode={sceneCode}` answers `{"result": "the key"}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RemoteCredential)]
pub struct RemoteBody {
    /// Where it is.
    url: String,
    /// Which key to ask it for.
    #[serde(default)]
    #[schema(max_length = 200)]
    scene_code: String,
    /// The key to use while the service has given none.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4096)]
    backup_key: Option<Secret<String>>,
    /// How long a key holds, in seconds.
    #[serde(default = "expire_seconds")]
    #[schema(minimum = 1, maximum = 2_592_000, default = 600)]
    expire_seconds: u32,
    /// How long before its end the next one is asked for, in seconds.
    #[serde(default = "refresh_before_seconds")]
    #[schema(maximum = 2_592_000, default = 120)]
    refresh_before_seconds: u32,
}

/// An account that is let in by access tokens, as a credentials file holds it; the names of such a
/// file, `client_id` and so on, are understood too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OAuth2Credential)]
pub struct OAuth2Body {
    /// The client's id.
    #[serde(alias = "client_id")]
    client_id: Option<String>,
    /// The client's secret; public clients have none.
    #[serde(alias = "client_secret")]
    #[schema(value_type = Option<String>)]
    client_secret: Option<Secret<String>>,
    /// Where tokens are asked for.
    #[serde(alias = "token_url")]
    token_url: String,
    /// What the next access token is got with.
    #[serde(alias = "refresh_token")]
    #[schema(value_type = String)]
    refresh_token: Secret<String>,
    /// How a token is asked for: `form` as OAuth 2.0 says, `json_camel` as AWS takes it.
    #[serde(default = "form", alias = "request_format")]
    #[schema(schema_with = words::token_request)]
    request_format: TokenRequest,
    /// How long before its end an access token is replaced, in seconds.
    #[serde(default = "token_refresh_before_seconds", alias = "refresh_before_seconds")]
    #[schema(maximum = 2_592_000, default = 60)]
    refresh_before_seconds: u32,
}

impl RemoteBody {
    pub(super) fn validate(&self, checks: &mut Checks) {
        checks.base_url("remote.url", &self.url);
        checks.length("remote.sceneCode", &self.scene_code, 0..=200);
        checks.range("remote.expireSeconds", Some(self.expire_seconds.into()), 1..=LONGEST.into());
        if self.refresh_before_seconds >= self.expire_seconds {
            checks.wrong("remote.refreshBeforeSeconds", "must be less than `expireSeconds`");
        }
        if let Some(key) = &self.backup_key {
            check_key("remote.backupKey", key, checks);
        }
    }

    pub(super) fn credential(&self) -> Credential {
        Credential::Remote(Remote {
            url: self.url.trim().to_owned(),
            scene_code: self.scene_code.trim().to_owned(),
            backup: self.backup_key.as_ref().map(|key| Secret::from(key.expose().trim())),
            expire_seconds: self.expire_seconds,
            refresh_before_seconds: self.refresh_before_seconds,
        })
    }
}

impl OAuth2Body {
    pub(super) fn validate(&self, checks: &mut Checks) {
        if let Err(why) = check_token_url(&self.token_url) {
            checks.wrong("oauth2.tokenUrl", why);
        }
        let texts = [
            ("oauth2.refreshToken", Some(self.refresh_token.expose())),
            ("oauth2.clientSecret", self.client_secret.as_ref().map(Secret::expose)),
            ("oauth2.clientId", self.client_id.as_ref()),
        ];
        for (field, text) in texts {
            if text.is_some_and(|text| text.trim().is_empty() || text.len() > LONGEST_TEXT) {
                checks.wrong(field, format!("must have 1 to {LONGEST_TEXT} bytes"));
            }
        }
        let before = Some(self.refresh_before_seconds.into());
        checks.range("oauth2.refreshBeforeSeconds", before, 0..=LONGEST.into());
    }

    pub(super) fn credential(&self) -> Credential {
        let trimmed = |secret: &Secret<String>| Secret::from(secret.expose().trim());
        let oauth2 = OAuth2 {
            client_id: self.client_id.as_deref().map(|id| id.trim().to_owned()),
            client_secret: self.client_secret.as_ref().map(trimmed),
            token_url: self.token_url.trim().to_owned(),
            refresh_token: trimmed(&self.refresh_token),
            request_format: self.request_format,
            refresh_before_seconds: self.refresh_before_seconds,
            ..OAuth2::default()
        };
        Credential::OAuth2(oauth2.with_origin())
    }
}

/// The longest id, secret or token, in bytes.
const LONGEST_TEXT: usize = 16 << 10;

/// Why tokens may not be asked for at `url`, if so: what is sent there must not be read on its way.
/// A private address is no reason: only operators name these URLs, as they name base URLs.
pub(crate) fn check_token_url(url: &str) -> Result<(), &'static str> {
    const WHY: &str =
        "must be an https URL without a user name or password (http only of this machine)";
    let url: Uri = url.trim().parse().map_err(|_| WHY)?;
    let authority = url.authority().ok_or(WHY)?;
    let host = authority.host().trim_matches(['[', ']']);
    let address: Option<IpAddr> = host.parse().ok();
    let is_here = host == "localhost" || address.is_some_and(|address| address.is_loopback());
    match url.scheme_str() {
        _ if authority.as_str().contains('@') || host.is_empty() => Err(WHY),
        Some("https") => Ok(()),
        Some("http") if is_here => Ok(()),
        _ => Err(WHY),
    }
}

const fn form() -> TokenRequest {
    TokenRequest::Form
}

const fn expire_seconds() -> u32 {
    Remote::EXPIRE_SECONDS
}

const fn refresh_before_seconds() -> u32 {
    Remote::REFRESH_BEFORE_SECONDS
}

const fn token_refresh_before_seconds() -> u32 {
    OAuth2::REFRESH_BEFORE_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_asked_for_where_nobody_can_listen_private_addresses_included() {
        for url in [
            "https://auth.example/token",
            " https://auth.example:8443/token?a=b ",
            "https://10.1.2.3/token",
            "https://[fd00::1]/token",
            "http://127.0.0.1:9000/token",
            "http://[::1]/token",
            "http://localhost:9000/token",
        ] {
            assert_eq!(check_token_url(url), Ok(()), "{url}");
        }
        for url in [
            "http://10.1.2.3/token",
            "http://localhost.example/token",
            "http://127.0.0.1.example/token",
            "https://me:word@auth.example/token",
            "ftp://auth.example/token",
            "auth.example/token",
            "",
        ] {
            assert!(check_token_url(url).is_err(), "{url}");
        }
    }
}
