//! What is sealed of a key: the key itself, or what its value is got with.
//!
//! A `static` key is sealed as it is; the other kinds are sealed as JSON, with the names of a
//! credentials file ([`Remote`], [`OAuth2`]).

mod oauth2;
mod remote;

pub use oauth2::{OAuth2, TokenRequest};
pub use remote::Remote;

use crate::Secret;
use crate::api_key::CredentialKind;
use crate::secret::hint;

/// A key's secret, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The key itself.
    Static(Secret<String>),
    /// Where a key service gives the key.
    Remote(Remote),
    /// What access tokens are got with.
    OAuth2(OAuth2),
}

/// A secret that is not what its kind says; what exactly is wrong is a secret too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed of this key is no `{0}` credential")]
pub struct UnreadableCredential(pub CredentialKind);

impl Credential {
    /// The credential of that kind that is sealed as `secret`.
    ///
    /// # Errors
    /// Where it is none of that kind.
    pub fn parse(
        kind: CredentialKind,
        secret: &Secret<String>,
    ) -> Result<Self, UnreadableCredential> {
        let text = secret.expose();
        let parsed = match kind {
            CredentialKind::Static => Some(Self::Static(secret.clone())),
            CredentialKind::Remote => serde_json::from_str(text).ok().map(Self::Remote),
            CredentialKind::OAuth2 => serde_json::from_str(text).ok().map(Self::OAuth2),
        };
        parsed.ok_or(UnreadableCredential(kind))
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        match self {
            Self::Static(_) => CredentialKind::Static,
            Self::Remote(_) => CredentialKind::Remote,
            Self::OAuth2(_) => CredentialKind::OAuth2,
        }
    }

    /// What is sealed of it.
    #[must_use]
    pub fn to_secret(&self) -> Secret<String> {
        match self {
            Self::Static(secret) => secret.clone(),
            Self::Remote(remote) => remote.to_secret(),
            Self::OAuth2(oauth2) => oauth2.to_secret(),
        }
    }

    /// What makes it another one than others; it stays when tokens rotate.
    #[must_use]
    pub fn identity(&self) -> Secret<String> {
        match self {
            Self::Static(secret) => secret.clone(),
            Self::Remote(remote) => {
                Secret::new(format!("remote\n{}\n{}", remote.url, remote.scene_code))
            }
            Self::OAuth2(oauth2) => oauth2.identity(),
        }
    }

    /// What lists show instead of it: the ends of the key, of the scene's code, or of the client's
    /// id.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Static(secret) => hint(secret.expose()),
            Self::Remote(remote) => hint(&remote.scene_code),
            Self::OAuth2(oauth2) => hint(oauth2.client_id.as_deref().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_read_again() {
        let remote = Remote {
            url: "http://127.0.0.1:4532/getApikey".to_owned(),
            scene_code: "scene-of-tests".to_owned(),
            backup: Some(Secret::from("sk-backup")),
            ..Remote::default()
        };
        let oauth2 = OAuth2 {
            client_id: Some("client-of-tests".to_owned()),
            token_url: "https://auth.example.com/token".to_owned(),
            refresh_token: Secret::from("rt-000"),
            ..OAuth2::default()
        };
        for credential in [
            Credential::Static(Secret::from("sk-plain")),
            Credential::Remote(remote),
            Credential::OAuth2(oauth2.with_origin()),
        ] {
            let read = Credential::parse(credential.kind(), &credential.to_secret());

            assert_eq!(read, Ok(credential));
        }
    }

    #[test]
    fn the_names_of_a_credentials_file_are_understood_in_both_spellings() {
        for text in [
            r#"{"client_id":"c","client_secret":"s","token_url":"https://a/t","refresh_token":"r"}"#,
            r#"{"clientId":"c","clientSecret":"s","tokenUrl":"https://a/t","refreshToken":"r"}"#,
        ] {
            let read = Credential::parse(CredentialKind::OAuth2, &Secret::from(text));

            let Ok(Credential::OAuth2(read)) = read else { panic!("{text}") };
            assert_eq!(read.client_id.as_deref(), Some("c"));
            assert_eq!(read.client_secret, Some(Secret::from("s")));
            assert_eq!(read.refresh_token.expose(), "r");
        }
    }

    #[test]
    fn a_rotated_refresh_token_makes_no_other_credential() {
        let first = OAuth2 { refresh_token: Secret::from("rt-000"), ..OAuth2::default() };
        let first = first.with_origin();
        let rotated = OAuth2 { refresh_token: Secret::from("rt-001"), ..first.clone() };

        assert_eq!(Credential::OAuth2(first).identity(), Credential::OAuth2(rotated).identity());
    }

    #[test]
    fn an_unreadable_credential_is_told_without_its_content() {
        let wrong = Credential::parse(CredentialKind::OAuth2, &Secret::from(r#"{"canary":1}"#));

        assert!(!wrong.unwrap_err().to_string().contains("canary"));
    }
}
