//! Connections that were made before it was known that their servers speak HTTP/2.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::Authority;
use parking_lot::Mutex;
use tower_service::Service;

use super::connect::{BoxError, Connector};
use super::connection::Connection;

/// The most servers that are remembered. Another one's first connection is made as if nothing were
/// known.
const MAX_SERVERS: usize = 1_024;

/// The servers that speak HTTP/2, and each one's first connection until it is used.
#[derive(Default)]
pub(super) struct Handed {
    servers: Mutex<HashMap<Authority, Option<Connection>>>,
}

/// Makes connections; a server's first one is the one that was handed over.
#[derive(Clone)]
pub(super) struct Handing {
    connector: Connector,
    handed: Arc<Handed>,
}

impl Handed {
    /// Whether the server of `uri` spoke HTTP/2 when it was last connected to.
    pub(super) fn speaks_http2(&self, uri: &Uri) -> bool {
        uri.authority().is_some_and(|server| self.servers.lock().contains_key(server))
    }

    /// Hands over a connection to the server of `uri`, which speaks HTTP/2.
    pub(super) fn put(&self, uri: &Uri, connection: Connection) {
        let Some(server) = uri.authority() else { return };
        let mut servers = self.servers.lock();
        if servers.len() >= MAX_SERVERS && !servers.contains_key(server) {
            servers.clear();
        }
        servers.insert(server.clone(), Some(connection));
    }

    fn take(&self, uri: &Uri) -> Option<Connection> {
        self.servers.lock().get_mut(uri.authority()?)?.take()
    }
}

impl Handing {
    pub(super) const fn new(connector: Connector, handed: Arc<Handed>) -> Self {
        Self { connector, handed }
    }
}

impl Service<Uri> for Handing {
    type Response = Connection;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        match self.handed.take(&to) {
            Some(connection) => Box::pin(std::future::ready(Ok(connection))),
            None => self.connector.call(to),
        }
    }
}
