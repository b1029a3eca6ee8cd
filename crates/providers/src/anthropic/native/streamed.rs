//! A whole answer that came where a stream was asked for, as the events of that stream. Fields and
//! blocks that are not known here keep their bytes.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::failure::Failure;

use crate::anthropic::failure::unreadable;
use crate::splice::{Edit, Fields, quoted};
use crate::sse::SseEvent;

/// What the last event but one tells of the answer.
const ENDING: [&str; 4] = ["stop_reason", "stop_sequence", "stop_details", "container"];

/// The events that the message in `body` would have been streamed in.
pub(in crate::anthropic) fn streamed(body: &[u8]) -> Result<Vec<SseEvent>, Failure> {
    let unreadable = || unreadable("the provider's answer cannot be read");
    let text = str::from_utf8(body).map_err(|_| unreadable())?;
    let fields = Fields::parse(text).map_err(|_| unreadable())?;
    let content = fields.get("content").unwrap_or("[]");
    let blocks: Vec<&RawValue> = serde_json::from_str(content).map_err(|_| unreadable())?;

    let begun = [
        Edit::set("content", "[]"),
        Edit::set("stop_reason", "null"),
        Edit::set("stop_sequence", "null"),
    ];
    let begun = fields.edited(&begun).unwrap_or_else(|| text.to_owned());
    let mut events = vec![event("message_start", &format!(r#","message":{}"#, begun.trim()))];
    for (index, block) in blocks.iter().enumerate() {
        push_block(index, block.get(), &mut events);
    }
    let ending = ENDING.iter().filter_map(|name| Some((name, fields.get(name)?)));
    let ending: Vec<String> = ending.map(|(name, value)| format!("\"{name}\":{value}")).collect();
    let usage = fields.get("usage").map(|usage| format!(r#","usage":{usage}"#));
    let ending = format!(r#","delta":{{{}}}{}"#, ending.join(","), usage.unwrap_or_default());
    events.push(event("message_delta", &ending));
    events.push(event("message_stop", ""));
    Ok(events)
}

/// The parts of a block that are streamed apart from it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts<'a> {
    text: Option<String>,
    thinking: Option<String>,
    signature: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

fn push_block(index: usize, block: &str, events: &mut Vec<SseEvent>) {
    let parts: Parts<'_> = serde_json::from_str(block).unwrap_or_default();
    let mut emptied = Vec::new();
    let mut deltas = Vec::new();
    let texts = [
        ("text", "text_delta", "text", parts.text),
        ("thinking", "thinking_delta", "thinking", parts.thinking),
        ("signature", "signature_delta", "signature", parts.signature),
        (
            "input",
            "input_json_delta",
            "partial_json",
            parts.input.map(|json| json.get().to_owned()),
        ),
    ];
    for (field, kind, name, text) in texts {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let delta = format!(r#"{{"type":"{kind}","{name}":{}}}"#, quoted(&text));
            deltas.push(event(
                "content_block_delta",
                &format!(r#","index":{index},"delta":{delta}"#),
            ));
            emptied.push(Edit::set(field, if field == "input" { "{}" } else { r#""""# }));
        }
    }
    let start = Fields::parse(block).ok().and_then(|fields| fields.edited(&emptied));
    let start = start.as_deref().unwrap_or(block);
    events.push(event(
        "content_block_start",
        &format!(r#","index":{index},"content_block":{start}"#),
    ));
    events.extend(deltas);
    events.push(event("content_block_stop", &format!(r#","index":{index}"#)));
}

fn event(name: &'static str, rest: &str) -> SseEvent {
    let data = Bytes::from(format!(r#"{{"type":"{name}"{rest}}}"#));
    SseEvent { name: Some(Bytes::from_static(name.as_bytes())), data }
}
