//! What runs beside the calls: watching the configuration, sealing keys, writing keys' states.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, sleep};
use tollgate_domain::ApiKeyId;
use tollgate_store::api_keys::{PlaintextOutcome, PlaintextVerdict};
use tollgate_store::{StoreError, StoreResult};

use crate::credentials::keep;
use crate::engine::{Core, alerts};
use crate::pool::Pool;

/// How often rests of keys are looked at for having ended.
const EXPIRE_INTERVAL: Duration = Duration::from_secs(1);
/// How long a key's changes are gathered before its state is written.
const WRITE_DELAY: Duration = Duration::from_millis(200);
/// How often alerts are held against what is in the database, whoever wrote it.
const ALERT_INTERVAL: Duration = Duration::from_secs(10);
/// How long to wait after a task panicked.
const AFTER_PANIC: Duration = Duration::from_secs(1);
/// How long to wait after the database did not take a state.
const WRITE_RETRY: Duration = Duration::from_secs(1);

/// Starts all of it.
pub(super) fn start(core: &Arc<Core>) {
    spawn_until_stop(core, watch);
    spawn_until_stop(core, seal);
    spawn_until_stop(core, expire);
    spawn_until_stop(core, probe);
    spawn_until_stop(core, keep_states);
    spawn_until_stop(core, keep_alerts);
    spawn_until_stop(core, keep_credentials);
}

fn spawn_until_stop<Task>(core: &Arc<Core>, task: impl Fn(Arc<Core>) -> Task + Send + 'static)
where
    Task: Future<Output = ()> + Send,
{
    let (stop, of) = (core.stop.clone(), Arc::clone(core));
    core.spawn(async move {
        stop.run_until_cancelled(through_panics(move || task(Arc::clone(&of)))).await;
    });
}

/// Runs `task` to its end, anew after each panic.
async fn through_panics<Task: Future<Output = ()>>(mut task: impl FnMut() -> Task) {
    while AssertUnwindSafe(task()).catch_unwind().await.is_err() {
        tracing::error!("A background task panicked, and is started again");
        sleep(AFTER_PANIC).await;
    }
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

/// Ends rests of keys that are over, so that the database and its readers hear of it, and forgets
/// what app tokens used that are gone.
async fn expire(core: Arc<Core>) {
    let mut ticks = interval(EXPIRE_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = core.clock.now();
        let snapshot = core.keeper.current();
        snapshot.providers.iter().for_each(|provider| provider.pool.expire(now));
        core.apps.retain(|token| snapshot.app_token(token).is_some());
    }
}

/// Looks after keys that are out.
pub(super) async fn probe(core: Arc<Core>) {
    let interval_of = core.options.probe_interval;
    let mut ticks = interval_at(Instant::now() + interval_of, interval_of);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        core.probe_keys().await;
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

/// Has every credential whose value changes kept renewed.
async fn keep_credentials(core: Arc<Core>) {
    loop {
        for keeping in core.credentials.unstarted() {
            let (of, stop) = (Arc::clone(&core), core.stop.clone());
            core.spawn(async move {
                let task = through_panics(move || keep(of.renewer(), keeping.clone()));
                stop.run_until_cancelled(task).await;
            });
        }
        core.credentials.added().await;
    }
}

/// Tells operators of what is wrong with keys, and when it is over.
async fn keep_alerts(core: Arc<Core>) {
    let mut outage = Outage::new("alerts stay as they are");
    let mut ticks = interval(ALERT_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        outage.note(alerts::tend(&core).await);
    }
}

/// Writes every state that has yet to be written, and what operators are to know of them, however
/// long that takes.
pub(super) async fn write_states(core: &Core) {
    let mut outage = Outage::new("states of keys wait in memory");
    loop {
        let mut result = Ok(());
        for (key, pool) in core.changes.pending() {
            result = write_state(core, key, &pool).await;
            if result.is_err() {
                break;
            }
        }
        if result.is_ok() {
            result = alerts::tend(core).await;
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again() {
        let runs = AtomicUsize::new(0);

        through_panics(|| {
            let before = runs.fetch_add(1, Ordering::SeqCst);
            async move { assert!(before >= 2, "not yet") }
        })
        .await;

        assert_eq!(runs.into_inner(), 3);
    }
}
