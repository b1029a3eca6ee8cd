//! Anthropic callers of providers of OpenAI's protocol.

mod answers;
mod constraints;
mod history;
mod http;
mod requests;
mod streams;

use serde_json::{Value, json};
use tollgate_domain::chat::{ChatCall, Dialect};
use tollgate_domain::failure::Failure;
use tollgate_providers::Target;

use crate::support::{chat_in, json_of, openai, target, upstream};

/// DeepSeek's quirks, and Moonshot's.
pub(crate) const DEEPSEEK: &str = r#"{"max_tokens_field":"max_tokens","reasoning_sampling":true,"developer_as_system":true,"flatten_text_parts":true,"fill_reasoning_content":true}"#;
pub(crate) const MOONSHOT: &str = r#"{"strip":["temperature","top_p"],"max_tokens_field":"max_completion_tokens","developer_as_system":true,"fill_reasoning_content":true,"min_tool_name":3}"#;

/// A call of an Anthropic caller with one message and those further fields.
pub(crate) fn call_with(fields: Value) -> ChatCall {
    let mut body =
        json!({"model": "m", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    chat_in(Dialect::Anthropic, body.to_string())
}

/// The text of what a provider with those quirks gets of a call to a model of those constraints.
fn sent_text(quirks: &str, constraints: &Value, call: &ChatCall) -> Result<String, Failure> {
    let upstream = upstream("http://h/v1", serde_json::from_str(quirks).unwrap());
    let constraints = constraints.as_object().unwrap();
    let target = Target { constraints, ..target(&upstream, "gpt") };
    let request = openai().request(call, &target)?;
    Ok(String::from_utf8(request.body.to_vec()).unwrap())
}

fn sent_to(quirks: &str, constraints: &Value, fields: Value) -> Value {
    json_of(sent_text(quirks, constraints, &call_with(fields)).unwrap().as_bytes())
}

/// What a standard provider gets of a call with those fields.
fn sent(fields: Value) -> Value {
    sent_to("{}", &json!({}), fields)
}

/// The messages that become of those.
fn messages(messages: Value) -> Value {
    sent(json!({"messages": messages}))["messages"].clone()
}

/// The field for which a call with those fields is refused.
fn refused(fields: Value) -> String {
    let failure = sent_text("{}", &json!({}), &call_with(fields)).unwrap_err();
    let field = failure.param.unwrap();
    assert!(failure.message.starts_with(&field), "{}", failure.message);
    field
}
