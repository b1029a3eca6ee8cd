//! The alerts that the engine knows of at once: keys that cannot be used, as the database has them,
//! and what this instance alone sees.
//!
//! Alerts of keys follow the rows and not what one instance sees, so that all instances tell of the
//! same, and what an instance left behind that ended is told as over all the same. There is one
//! check of keys: it runs when a key's state was written, every ten seconds, and by the server's job
//! every half an hour, which is sure to run and says in the status how many keys are out.

pub(super) mod journal;
mod keys;
mod overruns;

use chrono::{DateTime, Utc};
use tollgate_domain::alert::{AlertKind, Condition};
use tollgate_store::alerts::Scope;
use tollgate_store::{StoreError, StoreResult};

use crate::engine::{Core, Engine};

impl Engine {
    /// Fires and resolves the alerts of keys as the database has their states at `now`; how many
    /// keys cannot be used.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn check_keys(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let wrong = tend_keys(&self.core, now).await?;
        Ok(wrong.iter().filter(|it| it.kind == AlertKind::KeyUnavailable).count())
    }
}

/// Fires and resolves alerts as the states of keys in the database have it, and as this instance
/// has seen.
///
/// # Errors
/// `Unavailable`; any other failure is logged, since trying again would not mend it.
pub(super) async fn tend(core: &Core) -> StoreResult<()> {
    let now = core.clock.now();
    let tended = async {
        tend_keys(core, now).await?;
        overruns::tend(core, now).await
    };
    match tended.await {
        Err(error) if !matches!(error, StoreError::Unavailable(_)) => {
            tracing::error!("Alerts could not be written: {error}");
            Ok(())
        }
        outcome => outcome,
    }
}

async fn tend_keys(core: &Core, now: DateTime<Utc>) -> StoreResult<Vec<Condition>> {
    let standings = core.store.alerts().standings().await?;
    let wrong = keys::wrong(&standings, now);
    core.store.alerts().settle(Scope::Kinds(keys::KINDS), &wrong, now).await?;
    Ok(wrong)
}
