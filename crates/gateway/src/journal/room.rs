//! What the parts of a journal know of each other: its room, how far it is written and shipped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use super::frame::MAX_FRAME_BYTES;
use super::recent::Recent;
use super::segment::WrittenFile;
use super::{JournalOptions, JournalStats, Position, WhenFull};

/// What is kept for each attempt under way: its start and its record.
const PLACE_BYTES: u64 = 2 * MAX_FRAME_BYTES as u64;

/// A journal's room, and how far it is.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) options: JournalOptions,
    /// Bytes of all segments.
    used: AtomicU64,
    /// Bytes kept for attempts under way.
    kept: AtomicU64,
    /// Attempts under way.
    places: AtomicU64,
    /// Told when no attempt is under way any more.
    idle: Notify,
    /// Told when it becomes crowded.
    crowded: Notify,
    is_writable: AtomicBool,
    is_shipping: AtomicBool,
    dropped: AtomicU64,
    rejected: AtomicU64,
    backlog: Mutex<Backlog>,
    /// What was written last.
    pub(crate) recent: Recent,
    /// Up to where it is written.
    pub(crate) tail: watch::Sender<Position>,
    /// Up to where it is in the database.
    pub(crate) shipped: watch::Sender<Position>,
    /// Somebody waits for what is written to be shipped.
    pub(crate) hurry: Notify,
    /// Files with something that is not on the disk yet.
    pub(crate) unsynced: Mutex<Vec<Arc<WrittenFile>>>,
}

/// What is written and not in the database yet.
#[derive(Clone, Copy, Debug, Default)]
struct Backlog {
    bytes: u64,
    records: u64,
    oldest_at: Option<DateTime<Utc>>,
    /// Where it ends.
    end: Position,
}

/// A place for an attempt, kept until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    room: Arc<Room>,
}

/// What a place keeps on the disk, until it is written or dropped.
#[derive(Debug)]
pub(crate) struct Kept {
    room: Arc<Room>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

impl Room {
    pub(crate) fn new(options: JournalOptions) -> Self {
        Self {
            options,
            used: AtomicU64::new(0),
            kept: AtomicU64::new(0),
            places: AtomicU64::new(0),
            idle: Notify::new(),
            crowded: Notify::new(),
            is_writable: AtomicBool::new(true),
            is_shipping: AtomicBool::new(true),
            dropped: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            backlog: Mutex::default(),
            recent: Recent::default(),
            tail: watch::Sender::new(Position::default()),
            shipped: watch::Sender::new(Position::default()),
            hurry: Notify::new(),
            unsynced: Mutex::default(),
        }
    }

    /// Keeps what an attempt may write.
    pub(crate) fn keep(self: &Arc<Self>) -> Result<Kept, NoRoom> {
        if !self.is_writable() {
            return Err(NoRoom);
        }
        let free = |kept: u64| {
            let wanted = kept + PLACE_BYTES;
            (self.used.load(Ordering::Relaxed) + wanted <= self.options.max_bytes).then_some(wanted)
        };
        let kept = self.kept.fetch_update(Ordering::Relaxed, Ordering::Relaxed, free);
        if self.is_crowded() {
            self.crowded.notify_one();
        }
        kept.map(|_| Kept { room: Arc::clone(self) }).map_err(|_| NoRoom)
    }

    /// Counts an attempt as under way.
    pub(crate) fn enter(self: &Arc<Self>) -> Place {
        self.places.fetch_add(1, Ordering::AcqRel);
        Place { room: Arc::clone(self) }
    }

    /// Returns when no attempt is under way.
    pub(crate) async fn idle(&self) {
        loop {
            let told = self.idle.notified();
            tokio::pin!(told);
            told.as_mut().enable();
            if self.places.load(Ordering::Acquire) == 0 {
                return;
            }
            told.await;
        }
    }

    /// Whether it has no place for one more attempt.
    pub(crate) fn is_full(&self) -> bool {
        self.taken() + PLACE_BYTES > self.options.max_bytes
    }

    /// Whether so much of it is taken that what is not needed is to go at once: a quarter.
    pub(crate) fn is_crowded(&self) -> bool {
        self.taken() > self.options.max_bytes / 4
    }

    /// Returns when it is crowded.
    pub(crate) async fn crowded(&self) {
        while !self.is_crowded() {
            self.crowded.notified().await;
        }
    }

    fn taken(&self) -> u64 {
        self.used.load(Ordering::Relaxed) + self.kept.load(Ordering::Relaxed)
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.is_writable.load(Ordering::Relaxed)
    }

    /// Whether it was writable before.
    pub(crate) fn set_writable(&self, is_writable: bool) -> bool {
        self.is_writable.swap(is_writable, Ordering::Relaxed)
    }

    /// Whether it was shipping before.
    pub(crate) fn set_shipping(&self, is_shipping: bool) -> bool {
        self.is_shipping.swap(is_shipping, Ordering::Relaxed)
    }

    /// Whether records that find no place are dropped.
    pub(crate) fn drops(&self) -> bool {
        self.options.when_full == WhenFull::Drop
    }

    pub(crate) fn count_dropped(&self, records: u64) {
        self.dropped.fetch_add(records, Ordering::Relaxed);
    }

    pub(crate) fn count_rejected(&self) {
        self.rejected.fetch_add(1, Ordering::Relaxed);
    }

    /// What the last process left: so much on the disk, of which this is not in the database yet.
    pub(crate) fn found(
        &self,
        used: u64,
        bytes: u64,
        records: u64,
        oldest_at: Option<DateTime<Utc>>,
    ) {
        self.used.store(used, Ordering::Relaxed);
        *self.backlog.lock() = Backlog { bytes, records, oldest_at, end: Position::default() };
    }

    /// So much was written, up to `end`.
    pub(crate) fn written(&self, end: Position, bytes: u64, records: u64) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
        let mut backlog = self.backlog.lock();
        backlog.bytes += bytes;
        backlog.records += records;
        backlog.end = end;
        drop(backlog);
        self.tail.send_replace(end);
    }

    /// So much was shipped, up to `position`.
    pub(crate) fn ship(&self, position: Position, bytes: u64, records: u64) {
        let mut backlog = self.backlog.lock();
        let left = Backlog {
            bytes: backlog.bytes.saturating_sub(bytes),
            records: backlog.records.saturating_sub(records),
            ..*backlog
        };
        // Also what was counted and could not be read is behind it by then.
        let is_all = position >= backlog.end;
        *backlog = if is_all { Backlog { end: backlog.end, ..Backlog::default() } } else { left };
        drop(backlog);
        self.shipped.send_replace(position);
    }

    /// When the first record that waits happened.
    pub(crate) fn set_oldest(&self, at: Option<DateTime<Utc>>) {
        self.backlog.lock().oldest_at = at;
    }

    /// How many records wait.
    pub(crate) fn backlog_records(&self) -> u64 {
        self.backlog.lock().records
    }

    /// So many bytes were removed.
    pub(crate) fn removed(&self, bytes: u64) {
        subtract(&self.used, bytes);
    }

    pub(crate) fn stats(&self) -> JournalStats {
        let backlog = *self.backlog.lock();
        JournalStats {
            backlog_bytes: backlog.bytes,
            backlog_records: backlog.records,
            oldest_at: backlog.oldest_at,
            used_bytes: self.used.load(Ordering::Relaxed),
            max_bytes: self.options.max_bytes,
            dropped: self.dropped.load(Ordering::Relaxed),
            rejected: self.rejected.load(Ordering::Relaxed),
            is_full: self.is_full(),
            is_writable: self.is_writable(),
            is_shipping: self.is_shipping.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.room.places.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.room.idle.notify_waiters();
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        subtract(&self.room.kept, PLACE_BYTES);
    }
}

fn subtract(from: &AtomicU64, amount: u64) {
    let less = |value: u64| Some(value.saturating_sub(amount));
    from.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::testing::options;

    #[test]
    fn room_that_is_kept_for_one_is_not_given_to_another() {
        let folder = tempfile::tempdir().unwrap();
        let options = JournalOptions { max_bytes: 3 * PLACE_BYTES + 10, ..options(folder.path()) };
        let room = Arc::new(Room::new(options));
        let kept: Vec<Kept> = (0..3).map(|_| room.keep().unwrap()).collect();

        assert!(room.is_full() && room.keep().is_err());

        drop(kept);
        room.written(Position { segment: 1, offset: 20 }, 20, 1);
        let kept: Vec<_> = (0..2).map(|_| room.keep().unwrap()).collect();
        assert!(room.keep().is_err(), "what was written takes its part");
        drop(kept);
        room.set_writable(false);
        assert!(room.keep().is_err() && !room.is_full());
    }

    #[tokio::test]
    async fn one_is_told_when_no_attempt_is_under_way() {
        let folder = tempfile::tempdir().unwrap();
        let room = Arc::new(Room::new(options(folder.path())));
        room.idle().await;
        let places = [room.enter(), room.enter()];

        let leave = async { drop(places) };
        tokio::join!(room.idle(), leave);

        assert_eq!(room.places.load(Ordering::Relaxed), 0);
    }
}
