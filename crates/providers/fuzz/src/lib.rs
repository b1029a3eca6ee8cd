//! What the fuzz targets ask of the provider layer, whatever bytes they are given.
//!
//! Each check is a plain function that panics where something is wrong. The targets call them with
//! bytes that the fuzzer makes up; the provider layer's tests take this file in and call them with
//! those in `corpus/`.

#![allow(unreachable_pub, reason = "one file is a crate here and a module in the tests")]

mod answers;
mod failures;
mod order;
mod requests;
mod sse;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tollgate_domain::Secret;
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, ChatCall, Dialect, Endpoint};
use tollgate_domain::provider::{ProtocolKind, Timeouts};
use tollgate_providers::{Common, Quirks, Target, Upstream};

use Dialect::{Anthropic as AnthropicCaller, OpenAi as OpenAiCaller};
use ProtocolKind::{Anthropic, Gemini, OpenAi};

/// A target's name, which is also that of its corpus, and its check.
pub type Named = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Named; 14] = [
    ("sse", sse::check),
    ("failures", failures::check),
    ("answers_openai_to_openai", |data| answers::check(OpenAi, OpenAiCaller, data)),
    ("answers_openai_to_anthropic", |data| answers::check(OpenAi, AnthropicCaller, data)),
    ("answers_anthropic_to_openai", |data| answers::check(Anthropic, OpenAiCaller, data)),
    ("answers_anthropic_to_anthropic", |data| answers::check(Anthropic, AnthropicCaller, data)),
    ("answers_gemini_to_openai", |data| answers::check(Gemini, OpenAiCaller, data)),
    ("answers_gemini_to_anthropic", |data| answers::check(Gemini, AnthropicCaller, data)),
    ("requests_openai_to_openai", |data| requests::check(OpenAiCaller, OpenAi, data)),
    ("requests_openai_to_anthropic", |data| requests::check(OpenAiCaller, Anthropic, data)),
    ("requests_openai_to_gemini", |data| requests::check(OpenAiCaller, Gemini, data)),
    ("requests_anthropic_to_openai", |data| requests::check(AnthropicCaller, OpenAi, data)),
    ("requests_anthropic_to_anthropic", |data| requests::check(AnthropicCaller, Anthropic, data)),
    ("requests_anthropic_to_gemini", |data| requests::check(AnthropicCaller, Gemini, data)),
];

/// Runs the target of that name.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.0 == name);
    target.unwrap_or_else(|| panic!("no target {name}")).1(data);
}

/// What the provider calls the model; one that makes every provider translate in full.
const MODEL: &str = "gemini-3-pro";

/// Models that take everything, that think, and that take next to nothing.
static CONSTRAINTS: LazyLock<[Map<String, Value>; 3]> = LazyLock::new(|| {
    let maps = [
        json!({}),
        json!({"reasoning": true, "adaptive_thinking": true}),
        json!({
            "reasoning": true, "sampling_params": false, "assistant_prefill": false,
            "forced_tool_choice": false, "thinking_always_on": true,
        }),
    ];
    maps.map(|map| map.as_object().expect("all are objects").clone())
});

fn upstream(protocol: ProtocolKind) -> Upstream {
    Upstream {
        provider_code: protocol.as_str().to_owned(),
        protocol,
        base_url: "http://h/v1".to_owned(),
        secret: Secret::from("test-key-canary-0123456789"),
        extra_headers: BTreeMap::new(),
        quirks: Quirks::default(),
        default_params: Map::new(),
        timeouts: Timeouts::default(),
        common: Common::default(),
    }
}

fn target<'a>(upstream: &'a Upstream, constraints: &'a Map<String, Value>) -> Target<'a> {
    Target {
        upstream,
        model_code: MODEL,
        constraints,
        max_output_tokens: Some(65_536),
        output_cap: None,
    }
}

fn call(dialect: Dialect, body: Bytes, facts: CallFacts) -> ChatCall {
    ChatCall {
        request_id: "01a229c0-5400-7305-8ee4-f2336b0fecef".parse().expect("a request id"),
        client_request_id: None,
        user_id: None,
        app_id: None,
        access: Access::default(),
        dialect,
        endpoint: Endpoint::Chat,
        path: "/v1",
        body,
        facts,
        forwarded: Vec::new(),
        timeout: None,
        ip_address: None,
        user_agent: None,
    }
}

/// The JSON object in `bytes`.
fn object(bytes: &[u8]) -> Value {
    let value: Value = serde_json::from_slice(bytes).expect("what we write is JSON");
    assert!(value.is_object(), "an object, not {value}");
    value
}

/// Panics unless `written` bytes are few enough for what was read.
fn assert_bounded(written: usize, read: &[u8]) {
    let most = 256 * read.len() + (64 << 10);
    assert!(written <= most, "{written} bytes made of {}", read.len());
}
