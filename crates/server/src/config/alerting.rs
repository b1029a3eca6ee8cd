//! Where operators are told of alerts.

use serde::de::DeserializeOwned;

use super::source::{Source, Variable};
use crate::alerting::body::{EmailBody, WebhookBody, check_webhooks};
use crate::extract::Checks;

const ALERT_PRIVATE_ADDRESSES: Variable = Variable::plain(
    "ALERT_PRIVATE_ADDRESSES",
    "false",
    "whether channels of alerts may lie at private addresses: then any admin can have Tollgate post \
     to servers inside your network",
);
const ALERT_WEBHOOKS: Variable = Variable::secret(
    "ALERT_WEBHOOKS",
    "none",
    "the webhooks that are told of alerts, as JSON: the list that the settings take as `alerts.webhooks`",
);
const ALERT_EMAIL: Variable = Variable::secret(
    "ALERT_EMAIL",
    "none",
    "the mail server by which alerts are told, as JSON: the object that the settings take as \
     `alerts.email`",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[ALERT_PRIVATE_ADDRESSES, ALERT_WEBHOOKS, ALERT_EMAIL];

/// Channels of alerts; where one is given here, its setting is locked.
#[derive(Clone, Debug, Default)]
pub struct AlertingConfig {
    /// `ALERT_PRIVATE_ADDRESSES`: whether they may lie at private addresses. Default false.
    pub private_addresses: bool,
    /// `ALERT_WEBHOOKS`: the webhooks. Default none.
    pub webhooks: Option<Vec<WebhookBody>>,
    /// `ALERT_EMAIL`: email. Default none.
    pub email: Option<EmailBody>,
}

impl AlertingConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        let private_addresses = source.parse(&ALERT_PRIVATE_ADDRESSES, "true or false");
        let webhooks: Option<Vec<WebhookBody>> =
            json(source, &ALERT_WEBHOOKS, |hooks: &Vec<_>, checks| {
                check_webhooks(hooks, "ALERT_WEBHOOKS", checks);
            });
        let email: Option<EmailBody> = json(source, &ALERT_EMAIL, |email: &EmailBody, checks| {
            email.check("ALERT_EMAIL", checks);
        });
        Self { private_addresses: private_addresses.unwrap_or(false), webhooks, email }
    }
}

/// What a variable holds as JSON, once it is checked. What is wrong is told by field, without any
/// value: secrets stand in it.
fn json<T: DeserializeOwned>(
    source: &mut Source,
    variable: &Variable,
    check: impl FnOnce(&T, &mut Checks),
) -> Option<T> {
    let text = source.text(variable)?;
    let mut reader = serde_json::Deserializer::from_str(&text);
    let value: T = match serde_path_to_error::deserialize(&mut reader) {
        Ok(value) => value,
        Err(error) => {
            let place = match error.path().to_string() {
                path if path == "." => String::new(),
                path => format!(", at {path}"),
            };
            source.wrong(variable, "", &format!("the JSON that the settings take{place}"));
            return None;
        }
    };
    let mut checks = Checks::default();
    check(&value, &mut checks);
    if let Err(error) = checks.finish() {
        for detail in error.details {
            let field = detail.field.unwrap_or_default();
            source.problem(format!("{field} {}", detail.message));
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn problems(name: &str, value: &str) -> Vec<String> {
        let environment: Environment = [(name, value)].into_iter().collect();
        let mut source = Source::new(environment);
        AlertingConfig::read(&mut source);
        source.finish().err().map_or_else(Vec::new, |error| error.0)
    }

    #[test]
    fn channels_are_read_as_the_settings_take_them() {
        let hook = r#"[{"name":"ops","type":"slack","url":"https://hooks.example/x"}]"#;
        assert!(problems("ALERT_WEBHOOKS", hook).is_empty());
        let email = r#"{"host":"smtp.example","from":"a@b.example","to":["c@d.example"]}"#;
        assert!(problems("ALERT_EMAIL", email).is_empty());
        assert!(problems("ALERT_PRIVATE_ADDRESSES", "true").is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_is_shown() {
        let cases = [
            ("ALERT_WEBHOOKS", "canary", "ALERT_WEBHOOKS is ***"),
            ("ALERT_WEBHOOKS", r#"[{"name":"x","url":["canary"]}]"#, "at [0].url"),
            ("ALERT_WEBHOOKS", r#"[{"name":"x","canary":1}]"#, "ALERT_WEBHOOKS is ***"),
            ("ALERT_WEBHOOKS", r#"[{"name":"x","url":"canary"}]"#, "ALERT_WEBHOOKS[0].url must"),
            ("ALERT_EMAIL", r#"{"from":"canary"}"#, "ALERT_EMAIL.from must be"),
            ("ALERT_EMAIL", r#"{"tls":"canary"}"#, "ALERT_EMAIL is ***"),
        ];
        for (name, value, expected) in cases {
            let told = problems(name, value).join("; ");
            assert!(told.contains(expected) && !told.contains("\"canary"), "{value}: {told}");
        }
    }
}
