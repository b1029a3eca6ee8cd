//! The way to a journal's writer.
//!
//! A frame is usually written by the thread that brings it, and by nobody else's: waking another one
//! and being woken by it costs more than the write, which goes to the system's memory. Whoever finds
//! the writer busy leaves its frame to whoever has it. All that may take long (syncing before each
//! answer, a new segment, removing files, a disk that fails) is left to the writer's own thread.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::JournalError;
use super::writer::{Append, Message, Then, Writer};

/// The most frames that are written at once.
const MAX_GROUP: usize = 256;

/// The near end.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    messages: mpsc::UnboundedSender<Message>,
    desk: Arc<Desk>,
}

/// The far end: does what is asked, and writes what was left to it.
#[derive(Debug)]
pub(crate) struct Clerk {
    messages: mpsc::UnboundedReceiver<Message>,
    desk: Arc<Desk>,
}

/// The writer, and what waits for it. The queue has no bound of its own: what is queued has a place
/// in the journal's [`Room`](super::room::Room), which has one.
#[derive(Debug)]
struct Desk {
    queue: Mutex<Vec<Append>>,
    /// `None` once the journal is closed.
    writer: Mutex<Option<Writer>>,
}

/// It was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

/// Both ends of the way to `writer`.
pub(crate) fn inbox(writer: Writer) -> (Sender, Clerk) {
    let (sender, messages) = mpsc::unbounded_channel();
    let desk = Arc::new(Desk { queue: Mutex::default(), writer: Mutex::new(Some(writer)) });
    (Sender { messages: sender, desk: Arc::clone(&desk) }, Clerk { messages, desk })
}

impl Sender {
    /// Has a frame written, if possible at once.
    pub(crate) fn append(&self, append: Append) {
        self.desk.queue.lock().push(append);
        if !self.desk.write_quickly() {
            // Where it is closed, nobody writes it, and its word never comes.
            self.messages.send(Message::Write).ok();
        }
    }

    /// Asks for something else, which is done when all that was brought before is written.
    pub(crate) fn send(&self, message: Message) -> Result<(), Closed> {
        self.messages.send(message).map_err(|_| Closed)
    }

    /// Whether nothing is written any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.messages.is_closed()
    }
}

impl Desk {
    /// Writes what waits; `false` where that is left to the clerk.
    fn write_quickly(&self) -> bool {
        loop {
            // Whoever has the writer looks at the queue once more when it is given back.
            let Some(mut writer) = self.writer.try_lock() else { return true };
            if !self.write_group(&mut writer, Writer::takes_quickly) {
                return false;
            }
            drop(writer);
            if self.queue.lock().is_empty() {
                return true;
            }
        }
    }

    /// Writes what is first in the queue, where `may_write` so many bytes.
    fn write_group(
        &self,
        writer: &mut Option<Writer>,
        may_write: impl FnOnce(&Writer, u64) -> bool,
    ) -> bool {
        let mut queue = self.queue.lock();
        let Some(writer) = writer else {
            // Their words are dropped with them.
            queue.clear();
            return true;
        };
        let count = queue.len().min(MAX_GROUP);
        let bytes = queue[..count].iter().map(|append| append.frame.len() as u64).sum();
        if !may_write(writer, bytes) {
            return false;
        }
        writer.group.extend(queue.drain(..count));
        drop(queue);
        writer.append_group();
        true
    }
}

impl Clerk {
    /// Works in a thread of its own until the journal is closed, or nobody can send any more.
    ///
    /// # Errors
    /// Where no thread can be made.
    pub(crate) fn start(mut self) -> Result<(), JournalError> {
        let path = self.desk.writer.lock().as_ref().map(Writer::path).unwrap_or_default();
        let failed = |source| JournalError::Disk { what: "written by a thread", path, source };
        let thread = std::thread::Builder::new().name("journal".to_owned());
        thread
            .spawn(move || {
                while let Some(message) = self.messages.blocking_recv() {
                    if self.take(message) == Then::End {
                        return;
                    }
                }
                self.close();
            })
            .map_err(failed)?;
        Ok(())
    }

    /// The same as a task, so that a paused clock waits for it.
    #[cfg(test)]
    pub(crate) async fn run(mut self) {
        while let Some(message) = self.messages.recv().await {
            if self.take(message) == Then::End {
                return;
            }
        }
        self.close();
    }

    /// Writes what waits, then does what is asked. What comes meanwhile is written too.
    fn take(&mut self, message: Message) -> Then {
        let mut writer = self.desk.writer.lock();
        self.write_all(&mut writer);
        let then = writer.as_mut().map_or(Then::End, |writer| writer.take(message));
        if then == Then::End {
            *writer = None;
        }
        self.write_all(&mut writer);
        drop(writer);
        // Somebody may have brought something between the last look and the return of the writer.
        if !self.desk.write_quickly() {
            self.write_all(&mut self.desk.writer.lock());
        }
        then
    }

    fn write_all(&self, writer: &mut Option<Writer>) {
        while !self.desk.queue.lock().is_empty() {
            self.desk.write_group(writer, |_, _| true);
        }
    }

    /// Nobody can send any more.
    fn close(&self) {
        let mut writer = self.desk.writer.lock();
        self.write_all(&mut writer);
        if let Some(mut writer) = writer.take() {
            writer.close();
        }
    }
}

impl Drop for Clerk {
    /// Nobody waits for a clerk that is gone.
    fn drop(&mut self) {
        *self.desk.writer.lock() = None;
        self.desk.queue.lock().clear();
    }
}
