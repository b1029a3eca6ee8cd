//! Reading a streamed answer.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use tollgate_domain::Secret;
use tollgate_domain::api_key::KeyLimits;
use tollgate_domain::failure::Failure;

use super::HttpClientOptions;
use super::body::Patience;
use super::exchange::{self, ReplyBody};
use crate::error::{transient, without_secret};
use crate::protocol::{Decoder, StreamItem};
use crate::quote::without_prompt;
use crate::sse::{SseItem, SseReader};

/// How long the end of a body is waited for after its last event.
const DRAIN: Duration = Duration::from_millis(20);

/// A streamed answer. It ends with `None` after a good end; a bad end (an error event, a cut, a
/// wait that took too long) is one `Err` and then `None`. Dropping it ends the request.
pub struct EventStream {
    items: BoxStream<'static, Result<StreamItem, Failure>>,
    limits: KeyLimits,
}

impl EventStream {
    pub(super) fn new(
        body: ReplyBody,
        decoder: Box<dyn Decoder>,
        patience: Patience,
        private: Private,
        limits: KeyLimits,
        options: &HttpClientOptions,
    ) -> Self {
        let source = Source {
            body,
            decoder,
            patience,
            shape: Shape::Unknown,
            sse: SseReader::new(options.max_event_bytes),
            whole: BytesMut::new(),
            max_body_bytes: options.max_body_bytes,
            ready: VecDeque::new(),
            decoded: Vec::new(),
            failure: None,
            is_over: false,
        };
        let items = stream::unfold((source, private), |(mut source, private)| async move {
            let item = source.next().await?;
            let item = item.map_err(|failure| private.leave_out_of(failure));
            Some((item, (source, private)))
        });
        Self { items: items.fuse().boxed(), limits }
    }

    /// The limits that the provider told with the answer's head.
    #[must_use]
    pub const fn limits(&self) -> KeyLimits {
        self.limits
    }
}

/// What no failure of a stream may tell.
pub(super) struct Private {
    /// The key.
    pub(super) secret: Secret<String>,
    /// The request's body.
    pub(super) body: Bytes,
}

impl Private {
    fn leave_out_of(&self, failure: Failure) -> Failure {
        without_prompt(without_secret(failure, self.secret.expose()), &self.body)
    }
}

impl Stream for EventStream {
    type Item = Result<StreamItem, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.poll_next_unpin(cx)
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream")
    }
}

/// What a body turns out to be, whatever its content type claims.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Unknown,
    Events,
    Json,
}

struct Source {
    body: ReplyBody,
    decoder: Box<dyn Decoder>,
    patience: Patience,
    shape: Shape,
    sse: SseReader,
    whole: BytesMut,
    max_body_bytes: usize,
    ready: VecDeque<StreamItem>,
    decoded: Vec<StreamItem>,
    failure: Option<Failure>,
    is_over: bool,
}

impl Source {
    async fn next(&mut self) -> Option<Result<StreamItem, Failure>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(Ok(item));
            }
            if let Some(failure) = self.failure.take() {
                return Some(Err(failure));
            }
            if self.is_over {
                self.drain().await;
                return None;
            }
            let read = match self.patience.chunk(&mut self.body).await {
                Ok(Some(chunk)) => self.take(chunk),
                Ok(None) => self.end(),
                // How a provider hangs up does not matter once it has said all there is to say.
                Err(failure) if self.shape == Shape::Events => self.end().map_err(|_| failure),
                Err(failure) => Err(failure),
            };
            self.hand_over();
            if let Err(failure) = read {
                self.failure = Some(failure);
                self.is_over = true;
            }
        }
    }

    /// Reads the end that follows the last event, so that the connection can be used again; a
    /// provider that takes its time loses the connection.
    async fn drain(&mut self) {
        if self.decoder.is_done() {
            let rest = async { while let Ok(Some(_)) = exchange::chunk(&mut self.body).await {} };
            let _ = timeout(DRAIN, rest).await;
        }
    }

    fn hand_over(&mut self) {
        let has_content =
            |item: &StreamItem| matches!(item, StreamItem::Event(event) if event.facts.has_content);
        if self.decoded.iter().any(has_content) {
            self.patience.content_came();
        }
        self.ready.extend(self.decoded.drain(..));
    }

    fn take(&mut self, chunk: Bytes) -> Result<(), Failure> {
        if self.shape == Shape::Unknown {
            let Some(shape) = shape_of(&chunk)? else {
                self.decoded.push(StreamItem::KeepAlive);
                return Ok(());
            };
            self.shape = shape;
        }
        if self.shape == Shape::Json {
            self.patience.content_came();
            if self.whole.len() + chunk.len() > self.max_body_bytes {
                let limit = self.max_body_bytes;
                return Err(transient(format!("the answer is longer than {limit} bytes")));
            }
            self.whole.extend_from_slice(&chunk);
            return Ok(());
        }
        self.sse.push(chunk);
        self.decode()
    }

    fn decode(&mut self) -> Result<(), Failure> {
        while !self.decoder.is_done() {
            match self.sse.next_item().map_err(|error| transient(error.to_string()))? {
                Some(SseItem::Event(event)) => self.decoder.event(&event, &mut self.decoded)?,
                // A flood of blank lines must not become a flood of items.
                Some(SseItem::Comment) if self.decoded.last() == Some(&StreamItem::KeepAlive) => {}
                Some(SseItem::Comment) => self.decoded.push(StreamItem::KeepAlive),
                None => return Ok(()),
            }
        }
        self.finish()
    }

    /// The body has ended.
    fn end(&mut self) -> Result<(), Failure> {
        if self.shape == Shape::Json {
            self.is_over = true;
            let body = self.whole.split().freeze();
            return self.decoder.whole(&body, &mut self.decoded);
        }
        let last = self.sse.finish().map_err(|error| transient(error.to_string()))?;
        if let Some(event) = last {
            let read = self.decoder.event(&event, &mut self.decoded);
            // A last line that was cut matters only if the answer had not ended before it.
            if read.is_err() && self.finish().is_err() {
                return read;
            }
        }
        self.finish()
    }

    fn finish(&mut self) -> Result<(), Failure> {
        if self.is_over {
            return Ok(());
        }
        self.decoder.end(&mut self.decoded)?;
        self.is_over = true;
        Ok(())
    }
}

/// What a body that begins with `chunk` is; `None` while only white space has come.
fn shape_of(chunk: &[u8]) -> Result<Option<Shape>, Failure> {
    match chunk.trim_ascii_start() {
        [] => Ok(None),
        [b'{' | b'[', ..] => Ok(Some(Shape::Json)),
        // A field name, a comment or a byte order mark.
        [b'a'..=b'z' | b':' | 0xEF, ..] => Ok(Some(Shape::Events)),
        _ => Err(transient("the answer is neither a stream of events nor JSON")),
    }
}
