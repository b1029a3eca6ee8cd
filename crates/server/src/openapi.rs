//! The OpenAPI document, put together from the files that hold the handlers.

mod named;
pub mod words;

use std::collections::BTreeMap;

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoResponses, Modify, OpenApi, ToResponse};

use crate::api;
use crate::error::anthropic::{AnthropicError, AnthropicErrorBody};
use crate::error::body::{ErrorBody, OpenAiError, OpenAiErrorBody};
use crate::extract::envelope::Nothing;

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
        api::ai_routes::Doc::openapi(),
        api::app_tokens::Doc::openapi(),
        api::users::Doc::openapi(),
        api::audit_logs::Doc::openapi(),
        api::alerts::Doc::openapi(),
        api::settings::Doc::openapi(),
        api::chat::Doc::openapi(),
        api::chat_batch::Doc::openapi(),
        api::tokens_count::Doc::openapi(),
        api::models_list::Doc::openapi(),
        api::own_usage::Doc::openapi(),
        crate::v1::openai::Doc::openapi(),
        crate::v1::anthropic::Doc::openapi(),
        crate::v1::models::Doc::openapi(),
        api::stats::Doc::openapi(),
        api::status::Doc::openapi(),
        api::load_balancer::Doc::openapi(),
        crate::metrics::Doc::openapi(),
        api::docs::Doc::openapi(),
    ];
    for part in parts {
        document.merge(part);
    }
    named::refer(&mut document);
    document
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tollgate",
        description = "An AI gateway: one API before many providers, with keys, limits and accounts.\n\n\
            Answers come as `{code, data, message}`; failures as `{code, message, error}`, under `/v1` \
            in OpenAI's shape or Anthropic's. A route's security lists the roles that may call it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(responses(
        MalformedJson, Unauthenticated, Forbidden, NotFound, Conflict, PayloadTooLarge,
        UnsupportedMediaType, ValidationFailed, RateLimited, Internal, ProviderError, Unavailable,
        ProviderTimeout, BudgetExceeded, ReportTimeout
    ), schemas(
        ErrorBody, OpenAiErrorBody, OpenAiError, AnthropicErrorBody, AnthropicError, Nothing
    )),
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

macro_rules! failures {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, ToResponse)]
        pub struct $name(pub ErrorBody);
    )+};
}

failures! {
    /// The body is not JSON
    MalformedJson;
    /// No credentials, or none that hold
    Unauthenticated;
    /// Good credentials that do not allow this
    Forbidden;
    /// There is no such thing
    NotFound;
    /// It would collide with something that is there
    Conflict;
    /// The body is too long
    PayloadTooLarge;
    /// The body is not announced as JSON
    UnsupportedMediaType;
    /// A field or parameter holds what it may not
    ValidationFailed;
    /// Too many, too fast; `Retry-After` says how long to wait
    RateLimited;
    /// A defect of Tollgate
    Internal;
    /// The provider failed
    ProviderError;
    /// The database cannot be reached now, or no key can take the call
    Unavailable;
    /// The provider did not answer in time
    ProviderTimeout;
    /// The app token's budget does not allow the call
    BudgetExceeded;
    /// The report takes the database too long; a shorter time or a filter helps
    ReportTimeout;
}

/// The failures of a route that reads.
#[derive(IntoResponses)]
pub enum ReadErrors {
    /// Told as the component says.
    #[response(status = 401)]
    Unauthenticated(#[ref_response] Unauthenticated),
    /// Told as the component says.
    #[response(status = 403)]
    Forbidden(#[ref_response] Forbidden),
    /// Told as the component says.
    #[response(status = 404)]
    NotFound(#[ref_response] NotFound),
    /// Told as the component says.
    #[response(status = 422)]
    ValidationFailed(#[ref_response] ValidationFailed),
    /// Told as the component says.
    #[response(status = 429)]
    RateLimited(#[ref_response] RateLimited),
    /// Told as the component says.
    #[response(status = 500)]
    Internal(#[ref_response] Internal),
    /// Told as the component says.
    #[response(status = 503)]
    Unavailable(#[ref_response] Unavailable),
}

/// The further failures of a route that takes a body, beside [`ReadErrors`].
#[derive(IntoResponses)]
pub enum BodyErrors {
    /// Told as the component says.
    #[response(status = 400)]
    MalformedJson(#[ref_response] MalformedJson),
    /// Told as the component says.
    #[response(status = 409)]
    Conflict(#[ref_response] Conflict),
    /// Told as the component says.
    #[response(status = 413)]
    PayloadTooLarge(#[ref_response] PayloadTooLarge),
    /// Told as the component says.
    #[response(status = 415)]
    UnsupportedMediaType(#[ref_response] UnsupportedMediaType),
}

/// The further failures of a report, beside [`ReadErrors`].
#[derive(IntoResponses)]
pub enum ReportErrors {
    /// Told as the component says.
    #[response(status = 504)]
    TooSlow(#[ref_response] ReportTimeout),
}

/// The further failures of a route that asks a provider.
#[derive(IntoResponses)]
pub enum ProviderErrors {
    /// Told as the component says.
    #[response(status = 409)]
    Conflict(#[ref_response] Conflict),
    /// Told as the component says.
    #[response(status = 502)]
    Failed(#[ref_response] ProviderError),
    /// Told as the component says.
    #[response(status = 504)]
    TimedOut(#[ref_response] ProviderTimeout),
}

/// The further failures of a route that calls models, beside [`ProviderErrors`].
#[derive(IntoResponses)]
pub enum SpendErrors {
    /// Told as the component says.
    #[response(status = 402)]
    BudgetExceeded(#[ref_response] BudgetExceeded),
}

/// The failures of a route that takes a body.
pub struct WriteErrors;

impl IntoResponses for WriteErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        ReadErrors::responses().into_iter().chain(BodyErrors::responses()).collect()
    }
}
