//! `GET /v1/models` and `GET /v1/models/{id}`.

use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

use super::ReadErrors;
use crate::app::App;
use crate::calls::error::model_not_found;
use crate::calls::usable::{UsableModel, usable_models};
use crate::error::ApiResult;
use crate::extract::AppCaller;

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
    /// The code of its provider.
    owned_by: String,
}

impl From<UsableModel> for OpenAiModel {
    fn from(usable: UsableModel) -> Self {
        Self {
            id: usable.id,
            object: "model",
            created: usable.model.model.created_at.timestamp(),
            owned_by: usable.provider.provider.code.clone(),
        }
    }
}

/// The models that this caller may use.
#[utoipa::path(get, path = "/v1/models", tag = "openai",
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = OpenAiModels), ReadErrors))]
pub async fn list(caller: AppCaller, app: Data<App>) -> Json<OpenAiModels> {
    let models = usable_models(&app.engine.snapshot(), &caller.0.access);
    Json(OpenAiModels { object: "list", data: models.into_iter().map(OpenAiModel::from).collect() })
}

/// One model, by its code or by `provider/model`.
#[utoipa::path(get, path = "/v1/models/{id}", tag = "openai",
    params(("id" = String, Path, description = "A model's id, which may hold slashes")),
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = OpenAiModel), ReadErrors))]
pub async fn find(
    caller: AppCaller,
    app: Data<App>,
    id: Path<String>,
) -> ApiResult<Json<OpenAiModel>> {
    let id = id.into_inner();
    let models = usable_models(&app.engine.snapshot(), &caller.0.access);
    let is_named = |usable: &UsableModel| {
        let names = (usable.provider.provider.code.as_str(), usable.model.model.code.as_str());
        usable.id == id || id.split_once('/') == Some(names)
    };
    // An exact id goes before another provider's `provider/model`.
    let mut named: Vec<_> = models.into_iter().filter(is_named).collect();
    named.sort_by_key(|usable| usable.id != id);
    let found = named.into_iter().next().ok_or_else(|| model_not_found(&id))?;
    Ok(Json(OpenAiModel { id, ..OpenAiModel::from(found) }))
}
