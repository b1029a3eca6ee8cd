//! Anthropic's protocol: messages, counts of their tokens, and model lists.
//!
//! Callers of Anthropic's own dialect are relayed byte for byte, but for what a model refuses;
//! those of OpenAI's are translated by
//! `translate::openai_to_anthropic`.

pub(crate) mod abilities;
mod answer;
mod event;
mod facts;
mod failure;
mod models;
mod native;
mod request;
mod stream;
mod version;
pub(crate) mod wire;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Method;
use tollgate_domain::chat::{Answer, ChatCall, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};
use url::Url;

use crate::protocol::{Decoder, ModelPage, Protocol, Target, Upstream, WireReply, WireRequest};
use crate::url::endpoint_url;

pub use facts::{read_count, read_messages};

/// As many models as one page may hold.
const PAGE: &str = "1000";
/// Endpoints that people paste as if they were base URLs.
const ENDPOINTS: [&str; 3] = ["/messages/count_tokens", "/messages", "/models"];

/// Anthropic's protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anthropic;

impl Protocol for Anthropic {
    fn counts_tokens(&self) -> bool {
        true
    }

    fn request(&self, call: &ChatCall, target: &Target<'_>) -> Result<WireRequest, Failure> {
        let endpoint = match call.endpoint {
            Endpoint::Chat => "/messages",
            Endpoint::CountTokens => "/messages/count_tokens",
            Endpoint::Embeddings => {
                let told = "the provider's protocol has no embeddings";
                return Err(Failure::new(FailureClass::ClientFault, told));
            }
        };
        let body = request::body(call, target)?;
        let url = target.upstream.common.url(endpoint, || url_of(target.upstream, endpoint))?;
        let headers = version::headers(Some(call), target.upstream)?;
        Ok(WireRequest { method: Method::POST, url, headers, body })
    }

    fn answer(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        body: &Bytes,
    ) -> Result<Answer, Failure> {
        match call.endpoint {
            Endpoint::CountTokens => answer::count(body),
            Endpoint::Chat | Endpoint::Embeddings => answer::read(call, target, body),
        }
    }

    fn decoder(&self, call: &ChatCall, target: &Target<'_>) -> Box<dyn Decoder> {
        Box::new(stream::MessageDecoder::new(call, target))
    }

    fn failure(&self, reply: &WireReply, now: DateTime<Utc>) -> Failure {
        failure::of_reply(reply, now)
    }

    fn models_request(
        &self,
        upstream: &Upstream,
        next: Option<&str>,
    ) -> Result<WireRequest, Failure> {
        let mut url = url_of(upstream, "/models")?;
        url.query_pairs_mut().append_pair("limit", PAGE);
        if let Some(last) = next {
            url.query_pairs_mut().append_pair("after_id", last);
        }
        Ok(WireRequest {
            method: Method::GET,
            url: url.try_into()?,
            headers: version::headers(None, upstream)?,
            body: Bytes::new(),
        })
    }

    fn models(&self, body: &Bytes) -> Result<ModelPage, Failure> {
        models::page(body)
    }
}

fn url_of(upstream: &Upstream, endpoint: &str) -> Result<Url, Failure> {
    let version = upstream.quirks.api_version.as_deref();
    let query = version.map(|version| ("api-version", version));
    endpoint_url(&base_url(&upstream.base_url), endpoint, query)
}

/// The base without a pasted endpoint, and with the version that the SDKs add themselves.
fn base_url(base: &str) -> String {
    let Ok(mut url) = Url::parse(base.trim()) else { return base.to_owned() };
    let path = url.path().trim_end_matches('/');
    let pasted = ENDPOINTS.iter().find_map(|endpoint| path.strip_suffix(endpoint));
    let path = pasted.unwrap_or(path).trim_end_matches('/').to_owned();
    let is_version = |segment: &str| {
        let digits = segment.strip_prefix('v').unwrap_or_default();
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let has_version = path.split('/').any(is_version);
    url.set_path(&if has_version { path } else { path + "/v1" });
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_gets_its_version_and_loses_a_pasted_endpoint() {
        let cases = [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1"),
            (" https://api.anthropic.com/ ", "https://api.anthropic.com/v1"),
            ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1"),
            ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1"),
            ("https://h/messages/count_tokens", "https://h/v1"),
            ("https://h/anthropic?a=b", "https://h/anthropic/v1?a=b"),
            ("https://h/v1beta/x", "https://h/v1beta/x"),
            ("https://h/vertex", "https://h/vertex/v1"),
            ("no URL", "no URL"),
        ];
        for (base, expected) in cases {
            assert_eq!(base_url(base), expected);
        }
    }
}
