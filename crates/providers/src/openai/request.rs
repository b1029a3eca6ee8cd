//! The request as a provider wants it: the caller's bytes with the fewest edits.

mod built_in;

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::failure::{Failure, FailureClass};

use crate::protocol::Target;
use crate::quirks::{MaxTokensField, Quirks};
use crate::splice::{Edit, Edits, Fields, edited_items, names, quoted};
use crate::translate::anthropic_to_openai;

/// Fields that a provider's default parameters cannot set.
const RESERVED: [&str; 4] = ["model", "messages", "stream", "stream_options"];
/// What a model that refuses sampling refuses, and an answer does without.
const SAMPLING: [&str; 5] =
    ["temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty"];

/// The body that asks `call` of `target`; the caller's own bytes where nothing has to change.
pub(super) fn body(call: &ChatCall, target: &Target<'_>) -> Result<Bytes, Failure> {
    let unreadable = || Failure::new(FailureClass::ClientFault, "the body is not a JSON object");
    let body = in_our_dialect(call, target)?;
    let text = str::from_utf8(&body).map_err(|_| unreadable())?;
    let fields = Fields::parse(text).map_err(|_| unreadable())?;
    let mut edits = Edits::default();
    if !names(fields.get("model"), target.model_code) {
        edits.set("model", quoted(target.model_code));
    }
    if call.endpoint == Endpoint::Chat {
        chat(call, target, &fields, &mut edits);
        if target.upstream.quirks.built_in_tools_as_fields {
            built_in::as_fields(call, &fields, &mut edits)?;
        }
    }
    for name in &target.upstream.quirks.strip {
        edits.remove(name);
    }
    Ok(edits.made(&fields).map_or_else(|| body.clone(), Bytes::from))
}

/// The body in OpenAI's dialect: the caller's own, if it is theirs. Fails at what Anthropic's can
/// say and OpenAI's cannot.
fn in_our_dialect(call: &ChatCall, target: &Target<'_>) -> Result<Bytes, Failure> {
    if call.dialect == Dialect::OpenAi {
        return Ok(call.body.clone());
    }
    let translated = anthropic_to_openai::request(&call.body, target)?;
    if !translated.notes.is_empty() {
        let fields = translated.notes.join(", ");
        tracing::debug!(request_id = %call.request_id, fields, "fields were dropped in translation");
    }
    Ok(Bytes::from(translated.body))
}

fn chat<'a>(call: &ChatCall, target: &'a Target<'_>, fields: &Fields<'a>, edits: &mut Edits<'a>) {
    let upstream = target.upstream;
    for (name, value) in &upstream.default_params {
        let is_said = fields.get(name).is_some() || is_max_tokens(name) && says_max_tokens(fields);
        if !is_said && !RESERVED.contains(&name.as_str()) {
            edits.set(name, value.to_string());
        }
    }
    stream_options(call, fields, &upstream.quirks, edits);
    let is = |name: &str, wanted: bool| {
        target.constraints.get(name).and_then(Value::as_bool) == Some(wanted)
    };
    let reasons = is("reasoning", true);
    // OpenAI's models take sampling when they are told not to reason.
    let effort = edits.value_of("reasoning_effort");
    let samples = upstream.quirks.reasoning_sampling
        || names(effort.as_deref().or_else(|| fields.get("reasoning_effort")), "none");
    if is("sampling_params", false) || reasons && !samples {
        SAMPLING.iter().for_each(|name| edits.remove(name));
    }
    max_tokens(fields, &upstream.quirks, reasons, edits);
    shorten(fields, target, reasons, edits);
    if let Some(messages) = fields.get("messages")
        && let Some(messages) = edited_messages(messages, &upstream.quirks)
    {
        edits.set("messages", messages);
    }
}

/// Usage is always asked for, since it is what we account by; without a stream the field is a
/// mistake that providers answer with 400.
fn stream_options<'a>(
    call: &ChatCall,
    fields: &Fields<'a>,
    quirks: &Quirks,
    edits: &mut Edits<'a>,
) {
    if !call.facts.is_stream || quirks.no_stream_options {
        return edits.remove("stream_options");
    }
    let given = fields.get("stream_options").and_then(|options| Fields::parse(options).ok());
    let Some(given) = given else {
        return edits.set("stream_options", r#"{"include_usage":true}"#);
    };
    if let Some(options) = given.edited(&[Edit::set("include_usage", "true")]) {
        edits.set("stream_options", options);
    }
}

/// Sends the longest answer under the name that the provider knows.
fn max_tokens<'a>(fields: &Fields<'a>, quirks: &Quirks, reasons: bool, edits: &mut Edits<'a>) {
    let (wanted, other) = match quirks.max_tokens_field {
        MaxTokensField::AsSent if !reasons => return,
        MaxTokensField::AsSent | MaxTokensField::MaxCompletionTokens => {
            ("max_completion_tokens", "max_tokens")
        }
        MaxTokensField::MaxTokens => ("max_tokens", "max_completion_tokens"),
    };
    let value = edits.value_of(other).or_else(|| fields.get(other).map(Cow::Borrowed));
    let Some(value) = value else { return };
    edits.remove(other);
    if fields.get(wanted).is_none() && edits.value_of(wanted).is_none() {
        edits.set(wanted, value);
    }
}

/// Asks for no longer an answer than the caller can pay for.
fn shorten<'a>(fields: &Fields<'a>, target: &Target<'_>, reasons: bool, edits: &mut Edits<'a>) {
    let quirks = &target.upstream.quirks;
    let mut is_said = false;
    for name in ["max_completion_tokens", "max_tokens"] {
        let Some(asked) = edits.outcome(fields, name) else { continue };
        is_said = true;
        if let Some(shorter) = target.shorter_than(asked.parse().ok()) {
            edits.set(name, shorter.to_string());
        }
    }
    let name = match quirks.max_tokens_field {
        MaxTokensField::MaxTokens => "max_tokens",
        MaxTokensField::AsSent if !reasons => "max_tokens",
        MaxTokensField::AsSent | MaxTokensField::MaxCompletionTokens => "max_completion_tokens",
    };
    if let Some(longest) = target.shorter_than(None).filter(|_| !is_said) {
        edits.set(name, longest.to_string());
    }
}

fn is_max_tokens(name: &str) -> bool {
    matches!(name, "max_tokens" | "max_completion_tokens")
}

fn says_max_tokens(fields: &Fields<'_>) -> bool {
    fields.names().any(is_max_tokens)
}

/// The messages with the quirks' edits; `None` when there are none to make.
fn edited_messages(messages: &str, quirks: &Quirks) -> Option<String> {
    if !(quirks.developer_as_system || quirks.flatten_text_parts || quirks.fill_reasoning_content) {
        return None;
    }
    edited_items(messages, |message| edited_message(message, quirks))
}

fn edited_message(message: &str, quirks: &Quirks) -> Option<String> {
    let fields = Fields::parse(message).ok()?;
    let mut edits = Vec::new();
    if quirks.developer_as_system && names(fields.get("role"), "developer") {
        edits.push(Edit::set("role", r#""system""#));
    }
    if quirks.flatten_text_parts
        && let Some(text) = fields.get("content").and_then(flat_text)
    {
        edits.push(Edit::set("content", quoted(&text)));
    }
    if quirks.fill_reasoning_content
        && fields.get("tool_calls").is_some_and(|calls| calls.starts_with('['))
        && fields.get("reasoning_content").is_none_or(|text| text == "null" || text == r#""""#)
    {
        edits.push(Edit::set("reasoning_content", r#"" ""#));
    }
    fields.edited(&edits)
}

/// The texts of a list of nothing but text parts, a line each.
fn flat_text(content: &str) -> Option<String> {
    if !content.starts_with('[') {
        return None;
    }
    let parts: Vec<Value> = serde_json::from_str(content).ok()?;
    let texts: Option<Vec<&str>> = parts
        .iter()
        .map(|part| if part["type"] == "text" { part["text"].as_str() } else { None })
        .collect();
    texts.map(|texts| texts.join("\n"))
}
