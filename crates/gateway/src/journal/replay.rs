//! What the last process left in a journal.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use chrono::{DateTime, Utc};
use tollgate_domain::RequestId;
use tollgate_domain::api_log::ApiLog;

use super::Position;
use super::entry::{decode, happened, interrupted};
use super::folder::Folder;
use super::frame::{self, Frame, HEAD_BYTES, Kind, MARK, Prefix};
use super::segment::{Next, SegmentReader};

/// The longest stretch of zeros that an unfinished write is believed to have left.
const MAX_TORN_BYTES: usize = 16 << 20;

/// What there is.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Its segments, the oldest first.
    pub(crate) segments: Vec<FoundSegment>,
    /// Bytes and records that are not in the database yet.
    pub(crate) backlog: (u64, u64),
    /// When the first of those records happened.
    pub(crate) oldest_at: Option<DateTime<Utc>>,
    /// The attempts that were being made when it ended, as their records.
    pub(crate) interrupted: Vec<ApiLog>,
}

/// A segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FoundSegment {
    pub(crate) number: u64,
    pub(crate) length: u64,
    pub(crate) is_damaged: bool,
}

/// Attempts of calls that began and, so far, have no end.
#[derive(Default)]
struct Starts {
    calls: HashMap<RequestId, Call>,
}

#[derive(Default)]
struct Call {
    /// By the attempt's number.
    attempts: Vec<(i32, Prefix, Vec<u8>)>,
    has_final: bool,
}

/// Reads every segment, and cuts off what the last write left half done. The database has all
/// before `shipped`.
///
/// # Errors
/// Those of the disk.
pub(crate) fn replay(folder: &Folder, shipped: Position) -> io::Result<Found> {
    let (mut found, mut starts) = (Found::default(), Starts::default());
    for number in folder.segments()? {
        let segment = read_segment(folder, number, shipped, &mut found, &mut starts)?;
        found.segments.push(segment);
    }
    found.interrupted = starts.interrupted();
    Ok(found)
}

fn read_segment(
    folder: &Folder,
    number: u64,
    shipped: Position,
    found: &mut Found,
    starts: &mut Starts,
) -> io::Result<FoundSegment> {
    let path = folder.segment(number);
    let mut reader = SegmentReader::open(&path, 0)?;
    let mut segment = FoundSegment { number, length: reader.end(), is_damaged: false };
    loop {
        match reader.next()? {
            Next::Frame(frame, offset) => {
                starts.note(&frame);
                let is_waiting = Position { segment: number, offset } > shipped;
                if is_waiting && frame.prefix.kind == Kind::Record {
                    found.backlog.1 += 1;
                    found.oldest_at = found.oldest_at.or(Some(happened(&frame.prefix)));
                }
                segment.is_damaged |= frame.prefix.kind == Kind::Unknown;
            }
            Next::Damage(from, to) if to == segment.length && is_torn(&path, from, to)? => {
                File::options().write(true).open(&path)?.set_len(from)?;
                segment.length = from;
                tracing::warn!(
                    journal.segment = number,
                    "The last write to the journal was half done when the process ended: {} bytes \
                     are cut off, whose call had no answer yet",
                    to - from
                );
            }
            Next::Damage(from, to) => {
                segment.is_damaged = true;
                tell_damage(number, from, to);
            }
            Next::End => break,
        }
    }
    let from = match number.cmp(&shipped.segment) {
        std::cmp::Ordering::Less => segment.length,
        std::cmp::Ordering::Equal => shipped.offset.min(segment.length),
        std::cmp::Ordering::Greater => 0,
    };
    found.backlog.0 += segment.length - from;
    Ok(segment)
}

/// Puts it in the log that bytes of a segment are not what was written.
pub(crate) fn tell_damage(segment: u64, from: u64, to: u64) {
    tracing::error!(
        journal.segment = segment,
        journal.from = from,
        journal.to = to,
        "The journal is damaged: {} bytes of segment {segment} are not what was written there, and \
         the records in them are lost; all others are read, and the file is kept aside",
        to - from
    );
}

/// Whether the bytes from `from` to the file's end are the begin of a frame, or zeros: what a write
/// that was not finished leaves.
fn is_torn(path: &Path, from: u64, to: u64) -> io::Result<bool> {
    let there = usize::try_from(to - from).unwrap_or(usize::MAX);
    let mut bytes = vec![0; there.min(MAX_TORN_BYTES)];
    File::open(path)?.read_exact_at(&mut bytes, from)?;
    if bytes.len() == there && bytes.iter().all(|byte| *byte == 0) {
        return Ok(true);
    }
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    Ok(match frame::length(head) {
        Some(length) => length > there,
        None => head.len() < HEAD_BYTES && head.iter().zip(MARK).all(|(byte, mark)| *byte == mark),
    })
}

impl Starts {
    fn note(&mut self, frame: &Frame<'_>) {
        let prefix = frame.prefix;
        let Some((call, attempt)) = prefix.attempt_id() else { return };
        match prefix.kind {
            Kind::Start => {
                let attempts = &mut self.calls.entry(call).or_default().attempts;
                attempts.retain(|(other, ..)| *other != attempt);
                attempts.push((attempt, prefix, frame.json.to_vec()));
            }
            Kind::Record => {
                let Some(known) = self.calls.get_mut(&call) else { return };
                known.attempts.retain(|(other, ..)| *other != attempt);
                known.has_final |= prefix.is_final;
                if known.attempts.is_empty() {
                    self.calls.remove(&call);
                }
            }
            Kind::Segment | Kind::Unknown => {}
        }
    }

    /// The records of those attempts. A call has one final record, whatever is damaged.
    fn interrupted(self) -> Vec<ApiLog> {
        let mut records = Vec::new();
        for mut call in self.calls.into_values() {
            call.attempts.sort_unstable_by_key(|(attempt, ..)| *attempt);
            let last = call.attempts.last().map(|(attempt, ..)| *attempt);
            for (attempt, prefix, json) in call.attempts {
                let is_final = !call.has_final && Some(attempt) == last;
                let start = decode(&Frame { prefix, json: &json });
                records.extend(start.map(|start| interrupted(start, is_final)));
            }
        }
        records.sort_unstable_by_key(|log| (log.request_id, log.attempt));
        records
    }
}

/// The frame that a segment begins with: whose it is, for people who look into it.
pub(crate) fn head(journal_id: &str) -> Vec<u8> {
    frame::encode(&Prefix::segment(), |bytes| {
        bytes.extend_from_slice(format!(r#"{{"journal":"{journal_id}"}}"#).as_bytes());
    })
}
