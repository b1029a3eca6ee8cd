//! Reading a journal for the database, batch by batch.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tollgate_domain::api_log::ApiLog;

use super::Position;
use super::entry::decode;
use super::folder::Folder;
use super::frame::Kind;
use super::replay::tell_damage;
use super::segment::{Next, SegmentReader};

/// The most bytes that are read at once.
pub(crate) const MAX_BYTES: u64 = 4 << 20;

/// Reads records in the order in which they were written.
pub(crate) struct Reader {
    folder: Arc<Folder>,
    at: Position,
    open: Option<SegmentReader>,
}

/// Records that follow each other.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) logs: Vec<ApiLog>,
    /// Where each of them ends, and how many bytes the batch has up to there.
    pub(crate) ends: Vec<(Position, u64)>,
    /// Where the batch ends.
    pub(crate) end: Position,
    /// All its bytes.
    pub(crate) bytes: u64,
    /// When its first record happened.
    pub(crate) first_at: Option<DateTime<Utc>>,
    /// Segments that turned out to be damaged.
    pub(crate) damaged: Vec<u64>,
}

impl Reader {
    pub(crate) const fn new(folder: Arc<Folder>, at: Position) -> Self {
        Self { folder, at, open: None }
    }

    /// Up to where it has read.
    pub(crate) const fn at(&self) -> Position {
        self.at
    }

    /// What comes next, at most so many records, of what is written up to `tail`.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn read(&mut self, tail: Position, rows: usize) -> io::Result<Batch> {
        let mut batch = Batch::default();
        while self.at < tail && batch.logs.len() < rows && batch.bytes < MAX_BYTES {
            if !self.open_segment(tail)? {
                break;
            }
            self.read_frame(tail, &mut batch)?;
        }
        batch.end = self.at;
        Ok(batch)
    }

    /// Makes sure that a segment is open; `false` where there is none any more.
    fn open_segment(&mut self, tail: Position) -> io::Result<bool> {
        if self.open.is_none() {
            let numbers = self.folder.segments()?;
            let next = numbers.into_iter().find(|number| *number >= self.at.segment);
            let Some(number) = next.filter(|number| *number <= tail.segment) else {
                self.at = tail;
                return Ok(false);
            };
            if number != self.at.segment {
                self.at = Position { segment: number, offset: 0 };
            }
            self.open = Some(SegmentReader::open(&self.folder.segment(number), self.at.offset)?);
        }
        Ok(true)
    }

    fn read_frame(&mut self, tail: Position, batch: &mut Batch) -> io::Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let is_last = self.at.segment == tail.segment;
        if is_last {
            // Beyond that somebody may be writing.
            open.read_to(tail.offset);
        }
        let segment = self.at.segment;
        let next = match open.next()? {
            Next::Frame(frame, end) => {
                let is_record = frame.prefix.kind == Kind::Record;
                let log = is_record.then(|| decode(&frame));
                if matches!(log, Some(None)) || frame.prefix.kind == Kind::Unknown {
                    tell_unreadable(segment, end);
                    batch.damaged.push(segment);
                }
                Some((end, log.flatten()))
            }
            Next::Damage(from, to) => {
                tell_damage(segment, from, to);
                batch.damaged.push(segment);
                Some((to, None))
            }
            Next::End => None,
        };
        let Some((offset, log)) = next else {
            // It may have been written on since it was opened, or have become shorter than what was
            // written to it.
            if is_last || !open.read_to_end()? {
                self.open = None;
                let next = Position { segment: segment + 1, offset: 0 };
                self.at = if is_last { tail } else { next };
            }
            return Ok(());
        };
        let bytes = offset.saturating_sub(self.at.offset);
        self.at.offset = offset;
        batch.add(self.at, bytes, log);
        Ok(())
    }
}

impl Batch {
    /// Adds so many bytes that end at `end`, with the record in them if there is one.
    pub(crate) fn add(&mut self, end: Position, bytes: u64, log: Option<ApiLog>) {
        self.end = end;
        self.bytes += bytes;
        if let Some(log) = log {
            self.first_at = self.first_at.or(Some(log.ended_at()));
            self.logs.push(log);
            self.ends.push((self.end, self.bytes));
        }
    }
}

fn tell_unreadable(segment: u64, offset: u64) {
    tracing::error!(
        journal.segment = segment,
        journal.to = offset,
        "The journal has an entry that this version cannot read; a newer one may have written it. \
         It is passed over, and the file is kept aside"
    );
}
