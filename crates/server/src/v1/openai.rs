//! OpenAI's API: its SDKs work with only their base URL and key changed.

pub mod chat;
pub mod embeddings;
pub mod models;
mod stream;

use utoipa::OpenApi;

use crate::error::body::OpenAiErrorBody;

/// This folder's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(chat::complete, embeddings::embed))]
pub struct Doc;

call_errors!(OpenAiErrorBody);
