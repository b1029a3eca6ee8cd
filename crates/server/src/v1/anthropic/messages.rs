//! `POST /v1/messages`.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use tollgate_domain::chat::{CallFacts, Endpoint};
use tollgate_providers::{HttpClient, anthropic};

use super::{CallErrors, forwarded, stream};
use crate::app::App;
use crate::calls::{Ask, fallbacks, on_record};
use crate::error::ApiResult;
use crate::extract::{AppCaller, JsonBody, Meta};
use crate::v1::{reply, with_model};

const PATH: &str = "/v1/messages";

/// Answer messages, in Anthropic's format.
///
/// To a provider that speaks it the body travels as it is, with `anthropic-version` and
/// `anthropic-beta`; for others it is translated. A field of our own,
/// `fallbacks: [{"providerCode", "model"}]` (at most 5), says where the call goes after a failure,
/// and stays here.
#[utoipa::path(post, path = "/v1/messages", tag = "anthropic",
    request_body(content = serde_json::Value, description = "Anthropic's message request"),
    params(("anthropic-version" = Option<String>, Header, description = "Not required here"),
        ("anthropic-beta" = Option<String>, Header, description = "Names joined by commas")),
    security(("bearer" = ["admin", "app"]), ("x-api-key" = ["admin", "app"])),
    responses((status = 200,
        description = "Anthropic's message; with `stream`, its server-sent events",
        content((serde_json::Value = "application/json"), (String = "text/event-stream"))),
        CallErrors))]
pub async fn create(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    request: HttpRequest,
    JsonBody(body): JsonBody,
) -> ApiResult<HttpResponse> {
    let (body, fallbacks) = on_record(&app, &caller.0, &meta, PATH, fallbacks::take(body)).await?;
    let facts = with_model(anthropic::read_messages(&body));
    let facts = facts.map(|facts| CallFacts { fallbacks, ..facts });
    let asked = facts.and_then(|facts| Ok((facts, forwarded(request.headers())?)));
    let (facts, forwarded) = on_record(&app, &caller.0, &meta, PATH, asked).await?;
    let ask = Ask::anthropic(Endpoint::Chat, PATH, body, facts, forwarded);
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await?;
    let id = meta.request_id;
    Ok(reply::respond(reply, &caller.0, |stream| stream::frames(stream, id)))
}
