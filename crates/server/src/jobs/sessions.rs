//! Purging sessions that ended long ago.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Job, JobContext, JobOutcome};

/// Removes sessions that ended long ago.
pub(super) const PURGE_SESSIONS: Job = Job {
    name: "purge-sessions",
    schedule: "0 30 2 * * *",
    lease: Duration::from_secs(60),
    starts_at_once: true,
    run: purge_sessions,
};

/// How long a session is kept that has expired or was revoked.
const KEPT: TimeDelta = TimeDelta::days(30);
/// Sessions removed by one statement.
const CHUNK: i64 = 1_000;

fn purge_sessions(context: JobContext, now: DateTime<Utc>) -> BoxFuture<'static, JobOutcome> {
    async move {
        let sessions = context.app.store.sessions();
        let mut purged = 0;
        loop {
            let removed = sessions.purge_ended(now - KEPT, CHUNK).await?;
            purged += removed;
            if removed < CHUNK.unsigned_abs() {
                return Ok(format!("{purged} sessions removed"));
            }
        }
    }
    .boxed()
}
