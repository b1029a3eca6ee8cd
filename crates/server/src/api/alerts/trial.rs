//! Trying a channel.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tollgate_domain::RequestId;
use tollgate_domain::audit::Action;
use tollgate_domain::channel::{AlertSettings, EMAIL_CHANNEL};
use utoipa::ToSchema;

use crate::alerting::body::{EmailBody, WebhookBody};
use crate::alerting::channel::Channel;
use crate::alerting::notice::Notice;
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult};
use crate::extract::json::present;
use crate::extract::{Admin, Checks, Envelope, Meta, Valid, Validate};
use crate::openapi::WriteErrors;

/// Which channel is tried: one of the settings by its name, or one that is not saved yet.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChannelTrial {
    /// The name of a channel of the settings; `email` is the mail channel.
    #[serde(default, deserialize_with = "present")]
    #[schema(example = "ops")]
    channel: Option<String>,
    /// A webhook, as the settings take it; what is absent is as the one with its name has it.
    #[serde(default, deserialize_with = "present")]
    webhook: Option<WebhookBody>,
    /// Email, as the settings take it; what is absent is as the settings have it.
    #[serde(default, deserialize_with = "present")]
    email: Option<EmailBody>,
}

impl Validate for ChannelTrial {
    fn validate(&self, checks: &mut Checks) {
        let given = [self.channel.is_some(), self.webhook.is_some(), self.email.is_some()];
        if given.into_iter().filter(|is_given| *is_given).count() != 1 {
            checks.wrong("channel", "give one of `channel`, `webhook` and `email`");
        }
        if let Some(webhook) = &self.webhook {
            webhook.check("webhook", checks);
        }
        if let Some(email) = &self.email {
            email.check("email", checks);
        }
    }
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialView {
    /// The channel's name.
    channel: String,
    /// Whether the channel took the notice.
    is_delivered: bool,
    /// The HTTP status that a webhook answered with; null where none came.
    status: Option<u16>,
    /// How long it took.
    latency_ms: u64,
    /// Why the channel did not take it; null where it did.
    error: Option<String>,
}

/// Send a test notice through a channel, and see whether it takes it.
///
/// It is sent once, whether the channel is switched on or off; nothing of it is in the list of
/// alerts.
#[utoipa::path(post, path = "/api/admin/alerts/test", tag = "alerts",
    request_body = ChannelTrial, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<TrialView>), WriteErrors))]
pub async fn test(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(trial): Valid<ChannelTrial>,
) -> ApiResult<Envelope<TrialView>> {
    let settings = app.store.settings().load().await?.alerts;
    let (name, channel) = opened(&app, &settings, trial)?;
    let now = app.clock.now();
    let actor = admin.actor(&meta);
    let notice = Notice::test(&actor.name, format!("test-{}", RequestId::new(now)), now);
    let begun = Instant::now();
    let outcome = channel.send(&app.poster, &notice, now).await;
    let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let view = match outcome {
        Ok(sent) => TrialView {
            channel: name,
            is_delivered: true,
            status: sent.status,
            latency_ms,
            error: None,
        },
        Err(error) => TrialView {
            channel: name,
            is_delivered: false,
            status: error.status,
            latency_ms,
            error: Some(error.message),
        },
    };
    app.record(actor, Change::new(Action::Validate, "alert-channel", None).after(&view)).await?;
    let message = if view.is_delivered { "The channel took the notice" } else { "It did not" };
    Ok(Envelope::ok(view).with_message(message))
}

/// The channel to try, and its name.
fn opened(
    app: &App,
    settings: &AlertSettings,
    trial: ChannelTrial,
) -> ApiResult<(String, Channel)> {
    let store = &app.store;
    if let Some(body) = trial.webhook {
        let old = settings.webhooks.iter().find(|hook| hook.name == body.name.trim());
        let hook = body.over(old, store).map_err(|error| error.at("webhook"))?;
        return Ok((hook.name.clone(), Channel::of_webhook(store, &hook)?));
    }
    if let Some(body) = trial.email {
        let email = body.over(settings.email.as_ref(), store).map_err(|error| error.at("email"))?;
        return Ok((EMAIL_CHANNEL.to_owned(), Channel::of_email(store, &email)?));
    }
    let name = trial.channel.unwrap_or_default().trim().to_owned();
    let hook = settings.webhooks.iter().find(|hook| hook.name == name);
    let email = settings.email.as_ref().filter(|_| name == EMAIL_CHANNEL);
    let channel = match (hook, email) {
        (_, Some(email)) => Channel::of_email(store, email),
        (Some(hook), None) => Channel::of_webhook(store, hook),
        (None, None) => {
            return Err(ApiError::invalid("channel", "there is no channel with this name"));
        }
    };
    let lost = |error: tollgate_store::StoreError| {
        ApiError::invalid("channel", format!("its secrets do not open: {error}"))
    };
    Ok((name, channel.map_err(lost)?))
}
