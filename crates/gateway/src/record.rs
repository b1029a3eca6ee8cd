//! From the engine to the journal: a place for each attempt, and word of when its record is written.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use tollgate_domain::api_log::ApiLog;

use crate::journal::room::Room;
use crate::journal::{Append, JournalStats, Kept, Kind, Message, Place, Sender, encode};

/// How long a caller waits for the disk.
const WRITE_LIMIT: Duration = Duration::from_secs(10);
/// How long the end of the process waits for the disk.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// Hears of every record when it is queued; must be quick.
pub type Observer = Arc<dyn Fn(&ApiLog) + Send + Sync>;

/// The journal, as calls see it.
#[derive(Clone)]
pub(crate) struct Records {
    room: Arc<Room>,
    writer: Sender,
    observer: Option<Observer>,
}

/// A place for an attempt: its record always fits. In a journal that drops what does not fit, it
/// may be none.
pub(crate) struct Slot {
    records: Records,
    kept: Option<Kept>,
    _place: Place,
}

/// Word of whether something is written. Dropping it changes nothing.
#[must_use = "a caller has an answer once its record is written"]
#[derive(Debug)]
pub(crate) struct Recorded {
    written: Option<oneshot::Receiver<()>>,
    /// Whether an answer may go without.
    may_lack: bool,
}

/// It is not in the journal: the disk does not take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotRecorded;

impl Records {
    pub(crate) const fn new(room: Arc<Room>, writer: Sender, observer: Option<Observer>) -> Self {
        Self { room, writer, observer }
    }

    /// A place for one attempt; `None` when there is no room, or the disk fails, and calls are to
    /// be refused then.
    #[must_use]
    pub(crate) fn reserve(&self) -> Option<Slot> {
        let kept = self.room.keep().ok().filter(|_| !self.writer.is_closed());
        if kept.is_none() && !self.room.drops() {
            return None;
        }
        Some(Slot { records: self.clone(), kept, _place: self.room.enter() })
    }

    /// Whether calls can be taken.
    #[must_use]
    pub(crate) fn has_room(&self) -> bool {
        let is_working = self.room.is_writable() && !self.writer.is_closed();
        is_working && (self.room.drops() || !self.room.is_full())
    }

    /// How the journal stands.
    #[must_use]
    pub(crate) fn stats(&self) -> JournalStats {
        self.room.stats()
    }

    /// Returns when every slot was used or given back: no call is under way.
    pub(crate) async fn settled(&self) {
        self.room.idle().await;
    }

    /// Returns when everything recorded so far is in the database.
    pub(crate) async fn flush(&self) {
        let (told, end) = oneshot::channel();
        if self.writer.send(Message::Mark(told)).is_err() {
            return;
        }
        let Ok(end) = end.await else { return };
        let mut shipped = self.room.shipped.subscribe();
        self.room.hurry.notify_one();
        shipped.wait_for(|shipped| *shipped >= end).await.ok();
    }

    /// Records an attempt that the last process did not end.
    pub(crate) fn interrupted(&self, log: ApiLog) -> Recorded {
        self.record(log, None)
    }

    /// Writes what is queued, and ends the writer.
    pub(crate) async fn close(&self) {
        let (told, closed) = oneshot::channel();
        if self.writer.send(Message::Close(told)).is_ok() {
            timeout(CLOSE_LIMIT, closed).await.ok();
        }
    }

    fn record(&self, mut log: ApiLog, kept: Option<Kept>) -> Recorded {
        if let Some(observer) = &self.observer {
            observer(&log);
        }
        let frame = encode(Kind::Record, &mut log);
        let attempt = (log.request_id, log.attempt);
        let log = Some(log);
        self.append(Append { kind: Kind::Record, attempt, frame, log, kept, written: None })
    }

    fn append(&self, append: Append) -> Recorded {
        let (written, word) = oneshot::channel();
        self.writer.append(Append { written: Some(written), ..append });
        Recorded { written: Some(word), may_lack: self.room.drops() }
    }
}

impl Slot {
    /// Writes that the attempt that `log` will be of begins.
    pub(crate) fn start(&self, log: &mut ApiLog) -> Recorded {
        if self.kept.is_none() {
            return Recorded { written: None, may_lack: true };
        }
        let (kind, frame) = (Kind::Start, encode(Kind::Start, log));
        let attempt = (log.request_id, log.attempt);
        self.records.append(Append { kind, attempt, frame, log: None, kept: None, written: None })
    }

    /// Writes the attempt's record.
    pub(crate) fn send(self, log: ApiLog) -> Recorded {
        if self.kept.is_some() {
            return self.records.record(log, self.kept);
        }
        if let Some(observer) = &self.records.observer {
            observer(&log);
        }
        self.records.room.count_dropped(1);
        Recorded { written: None, may_lack: true }
    }
}

impl Recorded {
    /// Returns when it is written.
    ///
    /// # Errors
    /// Where the disk does not take it, or not in time.
    pub(crate) async fn wait(self) -> Result<(), NotRecorded> {
        let Some(written) = self.written else { return Ok(()) };
        match timeout(WRITE_LIMIT, written).await {
            Ok(Ok(())) => Ok(()),
            _ if self.may_lack => Ok(()),
            _ => Err(NotRecorded),
        }
    }
}

#[cfg(test)]
mod tests;
