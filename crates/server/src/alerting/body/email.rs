//! The mail channel's body.

use lettre::message::Mailbox;
use serde::Deserialize;
use tollgate_domain::Secret;
use tollgate_domain::alert::{AlertKind, AlertLevel};
use tollgate_domain::channel::{AlertChoice, Email, KeptSecret, SmtpTls};
use tollgate_domain::secret::hint;
use tollgate_store::Store;
use tollgate_store::settings::SettingSecret;
use utoipa::ToSchema;

use super::{BodyError, is_mask, kept};
use crate::extract::Checks;
use crate::extract::json::{clearable, present};
use crate::openapi::words;

/// The most receivers of a mail.
const MAX_RECEIVERS: usize = 20;

/// Email by a mail server. Where there is one already, what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmailBody {
    /// The mail server.
    #[serde(default, deserialize_with = "present")]
    #[schema(example = "smtp.example.com")]
    host: Option<String>,
    /// Its port; by default 587 with `starttls`, 465 with `implicit`, 25 with `none`.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 65535)]
    port: Option<u16>,
    /// How it is spoken to: plain at first, then TLS or nothing (`starttls`, the default), TLS from
    /// the first byte (`implicit`), or plain text (`none`).
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::smtp_tls)]
    tls: Option<SmtpTls>,
    /// Its account; null for none.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    username: Option<Option<String>>,
    /// The account's password. It is sealed; as it is shown, it stays; another host, port, account
    /// or less protection needs it anew; null takes it away.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    password: Option<Option<Secret<String>>>,
    /// Whom mails are from.
    #[serde(default, deserialize_with = "present")]
    #[schema(example = "Tollgate <tollgate@example.com>")]
    from: Option<String>,
    /// Whom they go to.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_items = 1, max_items = 20)]
    to: Option<Vec<String>>,
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

impl EmailBody {
    /// Notes what is wrong with it, standing at `path`.
    pub fn check(&self, path: &str, checks: &mut Checks) {
        const MAILBOX: &str = "must be an address such as Tollgate <tollgate@example.com>";
        let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
        let is_host =
            |host: &str| (1..=255).contains(&host.len()) && host.bytes().all(is_host_byte);
        if self.host.as_ref().is_some_and(|host| !is_host(host)) {
            checks.wrong(format!("{path}.host"), "must be a host such as smtp.example.com");
        }
        checks.range(&format!("{path}.port"), self.port.map(i64::from), 1..=65535);
        let username = self.username.as_ref().and_then(Option::as_deref);
        checks.maybe_length(&format!("{path}.username"), username, 1..=200);
        if let Some(Some(password)) = &self.password {
            checks.length(&format!("{path}.password"), password.expose(), 1..=500);
        }
        if self.from.as_ref().is_some_and(|from| !is_mailbox(from)) {
            checks.wrong(format!("{path}.from"), MAILBOX);
        }
        let Some(to) = &self.to else { return };
        if to.is_empty() {
            checks.wrong(format!("{path}.to"), "must hold at least one address");
        }
        checks.count(&format!("{path}.to"), to.len(), MAX_RECEIVERS);
        for (index, _) in to.iter().enumerate().filter(|(_, to)| !is_mailbox(to)) {
            checks.wrong(format!("{path}.to[{index}]"), MAILBOX);
        }
    }

    /// The mail channel that it makes of `old`.
    ///
    /// # Errors
    /// The field that is missing; where a secret cannot be sealed.
    pub fn over(&self, old: Option<&Email>, store: &Store) -> Result<Email, BodyError> {
        let required = |field| move || BodyError::Field(field, "is required");
        let tls = self.tls.or(old.map(|old| old.tls)).unwrap_or(SmtpTls::Starttls);
        // A port of before goes with the protection of before.
        let old_port = old.filter(|old| self.tls.is_none_or(|tls| tls == old.tls));
        let old_port = old_port.map(|old| old.port);
        let username = match &self.username {
            Some(given) => given.clone(),
            None => old.and_then(|old| old.username.clone()),
        };
        let choice = old.map(|old| old.choice.clone()).unwrap_or_default();
        let mut email = Email {
            host: self
                .host
                .clone()
                .or(old.map(|it| it.host.clone()))
                .ok_or_else(required("host"))?,
            port: self.port.or(old_port).unwrap_or(usual_port(tls)),
            tls,
            username,
            password: None,
            from: self
                .from
                .clone()
                .or(old.map(|it| it.from.clone()))
                .ok_or_else(required("from"))?,
            to: self.to.clone().or(old.map(|it| it.to.clone())).ok_or_else(required("to"))?,
            is_active: self.is_active.unwrap_or_else(|| old.is_none_or(|old| old.is_active)),
            choice: AlertChoice {
                levels: self.levels.clone().unwrap_or(choice.levels),
                kinds: self.kinds.clone().unwrap_or(choice.kinds),
            },
        };
        email.password = self.kept_password(&email, old, store)?;
        Ok(email)
    }

    /// The password of before is shown to nobody, and so to no other server either.
    fn kept_password(
        &self,
        new: &Email,
        old: Option<&Email>,
        store: &Store,
    ) -> Result<Option<KeptSecret>, BodyError> {
        let is_same_account = |old: &&Email| {
            let of = |it: &Email| (it.host.clone(), it.port, it.tls, it.username.clone());
            of(old) == of(new)
        };
        let before = old.and_then(|old| old.password.as_ref());
        let old = old.filter(is_same_account).and_then(|old| old.password.as_ref());
        let password = match &self.password {
            Some(None) => return Ok(None),
            None if old.is_some() || before.is_none() => return Ok(old.cloned()),
            Some(Some(password)) if !is_mask(password.expose()) && !is_shown(before, password) => {
                password
            }
            Some(Some(password)) if is_shown(old, password) => return Ok(old.cloned()),
            None | Some(Some(_)) => {
                let why = "must be given again: the server or its account is another one";
                return Err(BodyError::Field("password", why));
            }
        };
        let shown = hint(password.expose());
        Ok(Some(kept(store, SettingSecret::EmailPassword, password, old, shown)?))
    }
}

fn is_shown(kept: Option<&KeptSecret>, given: &Secret<String>) -> bool {
    kept.is_some_and(|kept| kept.hint == *given.expose())
}

fn is_mailbox(text: &str) -> bool {
    text.len() <= 300 && text.parse::<Mailbox>().is_ok()
}

const fn usual_port(tls: SmtpTls) -> u16 {
    match tls {
        SmtpTls::Starttls => 587,
        SmtpTls::Implicit => 465,
        SmtpTls::None => 25,
    }
}
