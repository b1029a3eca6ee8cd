//! What runs beside the calls: watching the configuration, sealing keys, writing keys' states.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep};
use tollgate_domain::ApiKeyId;
use tollgate_store::api_keys::{PlaintextOutcome, PlaintextVerdict};
use tollgate_store::{StoreError, StoreResult};

use crate::engine::Core;
use crate::pool::Pool;

/// How often rests of keys are looked at for having ended.
const EXPIRE_INTERVAL: Duration = Duration::from_secs(1);
/// How long a key's changes are gathered before its state is written.
const WRITE_DELAY: Duration = Duration::from_millis(200);
/// How long to wait after the database did not take a state.
const WRITE_RETRY: Duration = Duration::from_secs(1);

/// Starts all of it.
pub(super) fn start(core: &Arc<Core>) {
    spawn_until_stop(core, watch(Arc::clone(core)));
    spawn_until_stop(core, seal(Arc::clone(core)));
    spawn_until_stop(core, expire(Arc::clone(core)));
    spawn_until_stop(core, keep_states(Arc::clone(core)));
}

fn spawn_until_stop(core: &Arc<Core>, task: impl Future<Output = ()> + Send + 'static) {
    let stop = core.stop.clone();
    core.spawn(async move {
        stop.run_until_cancelled(task).await;
    });
}

/// Loads the configuration whenever its version has changed.
async fn watch(core: Arc<Core>) {
    let mut outage = Outage::new("the configuration stays as it was last seen");
    let mut ticks = interval(core.options.poll_interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        outage.note(core.keeper.refresh().await);
    }
}

/// Seals keys that people typed in with plain SQL, which puts them to use.
async fn seal(core: Arc<Core>) {
    let mut outage = Outage::new("keys in plain text stay unsealed");
    let mut ticks = interval(core.options.seal_interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let sealed = core.store.api_keys().seal_plaintext(core.clock.now()).await;
        let sealed = sealed.map(|outcomes| outcomes.iter().for_each(tell));
        outage.note(sealed);
    }
}

fn tell(outcome: &PlaintextOutcome) {
    let (id, name) = (outcome.id, outcome.name.as_str());
    match outcome.verdict {
        PlaintextVerdict::Sealed => {
            tracing::info!(key.id = %id, key.name = name, "A key in plain text was sealed");
        }
        PlaintextVerdict::Duplicate { of } => tracing::warn!(
            key.id = %id, key.name = name, key.same_as = %of,
            "A key in plain text was wiped, because its provider has the same key already"
        ),
        PlaintextVerdict::Empty => {
            tracing::warn!(key.id = %id, key.name = name, "A key without a secret was deactivated");
        }
    }
}

/// Ends rests of keys that are over, so that the database and its readers hear of it.
async fn expire(core: Arc<Core>) {
    let mut ticks = interval(EXPIRE_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = core.clock.now();
        core.keeper.current().providers.iter().for_each(|provider| provider.pool.expire(now));
    }
}

/// Writes the states of keys that changed.
async fn keep_states(core: Arc<Core>) {
    loop {
        core.changes.changed().await;
        sleep(WRITE_DELAY).await;
        write_states(&core).await;
    }
}

/// Writes every state that has yet to be written, however long that takes.
pub(super) async fn write_states(core: &Core) {
    let mut outage = Outage::new("states of keys wait in memory");
    loop {
        let mut result = Ok(());
        for (key, pool) in core.changes.pending() {
            let written = write_state(core, key, &pool).await;
            result = result.and(written);
        }
        let is_away = result.is_err();
        outage.note(result);
        if !is_away {
            return;
        }
        sleep(WRITE_RETRY).await;
    }
}

/// Writes one key's state, unless somebody is deciding on it at the moment, who goes first.
async fn write_state(core: &Core, key: ApiKeyId, pool: &Arc<Pool>) -> StoreResult<()> {
    let _alone = core.state_writes.lock().await;
    let Some((state, mark)) = pool.to_write(key) else {
        pool.written(key, 0);
        return Ok(());
    };
    match core.store.api_keys().set_state(key, &state, core.clock.now()).await {
        Err(error @ StoreError::Unavailable(_)) => return Err(error),
        // A key that is gone has no state.
        Ok(()) | Err(StoreError::NotFound) => {}
        Err(error) => {
            tracing::error!(key.id = %key, "The state of a key could not be written: {error}");
        }
    }
    pool.written(key, mark);
    Ok(())
}

/// Tells of an outage once when it begins and once when it is over.
struct Outage {
    consequence: &'static str,
    is_on: bool,
}

impl Outage {
    const fn new(consequence: &'static str) -> Self {
        Self { consequence, is_on: false }
    }

    fn note(&mut self, result: StoreResult<()>) {
        let was_on = std::mem::replace(&mut self.is_on, result.is_err());
        match result {
            Err(error) if !was_on => {
                tracing::warn!(
                    "The database fails, and {} until it is back: {error}",
                    self.consequence
                );
            }
            Ok(()) if was_on => tracing::info!("The database is back"),
            _ => {}
        }
    }
}
