//! Posts to addresses that an operator wrote into the settings: webhooks.
//!
//! The URL may be a secret and may lead anywhere, so it is never told, only public addresses are
//! asked unless the configuration says otherwise (those that are found are the ones connected to),
//! redirects are answers, and size and time are bounded.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Method, Uri};
use tokio::time::timeout;
use url::Url;

use super::address::{self, BadAddress, LookUpError, Resolver};
use super::exchange::{Exchange, ExchangeError, Outgoing, ReplyBody, chunk};
use super::pool::fetching_client;
use super::tls::Tls;

/// The longest that a post takes, all of it.
const TIME: Duration = Duration::from_secs(10);
/// As much of an answer as is read, in bytes.
const MAX_BYTES: usize = 64 << 10;

/// Sends posts.
#[derive(Clone, Debug)]
pub struct Poster {
    client: Arc<Exchange>,
    may_ask: fn(IpAddr) -> bool,
}

/// What is posted.
#[derive(Clone)]
pub struct Post {
    /// Where to; never told.
    pub url: String,
    /// Headers beside the content's, their names in lower case and their values visible ASCII.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The status.
    pub status: u16,
    /// The beginning of the answer.
    pub body: Bytes,
    /// How long to wait before the next one, where it says so.
    pub retry_after: Option<Duration>,
}

/// Why nothing came back. Never tells the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// The URL cannot be posted to.
    #[error("its address is no http or https URL with a host and without credentials")]
    BadUrl,
    /// The address is on a private network.
    #[error(
        "its address is not a public one; set ALERT_PRIVATE_ADDRESSES=true to allow addresses \
         inside your network"
    )]
    NotPublic,
    /// Its name has no address.
    #[error("its host is not known")]
    UnknownHost,
    /// It did not answer in time.
    #[error("it did not answer within {} seconds", TIME.as_secs())]
    Slow,
    /// The connection could not be made, or broke.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
}

impl Poster {
    /// One that asks public addresses, or all where `takes_private`.
    #[must_use]
    pub fn new(user_agent: &str, takes_private: bool) -> Self {
        let may_ask = address::asks(takes_private);
        let client = fetching_client(user_agent, Resolver { may_ask }, Tls::default());
        Self { client: Arc::new(client), may_ask }
    }

    /// Posts, and reads the answer, whatever its status.
    ///
    /// # Errors
    /// Where there is no answer.
    pub async fn post(&self, post: Post) -> Result<Posted, PostError> {
        timeout(TIME, self.try_post(post)).await.map_err(|_| PostError::Slow)?
    }

    /// The addresses of a host that may be connected to, for what is not sent by HTTP.
    ///
    /// # Errors
    /// `UnknownHost`, `NotPublic`.
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, PostError> {
        let found = timeout(TIME, address::look_up(host, port, self.may_ask)).await;
        found.map_err(|_| PostError::Slow)?.map_err(|error| match error {
            LookUpError::Unknown(_) => PostError::UnknownHost,
            LookUpError::NotPublic(_) => PostError::NotPublic,
        })
    }

    async fn try_post(&self, post: Post) -> Result<Posted, PostError> {
        let url = Url::parse(&post.url).map_err(|_| PostError::BadUrl)?;
        address::check(&url, self.may_ask).map_err(|bad| match bad {
            BadAddress::Url => PostError::BadUrl,
            BadAddress::NotPublic => PostError::NotPublic,
        })?;
        let uri = Uri::try_from(url.as_str()).map_err(|_| PostError::BadUrl)?;
        let mut headers = HeaderMap::with_capacity(post.headers.len() + 4);
        for (name, value) in post.headers {
            let value = HeaderValue::try_from(value).map_err(|_| unsendable(name))?;
            headers.append(HeaderName::from_static(name), value);
        }
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.append(CONTENT_TYPE, json);
        let request = Outgoing { method: Method::POST, uri, headers, body: post.body.into() };
        let response = self.client.send(request).await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs));
        let body = beginning(response.into_body()).await?;
        Ok(Posted { status, body, retry_after })
    }
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("body", &self.body.len()).finish_non_exhaustive()
    }
}

/// As much of the body as is read.
async fn beginning(mut incoming: ReplyBody) -> Result<Bytes, PostError> {
    let mut body = BytesMut::new();
    while let Some(data) = chunk(&mut incoming).await.map_err(|error| failed(&error))? {
        let room = MAX_BYTES - body.len();
        body.extend_from_slice(&data[..data.len().min(room)]);
        if body.len() == MAX_BYTES {
            break;
        }
    }
    Ok(body.freeze())
}

fn unsendable(name: &str) -> PostError {
    PostError::Unreachable(format!("the header {name} cannot be sent"))
}

fn failed(error: &ExchangeError) -> PostError {
    if address::is_not_public(error) {
        return PostError::NotPublic;
    }
    PostError::Unreachable(error.innermost())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use super::*;

    fn post(url: &str) -> Post {
        Post { url: url.to_owned(), headers: Vec::new(), body: b"{}".to_vec() }
    }

    /// The address of a server that gives every request the same reply.
    async fn answering(reply: Vec<u8>) -> (String, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=canary", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let _ = connection.read(&mut [0; 4096]).await;
                let _ = connection.write_all(&reply).await;
            }
        });
        (url, server)
    }

    #[tokio::test]
    async fn private_addresses_are_refused_unless_they_are_allowed() {
        let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec();
        let (url, _server) = answering(reply).await;
        let (closed, open) = (Poster::new("t", false), Poster::new("t", true));

        let named = url.replace("127.0.0.1", "localhost");
        for url in [url.as_str(), &named, "http://[::1]:9/", "http://169.254.169.254/latest"] {
            assert_eq!(closed.post(post(url)).await, Err(PostError::NotPublic), "{url}");
        }
        for bad in ["ftp://example.com/", "https://me:pass@example.com/", "no url"] {
            assert_eq!(open.post(post(bad)).await, Err(PostError::BadUrl), "{bad}");
        }
        assert_eq!(closed.addresses("localhost", 25).await, Err(PostError::NotPublic));
        assert!(!open.addresses("127.0.0.1", 25).await.unwrap().is_empty());
        let answer = open.post(post(&url)).await.unwrap();
        assert_eq!((answer.status, &answer.body[..]), (200, &b"ok"[..]));
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_a_long_answer_is_cut() {
        let open = Poster::new("t", true);
        let moved = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2/\r\nretry-after: 7\r\n\
            content-length: 0\r\n\r\n";
        let (url, _server) = answering(moved.to_vec()).await;
        let answer = open.post(post(&url)).await.unwrap();
        assert_eq!((answer.status, answer.retry_after), (302, Some(Duration::from_secs(7))));

        let mut long = b"HTTP/1.1 500 No\r\ncontent-length: 1000000\r\n\r\n".to_vec();
        long.resize(long.len() + 1_000_000, b'x');
        let (url, _server) = answering(long).await;
        assert_eq!(open.post(post(&url)).await.unwrap().body.len(), MAX_BYTES);
    }

    #[tokio::test]
    async fn a_failure_does_not_tell_the_url() {
        let open = Poster::new("t", true);

        let error = open.post(post("http://127.0.0.1:1/hook?key=canary")).await.unwrap_err();

        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        assert!(!format!("{:?}", post("http://host/canary")).contains("canary"));
    }
}
