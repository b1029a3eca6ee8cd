//! What happens to a journal once a second: files are synced, and a failed disk is tried again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::room::Room;
use super::{Message, Sender};

const INTERVAL: Duration = Duration::from_secs(1);

/// Does what has to be done now and then.
pub(crate) struct Keeper {
    room: Arc<Room>,
    writer: Sender,
}

impl Keeper {
    pub(crate) const fn new(room: Arc<Room>, writer: Sender) -> Self {
        Self { room, writer }
    }

    /// Never ends by itself.
    pub(crate) async fn run(self) {
        let mut ticks = interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.tick().await;
        }
    }

    async fn tick(&self) {
        if !self.room.is_writable() {
            self.writer.send(Message::Retry).ok();
        }
        let files = std::mem::take(&mut *self.room.unsynced.lock());
        if files.is_empty() {
            return;
        }
        // Beside the writer, which goes on meanwhile.
        let synced = spawn_blocking(move || {
            // Each of them, whatever becomes of the others.
            let mut synced = Ok(());
            for file in files {
                file.waits.store(false, Ordering::Release);
                synced = synced.and(file.file.sync_data());
            }
            synced
        });
        if let Ok(Err(error)) = synced.await {
            self.writer.send(Message::SyncFailed(error)).ok();
        }
    }
}
