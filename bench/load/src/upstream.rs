//! A provider that takes its time: answers after a wait, streams with a gap between tokens.
//!
//! `/v1` is as fast as the flags say; `/slow/v1` has the other gap between tokens, for thousands of streams at once.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::watch::has_content;

/// Longest request.
const MAX_REQUEST: usize = 1 << 20;
const HEAD_OF_STREAM: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const MODELS: &str = r#"{"object":"list","data":[]}"#;

/// What the provider says, and how slowly.
#[derive(Debug, clap::Args)]
pub(crate) struct Flags {
    /// The port of 127.0.0.1.
    #[arg(long)]
    port: u16,
    /// The file with the answer.
    #[arg(long)]
    answer: PathBuf,
    /// The file with the events of a stream.
    #[arg(long)]
    stream: PathBuf,
    /// Milliseconds before an answer.
    #[arg(long, default_value_t = 50)]
    wait_ms: u64,
    /// Milliseconds before each token of a stream.
    #[arg(long, default_value_t = 10)]
    gap_ms: u64,
    /// The same under /slow.
    #[arg(long, default_value_t = 500)]
    slow_gap_ms: u64,
}

/// All of it, ready to be sent.
#[derive(Debug)]
struct Script {
    answer: Vec<u8>,
    models: Vec<u8>,
    /// What goes out together: a token with what belongs to it, as one chunk. The first goes with the head.
    pieces: Vec<Vec<u8>>,
    wait: Duration,
    gap: Duration,
    slow_gap: Duration,
}

/// Serves until the process is told to end.
pub(crate) async fn serve(flags: Flags) -> anyhow::Result<()> {
    let script = Arc::new(Script::read(&flags)?);
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], flags.port)))?;
    // Thousands connect within a second.
    let listener = socket.listen(4096)?;
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((connection, _)) => {
                connections.spawn(converse(connection, Arc::clone(&script)));
            }
            // Out of descriptors, as a rule; some will come back.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

impl Script {
    fn read(flags: &Flags) -> anyhow::Result<Self> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
        };
        Ok(Self {
            answer: whole(&read(&flags.answer)?),
            models: whole(MODELS.as_bytes()),
            pieces: pieces(&read(&flags.stream)?),
            wait: Duration::from_millis(flags.wait_ms),
            gap: Duration::from_millis(flags.gap_ms),
            slow_gap: Duration::from_millis(flags.slow_gap_ms),
        })
    }
}

fn whole(body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// The stream cut before each event with content, each piece as a chunk, the last with the end of the body.
fn pieces(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces: Vec<Vec<u8>> = vec![Vec::new()];
    let (mut rest, mut tokens) = (stream, 0);
    while let Some(at) = memmem::find(rest, b"\n\n") {
        let (event, after) = rest.split_at(at + 2);
        rest = after;
        if has_content(event) {
            tokens += 1;
            pieces.push(Vec::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.extend_from_slice(event);
        }
    }
    debug_assert!(tokens > 0);
    pieces.retain(|piece| !piece.is_empty());
    let count = pieces.len();
    for (nth, piece) in pieces.iter_mut().enumerate() {
        let end = if nth + 1 == count { "0\r\n\r\n" } else { "" };
        let begin = if nth == 0 { HEAD_OF_STREAM } else { "" };
        let size = format!("{begin}{:x}\r\n", piece.len());
        *piece = [size.as_bytes(), piece, b"\r\n", end.as_bytes()].concat();
    }
    pieces
}

/// Serves one connection; its errors concern only who is at the other end.
async fn converse(mut connection: TcpStream, script: Arc<Script>) {
    let _ = connection.set_nodelay(true);
    let mut pending = Vec::new();
    while let Ok(Some(request)) = next_request(&mut connection, &mut pending).await {
        if answer(&mut connection, &request, &script).await.is_err() {
            break;
        }
    }
}

/// A request's head and body; nothing once the connection ends.
async fn next_request(
    connection: &mut TcpStream,
    pending: &mut Vec<u8>,
) -> io::Result<Option<Vec<u8>>> {
    loop {
        if let Some(length) = request_length(pending) {
            let rest = pending.split_off(length);
            return Ok(Some(std::mem::replace(pending, rest)));
        }
        if pending.len() > MAX_REQUEST || connection.read_buf(pending).await? == 0 {
            return Ok(None);
        }
    }
}

/// How long the first request is, once all of it is there.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let head = memmem::find(bytes, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?;
    let body = text
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Some(0), |(_, value)| value.trim().parse().ok())?;
    (bytes.len() >= head + body).then_some(head + body)
}

async fn answer(connection: &mut TcpStream, request: &[u8], script: &Script) -> io::Result<()> {
    if request.starts_with(b"GET ") {
        return connection.write_all(&script.models).await;
    }
    if memmem::find(request, b"\"stream\":true").is_none() {
        sleep(script.wait).await;
        return connection.write_all(&script.answer).await;
    }
    let is_slow = request.starts_with(b"POST /slow/");
    let gap = if is_slow { script.slow_gap } else { script.gap };
    let mut due = Instant::now();
    for (nth, piece) in script.pieces.iter().enumerate() {
        if nth > 0 {
            // From moments that are fixed, so that delays do not add up.
            due += gap;
            sleep_until(due).await;
        }
        connection.write_all(piece).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_cut_before_each_token() {
        let stream = "data: {\"role\":\"assistant\",\"content\":\"\"}\n\ndata: {\"content\":\"a\"}\n\n\
                      data: {\"content\":\"b\"}\n\ndata: {\"usage\":1}\n\ndata: [DONE]\n\n";

        let pieces = pieces(stream.as_bytes());

        let texts: Vec<_> = pieces.iter().map(|piece| String::from_utf8_lossy(piece)).collect();
        assert_eq!(texts.len(), 3);
        assert!(
            texts[0].starts_with(HEAD_OF_STREAM) && texts[0].ends_with("\"\"}\n\n\r\n"),
            "{texts:?}"
        );
        assert_eq!(texts[1], "17\r\ndata: {\"content\":\"a\"}\n\n\r\n");
        assert!(texts[2].ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"), "{texts:?}");
    }

    #[test]
    fn a_request_is_taken_when_its_body_is_there() {
        let whole = b"POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\nabcGET /";
        assert_eq!(request_length(whole), Some(whole.len() - 5));
        assert_eq!(request_length(&whole[..whole.len() - 6]), None);
        assert_eq!(request_length(b"GET / HTTP/1.1\r\n\r\n"), Some(18));
    }
}
