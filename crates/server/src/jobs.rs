//! What Tollgate does by the clock: folding hours of records, keeping partitions, purging.
//!
//! A [`Job`] is a function of `now`. [`run_once`] gives it its run: once in the whole cluster for
//! each time of its schedule, however many instances ask ([`tollgate_store::job_leases`]). The
//! [`Scheduler`] only calls it, at the times of the schedule and once a minute for what is left
//! behind: runs that nobody could claim, because the database was away or no instance was up, and
//! those of an instance that was killed.

mod alerts;
mod due;
mod fold;
mod retention;
mod run;
mod schedule;
mod scheduler;
mod sessions;

use std::time::Duration;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::app::App;

pub use due::due;
pub use run::{Ran, run_once};
pub use schedule::{latest_time, next_time};
pub use scheduler::Scheduler;

/// How a run ends: what it did, in words for operators, or why it could not.
pub type JobOutcome = anyhow::Result<String>;

/// Something that is done by the clock, once per cluster.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// What it is called in the status, in logs and in `t_job_leases`; at most 64 characters.
    pub name: &'static str,
    /// When it runs, in UTC: second, minute, hour, day, month, day of the week.
    pub schedule: &'static str,
    /// After how long another instance takes a run over whose holder is gone. A run may last
    /// longer: it is renewed while it lasts.
    pub lease: Duration,
    /// Whether a cluster that never saw it runs it as it starts, rather than at the next time.
    pub starts_at_once: bool,
    /// Does it. The future may be dropped at any wait, where the instance stops or has lost the run.
    pub run: fn(JobContext, DateTime<Utc>) -> BoxFuture<'static, JobOutcome>,
}

/// What a job works with.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// The application's parts.
    pub app: Data<App>,
    /// Cancelled when the instance stops.
    pub stop: CancellationToken,
}

impl JobContext {
    /// A context that nobody stops.
    #[must_use]
    pub fn new(app: Data<App>) -> Self {
        Self { app, stop: CancellationToken::new() }
    }
}

/// Every job there is.
pub const JOBS: &[Job] = &[
    fold::FOLD_HOURS,
    fold::FOLD_DIRTY_HOURS,
    retention::MAKE_PARTITIONS,
    retention::PURGE_LOGS,
    sessions::PURGE_SESSIONS,
    alerts::ERROR_RATE,
    alerts::KEYS,
    alerts::BUDGETS,
    alerts::UNPRICED,
    alerts::SHUTDOWN,
    alerts::STALE,
    alerts::DELIVERIES,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_has_a_name_of_its_own_and_a_schedule() {
        let now = DateTime::from_timestamp(1_790_003_599, 0).unwrap();
        for (place, job) in JOBS.iter().enumerate() {
            assert!((1..=64).contains(&job.name.len()), "{}", job.name);
            assert!(JOBS[..place].iter().all(|other| other.name != job.name), "{}", job.name);
            assert!(latest_time(job.schedule, now).unwrap() <= now, "{}", job.name);
            assert!(job.lease >= Duration::from_secs(10), "{}", job.name);
        }
    }
}
