//! Requests and replies over connections that are kept: HTTP/1.1, and HTTP/2 where the server
//! offers it in TLS. Redirects are replies like any other.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT,
};
use http::{Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::{BoxError, Connector, TooSlow, is_tls};

/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(30);
/// The most connections to a host that are kept without a use: 25 KiB each.
const MAX_IDLE: usize = 256;
/// How many times a request is sent again that a server says it has not looked at.
const MAX_REFUSALS: usize = 2;

/// Sends requests. Its connections belong to the runtime that it is used on.
pub(super) struct Exchange {
    client: Client<Connector, Full<Bytes>>,
    connector: Connector,
    user_agent: Option<HeaderValue>,
}

/// A request, as it goes out.
#[derive(Clone)]
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why there is no reply, or no more of it.
#[derive(Debug)]
pub(super) struct ExchangeError {
    /// Whether there was no connection.
    pub(super) is_connect: bool,
    source: BoxError,
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

    fn keeping(idle: usize, user_agent: &str, connector: Connector) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(idle)
            .build(connector.clone());
        Self { client, connector, user_agent: HeaderValue::from_str(user_agent).ok() }
    }

    /// Sends a request, and waits for the head of its reply, whatever that says.
    pub(super) async fn send(
        &self,
        mut request: Outgoing,
    ) -> Result<Response<Incoming>, ExchangeError> {
        self.complete(&mut request);
        // HTTP/2, which alone tells of such refusals, is spoken in TLS.
        let mut refusals = if is_tls(&request.uri) { MAX_REFUSALS } else { 0 };
        loop {
            let again = (refusals > 0).then(|| request.clone());
            let error = match self.client.request(built(request)).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match again.filter(|_| is_refused(&error)) {
                Some(again) => (request, refusals) = (again, refusals - 1),
                None => return Err(error.into()),
            }
        }
    }

    /// Adds what every request says.
    fn complete(&self, request: &mut Outgoing) {
        let headers = &mut request.headers;
        if let Some(user_agent) = &self.user_agent {
            headers.entry(USER_AGENT).or_insert_with(|| user_agent.clone());
        }
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if is_tls(&request.uri) {
            return;
        }
        let proxy = self.connector.proxy(&request.uri);
        if let Some(auth) = proxy.as_ref().and_then(|proxy| proxy.basic_auth()) {
            headers.insert(PROXY_AUTHORIZATION, auth.clone());
        }
    }
}

/// The next bytes of a reply's body; `None` at its end.
pub(super) async fn chunk(body: &mut Incoming) -> Result<Option<Bytes>, ExchangeError> {
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => {
                // What is no data is a trailer.
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Err(error) => return Err(ExchangeError { is_connect: false, source: error.into() }),
        }
    }
    Ok(None)
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
