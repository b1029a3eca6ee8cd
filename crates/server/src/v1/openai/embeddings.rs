//! `POST /v1/embeddings`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use tollgate_domain::chat::Endpoint;
use tollgate_providers::{HttpClient, openai};

use super::CallErrors;
use crate::app::App;
use crate::calls::{Ask, on_record};
use crate::error::ApiResult;
use crate::extract::{AppCaller, JsonBody, Meta};
use crate::v1::{reply, with_model};

const PATH: &str = "/v1/embeddings";

/// Turn texts into vectors, in OpenAI's format.
#[utoipa::path(post, path = "/v1/embeddings", tag = "openai",
    request_body(content = serde_json::Value, description = "OpenAI's embeddings request"),
    security(("bearer" = ["admin", "app"])),
    responses((status = 200, body = serde_json::Value, description = "OpenAI's list of embeddings"),
        CallErrors))]
pub async fn embed(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    JsonBody(body): JsonBody,
) -> ApiResult<HttpResponse> {
    let facts =
        on_record(&app, &caller.0, &meta, PATH, with_model(openai::read_embeddings(&body))).await?;
    let ask = Ask::openai(Endpoint::Embeddings, PATH, body, facts);
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await?;
    reply::respond_whole(reply, &caller.0)
}
