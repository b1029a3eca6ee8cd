//! `POST /v1/chat/completions`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_providers::{HttpClient, openai};

use super::{CallErrors, stream};
use crate::app::App;
use crate::calls::{Ask, fallbacks, on_record};
use crate::error::ApiResult;
use crate::extract::{AppCaller, JsonBody, Meta};
use crate::v1::{reply, with_model};

const PATH: &str = "/v1/chat/completions";

/// Answer messages, in OpenAI's format.
///
/// The body travels to the provider as it is; only what routing needs is read from it. A field of
/// our own, `fallbacks: [{"providerCode", "model"}]` (at most 5), says where the call goes after a
/// failure, and stays here.
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
    let (body, fallbacks) = on_record(&app, &caller.0, &meta, PATH, fallbacks::take(body)).await?;
    let facts = with_model(openai::read_chat(&body));
    let facts = CallFacts { fallbacks, ..on_record(&app, &caller.0, &meta, PATH, facts).await? };
    let wants_usage = facts.wants_stream_usage;
    let ask = Ask::openai(Endpoint::Chat, PATH, body, facts);
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await?;
    Ok(reply::respond(reply, &caller.0, |stream| stream::frames(stream, wants_usage)))
}
