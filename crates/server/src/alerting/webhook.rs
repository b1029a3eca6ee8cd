//! The one sender of webhooks.

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use tollgate_domain::Secret;
use tollgate_domain::channel::WebhookKind;
use tollgate_providers::{Post, Poster};

use super::channel::{SendError, Sent};
use super::notice::Notice;
use super::templates::{Rendered, render, verdict};

/// A webhook, opened.
#[derive(Debug)]
pub struct OpenWebhook {
    /// Which template it is sent in.
    pub kind: WebhookKind,
    /// Where to.
    pub url: Secret<String>,
    /// What it is signed with.
    pub secret: Option<Secret<String>>,
}

impl OpenWebhook {
    /// Posts the notice, and waits for the service to say that it took it.
    pub(super) async fn send(
        &self,
        poster: &Poster,
        notice: &Notice,
        now: DateTime<Utc>,
    ) -> Result<Sent, SendError> {
        let rendered = render(self.kind, notice, self.secret.as_ref(), now);
        let posted = poster.post(self.post(rendered)).await.map_err(|error| SendError {
            message: self.without_secrets(&error.to_string()),
            ..SendError::default()
        })?;
        let status = Some(posted.status);
        let refused = |message: String| SendError {
            message: self.without_secrets(&message),
            status,
            retry_after: posted.retry_after,
        };
        if !(200..300).contains(&posted.status) {
            let words = String::from_utf8_lossy(&posted.body);
            return Err(refused(format!("{}{}", answered(posted.status), quoted(&words))));
        }
        verdict(self.kind, &posted.body).map_err(refused)?;
        Ok(Sent { status })
    }

    fn post(&self, rendered: Rendered) -> Post {
        let mut url = self.url.expose().clone();
        for (name, value) in rendered.query {
            url.push(if url.contains('?') { '&' } else { '?' });
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            url.push_str(&format!("{name}={value}"));
        }
        Post { url, headers: rendered.headers, body: rendered.body }
    }

    /// The words without what is secret, should a service repeat it.
    fn without_secrets(&self, words: &str) -> String {
        let url = self.url.expose().as_str();
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let parts = path.split(['/', '?', '&', '=']).skip(1).filter(|part| part.len() >= 6);
        let mut secrets: Vec<&str> = vec![url];
        secrets.extend(self.secret.as_ref().map(|secret| secret.expose().as_str()));
        secrets.extend(parts);
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let clean = |words: String, secret: &str| words.replace(secret, "***");
        let words = secrets.into_iter().filter(|it| !it.is_empty()).fold(words.to_owned(), clean);
        words.chars().take(300).collect()
    }
}

fn answered(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|it| it.canonical_reason());
    match reason {
        Some(reason) => format!("it answered {status} {reason}"),
        None => format!("it answered {status}"),
    }
}

/// The beginning of what a service says, where it says something short.
fn quoted(words: &str) -> String {
    let line: String = words.trim().chars().take(120).filter(|it| !it.is_control()).collect();
    if line.is_empty() || line.starts_with('<') { String::new() } else { format!(": {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_repeats_what_is_secret_is_not_quoted_with_it() {
        let hook = OpenWebhook {
            kind: WebhookKind::Dingtalk,
            url: Secret::from("https://oapi.example/robot/send?access_token=canary-token"),
            secret: Some(Secret::from("SECcanary")),
        };

        let clean = hook.without_secrets(
            "no canary-token, SECcanary at https://oapi.example/robot/send?access_token=canary-token",
        );

        assert_eq!(clean, "no ***, *** at ***");
    }

    #[test]
    fn a_signature_is_written_into_the_url_as_one_value() {
        let hook = |url: &str| OpenWebhook {
            kind: WebhookKind::Dingtalk,
            url: Secret::from(url),
            secret: None,
        };
        let rendered = || Rendered {
            query: vec![("timestamp", "1".to_owned()), ("sign", "a+b/c=".to_owned())],
            headers: Vec::new(),
            body: Vec::new(),
        };

        assert_eq!(
            hook("https://h/send?access_token=x").post(rendered()).url,
            "https://h/send?access_token=x&timestamp=1&sign=a%2Bb%2Fc%3D"
        );
        assert_eq!(
            hook("https://h/send").post(rendered()).url,
            "https://h/send?timestamp=1&sign=a%2Bb%2Fc%3D"
        );
    }
}
