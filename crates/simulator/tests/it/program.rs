//! The program itself.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::client;

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tollgate-simulator"));
    program.stdout(Stdio::piped()).kill_on_drop(true);
    program
}

#[tokio::test]
async fn it_prints_its_address_answers_there_and_stops_when_told() {
    let mut child = program().args(["--port", "0"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let base_url = line.strip_prefix("Simulator listening at ").unwrap();

    let request = client().get(format!("{base_url}/models")).bearer_auth("sk-a");
    assert_eq!(request.send().await.unwrap().status(), 200);

    let pid = child.id().unwrap().to_string();
    Command::new("kill").arg(pid).status().await.unwrap();
    assert!(child.wait().await.unwrap().success());
}

#[tokio::test]
async fn help_tells_every_way_to_misbehave() {
    let output = program().arg("--help").output().await.unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for word in ["--latency-ms", "error-NAME", "stall[-PLACE]", "moonshot.429.overloaded"] {
        assert!(help.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program().args(["--port", &port]).stderr(Stdio::piped()).output().await.unwrap();
    assert!(!output.status.success());
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains(&format!("cannot listen at 127.0.0.1:{port}")), "{complaint}");
}
