//! Which instance runs a job, and how the job's last run went: `t_job_leases`.
//!
//! A run is for one time of the job's schedule, and the cluster has one run for each. A claim is
//! one conditional UPDATE, so of any number of instances one gets it. It holds until it expires:
//! a holder renews it while it works, and that of a killed one goes to whoever asks next, for the
//! same time of the schedule.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Store;
use crate::db::{Db, on_pool};
use crate::error::StoreResult;
use crate::moment::Moment;
use crate::row::cut;

/// How far a clock of the cluster is believed to go ahead of another. Times beyond that are of a clock
/// that was wrong: taken for true, they would keep the job from running until they come.
const CLOCK_AHEAD: TimeDelta = TimeDelta::days(1);

/// The table of jobs' leases.
#[derive(Clone, Copy, Debug)]
pub struct JobLeases<'s> {
    store: &'s Store,
}

/// Who wants to run what, for which time of its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobRun<'r> {
    /// The job's name; at most 64 characters.
    pub job: &'r str,
    /// The instance, by a name that no other one and no later run of it has; at most 64 characters.
    pub holder: &'r str,
    /// The time of the schedule that the run is for.
    pub scheduled_for: DateTime<Utc>,
}

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobResult<'r> {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Whether it did what it is for.
    pub is_ok: bool,
    /// What it did, or why not, in words; cut to 500 characters.
    pub text: &'r str,
}

/// A job as the cluster knows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobLease {
    /// The job's name.
    pub job: String,
    /// The instance that runs it, if one does.
    pub holder: Option<String>,
    /// Until when that instance is believed to.
    pub expires_at: Option<DateTime<Utc>>,
    /// The latest time of the schedule for which a run has ended, or is not wanted.
    pub finished_for: Option<DateTime<Utc>>,
    /// When the last run that ended began.
    pub last_run_at: Option<DateTime<Utc>>,
    /// What it did, or why not.
    pub last_result: Option<String>,
    /// Whether it did what it is for.
    pub is_ok: bool,
    /// When the last run began that did.
    pub last_success_at: Option<DateTime<Utc>>,
    /// How long the last run took, in milliseconds.
    pub duration_ms: Option<i64>,
}

impl JobLease {
    /// Whether a run for this time of the schedule is still to be claimed.
    #[must_use]
    pub fn is_free_for(&self, scheduled_for: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let is_wrong = |time: DateTime<Utc>| time > now + CLOCK_AHEAD;
        let holds = |end: DateTime<Utc>| end > now && !is_wrong(end);
        let is_held = self.holder.is_some() && self.expires_at.is_some_and(holds);
        let is_left = |finished| finished < scheduled_for || is_wrong(finished);
        !is_held && self.finished_for.is_none_or(is_left)
    }
}

impl Store {
    /// The table of jobs' leases.
    #[must_use]
    pub const fn job_leases(&self) -> JobLeases<'_> {
        JobLeases { store: self }
    }
}

impl JobLeases<'_> {
    /// Takes the run until `expires_at`. `false` where it has ended already, or one for a later
    /// time has, or somebody holds the job.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim(
        &self,
        run: JobRun<'_>,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<bool> {
        let db = self.store.db();
        if take(db, run, expires_at, now).await? {
            return Ok(true);
        }
        // Only a job that was never seen has no row.
        open(db, run.job, None, now).await?;
        take(db, run, expires_at, now).await
    }

    /// Holds a run until a later moment; `false` where it is not held any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn renew(
        &self,
        run: JobRun<'_>,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<bool> {
        const SQL: &str = "
            UPDATE t_job_leases
            SET expires_at = ?, updated_at = ?
            WHERE job = ? AND holder = ? AND scheduled_for = ?";
        let renewed = on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(Moment(expires_at))
                .bind(Moment(now))
                .bind(run.job)
                .bind(run.holder)
                .bind(Moment(run.scheduled_for))
                .execute(pool)
                .await?
                .rows_affected()
        });
        Ok(renewed > 0)
    }

    /// Ends a run and notes how it went; `false` where it is not held any more, and nothing is
    /// noted then.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn finish(
        &self,
        run: JobRun<'_>,
        result: JobResult<'_>,
        now: DateTime<Utc>,
    ) -> StoreResult<bool> {
        const SQL: &str = "
            UPDATE t_job_leases
            SET holder = NULL, expires_at = NULL, finished_for = scheduled_for,
                last_run_at = ?, last_result = ?, is_ok = ?, duration_ms = ?,
                last_success_at = CASE WHEN ? THEN ? ELSE last_success_at END,
                updated_at = ?
            WHERE job = ? AND holder = ? AND scheduled_for = ?";
        let finished = on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(Moment(result.started_at))
                .bind(cut::<500>(result.text))
                .bind(result.is_ok)
                .bind(result.duration_ms)
                .bind(result.is_ok)
                .bind(Moment(result.started_at))
                .bind(Moment(now))
                .bind(run.job)
                .bind(run.holder)
                .bind(Moment(run.scheduled_for))
                .execute(pool)
                .await?
                .rows_affected()
        });
        Ok(finished > 0)
    }

    /// Gives a run back that did not come to its end, so that another instance may take it at once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn release(&self, run: JobRun<'_>, now: DateTime<Utc>) -> StoreResult<()> {
        const SQL: &str = "
            UPDATE t_job_leases
            SET holder = NULL, expires_at = NULL, updated_at = ?
            WHERE job = ? AND holder = ? AND scheduled_for = ?";
        on_pool!(self.store.db(), |pool| {
            sqlx::query(SQL)
                .bind(Moment(now))
                .bind(run.job)
                .bind(run.holder)
                .bind(Moment(run.scheduled_for))
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// Notes a job that was never seen, as one that is not to be run for `time` and the times before;
    /// one that is missed after that is to be made up. A job that is known stays as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_after(
        &self,
        job: &str,
        time: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        open(self.store.db(), job, Some(time), now).await
    }

    /// Every job that was ever seen, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list(&self) -> StoreResult<Vec<JobLease>> {
        const SQL: &str = "
            SELECT job, holder, expires_at, finished_for, last_run_at, last_result, is_ok,
                last_success_at, duration_ms
            FROM t_job_leases
            ORDER BY job";
        Ok(on_pool!(self.store.db(), |pool| { sqlx::query_as(SQL).fetch_all(pool).await? }))
    }
}

async fn take(
    db: &Db,
    run: JobRun<'_>,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    const SQL: &str = "
        UPDATE t_job_leases
        SET holder = ?, expires_at = ?, scheduled_for = ?, updated_at = ?
        WHERE job = ?
            AND (finished_for IS NULL OR finished_for < ? OR finished_for > ?)
            AND (holder IS NULL OR expires_at <= ? OR expires_at > ?)";
    let wrong = now + CLOCK_AHEAD;
    let taken = on_pool!(db, |pool| {
        sqlx::query(SQL)
            .bind(run.holder)
            .bind(Moment(expires_at))
            .bind(Moment(run.scheduled_for))
            .bind(Moment(now))
            .bind(run.job)
            .bind(Moment(run.scheduled_for))
            .bind(Moment(wrong))
            .bind(Moment(now))
            .bind(Moment(wrong))
            .execute(pool)
            .await?
            .rows_affected()
    });
    Ok(taken > 0)
}

/// Makes a job's row where there is none.
async fn open(
    db: &Db,
    job: &str,
    finished_for: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    const MYSQL: &str = "
        INSERT INTO t_job_leases (job, finished_for, created_at, updated_at)
        VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE job = job";
    const SQLITE: &str = "
        INSERT INTO t_job_leases (job, finished_for, created_at, updated_at)
        VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let sql = db.dialect().pick(MYSQL, SQLITE);
    on_pool!(db, |pool| {
        sqlx::query(sql)
            .bind(job)
            .bind(finished_for.map(Moment))
            .bind(Moment(now))
            .bind(Moment(now))
            .execute(pool)
            .await?;
    });
    Ok(())
}
