//! When alerts fire and where they are told.

use serde::{Deserialize, Serialize};
use tollgate_domain::alert::{AlertKind, AlertLevel};
use tollgate_domain::channel::{
    AlertSettings, AlertSettingsPatch, Email, SmtpTls, Webhook, WebhookKind,
};
use tollgate_store::Store;
use utoipa::ToSchema;

use crate::alerting::body::{EmailBody, WebhookBody, check_webhooks};
use crate::error::ApiResult;
use crate::extract::Checks;
use crate::extract::json::clearable;
use crate::openapi::words;

/// When alerts fire and where they are told, without secrets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertSettingsView {
    /// More than this share of the last five minutes' calls failed, in percent.
    error_rate_percent: u32,
    /// Calls of five minutes that a rate is believed from.
    error_rate_min_calls: u32,
    /// As much of a budget is spent, in percent, as is told before all of it is.
    budget_percent: u32,
    /// The journal is full to that part of its bound, in percent.
    journal_percent: u32,
    /// The oldest record that is not in the database waits for so many seconds.
    journal_age_seconds: u32,
    /// A model without a price answered within so many minutes.
    unpriced_minutes: u32,
    /// A model in use is shut down within so many days.
    shutdown_days: u32,
    /// Webhooks that are told.
    webhooks: Vec<WebhookView>,
    /// Email; null for none.
    email: Option<EmailView>,
}

/// A webhook, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    /// What people call it.
    name: String,
    /// Which template it is sent in.
    #[serde(rename = "type")]
    #[schema(schema_with = words::webhook_kind)]
    kind: WebhookKind,
    /// Where it is posted to: the host, masked after it.
    #[schema(example = "https://hooks.example.com/****")]
    url: String,
    /// What it is signed with, masked; null for nothing.
    secret: Option<String>,
    /// Whether it is used.
    is_active: bool,
    /// Only alerts that matter as much; empty is any.
    #[schema(schema_with = words::alert_levels)]
    levels: Vec<AlertLevel>,
    /// Only alerts about this; empty is any.
    #[schema(schema_with = words::alert_kinds)]
    kinds: Vec<AlertKind>,
}

/// The mail channel, without its password.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailView {
    /// The mail server.
    host: String,
    /// Its port.
    port: u16,
    /// How it is spoken to.
    #[schema(schema_with = words::smtp_tls)]
    tls: SmtpTls,
    /// Its account; null for none.
    username: Option<String>,
    /// The account's password, masked; null for none.
    password: Option<String>,
    /// Whom mails are from.
    from: String,
    /// Whom they go to.
    to: Vec<String>,
    /// Whether it is used.
    is_active: bool,
    /// Only alerts that matter as much; empty is any.
    #[schema(schema_with = words::alert_levels)]
    levels: Vec<AlertLevel>,
    /// Only alerts about this; empty is any.
    #[schema(schema_with = words::alert_kinds)]
    kinds: Vec<AlertKind>,
}

impl From<AlertSettings> for AlertSettingsView {
    fn from(settings: AlertSettings) -> Self {
        let AlertSettings { thresholds, webhooks, email } = settings;
        Self {
            error_rate_percent: thresholds.error_rate_percent,
            error_rate_min_calls: thresholds.error_rate_min_calls,
            budget_percent: thresholds.budget_percent,
            journal_percent: thresholds.journal_percent,
            journal_age_seconds: thresholds.journal_age_seconds,
            unpriced_minutes: thresholds.unpriced_minutes,
            shutdown_days: thresholds.shutdown_days,
            webhooks: webhooks.into_iter().map(WebhookView::from).collect(),
            email: email.map(EmailView::from),
        }
    }
}

impl From<Webhook> for WebhookView {
    fn from(hook: Webhook) -> Self {
        Self {
            name: hook.name,
            kind: hook.kind,
            url: hook.url.hint,
            secret: hook.secret.map(|secret| secret.hint),
            is_active: hook.is_active,
            levels: hook.choice.levels,
            kinds: hook.choice.kinds,
        }
    }
}

impl From<Email> for EmailView {
    fn from(email: Email) -> Self {
        Self {
            host: email.host,
            port: email.port,
            tls: email.tls,
            username: email.username,
            password: email.password.map(|password| password.hint),
            from: email.from,
            to: email.to,
            is_active: email.is_active,
            levels: email.choice.levels,
            kinds: email.choice.kinds,
        }
    }
}

/// Changes to when alerts fire and where they are told; what is absent stays. A threshold that is
/// null has its default again.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlertSettingsBody {
    /// More than this share of the last five minutes' calls failed, in percent; by default 5.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 100)]
    error_rate_percent: Option<Option<u32>>,
    /// Calls of five minutes that a rate is believed from; by default 20.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000)]
    error_rate_min_calls: Option<Option<u32>>,
    /// As much of a budget is spent, in percent, as is told before all of it is; by default 80.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    budget_percent: Option<Option<u32>>,
    /// The journal is full to that part of its bound, in percent; by default 50.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    journal_percent: Option<Option<u32>>,
    /// The oldest record that is not in the database waits for so many seconds; by default 300.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 10, maximum = 86_400)]
    journal_age_seconds: Option<Option<u32>>,
    /// A model without a price answered within so many minutes; by default 15.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 5, maximum = 1_440)]
    unpriced_minutes: Option<Option<u32>>,
    /// A model in use is shut down within so many days; by default 30.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 365)]
    shutdown_days: Option<Option<u32>>,
    /// All webhooks, by their names: one that is not among them is taken away. Null is none.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Vec<WebhookBody>>)]
    webhooks: Option<Option<Vec<WebhookBody>>>,
    /// Email; null takes it away.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<EmailBody>)]
    email: Option<Option<EmailBody>>,
}

impl AlertSettingsBody {
    /// Notes every field that holds what it may not.
    pub(super) fn check(&self, checks: &mut Checks) {
        let mut range = |name: &str, value: Option<Option<u32>>, allowed| {
            checks.range(&format!("alerts.{name}"), value.flatten().map(i64::from), allowed);
        };
        range("errorRatePercent", self.error_rate_percent, 0..=100);
        range("errorRateMinCalls", self.error_rate_min_calls, 1..=1_000_000);
        range("budgetPercent", self.budget_percent, 1..=100);
        range("journalPercent", self.journal_percent, 1..=100);
        range("journalAgeSeconds", self.journal_age_seconds, 10..=86_400);
        range("unpricedMinutes", self.unpriced_minutes, 5..=1_440);
        range("shutdownDays", self.shutdown_days, 1..=365);
        if let Some(Some(webhooks)) = &self.webhooks {
            check_webhooks(webhooks, "alerts.webhooks", checks);
        }
        if let Some(Some(email)) = &self.email {
            email.check("alerts.email", checks);
        }
    }

    /// The change that it makes to `old`, its secrets sealed.
    ///
    /// # Errors
    /// The field that is missing; where a secret cannot be sealed.
    pub(crate) fn into_patch(
        self,
        old: &AlertSettings,
        store: &Store,
    ) -> ApiResult<AlertSettingsPatch> {
        let webhooks = self.webhooks.map(|hooks| webhooks(&hooks.unwrap_or_default(), old, store));
        let email = self.email.map(|email| {
            let made = email.map(|email| email.over(old.email.as_ref(), store));
            made.transpose().map_err(|error| error.at("alerts.email"))
        });
        Ok(AlertSettingsPatch {
            error_rate_percent: self.error_rate_percent,
            error_rate_min_calls: self.error_rate_min_calls,
            budget_percent: self.budget_percent,
            journal_percent: self.journal_percent,
            journal_age_seconds: self.journal_age_seconds,
            unpriced_minutes: self.unpriced_minutes,
            shutdown_days: self.shutdown_days,
            webhooks: webhooks.transpose()?,
            email: email.transpose()?,
        })
    }

    /// One that names these channels, as the environment does.
    pub(crate) fn of_channels(
        webhooks: Option<Vec<WebhookBody>>,
        email: Option<EmailBody>,
    ) -> Self {
        Self { webhooks: webhooks.map(Some), email: email.map(Some), ..Self::default() }
    }
}

fn webhooks(bodies: &[WebhookBody], old: &AlertSettings, store: &Store) -> ApiResult<Vec<Webhook>> {
    let made = bodies.iter().enumerate().map(|(index, body)| {
        let old = old.webhooks.iter().find(|hook| hook.name == body.name.trim());
        body.over(old, store).map_err(|error| error.at(&format!("alerts.webhooks[{index}]")))
    });
    made.collect()
}
