//! Gemini's protocol: content, embeddings, counts of tokens and model lists.
//!
//! Callers are translated, those of OpenAI's dialect by
//! [`openai_to_gemini`](crate::translate::openai_to_gemini) and those of Anthropic's by
//! [`anthropic_to_gemini`](crate::translate::anthropic_to_gemini).

mod answer;
mod count;
mod embeddings;
mod failure;
mod head;
mod models;
mod request;
mod stream;
pub(crate) mod wire;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Method;
use tollgate_domain::chat::{Answer, ChatCall, Endpoint};
use tollgate_domain::failure::Failure;
use url::Url;

use crate::files::Files;
use crate::headers::headers;
use crate::protocol::{
    Decoder, ModelPage, Prepared, Protocol, Target, Upstream, WireReply, WireRequest,
};
use crate::translate::openai_request::refused;
use crate::url::endpoint_url;
use request::Body;

/// The header that shows the key.
const KEY_HEADER: &str = "x-goog-api-key";
/// The method that streams an answer.
const STREAM: &str = "streamGenerateContent";
/// The method that counts a prompt's tokens.
const COUNT: &str = "countTokens";
/// As many models as one page may hold.
const PAGE: &str = "1000";

/// Gemini's protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gemini;

impl Protocol for Gemini {
    fn request(&self, call: &ChatCall, target: &Target<'_>) -> Result<WireRequest, Failure> {
        match self.prepare(call, target, &Files::default())? {
            Prepared::Ready(request) => Ok(request),
            Prepared::Missing(files) => {
                let field = files.first().map_or("", |file| &file.field);
                Err(refused(field, "this provider fetches no files"))
            }
        }
    }

    fn prepare(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        files: &Files,
    ) -> Result<Prepared, Failure> {
        let model = model_path(target.model_code);
        let (method, body) = match call.endpoint {
            Endpoint::Embeddings => {
                let (method, body) = embeddings::request(call, target, &model)?;
                (method, Body::Ready(body))
            }
            Endpoint::CountTokens => (COUNT, request::body(call, target, files)?),
            Endpoint::Chat if call.facts.is_stream => (STREAM, request::body(call, target, files)?),
            Endpoint::Chat => ("generateContent", request::body(call, target, files)?),
        };
        let body = match body {
            Body::Ready(body) if method == COUNT => count::wrapped(&body, &model),
            Body::Ready(body) => body,
            Body::Missing(files) => return Ok(Prepared::Missing(files)),
        };
        let mut url = url_of(target.upstream, &format!("/{model}:{method}"))?;
        if method == STREAM {
            // Without it the stream is one list in JSON.
            url.query_pairs_mut().append_pair("alt", "sse");
        }
        let (url, headers) = (url.try_into()?, headers(target.upstream, Some(KEY_HEADER))?);
        Ok(Prepared::Ready(WireRequest { method: Method::POST, url, headers, body }))
    }

    fn answer(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        body: &Bytes,
    ) -> Result<Answer, Failure> {
        match call.endpoint {
            Endpoint::Chat => answer::read(call, target, body),
            Endpoint::CountTokens => count::read(body),
            Endpoint::Embeddings => embeddings::read(call, target, body),
        }
    }

    fn counts_tokens(&self) -> bool {
        true
    }

    fn decoder(&self, call: &ChatCall, target: &Target<'_>) -> Box<dyn Decoder> {
        Box::new(stream::ContentDecoder::new(call, target))
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
        url.query_pairs_mut().append_pair("pageSize", PAGE);
        if let Some(token) = next {
            url.query_pairs_mut().append_pair("pageToken", token);
        }
        let (url, headers) = (url.try_into()?, headers(upstream, Some(KEY_HEADER))?);
        Ok(WireRequest { method: Method::GET, url, headers, body: Bytes::new() })
    }

    fn models(&self, body: &Bytes) -> Result<ModelPage, Failure> {
        models::page(body)
    }
}

/// Where a model is: `models/gemini-…`, or what its code says itself (`tunedModels/…`).
fn model_path(code: &str) -> String {
    match ["models/", "tunedModels/"].iter().any(|prefix| code.starts_with(prefix)) {
        true => code.to_owned(),
        false => format!("models/{code}"),
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
    let path = url.path();
    let pasted = path.find("/models/").filter(|_| path.contains(':'));
    let path = path[..pasted.unwrap_or(path.len())].trim_end_matches('/');
    let path = path.strip_suffix("/models").unwrap_or(path).trim_end_matches('/').to_owned();
    let is_version = |segment: &str| {
        let digits = segment.strip_prefix('v').unwrap_or_default();
        digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let has_version = path.split('/').any(is_version);
    url.set_path(&if has_version { path } else { path + "/v1beta" });
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_gets_its_version_and_loses_a_pasted_endpoint() {
        let google = "https://generativelanguage.googleapis.com";
        let cases = [
            (google.to_owned(), format!("{google}/v1beta")),
            (format!(" {google}/ "), format!("{google}/v1beta")),
            (format!("{google}/v1beta/"), format!("{google}/v1beta")),
            (format!("{google}/v1/models"), format!("{google}/v1")),
            (format!("{google}/v1beta/models/m:generateContent"), format!("{google}/v1beta")),
            ("https://h/google?a=b".to_owned(), "https://h/google/v1beta?a=b".to_owned()),
            ("no URL".to_owned(), "no URL".to_owned()),
        ];
        for (base, expected) in cases {
            assert_eq!(base_url(&base), expected);
        }
    }

    #[test]
    fn a_models_path_is_its_own_or_among_the_models() {
        assert_eq!(model_path("gemini-x"), "models/gemini-x");
        assert_eq!(model_path("models/gemini-x"), "models/gemini-x");
        assert_eq!(model_path("tunedModels/mine"), "tunedModels/mine");
    }
}
