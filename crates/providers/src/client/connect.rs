//! How connections are made: straight or through the proxy that the environment names
//! (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`), with TLS where the URL says so.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::time::timeout;
use tower_service::Service;

use super::address::Resolver;
use super::connection::Connection;
use super::tls::Tls;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// How long a connection that carries nothing is not asked whether it still stands.
const TCP_KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Makes connections. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connector {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    tcp: HttpConnector<Resolver>,
    tls: Tls,
    proxies: Option<Arc<Matcher>>,
    limit: Option<Duration>,
}

/// A connection was not there in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it took too long")
    }
}

impl Error for TooSlow {}

impl Connector {
    /// One that finds addresses with `resolver` and knows of no proxy.
    pub(super) fn new(resolver: Resolver, tls: Tls) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(resolver);
        tcp.enforce_http(false);
        // Without it one stream event in a hundred waits 40 ms for an acknowledgement.
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(TCP_KEEP_ALIVE));
        Self { inner: Arc::new(Inner { tcp, tls, proxies: None, limit: None }) }
    }

    /// The same, going through the proxies that the environment names.
    pub(super) fn with_proxies(mut self) -> Self {
        Arc::make_mut(&mut self.inner).proxies = Some(Arc::new(Matcher::from_env()));
        self
    }

    /// The same, giving up after `limit`: name, connection and TLS together.
    pub(super) fn within(mut self, limit: Duration) -> Self {
        Arc::make_mut(&mut self.inner).limit = Some(limit);
        self
    }

    /// The proxy that requests to `uri` go through.
    pub(super) fn proxy(&self, uri: &Uri) -> Option<Intercept> {
        self.inner.proxies.as_ref()?.intercept(uri)
    }

    async fn connect(self, to: Uri) -> Result<Connection, BoxError> {
        let Some(proxy) = self.proxy(&to) else { return self.straight(to).await };
        if !is_tls(&to) {
            return Ok(self.straight(proxy.uri().clone()).await?.to_proxy());
        }
        let straight = Inner { proxies: None, limit: None, ..(*self.inner).clone() };
        let straight = Self { inner: Arc::new(straight) };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), straight);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        let connection = self.inner.tls.over(tunnel)?.call(to).await?;
        Ok(Connection::new(connection))
    }

    async fn straight(&self, to: Uri) -> Result<Connection, BoxError> {
        let mut tcp = self.inner.tcp.clone();
        if is_tls(&to) {
            return Ok(Connection::new(self.inner.tls.over(tcp)?.call(to).await?));
        }
        Ok(Connection::new(tcp.call(to).await?))
    }
}

/// Whether what goes to `uri` is enciphered.
pub(super) fn is_tls(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS)
}

impl Service<Uri> for Connector {
    type Response = Connection;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let (limit, connecting) = (self.inner.limit, self.clone().connect(to));
        Box::pin(async move {
            match limit {
                Some(limit) => timeout(limit, connecting).await.map_err(|_| TooSlow)?,
                None => connecting.await,
            }
        })
    }
}
