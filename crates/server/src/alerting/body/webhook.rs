//! A webhook's body.

use serde::Deserialize;
use tollgate_domain::Secret;
use tollgate_domain::alert::{AlertKind, AlertLevel};
use tollgate_domain::channel::{AlertChoice, EMAIL_CHANNEL, Webhook, WebhookKind};
use tollgate_domain::secret::hint;
use tollgate_store::Store;
use tollgate_store::settings::SettingSecret;
use utoipa::ToSchema;

use super::{BodyError, MASK, is_mask, kept};
use crate::extract::Checks;
use crate::extract::json::{clearable, present};
use crate::extract::validate::check_base_url;
use crate::openapi::words;

/// The most webhooks.
const MAX_WEBHOOKS: usize = 20;

/// A webhook. Of one with a name that is there already, what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookBody {
    /// What people call it; no two channels have the same name, and none is called `email`.
    #[schema(min_length = 1, max_length = 100, example = "ops")]
    pub name: String,
    /// Which template it is sent in.
    #[serde(rename = "type", default, deserialize_with = "present")]
    #[schema(schema_with = words::webhook_kind)]
    kind: Option<WebhookKind>,
    /// Where it is posted to. It is sealed; as it is shown, it stays.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 500, example = "https://hooks.example.com/T0/B0/x")]
    url: Option<Secret<String>>,
    /// What it is signed with (`generic`, `feishu`, `dingtalk`). It is sealed; as it is shown, it
    /// stays; null takes it away.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    secret: Option<Option<Secret<String>>>,
    /// Whether it is used; by default it is.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
    /// Only alerts that matter as much; empty is any.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::alert_levels)]
    levels: Option<Vec<AlertLevel>>,
    /// Only alerts about this; empty is any.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::alert_kinds)]
    kinds: Option<Vec<AlertKind>>,
}

/// Notes what is wrong with webhooks that stand at `path`.
pub fn check_all(hooks: &[WebhookBody], path: &str, checks: &mut Checks) {
    checks.count(path, hooks.len(), MAX_WEBHOOKS);
    for (index, hook) in hooks.iter().enumerate() {
        let path = format!("{path}[{index}]");
        hook.check(&path, checks);
        if hooks[..index].iter().any(|before| before.name.trim() == hook.name.trim()) {
            checks.wrong(format!("{path}.name"), "must be a name that no other channel has");
        }
    }
}

impl WebhookBody {
    /// Notes what is wrong with it, standing at `path`.
    pub fn check(&self, path: &str, checks: &mut Checks) {
        let name = format!("{path}.name");
        checks.length(&name, &self.name, 1..=100);
        if self.name.trim() == EMAIL_CHANNEL {
            checks.wrong(name, "must not be `email`, which is the mail channel's");
        }
        if let Some(url) = self.url.as_ref().map(|url| url.expose().as_str())
            && let Err(why) = check_base_url(url)
        {
            checks.wrong(format!("{path}.url"), why);
        }
        if let Some(Some(secret)) = &self.secret {
            checks.length(&format!("{path}.secret"), secret.expose(), 1..=200);
        }
    }

    /// The webhook that it makes of `old`, which has its name.
    ///
    /// # Errors
    /// The field that is missing; where a secret cannot be sealed.
    pub fn over(&self, old: Option<&Webhook>, store: &Store) -> Result<Webhook, BodyError> {
        let kind = self.kind.or(old.map(|old| old.kind));
        let choice = old.map(|old| old.choice.clone()).unwrap_or_default();
        Ok(Webhook {
            name: self.name.trim().to_owned(),
            kind: kind.ok_or(BodyError::Field("type", "is required"))?,
            url: self.kept_url(old, store)?,
            secret: self.kept_secret(old, store)?,
            is_active: self.is_active.unwrap_or_else(|| old.is_none_or(|old| old.is_active)),
            choice: AlertChoice {
                levels: self.levels.clone().unwrap_or(choice.levels),
                kinds: self.kinds.clone().unwrap_or(choice.kinds),
            },
        })
    }

    fn kept_url(
        &self,
        old: Option<&Webhook>,
        store: &Store,
    ) -> Result<tollgate_domain::channel::KeptSecret, BodyError> {
        let old = old.map(|old| &old.url);
        let Some(url) = &self.url else {
            return old.cloned().ok_or(BodyError::Field("url", "is required"));
        };
        if is_mask(url.expose()) && old.is_none_or(|old| old.hint != *url.expose()) {
            let why =
                "is as it is shown, and no channel with this name has that one: give it whole";
            return Err(BodyError::Field("url", why));
        }
        Ok(kept(store, SettingSecret::WebhookUrl, url, old, masked(url.expose()))?)
    }

    fn kept_secret(
        &self,
        old: Option<&Webhook>,
        store: &Store,
    ) -> Result<Option<tollgate_domain::channel::KeptSecret>, BodyError> {
        let old = old.and_then(|old| old.secret.as_ref());
        let secret = match &self.secret {
            None => return Ok(old.cloned()),
            Some(None) => return Ok(None),
            Some(Some(secret)) => secret,
        };
        if is_mask(secret.expose()) && old.is_none_or(|old| old.hint != *secret.expose()) {
            let why =
                "is as it is shown, and no channel with this name has that one: give it whole";
            return Err(BodyError::Field("secret", why));
        }
        let shown = hint(secret.expose());
        Ok(Some(kept(store, SettingSecret::WebhookSecret, secret, old, shown)?))
    }
}

/// What is shown of a URL: where it leads, without what whoever knows it could post by.
fn masked(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}/{MASK}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_only_the_host_is_shown() {
        let cases = [
            ("https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack.com/****"),
            ("http://127.0.0.1:9/a?key=1", "http://127.0.0.1:9/****"),
            ("https://host?key=1", "https://host/****"),
        ];
        for (url, shown) in cases {
            assert_eq!(masked(url), shown);
            assert!(is_mask(shown));
        }
    }
}
