//! What is seen of an answer's body while it comes.

use memchr::memmem;
use tokio::time::Instant;

/// One answer's body.
#[derive(Debug)]
pub(crate) struct Watch {
    is_stream: bool,
    /// An event that has not come whole; of other bodies, nothing.
    pending: Vec<u8>,
    /// Whether the last thing that came was an end: of a JSON object, or of a stream.
    ended: bool,
    /// When the first piece of content came.
    pub(crate) first_content: Option<Instant>,
    /// When the last event with content came.
    last_content: Option<Instant>,
    /// Microseconds between events with content.
    pub(crate) gaps: Vec<u32>,
}

impl Watch {
    /// Nothing has come.
    pub(crate) fn new(is_stream: bool) -> Self {
        Self {
            is_stream,
            pending: Vec::new(),
            ended: false,
            first_content: None,
            last_content: None,
            gaps: Vec::new(),
        }
    }

    /// Takes a piece of the body that came at this moment.
    pub(crate) fn take(&mut self, piece: &[u8], now: Instant) {
        if !self.is_stream {
            self.ended = piece.trim_ascii_end().ends_with(b"}");
            return;
        }
        if self.pending.is_empty() {
            let rest = self.events(piece, now);
            self.pending.extend_from_slice(rest);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.extend_from_slice(piece);
            let left = self.events(&pending, now).len();
            pending.drain(..pending.len() - left);
            self.pending = pending;
        }
    }

    /// Whether the body ended as an answer does.
    pub(crate) fn is_whole(&self) -> bool {
        self.ended && self.pending.is_empty() && (!self.is_stream || self.first_content.is_some())
    }

    /// Looks at each whole event, and returns what follows the last one.
    fn events<'a>(&mut self, mut bytes: &'a [u8], now: Instant) -> &'a [u8] {
        while let Some(at) = memmem::find(bytes, b"\n\n") {
            let event = &bytes[..at];
            bytes = &bytes[at + 2..];
            if has_content(event) {
                self.content(now);
            }
            self.ended = event == b"data: [DONE]";
        }
        bytes
    }

    fn content(&mut self, now: Instant) {
        self.first_content.get_or_insert(now);
        if let Some(last) = self.last_content.replace(now) {
            self.gaps.push(micros(now - last));
        }
    }
}

/// Whether an event in OpenAI's format carries text that is not empty.
pub(crate) fn has_content(event: &[u8]) -> bool {
    const MARK: &[u8] = b"\"content\":\"";
    memmem::find(event, MARK)
        .and_then(|at| event.get(at + MARK.len()))
        .is_some_and(|first| *first != b'"')
}

/// Microseconds; an hour and more is an hour.
pub(crate) fn micros(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const STREAM: &str = "data: {\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}\n\n\
        data: {\"delta\":{\"content\":\"a\"}}\n\ndata: {\"delta\":{\"content\":\"b\"}}\n\ndata: [DONE]\n\n";

    #[test]
    fn a_stream_is_whole_after_its_end_in_whatever_pieces_it_comes() {
        for size in 1..=STREAM.len() {
            let mut watch = Watch::new(true);
            let begin = Instant::now();

            for (nth, piece) in (0..).zip(STREAM.as_bytes().chunks(size)) {
                assert!(!watch.is_whole());
                watch.take(piece, begin + Duration::from_millis(nth));
            }

            assert!(watch.is_whole(), "by {size}");
            assert_eq!(watch.gaps.len(), 1);
            assert!(watch.first_content.is_some());
        }
    }

    #[test]
    fn a_stream_without_content_or_end_is_not_whole() {
        for text in ["data: [DONE]\n\n", "data: {\"delta\":{\"content\":\"a\"}}\n\n"] {
            let mut watch = Watch::new(true);
            watch.take(text.as_bytes(), Instant::now());
            assert!(!watch.is_whole(), "{text:?}");
        }
    }

    #[test]
    fn an_object_is_whole_with_its_brace() {
        let mut watch = Watch::new(false);
        watch.take(b"{\"a\":", Instant::now());
        assert!(!watch.is_whole());
        watch.take(b"1}\n", Instant::now());
        assert!(watch.is_whole());
    }
}
