//! The one that writes a journal: it writes all that is queued at once, and tells everybody who
//! waits for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;
use tollgate_domain::RequestId;
use tollgate_domain::api_log::ApiLog;

use super::folder::Folder;
use super::frame::Kind;
use super::replay::{Found, head};
use super::room::{Kept, Room};
use super::segment::SegmentFile;
use super::{Fsync, Position};

/// What is written, and cut off again, to see whether a disk has room.
const PROBE_BYTES: usize = 64 * 1024;

/// What the writer is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Something waits that was not written at once.
    Write,
    /// Answered with where the journal ends when all before it is written.
    Mark(oneshot::Sender<Position>),
    /// All before this segment is in the database.
    Shipped(u64),
    /// A segment turned out to be damaged.
    Damaged(u64),
    /// Files could not be synced.
    SyncFailed(io::Error),
    /// Time to try again, where writing failed.
    Retry,
    /// The end; answered when it is closed.
    Close(oneshot::Sender<()>),
}

/// A frame to write.
#[derive(Debug)]
pub(crate) struct Append {
    /// What it is.
    pub(crate) kind: Kind,
    /// Of which attempt.
    pub(crate) attempt: (RequestId, i32),
    /// The whole frame.
    pub(crate) frame: Vec<u8>,
    /// What it records, if it is a record.
    pub(crate) log: Option<ApiLog>,
    /// What was kept for it.
    pub(crate) kept: Option<Kept>,
    /// Told whether it was written; dropped where it was not.
    pub(crate) written: Option<oneshot::Sender<()>>,
}

/// The starts without an end, and for each the number of its segment and its frame.
type Starts = HashMap<(RequestId, i32), (u64, Box<[u8]>)>;

/// Writes the journal.
#[derive(Debug)]
pub(crate) struct Writer {
    folder: Arc<Folder>,
    room: Arc<Room>,
    /// What is written at the moment.
    segment: SegmentFile,
    /// How long the older ones are, by number.
    closed: BTreeMap<u64, u64>,
    damaged: Vec<u64>,
    starts: Starts,
    /// What is to be written next.
    pub(super) group: Vec<Append>,
    /// The group's bytes; here to be reused.
    bytes: Vec<u8>,
    /// What could not be written, and is to be once that works again.
    stuck: Vec<Append>,
}

/// Whether the writer goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    End,
}

impl Writer {
    /// Behind what was `found`, with a segment of its own.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn new(
        folder: Arc<Folder>,
        room: Arc<Room>,
        found: &Found,
        shipped: Position,
    ) -> io::Result<Self> {
        // Never a number that the database has a position in: what a loss of power cut off a
        // shipped segment must not be taken for shipped when it is written anew.
        let last = found.segments.last().map_or(0, |segment| segment.number).max(shipped.segment);
        let used: u64 = found.segments.iter().map(|segment| segment.length).sum();
        room.found(used, found.backlog.0, found.backlog.1, found.oldest_at);
        room.shipped.send_replace(shipped);
        room.recent.begin(Position { segment: last + 1, offset: 0 });
        let damaged =
            found.segments.iter().filter(|it| it.is_damaged).map(|it| it.number).collect();
        let segment = create(&folder, &room, last + 1)?;
        let closed = found.segments.iter().map(|it| (it.number, it.length)).collect();
        Ok(Self {
            folder,
            room,
            segment,
            closed,
            damaged,
            starts: HashMap::new(),
            group: Vec::new(),
            bytes: Vec::new(),
            stuck: Vec::new(),
        })
    }

    /// Where the journal is.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Whether so many bytes are written without waiting for the disk: nothing has to be synced
    /// first, no segment begun, and the disk is not known to fail.
    pub(super) fn takes_quickly(&self, bytes: u64) -> bool {
        let options = &self.room.options;
        let fits = self.segment.length + bytes <= options.segment_bytes();
        options.fsync != Fsync::Always && fits && self.room.is_writable()
    }

    /// Does what is asked.
    pub(super) fn take(&mut self, message: Message) -> Then {
        match message {
            Message::Write => {}
            Message::Mark(told) => drop(told.send(self.end())),
            Message::Shipped(number) => self.remove_before(number),
            Message::Damaged(number) => self.damaged.push(number),
            Message::SyncFailed(error) => self.failed(&error),
            Message::Retry => self.recover(),
            Message::Close(closed) => {
                self.recover();
                self.close();
                closed.send(()).ok();
                return Then::End;
            }
        }
        Then::GoOn
    }

    /// Writes the group.
    pub(super) fn append_group(&mut self) {
        if self.group.is_empty() {
            return;
        }
        let mut group = std::mem::take(&mut self.group);
        let is_written = self.room.is_writable() && self.write(&group);
        if is_written {
            self.acknowledge(&mut group);
        } else if self.room.drops() {
            let records = group.iter().filter(|append| append.kind == Kind::Record).count();
            self.room.count_dropped(records as u64);
            group.drain(..).for_each(answer);
        } else {
            // Whoever waits hears at once that it is not written.
            group.iter_mut().for_each(|append| append.written = None);
            self.stuck.append(&mut group);
        }
        self.group = group;
    }

    /// Writes the group at once; `false` where the disk does not take it.
    fn write(&mut self, group: &[Append]) -> bool {
        let written = self.try_write(group);
        if let Err(error) = &written {
            self.failed(error);
        }
        written.is_ok()
    }

    fn try_write(&mut self, group: &[Append]) -> io::Result<()> {
        self.bytes.clear();
        group.iter().for_each(|append| self.bytes.extend_from_slice(&append.frame));
        let length = self.bytes.len() as u64;
        if self.segment.length + length > self.room.options.segment_bytes() && self.has_frames() {
            self.begin_segment()?;
        }
        let before = self.segment.length;
        self.segment.append(&self.bytes)?;
        match self.room.options.fsync {
            Fsync::Always => {
                if let Err(error) = self.segment.file.file.sync_data() {
                    self.segment.cut_to(before);
                    return Err(error);
                }
            }
            Fsync::Interval => self.wait_for_sync(),
            Fsync::Never => {}
        }
        let records = group.iter().filter(|append| append.kind == Kind::Record).count();
        self.room.written(self.end(), length, records as u64);
        Ok(())
    }

    /// Notes what has begun and ended, hands it to the shipper, and tells everybody who waits.
    fn acknowledge(&mut self, group: &mut Vec<Append>) {
        let Position { segment: number, offset: mut end } = self.end();
        end -= group.iter().map(|append| append.frame.len() as u64).sum::<u64>();
        for mut append in group.drain(..) {
            let bytes = append.frame.len() as u64;
            end += bytes;
            let position = Position { segment: number, offset: end };
            self.room.recent.add(position, bytes, append.log.take());
            match append.kind {
                Kind::Start => {
                    let frame = std::mem::take(&mut append.frame);
                    // In no more room than it needs: it is kept as long as a stream lasts.
                    self.starts.insert(append.attempt, (number, frame.into_boxed_slice()));
                }
                _ => drop(self.starts.remove(&append.attempt)),
            }
            answer(append);
        }
    }

    /// Has the file synced with the next ones.
    fn wait_for_sync(&self) {
        let file = &self.segment.file;
        if !file.waits.swap(true, Ordering::AcqRel) {
            self.room.unsynced.lock().push(Arc::clone(file));
        }
    }

    /// Whether the segment has more than its head.
    fn has_frames(&self) -> bool {
        self.segment.length > head(&self.folder.id).len() as u64
    }

    fn begin_segment(&mut self) -> io::Result<()> {
        let is_empty = !self.has_frames();
        let next = create(&self.folder, &self.room, self.segment.number + 1)?;
        let old = std::mem::replace(&mut self.segment, next);
        if is_empty {
            // A disk that is tried again each second would be full of such.
            self.remove_file(old.number, old.length);
        } else {
            self.closed.insert(old.number, old.length);
        }
        Ok(())
    }

    /// Removes the segments before `number`, all of whose records are in the database. Starts in
    /// them that have no end yet are written anew.
    fn remove_before(&mut self, number: u64) {
        let number = number.min(self.segment.number);
        let is_old = |segment: u64| segment < number;
        let has_starts = self.starts.values().any(|(segment, _)| is_old(*segment));
        if !has_starts || (self.room.is_writable() && self.carry(is_old)) {
            self.remove(number);
        }
    }

    fn remove(&mut self, before: u64) {
        let kept = self.closed.split_off(&before);
        for (number, length) in std::mem::replace(&mut self.closed, kept) {
            self.remove_file(number, length);
        }
    }

    /// Removes a segment's file; where it is damaged, it is put aside.
    fn remove_file(&mut self, number: u64, length: u64) {
        let removed = match self.damaged.contains(&number) {
            true => self.folder.put_aside(number),
            false => std::fs::remove_file(self.folder.segment(number)),
        };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => tracing::warn!(
                journal.segment = number,
                "A segment of the journal that is not needed any more cannot be removed: {error}"
            ),
            _ => {}
        }
        self.damaged.retain(|damaged| *damaged != number);
        self.room.removed(length);
    }

    /// Writes the open starts anew that are in such segments; `false` where that fails.
    fn carry(&mut self, is_such: impl Fn(u64) -> bool) -> bool {
        let old = self.starts.iter().filter(|(_, (segment, _))| is_such(*segment));
        let mut group: Vec<Append> = old
            .map(|(attempt, (_, frame))| Append {
                kind: Kind::Start,
                attempt: *attempt,
                frame: frame.to_vec(),
                log: None,
                kept: None,
                written: None,
            })
            .collect();
        let is_written = group.is_empty() || self.write(&group);
        if is_written {
            self.acknowledge(&mut group);
        }
        is_written
    }

    /// The disk fails: nothing more is written before another segment could be begun.
    fn failed(&self, error: &io::Error) {
        if self.room.set_writable(false) {
            tracing::error!(
                "The journal in {} cannot be written: {error}; calls are {} until it can",
                self.folder.path().display(),
                if self.room.drops() { "answered without a record" } else { "refused" }
            );
        }
    }

    /// Tries whether the disk works again, and writes what could not be written.
    fn recover(&mut self) {
        if self.room.is_writable() {
            return;
        }
        if !self.resume() {
            self.give_way();
            if !self.resume() {
                return;
            }
        }
        self.room.set_writable(true);
        tracing::info!("The journal can be written again");
        let shipped = *self.room.shipped.borrow();
        self.remove_before(shipped.segment);
    }

    /// Writes to a new segment what could not be written; `false` where the disk does not take it.
    fn resume(&mut self) -> bool {
        if self.begin_segment().is_err() || self.probe().is_err() {
            return false;
        }
        let left: BTreeSet<u64> =
            self.closed.iter().filter(|(_, length)| **length > 0).map(|(it, _)| *it).collect();
        let mut stuck = std::mem::take(&mut self.stuck);
        let is_written = self.carry(|segment| !left.contains(&segment))
            && (stuck.is_empty() || self.write(&stuck));
        if is_written {
            self.acknowledge(&mut stuck);
        }
        self.stuck = stuck;
        is_written
    }

    /// Frees the disk, which may be full, of what the database has. Open starts in it are in memory
    /// alone until the disk takes them again: better than a disk that stays full for ever.
    fn give_way(&mut self) {
        let shipped = *self.room.shipped.borrow();
        self.remove(shipped.segment.min(self.segment.number));
        if shipped >= self.end() && !self.damaged.contains(&self.segment.number) {
            self.room.removed(self.segment.length);
            // Nothing is written to it any more: its number has a position in the database.
            self.segment.cut_to(0);
        }
    }

    /// Whether the disk takes as much as a few calls write. A full one may well take a file's head.
    fn probe(&mut self) -> io::Result<()> {
        let before = self.segment.length;
        let written = self.segment.append(&[0; PROBE_BYTES]);
        self.segment.cut_to(before);
        written
    }

    fn end(&self) -> Position {
        Position { segment: self.segment.number, offset: self.segment.length }
    }

    pub(super) fn close(&mut self) {
        if self.room.options.fsync != Fsync::Never {
            let files = std::mem::take(&mut *self.room.unsynced.lock());
            files.iter().for_each(|file| drop(file.file.sync_data()));
        }
        if !self.stuck.is_empty() {
            tracing::error!("{} records could not be written and are lost", self.stuck.len());
        }
    }
}

fn answer(append: Append) {
    // What was kept for it is free before anybody hears of it.
    drop(append.kept);
    if let Some(written) = append.written {
        written.send(()).ok();
    }
}

/// A new segment, whose name outlasts a loss of power unless nothing has to.
fn create(folder: &Folder, room: &Room, number: u64) -> io::Result<SegmentFile> {
    let path = folder.segment(number);
    let segment = SegmentFile::create(&path, number, &head(&folder.id))?;
    if room.options.fsync != Fsync::Never {
        folder.sync().inspect_err(|_| {
            // The next try needs its name.
            std::fs::remove_file(&path).ok();
        })?;
    }
    let end = Position { segment: number, offset: segment.length };
    room.written(end, segment.length, 0);
    room.recent.add(end, segment.length, None);
    Ok(segment)
}

#[cfg(test)]
mod tests;
