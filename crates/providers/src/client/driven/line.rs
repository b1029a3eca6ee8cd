//! A connection, and the means to drive it.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Connection as Http1, SendRequest, handshake};

use super::Outward;
use crate::client::connection::Connection;

/// A connection to a server.
pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// `None` once it has ended.
    connection: Option<Opened>,
}

/// It has some 700 bytes, which move from request to request.
type Opened = Box<Http1<Connection, Full<Bytes>>>;

impl Line {
    /// The one over those bytes.
    pub(super) async fn open(connection: Connection) -> hyper::Result<Self> {
        let (sender, connection) = handshake(connection).await?;
        Ok(Self { sender, connection: Some(Box::new(connection)) })
    }

    /// Sends a request, and waits for the head of its reply.
    pub(super) async fn ask(
        &mut self,
        request: Outward,
    ) -> Result<Response<Incoming>, TrySendError<Outward>> {
        let mut reply = pin!(self.sender.try_send_request(request));
        let connection = &mut self.connection;
        poll_fn(|cx| drive(connection, cx, |quiet| reply.as_mut().poll(quiet))).await
    }

    /// Goes on with the connection until `read`, which reads from it, comes to something.
    pub(super) fn drive<T>(
        &mut self,
        cx: &mut Context<'_>,
        read: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        drive(&mut self.connection, cx, read)
    }

    /// Whether another request may be sent: the last reply was read to its end, and the connection
    /// stands, as far as is known.
    pub(super) fn is_ready(&mut self) -> bool {
        // Nobody is to be woken for a connection that nobody uses.
        advance(&mut self.connection, &mut Context::from_waker(Waker::noop()));
        self.connection.is_some() && self.sender.is_ready()
    }
}

/// What is read from a connection moves only when that does, so it need wake nobody by itself.
fn drive<T>(
    connection: &mut Option<Opened>,
    cx: &mut Context<'_>,
    mut read: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Poll<T> {
    let mut quiet = Context::from_waker(Waker::noop());
    if let Poll::Ready(read) = read(&mut quiet) {
        return Poll::Ready(read);
    }
    advance(connection, cx);
    if connection.is_some() { read(&mut quiet) } else { read(cx) }
}

/// Reads and writes what can be. How a connection ends is told by what is read from it.
fn advance(connection: &mut Option<Opened>, cx: &mut Context<'_>) {
    if let Some(open) = connection
        && Pin::new(open).poll(cx).is_ready()
    {
        *connection = None;
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}
