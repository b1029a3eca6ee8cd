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
    Common, Protocol, Quirks, SseItem, SseReader, StreamItem, Target, Upstream, anthropic, openai,
    protocol,
};

use crate::fixtures::{Recorded, recorded};

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
        common: Common::default(),
    }
}

static NO_CONSTRAINTS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

pub(crate) fn target<'a>(upstream: &'a Upstream, model_code: &'a str) -> Target<'a> {
    Target {
        upstream,
        model_code,
        constraints: &NO_CONSTRAINTS,
        max_output_tokens: None,
        output_cap: None,
    }
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

/// A chat call in that dialect with that body.
pub(crate) fn chat_in(dialect: Dialect, body: impl Into<Bytes>) -> ChatCall {
    let body = body.into();
    match dialect {
        Dialect::OpenAi => chat(body),
        Dialect::Anthropic => {
            let facts = anthropic::read_messages(&body).unwrap();
            ChatCall { dialect, path: "/v1/messages", ..call_of(Endpoint::Chat, body, facts) }
        }
    }
}

/// A call in that dialect with one message, for a whole answer or a stream with usage.
pub(crate) fn ask(dialect: Dialect, is_stream: bool) -> ChatCall {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]});
    match dialect {
        Dialect::OpenAi if is_stream => body["stream_options"] = json!({"include_usage": true}),
        Dialect::OpenAi => {}
        Dialect::Anthropic => body["max_tokens"] = json!(64),
    }
    body["stream"] = json!(is_stream);
    chat_in(dialect, body.to_string())
}

pub(crate) fn streamed() -> ChatCall {
    chat_with(json!({"stream": true, "stream_options": {"include_usage": true}}))
}

pub(crate) fn fixture(name: &str) -> Bytes {
    std::fs::read(fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}")).into()
}

/// The names of all recordings of OpenAI's protocol whose file name passes `wanted`.
pub(crate) fn fixture_names(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let is_ours = |recorded: &Recorded| {
        let file = recorded.name.rsplit('/').next().unwrap();
        recorded.protocol() == ProtocolKind::OpenAi && recorded.kind.is_read() && wanted(file)
    };
    recorded().into_iter().filter(is_ours).map(|recorded| recorded.name).collect()
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
