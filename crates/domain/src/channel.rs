//! Where operators are told of alerts: webhooks and email.

use serde::{Deserialize, Serialize};

use crate::alert::{AlertKind, AlertLevel};
use crate::words::words;

words! {
    /// Which template a webhook is sent in.
    WebhookKind {
        /// Our own JSON, signed.
        Generic = "generic",
        /// Slack's incoming webhooks.
        Slack = "slack",
        /// Feishu's (Lark's) custom bots.
        Feishu = "feishu",
        /// DingTalk's custom robots.
        Dingtalk = "dingtalk",
        /// WeCom's group robots.
        Wecom = "wecom",
    }
}

words! {
    /// How a mail server is spoken to.
    SmtpTls {
        /// Plain at first, then TLS or nothing: port 587.
        Starttls = "starttls",
        /// TLS from the first byte: port 465.
        Implicit = "implicit",
        /// Plain text, for relays inside a trusted network.
        None = "none",
    }
}

/// The name that the mail channel goes by; no webhook may have it.
pub const EMAIL_CHANNEL: &str = "email";

/// A secret as the database keeps it: nobody can use it without the sealing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSecret {
    /// The sealed value.
    pub sealed: String,
    /// What people are shown instead.
    pub hint: String,
}

/// Which alerts a channel is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertChoice {
    /// Of these levels; empty is any.
    #[serde(default)]
    pub levels: Vec<AlertLevel>,
    /// Of these kinds; empty is any.
    #[serde(default)]
    pub kinds: Vec<AlertKind>,
}

impl AlertChoice {
    /// Whether an alert of that kind and level is told.
    #[must_use]
    pub fn takes(&self, kind: AlertKind, level: AlertLevel) -> bool {
        (self.levels.is_empty() || self.levels.contains(&level))
            && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }
}

/// A webhook. Its URL is a secret: for most services whoever knows it may post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// What people call it; no two channels have the same name.
    pub name: String,
    /// Which template it is sent in.
    #[serde(rename = "type")]
    pub kind: WebhookKind,
    /// Where it is posted to.
    pub url: KeptSecret,
    /// What it is signed with, where it is.
    pub secret: Option<KeptSecret>,
    /// Whether it is used.
    pub is_active: bool,
    /// Which alerts it is told of.
    pub choice: AlertChoice,
}

/// Email by a mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Email {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub tls: SmtpTls,
    /// Who we are to it, where it asks.
    pub username: Option<String>,
    /// The password of that account.
    pub password: Option<KeptSecret>,
    /// Whom mails are from: `Tollgate <tollgate@example.com>`.
    pub from: String,
    /// Whom they go to.
    pub to: Vec<String>,
    /// Whether it is used.
    pub is_active: bool,
    /// Which alerts it is told of.
    pub choice: AlertChoice,
}

/// When alerts fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertThresholds {
    /// More than this share of the last five minutes' calls failed, in percent.
    pub error_rate_percent: u32,
    /// Calls of five minutes that a rate is believed from.
    pub error_rate_min_calls: u32,
    /// As much of a budget is spent, in percent, as is told before all of it is.
    pub budget_percent: u32,
    /// The journal is full to that part of its bound, in percent.
    pub journal_percent: u32,
    /// The oldest record that is not in the database waits for so many seconds.
    pub journal_age_seconds: u32,
    /// A model without a price answered within so many minutes.
    pub unpriced_minutes: u32,
    /// A model in use is shut down within so many days.
    pub shutdown_days: u32,
}

impl AlertThresholds {
    /// Each by its name in JSON.
    #[must_use]
    pub const fn named(&self) -> [(&'static str, u32); 7] {
        [
            ("errorRatePercent", self.error_rate_percent),
            ("errorRateMinCalls", self.error_rate_min_calls),
            ("budgetPercent", self.budget_percent),
            ("journalPercent", self.journal_percent),
            ("journalAgeSeconds", self.journal_age_seconds),
            ("unpricedMinutes", self.unpriced_minutes),
            ("shutdownDays", self.shutdown_days),
        ]
    }

    /// The one with that name in JSON.
    pub fn named_mut(&mut self, name: &str) -> Option<&mut u32> {
        Some(match name {
            "errorRatePercent" => &mut self.error_rate_percent,
            "errorRateMinCalls" => &mut self.error_rate_min_calls,
            "budgetPercent" => &mut self.budget_percent,
            "journalPercent" => &mut self.journal_percent,
            "journalAgeSeconds" => &mut self.journal_age_seconds,
            "unpricedMinutes" => &mut self.unpriced_minutes,
            "shutdownDays" => &mut self.shutdown_days,
            _ => return None,
        })
    }
}

impl Default for AlertThresholds {
    fn default() -> Self {
        Self {
            error_rate_percent: 5,
            error_rate_min_calls: 20,
            budget_percent: 80,
            journal_percent: 50,
            journal_age_seconds: 300,
            unpriced_minutes: 15,
            shutdown_days: 30,
        }
    }
}

/// When alerts fire and where they are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertSettings {
    /// When.
    pub thresholds: AlertThresholds,
    /// Webhooks.
    pub webhooks: Vec<Webhook>,
    /// Email.
    pub email: Option<Email>,
}

impl AlertSettings {
    /// The names of the channels that are to be told of an alert of that kind and level.
    #[must_use]
    pub fn channels_for(&self, kind: AlertKind, level: AlertLevel) -> Vec<&str> {
        let webhooks = self.webhooks.iter().filter(|hook| hook.is_active);
        let webhooks = webhooks.filter(|hook| hook.choice.takes(kind, level));
        let email = self.email.iter().filter(|email| email.is_active);
        let email = email.filter(|email| email.choice.takes(kind, level));
        webhooks.map(|hook| hook.name.as_str()).chain(email.map(|_| EMAIL_CHANNEL)).collect()
    }
}

/// Changes to [`AlertSettings`]; what is absent stays, and an absent threshold inside becomes its
/// default again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertSettingsPatch {
    /// See [`AlertThresholds::error_rate_percent`]; `Some(None)` is the default.
    pub error_rate_percent: Option<Option<u32>>,
    /// See [`AlertThresholds::error_rate_min_calls`].
    pub error_rate_min_calls: Option<Option<u32>>,
    /// See [`AlertThresholds::budget_percent`].
    pub budget_percent: Option<Option<u32>>,
    /// See [`AlertThresholds::journal_percent`].
    pub journal_percent: Option<Option<u32>>,
    /// See [`AlertThresholds::journal_age_seconds`].
    pub journal_age_seconds: Option<Option<u32>>,
    /// See [`AlertThresholds::unpriced_minutes`].
    pub unpriced_minutes: Option<Option<u32>>,
    /// See [`AlertThresholds::shutdown_days`].
    pub shutdown_days: Option<Option<u32>>,
    /// All webhooks, in place of those that were.
    pub webhooks: Option<Vec<Webhook>>,
    /// The mail channel; `Some(None)` takes it away.
    pub email: Option<Option<Email>>,
}

impl AlertSettingsPatch {
    /// `old` with these changes.
    #[must_use]
    pub fn over(&self, old: &AlertSettings) -> AlertSettings {
        AlertSettings {
            thresholds: self.thresholds(&old.thresholds),
            webhooks: self.webhooks.clone().unwrap_or_else(|| old.webhooks.clone()),
            email: self.email.clone().unwrap_or_else(|| old.email.clone()),
        }
    }

    fn thresholds(&self, old: &AlertThresholds) -> AlertThresholds {
        let usual = AlertThresholds::default();
        let put = |patch: Option<Option<u32>>, of: fn(&AlertThresholds) -> u32| match patch {
            None => of(old),
            Some(None) => of(&usual),
            Some(Some(value)) => value,
        };
        AlertThresholds {
            error_rate_percent: put(self.error_rate_percent, |of| of.error_rate_percent),
            error_rate_min_calls: put(self.error_rate_min_calls, |of| of.error_rate_min_calls),
            budget_percent: put(self.budget_percent, |of| of.budget_percent),
            journal_percent: put(self.journal_percent, |of| of.journal_percent),
            journal_age_seconds: put(self.journal_age_seconds, |of| of.journal_age_seconds),
            unpriced_minutes: put(self.unpriced_minutes, |of| of.unpriced_minutes),
            shutdown_days: put(self.shutdown_days, |of| of.shutdown_days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(name: &str, is_active: bool, choice: AlertChoice) -> Webhook {
        let url = KeptSecret { sealed: "v1:".to_owned(), hint: "https://host/****".to_owned() };
        let kind = WebhookKind::Generic;
        Webhook { name: name.to_owned(), kind, url, secret: None, is_active, choice }
    }

    #[test]
    fn a_channel_is_told_of_what_it_chose() {
        use AlertLevel::{Critical, Info, Warning};
        let only = |levels: &[AlertLevel], kinds: &[AlertKind]| AlertChoice {
            levels: levels.to_vec(),
            kinds: kinds.to_vec(),
        };
        let settings = AlertSettings {
            webhooks: vec![
                hook("all", true, AlertChoice::default()),
                hook("off", false, AlertChoice::default()),
                hook("loud", true, only(&[Warning, Critical], &[])),
                hook("rates", true, only(&[], &[AlertKind::ErrorRate])),
            ],
            ..AlertSettings::default()
        };

        assert_eq!(settings.channels_for(AlertKind::KeyUnavailable, Info), ["all"]);
        assert_eq!(settings.channels_for(AlertKind::KeyUnavailable, Warning), ["all", "loud"]);
        assert_eq!(settings.channels_for(AlertKind::ErrorRate, Critical), ["all", "loud", "rates"]);
    }

    #[test]
    fn every_threshold_is_found_by_its_name() {
        let mut thresholds = AlertThresholds::default();
        for (name, value) in AlertThresholds::default().named() {
            assert_eq!(thresholds.named_mut(name).copied(), Some(value), "{name}");
        }
        assert_eq!(thresholds.named_mut("other"), None);
    }

    #[test]
    fn an_absent_threshold_stays_and_null_is_the_default_again() {
        let mut old = AlertSettings::default();
        old.thresholds.error_rate_percent = 9;
        old.thresholds.journal_percent = 9;

        let patch =
            AlertSettingsPatch { error_rate_percent: Some(None), ..AlertSettingsPatch::default() };
        let new = patch.over(&old);

        assert_eq!(new.thresholds.error_rate_percent, 5);
        assert_eq!(new.thresholds.journal_percent, 9);
    }
}
