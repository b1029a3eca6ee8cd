//! SIGTERM to the real binary while streams are open.

use std::time::Duration;

use reqwest::Response;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tollgate_simulator::{Behaviour, Gate, Place, Simulator, SimulatorConfig};
use tollgate_store::testing::{TestDatabase, each_empty_database};

use crate::support::program::{LONG, Program, Setup, until};

const MODEL: &str = "a-held-model";

/// A server with a stream whose first half has come.
struct Scene {
    simulator: Simulator,
    gate: Gate,
    program: Program,
    stream: Response,
    text: String,
}

async fn given(database: &TestDatabase, shutdown_seconds: &str) -> Scene {
    let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
    let gate = Gate::new();
    let behaviour = Behaviour::fast().text("one two three four").hold(Place::Middle, &gate);
    simulator.set_behaviour(MODEL, behaviour);
    let setup = Setup::over(database.url()).with("SHUTDOWN_TIMEOUT_SECONDS", shutdown_seconds);
    let program = setup.serve().await;
    let admin = program.admin().await;
    admin.simulate("openai", &simulator).await;
    admin.add_key("openai", "sk-a-key-of-shutdown").await;
    let mut stream = admin.open_stream("openai", MODEL).await;
    let mut text = String::new();
    while !text.contains("two") {
        let chunk = timeout(LONG, stream.chunk()).await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk.expect("the stream goes on")).unwrap());
    }
    Scene { simulator, gate, program, stream, text }
}

/// Reads the rest of a stream; the second is whether it came to an end of its own.
async fn rest_of(mut stream: Response, mut text: String) -> (String, bool) {
    loop {
        match timeout(LONG, stream.chunk()).await.expect("a stream ends somehow") {
            Ok(Some(chunk)) => text.push_str(std::str::from_utf8(&chunk).unwrap()),
            Ok(None) => return (text, true),
            Err(_) => return (text, false),
        }
    }
}

/// Returns once nobody accepts connections there.
async fn refuses(address: &str) {
    until(async || TcpStream::connect(address).await.is_err()).await;
}

/// The status and the error of each record.
async fn records(database: &TestDatabase) -> Vec<(String, Option<String>)> {
    let store = database.open(None).await;
    let query = async |sql: &str| store.query_texts(sql).await.unwrap();
    let status = query("SELECT status FROM t_ai_api_logs ORDER BY id").await;
    let error = query("SELECT error_code FROM t_ai_api_logs ORDER BY id").await;
    store.close().await;
    status.into_iter().map(Option::unwrap).zip(error).collect()
}

#[tokio::test]
async fn an_open_stream_may_end_while_nobody_new_is_let_in() {
    each_empty_database(async |database| {
        let mut scene = given(&database, "60").await;

        scene.program.terminate().await;
        refuses(scene.program.address()).await;
        scene.gate.open();
        let (text, has_ended) = rest_of(scene.stream, scene.text).await;
        let status = scene.program.ended().await;

        assert!(has_ended, "the stream was cut: {text}");
        assert!(text.contains("four") && text.trim_end().ends_with("data: [DONE]"), "{text}");
        assert!(status.success(), "{status}\n{}", scene.program.printed());
        assert_eq!(records(&database).await, [("success".to_owned(), None)]);
        scene.simulator.wait_for_idle().await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_does_not_end_in_time_is_cut_and_recorded() {
    each_empty_database(async |database| {
        let mut scene = given(&database, "1").await;

        let asked = Instant::now();
        scene.program.terminate().await;
        let (text, _) = rest_of(scene.stream, scene.text).await;
        let status = scene.program.ended().await;

        assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
        assert!(!text.contains("four") && !text.contains("[DONE]"), "{text}");
        assert!(status.success(), "{status}\n{}", scene.program.printed());
        let records = records(&database).await;
        assert_eq!(records.len(), 1, "{records:?}");
        assert_ne!(records[0].0, "success", "{records:?}");
        scene.simulator.wait_for_cancelled(1).await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_waits_for_its_database_stops_when_it_is_told() {
    let nobody_there = "mysql://root@127.0.0.1:1/tollgate";
    let program = Setup::over(nobody_there).begin_to_serve();
    let waiting = |text: &str| text.contains("waiting for the database").then_some(());
    program.wait_for("the database", waiting).await;

    let printed = program.stop().await;

    assert!(printed.contains("stopped before it served"), "{printed}");
}
