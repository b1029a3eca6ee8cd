//! Our chat body in OpenAI's words.
//!
//! Only names change: a value that needs no change of name inside it travels as the caller's own
//! bytes, and a field that we do not know travels whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::calls::fallbacks;
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::json::malformed;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::chat::Fallback;

/// Ours and OpenAI's names of the top-level fields that differ.
const TOP: &[(&str, &str)] = &[
    ("maxTokens", "max_tokens"),
    ("topP", "top_p"),
    ("toolChoice", "tool_choice"),
    ("responseFormat", "response_format"),
];
/// The same inside a message.
const MESSAGE: &[(&str, &str)] = &[("toolCalls", "tool_calls"), ("toolCallId", "tool_call_id")];
/// The same inside a part of a message's content.
const PART: &[(&str, &str)] = &[("imageUrl", "image_url")];
/// The same inside `responseFormat`.
const FORMAT: &[(&str, &str)] = &[("jsonSchema", "json_schema")];
/// Optional top-level fields for which null means absent, as many serializers write it.
const OPTIONAL: &[&str] = &[
    "model",
    "max_tokens",
    "temperature",
    "top_p",
    "stop",
    "stream",
    "tools",
    "tool_choice",
    "response_format",
    "user",
];

/// A chat body, ready for the engine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OurChat {
    /// The body in OpenAI's dialect.
    pub(crate) body: Bytes,
    /// `providerCode`.
    pub(crate) provider: Option<String>,
    /// `timeoutMs`.
    pub(crate) timeout: Option<Duration>,
    /// `fallbacks`.
    pub(crate) fallbacks: Vec<Fallback>,
}

type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// Puts a body of ours into OpenAI's words. Checks what only we know of; ranges and messages are
/// checked by whoever reads OpenAI's dialect, whose field names [`our_name`] turns back.
pub(crate) fn to_openai(body: &[u8]) -> ApiResult<OurChat> {
    let mut fields: Fields<'_> = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            ApiError::invalid("body", "must be a JSON object")
        } else {
            malformed(&error)
        }
    })?;
    let mut faults = Vec::new();
    let provider = take(&mut fields, "providerCode", "must be a text", &mut faults);
    let timeout_ms: Option<u64> =
        take(&mut fields, "timeoutMs", "must be a whole number of milliseconds", &mut faults);
    if timeout_ms == Some(0) {
        faults.push(Detail::new("timeoutMs", "must be at least 1"));
    }
    let fallbacks = fields.remove("fallbacks");
    let fallbacks =
        fallbacks.map(|raw| fallbacks::read(raw.get(), &mut faults)).unwrap_or_default();
    check_only_we(&fields, &mut faults);
    let mut out = String::with_capacity(body.len() + 32);
    write_fields(&mut out, &fields, TOP, &mut faults, |out, name, value| match name {
        "messages" => write_list(out, value, write_message),
        "response_format" => write_object(out, value, FORMAT),
        _ => out.push_str(value.get()),
    });
    if !faults.is_empty() {
        return Err(ApiError::validation(faults));
    }
    let timeout = timeout_ms.map(Duration::from_millis);
    Ok(OurChat { body: Bytes::from(out), provider, timeout, fallbacks })
}

/// What a field of OpenAI's dialect, or a path to one, is called in ours.
pub(crate) fn our_name(path: &str) -> String {
    let renamed = |word: &str| {
        [TOP, MESSAGE, PART, FORMAT]
            .iter()
            .flat_map(|names| names.iter())
            .find(|(_, theirs)| *theirs == word)
            .map(|(ours, _)| *ours)
    };
    let mut out = String::with_capacity(path.len());
    for piece in path.split_inclusive(['.', '[', ']']) {
        let word = piece.trim_end_matches(['.', '[', ']']);
        out.push_str(renamed(word).unwrap_or(word));
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// Takes a field that is ours alone out of the body.
fn take<'a, T: Deserialize<'a>>(
    fields: &mut Fields<'a>,
    name: &str,
    fault: &str,
    faults: &mut Vec<Detail>,
) -> Option<T> {
    let raw = fields.remove(name)?;
    match serde_json::from_str::<Option<T>>(raw.get()) {
        Ok(value) => value,
        Err(_) => {
            faults.push(Detail::new(name, fault));
            None
        }
    }
}

/// Refuses what our answer could not hold.
fn check_only_we(fields: &Fields<'_>, faults: &mut Vec<Detail>) {
    if fields.get("n").is_some_and(|n| !matches!(n.get(), "1" | "null")) {
        faults.push(Detail::new("n", "must be 1: an answer has one content"));
    }
}

fn write_message(out: &mut String, raw: &RawValue) {
    let Ok(fields) = serde_json::from_str::<Fields<'_>>(raw.get()) else {
        out.push_str(raw.get());
        return;
    };
    // A message with a field under both of its names is the caller's to sort out: both travel.
    write_fields(out, &fields, MESSAGE, &mut Vec::new(), |out, name, value| match name {
        "content" => write_list(out, value, write_part),
        _ => out.push_str(value.get()),
    });
}

fn write_part(out: &mut String, raw: &RawValue) {
    let Ok(mut fields) = serde_json::from_str::<Fields<'_>>(raw.get()) else {
        out.push_str(raw.get());
        return;
    };
    let is_image = fields.get("type").is_some_and(|kind| kind.get() == "\"imageUrl\"");
    if is_image {
        fields.remove("type");
    }
    let start = out.len();
    write_fields(out, &fields, PART, &mut Vec::new(), |out, _, value| out.push_str(value.get()));
    if is_image {
        let rest = if fields.is_empty() { "" } else { "," };
        out.insert_str(start + 1, &format!("\"type\":\"image_url\"{rest}"));
    }
}

fn write_object(out: &mut String, raw: &RawValue, names: &[(&str, &str)]) {
    match serde_json::from_str::<Fields<'_>>(raw.get()) {
        Ok(fields) => {
            write_fields(out, &fields, names, &mut Vec::new(), |out, _, value| {
                out.push_str(value.get());
            });
        }
        Err(_) => out.push_str(raw.get()),
    }
}

/// Writes a list item by item; anything but a list as it is.
fn write_list(out: &mut String, raw: &RawValue, item: fn(&mut String, &RawValue)) {
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
        out.push_str(raw.get());
        return;
    };
    out.push('[');
    for (position, raw) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        item(out, raw);
    }
    out.push(']');
}

/// Writes an object with its fields renamed.
fn write_fields(
    out: &mut String,
    fields: &Fields<'_>,
    names: &[(&str, &str)],
    faults: &mut Vec<Detail>,
    value: impl Fn(&mut String, &str, &RawValue),
) {
    out.push('{');
    let mut is_first = true;
    for (ours, raw) in fields {
        let theirs = names.iter().find(|(name, _)| name == ours).map(|(_, theirs)| *theirs);
        let name = theirs.map_or(Cow::Borrowed(ours.as_str()), Cow::Borrowed);
        if theirs.is_some() && fields.contains_key(name.as_ref()) {
            faults.push(Detail::new(ours.as_str(), format!("is given twice, also as `{name}`")));
        }
        let is_absent = raw.get() == "null" && OPTIONAL.contains(&name.as_ref());
        if is_absent {
            continue;
        }
        if !is_first {
            out.push(',');
        }
        is_first = false;
        out.push_str(&serde_json::Value::from(name.as_ref()).to_string());
        out.push(':');
        value(out, &name, raw);
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::error::ErrorKind;

    fn translated(ours: &Value) -> Value {
        let chat = to_openai(ours.to_string().as_bytes()).unwrap();
        serde_json::from_slice(&chat.body).unwrap()
    }

    fn faults(ours: &Value) -> Vec<(String, String)> {
        let error = to_openai(ours.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::ValidationFailed);
        error.details.into_iter().map(|fault| (fault.field.unwrap(), fault.message)).collect()
    }

    #[test]
    fn camel_case_becomes_openais_names_at_every_level() {
        let ours = json!({
            "providerCode": "openai", "model": "gpt-4o", "maxTokens": 5, "topP": 0.5,
            "toolChoice": "auto", "responseFormat": {"type": "json_schema", "jsonSchema": {"name": "n"}},
            "messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "see"},
                    {"type": "imageUrl", "imageUrl": {"url": "https://example.com/a.png"}},
                    {"type": "image_url", "image_url": {"url": "https://example.com/b.png"}},
                ]},
                {"role": "assistant", "content": null, "toolCalls": [
                    {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                {"role": "tool", "toolCallId": "c1", "content": "ok"},
            ],
        });

        assert_eq!(
            translated(&ours),
            json!({
                "model": "gpt-4o", "max_tokens": 5, "top_p": 0.5, "tool_choice": "auto",
                "response_format": {"type": "json_schema", "json_schema": {"name": "n"}},
                "messages": [
                    {"role": "user", "content": [
                        {"type": "text", "text": "see"},
                        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                        {"type": "image_url", "image_url": {"url": "https://example.com/b.png"}},
                    ]},
                    {"role": "assistant", "content": null, "tool_calls": [
                        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                    {"role": "tool", "tool_call_id": "c1", "content": "ok"},
                ],
            })
        );
    }

    #[test]
    fn what_we_do_not_know_travels_byte_for_byte() {
        let body = br#"{"messages":[],"seed":12345678901234567890123,"x":{"maxTokens": 1.10}}"#;

        let chat = to_openai(body).unwrap();

        assert_eq!(chat.body, &body[..]);
    }

    #[test]
    fn provider_timeout_and_fallbacks_are_ours_and_do_not_travel() {
        let body = br#"{"providerCode":"deepseek","timeoutMs":1500,"messages":[],"user":null,
            "fallbacks":[{"providerCode":"openai"}]}"#;

        let chat = to_openai(body).unwrap();

        assert_eq!(chat.provider.as_deref(), Some("deepseek"));
        assert_eq!(chat.timeout, Some(Duration::from_millis(1500)));
        assert_eq!(chat.fallbacks.len(), 1);
        assert_eq!(chat.body, &br#"{"messages":[]}"#[..]);
    }

    #[test]
    fn each_wrong_field_of_ours_is_named() {
        let cases = [
            (json!({"providerCode": 1}), "providerCode", "must be a text"),
            (json!({"timeoutMs": 0}), "timeoutMs", "must be at least 1"),
            (json!({"timeoutMs": "1s"}), "timeoutMs", "must be a whole number of milliseconds"),
            (json!({"fallbacks": [{}]}), "fallbacks[0].providerCode", "is required"),
            (json!({"n": 2}), "n", "must be 1: an answer has one content"),
            (json!({"topP": 1, "top_p": 1}), "topP", "is given twice, also as `top_p`"),
            (json!([]), "body", "must be a JSON object"),
        ];
        for (body, field, message) in cases {
            assert_eq!(faults(&body), [(field.to_owned(), message.to_owned())], "{body}");
        }
    }

    #[test]
    fn only_a_body_that_is_not_json_is_malformed() {
        for body in [&b"{"[..], b"", b"hello", b"{\"a\":}", b"\xff"] {
            assert_eq!(to_openai(body).unwrap_err().kind, ErrorKind::MalformedJson, "{body:?}");
        }
    }

    #[test]
    fn a_path_in_openais_words_is_told_in_ours() {
        let cases = [
            ("max_tokens", "maxTokens"),
            ("messages[0].tool_calls[1].id", "messages[0].toolCalls[1].id"),
            ("messages.2.content.0.image_url.url", "messages.2.content.0.imageUrl.url"),
            ("temperature", "temperature"),
            ("logit_bias", "logit_bias"),
        ];
        for (theirs, ours) in cases {
            assert_eq!(our_name(theirs), ours);
        }
    }
}
