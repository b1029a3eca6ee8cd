//! What a wire protocol does: pure translation, without any I/O.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value};
use tollgate_domain::Secret;
use tollgate_domain::chat::{Answer, ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;
use tollgate_domain::model::ListedModel;
use tollgate_domain::provider::{ProtocolKind, Timeouts};

use crate::anthropic::Anthropic;
use crate::common::Common;
use crate::files::{Files, RemoteFile};
use crate::gemini::Gemini;
use crate::openai::OpenAi;
use crate::quirks::Quirks;
use crate::sse::SseEvent;
use crate::url::WireUrl;

/// One key of one provider: where requests go, and how.
#[derive(Clone)]
pub struct Upstream {
    /// The provider's code: `openai`.
    pub provider_code: String,
    /// How to talk to it.
    pub protocol: ProtocolKind,
    /// The URL that endpoints are appended to.
    pub base_url: String,
    /// The key.
    pub secret: Secret<String>,
    /// Headers sent with every request.
    pub extra_headers: BTreeMap<String, String>,
    /// What it wants sent differently from its protocol's standard.
    pub quirks: Quirks,
    /// Request fields sent where the caller is silent.
    pub default_params: Map<String, Value>,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// What all its requests have in common, made by the first of them: `default()`.
    pub common: Common,
}

impl Upstream {
    /// The same with that key.
    #[must_use]
    pub fn with_secret(&self, secret: &Secret<String>) -> Self {
        Self { secret: secret.clone(), ..self.clone() }
    }
}

impl fmt::Debug for Upstream {
    /// Without the values of extra headers and all of the URL but its host, which may hold secrets
    /// too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = url::Url::parse(self.base_url.trim()).ok();
        f.debug_struct("Upstream")
            .field("provider_code", &self.provider_code)
            .field("host", &url.as_ref().and_then(|url| url.host_str()))
            .field("extra_headers", &self.extra_headers.keys())
            .field("quirks", &self.quirks)
            .finish_non_exhaustive()
    }
}

/// Where one attempt goes: an upstream, and a model of it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The upstream.
    pub upstream: &'a Upstream,
    /// What the provider calls the model.
    pub model_code: &'a str,
    /// What the model refuses or demands.
    pub constraints: &'a Map<String, Value>,
    /// The longest answer that the model gives, in tokens, where it is known.
    pub max_output_tokens: Option<i64>,
    /// The longest answer that the caller can pay for, in tokens, which the request says where
    /// nothing shorter is asked for.
    pub output_cap: Option<i64>,
}

impl Target<'_> {
    /// The longest answer to ask for instead of `asked`, where the caller cannot pay for as much.
    pub(crate) fn shorter_than(&self, asked: Option<i64>) -> Option<i64> {
        self.output_cap.filter(|cap| asked.is_none_or(|asked| asked > *cap))
    }
}

/// A request, ready to be sent.
#[derive(Clone)]
pub struct WireRequest {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: WireUrl,
    /// Its headers; the one with the key is marked sensitive.
    pub headers: HeaderMap,
    /// Its body; empty for a GET.
    pub body: Bytes,
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, url, headers, body } = self;
        let (host, path) = (url.host_str().unwrap_or_default(), url.path());
        write!(f, "{method} {host}{path} {headers:?} and {} bytes", body.len())
    }
}

/// What came back, whole.
#[derive(Clone)]
pub struct WireReply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, or as much of it as was read.
    pub body: Bytes,
}

impl fmt::Debug for WireReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} and {} bytes", self.status, self.headers, self.body.len())
    }
}

/// One page of a provider's models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPage {
    /// The models on it.
    pub models: Vec<ListedModel>,
    /// What asks for the next page, if there is one.
    pub next: Option<String>,
}

/// What a stream yields.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamItem {
    /// A piece of the answer.
    Event(ChatEvent),
    /// A comment, ping or blank line: a sign of life, no content.
    KeepAlive,
}

/// A request, or what has to be had before there can be one.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "the large one is the usual one, and moves once")]
pub enum Prepared {
    /// The request.
    Ready(WireRequest),
    /// Files that the call names by URL and the provider does not fetch.
    Missing(Vec<RemoteFile>),
}

/// A provider's wire format.
pub trait Protocol: Send + Sync + fmt::Debug {
    /// The request that asks `call` of `target`. The caller's bytes are relayed with the fewest
    /// edits. Fails when the upstream's URL or key cannot be sent.
    fn request(&self, call: &ChatCall, target: &Target<'_>) -> Result<WireRequest, Failure>;

    /// The same with `files` in place of the URLs that the call names, for a provider that does not
    /// fetch them: the request, or the files that are missing in it.
    fn prepare(
        &self,
        call: &ChatCall,
        target: &Target<'_>,
        _files: &Files,
    ) -> Result<Prepared, Failure> {
        self.request(call, target).map(Prepared::Ready)
    }

    /// The answer to `call` in a whole body with a good status. Fails when it holds an error or
    /// cannot be read.
    fn answer(&self, call: &ChatCall, target: &Target<'_>, body: &Bytes)
    -> Result<Answer, Failure>;

    /// Whether the provider counts the tokens of a prompt: [`Endpoint::CountTokens`].
    ///
    /// [`Endpoint::CountTokens`]: tollgate_domain::chat::Endpoint::CountTokens
    fn counts_tokens(&self) -> bool {
        false
    }

    /// What reads the stream that answers `call`.
    fn decoder(&self, call: &ChatCall, target: &Target<'_>) -> Box<dyn Decoder>;

    /// What a reply with a bad status means; `now` is for hints that name a time.
    fn failure(&self, reply: &WireReply, now: DateTime<Utc>) -> Failure;

    /// The request for the upstream's models, or for the page that `next` asks for.
    fn models_request(
        &self,
        upstream: &Upstream,
        next: Option<&str>,
    ) -> Result<WireRequest, Failure>;

    /// The models in a body with a good status.
    fn models(&self, body: &Bytes) -> Result<ModelPage, Failure>;
}

/// Reads one stream, event by event.
///
/// After an `Err` nothing more is asked of it.
pub trait Decoder: Send + fmt::Debug {
    /// Reads one event, adding what the caller gets to `items`.
    fn event(&mut self, event: &SseEvent, items: &mut Vec<StreamItem>) -> Result<(), Failure>;

    /// Reads a whole answer that came where a stream was asked for.
    fn whole(&mut self, body: &Bytes, items: &mut Vec<StreamItem>) -> Result<(), Failure>;

    /// Whether the provider has said that the stream is over.
    fn is_done(&self) -> bool;

    /// Ends the stream: adds what is still owed to the caller, or tells why the end is a bad one.
    fn end(&mut self, items: &mut Vec<StreamItem>) -> Result<(), Failure>;
}

/// The protocol of that kind.
#[must_use]
pub fn protocol(kind: ProtocolKind) -> &'static dyn Protocol {
    match kind {
        ProtocolKind::OpenAi => &OpenAi,
        ProtocolKind::Anthropic => &Anthropic,
        ProtocolKind::Gemini => &Gemini,
    }
}
