//! Email by SMTP.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::time::timeout;
use tollgate_domain::Secret;
use tollgate_domain::channel::{Email, SmtpTls};
use tollgate_providers::Poster;

use super::channel::{SendError, Sent};
use super::notice::Notice;

/// The longest that each step of the conversation takes.
const STEP: Duration = Duration::from_secs(10);
/// The longest that all of it takes.
const TIME: Duration = Duration::from_secs(30);

/// The mail channel, opened.
#[derive(Debug)]
pub struct OpenEmail {
    /// Its settings.
    pub email: Email,
    /// The password of its account.
    pub password: Option<Secret<String>>,
}

impl OpenEmail {
    /// Hands the notice to the mail server. The address that is looked up, and checked, is the one
    /// that is connected to.
    pub(super) async fn send(
        &self,
        poster: &Poster,
        notice: &Notice,
        now: DateTime<Utc>,
    ) -> Result<Sent, SendError> {
        let told = |message: String| SendError { message, ..SendError::default() };
        let message = self.message(notice, now).map_err(told)?;
        let found = poster.addresses(&self.email.host, self.email.port).await;
        let found = found.map_err(|error| told(error.to_string()))?;
        let address = found.first().ok_or_else(|| told("its host is not known".to_owned()))?;
        let transport = self.transport(address).map_err(|error| told(self.words(&error)))?;
        match timeout(TIME, transport.send(message)).await {
            Ok(Ok(_)) => Ok(Sent { status: None }),
            Ok(Err(error)) => Err(told(self.words(&error))),
            Err(_) => Err(told(format!("it did not answer within {} seconds", TIME.as_secs()))),
        }
    }

    fn message(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Message, String> {
        let mailbox = |text: &str| {
            text.parse::<Mailbox>().map_err(|_| "an address of it is not written as one".to_owned())
        };
        let from = mailbox(&self.email.from)?;
        let domain = from.email.domain().to_owned();
        let mut builder = Message::builder()
            .from(from)
            .subject(notice.title())
            .date(SystemTime::from(now))
            // The same each time that it is sent, so that a mail that comes twice is known.
            .message_id(Some(format!("<tollgate-{}@{domain}>", notice.delivery)))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.email.to {
            builder = builder.to(mailbox(to)?);
        }
        let text = format!("{}\n", notice.lines().join("\n"));
        builder.body(text).map_err(|error| format!("the mail cannot be written: {error}"))
    }

    fn transport(&self, address: &SocketAddr) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
        let host = || TlsParameters::new(self.email.host.clone());
        let tls = match self.email.tls {
            SmtpTls::Starttls => Tls::Required(host()?),
            SmtpTls::Implicit => Tls::Wrapper(host()?),
            SmtpTls::None => Tls::None,
        };
        let ip = address.ip().to_string();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(ip)
            .port(address.port())
            .tls(tls)
            .timeout(Some(STEP));
        if let (Some(user), Some(password)) = (&self.email.username, &self.password) {
            builder =
                builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
        }
        Ok(builder.build())
    }

    /// What went wrong, without the password, should the server repeat it.
    fn words(&self, error: &Error) -> String {
        let mut words = error.to_string();
        let mut next = std::error::Error::source(error);
        while let Some(cause) = next {
            let cause_words = cause.to_string();
            if !words.contains(&cause_words) {
                words.push_str(&format!(": {cause_words}"));
            }
            next = cause.source();
        }
        let password = self.password.as_ref().map(|password| password.expose().as_str());
        if let Some(password) = password.filter(|password| !password.is_empty()) {
            words = words.replace(password, "***");
        }
        words.chars().filter(|it| !it.is_control()).take(300).collect()
    }
}
