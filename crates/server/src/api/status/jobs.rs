//! How the jobs fare, as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_store::job_leases::JobLease;
use utoipa::ToSchema;

use crate::jobs::{JOBS, next_time};

/// How a job fares, whichever instance ran it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// What it is called.
    #[schema(example = "fold-hours")]
    name: &'static str,
    /// When it runs, in UTC: second, minute, hour, day, month, day of the week.
    #[schema(example = "0 0 * * * *")]
    schedule: &'static str,
    /// When its last run began; null where it never ran.
    last_run_at: Option<DateTime<Utc>>,
    /// What that run did, or why it failed.
    last_result: Option<String>,
    /// Whether that run did what it is for; null where it never ran.
    is_ok: Option<bool>,
    /// When the last run began that did.
    last_success_at: Option<DateTime<Utc>>,
    /// How long the last run took, in milliseconds.
    duration_ms: Option<i64>,
    /// The instance that is running it now.
    holder: Option<String>,
    /// When it runs next.
    next_run_at: Option<DateTime<Utc>>,
}

impl JobView {
    /// Every job, with what the table says of it.
    pub(super) fn all(leases: &[JobLease], now: DateTime<Utc>) -> Vec<Self> {
        let view = |job: &crate::jobs::Job| {
            let lease = leases.iter().find(|lease| lease.job == job.name).cloned();
            Self {
                name: job.name,
                schedule: job.schedule,
                last_run_at: lease.as_ref().and_then(|lease| lease.last_run_at),
                is_ok: lease.as_ref().filter(|it| it.last_run_at.is_some()).map(|it| it.is_ok),
                last_success_at: lease.as_ref().and_then(|lease| lease.last_success_at),
                duration_ms: lease.as_ref().and_then(|lease| lease.duration_ms),
                holder: lease.as_ref().and_then(|lease| lease.holder.clone()),
                last_result: lease.and_then(|lease| lease.last_result),
                next_run_at: next_time(job.schedule, now).ok(),
            }
        };
        JOBS.iter().map(view).collect()
    }
}
