//! The providers' own wire formats, for their own SDKs.
//!
//! Bodies are relayed as the caller and the provider wrote them, so the document shows only that
//! they are there; the providers' own describe them.

/// The failures of a route that asks a provider, told in `$body`; the provider's own 4xx are
/// passed on as they are.
macro_rules! call_errors {
    ($body:ident $(, $(#[$about:meta])+ $name:ident)*) => {
        /// The failures of a route that asks a provider; its own 4xx are passed on as they are.
        #[derive(utoipa::IntoResponses)]
        pub enum CallErrors {
            /// The body is not JSON, a field holds what it may not, or the provider refuses it
            #[response(status = 400)]
            Invalid(#[to_schema] $body),
            /// No credentials, or none that hold
            #[response(status = 401)]
            Unauthenticated(#[to_schema] $body),
            /// The app token's budget does not allow the call
            #[response(status = 402)]
            BudgetExceeded(#[to_schema] $body),
            /// Good credentials that do not allow this
            #[response(status = 403)]
            Forbidden(#[to_schema] $body),
            /// There is no such model
            #[response(status = 404)]
            NotFound(#[to_schema] $body),
            /// The body is too long
            #[response(status = 413)]
            PayloadTooLarge(#[to_schema] $body),
            /// The body is not announced as JSON
            #[response(status = 415)]
            UnsupportedMediaType(#[to_schema] $body),
            /// The provider cannot process the request
            #[response(status = 422)]
            Unprocessable(#[to_schema] $body),
            /// Too many, too fast; `Retry-After` says how long to wait
            #[response(status = 429)]
            RateLimited(#[to_schema] $body),
            /// A defect of Tollgate
            #[response(status = 500)]
            Internal(#[to_schema] $body),
            /// The provider failed
            #[response(status = 502)]
            Failed(#[to_schema] $body),
            /// The provider is overloaded, no key is available, or calls cannot be recorded now
            #[response(status = 503)]
            Unavailable(#[to_schema] $body),
            /// The provider did not answer in time
            #[response(status = 504)]
            TimedOut(#[to_schema] $body),
            $($(#[$about])+ $name(#[to_schema] $body),)*
        }
    };
}

pub mod anthropic;
pub mod models;
pub mod openai;
mod reply;

use tollgate_domain::chat::CallFacts;
use tollgate_providers::BodyError;

use crate::error::{ApiError, ApiResult};

/// What was read from a body, which in the providers' formats must name a model.
fn with_model(facts: Result<CallFacts, BodyError>) -> ApiResult<CallFacts> {
    let facts = facts?;
    if facts.model.is_none() {
        return Err(ApiError::invalid("model", "is required"));
    }
    Ok(facts)
}
