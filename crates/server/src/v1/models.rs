//! `GET /v1/models` and `GET /v1/models/{id}`, where both dialects list their models: a request with
//! `anthropic-version` is answered as Anthropic does, any other one as OpenAI does.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use tollgate_domain::chat::Endpoint;
use utoipa::{IntoResponses, OpenApi, ToSchema};

use super::anthropic::models::{AnthropicModel, AnthropicModels, ModelsQuery};
use super::openai::models::{OpenAiModel, OpenAiModels};
use crate::app::App;
use crate::calls::usable::{UsableModel, find_usable, usable_models};
use crate::error::ApiResult;
use crate::error::anthropic::AnthropicErrorBody;
use crate::error::body::{OpenAiErrorBody, Shape};
use crate::extract::{AppCaller, query};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(list, find))]
pub struct Doc;

/// A list of models, in the caller's dialect.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ModelList {
    /// As OpenAI tells it.
    OpenAi(OpenAiModels),
    /// As Anthropic tells it.
    Anthropic(AnthropicModels),
}

/// A model, in the caller's dialect.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum OneModel {
    /// As OpenAI tells it.
    OpenAi(OpenAiModel),
    /// As Anthropic tells it.
    Anthropic(AnthropicModel),
}

/// The body of a failure, in the caller's dialect.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum EitherErrorBody {
    /// As OpenAI tells it.
    OpenAi(OpenAiErrorBody),
    /// As Anthropic tells it.
    Anthropic(AnthropicErrorBody),
}

/// The failures of a route that lists.
#[derive(IntoResponses)]
pub enum ListErrors {
    /// A parameter holds what it may not
    #[response(status = 400)]
    Invalid(#[to_schema] EitherErrorBody),
    /// No credentials, or none that hold
    #[response(status = 401)]
    Unauthenticated(#[to_schema] EitherErrorBody),
    /// Good credentials that do not allow this
    #[response(status = 403)]
    Forbidden(#[to_schema] EitherErrorBody),
    /// There is no such thing
    #[response(status = 404)]
    NotFound(#[to_schema] EitherErrorBody),
    /// Too many, too fast; `Retry-After` says how long to wait
    #[response(status = 429)]
    RateLimited(#[to_schema] EitherErrorBody),
    /// A defect of Tollgate
    #[response(status = 500)]
    Internal(#[to_schema] EitherErrorBody),
}

/// The models that this caller may use.
///
/// With `anthropic-version` they come in Anthropic's format, a page at a time and without those
/// that only make vectors.
#[utoipa::path(get, path = "/v1/models", tag = "openai",
    params(("anthropic-version" = Option<String>, Header,
        description = "Answers in Anthropic's format, whatever it holds"), ModelsQuery),
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = ModelList), ListErrors))]
pub async fn list(
    caller: AppCaller,
    app: Data<App>,
    request: HttpRequest,
) -> ApiResult<Json<ModelList>> {
    let models = usable_models(&app.engine.snapshot(), &caller.0.access);
    Ok(Json(if is_anthropics(&request) {
        let asked = query::read(request.query_string())?;
        ModelList::Anthropic(AnthropicModels::page(chatting(models), &asked)?)
    } else {
        ModelList::OpenAi(OpenAiModels::new(models))
    }))
}

/// One model, by its code or by `provider/model`.
#[utoipa::path(get, path = "/v1/models/{id}", tag = "openai",
    params(("id" = String, Path, description = "A model's id, which may hold slashes"),
        ("anthropic-version" = Option<String>, Header,
        description = "Answers in Anthropic's format, whatever it holds")),
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = OneModel), ListErrors))]
pub async fn find(
    caller: AppCaller,
    app: Data<App>,
    request: HttpRequest,
    id: Path<String>,
) -> ApiResult<Json<OneModel>> {
    let id = id.into_inner();
    let models = usable_models(&app.engine.snapshot(), &caller.0.access);
    Ok(Json(if is_anthropics(&request) {
        let found = find_usable(chatting(models), &id)?;
        OneModel::Anthropic(UsableModel { id, ..found }.into())
    } else {
        let found = find_usable(models, &id)?;
        OneModel::OpenAi(UsableModel { id, ..found }.into())
    }))
}

fn is_anthropics(request: &HttpRequest) -> bool {
    Shape::of_request(request.path(), request.headers()) == Shape::Anthropic
}

/// Those of `models` that answer messages.
fn chatting(models: Vec<UsableModel>) -> Vec<UsableModel> {
    models.into_iter().filter(|usable| usable.endpoint == Endpoint::Chat).collect()
}
