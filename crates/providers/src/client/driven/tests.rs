use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http::{HeaderMap, Method};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection as Connects};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::*;
use crate::client::address::Resolver;
use crate::client::exchange::{Exchange, Outgoing, ReplyBody, chunk};
use crate::client::tls::Tls;

const WHOLE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

struct Given {
    listener: TcpListener,
    connector: Connector,
    exchange: Exchange,
}

async fn given() -> Given {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let connector = Connector::new(Resolver::anywhere(), Tls::default());
    Given { listener, exchange: Exchange::new("t", connector.clone()), connector }
}

impl Given {
    fn uri(&self) -> Uri {
        format!("http://{}/v1?a=b", self.listener.local_addr().unwrap()).parse().unwrap()
    }

    async fn ask(&self, body: Bytes) -> Result<Response<ReplyBody>, ExchangeError> {
        let (uri, headers) = (self.uri(), HeaderMap::new());
        self.exchange.send(Outgoing { method: Method::POST, uri, headers, body }).await
    }

    /// The whole answer.
    async fn text(&self) -> Result<String, String> {
        let mut reply = self.ask(Bytes::from_static(b"{}")).await.map_err(|it| it.to_string())?;
        read(reply.body_mut()).await
    }

    /// What is answered where the server, at its next connection, says that and hangs up.
    async fn told(&self, reply: &[u8]) -> Result<String, String> {
        let serving = async {
            let mut stream = self.accept().await;
            answer(&mut stream, reply).await;
            stream.shutdown().await.unwrap();
            stream
        };
        let (told, _stream) = tokio::join!(self.text(), serving);
        told
    }

    async fn accept(&self) -> TcpStream {
        self.listener.accept().await.unwrap().0
    }
}

/// Reads a request and answers it.
async fn answer(stream: &mut TcpStream, reply: &[u8]) -> String {
    let mut request = vec![0; 4096];
    let length = stream.read(&mut request).await.unwrap();
    stream.write_all(reply).await.unwrap();
    String::from_utf8_lossy(&request[..length]).to_ascii_lowercase()
}

async fn read(body: &mut ReplyBody) -> Result<String, String> {
    let mut all = Vec::new();
    while let Some(bytes) = chunk(body).await.map_err(|error| error.to_string())? {
        all.extend_from_slice(&bytes);
    }
    Ok(String::from_utf8(all).unwrap())
}

#[tokio::test]
async fn a_server_is_told_the_path_its_name_and_the_length_of_the_body() {
    let given = given().await;
    let serving = async { answer(&mut given.accept().await, WHOLE).await };

    let (told, request) = tokio::join!(given.text(), serving);

    let host = format!("host: {}\r\n", given.listener.local_addr().unwrap());
    assert_eq!(told.as_deref(), Ok("ok"));
    assert!(request.starts_with("post /v1?a=b http/1.1\r\n"), "{request}");
    assert!(request.contains(&host) && request.contains("content-length: 2\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{}"), "{request}");
}

#[test]
fn the_port_is_named_unless_it_is_the_schemes_own() {
    let cases = [
        ("http://h/", "h"),
        ("http://h:80/", "h"),
        ("https://h:443/", "h"),
        ("https://h:80/", "h:80"),
        ("http://me@[::1]:8080/", "[::1]:8080"),
    ];
    for (uri, expected) in cases {
        let host = host_header(&Uri::from_static(uri)).unwrap();
        assert_eq!(host.to_str().unwrap(), expected, "{uri}");
    }
}

#[tokio::test]
async fn replies_are_read_to_their_ends_and_no_further() {
    let cases: [(&[u8], Result<&str, &str>); 6] = [
        (WHOLE, Ok("ok")),
        (b"HTTP/1.1 204 None\r\n\r\n", Ok("")),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", Ok("to the end")),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n",
            Ok("ok!"),
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok",
            Err("end of file before message length reached"),
        ),
        (b"", Err("connection closed before message completed")),
    ];
    for (reply, expected) in cases {
        let told = given().await.told(reply).await;
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(told, expected, "{}", String::from_utf8_lossy(reply));
    }
}

#[tokio::test]
async fn a_connection_is_used_again_only_after_a_reply_that_leaves_it_clean() {
    let cases: [(&[u8], bool); 5] = [
        (WHOLE, true),
        (b"HTTP/1.1 204 None\r\n\r\n", true),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", true),
        (b"HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 2\r\n\r\nok", false),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more", false),
    ];
    for (reply, is_kept) in cases {
        let given = given().await;
        let serving = async {
            let mut first = given.accept().await;
            answer(&mut first, reply).await;
            if is_kept {
                answer(&mut first, WHOLE).await;
            } else {
                answer(&mut given.accept().await, WHOLE).await;
            }
        };
        let asking = async {
            given.text().await.unwrap();
            given.text().await
        };
        let (second, ()) = tokio::join!(asking, serving);
        assert_eq!(second.as_deref(), Ok("ok"), "{}", String::from_utf8_lossy(reply));
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_is_not_used() {
    let given = given().await;

    for _ in 0..3 {
        assert_eq!(given.told(WHOLE).await.as_deref(), Ok("ok"));
    }
}

#[tokio::test]
async fn dropping_a_reply_before_its_end_closes_its_connection() {
    let given = given().await;
    let serving = async {
        let mut stream = given.accept().await;
        let reply = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n";
        answer(&mut stream, reply).await;
        stream
    };
    let (reply, mut stream) = tokio::join!(given.ask(Bytes::new()), serving);
    let mut reply = reply.unwrap();
    assert_eq!(chunk(reply.body_mut()).await.unwrap().as_deref(), Some(&b"ok"[..]));

    drop(reply);

    assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0);
}

#[tokio::test]
async fn an_answer_that_comes_before_all_of_the_request_was_read_is_the_answer() {
    let given = given().await;
    let serving = async {
        let mut stream = given.accept().await;
        answer(&mut stream, b"HTTP/1.1 413 Large\r\ncontent-length: 2\r\n\r\nno").await;
        stream
    };

    let body = Bytes::from(vec![b'x'; 64 << 20]);
    let (reply, _stream) = tokio::join!(given.ask(body), serving);

    let mut reply = reply.unwrap();
    assert_eq!(reply.status().as_u16(), 413);
    assert_eq!(read(reply.body_mut()).await.as_deref(), Ok("no"));
}

#[tokio::test]
async fn a_reply_that_nobody_reads_stops_its_own_server_alone() {
    let given = given().await;
    let (written, mut servers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    let starting = async {
        let (mut stream, written) = (given.accept().await, Arc::clone(&written));
        servers.spawn(async move {
            answer(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
            while let Ok(length) = stream.write(&[b'x'; 64 << 10]).await {
                written.fetch_add(length, Ordering::Relaxed);
            }
        });
    };
    let (slow, ()) = tokio::join!(given.ask(Bytes::new()), starting);
    let mut slow = slow.unwrap();

    // Until the system's own buffers are full, and nothing moves any more.
    let mut before = 0;
    loop {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        let now = written.load(Ordering::Relaxed);
        if now > 0 && now == before {
            break;
        }
        before = now;
    }
    assert_eq!(given.told(WHOLE).await.as_deref(), Ok("ok"), "another one is not held up");
    assert_eq!(written.load(Ordering::Relaxed), before);

    // Once it is read it goes on, however long it is.
    let mut read = 0;
    while read < 2 * before {
        read += chunk(slow.body_mut()).await.unwrap().unwrap().len();
    }
}

#[tokio::test(start_paused = true)]
async fn connections_that_nobody_uses_are_closed() {
    let given = given().await;
    let serving = async {
        let mut stream = given.accept().await;
        answer(&mut stream, WHOLE).await;
        stream
    };
    let (told, mut stream) = tokio::join!(given.text(), serving);
    assert_eq!(told.as_deref(), Ok("ok"));

    // The paused clock runs on while everybody waits.
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_connection_to_a_server_of_http2_is_handed_over_and_shared() {
    let given = given().await;
    let connection = Http2(given.connector.clone().call(given.uri()).await.unwrap());
    given.exchange.hand_over(&given.uri(), Connection::new(connection));
    let serving = async {
        let mut stream = h2::server::handshake(given.accept().await).await.unwrap();
        let mut paths = Vec::new();
        while let Some(asked) = stream.accept().await {
            let (request, mut reply) = asked.unwrap();
            paths.push(request.uri().to_string());
            let mut body = reply.send_response(Response::new(()), false).unwrap();
            body.send_data(Bytes::from_static(b"ok"), true).unwrap();
        }
        paths
    };
    let asking = async {
        assert_eq!(given.text().await.as_deref(), Ok("ok"));
        assert_eq!(given.text().await.as_deref(), Ok("ok"));
    };

    let paths = tokio::select! {
        paths = serving => paths,
        // The server goes on answering until all is asked.
        () = asking => return,
    };

    panic!("the server was left: {paths:?}");
}

/// A connection whose two sides agreed on HTTP/2.
struct Http2(Connection);

impl Connects for Http2 {
    fn connected(&self) -> Connected {
        Connected::new().negotiated_h2()
    }
}

impl Read for Http2 {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl Write for Http2 {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
