//! The secrets in settings: sealed before they are stored, opened when they are used.

use chrono::{DateTime, Utc};
use tollgate_domain::channel::{AlertSettings, EMAIL_CHANNEL, KeptSecret};
use tollgate_domain::{ProviderId, Secret};

use super::{SELECT, SettingRow, Settings, save, values};
use crate::db::on_tx;
use crate::error::{StoreError, StoreResult};
use crate::seal::{Keyring, Place, SealError};

/// Which secret of the settings it is. One that is moved to another one's place does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingSecret {
    /// The URL of a webhook.
    WebhookUrl,
    /// What a webhook is signed with.
    WebhookSecret,
    /// The password of the mail server's account.
    EmailPassword,
}

/// What [`Settings::reseal`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsReseal {
    /// Secrets sealed anew.
    pub resealed: usize,
    /// Secrets that were sealed with the current sealing key already.
    pub current: usize,
    /// Secrets that could not be, by their channel, and why.
    pub failed: Vec<(String, String)>,
}

impl SettingSecret {
    fn place(self) -> Place {
        let column = match self {
            Self::WebhookUrl => "alerts.webhooks.url",
            Self::WebhookSecret => "alerts.webhooks.secret",
            Self::EmailPassword => "alerts.email.password",
        };
        Place { table: "t_settings", column, provider_id: ProviderId::new(0) }
    }
}

impl Settings<'_> {
    /// A secret as it is kept, with what people are shown instead.
    ///
    /// # Errors
    /// `Seal` without a sealing key.
    pub fn keep(
        &self,
        what: SettingSecret,
        secret: &Secret<String>,
        hint: String,
    ) -> StoreResult<KeptSecret> {
        Ok(KeptSecret { sealed: self.keyring()?.seal(secret.expose(), what.place()), hint })
    }

    /// A kept secret, opened.
    ///
    /// # Errors
    /// `Seal` for one that does not open.
    pub fn open(&self, what: SettingSecret, kept: &KeptSecret) -> StoreResult<Secret<String>> {
        Ok(self.keyring()?.open(&kept.sealed, what.place())?)
    }

    /// The channels whose secrets do not open, and why.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn unopened(&self) -> StoreResult<Vec<(String, String)>> {
        let mut alerts = self.load().await?.alerts;
        let secrets = secrets_of(&mut alerts).into_iter();
        let failed = secrets.filter_map(|(channel, what, kept)| {
            self.open(what, kept).err().map(|error| (channel, error.to_string()))
        });
        Ok(failed.collect())
    }

    /// Seals every secret with the current sealing key, while the rest goes on working.
    ///
    /// # Errors
    /// `Unavailable`; `Seal` without a sealing key. A secret that does not open is in the report.
    pub async fn reseal(&self, now: DateTime<Utc>) -> StoreResult<SettingsReseal> {
        let keyring = self.keyring()?;
        let mut tx = self.store.begin_config_write(now).await?;
        let rows: Vec<SettingRow> =
            on_tx!(tx, |conn| { sqlx::query_as(SELECT).fetch_all(&mut *conn).await? });
        let before = values(rows);
        let mut after = before.clone();
        let report = reseal(keyring, &mut after.alerts);
        if report.resealed == 0 {
            return Ok(report);
        }
        save(tx, &before, &after, now).await?;
        Ok(report)
    }

    fn keyring(&self) -> StoreResult<&Keyring> {
        self.store.sealer().ok_or(StoreError::Seal(SealError::NoKey))
    }
}

fn reseal(keyring: &Keyring, alerts: &mut AlertSettings) -> SettingsReseal {
    let mut report = SettingsReseal::default();
    for (channel, what, kept) in secrets_of(alerts) {
        match keyring.open(&kept.sealed, what.place()) {
            Err(error) => report.failed.push((channel, error.to_string())),
            Ok(_) if keyring.is_current(&kept.sealed) => report.current += 1,
            Ok(secret) => {
                kept.sealed = keyring.seal(secret.expose(), what.place());
                report.resealed += 1;
            }
        }
    }
    report
}

/// Every secret, with the channel that it is of.
fn secrets_of(alerts: &mut AlertSettings) -> Vec<(String, SettingSecret, &mut KeptSecret)> {
    let mut all = Vec::new();
    for hook in &mut alerts.webhooks {
        all.push((hook.name.clone(), SettingSecret::WebhookUrl, &mut hook.url));
        if let Some(secret) = &mut hook.secret {
            all.push((hook.name.clone(), SettingSecret::WebhookSecret, secret));
        }
    }
    if let Some(password) = alerts.email.as_mut().and_then(|email| email.password.as_mut()) {
        all.push((EMAIL_CHANNEL.to_owned(), SettingSecret::EmailPassword, password));
    }
    all
}
