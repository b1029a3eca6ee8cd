//! Reading a reply in HTTP/1.1, from pieces as they come.

use anyhow::{Context, bail, ensure};
use memchr::{memchr, memmem};

/// Longest head or line of a chunk's size.
const MAX_HEAD: usize = 64 << 10;

/// One reply, as far as it has been read.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    part: Part,
    /// The beginning of a head or a line that has not come whole.
    pending: Vec<u8>,
    /// Its status, once the head is there.
    pub(crate) status: u16,
    /// Whether the connection ends with it.
    pub(crate) closes: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Part {
    #[default]
    Head,
    /// So many bytes of a body with a known length are to come.
    Body(usize),
    ChunkSize,
    /// So many bytes of a chunk are to come.
    Chunk(usize),
    /// The end of a chunk's line.
    ChunkEnd,
    /// What follows the last chunk, up to an empty line.
    Trailer,
    Done,
}

impl Reply {
    /// Reads further, gives pieces of the body to `body`, and says whether the reply is whole. Fails
    /// where it is no HTTP, or more follows than the reply.
    pub(crate) fn read(
        &mut self,
        mut bytes: &[u8],
        mut body: impl FnMut(&[u8]),
    ) -> anyhow::Result<bool> {
        while !bytes.is_empty() {
            match self.part {
                Part::Head => {
                    let end = memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4);
                    bytes = self.control(bytes, b"\r\n\r\n", end, Self::head)?;
                }
                Part::ChunkSize => {
                    let end = memchr(b'\n', bytes).map(|at| at + 1);
                    bytes = self.control(bytes, b"\n", end, Self::chunk_size)?;
                }
                Part::ChunkEnd => {
                    let end = memchr(b'\n', bytes).map(|at| at + 1);
                    bytes = self.control(bytes, b"\n", end, |reply, _| {
                        reply.part = Part::ChunkSize;
                        Ok(())
                    })?;
                }
                Part::Trailer => {
                    let end = memchr(b'\n', bytes).map(|at| at + 1);
                    bytes = self.control(bytes, b"\n", end, |reply, line| {
                        if line == b"\r\n" {
                            reply.part = Part::Done;
                        }
                        Ok(())
                    })?;
                }
                Part::Body(left) | Part::Chunk(left) => {
                    let (piece, rest) = bytes.split_at(left.min(bytes.len()));
                    body(piece);
                    self.part = match (self.part, left - piece.len()) {
                        (Part::Chunk(_), 0) => Part::ChunkEnd,
                        (Part::Chunk(_), left) => Part::Chunk(left),
                        (_, 0) => Part::Done,
                        (_, left) => Part::Body(left),
                    };
                    bytes = rest;
                }
                Part::Done => bail!("more came than the reply"),
            }
        }
        Ok(self.part == Part::Done)
    }

    /// Gives `take` what ends at `end` of these bytes, with what came of it before; without an end
    /// keeps them. Returns the bytes that are left.
    fn control<'a>(
        &mut self,
        bytes: &'a [u8],
        mark: &[u8],
        end: Option<usize>,
        take: impl FnOnce(&mut Self, &[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<&'a [u8]> {
        if self.pending.is_empty()
            && let Some(end) = end
        {
            take(self, &bytes[..end])?;
            return Ok(&bytes[end..]);
        }
        // The mark may lie across the pieces.
        let before = self.pending.len();
        self.pending.extend_from_slice(bytes);
        ensure!(self.pending.len() <= MAX_HEAD, "a head or a line of a chunk is too long");
        let from = before.saturating_sub(mark.len() - 1);
        let Some(at) = memmem::find(&self.pending[from..], mark) else { return Ok(&[]) };
        let end = from + at + mark.len();
        let pending = std::mem::take(&mut self.pending);
        take(self, &pending[..end])?;
        Ok(&bytes[end - before..])
    }

    fn head(&mut self, head: &[u8]) -> anyhow::Result<()> {
        let head = std::str::from_utf8(head).context("the head is no text")?;
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
        self.status = status
            .and_then(|status| status.get(..3)?.parse().ok())
            .context("the reply is not HTTP/1.1")?;
        self.part = Part::Done;
        for line in lines {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                let length = value.parse().context("Content-Length is no number")?;
                self.part = if length == 0 { Part::Done } else { Part::Body(length) };
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                self.part = Part::ChunkSize;
            } else if name.eq_ignore_ascii_case("connection") {
                self.closes = value.eq_ignore_ascii_case("close");
            }
        }
        Ok(())
    }

    fn chunk_size(&mut self, line: &[u8]) -> anyhow::Result<()> {
        let line = std::str::from_utf8(line).context("a chunk's size is no text")?;
        let digits = line.split(';').next().unwrap_or(line).trim();
        let size = usize::from_str_radix(digits, 16)
            .with_context(|| format!("a chunk's size is {digits:?}"))?;
        self.part = if size == 0 { Part::Trailer } else { Part::Chunk(size) };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    const CHUNKED: &str =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";

    #[test]
    fn a_reply_is_the_same_in_whatever_pieces_it_comes() {
        for text in [WHOLE, CHUNKED] {
            for size in 1..=text.len() {
                let mut reply = Reply::default();
                let mut body = Vec::new();
                let mut is_whole = false;

                for piece in text.as_bytes().chunks(size) {
                    assert!(!is_whole);
                    is_whole = reply.read(piece, |part| body.extend_from_slice(part)).unwrap();
                }

                assert!(is_whole, "{text:?} by {size}");
                assert_eq!((reply.status, body.as_slice()), (200, b"hello".as_slice()));
                assert_eq!(reply.closes, text == WHOLE);
            }
        }
    }

    #[test]
    fn a_reply_without_a_body_ends_with_its_head() {
        let mut reply = Reply::default();
        assert!(reply.read(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", |_| ()).unwrap());
        assert_eq!(reply.status, 503);
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for text in ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"] {
            assert!(Reply::default().read(text.as_bytes(), |_| ()).is_err(), "{text:?}");
        }
        let more = [WHOLE, "more"].concat();
        assert!(Reply::default().read(more.as_bytes(), |_| ()).is_err());
    }
}
