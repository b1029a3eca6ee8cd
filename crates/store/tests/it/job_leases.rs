use tollgate_store::Store;
use tollgate_store::job_leases::{JobResult, JobRun};
use tollgate_store::testing::each_database;

use crate::support::at;

/// A run by `holder` for the time `seconds`.
fn run(holder: &str, seconds: i64) -> JobRun<'_> {
    JobRun { job: "fold", holder, scheduled_for: at(seconds) }
}

fn done(text: &str) -> JobResult<'_> {
    JobResult { started_at: at(1), duration_ms: 250, is_ok: true, text }
}

/// Whether `run` can be claimed at `now` for a minute.
async fn claims(store: &Store, run: JobRun<'_>, now: i64) -> bool {
    store.job_leases().claim(run, at(now + 60), at(now)).await.unwrap()
}

#[tokio::test]
async fn each_time_of_a_schedule_is_run_once() {
    each_database(async |store| {
        assert!(claims(&store, run("one", 0), 1).await);
        assert!(!claims(&store, run("two", 0), 2).await, "one runs it");

        assert!(store.job_leases().finish(run("one", 0), done("3 hours"), at(3)).await.unwrap());

        assert!(!claims(&store, run("two", 0), 4).await, "it was run");
        assert!(!claims(&store, run("two", -60), 4).await, "an earlier time is over");
        assert!(claims(&store, run("two", 60), 61).await, "the next time has come");
    })
    .await;
}

#[tokio::test]
async fn of_many_instances_that_ask_at_once_one_gets_the_run() {
    each_database(async |store| {
        let names: Vec<String> = (0..8).map(|name| format!("instance-{name}")).collect();

        let mut asked = tokio::task::JoinSet::new();
        for name in names {
            let store = store.database.open(None).await;
            asked.spawn(async move {
                let got = claims(&store, run(&name, 0), 1).await;
                store.close().await;
                got
            });
        }
        let got = asked.join_all().await;

        assert_eq!(got.iter().filter(|got| **got).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_killed_holders_run_is_taken_over_once_its_lease_is_over() {
    each_database(async |store| {
        assert!(claims(&store, run("killed", 0), 0).await);

        assert!(!claims(&store, run("other", 0), 59).await);
        assert!(claims(&store, run("other", 0), 60).await);

        let leases = store.job_leases();
        assert!(!leases.renew(run("killed", 0), at(500), at(61)).await.unwrap());
        assert!(!leases.finish(run("killed", 0), done("too late"), at(62)).await.unwrap());
        assert_eq!(leases.list().await.unwrap()[0].last_result, None);
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_was_a_year_ahead_keeps_no_job_from_running() {
    const YEAR: i64 = 365 * 86_400;
    each_database(async |store| {
        assert!(claims(&store, run("ahead", YEAR), YEAR).await);
        assert!(claims(&store, run("right", 0), 0).await, "its lease ends in a year");
        store.job_leases().release(run("right", 0), at(1)).await.unwrap();
        assert!(claims(&store, run("ahead", YEAR), YEAR).await);
        assert!(store.job_leases().finish(run("ahead", YEAR), done(""), at(YEAR)).await.unwrap());

        let listed = store.job_leases().list().await.unwrap();
        assert!(listed[0].is_free_for(at(60), at(61)));
        assert!(claims(&store, run("right", 60), 61).await, "it has run for next year");
        assert!(store.job_leases().finish(run("right", 60), done(""), at(62)).await.unwrap());

        assert!(!claims(&store, run("other", 60), 63).await, "and is run once again");
    })
    .await;
}

#[tokio::test]
async fn a_renewed_run_is_not_taken_over() {
    each_database(async |store| {
        assert!(claims(&store, run("one", 0), 0).await);

        assert!(store.job_leases().renew(run("one", 0), at(120), at(50)).await.unwrap());

        assert!(!claims(&store, run("two", 0), 119).await);
    })
    .await;
}

#[tokio::test]
async fn a_run_that_is_given_back_may_be_taken_at_once() {
    each_database(async |store| {
        assert!(claims(&store, run("one", 0), 0).await);

        store.job_leases().release(run("one", 0), at(1)).await.unwrap();

        assert!(claims(&store, run("two", 0), 2).await);
    })
    .await;
}

#[tokio::test]
async fn the_last_run_and_the_last_one_that_went_well_are_told() {
    each_database(async |store| {
        let leases = store.job_leases();
        assert!(claims(&store, run("one", 0), 1).await);
        leases.finish(run("one", 0), done("3 hours"), at(2)).await.unwrap();
        assert!(claims(&store, run("one", 60), 61).await);
        let long = "x".repeat(600);
        let failed =
            JobResult { started_at: at(61), duration_ms: 9, is_ok: false, text: long.as_str() };
        leases.finish(run("one", 60), failed, at(62)).await.unwrap();

        let lease = leases.list().await.unwrap().remove(0);

        assert_eq!(lease.job, "fold");
        assert_eq!((lease.holder.as_deref(), lease.expires_at), (None, None));
        assert_eq!((lease.last_run_at, lease.last_success_at), (Some(at(61)), Some(at(1))));
        assert_eq!((lease.is_ok, lease.duration_ms), (false, Some(9)));
        assert_eq!(lease.last_result.as_deref(), Some(&long[..500]));
        assert!(!lease.is_free_for(at(60), at(70)));
        assert!(lease.is_free_for(at(120), at(121)));
    })
    .await;
}
