//! One request and its answer, over a connection that is used again.

use std::io;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::reply::Reply;
use crate::report::Samples;
use crate::target::Target;
use crate::watch::{Watch, micros};

/// Longest time that an answer is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// Read at once at most; a canned stream needs one read.
const BUFFER: usize = 16 << 10;

/// A caller with a connection of its own.
#[derive(Debug)]
pub(crate) struct Caller<'a> {
    target: &'a Target,
    connection: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// An answer while it is read.
#[derive(Debug)]
pub(crate) struct Answer {
    reply: Reply,
    watch: Watch,
}

impl<'a> Caller<'a> {
    /// Connects with the first request.
    pub(crate) fn new(target: &'a Target) -> Self {
        Self { target, connection: None, buffer: vec![0; BUFFER] }
    }

    /// Asks once, calls `on_content` at the first content of a stream, and notes in the samples how long it took or
    /// what went wrong.
    pub(crate) async fn ask(&mut self, samples: &mut Samples, on_content: impl FnMut()) -> bool {
        let begin = Instant::now();
        match timeout(PATIENCE, self.exchange(on_content)).await {
            Ok(Ok(answer)) => {
                answer.note(begin, samples);
                true
            }
            Ok(Err(error)) => {
                self.connection = None;
                samples.fail(&error);
                false
            }
            Err(_) => {
                self.connection = None;
                samples.fail(&anyhow::anyhow!("no whole answer within {} s", PATIENCE.as_secs()));
                false
            }
        }
    }

    async fn exchange(&mut self, mut on_content: impl FnMut()) -> anyhow::Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.target).await?,
        };
        connection.write_all(&self.target.request).await.context("sending")?;
        let mut answer = Answer::new(self.target.is_stream);
        let mut had_content = false;
        loop {
            let read = connection.read(&mut self.buffer).await.context("reading")?;
            let is_whole = answer.take(&self.buffer[..read])?;
            if !had_content && answer.watch.first_content.is_some() {
                had_content = true;
                on_content();
            }
            if is_whole {
                break;
            }
        }
        if !answer.reply.closes {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

impl Answer {
    /// Nothing has come.
    pub(crate) fn new(is_stream: bool) -> Self {
        Self { reply: Reply::default(), watch: Watch::new(is_stream) }
    }

    /// Takes what was just read, and says whether the answer is whole. Fails where it cannot become an answer with
    /// status 200.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> anyhow::Result<bool> {
        ensure!(!bytes.is_empty(), "the connection ended before the answer");
        let (reply, watch) = (&mut self.reply, &mut self.watch);
        let now = Instant::now();
        if !reply.read(bytes, |piece| watch.take(piece, now))? {
            return Ok(false);
        }
        ensure!(reply.status == 200, "status {}", reply.status);
        ensure!(watch.is_whole(), "the answer is cut");
        Ok(true)
    }

    /// Whether the connection cannot be used again.
    pub(crate) fn closes(&self) -> bool {
        self.reply.closes
    }

    /// Notes when a whole answer came, counted from `begin`.
    pub(crate) fn note(self, begin: Instant, samples: &mut Samples) {
        samples.latencies.push(micros(begin.elapsed()));
        samples.first_contents.extend(self.watch.first_content.map(|at| micros(at - begin)));
        samples.gaps.extend(self.watch.gaps);
    }
}

async fn connect(target: &Target) -> anyhow::Result<TcpStream> {
    let connection = TcpStream::connect(target.address).await.context("connecting")?;
    let result: io::Result<()> = connection.set_nodelay(true);
    result.context("connecting")?;
    Ok(connection)
}
