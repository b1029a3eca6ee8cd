//! OpenAI's protocol: chat completions, embeddings and model lists, and every look-alike.
//!
//! The caller's bytes are relayed with the fewest edits on the way out, and the provider's bytes
//! as they are on the way back, unless they depart from OpenAI's own schema: then they are
//! repaired, so that a caller meets one dialect whoever answers. Callers of Anthropic's dialect are
//! translated by `translate::anthropic_to_openai`.

mod answer;
mod calls;
mod clean;
mod convert;
mod embeddings;
mod facts;
mod failure;
mod messages;
mod models;
mod repair;
mod request;
mod state;
mod stream;
mod wire;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Method;
use tollgate_domain::chat::{Answer, ChatCall, Dialect, Endpoint};
use tollgate_domain::failure::Failure;

use crate::headers::headers;
use crate::protocol::{Decoder, ModelPage, Protocol, Target, Upstream, WireReply, WireRequest};
use crate::translate::anthropic_to_openai;
use crate::url::endpoint_url;

pub(crate) use calls::Arguments;
pub(crate) use convert::usage_json;
pub use facts::{read_chat, read_embeddings};

/// OpenAI's protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenAi;

impl Protocol for OpenAi {
    fn request(&self, call: &ChatCall, target: &Target<'_>) -> Result<WireRequest, Failure> {
        let endpoint = match call.endpoint {
            Endpoint::Chat | Endpoint::CountTokens => "/chat/completions",
            Endpoint::Embeddings => "/embeddings",
        };
        let body = request::body(call, target)?;
        wire_request(target.upstream, Method::POST, endpoint, body)
    }

    fn answer(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        body: &Bytes,
    ) -> Result<Answer, Failure> {
        match call.endpoint {
            Endpoint::Chat | Endpoint::CountTokens => {
                let answer = answer::read(call, target, body)?;
                match call.dialect {
                    Dialect::OpenAi => Ok(answer),
                    Dialect::Anthropic => anthropic_to_openai::answer(call, target, &answer),
                }
            }
            Endpoint::Embeddings => embeddings::read(call, target, body),
        }
    }

    fn decoder(&self, call: &ChatCall, target: &Target<'_>) -> Box<dyn Decoder> {
        match call.dialect {
            Dialect::OpenAi => Box::new(stream::ChatDecoder::new(call, target)),
            Dialect::Anthropic => Box::new(messages::MessageDecoder::new(call, target)),
        }
    }

    fn failure(&self, reply: &WireReply, now: DateTime<Utc>) -> Failure {
        failure::of_reply(reply, now)
    }

    fn models_request(
        &self,
        upstream: &Upstream,
        _next: Option<&str>,
    ) -> Result<WireRequest, Failure> {
        wire_request(upstream, Method::GET, "/models", Bytes::new())
    }

    fn models(&self, body: &Bytes) -> Result<ModelPage, Failure> {
        models::page(body)
    }
}

fn wire_request(
    upstream: &Upstream,
    method: Method,
    endpoint: &'static str,
    body: Bytes,
) -> Result<WireRequest, Failure> {
    let url = upstream.common.url(endpoint, || {
        let version = upstream.quirks.api_version.as_deref();
        let query = version.map(|version| ("api-version", version));
        endpoint_url(&upstream.base_url, endpoint, query)
    })?;
    let headers = headers(upstream, None)?;
    Ok(WireRequest { method, url, headers, body })
}
