//! The columns of a model, in and out.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};
use tollgate_domain::model::{Lifecycle, Model, ModelSource, ModelType};
use tollgate_domain::{ModelId, ProviderId};

use crate::row::{JsonColumn, json, patched, word_or};

const TABLE: &str = "t_ai_models";

/// A SELECT of every column, with what follows the table's name.
macro_rules! select_model {
    ($tail:literal) => {
        concat!(
            "SELECT id, provider_id, model_code, model_name, model_type, max_input_tokens,
                 max_output_tokens, supports_streaming, supports_function_call, supports_vision,
                 is_active, source, lifecycle, shutdown_date, constraints, is_missing_upstream,
                 synced_at, created_at, updated_at, deleted_at
             FROM t_ai_models ",
            $tail
        )
    };
}
pub(crate) use select_model;

#[derive(sqlx::FromRow)]
pub(crate) struct ModelRow {
    pub(crate) id: i64,
    provider_id: i64,
    model_code: String,
    model_name: String,
    model_type: String,
    max_input_tokens: Option<i64>,
    max_output_tokens: Option<i64>,
    supports_streaming: bool,
    supports_function_call: bool,
    supports_vision: bool,
    is_active: bool,
    source: String,
    lifecycle: String,
    shutdown_date: Option<NaiveDate>,
    constraints: JsonColumn,
    is_missing_upstream: bool,
    synced_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    pub(crate) deleted_at: Option<DateTime<Utc>>,
}

impl ModelRow {
    /// A column that says nothing known is taken as if it said nothing.
    pub(crate) fn into_model(self) -> Model {
        let constraints = json(TABLE, self.id, "constraints", self.constraints, "an object");
        let constraints = constraints.unwrap_or_else(|error| {
            tracing::warn!(%error, "a model's constraints are passed over");
            Map::new()
        });
        Model {
            id: ModelId::new(self.id),
            provider_id: ProviderId::new(self.provider_id),
            model_type: word_or(TABLE, self.id, "model_type", &self.model_type, ModelType::Other),
            source: word_or(TABLE, self.id, "source", &self.source, ModelSource::Manual),
            lifecycle: word_or(TABLE, self.id, "lifecycle", &self.lifecycle, Lifecycle::Active),
            name: if self.model_name.is_empty() {
                self.model_code.clone()
            } else {
                self.model_name
            },
            code: self.model_code,
            max_input_tokens: self.max_input_tokens,
            max_output_tokens: self.max_output_tokens,
            supports_streaming: self.supports_streaming,
            supports_function_call: self.supports_function_call,
            supports_vision: self.supports_vision,
            is_active: self.is_active,
            shutdown_date: self.shutdown_date,
            constraints,
            is_missing_upstream: self.is_missing_upstream,
            synced_at: self.synced_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// A model before it has a row. [`NewModel::new`] fills in the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct NewModel {
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
    /// Whether callers may use it.
    pub is_active: bool,
    /// Where the row comes from.
    pub source: ModelSource,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
    /// The day the provider stops serving it.
    pub shutdown_date: Option<NaiveDate>,
    /// What it refuses or demands.
    pub constraints: Map<String, Value>,
    /// Whether the last sync did not find it.
    pub is_missing_upstream: bool,
    /// When a sync last saw it.
    pub synced_at: Option<DateTime<Utc>>,
}

impl NewModel {
    /// A chat model that an operator adds, named by its code, with everything else at its default.
    pub fn new(provider_id: ProviderId, code: impl Into<String>) -> Self {
        let code = code.into();
        Self {
            provider_id,
            name: code.clone(),
            code,
            model_type: ModelType::Chat,
            max_input_tokens: None,
            max_output_tokens: None,
            supports_streaming: true,
            supports_function_call: false,
            supports_vision: false,
            is_active: true,
            source: ModelSource::Manual,
            lifecycle: Lifecycle::Active,
            shutdown_date: None,
            constraints: Map::new(),
            is_missing_upstream: false,
            synced_at: None,
        }
    }
}

impl From<Model> for NewModel {
    fn from(model: Model) -> Self {
        Self {
            provider_id: model.provider_id,
            code: model.code,
            name: model.name,
            model_type: model.model_type,
            max_input_tokens: model.max_input_tokens,
            max_output_tokens: model.max_output_tokens,
            supports_streaming: model.supports_streaming,
            supports_function_call: model.supports_function_call,
            supports_vision: model.supports_vision,
            is_active: model.is_active,
            source: model.source,
            lifecycle: model.lifecycle,
            shutdown_date: model.shutdown_date,
            constraints: model.constraints,
            is_missing_upstream: model.is_missing_upstream,
            synced_at: model.synced_at,
        }
    }
}

/// What to change of a model: absent stays; `Some(None)` clears.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelPatch {
    /// [`NewModel::code`].
    pub code: Option<String>,
    /// [`NewModel::name`].
    pub name: Option<String>,
    /// [`NewModel::model_type`].
    pub model_type: Option<ModelType>,
    /// [`NewModel::max_input_tokens`].
    pub max_input_tokens: Option<Option<i64>>,
    /// [`NewModel::max_output_tokens`].
    pub max_output_tokens: Option<Option<i64>>,
    /// [`NewModel::supports_streaming`].
    pub supports_streaming: Option<bool>,
    /// [`NewModel::supports_function_call`].
    pub supports_function_call: Option<bool>,
    /// [`NewModel::supports_vision`].
    pub supports_vision: Option<bool>,
    /// [`NewModel::is_active`].
    pub is_active: Option<bool>,
    /// [`NewModel::lifecycle`].
    pub lifecycle: Option<Lifecycle>,
    /// [`NewModel::shutdown_date`].
    pub shutdown_date: Option<Option<NaiveDate>>,
    /// [`NewModel::constraints`], replaced whole.
    pub constraints: Option<Map<String, Value>>,
}

impl ModelPatch {
    pub(super) fn applied_to(&self, old: Model) -> NewModel {
        let patch = self.clone();
        NewModel {
            code: patch.code.unwrap_or(old.code),
            name: patch.name.unwrap_or(old.name),
            model_type: patch.model_type.unwrap_or(old.model_type),
            max_input_tokens: patched(old.max_input_tokens, patch.max_input_tokens),
            max_output_tokens: patched(old.max_output_tokens, patch.max_output_tokens),
            supports_streaming: patch.supports_streaming.unwrap_or(old.supports_streaming),
            supports_function_call: patch
                .supports_function_call
                .unwrap_or(old.supports_function_call),
            supports_vision: patch.supports_vision.unwrap_or(old.supports_vision),
            is_active: patch.is_active.unwrap_or(old.is_active),
            lifecycle: patch.lifecycle.unwrap_or(old.lifecycle),
            shutdown_date: patched(old.shutdown_date, patch.shutdown_date),
            constraints: patch.constraints.unwrap_or(old.constraints),
            provider_id: old.provider_id,
            source: old.source,
            is_missing_upstream: old.is_missing_upstream,
            synced_at: old.synced_at,
        }
    }
}
