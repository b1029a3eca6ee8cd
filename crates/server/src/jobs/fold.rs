//! Folding hours of records into the tables of usage.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};
use tollgate_domain::time::hour_of;
use tollgate_store::StoreError;
use tollgate_store::usage_stats::Fold;

use super::{Job, JobContext, JobOutcome};

/// Folds the hour that has closed, and looks for hours that were forgotten.
pub(super) const FOLD_HOURS: Job = Job {
    name: "fold-hours",
    schedule: "0 0 * * * *",
    lease: Duration::from_secs(60),
    starts_at_once: true,
    run: fold_hours,
};

/// Folds closed hours in which something changed.
pub(super) const FOLD_DIRTY_HOURS: Job = Job {
    name: "fold-dirty-hours",
    schedule: "20 * * * * *",
    lease: Duration::from_secs(60),
    starts_at_once: true,
    run: fold_dirty_hours,
};

/// For how long a run begins to fold further hours. The next minute goes on.
const HOURLY: Duration = Duration::from_secs(240);
const MINUTELY: Duration = Duration::from_secs(45);
/// The hours whose records are counted again: those that an instance of an earlier release, which
/// marks none, may have written to.
const COUNTED_AGAIN: TimeDelta = TimeDelta::hours(3);
/// Hours found by one statement.
const FOUND: i64 = 100;
/// The longest rest between two hours, so that others have the database too.
const REST: Duration = Duration::from_millis(500);

/// How many folds in a row a database may refuse that is there.
const REFUSED: usize = 3;

/// What became of the dirty hours.
#[derive(Debug, Default)]
pub(super) struct Folded {
    hours: usize,
    rows: i64,
    /// Whether the time was up before all were folded.
    is_cut_short: bool,
    /// How many could not be folded, which stay dirty; and the first of them, with the reason.
    failed: usize,
    failure: Option<(DateTime<Utc>, StoreError)>,
}

fn fold_hours(context: JobContext, now: DateTime<Utc>) -> BoxFuture<'static, JobOutcome> {
    async move {
        let (hours, open) = (context.app.store.stat_hours(), hour_of(now));
        let forgotten = hours.mark_forgotten(open, now).await?;
        let miscounted = hours.mark_miscounted(open - COUNTED_AGAIN, open, now).await?;
        let folded = fold_before(&context, open, HOURLY, now).await?;
        let mut told = folded.told();
        if forgotten + miscounted > 0 {
            told.push_str(&format!("; {forgotten} were not marked, {miscounted} miscounted"));
        }
        folded.outcome(told)
    }
    .boxed()
}

fn fold_dirty_hours(context: JobContext, now: DateTime<Utc>) -> BoxFuture<'static, JobOutcome> {
    async move {
        let folded = fold_before(&context, hour_of(now), MINUTELY, now).await?;
        let told = folded.told();
        folded.outcome(told)
    }
    .boxed()
}

/// Folds the dirty hours before `before` once each, newest first: of those people look most. One that
/// cannot be folded keeps no other from it.
pub(super) async fn fold_before(
    context: &JobContext,
    before: DateTime<Utc>,
    limit: Duration,
    now: DateTime<Utc>,
) -> anyhow::Result<Folded> {
    let (store, until) = (&context.app.store, Instant::now() + limit);
    let (mut folded, mut before, mut refused) = (Folded::default(), before, 0);
    loop {
        let hours = store.stat_hours().dirty(before, FOUND).await?;
        let Some(oldest) = hours.last() else { return Ok(folded) };
        before = oldest.hour;
        for hour in &hours {
            if Instant::now() >= until {
                folded.is_cut_short = true;
                return Ok(folded);
            }
            let begun = Instant::now();
            match store.usage_stats().fold(hour.hour, now).await {
                Ok(Fold::Done { rows }) => {
                    folded.hours += 1;
                    folded.rows += rows;
                    refused = 0;
                }
                Ok(Fold::Clean | Fold::Overtaken) => {}
                // Two folds that are in each other's way: the hour stays dirty, and is next again.
                Err(StoreError::Unavailable(_)) if refused < REFUSED => refused += 1,
                Err(error @ StoreError::Unavailable(_)) => return Err(error.into()),
                Err(error) => {
                    folded.failed += 1;
                    folded.failure.get_or_insert((hour.hour, error));
                }
            }
            sleep(begun.elapsed().min(REST)).await;
        }
    }
}

impl Folded {
    /// What was folded, in words.
    fn told(&self) -> String {
        let Self { hours, rows, is_cut_short, .. } = self;
        let rest = if *is_cut_short { "; the others follow" } else { "" };
        format!("{hours} hours folded, {rows} records{rest}")
    }

    /// How a run ends that did what is `told`: it failed where an hour could not be folded.
    pub(super) fn outcome(self, told: String) -> JobOutcome {
        let Some((hour, error)) = self.failure else { return Ok(told) };
        let hour = hour.to_rfc3339_opts(SecondsFormat::Secs, true);
        Err(anyhow!("{told}; {} cannot be folded, the first {hour}: {error}", self.failed))
    }
}
