//! A provider: a company or server that answers chat requests.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::words::words;
use crate::{ModelId, ProviderId};

words! {
    /// The wire protocol a provider speaks.
    ProtocolKind {
        /// OpenAI's chat completions, and every look-alike.
        OpenAi = "openai",
        /// Anthropic's messages.
        Anthropic = "anthropic",
        /// Google's Gemini.
        Gemini = "gemini",
    }
}

words! {
    /// How a provider's keys share its load.
    Strategy {
        /// The highest priority first; among equals the least used.
        Priority = "priority",
        /// The least used.
        LeastLoad = "least_load",
        /// In turn.
        RoundRobin = "round_robin",
        /// In turn, each as often as its weight says.
        Weighted = "weighted",
        /// Of two drawn at random, the one with fewer requests under way.
        LeastRequests = "least_requests",
        /// At random.
        Random = "random",
        /// By the caller's address: the same caller gets the same key while it can be had.
        IpHash = "ip_hash",
    }
}

/// A row of `t_ai_providers`.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// What callers call it: `openai`.
    pub code: String,
    /// What people call it: `OpenAI`.
    pub name: String,
    /// How to talk to it.
    pub protocol: ProtocolKind,
    /// The URL that endpoints such as `/chat/completions` are appended to.
    pub base_url: String,
    /// Whether calls may go to it.
    pub is_active: bool,
    /// Where several providers list a model, the lowest goes first.
    pub sort_order: i64,
    /// Free text.
    pub description: Option<String>,
    /// How its keys share the load.
    pub lb_strategy: Strategy,
    /// The model of a call that names none.
    pub default_model_id: Option<ModelId>,
    /// Request fields sent where the caller is silent.
    pub default_params: Map<String, Value>,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// Further attempts that one call may make.
    pub max_retries: u32,
    /// How long a call may wait for a key whose limits have room again, in milliseconds.
    pub queue_timeout_ms: u32,
    /// Headers sent with every request.
    pub extra_headers: BTreeMap<String, String>,
    /// What this provider wants sent differently from its protocol's standard.
    pub quirks: Map<String, Value>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// How long a call waits for each step, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect.
    pub connect_ms: u32,
    /// To the first content, or to a whole answer's first byte.
    pub first_token_ms: u32,
    /// Between two signs of life in a stream.
    pub idle_ms: u32,
    /// For everything, all attempts included.
    pub total_ms: u32,
}

impl Timeouts {
    /// [`Timeouts::connect_ms`] as a duration.
    #[must_use]
    pub fn connect(&self) -> Duration {
        Duration::from_millis(u64::from(self.connect_ms))
    }

    /// [`Timeouts::first_token_ms`] as a duration.
    #[must_use]
    pub fn first_token(&self) -> Duration {
        Duration::from_millis(u64::from(self.first_token_ms))
    }

    /// [`Timeouts::idle_ms`] as a duration.
    #[must_use]
    pub fn idle(&self) -> Duration {
        Duration::from_millis(u64::from(self.idle_ms))
    }

    /// [`Timeouts::total_ms`] as a duration.
    #[must_use]
    pub fn total(&self) -> Duration {
        Duration::from_millis(u64::from(self.total_ms))
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 10_000, first_token_ms: 120_000, idle_ms: 120_000, total_ms: 600_000 }
    }
}
