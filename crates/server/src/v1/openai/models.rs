//! Models as OpenAI tells them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::calls::usable::UsableModel;

/// Who owns a route.
const OURS: &str = "tollgate";

/// A list of models, as OpenAI tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenAiModels {
    /// `list`.
    object: &'static str,
    data: Vec<OpenAiModel>,
}

/// A model, as OpenAI tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenAiModel {
    /// What to ask for it by.
    id: String,
    /// `model`.
    object: &'static str,
    /// When it was first listed here, in Unix seconds.
    created: i64,
    /// The code of its provider; `tollgate` for a route.
    owned_by: String,
}

impl OpenAiModels {
    /// All of `models`.
    pub(crate) fn new(models: Vec<UsableModel>) -> Self {
        Self { object: "list", data: models.into_iter().map(OpenAiModel::from).collect() }
    }
}

impl From<UsableModel> for OpenAiModel {
    fn from(usable: UsableModel) -> Self {
        Self {
            object: "model",
            created: usable.created_at().timestamp(),
            owned_by: match usable.alias {
                Some(_) => OURS.to_owned(),
                None => usable.provider.provider.code.clone(),
            },
            id: usable.id,
        }
    }
}
