//! From the journal to the database: batch after batch, each with the position that it ends at.

use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tollgate_domain::api_log::ApiLog;
use tollgate_store::journal::JournalPosition;
use tollgate_store::{Store, StoreError};

use super::folder::Folder;
use super::read::{Batch, Reader};
use super::room::Room;
use super::{Message, Position, Sender, reject};

/// How long a record waits for others to be written with.
const BATCH_WAIT: Duration = Duration::from_millis(100);
/// The first and the longest wait before a failed write is tried again.
const RETRY_WAITS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// How long segments that are shipped stay: so long, and at most twice that. A database that breaks
/// down may lose what it took in its last second.
const KEPT: Duration = Duration::from_secs(10);

/// What takes records; a database, but for tests.
pub(crate) trait Sink: Send + Sync + 'static {
    /// How many rows are written at once, at most.
    fn rows_at_once(&self) -> usize;

    /// Writes `rows`, those that are there already apart, and `position`, at once.
    fn ship(
        &self,
        position: JournalPosition,
        rows: &[ApiLog],
    ) -> impl Future<Output = Result<(), ShipError>> + Send;

    /// Up to where it has the journal `journal_id`; `None` where it has nothing of it.
    fn position(
        &self,
        journal_id: &str,
    ) -> impl Future<Output = Result<Option<JournalPosition>, ShipError>> + Send;
}

/// Why rows were not written, in words.
#[derive(Debug)]
pub(crate) enum ShipError {
    /// The database is away; the same rows may be written later.
    Away(String),
    /// The database takes no such batch at the moment, perhaps a smaller one.
    Unable(String),
    /// The database will never take one of the rows.
    Refused(String),
}

impl Sink for Store {
    fn rows_at_once(&self) -> usize {
        self.api_logs().rows_at_once()
    }

    async fn ship(&self, position: JournalPosition, rows: &[ApiLog]) -> Result<(), ShipError> {
        self.api_logs().ship(Some(position), rows).await.map_err(|error| {
            let text = error.to_string();
            match error {
                StoreError::Unavailable(_) => ShipError::Away(text),
                error if error.is_about_values() => ShipError::Refused(text),
                _ => ShipError::Unable(text),
            }
        })
    }

    async fn position(&self, journal_id: &str) -> Result<Option<JournalPosition>, ShipError> {
        let position = self.journals().position(journal_id).await;
        position.map_err(|error| ShipError::Away(error.to_string()))
    }
}

/// Ships a journal.
pub(crate) struct Shipper {
    folder: Arc<Folder>,
    room: Arc<Room>,
    writer: Sender,
    /// `None` only while it is reading.
    reader: Option<Reader>,
    at: Position,
    /// Up to where the database said that it has it.
    confirmed: Position,
    /// Whether it is still to be seen that it has that.
    is_doubtful: bool,
    /// The segment before which the writer was told to remove all.
    removed_before: u64,
    /// The segment before which all is shipped and still there, and when that may go.
    leaving: Option<(u64, Instant)>,
}

/// A part of a batch.
enum Piece {
    /// These rows.
    Rows(Range<usize>),
    /// No row, but the position behind that one, which was refused.
    Past(usize),
}

impl Shipper {
    pub(crate) fn new(
        folder: Arc<Folder>,
        room: Arc<Room>,
        writer: Sender,
        shipped: Position,
    ) -> Self {
        let reader = Some(Reader::new(Arc::clone(&folder), shipped));
        // What earlier processes shipped may go at once: those that end within seconds remove nothing.
        let leaving = (shipped.segment > 0).then(|| (shipped.segment, Instant::now()));
        Self {
            folder,
            room,
            writer,
            reader,
            at: shipped,
            confirmed: shipped,
            is_doubtful: false,
            removed_before: 0,
            leaving,
        }
    }

    /// Ships what comes until `stop` is cancelled.
    pub(crate) async fn run(mut self, sink: impl Sink, stop: CancellationToken) {
        let shipping = async {
            loop {
                self.gather(sink.rows_at_once()).await;
                self.let_go(&sink).await;
                if self.at < *self.room.tail.borrow() {
                    self.ship_batch(&sink).await;
                }
            }
        };
        stop.run_until_cancelled(shipping).await;
    }

    /// Ships what is there, for as long as `limit`.
    pub(crate) async fn catch_up(&mut self, sink: &impl Sink, limit: Duration) {
        let tail = *self.room.tail.borrow();
        let shipping = async {
            while self.at < tail {
                self.ship_batch(sink).await;
            }
        };
        timeout(limit, shipping).await.ok();
    }

    /// Waits for records, and for others to go with them unless there are many or somebody waits; or
    /// until shipped segments may go.
    async fn gather(&self, many: usize) {
        let mut tail = self.room.tail.subscribe();
        let come = async {
            if tail.wait_for(|tail| *tail > self.at).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = come => {}
            () = self.may_go() => return,
        }
        if self.room.backlog_records() < many as u64 {
            timeout(BATCH_WAIT, self.room.hurry.notified()).await.ok();
        }
    }

    async fn ship_batch(&mut self, sink: &impl Sink) {
        let Some(batch) = self.read(sink.rows_at_once()).await else { return };
        for number in &batch.damaged {
            self.writer.send(Message::Damaged(*number)).ok();
        }
        if batch.first_at.is_some() {
            self.room.set_oldest(batch.first_at);
        }
        if batch.logs.is_empty() {
            // The database hears of it with the next record.
            self.room.ship(batch.end, batch.bytes, 0);
        } else if !self.write(sink, &batch).await {
            return;
        }
        self.moved(batch.end);
    }

    /// The next batch: from memory, or from the files where it is not there any more. After a wait,
    /// none, where the disk fails.
    async fn read(&mut self, rows: usize) -> Option<Batch> {
        if let Some(batch) = self.room.recent.take(self.at, rows) {
            // Nor is a file kept that is to be removed.
            self.reader = None;
            return Some(batch);
        }
        let tail = *self.room.tail.borrow();
        // One that is ahead has read what was dropped on its way to the database.
        let reader = self.reader.take().filter(|reader| reader.at() == self.at);
        let mut reader = reader.unwrap_or_else(|| Reader::new(Arc::clone(&self.folder), self.at));
        let read = spawn_blocking(move || {
            let batch = reader.read(tail, rows);
            (reader, batch)
        });
        match read.await {
            Ok((reader, Ok(batch))) => {
                debug_assert_eq!(reader.at(), batch.end);
                self.reader = Some(reader);
                Some(batch)
            }
            Ok((_, Err(error))) => {
                self.failing(&format!("the journal cannot be read: {error}"));
                sleep(RETRY_WAITS.1).await;
                None
            }
            Err(_) => {
                self.failing("reading the journal panicked");
                sleep(RETRY_WAITS.1).await;
                None
            }
        }
    }

    /// Writes the batch, however long that takes. One that is refused is halved until the row that
    /// the database will never take stands alone. `false` where earlier ones have to be written again.
    async fn write(&mut self, sink: &impl Sink, batch: &Batch) -> bool {
        self.is_doubtful = true;
        let count = batch.logs.len();
        // The next piece is the last.
        let mut pieces = vec![Piece::Rows(0..count)];
        let mut wait = RETRY_WAITS.0;
        let mut shipped = 0;
        while let Some(piece) = pieces.pop() {
            let (rows, behind) = match &piece {
                Piece::Rows(rows) => (rows.clone(), rows.end),
                Piece::Past(row) => (*row..*row, row + 1),
            };
            let (position, bytes) = batch.up_to(behind);
            let outcome = match self.has_gone_back(sink).await {
                Ok(true) => return false,
                Ok(false) => self.ship(sink, position, &batch.logs[rows.clone()]).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => {
                    self.recovered();
                    wait = RETRY_WAITS.0;
                    self.room.ship(position, bytes - shipped, (behind - rows.start) as u64);
                    (self.at, self.confirmed, shipped) = (position, position, bytes);
                }
                Err(ShipError::Refused(error)) if rows.len() == 1 => {
                    self.reject(&batch.logs[rows.start], &error).await;
                    pieces.push(Piece::Past(rows.start));
                }
                Err(ShipError::Refused(_)) if rows.len() > 1 => halve(rows, &mut pieces),
                Err(ShipError::Unable(error)) if rows.len() > 1 => {
                    self.failing(&error);
                    halve(rows, &mut pieces);
                    sleep(wait).await;
                    wait = (wait * 2).min(RETRY_WAITS.1);
                }
                Err(
                    ShipError::Away(error) | ShipError::Unable(error) | ShipError::Refused(error),
                ) => {
                    self.failing(&error);
                    self.is_doubtful = true;
                    pieces.push(piece);
                    sleep(wait).await;
                    wait = (wait * 2).min(RETRY_WAITS.1);
                }
            }
        }
        true
    }

    /// Whether the database has less of the journal than it had: it was restored, or lost its last
    /// moments as it broke down. What is behind that is read again, as far as it is still there.
    async fn has_gone_back(&mut self, sink: &impl Sink) -> Result<bool, ShipError> {
        if !self.is_doubtful {
            return Ok(false);
        }
        let position = sink.position(&self.folder.id).await?;
        let position = position.as_ref().map(Position::of).unwrap_or_default();
        self.is_doubtful = false;
        if position >= self.confirmed {
            return Ok(false);
        }
        tracing::error!(
            "The database has the journal up to {position}, and had it up to {}: what is still in \
             the journal is written again",
            self.confirmed
        );
        (self.at, self.confirmed, self.reader) = (position, position, None);
        self.leaving = None;
        self.room.shipped.send_replace(position);
        Ok(true)
    }

    /// Hands rows to the database.
    async fn ship(
        &self,
        sink: &impl Sink,
        position: Position,
        rows: &[ApiLog],
    ) -> Result<(), ShipError> {
        let position = position.of_journal(&self.folder.id);
        let shipping = AssertUnwindSafe(sink.ship(position, rows)).catch_unwind();
        let panicked = |_| Err(ShipError::Refused("writing it panicked".to_owned()));
        shipping.await.unwrap_or_else(panicked)
    }

    async fn reject(&self, log: &ApiLog, error: &str) {
        self.room.count_rejected();
        let (path, kept, text) = (self.folder.rejected(), log.clone(), error.to_owned());
        let file = path.display().to_string();
        let kept = spawn_blocking(move || reject::keep(&path, &kept, &text)).await;
        let outcome = match kept {
            Ok(Ok(())) => format!("it is kept in {file}"),
            Ok(Err(error)) => format!("it is lost, because {error}"),
            Err(_) => "it is lost".to_owned(),
        };
        tracing::error!(
            request.id = %log.request_id,
            attempt = log.attempt,
            "The database refuses this record ({error}); {outcome}"
        );
    }

    /// Has segments removed, after a while, that are in the database.
    fn moved(&mut self, position: Position) {
        self.at = position;
        if position.segment > self.removed_before && self.leaving.is_none() {
            self.leaving = Some((position.segment, Instant::now() + KEPT));
        }
    }

    /// Returns when shipped segments may go: after their time, or at once where room is short.
    async fn may_go(&self) {
        let Some((_, at)) = self.leaving else { return std::future::pending().await };
        tokio::select! {
            () = sleep_until(at) => {}
            () = self.room.crowded() => {}
        }
    }

    /// Has shipped segments removed that may go, unless the database has lost them meanwhile.
    async fn let_go(&mut self, sink: &impl Sink) {
        let Some((number, at)) = self.leaving else { return };
        if Instant::now() < at && !self.room.is_crowded() {
            return;
        }
        self.is_doubtful = true;
        match self.has_gone_back(sink).await {
            Ok(false) => {
                (self.leaving, self.removed_before) = (None, number);
                self.writer.send(Message::Shipped(number)).ok();
                self.moved(self.at);
            }
            Ok(true) => {}
            Err(_) => {
                self.leaving = Some((number, Instant::now() + KEPT));
                sleep(RETRY_WAITS.0).await;
            }
        }
    }

    fn failing(&self, error: &str) {
        if self.room.set_shipping(false) {
            tracing::warn!("Records wait in the journal, because they cannot be written: {error}");
        }
    }

    fn recovered(&self) {
        if !self.room.set_shipping(true) {
            tracing::info!("Records are written again");
        }
    }
}

impl Batch {
    /// Where the first `count` records end, and how many bytes that is.
    fn up_to(&self, count: usize) -> (Position, u64) {
        match count.checked_sub(1).filter(|_| count < self.logs.len()) {
            Some(last) => self.ends[last],
            None => (self.end, self.bytes),
        }
    }
}

fn halve(rows: Range<usize>, pieces: &mut Vec<Piece>) {
    let middle = rows.start + rows.len() / 2;
    pieces.push(Piece::Rows(middle..rows.end));
    pieces.push(Piece::Rows(rows.start..middle));
}

#[cfg(test)]
mod tests;
