//! A streamed answer in Anthropic's dialect.

use std::future::ready;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tollgate_domain::RequestId;
use tollgate_gateway::{CallEvent, CallStream};

use crate::error::ApiError;
use crate::sse_body::{KEEP_ALIVE, data, named};

/// What is written for each event of `stream`, which answers `request`.
pub(super) fn frames(
    stream: CallStream,
    request: RequestId,
) -> impl Stream<Item = Bytes> + 'static {
    stream.filter_map(move |event| ready(frame(event, request)))
}

/// An event as it came, under its name. A failure is an event `error`; nothing follows the last
/// event, which `message_stop` is in a complete answer.
fn frame(event: CallEvent, request: RequestId) -> Option<Bytes> {
    match event {
        CallEvent::Event(event) => Some(match &event.name {
            Some(name) => named(name, &event.data),
            None => data(&event.data),
        }),
        CallEvent::KeepAlive => Some(KEEP_ALIVE),
        CallEvent::End(_) => None,
        CallEvent::Failed(error) => {
            let body = serde_json::to_vec(&ApiError::from(error).anthropic(request));
            Some(named("error", &body.expect("an error body is plain data")))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tollgate_domain::chat::{ChatEvent, EventFacts};
    use tollgate_domain::failure::{Failure, FailureClass};
    use tollgate_gateway::CallError;

    use super::*;

    fn id() -> RequestId {
        RequestId::new(DateTime::UNIX_EPOCH)
    }

    #[test]
    fn an_event_keeps_its_name_and_its_bytes() {
        let event = |name: Option<&'static str>| {
            CallEvent::Event(ChatEvent {
                name: name.map(Bytes::from),
                data: Bytes::from_static(b"{\"type\": \"ping\"}"),
                facts: EventFacts::default(),
            })
        };

        assert_eq!(
            frame(event(Some("ping")), id()).unwrap(),
            &b"event: ping\ndata: {\"type\": \"ping\"}\n\n"[..]
        );
        assert_eq!(frame(event(None), id()).unwrap(), &b"data: {\"type\": \"ping\"}\n\n"[..]);
        assert_eq!(frame(CallEvent::KeepAlive, id()), Some(KEEP_ALIVE));
    }

    #[test]
    fn a_failure_is_an_event_of_that_name_with_anthropics_error() {
        let id = id();
        let failure = Failure::new(FailureClass::AfterContent, "the stream was cut");

        let frame = frame(CallEvent::Failed(CallError::Provider(failure)), id).unwrap();

        let told = format!(
            "event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"api_error\",\
             \"message\":\"the stream was cut\",\"details\":{{\"error_code\":\"provider_error\"}}}},\
             \"request_id\":\"{id}\"}}\n\n"
        );
        assert_eq!(frame, told.as_bytes());
    }
}
