//! Keeping records for as long as they are to be kept.

use std::time::Duration;

use chrono::{DateTime, NaiveTime, SecondsFormat, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tollgate_store::retention::Division;

use super::fold::fold_before;
use super::{Job, JobContext, JobOutcome};

/// Makes the partitions of the days to come.
pub(super) const MAKE_PARTITIONS: Job = Job {
    name: "make-partitions",
    schedule: "0 10 0 * * *",
    lease: Duration::from_secs(60),
    starts_at_once: true,
    run: make_partitions,
};

/// Removes records past the retention.
pub(super) const PURGE_LOGS: Job = Job {
    name: "purge-logs",
    schedule: "0 0 2 * * *",
    lease: Duration::from_secs(60),
    starts_at_once: false,
    run: purge_logs,
};

/// How long hours are folded that must be before they may go, and how long records are deleted one
/// by one; the next day goes on.
const FOLDING: Duration = Duration::from_secs(600);
const DELETING: Duration = Duration::from_secs(1800);

/// The first moment whose records are kept: whole days are removed, that are past the retention to
/// their last moment.
fn cutoff(log_retention_days: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let past = now - TimeDelta::days(log_retention_days.into());
    past.date_naive().and_time(NaiveTime::MIN).and_utc()
}

fn make_partitions(context: JobContext, now: DateTime<Utc>) -> BoxFuture<'static, JobOutcome> {
    async move {
        let app = &context.app;
        let cutoff = cutoff(app.engine.snapshot().settings.log_retention_days, now);
        Ok(match app.store.retention().make_partitions(cutoff, now).await? {
            Division::ByDay { made } => format!("{made} partitions made"),
            Division::Embedded => "SQLite needs none".to_owned(),
            Division::Refused(why) => {
                format!("the server has none; records are deleted one by one: {why}")
            }
        })
    }
    .boxed()
}

fn purge_logs(context: JobContext, now: DateTime<Utc>) -> BoxFuture<'static, JobOutcome> {
    async move {
        let store = &context.app.store;
        let days = context.app.engine.snapshot().settings.log_retention_days;
        let cutoff = cutoff(days, now);
        if let Some(newest) = store.retention().newest().await?.filter(|newest| *newest < cutoff) {
            return Ok(would_leave_none(newest, now));
        }
        store.stat_hours().mark_forgotten(cutoff, now).await?;
        let folded = fold_before(&context, cutoff, FOLDING, now).await?;
        let purged = store.retention().purge(cutoff, DELETING, now).await?;
        let mut told = format!("{} days dropped, {} records deleted", purged.days, purged.rows);
        if purged.hours_kept > 0 {
            told.push_str(&format!("; {} hours are not folded and stay", purged.hours_kept));
        }
        folded.outcome(told)
    }
    .boxed()
}

/// What a purge says that removes nothing, because it would remove everything: most likely the clock
/// is wrong, or was as the records were written.
fn would_leave_none(newest: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let [newest, now] = [newest, now].map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    format!(
        "nothing is removed, because no record would be left: the newest is of {newest}, and the \
         clock says {now}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_past_the_retention_go() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let cases = [
            (90, "2026-11-21T02:00:00Z", "2026-08-23T00:00:00Z"),
            (1, "2026-11-21T02:00:00Z", "2026-11-20T00:00:00Z"),
            (1, "2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z"),
        ];
        for (days, now, expected) in cases {
            assert_eq!(cutoff(days, at(now)), at(expected), "{days} days before {now}");
        }
    }
}
