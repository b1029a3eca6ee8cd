//! The request as an upstream wants it.

use bytes::Bytes;
use serde_json::Value;
use tollgate_domain::chat::{ChatCall, Dialect};
use tollgate_domain::failure::Failure;

use crate::error::transient;
use crate::protocol::Target;
use crate::splice::{Edit, Fields};
use crate::translate::openai_to_anthropic;

/// Fields that a provider's default parameters cannot set. The longest answer is chosen before.
const RESERVED: [&str; 5] = ["model", "messages", "system", "stream", "max_tokens"];
const SAMPLING: [&str; 3] = ["temperature", "top_p", "top_k"];

/// The body that asks `call` of `target`. Fails at what the caller's dialect can say and
/// Anthropic's cannot.
pub(super) fn body(call: &ChatCall, target: &Target<'_>) -> Result<Bytes, Failure> {
    let translated = match call.dialect {
        Dialect::Anthropic => return Err(transient("not spoken")),
        Dialect::OpenAi => openai_to_anthropic::request(&call.body, target)?,
    };
    if !translated.notes.is_empty() {
        let fields = translated.notes.join(", ");
        tracing::debug!(request_id = %call.request_id, fields, "fields were dropped in translation");
    }
    let unwritable = |_| transient("the request cannot be written");
    let text = serde_json::to_string(&translated.request).map_err(unwritable)?;
    let fields = Fields::parse(&text).map_err(unwritable)?;
    let edited = fields.edited(&edits(&fields, target));
    Ok(Bytes::from(edited.unwrap_or(text)))
}

/// What the provider's row adds and takes away.
fn edits<'a>(fields: &Fields<'_>, target: &Target<'a>) -> Vec<Edit<'a>> {
    let upstream = target.upstream;
    let samples = target.constraints.get("sampling_params").and_then(|it| it.as_bool());
    let thinks = thinks(fields, target);
    let is_refused = |name: &str| (thinks || samples == Some(false)) && SAMPLING.contains(&name);
    let is_stripped = |name: &String| upstream.quirks.strip.contains(name);
    let defaults = upstream.default_params.iter().filter(|(name, _)| {
        fields.get(name).is_none()
            && !RESERVED.contains(&name.as_str())
            && !is_refused(name)
            && !is_stripped(name)
    });
    let stripped = upstream.quirks.strip.iter().map(String::as_str);
    let stripped = stripped.chain(SAMPLING.into_iter().filter(|_| thinks)).map(Edit::remove);
    defaults
        .map(|(name, value)| Edit::set(name.as_str(), value.to_string()))
        .chain(stripped)
        .collect()
}

/// Whether the model will be told to think, beside which it takes no sampling; the row may say so
/// where the caller is silent.
fn thinks(fields: &Fields<'_>, target: &Target<'_>) -> bool {
    let asked = fields.get("thinking").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let thinking = asked.as_ref().or_else(|| target.upstream.default_params.get("thinking"));
    let kind = thinking.and_then(|thinking| thinking["type"].as_str());
    let is_stripped = target.upstream.quirks.strip.iter().any(|name| name == "thinking");
    matches!(kind, Some("enabled" | "adaptive")) && !is_stripped
}
