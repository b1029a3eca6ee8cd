//! A model that a provider serves.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use crate::words::words;
use crate::{ModelId, ProviderId};

words! {
    /// What a model does.
    ModelType {
        /// Answers messages.
        Chat = "chat",
        /// Turns text into vectors.
        Embedding = "embedding",
        /// Makes images.
        Image = "image",
        /// Hears or speaks.
        Audio = "audio",
        /// Judges content.
        Moderation = "moderation",
        /// Orders documents.
        Rerank = "rerank",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// Where a model's row came from.
    ModelSource {
        /// The catalogue that Tollgate ships.
        Seed = "seed",
        /// The provider's own list.
        Sync = "sync",
        /// An operator.
        Manual = "manual",
    }
}

words! {
    /// Where a model is in its life. It informs; it never refuses a call.
    Lifecycle {
        /// Served.
        Active = "active",
        /// Its end is announced.
        Deprecating = "deprecating",
        /// The provider no longer answers for it.
        Retired = "retired",
    }
}

/// A row of `t_ai_models`.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its id.
    pub id: ModelId,
    /// Who serves it.
    pub provider_id: ProviderId,
    /// What the provider calls it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What it does.
    pub model_type: ModelType,
    /// The longest prompt, in tokens.
    pub max_input_tokens: Option<i64>,
    /// The longest answer, in tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it streams.
    pub supports_streaming: bool,
    /// Whether it calls tools.
    pub supports_function_call: bool,
    /// Whether it sees images.
    pub supports_vision: bool,
    /// Whether callers may use it; `false` hides and refuses.
    pub is_active: bool,
    /// Where the row came from.
    pub source: ModelSource,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
    /// The day the provider stops serving it.
    pub shutdown_date: Option<NaiveDate>,
    /// What the model refuses or demands.
    pub constraints: Map<String, Value>,
    /// Whether the last sync did not find it.
    pub is_missing_upstream: bool,
    /// When a sync last saw it.
    pub synced_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Model {
    /// Whether the provider serves it only through its Responses endpoint, which we do not have.
    #[must_use]
    pub fn is_responses_only(&self) -> bool {
        self.constraints.get("endpoint").and_then(Value::as_str) == Some("responses_only")
    }
}

/// A model as its provider lists it; what the provider does not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedModel {
    /// What the provider calls it.
    pub code: String,
    /// What people call it.
    pub name: Option<String>,
    /// When it was made, in Unix seconds.
    pub created: Option<i64>,
    /// Who made it.
    pub owned_by: Option<String>,
    /// The day the provider stops serving it.
    pub shutdown_date: Option<NaiveDate>,
    /// The longest prompt, in tokens.
    pub max_input_tokens: Option<i64>,
    /// The longest answer, in tokens.
    pub max_output_tokens: Option<i64>,
    /// Whether it sees images.
    pub supports_vision: Option<bool>,
}
