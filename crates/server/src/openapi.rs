//! The OpenAPI document, put together from the files that hold the handlers.

pub mod words;

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi};

use crate::api;
use crate::error::body::ErrorBody;

/// The whole document.
#[must_use]
pub fn document() -> Document {
    let mut document = Root::openapi();
    let parts = [
        api::health::Doc::openapi(),
        api::auth::Doc::openapi(),
        api::providers::Doc::openapi(),
        api::keys::Doc::openapi(),
        api::ai_models::Doc::openapi(),
        api::prices::Doc::openapi(),
        api::app_tokens::Doc::openapi(),
        api::users::Doc::openapi(),
        api::audit_logs::Doc::openapi(),
        api::settings::Doc::openapi(),
        api::chat::Doc::openapi(),
        api::models_list::Doc::openapi(),
        crate::v1::openai::Doc::openapi(),
        api::stats::Doc::openapi(),
        crate::metrics::Doc::openapi(),
        api::docs::Doc::openapi(),
    ];
    for part in parts {
        document.merge(part);
    }
    document
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tollgate",
        description = "An AI gateway: one API before many providers, with keys, limits and accounts.\n\n\
            Answers come as `{code, data, message}`; failures as `{code, message, error}`, under `/v1` \
            in OpenAI's shape. A route's security lists the roles that may call it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Security),
)]
struct Root;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A session's token, or an app token"))
            .build();
        let header = ApiKeyValue::with_description("x-api-key", "The same, in a header of its own");
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("x-api-key", SecurityScheme::ApiKey(ApiKey::Header(header)));
    }
}

/// The failures of a route that reads.
#[derive(IntoResponses)]
pub enum ReadErrors {
    /// No credentials, or none that hold
    #[response(status = 401)]
    Unauthenticated(#[to_schema] ErrorBody),
    /// Good credentials that do not allow this
    #[response(status = 403)]
    Forbidden(#[to_schema] ErrorBody),
    /// There is no such thing
    #[response(status = 404)]
    NotFound(#[to_schema] ErrorBody),
    /// A field or parameter holds what it may not
    #[response(status = 422)]
    ValidationFailed(#[to_schema] ErrorBody),
    /// Too many, too fast; `Retry-After` says how long to wait
    #[response(status = 429)]
    RateLimited(#[to_schema] ErrorBody),
    /// A defect of Tollgate
    #[response(status = 500)]
    Internal(#[to_schema] ErrorBody),
    /// The database cannot be reached now
    #[response(status = 503)]
    Unavailable(#[to_schema] ErrorBody),
}

/// The failures of a route that takes a body.
#[derive(IntoResponses)]
pub enum WriteErrors {
    /// The body is not JSON
    #[response(status = 400)]
    MalformedJson(#[to_schema] ErrorBody),
    /// No credentials, or none that hold
    #[response(status = 401)]
    Unauthenticated(#[to_schema] ErrorBody),
    /// Good credentials that do not allow this
    #[response(status = 403)]
    Forbidden(#[to_schema] ErrorBody),
    /// There is no such thing
    #[response(status = 404)]
    NotFound(#[to_schema] ErrorBody),
    /// It would collide with something that is there
    #[response(status = 409)]
    Conflict(#[to_schema] ErrorBody),
    /// The body is too long
    #[response(status = 413)]
    PayloadTooLarge(#[to_schema] ErrorBody),
    /// The body is not announced as JSON
    #[response(status = 415)]
    UnsupportedMediaType(#[to_schema] ErrorBody),
    /// A field holds what it may not
    #[response(status = 422)]
    ValidationFailed(#[to_schema] ErrorBody),
    /// Too many, too fast; `Retry-After` says how long to wait
    #[response(status = 429)]
    RateLimited(#[to_schema] ErrorBody),
    /// A defect of Tollgate
    #[response(status = 500)]
    Internal(#[to_schema] ErrorBody),
    /// The database cannot be reached now
    #[response(status = 503)]
    Unavailable(#[to_schema] ErrorBody),
}

/// The further failures of a route that asks a provider.
#[derive(IntoResponses)]
pub enum ProviderErrors {
    /// The provider failed
    #[response(status = 502)]
    Failed(#[to_schema] ErrorBody),
    /// The provider did not answer in time
    #[response(status = 504)]
    TimedOut(#[to_schema] ErrorBody),
}
