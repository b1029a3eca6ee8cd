//! Reading a reply's body.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use hyper::body::{Body as _, Incoming};

use super::Host;
use super::idle::Idle;
use super::line::Line;

/// A reply's body, as it comes. Dropping it before its end closes the connection, so that the server
/// knows that nobody listens.
#[derive(Debug)]
pub(in crate::client) struct Body {
    incoming: Incoming,
    /// The connection that it comes by, and where that is kept afterwards; `None` when the body has
    /// ended.
    line: Option<(Line, Host, Arc<Idle>)>,
}

impl Body {
    pub(super) fn new(incoming: Incoming, line: Line, host: Host, idle: Arc<Idle>) -> Self {
        let mut body = Self { incoming, line: Some((line, host, idle)) };
        if body.incoming.is_end_stream() {
            body.end();
        }
        body
    }

    /// The least number of bytes that are to come.
    pub(in crate::client) fn least(&self) -> u64 {
        self.incoming.size_hint().lower()
    }

    /// The next bytes; `None` at the end. Dropping the future loses nothing.
    pub(in crate::client) async fn chunk(&mut self) -> hyper::Result<Option<Bytes>> {
        while let Some((line, ..)) = &mut self.line {
            let incoming = &mut self.incoming;
            let frame = poll_fn(|cx| line.drive(cx, |cx| Pin::new(&mut *incoming).poll_frame(cx)));
            match frame.await {
                // What is no data is a trailer.
                Some(frame) => {
                    if let Ok(data) = frame?.into_data() {
                        return Ok(Some(data));
                    }
                }
                None => self.end(),
            }
        }
        Ok(None)
    }

    /// Lets go of the connection, for others to use it if they may.
    fn end(&mut self) {
        if let Some((mut line, host, idle)) = self.line.take()
            && line.is_ready()
        {
            idle.put(host, line);
        }
    }
}
