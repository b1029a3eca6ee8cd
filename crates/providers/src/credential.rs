//! Where a key's header value comes from: a fixed one, a key service, or an account's tokens.
//!
//! [`Live`] is the one interface of values that change. Calls take what it holds without waiting;
//! one keeper, which is not here, asks for the next value when [`Live::due`] says so, with
//! [`renew`], and everybody who has to wait for it waits for the same answer.

mod answer;
mod live;
mod oauth2;
mod remote;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tollgate_domain::Secret;
use tollgate_domain::credential::Credential;

pub use live::{Live, Lost};

use crate::HttpClient;

/// A value for a header, and until when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub secret: Arc<Secret<String>>,
    /// When the next one is to be asked for.
    pub refresh_at: DateTime<Utc>,
    /// When it is over.
    pub expires_at: DateTime<Utc>,
}

/// What was got from a service: a value, and the credential as it is from now on where that has
/// changed, which has to be stored.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// The value.
    pub value: Value,
    /// The credential with its new tokens.
    pub credential: Option<Credential>,
}

/// Why there is no new value. It says nothing of what was sent or answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RenewError {
    /// What went wrong, in words.
    pub message: String,
    /// Whether asking again is of no use before somebody has changed the credential.
    pub is_final: bool,
}

impl RenewError {
    /// Something that may be gone the next time.
    pub(crate) fn passing(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_final: false }
    }

    /// Something that stays.
    pub(crate) fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_final: true }
    }
}

/// Asks once, at `now`, for the next value of `credential`.
///
/// # Errors
/// Why there is none.
pub async fn renew(
    http: &HttpClient,
    credential: &Credential,
    now: DateTime<Utc>,
) -> Result<Renewed, RenewError> {
    match credential {
        Credential::Static(_) => Err(RenewError::lasting("a fixed key has no next value")),
        Credential::Remote(remote) => remote::fetch(http, remote, now).await,
        Credential::OAuth2(oauth2) => oauth2::refresh(http, oauth2, now).await,
    }
}
