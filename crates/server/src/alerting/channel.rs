//! A channel, opened for use.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tollgate_domain::channel::{AlertSettings, EMAIL_CHANNEL, Email, Webhook};
use tollgate_providers::Poster;
use tollgate_store::settings::SettingSecret;
use tollgate_store::{Store, StoreResult};

pub use super::email::OpenEmail;
use super::notice::Notice;
pub use super::webhook::OpenWebhook;

/// Where a notice goes, with its secrets.
#[derive(Debug)]
pub enum Channel {
    /// A webhook.
    Webhook(OpenWebhook),
    /// Email.
    Email(OpenEmail),
}

/// A notice that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The HTTP status, of a webhook.
    pub status: Option<u16>,
}

/// Why a notice was not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendError {
    /// In words, without secrets.
    pub message: String,
    /// The HTTP status, where one came.
    pub status: Option<u16>,
    /// How long to wait at least before it is sent again.
    pub retry_after: Option<Duration>,
}

impl Channel {
    /// The channel with that name, if it is one and is used.
    ///
    /// # Errors
    /// `Seal` where its secrets do not open.
    pub fn find(store: &Store, settings: &AlertSettings, name: &str) -> StoreResult<Option<Self>> {
        let email = settings.email.as_ref().filter(|_| name == EMAIL_CHANNEL);
        if let Some(email) = email.filter(|email| email.is_active) {
            return Self::of_email(store, email).map(Some);
        }
        let mut hooks = settings.webhooks.iter();
        let hook = hooks.find(|hook| hook.name == name && hook.is_active);
        hook.map(|hook| Self::of_webhook(store, hook)).transpose()
    }

    /// A webhook, opened.
    ///
    /// # Errors
    /// `Seal` where its secrets do not open.
    pub fn of_webhook(store: &Store, hook: &Webhook) -> StoreResult<Self> {
        let secret = hook.secret.as_ref();
        let secret = secret.map(|it| store.settings().open(SettingSecret::WebhookSecret, it));
        Ok(Self::Webhook(OpenWebhook {
            kind: hook.kind,
            url: store.settings().open(SettingSecret::WebhookUrl, &hook.url)?,
            secret: secret.transpose()?,
        }))
    }

    /// The mail channel, opened.
    ///
    /// # Errors
    /// `Seal` where its password does not open.
    pub fn of_email(store: &Store, email: &Email) -> StoreResult<Self> {
        let password = email.password.as_ref();
        let password = password.map(|it| store.settings().open(SettingSecret::EmailPassword, it));
        Ok(Self::Email(OpenEmail { email: email.clone(), password: password.transpose()? }))
    }

    /// Sends, and waits until the receiver says that it has the notice. It ends within a minute.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn send(
        &self,
        poster: &Poster,
        notice: &Notice,
        now: DateTime<Utc>,
    ) -> Result<Sent, SendError> {
        match self {
            Self::Webhook(hook) => hook.send(poster, notice, now).await,
            Self::Email(email) => email.send(poster, notice, now).await,
        }
    }
}
