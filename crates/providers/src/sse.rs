//! The one reader of server-sent events.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    /// What its `event` field says.
    pub name: Option<Bytes>,
    /// Its data lines, joined by line feeds; valid UTF-8.
    pub data: Bytes,
}

/// What a stream of server-sent events holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SseItem {
    /// An event.
    Event(SseEvent),
    /// A comment or a blank line outside an event: a sign of life.
    Comment,
}

/// A line, or an event's data, passed the reader's limit of so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {0} bytes")]
pub struct SseTooLong(pub usize);

/// Cuts bytes, however they are chunked, into events.
///
/// Lines end with LF, CRLF or CR; a leading BOM is dropped; `id`, `retry` and unknown fields are
/// ignored; bytes that are no UTF-8 become replacement characters. An event of one data line that
/// lies inside one chunk is a slice of it, not a copy.
#[derive(Debug)]
pub struct SseReader {
    limit: usize,
    chunks: VecDeque<Bytes>,
    /// The beginning of a line whose end has not come.
    carry: BytesMut,
    is_first_line: bool,
    /// The last line ended with CR, so that a LF now belongs to it.
    after_cr: bool,
    after_comment: bool,
    name: Option<Bytes>,
    data: Data,
}

#[derive(Debug, Default)]
enum Data {
    #[default]
    None,
    One(Bytes),
    Several(BytesMut),
}

impl SseReader {
    /// A reader that takes lines and events of at most `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            chunks: VecDeque::new(),
            carry: BytesMut::new(),
            is_first_line: true,
            after_cr: false,
            after_comment: false,
            name: None,
            data: Data::None,
        }
    }

    /// Hands over what came next.
    pub fn push(&mut self, chunk: Bytes) {
        self.chunks.push_back(chunk);
    }

    /// The next item among what was handed over; `None` when more is needed.
    pub fn next_item(&mut self) -> Result<Option<SseItem>, SseTooLong> {
        while let Some(line) = self.next_line()? {
            if let Some(item) = self.line(line)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// The event that the end of the stream completes, if its last blank line is missing.
    pub fn finish(&mut self) -> Result<Option<SseEvent>, SseTooLong> {
        if !self.carry.is_empty() {
            let line = self.carry.split().freeze();
            self.line(line)?;
        }
        Ok(self.dispatch())
    }

    fn next_line(&mut self) -> Result<Option<Bytes>, SseTooLong> {
        while let Some(chunk) = self.chunks.front_mut() {
            if self.after_cr && !chunk.is_empty() {
                self.after_cr = false;
                if chunk[0] == b'\n' {
                    let _ = chunk.split_to(1);
                }
            }
            let end = memchr::memchr2(b'\n', b'\r', chunk);
            if self.carry.len() + end.unwrap_or(chunk.len()) > self.limit {
                return Err(SseTooLong(self.limit));
            }
            let Some(end) = end else {
                self.carry.extend_from_slice(chunk);
                self.chunks.pop_front();
                continue;
            };
            let line = chunk.split_to(end);
            self.after_cr = chunk.split_to(1)[0] == b'\r';
            if self.carry.is_empty() {
                return Ok(Some(line));
            }
            self.carry.extend_from_slice(&line);
            return Ok(Some(self.carry.split().freeze()));
        }
        Ok(None)
    }

    fn line(&mut self, mut line: Bytes) -> Result<Option<SseItem>, SseTooLong> {
        if std::mem::take(&mut self.is_first_line) && line.starts_with(b"\xEF\xBB\xBF") {
            line = line.slice(3..);
        }
        if line.is_empty() {
            let is_quiet = std::mem::take(&mut self.after_comment);
            let event = self.dispatch().map(SseItem::Event);
            return Ok(event.or((!is_quiet).then_some(SseItem::Comment)));
        }
        if line[0] == b':' {
            self.after_comment = true;
            return Ok(Some(SseItem::Comment));
        }
        self.after_comment = false;
        let colon = memchr::memchr(b':', &line);
        let value = colon.map_or_else(Bytes::new, |at| {
            let value = line.slice(at + 1..);
            if value.first() == Some(&b' ') { value.slice(1..) } else { value }
        });
        match &line[..colon.unwrap_or(line.len())] {
            b"data" => self.add_data(value)?,
            b"event" => self.name = Some(value),
            _ => {}
        }
        Ok(None)
    }

    fn add_data(&mut self, value: Bytes) -> Result<(), SseTooLong> {
        let mut several = match std::mem::take(&mut self.data) {
            Data::None => {
                self.data = Data::One(value);
                return Ok(());
            }
            Data::One(first) => BytesMut::from(&first[..]),
            Data::Several(several) => several,
        };
        if several.len() + 1 + value.len() > self.limit {
            return Err(SseTooLong(self.limit));
        }
        several.extend_from_slice(b"\n");
        several.extend_from_slice(&value);
        self.data = Data::Several(several);
        Ok(())
    }

    fn dispatch(&mut self) -> Option<SseEvent> {
        let name = self.name.take();
        let data = match std::mem::take(&mut self.data) {
            Data::None => return None,
            Data::One(data) => data,
            Data::Several(data) => data.freeze(),
        };
        Some(SseEvent { name, data: as_text(data) })
    }
}

/// The bytes with replacement characters for what is no UTF-8 in them.
pub(crate) fn as_text(bytes: Bytes) -> Bytes {
    match std::str::from_utf8(&bytes) {
        Ok(_) => bytes,
        Err(_) => Bytes::from(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every item in `chunks`; the events as `name|data`, comments as `:`.
    fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let show = |event: SseEvent| {
            let name = event.name.unwrap_or_default();
            format!("{}|{}", str::from_utf8(&name).unwrap(), str::from_utf8(&event.data).unwrap())
        };
        let mut reader = SseReader::new(1000);
        let mut items = Vec::new();
        for chunk in chunks {
            reader.push(Bytes::copy_from_slice(chunk));
            while let Some(item) = reader.next_item().unwrap() {
                items.push(match item {
                    SseItem::Event(event) => show(event),
                    SseItem::Comment => ":".to_owned(),
                });
            }
        }
        items.extend(reader.finish().unwrap().map(show));
        items
    }

    #[test]
    fn every_line_ending_and_field_is_understood() {
        let cases: [(&str, &[&str]); 10] = [
            ("data: a\n\ndata:b\n\n", &["|a", "|b"]),
            ("data: a\r\n\r\ndata: b\r\rdata: c\n\r\n", &["|a", "|b", "|c"]),
            ("\u{feff}data: a\n\n", &["|a"]),
            ("data:  a\ndata:\ndata\ndata: b\n\n", &["| a\n\n\nb"]),
            (": hi\n\ndata: a\n: x\n\n", &[":", ":", "|a"]),
            ("event: error\nid: 7\nretry: 1\nodd\ndata: a\n\n", &["error|a"]),
            ("event: lost\n\ndata: a\n\n", &[":", "|a"]),
            ("\n\n\n", &[":", ":", ":"]),
            ("data: [DONE]", &["|[DONE]"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(read([text.as_bytes()]), expected, "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_become_replacement_characters() {
        assert_eq!(read([b"data: a\xFFb\n\n".as_slice()]), ["|a\u{fffd}b"]);
    }

    #[test]
    fn a_line_or_event_past_the_limit_is_refused() {
        let long = Bytes::from(format!("data: {}", "x".repeat(100)));
        let mut reader = SseReader::new(50);
        reader.push(long);
        assert_eq!(reader.next_item(), Err(SseTooLong(50)));

        let mut reader = SseReader::new(50);
        (0..10).for_each(|_| reader.push(Bytes::from_static(b"data: xxxxxxxxxx\n")));
        assert_eq!(reader.next_item(), Err(SseTooLong(50)));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_items(
            pieces in proptest::collection::vec(
                prop_oneof![
                    Just("data: "), Just("data:"), Just("event: e"), Just(": c"), Just("\n"), Just("\r"),
                    Just("\r\n"), Just("é€𝄞"), Just("{\"a\":1}"), Just("\u{feff}"), Just("id: 1"), Just(":"),
                ],
                0..30,
            ),
            cuts in proptest::collection::vec(0_usize..200, 0..10),
        ) {
            let text = pieces.concat();
            let whole = read([text.as_bytes()]);

            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let parts = cuts.windows(2).map(|cut| &text.as_bytes()[cut[0]..cut[1]]);
            prop_assert_eq!(&read(parts), &whole);
            prop_assert_eq!(&read(text.as_bytes().chunks(1)), &whole);
        }
    }
}
