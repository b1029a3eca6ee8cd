//! `POST /v1/embeddings`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use anyhow::anyhow;
use tollgate_domain::chat::Endpoint;
use tollgate_gateway::ReplyBody;
use tollgate_providers::{HttpClient, openai};

use super::{CallErrors, read};
use crate::app::App;
use crate::calls::{Ask, head, on_record};
use crate::error::{ApiError, ApiResult};
use crate::extract::{AppCaller, JsonBody, Meta};

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
    let facts = on_record(&app, &caller.0, &meta, PATH, read(openai::read_embeddings(&body)))?;
    let ask = Ask::openai(Endpoint::Embeddings, PATH, body, facts);
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await?;
    let mut response = HttpResponse::Ok();
    head::tell(&mut response, &reply.head, &caller.0);
    match reply.body {
        ReplyBody::Whole { answer, cost, .. } => {
            head::tell_cost(&mut response, cost);
            Ok(response.content_type("application/json").body(answer.body))
        }
        ReplyBody::Stream(_) => Err(ApiError::internal(anyhow!("embeddings came as a stream"))),
    }
}
