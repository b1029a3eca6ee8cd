//! Fetches the files that callers name by URL, for providers that do not.
//!
//! The URL is a stranger's, so nothing of ours goes there, no key and no cookie, and only public
//! addresses are asked: the host's own where it is a number, and otherwise those that its name
//! has, which are then the ones connected to. Each redirect is looked at the same way. Size, number
//! and time are bounded, and whatever goes wrong is the caller's to mend.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::try_join_all;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use http::{Method, Response, Uri};
use tokio::time::{Instant, timeout_at};
use tollgate_domain::failure::Failure;
use url::Url;

use super::address::{self, BadAddress, Resolver};
use super::deadline_passed;
use super::exchange::{Exchange, ExchangeError, Outgoing, ReplyBody, chunk};
use super::pool::fetching_client;
use super::tls::Tls;
use crate::files::{File, FileKind, Files, RemoteFile};
use crate::translate::openai_request::refused;

/// The most files of one call.
const MAX_FILES: usize = 20;
/// The longest file, in bytes.
const MAX_FILE_BYTES: usize = 20 << 20;
/// As much as all files of one call may be, in bytes.
const MAX_CALL_BYTES: usize = 30 << 20;
/// The longest that the files of one call are waited for.
const MAX_TIME: Duration = Duration::from_secs(10);
/// The most redirects on the way to one file.
const MAX_REDIRECTS: usize = 3;

/// Fetches files.
#[derive(Debug)]
pub(super) struct Fetcher {
    user_agent: String,
    /// Whether an address may be asked.
    may_ask: fn(IpAddr) -> bool,
    tls: Tls,
    client: OnceLock<Exchange>,
}

/// Why a file was not had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("is no http or https URL with a host and without credentials")]
    BadUrl,
    #[error("the file cannot be fetched: its address is not a public one")]
    NotPublic,
    #[error("the file cannot be fetched: its server cannot be reached")]
    Unreachable,
    #[error("the file cannot be fetched: its server answered {0}")]
    Status(u16),
    #[error("the file cannot be fetched: it is behind more than {MAX_REDIRECTS} redirects")]
    Redirects,
    #[error("the file cannot be fetched: it took longer than {} seconds", MAX_TIME.as_secs())]
    Slow,
    #[error("the file is no image that this provider takes")]
    NoImage,
    #[error("the file is no PDF")]
    NoPdf,
    #[error("the file is longer than {} MiB", MAX_FILE_BYTES >> 20)]
    TooLong,
    #[error("the files of one request may not be longer than {} MiB", MAX_CALL_BYTES >> 20)]
    AllTooLong,
    #[error("one request may not name more than {MAX_FILES} files")]
    TooMany,
}

impl Fetcher {
    /// One that asks public addresses, or all where `takes_private`.
    pub(super) fn new(user_agent: String, takes_private: bool, tls: Tls) -> Self {
        Self { user_agent, may_ask: address::asks(takes_private), tls, client: OnceLock::new() }
    }

    /// Those files, each once. Fails, naming the field, at the first that cannot be had.
    pub(super) async fn fetch(
        &self,
        mut wanted: Vec<RemoteFile>,
        deadline: Instant,
    ) -> Result<Files, Failure> {
        let mut seen = Files::default();
        let nothing = File { media_type: String::new(), data: Bytes::new() };
        wanted.retain(|file| {
            let is_new = seen.get(file).is_none();
            seen.insert(file, nothing.clone());
            is_new
        });
        if let Some(one_more) = wanted.get(MAX_FILES) {
            return Err(refused(&one_more.field, &Why::TooMany.to_string()));
        }
        let client = self.client();
        let patience = Instant::now() + MAX_TIME;
        let budget = AtomicUsize::new(MAX_CALL_BYTES);
        let fetching = wanted.iter().map(async |wanted| {
            let file = self.file(client, wanted, &budget);
            match timeout_at(patience.min(deadline), file).await {
                Ok(Ok(file)) => Ok((wanted, file)),
                Ok(Err(why)) => Err(refused(&wanted.field, &why.to_string())),
                Err(_) if deadline <= patience => Err(deadline_passed()),
                Err(_) => Err(refused(&wanted.field, &Why::Slow.to_string())),
            }
        });
        let mut files = Files::default();
        for (wanted, file) in try_join_all(fetching).await? {
            files.insert(wanted, file);
        }
        Ok(files)
    }

    fn client(&self) -> &Exchange {
        self.client.get_or_init(|| {
            let resolver = Resolver { may_ask: self.may_ask };
            fetching_client(&self.user_agent, resolver, self.tls.clone())
        })
    }

    async fn file(
        &self,
        client: &Exchange,
        wanted: &RemoteFile,
        budget: &AtomicUsize,
    ) -> Result<File, Why> {
        let response = self.response(client, &wanted.url).await?;
        let declared = response.headers().get(CONTENT_TYPE);
        let declared = declared.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // Nothing of a page needs to be read to know that it is no image.
        if !may_be(wanted.kind, &declared) {
            return Err(no(wanted.kind));
        }
        let data = body(response, budget).await?;
        let media_type = media_type(wanted.kind, declared, &data).ok_or(no(wanted.kind))?;
        Ok(File { media_type, data })
    }

    /// The good reply at the end of all redirects.
    async fn response(&self, client: &Exchange, url: &str) -> Result<Response<ReplyBody>, Why> {
        let mut url = Url::parse(url).map_err(|_| Why::BadUrl)?;
        for _ in 0..=MAX_REDIRECTS {
            self.check(&url)?;
            let accept = HeaderValue::from_static("image/*, application/pdf");
            let request = Outgoing {
                method: Method::GET,
                uri: Uri::try_from(url.as_str()).map_err(|_| Why::BadUrl)?,
                headers: HeaderMap::from_iter([(ACCEPT, accept)]),
                body: Bytes::new(),
            };
            let response = client.send(request).await.map_err(|error| unreachable(&error))?;
            let status = response.status();
            if status.is_success() {
                return Ok(response);
            }
            let next = response.headers().get(LOCATION).filter(|_| status.is_redirection());
            let next = next.and_then(|location| location.to_str().ok());
            let next = next.and_then(|location| url.join(location).ok());
            url = next.ok_or(Why::Status(status.as_u16()))?;
        }
        Err(Why::Redirects)
    }

    fn check(&self, url: &Url) -> Result<(), Why> {
        address::check(url, self.may_ask).map_err(|bad| match bad {
            BadAddress::Url => Why::BadUrl,
            BadAddress::NotPublic => Why::NotPublic,
        })
    }
}

/// The whole body, as long as it fits and the budget of the call has room.
async fn body(response: Response<ReplyBody>, budget: &AtomicUsize) -> Result<Bytes, Why> {
    let mut incoming = response.into_body();
    if incoming.least() > MAX_FILE_BYTES as u64 {
        return Err(Why::TooLong);
    }
    let mut data = BytesMut::new();
    while let Some(part) = chunk(&mut incoming).await.map_err(|error| unreachable(&error))? {
        if data.len() + part.len() > MAX_FILE_BYTES {
            return Err(Why::TooLong);
        }
        let spend = |left: usize| left.checked_sub(part.len());
        let spent = budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend);
        spent.map_err(|_| Why::AllTooLong)?;
        data.extend_from_slice(&part);
    }
    Ok(data.freeze())
}

fn no(kind: FileKind) -> Why {
    match kind {
        FileKind::Image => Why::NoImage,
        FileKind::Pdf => Why::NoPdf,
    }
}

fn unreachable(error: &ExchangeError) -> Why {
    if address::is_not_public(error) { Why::NotPublic } else { Why::Unreachable }
}

/// Whether a server that says so may be sending that kind of file.
fn may_be(kind: FileKind, declared: &str) -> bool {
    let says_nothing = matches!(declared, "" | "application/octet-stream" | "binary/octet-stream");
    says_nothing || is_of(kind, declared)
}

fn is_of(kind: FileKind, media_type: &str) -> bool {
    match kind {
        // A drawing made of text is no image to a model.
        FileKind::Image => media_type.starts_with("image/") && media_type != "image/svg+xml",
        FileKind::Pdf => media_type == "application/pdf",
    }
}

/// What a file is: by its first bytes where they tell, else as its server says.
fn media_type(kind: FileKind, declared: String, data: &[u8]) -> Option<String> {
    let found = match data {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [] => return None,
        _ if declared == "image/jpg" => "image/jpeg",
        _ => &declared,
    };
    is_of(kind, found).then(|| found.to_owned())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use super::*;

    #[test]
    fn a_files_first_bytes_tell_what_it_is_and_else_its_server() {
        use FileKind::{Image, Pdf};
        let png = b"\x89PNG\r\n".as_slice();
        let cases = [
            (Image, "image/jpeg", png, Some("image/png")),
            (Image, "", png, Some("image/png")),
            (Image, "image/heic", b"ftyp", Some("image/heic")),
            (Image, "image/jpg", b"odd", Some("image/jpeg")),
            (Image, "image/png", b"%PDF-1.7", None),
            (Image, "", b"<html>", None),
            (Image, "image/svg+xml", b"<svg>", None),
            (Image, "image/png", b"", None),
            (Pdf, "application/octet-stream", b"%PDF-1.7", Some("application/pdf")),
            (Pdf, "application/pdf", png, None),
        ];
        for (kind, declared, data, expected) in cases {
            let found = media_type(kind, declared.to_owned(), data);
            assert_eq!(found.as_deref(), expected, "{declared} {data:?}");
        }
    }

    #[tokio::test]
    async fn a_redirect_is_checked_like_the_first_address() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let _ = connection.read(&mut [0; 4096]).await;
                let reply = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2/\r\n\r\n";
                let _ = connection.write_all(reply.as_bytes()).await;
            }
        });
        let may_ask = |address: IpAddr| address == IpAddr::from([127, 0, 0, 1]);
        let (tls, client) = (Tls::default(), OnceLock::new());
        let fetcher = Fetcher { user_agent: String::new(), may_ask, tls, client };
        let wanted = RemoteFile::at(&base, FileKind::Image, "image").unwrap();

        let deadline = Instant::now() + MAX_TIME * 2;
        let failure = fetcher.fetch(vec![wanted], deadline).await.unwrap_err();

        assert_eq!(failure.param.as_deref(), Some("image"));
        assert_eq!(failure.message, format!("image: {}", Why::NotPublic));
    }

    #[test]
    fn a_url_is_checked_before_anything_is_sent() {
        let fetcher = Fetcher::new(String::new(), false, Tls::default());
        let cases = [
            ("https://example.com/a.png", Ok(())),
            ("http://1.1.1.1:8080/", Ok(())),
            ("http://127.0.0.1/", Err(Why::NotPublic)),
            ("http://2130706433/", Err(Why::NotPublic)),
            ("http://0x7f.1/", Err(Why::NotPublic)),
            ("http://[::1]/", Err(Why::NotPublic)),
            ("http://[::ffff:169.254.169.254]/", Err(Why::NotPublic)),
            ("https://me:secret@example.com/", Err(Why::BadUrl)),
            ("ftp://example.com/", Err(Why::BadUrl)),
            ("file:///etc/passwd", Err(Why::BadUrl)),
        ];
        for (url, expected) in cases {
            assert_eq!(fetcher.check(&Url::parse(url).unwrap()), expected, "{url}");
        }
        let open = Fetcher::new(String::new(), true, Tls::default());
        assert_eq!(open.check(&Url::parse("http://127.0.0.1/").unwrap()), Ok(()));
    }
}
