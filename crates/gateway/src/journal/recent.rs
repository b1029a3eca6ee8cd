//! What was written last, kept in memory so that it need not be read back, from its file and from its
//! JSON, to be shipped.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tollgate_domain::api_log::ApiLog;

use super::Position;
use super::read::{Batch, MAX_BYTES};

/// The most frames that are kept: those of some batches. A shipper that is further behind reads
/// the files until it has caught up.
const MAX_FRAMES: usize = 6_000;

/// The end of a journal, in memory: everything that was written behind some position.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Span>);

#[derive(Debug, Default)]
struct Span {
    /// All frames that were written behind it are here.
    from: Position,
    frames: VecDeque<Frame>,
    /// The bytes of the frames.
    bytes: u64,
}

#[derive(Debug)]
struct Frame {
    end: Position,
    bytes: u64,
    /// What it records, if it is a record.
    log: Option<ApiLog>,
}

impl Recent {
    /// Nothing was written yet behind `at`.
    pub(crate) fn begin(&self, at: Position) {
        *self.0.lock() = Span { from: at, ..Span::default() };
    }

    /// A frame of so many bytes was written, with its record if it is one, behind all others.
    pub(crate) fn add(&self, end: Position, bytes: u64, log: Option<ApiLog>) {
        let mut span = self.0.lock();
        while span.frames.len() >= MAX_FRAMES || span.bytes + bytes > 2 * MAX_BYTES {
            let Some(oldest) = span.frames.pop_front() else { break };
            span.bytes -= oldest.bytes;
            span.from = oldest.end;
        }
        span.bytes += bytes;
        span.frames.push_back(Frame { end, bytes, log });
    }

    /// Takes the next batch of at most so many records behind `at`, which is where a frame or a
    /// segment ends; `None` where it has to be read, because it is not here any more, or where there
    /// is nothing behind `at`.
    pub(crate) fn take(&self, at: Position, rows: usize) -> Option<Batch> {
        let mut span = self.0.lock();
        let is_behind = span.frames.back().is_some_and(|last| at < last.end);
        if at < span.from || !is_behind {
            return None;
        }
        let mut batch = Batch::default();
        while batch.logs.len() < rows && batch.bytes < MAX_BYTES {
            let Some(frame) = span.frames.pop_front() else { break };
            span.bytes -= frame.bytes;
            span.from = frame.end;
            if frame.end > at {
                batch.add(frame.end, frame.bytes, frame.log);
            }
        }
        Some(batch)
    }
}
