//! How an engine is started.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tollgate_domain::Clock;
use tollgate_domain::api_log::ApiLog;
use tollgate_store::{Store, StoreError};

use super::alerts::journal::JournalWatch;
use super::{Core, Engine, EngineOptions, alerts, tasks};
use crate::journal::{Journal, JournalError, Parts};
use crate::record::Records;

/// How long a start waits for what the last process left to be in the database. The counters of keys
/// and app tokens are read from there afterwards, so that what was used today still counts.
const CATCH_UP: Duration = Duration::from_secs(10);

/// Why an engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal fails.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Engine {
    /// Reads what the last process left in the journal, loads the snapshot, and starts the
    /// background tasks on the current runtime.
    ///
    /// # Errors
    /// Those of the database, and of the disk that the journal is on.
    pub async fn start(
        store: Store,
        journal: Journal,
        clock: Arc<dyn Clock>,
        options: EngineOptions,
    ) -> Result<Arc<Self>, StartError> {
        let shipped = store.journals().position(journal.id()).await?;
        let journal_id = journal.id().to_owned();
        let begun = spawn_blocking(move || journal.begin(shipped.as_ref())).await;
        let parts = begun.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        let Parts { room, writer, sender, mut shipper, keeper, interrupted } = parts;
        writer.start()?;
        let records = Records::new(room, sender, options.observer.clone());
        record_interrupted(&records, interrupted).await;
        shipper.catch_up(&store, CATCH_UP).await;
        let core = Core::open(store, clock, options, records).await?;
        core.spawn(shipper.run(core.store.clone(), core.stop.clone()));
        let stop = core.stop.clone();
        core.spawn(async move {
            stop.run_until_cancelled(keeper.run()).await;
        });
        let journal_watch = Arc::new(JournalWatch::new(journal_id));
        let watch = alerts::journal::keep(Arc::clone(&core), Arc::clone(&journal_watch));
        let stop = core.stop.clone();
        core.spawn(async move {
            stop.run_until_cancelled(watch).await;
        });
        tasks::start(&core);
        Ok(Arc::new(Self { core, journal_watch }))
    }
}

async fn record_interrupted(records: &Records, interrupted: Vec<ApiLog>) {
    if interrupted.is_empty() {
        return;
    }
    tracing::warn!(
        "{} attempts were being made when the last process ended; they are recorded as interrupted",
        interrupted.len()
    );
    for log in interrupted {
        // Where the disk fails just now, the next start finds them again.
        records.interrupted(log).wait().await.ok();
    }
}
