//! Callers of Anthropic's own dialect: what they send and get is byte for byte the provider's.

mod answers;
mod counts;
mod headers;
mod http;
mod requests;
mod streams;
mod thinking;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_providers::anthropic::read_count;
use tollgate_providers::{Target, WireRequest};

use super::anthropic;
use crate::support::{call_of, chat_in, json_of, target, upstream};

/// A call for an answer with that body.
fn call(body: impl Into<Bytes>) -> ChatCall {
    chat_in(Dialect::Anthropic, body)
}

/// A call for an answer with one message and those further fields.
fn call_with(fields: Value) -> ChatCall {
    let mut body = json!({
        "model": "m", "max_tokens": 4096, "messages": [{"role": "user", "content": "Hi"}],
    });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    call(body.to_string())
}

/// A call for the count of that body's tokens.
fn counting(body: impl Into<Bytes>) -> ChatCall {
    let body = body.into();
    let facts = read_count(&body).unwrap();
    ChatCall { dialect: Dialect::Anthropic, ..call_of(Endpoint::CountTokens, body, facts) }
}

/// What `call` becomes at a model with those constraints, and a provider with those defaults that
/// strips `service_tier`.
fn sent(call: &ChatCall, constraints: &str, defaults: &Value) -> WireRequest {
    let mut upstream = upstream("http://h/v1", json!({"strip": ["service_tier"]}));
    upstream.default_params = defaults.as_object().unwrap().clone();
    let constraints: Map<String, Value> = serde_json::from_str(constraints).unwrap();
    let target = Target { constraints: &constraints, ..target(&upstream, "claude") };
    anthropic().request(call, &target).unwrap()
}

/// The fields of the body that a call with those fields becomes.
fn becomes(constraints: &str, fields: Value) -> Value {
    json_of(&sent(&call_with(fields), constraints, &json!({})).body)
}
