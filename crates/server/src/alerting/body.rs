//! Channels as an operator writes them: in the settings, in the environment, and to try one.

mod email;
mod webhook;

use tollgate_domain::Secret;
use tollgate_domain::channel::KeptSecret;
use tollgate_store::settings::SettingSecret;
use tollgate_store::{Store, StoreResult};

pub use email::EmailBody;
pub use webhook::{WebhookBody, check_all as check_webhooks};

use crate::error::ApiError;

/// What stands where a secret is not shown.
const MASK: &str = "****";

/// A channel's body put over what is stored: why that does not make a channel.
#[derive(Debug)]
pub enum BodyError {
    /// A field, beside the channel's own path, and what is wrong with it.
    Field(&'static str, &'static str),
    /// A secret could not be sealed.
    Store(tollgate_store::StoreError),
}

impl BodyError {
    /// The failure of a request whose channel stands at `path`.
    pub fn at(self, path: &str) -> ApiError {
        match self {
            Self::Field(field, message) => ApiError::invalid(format!("{path}.{field}"), message),
            Self::Store(error) => error.into(),
        }
    }
}

impl From<tollgate_store::StoreError> for BodyError {
    fn from(error: tollgate_store::StoreError) -> Self {
        Self::Store(error)
    }
}

/// The secret to keep for what was given: the old one where that is what it is shown as, or what
/// it is.
fn kept(
    store: &Store,
    what: SettingSecret,
    given: &Secret<String>,
    old: Option<&KeptSecret>,
    hint: String,
) -> StoreResult<KeptSecret> {
    if let Some(old) = old {
        let is_shown = *given.expose() == old.hint;
        let is_same = || store.settings().open(what, old).is_ok_and(|secret| secret == *given);
        if is_shown || is_same() {
            return Ok(old.clone());
        }
    }
    store.settings().keep(what, given, hint)
}

/// Whether it is what a secret is shown as, and not a secret.
fn is_mask(text: &str) -> bool {
    text.contains(MASK)
}
