//! A credentials file: what a provider's own command line client has signed in with.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tollgate_domain::Secret;
use tollgate_domain::credential::{OAuth2, TokenRequest};

use crate::api::keys::check_token_url;
use crate::config::source::Source;

/// The longest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 10;
/// Where Qwen's own client gets its tokens.
const QWEN_TOKEN_URL: &str = "https://chat.qwen.ai/api/v1/oauth2/token";

/// A credentials file, read.
#[derive(Clone, Debug)]
pub struct CredentialsFile {
    /// The provider's code.
    pub provider: &'static str,
    /// Where it was.
    pub path: PathBuf,
    /// What it holds.
    pub oauth2: OAuth2,
    /// The address that its tokens are for, where it says so.
    pub base_url: Option<String>,
}

/// The file's fields, in both spellings; what else is in it is of no interest.
#[derive(Deserialize)]
struct Fields {
    #[serde(alias = "clientId")]
    client_id: Option<String>,
    #[serde(alias = "clientSecret")]
    client_secret: Option<Secret<String>>,
    #[serde(alias = "tokenUrl")]
    token_url: Option<String>,
    #[serde(alias = "refreshToken")]
    refresh_token: Option<Secret<String>>,
    #[serde(alias = "requestFormat")]
    request_format: Option<TokenRequest>,
    #[serde(alias = "accessToken")]
    access_token: Option<Secret<String>>,
    #[serde(alias = "expiresAt")]
    expires_at: Option<DateTime<Utc>>,
    /// Milliseconds since 1970.
    expiry_date: Option<i64>,
    /// A host, often without a scheme and a path.
    resource_url: Option<String>,
    /// AWS's region.
    region: Option<String>,
}

impl CredentialsFile {
    /// The file of `provider` at `path`; what is wrong with it is noted.
    pub(super) fn read(source: &mut Source, provider: &'static str, path: &Path) -> Option<Self> {
        let read = contents(path).and_then(|text| Self::parse(provider, path, &text));
        read.map_err(|why| {
            let path = path.display();
            source.problem(format!("--{provider}-oauth-creds-file is `{path}`: {why}"));
        })
        .ok()
    }

    fn parse(provider: &'static str, path: &Path, text: &str) -> Result<Self, String> {
        // The parser's own words may quote what is in the file.
        let fields: Fields = serde_json::from_str(text).map_err(|error| {
            format!("is no credentials file (line {}, column {})", error.line(), error.column())
        })?;
        let has = |text: &&Secret<String>| !text.expose().trim().is_empty();
        let refresh_token =
            fields.refresh_token.as_ref().filter(has).ok_or("has no refresh_token")?;
        let token_url = fields.token_url(provider).ok_or("has no token_url")?;
        check_token_url(&token_url).map_err(|why| format!("its token_url {why}"))?;
        if provider == "qwen" && fields.client_id.is_none() {
            return Err("has no client_id; add the one that its client signs in with".to_owned());
        }
        let expires_at =
            fields.expires_at.or_else(|| DateTime::from_timestamp_millis(fields.expiry_date?));
        let oauth2 = OAuth2 {
            client_id: fields.client_id.clone(),
            client_secret: fields.client_secret.clone(),
            request_format: fields.request_format(&token_url),
            token_url,
            refresh_token: refresh_token.clone(),
            access_token: fields.access_token.clone().filter(|_| expires_at.is_some()),
            expires_at,
            ..OAuth2::default()
        };
        let base_url = fields.resource_url.as_deref().map(base_url);
        Ok(Self { provider, path: path.to_owned(), oauth2: oauth2.with_origin(), base_url })
    }
}

impl Fields {
    /// Where tokens are asked for: as the file says, or as the provider's own client does.
    fn token_url(&self, provider: &str) -> Option<String> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let region = self.region.as_deref().filter(|region| region.bytes().all(is_word));
        match (&self.token_url, provider) {
            (Some(url), _) => Some(url.trim().to_owned()),
            (None, "qwen") => Some(QWEN_TOKEN_URL.to_owned()),
            (None, _) if self.client_id.is_some() => {
                Some(format!("https://oidc.{}.amazonaws.com/token", region?))
            }
            (None, _) => {
                Some(format!("https://prod.{}.auth.desktop.kiro.dev/refreshToken", region?))
            }
        }
    }

    /// How tokens are asked for: as the file says, or as the place takes it.
    fn request_format(&self, token_url: &str) -> TokenRequest {
        let host = token_url.split('/').nth(2).unwrap_or_default();
        let is_aws = host.ends_with(".amazonaws.com") || host.ends_with(".kiro.dev");
        self.request_format.unwrap_or(match is_aws {
            true => TokenRequest::JsonCamel,
            false => TokenRequest::Form,
        })
    }
}

fn contents(path: &Path) -> Result<String, String> {
    let told = |error: &dyn fmt::Display| format!("cannot be read: {error}");
    let length = fs::metadata(path).map_err(|error| told(&error))?.len();
    if length > MAX_BYTES {
        return Err(format!("must have at most {MAX_BYTES} bytes"));
    }
    fs::read_to_string(path).map_err(|error| told(&error))
}

/// The base URL that a host stands for.
fn base_url(host: &str) -> String {
    let host = host.trim().trim_end_matches('/');
    let url = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    if url.ends_with("/v1") { url } else { format!("{url}/v1") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(provider: &'static str, text: &str) -> Result<CredentialsFile, String> {
        CredentialsFile::parse(provider, Path::new("creds.json"), text)
    }

    #[test]
    fn files_are_read_in_both_spellings() {
        let plain = r#"{"client_id":"c","client_secret":"s","token_url":"https://a.example/t","refresh_token":"rt"}"#;
        let aws = r#"{"clientId":"c","clientSecret":"s","refreshToken":"rt","region":"us-east-1","accessToken":"at","expiresAt":"2026-11-21T10:00:00Z"}"#;
        let social = r#"{"refreshToken":"rt","region":"eu-west-1","authMethod":"social"}"#;
        let qwen = r#"{"client_id":"c","access_token":"at","refresh_token":"rt","resource_url":"portal.qwen.ai","expiry_date":1796018400000}"#;
        for (provider, text, url, format, base) in [
            ("kiro", plain, "https://a.example/t", TokenRequest::Form, None),
            (
                "kiro",
                aws,
                "https://oidc.us-east-1.amazonaws.com/token",
                TokenRequest::JsonCamel,
                None,
            ),
            (
                "kiro",
                social,
                "https://prod.eu-west-1.auth.desktop.kiro.dev/refreshToken",
                TokenRequest::JsonCamel,
                None,
            ),
            ("qwen", qwen, QWEN_TOKEN_URL, TokenRequest::Form, Some("https://portal.qwen.ai/v1")),
        ] {
            let read = parse(provider, text).unwrap();

            assert_eq!(read.oauth2.token_url, url);
            assert_eq!(read.oauth2.request_format, format);
            assert_eq!(read.oauth2.refresh_token.expose(), "rt");
            assert_eq!(read.base_url.as_deref(), base);
        }
    }

    #[test]
    fn a_wrong_file_is_told_without_its_content() {
        for text in [
            r#"{"refresh_token": canary}"#,
            r#"{"client_id":"canary","token_url":"https://a/t"}"#,
            r#"{"refresh_token":"canary","token_url":"http://a.example/canary"}"#,
            r#"{"refresh_token":"canary"}"#,
        ] {
            let why = parse("kiro", text).unwrap_err();

            assert!(!why.contains("canary"), "{why}");
        }
    }
}
