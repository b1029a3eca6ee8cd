//! Models as Anthropic tells them.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::model::Lifecycle;
use utoipa::{IntoParams, ToSchema};

use crate::calls::usable::UsableModel;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Checks, Validate};

/// Models on a page, and the most that a caller may ask for, as at Anthropic.
const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: i64 = 1000;

/// Which page is wanted, in Anthropic's words; others read none of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ModelsQuery {
    /// With `anthropic-version`: models on a page, by default 20.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// With `anthropic-version`: the page begins after this model.
    after_id: Option<String>,
    /// With `anthropic-version`: the page ends before this model.
    before_id: Option<String>,
    /// With `anthropic-version`: only models at this point of their life.
    lifecycle: Option<AnthropicLifecycle>,
}

impl Validate for ModelsQuery {
    fn validate(&self, checks: &mut Checks) {
        checks.range("limit", self.limit.map(i64::from), 1..=MAX_LIMIT);
        if self.after_id.is_some() && self.before_id.is_some() {
            checks.wrong("before_id", "cannot stand beside after_id");
        }
    }
}

/// Where a model is in its life, in Anthropic's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnthropicLifecycle {
    /// Served.
    Active,
    /// Its end is announced.
    Deprecated,
    /// The provider no longer answers for it.
    Retired,
}

impl From<Lifecycle> for AnthropicLifecycle {
    fn from(lifecycle: Lifecycle) -> Self {
        match lifecycle {
            Lifecycle::Active => Self::Active,
            Lifecycle::Deprecating => Self::Deprecated,
            Lifecycle::Retired => Self::Retired,
        }
    }
}

/// A page of models, as Anthropic tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicModels {
    data: Vec<AnthropicModel>,
    /// Whether there are more in the direction that was asked for.
    has_more: bool,
    /// What `before_id` of the page before this one is.
    first_id: Option<String>,
    /// What `after_id` of the next page is.
    last_id: Option<String>,
}

/// A model, as Anthropic tells it; what is not known here is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicModel {
    /// `model`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What to ask for it by.
    id: String,
    /// What people call it.
    display_name: String,
    /// When it was first listed here.
    created_at: DateTime<Utc>,
    /// Where it is in its life.
    lifecycle: AnthropicLifecycle,
    /// Always null.
    deprecated_at: Option<DateTime<Utc>>,
    /// When the provider stops serving it.
    retires_at: Option<DateTime<Utc>>,
    /// Always null.
    line: Option<String>,
    /// The longest prompt, in tokens.
    max_input_tokens: Option<i64>,
    /// The longest answer, in tokens.
    max_tokens: Option<i64>,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    capabilities: Option<()>,
}

impl AnthropicModels {
    /// The page of `models` that `query` asks for.
    ///
    /// # Errors
    /// It begins or ends at a model that is not among them.
    pub(crate) fn page(models: Vec<UsableModel>, query: &ModelsQuery) -> ApiResult<Self> {
        let mut models: Vec<_> = models.into_iter().map(AnthropicModel::from).collect();
        models.retain(|model| query.lifecycle.is_none_or(|wanted| model.lifecycle == wanted));
        let limit = query.limit.map_or(DEFAULT_LIMIT, |limit| limit as usize);
        let (start, end) = match (&query.after_id, &query.before_id) {
            (_, Some(before)) => {
                let end = place(&models, "before_id", before)?;
                (end.saturating_sub(limit), end)
            }
            (Some(after), None) => {
                let start = place(&models, "after_id", after)? + 1;
                (start, models.len().min(start + limit))
            }
            (None, None) => (0, models.len().min(limit)),
        };
        let has_more = if query.before_id.is_some() { start > 0 } else { end < models.len() };
        let data: Vec<_> = models.drain(start..end).collect();
        let id = |model: Option<&AnthropicModel>| model.map(|model| model.id.clone());
        Ok(Self { has_more, first_id: id(data.first()), last_id: id(data.last()), data })
    }
}

/// Where `id` is among `models`.
fn place(models: &[AnthropicModel], field: &str, id: &str) -> ApiResult<usize> {
    models
        .iter()
        .position(|model| model.id == id)
        .ok_or_else(|| ApiError::invalid(field, "must be the id of a model in this list"))
}

impl From<UsableModel> for AnthropicModel {
    fn from(usable: UsableModel) -> Self {
        let model = usable.model.as_ref().map(|entry| &entry.model);
        let ends = model.and_then(|model| model.shutdown_date);
        Self {
            kind: "model",
            display_name: usable.name().to_owned(),
            created_at: usable.created_at(),
            lifecycle: usable.lifecycle().into(),
            deprecated_at: None,
            retires_at: ends.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
            line: None,
            max_input_tokens: model.and_then(|model| model.max_input_tokens),
            max_tokens: model.and_then(|model| model.max_output_tokens),
            capabilities: None,
            id: usable.id,
        }
    }
}
