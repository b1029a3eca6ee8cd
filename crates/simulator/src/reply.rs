//! What a protocol wants to say, before delays and faults touch it.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use bytes::Bytes;
use serde_json::Value;

/// An answer: its head, and a body in one or in many parts.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ReplyBody,
}

#[derive(Debug)]
pub(crate) enum ReplyBody {
    /// Everything at once; making it took so many tokens.
    Whole { bytes: Bytes, tokens: u64 },
    /// A server-sent event stream.
    Events(Vec<Event>),
}

/// One event of a stream.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its name, in protocols that name their events.
    pub(crate) name: Option<String>,
    pub(crate) part: Part,
    pub(crate) data: String,
    /// How many tokens had to be made for it.
    pub(crate) tokens: u64,
}

/// Which part of a stream an event belongs to, in the order of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Before any content.
    Opening,
    Content,
    /// Tells why the model stopped.
    Finish,
    /// After that: the usage.
    Closing,
    /// The marker of the end.
    Done,
}

impl Reply {
    pub(crate) fn json(status: StatusCode, body: &Value, tokens: u64) -> Self {
        Self::bytes(status, "application/json", body.to_string().into(), tokens)
    }

    pub(crate) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body, 0)
    }

    pub(crate) fn bytes(status: StatusCode, content_type: &str, bytes: Bytes, tokens: u64) -> Self {
        let body = ReplyBody::Whole { bytes, tokens };
        Self { status, headers: HeaderMap::new(), body }.with_header("content-type", content_type)
    }

    pub(crate) fn events(events: Vec<Event>) -> Self {
        let headers = HeaderMap::from_iter([(
            CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream; charset=utf-8"),
        )]);
        Self { status: StatusCode::OK, headers, body: ReplyBody::Events(events) }
    }

    /// Sets a header; one that HTTP cannot carry is left out.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            self.headers.insert(name, value);
        }
        self
    }
}

impl Event {
    pub(crate) fn new(part: Part, data: &Value) -> Self {
        Self { name: None, part, data: data.to_string(), tokens: 0 }
    }

    pub(crate) fn content(data: &Value) -> Self {
        Self { name: None, part: Part::Content, data: data.to_string(), tokens: 1 }
    }

    pub(crate) fn text(part: Part, data: impl Into<String>) -> Self {
        Self { name: None, part, data: data.into(), tokens: 0 }
    }
}
