//! The provider client layer: wire protocols, the one sender, the one SSE reader.
//!
//! A [`Protocol`] is pure translation between our types and a provider's JSON; one [`HttpClient`]
//! sends for all of them. A provider is data (an [`Upstream`] with its [`Quirks`]); only a protocol
//! is code. This crate knows no database, no routing and no caller's rights.

pub mod anthropic;
mod check;
mod client;
mod common;
pub mod credential;
mod error;
mod files;
mod gemini;
mod headers;
mod hint;
mod json;
pub mod openai;
mod protocol;
mod quirks;
mod quote;
pub mod splice;
mod sse;
mod told_limits;
mod translate;
mod url;

pub use client::{
    EventStream, HttpClient, HttpClientOptions, Post, PostError, Posted, Poster, Reply, Tls,
};
pub use common::Common;
pub use error::{BodyError, FieldError};
pub use files::{File, FileKind, Files, RemoteFile};
pub use protocol::{
    Decoder, ModelPage, Prepared, Protocol, StreamItem, Target, Upstream, WireReply, WireRequest,
    protocol,
};
pub use quirks::{AuthStyle, MaxTokensField, Quirks};
pub use sse::{SseEvent, SseItem, SseReader, SseTooLong};
pub use url::WireUrl;
