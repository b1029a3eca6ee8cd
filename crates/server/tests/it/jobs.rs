//! What is done by the clock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::time::{interval, timeout};
use tollgate_domain::Clock;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{NanoUsd, RequestId};
use tollgate_server::jobs::{JOBS, Job, JobContext, JobOutcome, Ran, due, latest_time, run_once};
use tollgate_store::job_leases::JobRun;
use tollgate_store::testing::each_empty_database;

use crate::support::program::{LONG, Setup};
use crate::support::{TestApp, each_app};

/// A job that every minute does `run`.
const fn minutely(
    name: &'static str,
    run: fn(JobContext, DateTime<Utc>) -> BoxFuture<'static, JobOutcome>,
) -> Job {
    let (schedule, lease) = ("0 * * * * *", Duration::from_secs(60));
    Job { name, schedule, lease, starts_at_once: true, run }
}

fn job(name: &str) -> &'static Job {
    JOBS.iter().find(|job| job.name == name).unwrap()
}

async fn run(app: &TestApp, job: &Job, now: DateTime<Utc>) -> Ran {
    run_once(&JobContext::new(app.app.clone()), job, now).await.unwrap()
}

/// The moment of most tests; jobs are functions of it.
fn now() -> DateTime<Utc> {
    "2026-11-21T10:30:00Z".parse().unwrap()
}

fn after(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

/// What the status says of each job, by name.
async fn shown(app: &TestApp) -> HashMap<String, Value> {
    let reply = app.admin.get("/api/status/status").await.expect(200);
    let jobs = reply.data()["jobs"].as_array().unwrap().clone();
    jobs.into_iter().map(|job| (job["name"].as_str().unwrap().to_owned(), job)).collect()
}

/// A call that was answered at `at`.
fn answered(at: DateTime<Utc>) -> ApiLog {
    let at = at.trunc_subsecs(3);
    ApiLog {
        request_id: RequestId::new(at),
        attempt: 1,
        is_final: true,
        created_at: at,
        started_at: at,
        client_request_id: None,
        user_id: None,
        app_id: None,
        end_user: None,
        provider_id: None,
        key_id: None,
        model_code: Some("gpt-4o".to_owned()),
        requested_model: None,
        endpoint: "/v1/chat/completions".to_owned(),
        is_stream: false,
        status: CallStatus::Success,
        http_status: Some(200),
        error_code: None,
        error_message: None,
        usage: TokenUsage { prompt: 10, ..TokenUsage::default() },
        usage_source: UsageSource::Provider,
        price_id: None,
        cost: Some(NanoUsd::new(7)),
        latency_ms: 20,
        first_token_ms: None,
        finish_reason: None,
        routing: None,
        ip_address: None,
        user_agent: None,
    }
}

/// Has the database refuse what is folded of the model `bad`, until the trigger `refuse` is dropped.
async fn refuse_bad_ones(app: &TestApp) {
    let mysql = "CREATE TRIGGER refuse BEFORE INSERT ON t_ai_usage_stats FOR EACH ROW
        IF NEW.model_code = 'bad' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no bad ones';
        END IF";
    let sqlite = "CREATE TRIGGER refuse BEFORE INSERT ON t_ai_usage_stats
        WHEN NEW.model_code = 'bad' BEGIN SELECT RAISE(ABORT, 'no bad ones'); END";
    let sql = if is_embedded(app) { sqlite } else { mysql };
    app.app.store.execute_sql(sql).await.unwrap();
}

/// A call of the model `bad`.
fn bad(at: DateTime<Utc>) -> ApiLog {
    ApiLog { model_code: Some("bad".to_owned()), ..answered(at) }
}

fn is_embedded(app: &TestApp) -> bool {
    app.app.config.database.shown().starts_with("sqlite")
}

/// How many records there are.
async fn records(app: &TestApp) -> String {
    texts(app, "SELECT CONCAT(COUNT(*), '') FROM t_ai_api_logs").await.remove(0)
}

async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    let texts = app.app.store.query_texts(sql).await.unwrap();
    texts.into_iter().map(Option::unwrap).collect()
}

#[tokio::test]
async fn every_job_runs_once_on_two_instances() {
    each_empty_database(async |database| {
        let (one, two) = (TestApp::start(&database).await, TestApp::start(&database).await);

        for job in JOBS {
            let now = now();
            let (here, there) =
                (JobContext::new(one.app.clone()), JobContext::new(two.app.clone()));
            let (here, there) = tokio::join!(run_once(&here, job, now), run_once(&there, job, now));
            let (here, there) = (here.unwrap(), there.unwrap());

            let ran = [&here, &there].into_iter().filter(|ran| matches!(ran, Ran::Done(_)));
            assert_eq!(ran.count(), 1, "{}: {here:?}, {there:?}", job.name);
            assert!([&here, &there].contains(&&Ran::NotOurs), "{}: {here:?}, {there:?}", job.name);
            assert_eq!(run(&two, job, now).await, Ran::NotOurs, "{} was run", job.name);
        }

        let shown = shown(&two).await;
        for job in JOBS {
            let view = &shown[job.name];
            assert_eq!(view["schedule"], job.schedule);
            assert_eq!((&view["isOk"], &view["holder"]), (&Value::Bool(true), &Value::Null));
            assert!(view["lastRunAt"].is_string() && view["durationMs"].is_i64(), "{view}");
            assert!(!view["lastResult"].as_str().unwrap().is_empty(), "{view}");
        }
        one.stop().await;
        two.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_status_tells_of_jobs_that_never_ran_and_only_operators_see_it() {
    each_app(async |app| {
        let view = &shown(app).await["purge-logs"];
        assert_eq!(view["schedule"], "0 0 2 * * *");
        for field in ["lastRunAt", "lastResult", "isOk", "lastSuccessAt", "durationMs", "holder"] {
            assert_eq!(view[field], Value::Null, "{field}");
        }

        let reply = app.anonymous.get("/api/status/status").await.expect(200);
        assert_eq!(reply.data().get("jobs"), None);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_holder_was_killed_is_taken_over_after_its_lease() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let job = minutely("counting", |_, _| {
        async { Ok(format!("run {}", RUNS.fetch_add(1, Ordering::SeqCst) + 1)) }.boxed()
    });
    each_app(async |app| {
        RUNS.store(0, Ordering::SeqCst);
        let scheduled_for = latest_time(job.schedule, now()).unwrap();
        let killed = JobRun { job: job.name, holder: "killed", scheduled_for };
        let leases = app.app.store.job_leases();
        assert!(leases.claim(killed, after(60), now()).await.unwrap());

        assert_eq!(run(app, &job, after(1)).await, Ran::NotOurs);
        assert_eq!(run(app, &job, after(59)).await, Ran::NotOurs);
        assert_eq!(run(app, &job, after(60)).await, Ran::Done("run 1".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_fails_or_panics_says_why_and_runs_again_at_its_next_time() {
    let failing = minutely("failing", |_, _| {
        async { Err(anyhow::anyhow!("no paper").context("the printer is out")) }.boxed()
    });
    let panicking = minutely("panicking", |_, _| {
        async { Err(anyhow::anyhow!("{}", Vec::<u8>::new()[0])) }.boxed()
    });
    each_app(async |app| {
        let failed = run(app, &failing, now()).await;
        assert_eq!(failed, Ran::Failed("the printer is out: no paper".to_owned()));
        assert_eq!(run(app, &failing, now()).await, Ran::NotOurs, "not before its next time");
        assert!(matches!(run(app, &panicking, now()).await, Ran::Failed(why) if why.contains("panicked")));

        assert!(matches!(run(app, &failing, after(60)).await, Ran::Failed(_)));
        let leases = app.app.store.job_leases().list().await.unwrap();
        let lease = leases.iter().find(|lease| lease.job == "failing").unwrap();
        assert_eq!((lease.is_ok, lease.last_success_at), (false, None));
        assert_eq!(lease.last_result.as_deref(), Some("the printer is out: no paper"));
    })
    .await;
}

#[tokio::test]
async fn a_job_under_way_is_left_to_others_when_its_instance_stops() {
    let endless = minutely("endless", |context, _| {
        async move {
            context.stop.cancel();
            std::future::pending().await
        }
        .boxed()
    });
    let quick = minutely("endless", |_, _| async { Ok("done".to_owned()) }.boxed());
    each_app(async |app| {
        assert_eq!(run(app, &endless, now()).await, Ran::Stopped);

        assert_eq!(run(app, &quick, now()).await, Ran::Done("done".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn closed_hours_are_folded_and_the_open_one_is_not() {
    each_app(async |app| {
        let now = now();
        let logs = [now, now - TimeDelta::hours(1), now - TimeDelta::hours(30)].map(answered);
        app.app.store.api_logs().ship(None, &logs).await.unwrap();

        let told = run(app, job("fold-dirty-hours"), now).await;

        assert_eq!(told, Ran::Done("2 hours folded, 2 records".to_owned()));
        let sums = "SELECT CONCAT_WS(' ', SUM(requests), SUM(cost_nanousd))
            FROM t_ai_usage_totals WHERE dimension = 'all'";
        assert_eq!(texts(app, sums).await, ["2 14"]);

        let told = run(app, job("fold-hours"), after(3600)).await;
        assert_eq!(told, Ran::Done("1 hours folded, 1 records".to_owned()));
        assert_eq!(texts(app, sums).await, ["3 21"]);
    })
    .await;
}

#[tokio::test]
async fn the_hourly_job_finds_what_nobody_marked() {
    each_app(async |app| {
        let now = now();
        let (early, late) =
            (answered(now - TimeDelta::hours(9)), answered(now - TimeDelta::hours(2)));
        app.app.store.api_logs().ship(None, &[early, late.clone()]).await.unwrap();
        run(app, job("fold-dirty-hours"), now).await;
        let forget = "DELETE FROM t_stat_hours ORDER BY hour LIMIT 1";
        let forget_sqlite =
            "DELETE FROM t_stat_hours WHERE hour = (SELECT MIN(hour) FROM t_stat_hours)";
        let forget = if is_embedded(app) { forget_sqlite } else { forget };
        app.app.store.execute_sql(forget).await.unwrap();
        let another = answered(late.created_at);
        app.app.store.api_logs().ship(None, &[another]).await.unwrap();
        app.app.store.execute_sql("UPDATE t_stat_hours SET is_dirty = FALSE").await.unwrap();

        let told = run(app, job("fold-hours"), now).await;

        let expected = "2 hours folded, 3 records; 1 were not marked, 1 miscounted";
        assert_eq!(told, Ran::Done(expected.to_owned()));
    })
    .await;
}

#[tokio::test]
async fn records_past_the_retention_are_purged_at_two_and_usage_is_kept() {
    each_app(async |app| {
        let now = now();
        let logs = [now, now - TimeDelta::days(89), now - TimeDelta::days(92)].map(answered);
        app.app.store.api_logs().ship(None, &logs).await.unwrap();
        assert!(matches!(run(app, job("make-partitions"), now).await, Ran::Done(_)));

        let told = run(app, job("purge-logs"), now).await;

        let expected = if is_embedded(app) {
            "0 days dropped, 1 records deleted"
        } else {
            "1 days dropped, 0 records deleted"
        };
        assert_eq!(told, Ran::Done(expected.to_owned()));
        assert_eq!(records(app).await, "2");
        let sums = "SELECT CONCAT(SUM(requests), '') FROM t_ai_usage_totals
            WHERE dimension = 'all'";
        assert_eq!(texts(app, sums).await, ["1"], "it was folded first");
    })
    .await;
}

#[tokio::test]
async fn an_hour_that_cannot_be_folded_keeps_no_other_from_it() {
    each_app(async |app| {
        let hours_ago = |hours| now() - TimeDelta::hours(hours);
        let logs = [bad(hours_ago(2)), answered(hours_ago(1)), answered(hours_ago(30))];
        app.app.store.api_logs().ship(None, &logs).await.unwrap();
        refuse_bad_ones(app).await;
        let expected = "2 hours folded, 2 records; 1 cannot be folded, the first \
            2026-11-21T08:00:00Z: ";

        let told = run(app, job("fold-dirty-hours"), now()).await;
        let Ran::Failed(why) = told else { panic!("{told:?}") };
        assert!(why.starts_with(expected) && why.contains("no bad ones"), "{why}");
        let told = run(app, job("fold-hours"), now()).await;
        assert!(matches!(&told, Ran::Failed(why) if why.starts_with("0 hours folded")), "{told:?}");

        app.app.store.execute_sql("DROP TRIGGER refuse").await.unwrap();
        let told = run(app, job("fold-dirty-hours"), after(60)).await;
        assert_eq!(told, Ran::Done("1 hours folded, 1 records".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_purge_keeps_records_for_as_long_as_the_setting_says_now() {
    each_app(async |app| {
        let now = now();
        let logs = [now, now - TimeDelta::days(20), now - TimeDelta::days(40)].map(answered);
        app.app.store.api_logs().ship(None, &logs).await.unwrap();
        assert!(matches!(run(app, job("make-partitions"), now).await, Ran::Done(_)));
        let month = json!({"logRetentionDays": 30});
        app.admin.put("/api/admin/settings", &month).await.expect(200);

        assert!(matches!(run(app, job("purge-logs"), now).await, Ran::Done(_)));

        assert_eq!(records(app).await, "2");
    })
    .await;
}

#[tokio::test]
async fn a_day_that_cannot_be_folded_keeps_no_other_from_being_purged() {
    each_app(async |app| {
        let days_ago = |days| now() - TimeDelta::days(days);
        let good = [0, 92, 94, 95].map(|days| answered(days_ago(days)));
        app.app.store.api_logs().ship(None, &good).await.unwrap();
        app.app.store.api_logs().ship(None, &[bad(days_ago(93))]).await.unwrap();
        for now in [days_ago(30), now()] {
            assert!(matches!(run(app, job("make-partitions"), now).await, Ran::Done(_)));
        }
        refuse_bad_ones(app).await;

        let told = run(app, job("purge-logs"), now()).await;

        let Ran::Failed(why) = told else { panic!("{told:?}") };
        let removed = match is_embedded(app) {
            true => "0 days dropped, 3 records deleted",
            false => "4 days dropped, 0 records deleted",
        };
        let expected = format!("{removed}; 1 hours are not folded and stay; 1 cannot be folded");
        assert!(why.starts_with(&expected), "{why}");
        assert_eq!(records(app).await, "2");
        let sums = "SELECT CONCAT(SUM(requests), '') FROM t_ai_usage_totals
            WHERE dimension = 'all'";
        assert_eq!(texts(app, sums).await, ["3"]);

        app.app.store.execute_sql("DROP TRIGGER refuse").await.unwrap();
        let told = run(app, job("purge-logs"), now() + TimeDelta::days(1)).await;
        assert!(matches!(told, Ran::Done(_)), "{told:?}");
        assert_eq!(records(app).await, "1");
        assert_eq!(texts(app, sums).await, ["4"]);
    })
    .await;
}

#[tokio::test]
async fn a_purge_that_would_leave_no_record_removes_none() {
    each_app(async |app| {
        let logs = [89, 92].map(|days| answered(now() - TimeDelta::days(days)));
        app.app.store.api_logs().ship(None, &logs).await.unwrap();

        let told = run(app, job("purge-logs"), now() + TimeDelta::days(365)).await;

        let expected = "nothing is removed, because no record would be left: the newest is of \
            2026-08-24T10:30:00Z, and the clock says 2027-11-21T10:30:00Z";
        assert_eq!(told, Ran::Done(expected.to_owned()));
        assert_eq!(records(app).await, "2");

        let told = run(app, job("purge-logs"), now()).await;
        assert!(matches!(told, Ran::Done(_)), "with the clock right: {told:?}");
        assert_eq!(records(app).await, "1");
    })
    .await;
}

#[tokio::test]
async fn a_purge_that_was_missed_since_the_first_start_is_made_up() {
    each_app(async |app| {
        let context = JobContext::new(app.app.clone());
        let is_due = async |now| {
            let due = due(&context, now).await.unwrap();
            due.iter().any(|job| job.name == "purge-logs")
        };
        assert!(!is_due(now()).await, "the first one waits for its time");
        assert!(!is_due(now() + TimeDelta::hours(12)).await);
        assert_eq!(shown(app).await["purge-logs"]["lastRunAt"], Value::Null);

        let next = now() + TimeDelta::days(1);
        assert!(is_due(next).await, "nobody was up at two");
        assert!(matches!(run(app, job("purge-logs"), next).await, Ran::Done(_)));
        assert!(!is_due(next).await);
    })
    .await;
}

#[tokio::test]
async fn sessions_that_ended_a_month_ago_are_removed() {
    each_app(async |app| {
        let sessions = "SELECT CONCAT(COUNT(*), '') FROM t_sessions";
        let before = texts(app, sessions).await;
        let now = app.clock.now();
        run(app, job("purge-sessions"), now).await;
        assert_eq!(texts(app, sessions).await, before);

        let told = run(app, job("purge-sessions"), now + TimeDelta::days(400)).await;
        assert_eq!(told, Ran::Done("3 sessions removed".to_owned()));
        assert_eq!(texts(app, sessions).await, ["0"]);
    })
    .await;
}

#[tokio::test]
async fn a_start_runs_what_is_due_and_a_stop_waits_for_no_job() {
    each_empty_database(async |database| {
        let setup = Setup::over(database.url());
        let mut program = setup.serve().await;
        let admin = program.admin().await;
        let mut ticks = interval(Duration::from_millis(50));
        let all = async {
            loop {
                ticks.tick().await;
                let told = admin.get("/api/status/status").await.expect(200).data();
                let ran = |job: &&Job| {
                    let jobs = told["jobs"].as_array().unwrap();
                    let view = jobs.iter().find(|view| view["name"] == job.name).unwrap();
                    view["isOk"] == true
                };
                if JOBS.iter().filter(|job| job.starts_at_once).all(|job| ran(&job)) {
                    return told;
                }
            }
        };
        let told = timeout(LONG, all).await.expect("every job runs");

        let purge = told["jobs"].as_array().unwrap().iter().find(|it| it["name"] == "purge-logs");
        assert_eq!(purge.unwrap()["lastRunAt"], Value::Null, "it waits for its time");
        program.terminate().await;
        assert!(program.ended().await.success());
    })
    .await;
}
