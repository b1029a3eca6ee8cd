//! Which runs are to be made up.

use chrono::{DateTime, Utc};

use super::schedule::latest_time;
use super::{JOBS, Job, JobContext};

/// The jobs whose latest run is still to be made, as far as `t_job_leases` tells. A job that is not to
/// run at once and was never seen is noted there, so that the first time of it that is missed is
/// known to be: an instance may be up each day, and never at that hour.
///
/// # Errors
/// Those of the database.
pub async fn due(context: &JobContext, now: DateTime<Utc>) -> anyhow::Result<Vec<&'static Job>> {
    let table = context.app.store.job_leases();
    let leases = table.list().await?;
    let mut due = Vec::new();
    for job in JOBS {
        let time = latest_time(job.schedule, now)?;
        match leases.iter().find(|lease| lease.job == job.name) {
            Some(lease) if lease.is_free_for(time, now) => due.push(job),
            None if job.starts_at_once => due.push(job),
            None => table.begin_after(job.name, time, now).await?,
            Some(_) => {}
        }
    }
    Ok(due)
}
