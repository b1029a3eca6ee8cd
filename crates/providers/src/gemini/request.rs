//! The request as an upstream wants it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value};
use tollgate_domain::chat::{ChatCall, Dialect};
use tollgate_domain::failure::Failure;

use super::wire::{Blob, Data, Request};
use crate::error::transient;
use crate::files::{File, Files, RemoteFile};
use crate::protocol::Target;
use crate::splice::{Edit, Fields};
use crate::translate::{anthropic_to_gemini, openai_to_gemini};

/// Default parameters that stand beside `generationConfig`; all others stand in it.
const BESIDE: [&str; 3] = ["safetySettings", "cachedContent", "serviceTier"];
/// What a model with the constraint `sampling_params: false` refuses.
const SAMPLING: [&str; 5] = ["temperature", "topP", "topK", "presencePenalty", "frequencyPenalty"];
/// Names that operators know from other protocols.
const NAMES: [(&str, &str); 7] = [
    ("max_tokens", "maxOutputTokens"),
    ("max_completion_tokens", "maxOutputTokens"),
    ("top_p", "topP"),
    ("top_k", "topK"),
    ("presence_penalty", "presencePenalty"),
    ("frequency_penalty", "frequencyPenalty"),
    ("stop", "stopSequences"),
];

/// A body, or what is missing in it.
#[derive(Debug)]
pub(super) enum Body {
    Ready(Bytes),
    Missing(Vec<RemoteFile>),
}

/// The body that asks `call` of `target`, with `files` inside. Fails at what the caller's dialect
/// can say and Gemini's cannot.
pub(super) fn body(call: &ChatCall, target: &Target<'_>, files: &Files) -> Result<Body, Failure> {
    let mut translated = match call.dialect {
        Dialect::Anthropic => anthropic_to_gemini::request(&call.body, target)?,
        Dialect::OpenAi => openai_to_gemini::request(&call.body, target)?,
    };
    if !translated.notes.is_empty() {
        let fields = translated.notes.join(", ");
        tracing::debug!(request_id = %call.request_id, fields, "fields were dropped in translation");
    }
    let missing = inline(&mut translated.request, files);
    if !missing.is_empty() {
        return Ok(Body::Missing(missing));
    }
    let unwritable = |_| transient("the request cannot be written");
    let text = serde_json::to_string(&translated.request).map_err(unwritable)?;
    let fields = Fields::parse(&text).map_err(unwritable)?;
    let config = fields.get("generationConfig").unwrap_or("{}");
    let config = Fields::parse(config).map_err(unwritable)?;
    let edits = edits(&fields, &config, target);
    Ok(Body::Ready(Bytes::from(fields.edited(&edits).unwrap_or_else(|| text.clone()))))
}

/// Puts `files` where they are wanted; the ones that are not among them are returned.
fn inline(request: &mut Request<'_>, files: &Files) -> Vec<RemoteFile> {
    let mut missing = Vec::new();
    for part in request.contents.iter_mut().flat_map(|turn| &mut turn.parts) {
        let Data::Remote(wanted) = &part.data else { continue };
        match files.get(wanted) {
            Some(File { media_type, data }) => {
                let (mime_type, data) = (media_type.clone(), STANDARD.encode(data));
                part.data = Data::Inline(Blob { mime_type, data });
            }
            None => missing.push(wanted.clone()),
        }
    }
    missing
}

/// What the provider's row adds and takes away.
fn edits<'a>(fields: &Fields<'_>, config: &Fields<'_>, target: &Target<'a>) -> Vec<Edit<'a>> {
    let quirks = &target.upstream.quirks;
    let stripped = quirks.strip.iter().map(|name| native(name));
    let samples = target.constraints.get("sampling_params").and_then(Value::as_bool);
    let refused = SAMPLING.iter().filter(|_| samples == Some(false)).copied();
    let removed: Vec<&str> = stripped.chain(refused).collect();
    let is_kept = |name: &str| !removed.contains(&name);

    let defaults = defaults(&target.upstream.default_params);
    let (beside, inside): (Vec<_>, Vec<_>) =
        defaults.into_iter().partition(|(name, _)| BESIDE.contains(name));
    let wanted = |(name, value): (&'a str, &'a Value), given: &Fields<'_>| {
        let is_new = given.get(name).is_none() && is_kept(name);
        is_new.then(|| Edit::set(name, value.to_string()))
    };
    let mut changes: Vec<Edit<'a>> =
        inside.into_iter().filter_map(|param| wanted(param, config)).collect();
    changes.extend(removed.iter().map(|name| Edit::remove(*name)));
    shorten(config, target, &mut changes);
    let mut edits: Vec<Edit<'a>> =
        beside.into_iter().filter_map(|param| wanted(param, fields)).collect();
    edits.extend(removed.iter().map(|name| Edit::remove(*name)));

    let given = fields.get("generationConfig").unwrap_or("{}");
    edits.push(match config.edited(&changes).unwrap_or_else(|| given.to_owned()) {
        empty if empty == "{}" => Edit::remove("generationConfig"),
        config => Edit::set("generationConfig", config),
    });
    edits
}

/// Asks for no longer an answer than the caller can pay for, nor for more thinking than fits into
/// it.
fn shorten(config: &Fields<'_>, target: &Target<'_>, changes: &mut Vec<Edit<'_>>) {
    let asked = |name: &str, changes: &[Edit<'_>]| -> Option<Value> {
        let change = changes.iter().rev().find(|edit| edit.is_of(name));
        let text = match change {
            Some(change) => change.value()?.into_owned(),
            None => config.get(name)?.to_owned(),
        };
        serde_json::from_str(&text).ok()
    };
    let tokens = asked("maxOutputTokens", changes).and_then(|tokens| tokens.as_i64());
    let Some(longest) = target.shorter_than(tokens) else { return };
    let thinking = asked("thinkingConfig", changes);
    let mut set = |name: &'static str, value: String| {
        changes.retain(|edit| !edit.is_of(name));
        changes.push(Edit::set(name, value));
    };
    set("maxOutputTokens", longest.to_string());
    if let Some(mut thinking) = thinking
        && thinking["thinkingBudget"].as_i64().is_some_and(|budget| budget > longest)
    {
        thinking["thinkingBudget"] = Value::from(longest);
        set("thinkingConfig", thinking.to_string());
    }
}

/// The row's default parameters by their names here; those of a `generationConfig` are single ones.
fn defaults(params: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let config = params.get("generationConfig").and_then(Value::as_object);
    let single = params.iter().filter(|(name, _)| *name != "generationConfig");
    let all = config.into_iter().flatten().chain(single);
    all.map(|(name, value)| (native(name), value)).collect()
}

/// What Gemini calls a field.
fn native(name: &str) -> &str {
    NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, native)| native)
}
