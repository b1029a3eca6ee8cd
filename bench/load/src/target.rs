//! What is asked, and where.

use std::net::SocketAddr;

use anyhow::{Context, bail};

/// A request that is the same each time, as bytes.
#[derive(Debug)]
pub(crate) struct Target {
    /// Where it goes.
    pub(crate) address: SocketAddr,
    /// All of it: head and body.
    pub(crate) request: Vec<u8>,
    /// Whether its answer is a stream of events.
    pub(crate) is_stream: bool,
}

impl Target {
    /// A POST of this body. Refuses URLs that are not `http://ADDRESS:PORT/PATH`.
    pub(crate) fn new(
        url: &str,
        body: &[u8],
        token: Option<&str>,
        is_stream: bool,
    ) -> anyhow::Result<Self> {
        let Some((address, path)) = url.strip_prefix("http://").and_then(|url| url.split_once('/'))
        else {
            bail!("--url {url} is not http://ADDRESS:PORT/PATH");
        };
        let bearer =
            token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
        let length = body.len();
        let mut request = format!(
            "POST /{path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: tollgate-bench-load\r\nAccept: */*\r\n\
             {bearer}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
        .into_bytes();
        request.extend_from_slice(body);
        let address =
            address.parse().with_context(|| format!("--url {url} names no address and port"))?;
        Ok(Self { address, request, is_stream })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_tells_its_path_its_token_and_its_length() {
        let target =
            Target::new("http://127.0.0.1:80/v1/chat", b"{}", Some("tg-1"), false).unwrap();

        let text = String::from_utf8(target.request).unwrap();
        assert!(text.starts_with("POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"), "{text}");
        assert!(text.contains("\r\nAuthorization: Bearer tg-1\r\n"), "{text}");
        assert!(text.ends_with("\r\nContent-Length: 2\r\n\r\n{}"), "{text}");
    }

    #[test]
    fn a_url_without_a_port_is_refused() {
        assert!(Target::new("http://127.0.0.1/v1", b"", None, false).is_err());
        assert!(Target::new("127.0.0.1:80/v1", b"", None, false).is_err());
    }
}
