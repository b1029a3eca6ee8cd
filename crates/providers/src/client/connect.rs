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
            return Ok(self.straight(proxy.uri().clone()).await?.through_proxy());
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::client::exchange::{Exchange, Outgoing};

    /// A client that goes through `proxy` except to `direct.invalid`.
    fn through(proxy: &str) -> Exchange {
        let mut connector = Connector::new(Resolver::anywhere(), Tls::default());
        let matcher = Matcher::builder().all(proxy).no("direct.invalid").build();
        Arc::make_mut(&mut connector.inner).proxies = Some(Arc::new(matcher));
        Exchange::new("t", connector)
    }

    fn request(to: &'static str) -> Outgoing {
        let (uri, headers) = (Uri::from_static(to), HeaderMap::new());
        Outgoing { method: Method::GET, uri, headers, body: Bytes::new() }
    }

    /// What a proxy is told first by a request to `to`, in lower case.
    async fn told(to: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let exchange = through(&format!("http://me:secret@{}", listener.local_addr().unwrap()));
        let proxy = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut head = vec![0; 4096];
            let length = connection.read(&mut head).await.unwrap();
            connection.write_all(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            String::from_utf8_lossy(&head[..length]).to_ascii_lowercase()
        };
        let (head, _reply) = tokio::join!(proxy, exchange.send(request(to)));
        head
    }

    #[tokio::test]
    async fn a_proxy_is_told_the_whole_url_of_a_plain_request_and_the_host_alone_of_others() {
        let auth = "proxy-authorization: basic bwu6c2vjcmv0";

        let plain = told("http://h.invalid/v1?a=b").await;
        assert!(plain.starts_with("get http://h.invalid/v1?a=b http/1.1\r\n"), "{plain}");
        assert!(plain.contains(auth), "{plain}");

        let tunnel = told("https://h.invalid/v1").await;
        assert!(tunnel.starts_with("connect h.invalid:443 http/1.1\r\n"), "{tunnel}");
        assert!(tunnel.contains(auth) && !tunnel.contains("/v1"), "{tunnel}");
    }

    #[tokio::test]
    async fn a_host_that_needs_no_proxy_is_asked_itself() {
        let exchange = through("http://127.0.0.1:1");

        let error = exchange.send(request("http://direct.invalid/")).await.unwrap_err();

        assert!(error.is_connect);
        assert!(!error.to_string().contains("refused"), "{error}");
    }
}
