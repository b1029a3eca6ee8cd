//! What can go wrong with an answer, for every protocol alike.

use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;

use crate::error_reply::ErrorReply;
use crate::protocol::Protocol;
use crate::render::{Piece, broken_event, event, named_event, whole};
use crate::reply::{Part, Reply, ReplyBody};
use crate::script::Step;

/// What goes wrong with an answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This error instead of an answer.
    Error(ErrorReply),
    /// Status 200, but the stream has this error at `Place` and ends; a whole answer is the error.
    ErrorEvent(Place, ErrorReply),
    /// These bytes instead of an answer, whatever was asked.
    Body {
        /// The HTTP status.
        status: u16,
        /// The `content-type` header.
        content_type: String,
        /// The body.
        body: Bytes,
    },
    /// The connection breaks there; at [`Place::Head`] no byte is answered.
    Cut(Place),
    /// The body ends there as if it were complete.
    End(Place),
    /// Nothing more is sent from there on, and the connection stays open. With a duration, a stream has
    /// a keep-alive comment at once and then each time it has passed.
    Stall(Place, Option<Duration>),
    /// The event there is broken JSON, the stream goes on; a whole answer stops in its middle.
    WrongJson(Place),
    /// One line of so many bytes in the middle of a stream; a whole answer is made so much longer.
    HugeLine(usize),
}

/// A place in an answer. Whole answers have [`Head`](Self::Head), [`Start`](Self::Start) and the middle
/// of their body, which stands for all the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before the status line.
    Head,
    /// After the head, before the first event.
    Start,
    /// After the first event, which has no content yet.
    Opening,
    /// After half of the content.
    Middle,
    /// After the content, before the finish reason.
    Finish,
    /// After the finish reason, before usage and `[DONE]`.
    Done,
}

impl Fault {
    /// The error of this name, see [`ErrorReply::named`].
    ///
    /// # Panics
    /// When there is none.
    pub fn error(name: &str) -> Self {
        Self::Error(ErrorReply::named(name).unwrap_or_else(|| panic!("no error is named {name:?}")))
    }

    /// The error of this name as an event inside a 200, see [`ErrorReply::named`].
    ///
    /// # Panics
    /// When there is none.
    pub fn error_event(place: Place, name: &str) -> Self {
        match Self::error(name) {
            Self::Error(error) => Self::ErrorEvent(place, error),
            other => other,
        }
    }

    /// A page of HTML with this status, as proxies in front of a provider answer.
    pub fn html(status: u16) -> Self {
        Self::Body {
            status,
            content_type: "text/html; charset=utf-8".to_owned(),
            body: Bytes::from_static(
                b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                  <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
            ),
        }
    }

    /// The same where this protocol is spoken: errors are in its words.
    pub(crate) fn told_in(self, protocol: Protocol) -> Self {
        match self {
            Self::Error(error) => Self::Error(error.told_in(protocol)),
            Self::ErrorEvent(place, error) => Self::ErrorEvent(place, error.told_in(protocol)),
            fault => fault,
        }
    }

    /// The reply which stands in for that of the protocol, if this fault needs none from it.
    pub(crate) fn replacement(&self, key: &str, model: &str) -> Option<Reply> {
        match self {
            Self::Error(error) => Some(error.reply(key, model)),
            Self::Body { status, content_type, body } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::OK);
                Some(Reply::bytes(status, content_type, body.clone(), 0))
            }
            _ => None,
        }
    }

    /// What happens before the status line.
    pub(crate) fn before_head(&self) -> Option<Step> {
        match self {
            Self::Cut(Place::Head) | Self::End(Place::Head) => Some(Step::Cut),
            Self::Stall(Place::Head, _) => Some(Step::Stall(None)),
            _ => None,
        }
    }

    /// Changes which a whole answer needs before it is cut into pieces.
    pub(crate) fn on_whole(&self, body: ReplyBody, key: &str, model: &str) -> ReplyBody {
        match (self, body) {
            (Self::ErrorEvent(_, error), ReplyBody::Whole { tokens, .. }) => {
                ReplyBody::Whole { bytes: error.text(key, model).into(), tokens }
            }
            (Self::WrongJson(_), ReplyBody::Whole { bytes, tokens }) => {
                ReplyBody::Whole { bytes: bytes.slice(..bytes.len() / 2), tokens }
            }
            (Self::HugeLine(size), ReplyBody::Whole { bytes, tokens }) => {
                ReplyBody::Whole { bytes: whole(" ".repeat(*size).as_bytes(), &bytes), tokens }
            }
            (_, body) => body,
        }
    }
}

/// A fault inside a body: before which piece, what happens, and what becomes of the rest.
pub(crate) struct Interruption {
    pub(crate) at: usize,
    pub(crate) steps: Vec<Step>,
    pub(crate) rest: Rest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    Follows,
    FollowsButOne,
    IsDropped,
}

impl Interruption {
    pub(crate) fn of(
        fault: &Fault,
        pieces: &[Piece],
        is_stream: bool,
        key: &str,
        model: &str,
    ) -> Option<Self> {
        let (place, steps, rest) = match fault {
            // What was sent before, be it the head alone, must be on the wire when it breaks.
            Fault::Cut(place) => (*place, vec![Step::Flush, Step::Cut], Rest::IsDropped),
            Fault::End(place) => (*place, Vec::new(), Rest::IsDropped),
            Fault::Stall(place, every) => {
                let every = every.filter(|_| is_stream);
                (*place, vec![Step::Stall(every)], Rest::IsDropped)
            }
            Fault::ErrorEvent(place, error) if is_stream => {
                let name = error.body["type"].as_str();
                let told = named_event(name, &error.text(key, model));
                (*place, vec![Step::Send(told)], Rest::IsDropped)
            }
            Fault::WrongJson(place) if is_stream => {
                (*place, vec![Step::Send(broken_event())], Rest::FollowsButOne)
            }
            Fault::HugeLine(size) if is_stream => {
                let line = format!(r#"{{"choices":[],"padding":"{}"}}"#, "x".repeat(*size));
                (Place::Middle, vec![Step::Send(event(&line)), Step::Flush], Rest::Follows)
            }
            _ => return None,
        };
        Some(Self { at: position(place, pieces), steps, rest })
    }
}

/// Before which piece a place is.
pub(crate) fn position(place: Place, pieces: &[Piece]) -> usize {
    let first = |wanted: fn(Part) -> bool| {
        pieces.iter().position(|piece| wanted(piece.part)).unwrap_or(pieces.len())
    };
    match place {
        Place::Head | Place::Start => 0,
        Place::Opening => first(|part| part > Part::Opening),
        Place::Middle => {
            let content = first(|part| part >= Part::Content);
            let after = first(|part| part > Part::Content);
            content + (after - content).div_ceil(2)
        }
        Place::Finish => first(|part| part >= Part::Finish),
        Place::Done => first(|part| part > Part::Finish),
    }
}
