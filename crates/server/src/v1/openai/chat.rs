//! `POST /v1/chat/completions`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use tollgate_domain::chat::Endpoint;
use tollgate_gateway::ReplyBody;
use tollgate_providers::{HttpClient, openai};

use super::{CallErrors, read, stream};
use crate::app::App;
use crate::calls::{Ask, head, on_record};
use crate::error::ApiResult;
use crate::extract::{AppCaller, JsonBody, Meta};
use crate::sse_body;

const PATH: &str = "/v1/chat/completions";

/// Answer messages, in OpenAI's format.
///
/// The body travels to the provider as it is; only what routing needs is read from it.
#[utoipa::path(post, path = "/v1/chat/completions", tag = "openai",
    request_body(content = serde_json::Value, description = "OpenAI's chat completion request"),
    security(("bearer" = ["admin", "app"])),
    responses((status = 200,
        description = "OpenAI's chat completion; with `stream`, server-sent events of its chunks",
        content((serde_json::Value = "application/json"), (String = "text/event-stream"))),
        CallErrors))]
pub async fn complete(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    JsonBody(body): JsonBody,
) -> ApiResult<HttpResponse> {
    let facts = on_record(&app, &caller.0, &meta, PATH, read(openai::read_chat(&body)))?;
    let wants_usage = facts.wants_stream_usage;
    let ask = Ask::openai(Endpoint::Chat, PATH, body, facts);
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await?;
    let mut response = HttpResponse::Ok();
    head::tell(&mut response, &reply.head, &caller.0);
    Ok(match reply.body {
        ReplyBody::Whole { answer, cost, .. } => {
            head::tell_cost(&mut response, cost);
            response.content_type("application/json").body(answer.body)
        }
        ReplyBody::Stream(stream) => {
            sse_body::response(&mut response, stream::frames(stream, wants_usage))
        }
    })
}
