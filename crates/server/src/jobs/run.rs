//! One run of a job.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use tokio::time::{Instant, sleep, sleep_until};
use tollgate_store::StoreResult;
use tollgate_store::job_leases::{JobResult, JobRun};

use super::schedule::latest_time;
use super::{Job, JobContext, JobOutcome};

/// The longest that any run may last.
const LONGEST: Duration = Duration::from_secs(3600);
/// How often, and after which waits, the end of a run is noted again where the database is away.
const NOTE_RETRIES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5)];

/// What came of asking for a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ran {
    /// It ran, and this is what it did.
    Done(String),
    /// It ran and failed.
    Failed(String),
    /// The run of this time has been made, or another instance is making it.
    NotOurs,
    /// The instance stops; another one may make the run.
    Stopped,
}

/// Runs `job` for the latest time of its schedule, unless somebody in the cluster has or does. What
/// comes of it is noted in `t_job_leases`, and a failure is logged.
///
/// # Errors
/// Where the database does not tell whether the run is ours.
pub async fn run_once(context: &JobContext, job: &Job, now: DateTime<Utc>) -> anyhow::Result<Ran> {
    let app = &context.app;
    let scheduled_for = latest_time(job.schedule, now)?;
    let run = JobRun { job: job.name, holder: app.engine.instance(), scheduled_for };
    if !app.store.job_leases().claim(run, end_of(job, now), now).await? {
        return Ok(Ran::NotOurs);
    }
    let begun = Instant::now();
    let Some(outcome) = context.stop.run_until_cancelled(hold(context, job, run, now)).await else {
        app.store.job_leases().release(run, app.clock.now()).await?;
        return Ok(Ran::Stopped);
    };
    let duration_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let (is_ok, text) = match outcome {
        Ok(text) => (true, text),
        Err(error) => (false, format!("{error:#}")),
    };
    if is_ok {
        tracing::debug!(job.name = job.name, duration_ms, "A job is done: {text}");
    } else {
        tracing::error!(job.name = job.name, duration_ms, "A job failed: {text}");
    }
    let result = JobResult { started_at: now, duration_ms, is_ok, text: &text };
    note(context, run, result).await.context("the run is over, but not noted so")?;
    Ok(if is_ok { Ran::Done(text) } else { Ran::Failed(text) })
}

/// Does the work, and keeps the run ours meanwhile.
async fn hold(context: &JobContext, job: &Job, run: JobRun<'_>, now: DateTime<Utc>) -> JobOutcome {
    let (app, until) = (&context.app, Instant::now() + LONGEST);
    let work = AssertUnwindSafe((job.run)(context.clone(), now)).catch_unwind();
    let mut work = std::pin::pin!(work);
    loop {
        // Beside the work, which may hold what the renewal waits for.
        let renewed = async {
            sleep(job.lease / 3).await;
            let now = app.clock.now();
            app.store.job_leases().renew(run, end_of(job, now), now).await
        };
        let renewed = tokio::select! {
            outcome = &mut work => {
                return outcome.unwrap_or_else(|_| Err(anyhow!("it panicked, as the log tells")));
            }
            () = sleep_until(until) => bail!("it was ended after {} s", LONGEST.as_secs()),
            renewed = renewed => renewed,
        };
        match renewed {
            Ok(true) => {}
            Ok(false) => bail!("another instance has taken it over"),
            // Until the lease ends there are further tries; after it, the next one finds it lost.
            Err(error) => tracing::warn!(job.name = job.name, "A job is not renewed: {error}"),
        }
    }
}

async fn note(context: &JobContext, run: JobRun<'_>, result: JobResult<'_>) -> StoreResult<()> {
    let (leases, clock) = (context.app.store.job_leases(), &context.app.clock);
    for wait in NOTE_RETRIES {
        if leases.finish(run, result, clock.now()).await.is_ok() {
            return Ok(());
        }
        sleep(wait).await;
    }
    leases.finish(run, result, clock.now()).await.map(drop)
}

fn end_of(job: &Job, now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::from_std(job.lease).unwrap_or(TimeDelta::MAX)
}
