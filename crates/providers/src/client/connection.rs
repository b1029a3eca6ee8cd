//! A connection, however it was made.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection as Connects};

/// What bytes go through.
trait Wire: Read + Write + Connects + Send + Unpin {}

impl<T: Read + Write + Connects + Send + Unpin> Wire for T {}

/// A connection to a server, or to a proxy that passes plain requests on.
pub(super) struct Connection {
    wire: Box<dyn Wire>,
    is_to_proxy: bool,
}

impl Connection {
    pub(super) fn new(wire: impl Read + Write + Connects + Send + Unpin + 'static) -> Self {
        Self { wire: Box::new(wire), is_to_proxy: false }
    }

    /// The same, to a proxy, which is told the whole URL.
    pub(super) fn through_proxy(self) -> Self {
        Self { is_to_proxy: true, ..self }
    }
}

impl Connects for Connection {
    fn connected(&self) -> Connected {
        self.wire.connected().proxy(self.is_to_proxy)
    }
}

impl Read for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_read(cx, buffer)
    }
}

impl Write for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.wire.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write_vectored(cx, slices)
    }
}
