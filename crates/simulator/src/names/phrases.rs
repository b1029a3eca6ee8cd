//! The words names are made of.

use std::time::Duration;

use bytes::Bytes;

use self::Sets::{Error, Number, Place as At, Plain};
use crate::behaviour::{Behaviour, LineEnd, StreamStyle, UsageStyle};
use crate::error_reply::ErrorReply;
use crate::faults::{Fault, Place};

/// Time between the comments of `alive`, and between the bytes of `drip`.
const COMMENT_PAUSE: Duration = Duration::from_secs(1);
const DRIP_PAUSE: Duration = Duration::from_millis(10);

/// Words of a name and what they do.
pub(super) struct Phrase {
    pub(super) words: &'static str,
    pub(super) means: &'static str,
    pub(super) sets: Sets,
}

/// What must follow the words, and what they set.
pub(super) enum Sets {
    Plain(fn(&mut Behaviour)),
    /// A number must follow.
    Number(fn(&mut Behaviour, u64)),
    /// A place may follow; otherwise it is this one.
    Place(Place, fn(Place) -> Fault),
    /// The name of an error must follow.
    Error(fn(ErrorReply) -> Fault),
}

/// All words, in the order help tells them.
pub(super) static PHRASES: &[Phrase] = &[
    phrase(
        "fast",
        "at once, whatever the simulator's default is",
        Plain(|it| *it = it.clone().latency(Duration::ZERO).tokens_per_second(f64::INFINITY)),
    ),
    phrase(
        "slow",
        "2 seconds of latency, 10 tokens per second",
        Plain(|it| *it = it.clone().latency(Duration::from_secs(2)).tokens_per_second(10.0)),
    ),
    phrase(
        "latency",
        "latency-N: N milliseconds before the status line",
        Number(|it, number| it.latency = Some(Duration::from_millis(number))),
    ),
    phrase(
        "silent",
        "silent-N: N seconds of silence once the stream is open, before its content",
        Number(|it, number| it.silence = Some(Duration::from_secs(number))),
    ),
    phrase(
        "rate",
        "rate-N: N tokens per second",
        Number(|it, number| it.tokens_per_second = Some(number as f64)),
    ),
    phrase(
        "first",
        "first-N: the fault hits the first N calls of this name, the next succeed",
        Number(|it, number| it.fault_first = u32::try_from(number).ok()),
    ),
    phrase(
        "cached",
        "cached-N: N prompt tokens came from the cache",
        Number(|it, number| it.cached_tokens = number),
    ),
    phrase(
        "error",
        "error-NAME: this error, by status or by name (see below)",
        Error(Fault::Error),
    ),
    phrase(
        "error-first",
        "error-first-NAME: status 200, and this error is the first event",
        Error(|error| Fault::ErrorEvent(Place::Start, error)),
    ),
    phrase(
        "error-middle",
        "error-middle-NAME: status 200, and this error after half of the content",
        Error(|error| Fault::ErrorEvent(Place::Middle, error)),
    ),
    phrase(
        "cut",
        "cut[-PLACE]: the connection breaks there, or in the middle",
        At(Place::Middle, Fault::Cut),
    ),
    phrase(
        "end",
        "end[-PLACE]: the body ends there as if complete, or before the finish reason",
        At(Place::Finish, Fault::End),
    ),
    phrase(
        "stall",
        "stall[-PLACE]: nothing comes from there on, or after the head",
        At(Place::Start, |place| Fault::Stall(place, None)),
    ),
    phrase(
        "alive",
        "alive[-PLACE]: the same, with a keep-alive comment each second",
        At(Place::Start, |place| Fault::Stall(place, Some(COMMENT_PAUSE))),
    ),
    phrase(
        "wrong-json",
        "wrong-json[-PLACE]: broken JSON there, or in the middle",
        At(Place::Middle, Fault::WrongJson),
    ),
    phrase("html", "a page of HTML with status 200", Plain(|it| it.fault = Some(Fault::html(200)))),
    phrase("empty", "status 200 and an empty body", Plain(|it| it.fault = Some(empty()))),
    phrase(
        "huge-line",
        "a line of 9 MiB",
        Plain(|it| it.fault = Some(Fault::HugeLine(9 * 1024 * 1024))),
    ),
    phrase(
        "no-stream",
        "a whole JSON answer to a stream request",
        Plain(|it| it.stream = StreamStyle::Never),
    ),
    phrase(
        "always-stream",
        "a stream nobody asked for",
        Plain(|it| it.stream = StreamStyle::Always),
    ),
    phrase(
        "type-text",
        "claims text/plain",
        Plain(|it| it.wire.content_type = Some("text/plain".into())),
    ),
    phrase(
        "type-json",
        "claims application/json",
        Plain(|it| it.wire.content_type = Some("application/json".into())),
    ),
    phrase("no-usage", "tells no usage", Plain(|it| it.usage = UsageStyle::Never)),
    phrase(
        "choice-usage",
        "tells usage in choices[0] of the last chunk (Moonshot)",
        Plain(|it| it.usage = UsageStyle::InChoice),
    ),
    phrase(
        "empty-ids",
        "later fragments of tool calls have empty ids (Qwen)",
        Plain(|it| it.empty_tool_ids = true),
    ),
    phrase("no-done", "ends a stream without [DONE]", Plain(|it| it.wire.no_done = true)),
    phrase(
        "blank-lines",
        "blank lines before a whole answer (DeepSeek)",
        Plain(|it| it.wire.blank_lines = true),
    ),
    phrase(
        "comments",
        "a keep-alive comment before each event (OpenRouter, DeepSeek)",
        Plain(|it| it.wire.comments = true),
    ),
    phrase("crlf", "lines of a stream end in CRLF", Plain(|it| it.wire.line_end = LineEnd::CrLf)),
    phrase("cr", "lines of a stream end in CR", Plain(|it| it.wire.line_end = LineEnd::Cr)),
    phrase("bom", "a byte order mark opens the stream", Plain(|it| it.wire.bom = true)),
    phrase(
        "bytes",
        "bytes-N: sends N bytes at a time",
        Number(|it, number| it.wire.bytes_at_a_time = usize::try_from(number).ok()),
    ),
    phrase("drip", "sends a byte each 10 milliseconds", Plain(drip)),
];

/// The names of places.
pub(super) static PLACES: &[(&str, Place, &str)] = &[
    ("head", Place::Head, "before the status line"),
    ("start", Place::Start, "after the head, before the first event"),
    ("opening", Place::Opening, "after the first event, which has no content"),
    ("middle", Place::Middle, "after half of the content"),
    ("finish", Place::Finish, "after the content, before the finish reason"),
    ("done", Place::Done, "after the finish reason, before usage and [DONE]"),
];

const fn phrase(words: &'static str, means: &'static str, sets: Sets) -> Phrase {
    Phrase { words, means, sets }
}

fn empty() -> Fault {
    let content_type = "application/json".to_owned();
    Fault::Body { status: 200, content_type, body: Bytes::new() }
}

fn drip(behaviour: &mut Behaviour) {
    behaviour.wire.bytes_at_a_time = Some(1);
    behaviour.wire.piece_pause = Some(DRIP_PAUSE);
}
