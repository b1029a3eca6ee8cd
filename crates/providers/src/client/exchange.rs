//! Requests and replies over connections that are kept: HTTP/1.1, and HTTP/2 where the server
//! offers it in TLS. Redirects are replies like any other.
//!
//! HTTP/1.1 goes by [`driven`](super::driven). HTTP/2, and plain requests through a proxy, go by
//! `hyper-util`'s client: which of the two a server in TLS speaks is known from the first connection
//! on, which is handed over.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT,
};
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::{BoxError, Connector, TooSlow, is_tls};
use super::connection::Connection;
use super::driven::{self, Asked, Driven};
use super::handed::{Handed, Handing};

/// How long a connection is kept that nobody uses.
pub(super) const IDLE: Duration = Duration::from_secs(30);
/// The most connections to a host that are kept without a use: 25 KiB each.
const MAX_IDLE: usize = 256;
/// How many times a request is sent again that a server says it has not looked at.
const MAX_REFUSALS: usize = 2;

/// Sends requests. Its connections belong to the runtime that it is used on.
pub(super) struct Exchange {
    driven: Driven,
    client: Client<Handing, Full<Bytes>>,
    /// For `client`: the servers that speak HTTP/2.
    handed: Arc<Handed>,
    connector: Connector,
    user_agent: Option<HeaderValue>,
}

/// A request, as it goes out.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A reply's body, as it comes.
#[derive(Debug)]
pub(super) enum ReplyBody {
    /// By `hyper-util`'s client.
    Shared(Incoming),
    /// In HTTP/1.1.
    Driven(driven::Body),
}

/// Why there is no reply, or no more of it.
#[derive(Debug)]
pub(super) struct ExchangeError {
    /// Whether there was no connection.
    pub(super) is_connect: bool,
    pub(super) source: BoxError,
}

impl Exchange {
    /// One that keeps the connections that `connector` makes.
    pub(super) fn new(user_agent: &str, connector: Connector) -> Self {
        Self::keeping(MAX_IDLE, user_agent, connector)
    }

    /// One that makes a connection for each request.
    pub(super) fn keeping_none(user_agent: &str, connector: Connector) -> Self {
        Self::keeping(0, user_agent, connector)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes a client")]
    fn keeping(idle: usize, user_agent: &str, connector: Connector) -> Self {
        let handed = Arc::new(Handed::default());
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(idle)
            .build(Handing::new(connector.clone(), Arc::clone(&handed)));
        let driven = Driven::keeping(idle, connector.clone());
        let user_agent = HeaderValue::from_str(user_agent).ok();
        Self { driven, client, handed, connector, user_agent }
    }

    /// Sends a request, and waits for the head of its reply, whatever that says.
    pub(super) async fn send(
        &self,
        mut request: Outgoing,
    ) -> Result<Response<ReplyBody>, ExchangeError> {
        let is_proxied = self.complete(&mut request);
        let request = built(request);
        if is_proxied || self.handed.speaks_http2(request.uri()) {
            return self.share(request).await;
        }
        match self.driven.send(request).await? {
            Asked::Answered(reply) => Ok(reply.map(ReplyBody::Driven)),
            Asked::Http2(request, connection) => {
                self.hand_over(request.uri(), connection);
                self.share(request).await
            }
        }
    }

    /// Has a connection, and all further requests to the server of `uri`, shared, as HTTP/2 is.
    pub(super) fn hand_over(&self, uri: &Uri, connection: Connection) {
        self.handed.put(uri, connection);
    }

    /// Sends a request by `hyper-util`'s client.
    async fn share(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<ReplyBody>, ExchangeError> {
        // HTTP/2, which alone tells of such refusals, is spoken in TLS.
        let mut refusals = if is_tls(request.uri()) { MAX_REFUSALS } else { 0 };
        loop {
            let again = (refusals > 0).then(|| request.clone());
            let error = match self.client.request(request).await {
                Ok(response) => return Ok(response.map(ReplyBody::Shared)),
                Err(error) => error,
            };
            match again.filter(|_| is_refused(&error)) {
                Some(again) => (request, refusals) = (again, refusals - 1),
                None => return Err(error.into()),
            }
        }
    }

    /// Adds what every request says. Whether it is a plain one that goes through a proxy.
    fn complete(&self, request: &mut Outgoing) -> bool {
        let headers = &mut request.headers;
        if let Some(user_agent) = &self.user_agent {
            headers.entry(USER_AGENT).or_insert_with(|| user_agent.clone());
        }
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if is_tls(&request.uri) {
            return false;
        }
        let Some(proxy) = self.connector.proxy(&request.uri) else { return false };
        if let Some(auth) = proxy.basic_auth() {
            headers.insert(PROXY_AUTHORIZATION, auth.clone());
        }
        true
    }
}

/// The next bytes of a reply's body; `None` at its end. Dropping the future loses nothing.
pub(super) async fn chunk(body: &mut ReplyBody) -> Result<Option<Bytes>, ExchangeError> {
    let body = match body {
        ReplyBody::Driven(body) => return Ok(body.chunk().await?),
        ReplyBody::Shared(body) => body,
    };
    while let Some(frame) = body.frame().await {
        // What is no data is a trailer.
        if let Ok(data) = frame?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

impl ReplyBody {
    /// The least number of bytes that are to come.
    pub(super) fn least(&self) -> u64 {
        match self {
            Self::Shared(body) => body.size_hint().lower(),
            Self::Driven(body) => body.least(),
        }
    }
}

fn built(request: Outgoing) -> Request<Full<Bytes>> {
    let mut built = Request::new(Full::new(request.body));
    *built.method_mut() = request.method;
    *built.uri_mut() = request.uri;
    *built.headers_mut() = request.headers;
    built
}

/// Whether the server says that it has not looked at the request: it closes the connection in good
/// order, or takes no more requests on it.
fn is_refused(error: &hyper_util::client::legacy::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<h2::Error>()).any(|error| {
        let is_leaving = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        let is_full = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (is_leaving || is_full)
    })
}

impl ExchangeError {
    /// Whether somebody waited too long.
    pub(super) fn is_timeout(&self) -> bool {
        let timed_out = |cause: &io::Error| cause.kind() == io::ErrorKind::TimedOut;
        causes(self)
            .any(|cause| cause.is::<TooSlow>() || cause.downcast_ref().is_some_and(timed_out))
    }

    /// Whether such an error is among its causes.
    pub(super) fn is_because<E: Error + 'static>(&self) -> bool {
        causes(self).any(|cause| cause.is::<E>())
    }

    /// The innermost cause. What is around it may name the URL.
    pub(super) fn innermost(&self) -> String {
        causes(self).last().map_or_else(String::new, ToString::to_string)
    }
}

/// An error, and what led to it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

impl From<hyper_util::client::legacy::Error> for ExchangeError {
    fn from(error: hyper_util::client::legacy::Error) -> Self {
        Self { is_connect: error.is_connect(), source: error.into() }
    }
}

impl From<hyper::Error> for ExchangeError {
    fn from(error: hyper::Error) -> Self {
        Self { is_connect: false, source: error.into() }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.innermost())
    }
}

impl Error for ExchangeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exchange")
    }
}
