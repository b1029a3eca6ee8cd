//! What operators should know of while it lasts.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::words::words;
use crate::{AlertId, ApiKeyId, ProviderId};

words! {
    /// What an alert is about.
    AlertKind {
        /// An active key cannot be used.
        KeyUnavailable = "key_unavailable",
        /// None of a provider's active keys can be used.
        ProviderWithoutKey = "provider_without_key",
    }
}

words! {
    /// How much it matters.
    AlertLevel {
        /// It passes by itself.
        Info = "info",
        /// Somebody should look at it.
        Warning = "warning",
        /// Calls fail.
        Critical = "critical",
    }
}

/// What has to end for an alert to be over. It fires once until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertCondition {
    /// A key cannot be used.
    Key(ApiKeyId),
    /// A provider has no usable key.
    Provider(ProviderId),
}

impl std::fmt::Display for AlertCondition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Provider(id) => write!(f, "provider:{id}"),
        }
    }
}

/// Something that is wrong now.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What has to end for it to be over.
    pub condition: AlertCondition,
    /// What it is about.
    pub kind: AlertKind,
    /// How much it matters.
    pub level: AlertLevel,
    /// What it is about, in words: `openai / main`.
    pub subject: String,
    /// What is wrong, in words, without secrets.
    pub message: String,
    /// The same for programs, without secrets.
    pub payload: Value,
}

/// A row of `t_ai_alerts`.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// What it is about.
    pub kind: AlertKind,
    /// How much it matters, or did last.
    pub level: AlertLevel,
    /// What it is about, in words.
    pub subject: String,
    /// What is wrong, or was last, in words.
    pub message: String,
    /// The same for programs.
    pub payload: Option<Value>,
    /// When it began.
    pub fired_at: DateTime<Utc>,
    /// When it was over; `None` while it lasts.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Whether a channel was told of it.
    pub notified: bool,
}
