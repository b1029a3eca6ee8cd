//! OpenAI's API: its SDKs work with only their base URL and key changed.
//!
//! Bodies are relayed as the caller and the provider wrote them, so the document shows only that
//! they are there; OpenAI's own describes them.

pub mod chat;
pub mod embeddings;
pub mod models;
mod stream;

use tollgate_domain::chat::CallFacts;
use tollgate_providers::BodyError;
use utoipa::{IntoResponses, OpenApi};

use crate::error::body::OpenAiErrorBody;
use crate::error::{ApiError, ApiResult};

/// This folder's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(chat::complete, embeddings::embed, models::list, models::find))]
pub struct Doc;

/// The failures of a route that reads.
#[derive(IntoResponses)]
pub enum ReadErrors {
    /// No credentials, or none that hold
    #[response(status = 401)]
    Unauthenticated(#[to_schema] OpenAiErrorBody),
    /// Good credentials that do not allow this
    #[response(status = 403)]
    Forbidden(#[to_schema] OpenAiErrorBody),
    /// There is no such thing
    #[response(status = 404)]
    NotFound(#[to_schema] OpenAiErrorBody),
    /// Too many, too fast; `Retry-After` says how long to wait
    #[response(status = 429)]
    RateLimited(#[to_schema] OpenAiErrorBody),
    /// A defect of Tollgate
    #[response(status = 500)]
    Internal(#[to_schema] OpenAiErrorBody),
}

/// The failures of a route that asks a provider; its own 4xx are passed on as they are.
#[derive(IntoResponses)]
pub enum CallErrors {
    /// The body is not JSON, a field holds what it may not, or the provider refuses it
    #[response(status = 400)]
    Invalid(#[to_schema] OpenAiErrorBody),
    /// No credentials, or none that hold
    #[response(status = 401)]
    Unauthenticated(#[to_schema] OpenAiErrorBody),
    /// Good credentials that do not allow this
    #[response(status = 403)]
    Forbidden(#[to_schema] OpenAiErrorBody),
    /// There is no such model
    #[response(status = 404)]
    NotFound(#[to_schema] OpenAiErrorBody),
    /// The body is too long
    #[response(status = 413)]
    PayloadTooLarge(#[to_schema] OpenAiErrorBody),
    /// The body is not announced as JSON
    #[response(status = 415)]
    UnsupportedMediaType(#[to_schema] OpenAiErrorBody),
    /// The provider cannot process the request
    #[response(status = 422)]
    Unprocessable(#[to_schema] OpenAiErrorBody),
    /// Too many, too fast; `Retry-After` says how long to wait
    #[response(status = 429)]
    RateLimited(#[to_schema] OpenAiErrorBody),
    /// A defect of Tollgate
    #[response(status = 500)]
    Internal(#[to_schema] OpenAiErrorBody),
    /// The provider failed
    #[response(status = 502)]
    Failed(#[to_schema] OpenAiErrorBody),
    /// The provider is overloaded, no key is available, or calls cannot be recorded now
    #[response(status = 503)]
    Unavailable(#[to_schema] OpenAiErrorBody),
    /// The provider did not answer in time
    #[response(status = 504)]
    TimedOut(#[to_schema] OpenAiErrorBody),
}

/// What was read from a body, which in OpenAI's format must name a model.
fn read(facts: Result<CallFacts, BodyError>) -> ApiResult<CallFacts> {
    let facts = facts?;
    if facts.model.is_none() {
        return Err(ApiError::invalid("model", "is required"));
    }
    Ok(facts)
}
