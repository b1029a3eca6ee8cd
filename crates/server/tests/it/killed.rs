//! The program is killed, in the middle of answers and streams, at moments that nobody chose.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tollgate_domain::{Clock, SystemClock};
use tollgate_simulator::{Behaviour, Simulator, SimulatorConfig};
use tollgate_store::Store;
use tollgate_store::testing::{TestDatabase, each_empty_database, test_keyring};

use crate::support::Client;
use crate::support::operator::question;
use crate::support::program::{LONG, Setup, until};

/// How often it is killed.
const KILLS: usize = 20;
/// Callers at once.
const CALLERS: usize = 8;
/// A model with a price, so that budgets have something to count.
const MODEL: &str = "gpt-4o-mini";

/// What callers saw.
#[derive(Default)]
struct Seen {
    /// Requests that were answered: their ids.
    answered: BTreeSet<String>,
    /// Those of them whose answer came to its end.
    complete: usize,
}

/// Calls until the server is gone; `answers` counts what came, `news` tells of it.
async fn call_on(admin: Client, app: Client, answers: Arc<AtomicUsize>, news: Arc<Notify>) -> Seen {
    let mut seen = Seen::default();
    for number in 0.. {
        // Half of them on a budget, half of them streams.
        let caller = if number % 4 < 2 { &admin } else { &app };
        let mut body = question(&format!("openai/{MODEL}"));
        if number % 2 == 1 {
            body["stream"] = json!(true);
        }
        let request = caller.request(Method::POST, "/v1/chat/completions");
        let request = request.header("content-type", "application/json").body(body.to_string());
        let Ok(response) = request.send().await else { return seen };
        assert_eq!(response.status(), 200, "a server that lives answers");
        let id = response.headers()["x-request-id"].to_str().unwrap().replace('-', "");
        assert!(seen.answered.insert(id));
        let Ok(text) = response.text().await else { return seen };
        seen.complete += usize::from(number % 2 == 0 || text.trim_end().ends_with("[DONE]"));
        answers.fetch_add(1, Ordering::SeqCst);
        news.notify_waiters();
    }
    seen
}

/// Lets callers call until so many answers came, and a little longer; then kills the program.
async fn round(setup: &Setup, callers: (&Client, &Client), chance: &mut StdRng) -> Seen {
    let (wanted, longer) = (chance.random_range(1..40), chance.random_range(0..3_000));
    let program = setup.serve().await;
    let (admin, app) = (callers.0.at(program.url()), callers.1.at(program.url()));
    let (answers, news) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (answers, news) = (Arc::clone(&answers), Arc::clone(&news));
        callers.spawn(call_on(admin.clone(), app.clone(), answers, news));
    }
    let enough = async {
        loop {
            let told = news.notified();
            if answers.load(Ordering::SeqCst) >= wanted {
                return;
            }
            told.await;
        }
    };
    timeout(LONG, enough).await.unwrap_or_else(|_| panic!("no answers:\n{}", program.printed()));
    // Not to wait for anything: the moment is to be any.
    sleep(Duration::from_micros(longer)).await;
    program.kill().await;
    let mut all = Seen::default();
    for seen in callers.join_all().await {
        all.answered.extend(seen.answered);
        all.complete += seen.complete;
    }
    all
}

async fn texts(store: &Store, sql: &str) -> Vec<String> {
    store.query_texts(sql).await.unwrap().into_iter().flatten().collect()
}

/// Waits until the journal is empty.
async fn shipped(admin: &Client) {
    until(async || admin.get("/api/status/status").await.data()["journal"]["backlogRecords"] == 0)
        .await;
}

/// How many final records each request has.
async fn finals(store: &Store) -> HashMap<String, i64> {
    const SQL: &str = "SELECT CONCAT(LOWER(HEX(request_id)), ' ', SUM(is_final))
        FROM t_ai_api_logs GROUP BY request_id";
    let split = |text: String| {
        let (id, count) = text.split_once(' ').unwrap();
        (id.to_owned(), count.parse::<f64>().unwrap() as i64)
    };
    texts(store, SQL).await.into_iter().map(split).collect()
}

/// Folds every hour, and holds the tables of usage against the records.
async fn assert_usage_says_what_the_records_say(store: &Store, now: DateTime<Utc>) {
    let hours = texts(store, "SELECT CAST(hour AS CHAR(40)) FROM t_stat_hours").await;
    for hour in hours {
        let hour = hour.get(..19).unwrap().replace('T', " ");
        let hour = NaiveDateTime::parse_from_str(&hour, "%Y-%m-%d %H:%M:%S").unwrap().and_utc();
        store.usage_stats().fold(hour, now).await.unwrap();
    }
    let of_records = "SELECT CONCAT(SUM(is_final), '/', COUNT(*), '/', SUM(total_tokens), '/',
            SUM(COALESCE(cost_nanousd, 0)))
        FROM t_ai_api_logs WHERE attempt > 0";
    let of_totals = "SELECT CONCAT(SUM(requests), '/', SUM(attempts), '/', SUM(total_tokens), '/',
            SUM(cost_nanousd))
        FROM t_ai_usage_totals WHERE dimension = 'all'";
    assert_eq!(texts(store, of_totals).await, texts(store, of_records).await);
}

async fn assert_counters_say_what_the_records_say(store: &Store) {
    let of_records = "SELECT CONCAT(COUNT(*), '/', SUM(total_tokens)) FROM t_ai_api_logs
        WHERE key_id IS NOT NULL";
    let of_keys = "SELECT CONCAT(SUM(requests_count_today), '/', SUM(tokens_count_today))
        FROM t_ai_api_keys";
    assert_eq!(texts(store, of_keys).await, texts(store, of_records).await);
}

#[expect(clippy::print_stdout, reason = "a failure is repeated with the seed that it tells")]
async fn killed_again_and_again(database: &TestDatabase) {
    let seed: u64 = rand::random();
    println!("the moments are those of the seed {seed}");
    let mut chance = StdRng::seed_from_u64(seed);
    let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
    simulator.set_behaviour(MODEL, Behaviour::fast().text("one two three four five six seven"));
    let data = tempfile::tempdir().unwrap();
    let setup = Setup::over(database.url())
        .with("LOG_LEVEL", "info")
        .with("DATA_DIR", data.path().to_str().unwrap());
    let program = setup.serve().await;
    let admin = program.admin().await;
    admin.simulate("openai", &simulator).await;
    admin.add_key("openai", "sk-a-key-of-the-killed").await;
    let app = json!({"name": "on a budget", "scopes": ["chat"], "budgetUsd": 1_000,
        "budgetPeriod": "total"});
    let app = admin.post("/api/admin/app-tokens", &app).await.expect(201);
    let app = admin.with_token(app.data()["token"].as_str().unwrap());
    program.stop().await;

    let mut seen = Seen::default();
    for _ in 0..KILLS {
        let of_round = round(&setup, (&admin, &app), &mut chance).await;
        seen.answered.extend(of_round.answered);
        seen.complete += of_round.complete;
    }

    let program = setup.serve().await;
    let admin = admin.at(program.url());
    shipped(&admin).await;
    let store = database.open(Some(test_keyring())).await;
    let finals = finals(&store).await;
    for id in &seen.answered {
        assert_eq!(finals.get(id), Some(&1), "seed {seed}, request {id}");
    }
    assert!(finals.values().all(|count| *count == 1), "seed {seed}: {finals:?}");
    assert!(seen.complete >= KILLS && seen.answered.len() >= seen.complete);
    let interrupted = "SELECT CONCAT('', COUNT(*)) FROM t_ai_api_logs
        WHERE error_code = 'interrupted'";
    assert_ne!(texts(&store, interrupted).await, ["0"], "seed {seed}: no moment hit a stream");
    assert_counters_say_what_the_records_say(&store).await;
    assert_usage_says_what_the_records_say(&store, SystemClock.now()).await;
    program.stop().await;
    store.close().await;
}

#[tokio::test]
async fn whatever_was_answered_is_on_record_once_and_so_are_its_tokens_and_its_cost() {
    each_empty_database(async |database| killed_again_and_again(&database).await).await;
}
