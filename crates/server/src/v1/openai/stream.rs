//! A streamed answer in OpenAI's dialect.

use std::future::ready;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tollgate_gateway::{CallEvent, CallStream};

use crate::error::ApiError;
use crate::sse_body::{DONE, KEEP_ALIVE, data};

/// What is written for each event of `stream`.
pub(super) fn frames(stream: CallStream, wants_usage: bool) -> impl Stream<Item = Bytes> + 'static {
    stream.filter_map(move |event| ready(frame(event, wants_usage)))
}

/// An event as it came; the usage chunk only for who asked for it, since many clients fall over
/// its empty `choices`. A failure is an unnamed event with an `error`, and no `[DONE]` after it.
fn frame(event: CallEvent, wants_usage: bool) -> Option<Bytes> {
    match event {
        CallEvent::Event(event) if event.facts.is_usage_only && !wants_usage => None,
        CallEvent::Event(event) => Some(data(&event.data)),
        CallEvent::KeepAlive => Some(KEEP_ALIVE),
        CallEvent::End(_) => Some(DONE),
        CallEvent::Failed(error) => {
            let body = serde_json::to_vec(&ApiError::from(error).openai());
            Some(data(&body.expect("an error body is plain data")))
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_domain::chat::{ChatEvent, EventFacts};
    use tollgate_domain::failure::{Failure, FailureClass};
    use tollgate_gateway::CallError;

    use super::*;

    fn event(is_usage_only: bool) -> CallEvent {
        let facts = EventFacts { is_usage_only, ..EventFacts::default() };
        CallEvent::Event(ChatEvent { name: None, data: Bytes::from_static(b"{}"), facts })
    }

    #[test]
    fn the_usage_chunk_is_for_who_asked_for_it() {
        assert_eq!(frame(event(true), false), None);
        assert_eq!(frame(event(true), true), Some(data(b"{}")));
        assert_eq!(frame(event(false), false), Some(data(b"{}")));
    }

    #[test]
    fn a_failure_is_an_unnamed_event_with_openais_error() {
        let failure = Failure::new(FailureClass::AfterContent, "the stream was cut");

        let frame = frame(CallEvent::Failed(CallError::Provider(failure)), true).unwrap();

        assert_eq!(
            frame,
            &b"data: {\"error\":{\"message\":\"the stream was cut\",\"type\":\"server_error\",\
               \"param\":null,\"code\":\"provider_error\"}}\n\n"[..]
        );
    }
}
