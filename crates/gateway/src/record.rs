//! From the engine to `t_ai_api_logs`: a bounded queue and its one writer.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::mpsc::{self, OwnedPermit, Receiver};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tollgate_domain::api_log::ApiLog;
use tollgate_store::{Store, StoreError};

/// The most rows that are written at once.
const MAX_BATCH: usize = 500;
/// How long a row waits for others to be written with.
const BATCH_WAIT: Duration = Duration::from_millis(100);
/// The first and the longest wait before a failed write is tried again.
const RETRY_WAITS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// Hears of every record when it is queued; must be quick.
pub type Observer = Arc<dyn Fn(&ApiLog) + Send + Sync>;

/// The queue's near end.
#[derive(Clone)]
pub(crate) struct Records {
    queue: mpsc::Sender<Entry>,
    observer: Option<Observer>,
}

/// A place in the queue, kept for a record that will come, so that recording never fails.
pub(crate) struct Slot {
    permit: OwnedPermit<Entry>,
    observer: Option<Observer>,
}

enum Entry {
    Row(Box<ApiLog>),
    /// Answered when everything before it is in the database.
    Flush(oneshot::Sender<()>),
}

/// What writes rows; a database, but for tests.
pub(crate) trait Sink: Send + Sync + 'static {
    /// Writes `rows`; those that are there already are left alone.
    fn write(&self, rows: &[ApiLog]) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// Why rows were not written, in words.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// The database is away; the same rows may be written later.
    Away(String),
    /// The database does not take them.
    Refused(String),
}

impl Sink for Store {
    async fn write(&self, rows: &[ApiLog]) -> Result<(), WriteError> {
        self.api_logs().ship(None, rows).await.map_err(|error| match error {
            StoreError::Unavailable(_) => WriteError::Away(error.to_string()),
            _ => WriteError::Refused(error.to_string()),
        })
    }
}

/// A queue of at most `capacity` records, and its far end.
pub(crate) fn queue(capacity: usize, observer: Option<Observer>) -> (Records, Writer) {
    let (queue, entries) = mpsc::channel(capacity);
    (Records { queue, observer }, Writer { entries, batch: Vec::new(), is_failing: false })
}

impl Records {
    /// A place for one record; `None` when the queue is full.
    #[must_use]
    pub(crate) fn reserve(&self) -> Option<Slot> {
        let permit = self.queue.clone().try_reserve_owned().ok()?;
        Some(Slot { permit, observer: self.observer.clone() })
    }

    /// Whether there is room for one more record.
    #[must_use]
    pub(crate) fn has_room(&self) -> bool {
        self.queue.capacity() > 0 && !self.queue.is_closed()
    }

    /// Returns when every slot was used or given back: no call is under way.
    pub(crate) async fn settled(&self) {
        // All places are free at once only when nobody holds one.
        self.queue.reserve_many(self.queue.max_capacity()).await.ok();
    }

    /// Returns when everything recorded so far is in the database.
    pub(crate) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        if self.queue.send(Entry::Flush(done)).await.is_ok() {
            is_done.await.ok();
        }
    }
}

impl Slot {
    /// Queues the record.
    pub(crate) fn send(self, log: ApiLog) {
        if let Some(observer) = &self.observer {
            observer(&log);
        }
        self.permit.send(Entry::Row(Box::new(log)));
    }
}

/// The queue's far end.
pub(crate) struct Writer {
    entries: Receiver<Entry>,
    batch: Vec<ApiLog>,
    is_failing: bool,
}

impl Writer {
    /// Writes what comes, until `stop` is cancelled and nothing is queued any more.
    pub(crate) async fn run(mut self, sink: impl Sink, stop: CancellationToken) {
        loop {
            let first = tokio::select! {
                biased;
                entry = self.entries.recv() => entry,
                () = stop.cancelled() => self.entries.try_recv().ok(),
            };
            let Some(first) = first else { return };
            let flushes = self.gather(first, &stop).await;
            self.write(&sink).await;
            for flush in flushes {
                flush.send(()).ok();
            }
        }
    }

    /// Fills the batch, for [`BATCH_WAIT`] at most or until somebody wants it written.
    async fn gather(&mut self, first: Entry, stop: &CancellationToken) -> Vec<oneshot::Sender<()>> {
        let until = Instant::now() + BATCH_WAIT;
        let mut flushes = Vec::new();
        let mut next = Some(first);
        while let Some(entry) = next {
            match entry {
                Entry::Row(log) => self.batch.push(*log),
                Entry::Flush(done) => flushes.push(done),
            }
            let is_enough = !flushes.is_empty() || stop.is_cancelled();
            if self.batch.len() >= MAX_BATCH {
                break;
            }
            next = match self.entries.try_recv() {
                Ok(entry) => Some(entry),
                Err(_) if is_enough => None,
                Err(_) => timeout_at(until, self.entries.recv()).await.ok().flatten(),
            };
        }
        flushes
    }

    /// Writes the batch, however long that takes.
    async fn write(&mut self, sink: &impl Sink) {
        let mut wait = RETRY_WAITS.0;
        let batch = std::mem::take(&mut self.batch);
        // Pieces to be written, the next one last: a batch that is refused is halved until the row
        // that the database will never take stands alone.
        let mut pieces: Vec<&[ApiLog]> = vec![&batch];
        while let Some(piece) = pieces.pop().filter(|piece| !piece.is_empty()) {
            let writing = AssertUnwindSafe(sink.write(piece)).catch_unwind();
            let panicked = |_| Err(WriteError::Refused("writing it panicked".to_owned()));
            match writing.await.unwrap_or_else(panicked) {
                Ok(()) => {
                    self.recovered();
                    wait = RETRY_WAITS.0;
                }
                Err(WriteError::Away(error)) => {
                    self.failing(&error);
                    pieces.push(piece);
                    sleep(wait).await;
                    wait = (wait * 2).min(RETRY_WAITS.1);
                }
                Err(WriteError::Refused(error)) if piece.len() == 1 => lost(&piece[0], &error),
                Err(WriteError::Refused(_)) => {
                    let (first, second) = piece.split_at(piece.len() / 2);
                    pieces.push(second);
                    pieces.push(first);
                }
            }
        }
        self.batch = batch;
        self.batch.clear();
    }

    fn failing(&mut self, error: &str) {
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::warn!("Records wait in memory, because the database is away: {error}");
        }
    }

    fn recovered(&mut self) {
        if std::mem::replace(&mut self.is_failing, false) {
            tracing::info!("Records are written again");
        }
    }
}

fn lost(log: &ApiLog, error: &str) {
    tracing::error!(
        request.id = %log.request_id,
        attempt = log.attempt,
        "The database refuses this record, which is lost: {error}"
    );
}

#[cfg(test)]
mod tests;
