//! What the tests share: a call, an upstream, fixtures and a way to replay them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tollgate_domain::Secret;
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, ChatCall, ChatEvent, Dialect, Endpoint};
use tollgate_domain::failure::Failure;
use tollgate_domain::provider::{ProtocolKind, Timeouts};
use tollgate_providers::{
    Protocol, Quirks, SseItem, SseReader, StreamItem, Target, Upstream, openai, protocol,
};

/// Of a call that arrived at second 1795996800.
const REQUEST_ID: &str = "01a229c0-5400-7305-8ee4-f2336b0fecef";
pub(crate) const KEY: &str = "test-key-canary-0123456789";

pub(crate) fn openai() -> &'static dyn Protocol {
    protocol(ProtocolKind::OpenAi)
}

pub(crate) fn upstream(base_url: &str, quirks: Value) -> Upstream {
    Upstream {
        provider_code: "openai".to_owned(),
        protocol: ProtocolKind::OpenAi,
        base_url: base_url.to_owned(),
        secret: Secret::from(KEY),
        extra_headers: [("x-extra".to_owned(), "yes".to_owned())].into(),
        quirks: Quirks::parse(quirks.as_object().unwrap()).unwrap(),
        default_params: Map::new(),
        timeouts: Timeouts::default(),
    }
}

static NO_CONSTRAINTS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

pub(crate) fn target<'a>(upstream: &'a Upstream, model_code: &'a str) -> Target<'a> {
    Target { upstream, model_code, constraints: &NO_CONSTRAINTS, max_output_tokens: None }
}

pub(crate) fn call_of(endpoint: Endpoint, body: Bytes, facts: CallFacts) -> ChatCall {
    ChatCall {
        request_id: REQUEST_ID.parse().unwrap(),
        client_request_id: None,
        user_id: None,
        app_id: None,
        access: Access::default(),
        dialect: Dialect::OpenAi,
        endpoint,
        path: "/v1/chat/completions",
        body,
        facts,
        forwarded: Vec::new(),
        timeout: None,
        ip_address: None,
        user_agent: None,
    }
}

/// A chat call with that body.
pub(crate) fn chat(body: impl Into<Bytes>) -> ChatCall {
    let body = body.into();
    let facts = openai::read_chat(&body).unwrap();
    call_of(Endpoint::Chat, body, facts)
}

/// A chat call with one message and those further fields.
pub(crate) fn chat_with(fields: Value) -> ChatCall {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    chat(body.to_string())
}

pub(crate) fn streamed() -> ChatCall {
    chat_with(json!({"stream": true, "stream_options": {"include_usage": true}}))
}

pub(crate) fn fixture(name: &str) -> Bytes {
    std::fs::read(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}")).into()
}

/// Fixtures of these folders are of protocols of their own, and replayed by tests of their own.
const OTHER_PROTOCOLS: [&str; 1] = ["anthropic"];
/// Of Gemini's, only those of its OpenAI-compatible endpoint are of OpenAI's protocol.
const COMPATIBLE: &str = "openai_compat.";

/// The names of all fixtures of OpenAI's protocol whose file name passes `wanted`.
pub(crate) fn fixture_names(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for provider in std::fs::read_dir(fixtures()).unwrap() {
        let provider = provider.unwrap();
        if OTHER_PROTOCOLS.iter().any(|other| provider.file_name() == *other) {
            continue;
        }
        for file in std::fs::read_dir(provider.path()).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            let is_native = provider.file_name() == "gemini" && !file.starts_with(COMPATIBLE);
            if wanted(&file) && !is_native {
                names.insert(format!("{}/{file}", provider.file_name().to_str().unwrap()));
            }
        }
    }
    names
}

fn fixtures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"))
}

/// What a stream of OpenAI's protocol in those chunks yields.
pub(crate) fn replay<'a>(
    call: &ChatCall,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<StreamItem>, Result<(), Failure>) {
    replay_by(openai(), call, chunks)
}

/// What a stream of that protocol in those chunks yields.
pub(crate) fn replay_by<'a>(
    protocol: &dyn Protocol,
    call: &ChatCall,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<StreamItem>, Result<(), Failure>) {
    let upstream = upstream("http://h/v1", json!({}));
    let mut decoder = protocol.decoder(call, &target(&upstream, "m"));
    let mut reader = SseReader::new(1 << 20);
    let mut items = Vec::new();
    for chunk in chunks {
        reader.push(Bytes::copy_from_slice(chunk));
        while let Some(item) = reader.next_item().unwrap() {
            match item {
                SseItem::Comment => items.push(StreamItem::KeepAlive),
                SseItem::Event(event) => {
                    if let Err(failure) = decoder.event(&event, &mut items) {
                        return (items, Err(failure));
                    }
                }
            }
        }
    }
    if let Some(event) = reader.finish().unwrap()
        && let Err(failure) = decoder.event(&event, &mut items)
    {
        return (items, Err(failure));
    }
    let end = decoder.end(&mut items);
    (items, end)
}

pub(crate) fn events(items: &[StreamItem]) -> Vec<&ChatEvent> {
    fn event(item: &StreamItem) -> Option<&ChatEvent> {
        match item {
            StreamItem::Event(event) => Some(event),
            StreamItem::KeepAlive => None,
        }
    }
    items.iter().filter_map(event).collect()
}

pub(crate) fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}
