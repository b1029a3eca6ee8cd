//! What calls the jobs.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use chrono::Utc;
use tokio::time::timeout;
use tokio_cron_scheduler::{Job as Entry, JobScheduler};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{JOBS, Job, JobContext, due, run_once};
use crate::app::App;
use crate::instances;

/// When runs are looked for that were left behind.
const LEFT_BEHIND: &str = "40 * * * * *";
/// When the other instances are told that this one is there.
const TOLD: &str = "*/15 * * * * *";

/// Calls every job at its times, until it is stopped.
pub struct Scheduler {
    cron: JobScheduler,
    runs: Arc<Runs>,
}

/// The runs of this instance.
struct Runs {
    context: JobContext,
    tasks: TaskTracker,
}

impl Scheduler {
    /// Begins to call them, and at once those that are due.
    ///
    /// # Errors
    /// Where the scheduler does not start.
    pub async fn start(app: &Data<App>) -> anyhow::Result<Self> {
        let context = JobContext { app: app.clone(), stop: CancellationToken::new() };
        let runs = Arc::new(Runs { context, tasks: TaskTracker::new() });
        let cron = JobScheduler::new().await?;
        for job in JOBS {
            let of = Arc::clone(&runs);
            cron.add(entry(job.schedule, move || of.spawn(job))?).await?;
        }
        let of = Arc::clone(&runs);
        cron.add(entry(LEFT_BEHIND, move || Runs::spawn_due(&of))?).await?;
        let of = Arc::clone(&runs);
        cron.add(entry(TOLD, move || Runs::spawn_told(&of))?).await?;
        cron.start().await?;
        Runs::spawn_told(&runs);
        Runs::spawn_due(&runs);
        Ok(Self { cron, runs })
    }

    /// Calls no job any more, and lets those that run be taken over by other instances.
    pub async fn stop(mut self, limit: Duration) {
        if let Err(error) = self.cron.shutdown().await {
            tracing::warn!("the scheduler of jobs does not stop: {error}");
        }
        self.runs.context.stop.cancel();
        self.runs.tasks.close();
        if timeout(limit, self.runs.tasks.wait()).await.is_err() {
            tracing::warn!("a job did not stop in time");
        }
        instances::leave(&self.runs.context.app).await;
    }
}

/// An entry of the scheduler that only spawns.
fn entry(
    schedule: &'static str,
    spawn: impl Fn() + Send + Sync + 'static,
) -> anyhow::Result<Entry> {
    Ok(Entry::new_async_tz(schedule, Utc, move |_, _| {
        spawn();
        Box::pin(std::future::ready(()))
    })?)
}

impl Runs {
    fn spawn(&self, job: &'static Job) {
        let (context, now) = (self.context.clone(), self.context.app.clock.now());
        self.tasks.spawn(async move {
            if let Err(error) = run_once(&context, job, now).await {
                tracing::warn!(job.name = job.name, "A job is not run now: {error:#}");
            }
        });
    }

    fn spawn_told(runs: &Arc<Self>) {
        let app = runs.context.app.clone();
        runs.tasks.spawn(async move {
            if let Err(error) = instances::tell(&app).await {
                tracing::debug!("The other instances are not told of this one: {error}");
            }
        });
    }

    fn spawn_due(runs: &Arc<Self>) {
        let of = Arc::clone(runs);
        runs.tasks.spawn(async move {
            match due(&of.context, of.context.app.clock.now()).await {
                Ok(due) => due.into_iter().for_each(|job| of.spawn(job)),
                Err(error) => tracing::warn!("no job is looked for that is due: {error:#}"),
            }
        });
    }
}
