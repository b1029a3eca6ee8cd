//! Server-sent events as a response body.
//!
//! A body is pulled by the connection: while a reader is slow nothing is asked of the stream
//! behind it, so that at most the connection's write buffer is held. Dropping the body drops the
//! stream, which is how a caller who leaves cancels what is behind it.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

/// The end of a stream in OpenAI's dialect and ours.
pub(crate) const DONE: Bytes = Bytes::from_static(b"data: [DONE]\n\n");
/// A comment, which readers skip and proxies take for a sign of life.
pub(crate) const KEEP_ALIVE: Bytes = Bytes::from_static(b": keep-alive\n\n");
/// How long a stream is silent before a comment is sent.
pub(crate) const SILENCE: Duration = Duration::from_secs(15);

/// An unnamed event; `data` is one line.
pub(crate) fn data(data: &[u8]) -> Bytes {
    frame(b"data: ", data)
}

/// An event with a name; both are one line.
pub(crate) fn named(name: impl AsRef<[u8]>, data: &[u8]) -> Bytes {
    frame(&[b"event: ", name.as_ref(), b"\ndata: "].concat(), data)
}

fn frame(head: &[u8], data: &[u8]) -> Bytes {
    debug_assert!(!data.contains(&b'\n') && !data.contains(&b'\r'), "data is one line");
    let mut frame = BytesMut::with_capacity(head.len() + data.len() + 2);
    frame.put_slice(head);
    frame.put_slice(data);
    frame.put_slice(b"\n\n");
    frame.freeze()
}

/// A response whose body is `frames`, each sent as soon as it is there, with comments in between
/// when nothing comes for [`SILENCE`].
pub(crate) fn response(
    head: &mut HttpResponseBuilder,
    frames: impl Stream<Item = Bytes> + 'static,
) -> HttpResponse {
    head.insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(kept_alive(frames, SILENCE).map(Ok::<_, Infallible>))
}

/// `frames`, with a comment whenever none comes for `silence`.
pub(crate) fn kept_alive(
    frames: impl Stream<Item = Bytes> + 'static,
    silence: Duration,
) -> impl Stream<Item = Bytes> + 'static {
    let frames = Box::pin(frames);
    futures_util::stream::unfold(frames, move |mut frames| async move {
        match timeout(silence, frames.next()).await {
            Ok(frame) => frame.map(|frame| (frame, frames)),
            Err(_) => Some((KEEP_ALIVE, frames)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_its_data_and_a_blank_line() {
        assert_eq!(data(b"{}"), &b"data: {}\n\n"[..]);
        assert_eq!(named("error", b"{}"), &b"event: error\ndata: {}\n\n"[..]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_comment_is_sent_after_fifteen_seconds_of_silence_and_no_event_is_lost() {
        let slow = async_stream::stream! {
            yield data(b"1");
            tokio::time::sleep(Duration::from_secs(32)).await;
            yield data(b"2");
        };

        let frames: Vec<Bytes> = kept_alive(slow, SILENCE).collect().await;

        assert_eq!(frames, [data(b"1"), KEEP_ALIVE, KEEP_ALIVE, data(b"2")]);
    }

    #[tokio::test]
    async fn nothing_is_pulled_before_the_reader_asks() {
        let pulled = std::rc::Rc::new(std::cell::Cell::new(0));
        let counter = pulled.clone();
        let source = futures_util::stream::repeat_with(move || {
            counter.set(counter.get() + 1);
            data(b"x")
        });

        let mut frames = Box::pin(kept_alive(source, SILENCE));
        frames.next().await;
        frames.next().await;

        assert_eq!(pulled.get(), 2);
    }
}
