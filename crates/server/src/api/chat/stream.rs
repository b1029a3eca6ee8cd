//! A streamed answer in our words.

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tollgate_domain::RequestId;
use tollgate_gateway::{CallEvent, CallStream};

use super::event::EventWriter;
use super::in_our_words;
use crate::error::ApiError;
use crate::sse_body::{DONE, KEEP_ALIVE, data, named};

/// What is written for each event of `stream`; the last one is `[DONE]`, or an `error` event.
pub(super) fn frames(
    mut stream: CallStream,
    request: RequestId,
) -> impl Stream<Item = Bytes> + 'static {
    let mut writer = EventWriter::default();
    async_stream::stream! {
        while let Some(event) = stream.next().await {
            match write(&mut writer, event) {
                Ok(frames) => {
                    for frame in frames {
                        yield frame;
                    }
                }
                Err(error) => {
                    if let Some(cause) = &error.cause {
                        tracing::error!(request.id = %request, %cause, "a stream broke off here");
                    }
                    yield error_frame(&error, request);
                    return;
                }
            }
        }
    }
}

fn write(writer: &mut EventWriter, event: CallEvent) -> Result<Vec<Bytes>, ApiError> {
    let frames = match event {
        CallEvent::Event(event) => {
            let event = writer.event(&event.data).map_err(ApiError::internal)?;
            event.iter().map(|event| data(event)).collect()
        }
        CallEvent::KeepAlive => vec![KEEP_ALIVE],
        CallEvent::End(summary) => {
            let last = writer.last(summary.finish_reason, &summary.usage, summary.cost);
            vec![data(&last.map_err(ApiError::internal)?), DONE]
        }
        CallEvent::Failed(error) => return Err(in_our_words(error.into())),
    };
    Ok(frames)
}

fn error_frame(error: &ApiError, request: RequestId) -> Bytes {
    let body = serde_json::to_vec(&error.envelope(request));
    named("error", &body.expect("an error body is plain data"))
}
