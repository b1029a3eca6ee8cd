//! `POST /v1/messages/count_tokens`.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use tollgate_domain::chat::Endpoint;
use tollgate_providers::{HttpClient, anthropic};

use super::{CallErrors, forwarded};
use crate::app::App;
use crate::calls::{Ask, on_record};
use crate::error::ApiResult;
use crate::extract::{AppCaller, JsonBody, Meta};
use crate::v1::{reply, with_model};

const PATH: &str = "/v1/messages/count_tokens";
/// Tells who counted.
const TOKEN_COUNT: HeaderName = HeaderName::from_static("x-tollgate-token-count");

/// Count the tokens of messages, in Anthropic's format.
///
/// The provider counts where it can, else the number is Tollgate's estimate;
/// `x-tollgate-token-count` says which: `exact` or `estimate`.
#[utoipa::path(post, path = "/v1/messages/count_tokens", tag = "anthropic",
    request_body(content = serde_json::Value,
        description = "Anthropic's message request; `max_tokens` is not required"),
    params(("anthropic-version" = Option<String>, Header, description = "Not required here"),
        ("anthropic-beta" = Option<String>, Header, description = "Names joined by commas")),
    security(("bearer" = ["admin", "app"]), ("x-api-key" = ["admin", "app"])),
    responses((status = 200, body = serde_json::Value, description = "`{\"input_tokens\": 21}`"),
        CallErrors))]
pub async fn count(
    caller: AppCaller,
    meta: Meta,
    app: Data<App>,
    http: Data<HttpClient>,
    request: HttpRequest,
    JsonBody(body): JsonBody,
) -> ApiResult<HttpResponse> {
    let facts = with_model(anthropic::read_count(&body));
    let asked = facts.and_then(|facts| Ok((facts, forwarded(request.headers())?)));
    let (facts, forwarded) = on_record(&app, &caller.0, &meta, PATH, asked).await?;
    let ask = Ask::anthropic(Endpoint::CountTokens, PATH, body, facts, forwarded);
    let reply = app.engine.call(&http, ask.of(&caller.0, &meta)).await?;
    let method = if reply.is_estimate() { "estimate" } else { "exact" };
    let mut response = reply::respond_whole(reply, &caller.0)?;
    response.headers_mut().insert(TOKEN_COUNT, HeaderValue::from_static(method));
    Ok(response)
}
