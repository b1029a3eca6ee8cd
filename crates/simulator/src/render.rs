//! From the parts of an answer to its bytes.

use bytes::{Bytes, BytesMut};

use crate::behaviour::Wire;
use crate::reply::{Event, Part, ReplyBody};

/// The bytes of one part of an answer.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) part: Part,
    pub(crate) bytes: Bytes,
    pub(crate) tokens: u64,
}

/// The pieces of a body: its events, or the two halves of a whole one.
pub(crate) fn pieces(body: ReplyBody, wire: &Wire) -> Vec<Piece> {
    match body {
        ReplyBody::Whole { bytes, .. } => {
            let lead: &[u8] = if wire.blank_lines { b"\n\n\n\n\n" } else { b"" };
            let middle = bytes.len() / 2;
            vec![
                half(Part::Content, whole(lead, &bytes[..middle])),
                half(Part::Closing, bytes.slice(middle..)),
            ]
        }
        ReplyBody::Events(events) => {
            let kept =
                events.into_iter().filter(|event| !(wire.no_done && event.part == Part::Done));
            kept.enumerate().map(|(index, event)| event_piece(index, event, wire)).collect()
        }
    }
}

/// An event with these data, in the plainest layout.
pub(crate) fn event(data: &str) -> Bytes {
    format!("data: {data}\n\n").into()
}

/// The same under a name, in protocols whose data have one.
pub(crate) fn named_event(name: Option<&str>, data: &str) -> Bytes {
    let name = name.map(|name| format!("event: {name}\n")).unwrap_or_default();
    format!("{name}data: {data}\n\n").into()
}

/// An event whose JSON breaks off.
pub(crate) fn broken_event() -> Bytes {
    event(r#"{"id":"chatcmpl-sim","choices":[{"index":0,"delta":{"content":"bro"#)
}

/// Two byte strings as one.
pub(crate) fn whole(lead: &[u8], rest: &[u8]) -> Bytes {
    let mut joined = BytesMut::with_capacity(lead.len() + rest.len());
    joined.extend_from_slice(lead);
    joined.extend_from_slice(rest);
    joined.freeze()
}

fn half(part: Part, bytes: Bytes) -> Piece {
    Piece { part, bytes, tokens: 0 }
}

fn event_piece(index: usize, event: Event, wire: &Wire) -> Piece {
    let end = wire.line_end.text();
    let bom = if wire.bom && index == 0 { "\u{FEFF}" } else { "" };
    let comment = if wire.comments { format!(": keep-alive{end}{end}") } else { String::new() };
    let name = event.name.map(|name| format!("event: {name}{end}")).unwrap_or_default();
    let text = format!("{bom}{comment}{name}data: {}{end}{end}", event.data);
    Piece { part: event.part, bytes: text.into(), tokens: event.tokens }
}
