//! What operators should know of while it lasts.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::words::words;
use crate::{AlertId, ApiKeyId, AppTokenId, ModelId, NanoUsd, ProviderId};

words! {
    /// What an alert is about.
    AlertKind {
        /// An active key cannot be used.
        KeyUnavailable = "key_unavailable",
        /// None of a provider's active keys can be used.
        ProviderWithoutKey = "provider_without_key",
        /// Too many calls fail.
        ErrorRate = "error_rate",
        /// An app token has spent most or all of its budget.
        BudgetSpent = "budget_spent",
        /// Records of calls wait too long, or too many of them, to reach the database.
        JournalBacklog = "journal_backlog",
        /// Records of calls were lost.
        RecordsDropped = "records_dropped",
        /// A model answers and nobody knows what it costs.
        ModelUnpriced = "model_unpriced",
        /// A model in use is about to be shut down by its provider.
        ModelShutdown = "model_shutdown",
        /// A call with a budget cost more than was kept for it.
        CostAboveBound = "cost_above_bound",
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

words! {
    /// What of an alert a notice tells.
    AlertEvent {
        /// It began.
        Fired = "fired",
        /// It is over.
        Resolved = "resolved",
    }
}

words! {
    /// What became of a notice.
    DeliveryState {
        /// It is to be sent, at once or again.
        Pending = "pending",
        /// The channel took it.
        Delivered = "delivered",
        /// It was tried as often as it may be, or its channel is gone.
        Failed = "failed",
    }
}

/// What has to end for an alert to be over. It fires once until then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AlertCondition {
    /// A key cannot be used.
    Key(ApiKeyId),
    /// A provider has no usable key.
    Provider(ProviderId),
    /// Too many calls fail.
    ErrorRate,
    /// Most of a budget is spent, in the period that begins on that day.
    BudgetNearlySpent(AppTokenId, chrono::NaiveDate),
    /// All of a budget of so much is spent, in the period that begins on that day.
    BudgetSpent(AppTokenId, chrono::NaiveDate, NanoUsd),
    /// Records wait on the instance with that name.
    Journal(String),
    /// The instance with that name lost records.
    Dropped(String),
    /// A model of a provider has no price.
    Unpriced(ProviderId, String),
    /// A model is shut down soon.
    Shutdown(ModelId),
    /// A call of an app token cost more than was kept for it.
    AboveBound(AppTokenId),
}

impl std::fmt::Display for AlertCondition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Provider(id) => write!(f, "provider:{id}"),
            Self::ErrorRate => f.write_str("error_rate"),
            Self::BudgetNearlySpent(id, start) => write!(f, "budget_nearly:{id}:{start}"),
            Self::BudgetSpent(id, start, cap) => write!(f, "budget:{id}:{start}:{}", cap.get()),
            Self::Journal(name) => write!(f, "journal:{name}"),
            Self::Dropped(name) => write!(f, "dropped:{name}"),
            Self::Unpriced(provider, code) => write!(f, "unpriced:{provider}:{code}"),
            Self::Shutdown(id) => write!(f, "shutdown:{id}"),
            Self::AboveBound(id) => write!(f, "above_bound:{id}"),
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

/// A row of `t_ai_alert_deliveries`: one notice to one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, by which a receiver knows a notice that comes twice.
    pub id: i64,
    /// The alert that it tells of.
    pub alert_id: AlertId,
    /// What it tells.
    pub event: AlertEvent,
    /// The channel's name.
    pub channel: String,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: i64,
    /// When it is sent next, while it is pending.
    pub next_attempt_at: DateTime<Utc>,
    /// Why the last time failed, in words, without secrets.
    pub last_error: Option<String>,
    /// When the channel took it.
    pub delivered_at: Option<DateTime<Utc>>,
}
