//! Connections which a fault can break.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections that can be broken, and numbers them.
pub(crate) struct BreakableListener {
    inner: TcpListener,
    accepted: u64,
}

/// The client's side of a call: which connection it is, and a way to break it.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) connection: u64,
    broken: Arc<AtomicBool>,
}

/// A TCP stream that fails from the moment its peer was broken.
pub(crate) struct Breakable {
    stream: TcpStream,
    peer: Peer,
}

impl BreakableListener {
    pub(crate) fn new(inner: TcpListener) -> Self {
        Self { inner, accepted: 0 }
    }
}

impl Listener for BreakableListener {
    type Io = Breakable;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Breakable, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.inner).await;
        // Without it, small events of a stream wait for each other. A socket which refuses it is still
        // served.
        let _ = stream.set_nodelay(true);
        self.accepted += 1;
        let peer = Peer { connection: self.accepted, broken: Arc::default() };
        (Breakable { stream, peer }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

impl Peer {
    /// Breaks the connection at its next write: nothing of the answer reaches the client.
    pub(crate) fn break_connection(&self) {
        self.broken.store(true, Ordering::Release);
    }

    fn check(&self) -> io::Result<()> {
        match self.broken.load(Ordering::Acquire) {
            true => Err(io::ErrorKind::ConnectionReset.into()),
            false => Ok(()),
        }
    }
}

impl Connected<IncomingStream<'_, BreakableListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, BreakableListener>) -> Self {
        stream.io().peer.clone()
    }
}

impl AsyncRead for Breakable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.peer.check()?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.peer.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.peer.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
