//! Requests in HTTP/1.1 over connections that are driven by whoever waits for the reply.
//!
//! `hyper-util`'s client gives each connection a task of its own, which is woken to write the
//! request, to read the reply's head and to read its body, and each time wakes the caller's task,
//! with all of the server above it. Here hyper's connection lies beside the reply: what comes from
//! the provider wakes the caller alone, and once.
//!
//! HTTP/2, where many requests share a connection, stays with `hyper-util`'s client.

mod body;
mod idle;
mod line;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HOST, HeaderValue};
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::client::conn::TrySendError;
use hyper_util::client::legacy::connect::Connection as _;
use tower_service::Service;

use super::connect::Connector;
use super::connection::Connection;
use super::exchange::ExchangeError;
pub(super) use body::Body;
use idle::Idle;
use line::Line;

/// What goes out.
type Outward = Request<Full<Bytes>>;
/// Whom a connection is to: scheme and host with port.
type Host = (Option<Scheme>, Option<http::uri::Authority>);

/// Asks, and keeps connections.
pub(super) struct Driven {
    connector: Connector,
    idle: Arc<Idle>,
}

/// What a request came to.
pub(super) enum Asked {
    /// The server answers.
    Answered(Response<Body>),
    /// The server speaks HTTP/2 on that new connection. Nothing was sent yet.
    Http2(Outward, Connection),
}

impl Driven {
    /// One that keeps at most so many idle connections to a host.
    pub(super) fn keeping(idle: usize, connector: Connector) -> Self {
        Self { connector, idle: Arc::new(Idle::new(idle)) }
    }

    /// Sends a request straight to its host, and waits for the head of its reply.
    pub(super) async fn send(&self, mut request: Outward) -> Result<Asked, ExchangeError> {
        let to = request.uri().clone();
        let host = (to.scheme().cloned(), to.authority().cloned());
        while let Some(line) = self.idle.take(&host) {
            match self.ask(line, request, &host).await {
                Ok(reply) => return Ok(Asked::Answered(reply)),
                // The server closed it meanwhile, and has seen nothing of the request.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(error.into_error().into()),
                },
            }
            *request.uri_mut() = to.clone();
        }
        let connecting = self.connector.clone().call(to).await;
        let connection = connecting.map_err(|source| ExchangeError { is_connect: true, source })?;
        if connection.connected().is_negotiated_h2() {
            return Ok(Asked::Http2(request, connection));
        }
        let line = Line::open(connection).await?;
        let reply = self.ask(line, request, &host).await;
        Ok(Asked::Answered(reply.map_err(TrySendError::into_error)?))
    }

    async fn ask(
        &self,
        mut line: Line,
        mut request: Outward,
        host: &Host,
    ) -> Result<Response<Body>, TrySendError<Outward>> {
        if let Some(name) = host_header(request.uri()) {
            request.headers_mut().entry(HOST).or_insert(name);
        }
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.unwrap_or_else(|| PathAndQuery::from_static("/")).into();
        let reply = line.ask(request).await?;
        Ok(reply.map(|body| Body::new(body, line, host.clone(), Arc::clone(&self.idle))))
    }
}

/// The host as HTTP/1.1 names it: with its port, unless that is the scheme's own.
fn host_header(uri: &Uri) -> Option<HeaderValue> {
    let host = uri.host()?;
    let own = if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
    match uri.port_u16().filter(|port| *port != own) {
        Some(port) => HeaderValue::try_from(format!("{host}:{port}")).ok(),
        None => HeaderValue::from_str(host).ok(),
    }
}
