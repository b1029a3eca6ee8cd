//! The bytes of sound answers, laid out in unusual ways, and their timing.

use std::time::Duration;

use tokio::time::Instant;
use tollgate_simulator::{Behaviour, LineEnd, SimulatorConfig, Wire};

use crate::support::{KEY, Test, question, stream_request};

async fn streaming(wire: Wire) -> Test {
    Test::behaving(Behaviour::default().wire(wire)).await
}

#[tokio::test]
async fn lines_can_end_in_crlf_or_cr() {
    for (line_end, text) in [(LineEnd::CrLf, "\r\n\r\n"), (LineEnd::Cr, "\r\r")] {
        let test = streaming(Wire { line_end, ..Wire::default() }).await;
        let got = test.stream().await;
        assert!(got.body.ends_with(&format!("data: [DONE]{text}")));
        assert!(got.chunks().len() > 3);
    }
}

#[tokio::test]
async fn bytes_can_come_one_by_one() {
    let test = streaming(Wire { bytes_at_a_time: Some(1), ..Wire::default() }).await;

    let mut response = test.open_stream().await;

    let (mut pieces, mut text) = (Vec::new(), String::new());
    while let Some(piece) = response.chunk().await.unwrap() {
        pieces.push(piece.len());
        text.push_str(std::str::from_utf8(&piece).unwrap());
    }
    assert!(pieces.iter().all(|length| *length == 1), "{pieces:?}");
    assert!(text.ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn a_stream_can_have_a_mark_comments_and_no_end() {
    let wire = Wire { bom: true, comments: true, no_done: true, ..Wire::default() };
    let test = streaming(wire).await;

    let got = test.stream().await;

    assert!(got.body.starts_with("\u{FEFF}: keep-alive\n\ndata: {"));
    let data = got.data();
    assert_eq!(got.body.matches(": keep-alive\n\n").count(), data.len());
    assert!(data.last().unwrap().contains("total_tokens"));
}

#[tokio::test]
async fn blank_lines_can_stand_before_a_whole_answer() {
    let test = streaming(Wire { blank_lines: true, ..Wire::default() }).await;
    let got = test.chat(&question("sim-chat")).await;
    assert!(got.body.starts_with("\n\n\n\n\n{"));
    assert_eq!(got.json()["object"], "chat.completion");
}

#[tokio::test]
async fn the_content_type_can_lie() {
    for claimed in ["text/plain", "application/json"] {
        let content_type = Some(claimed.to_owned());
        let test = streaming(Wire { content_type, ..Wire::default() }).await;
        let got = test.stream().await;
        assert_eq!(got.header("content-type"), claimed);
        assert!(got.chunks().len() > 3);
    }
}

#[tokio::test]
async fn layouts_have_names_too() {
    let test = Test::start().await;
    let mut body = stream_request();
    body["model"] = "sim-crlf-bom-comments-no-done-type-json-bytes-7-no-usage".into();

    let got = test.chat(&body).await;

    assert_eq!(got.header("content-type"), "application/json");
    assert!(got.body.starts_with("\u{FEFF}: keep-alive\r\n\r\ndata: {"));
    assert!(!got.body.contains("[DONE]") && !got.body.contains("total_tokens"));
}

/// How long a stream takes, in the virtual time of a test.
async fn time_of(test: &Test, key: &str) -> Duration {
    let start = Instant::now();
    let response = test.request(key, "/chat/completions", &stream_request()).send().await.unwrap();
    response.bytes().await.unwrap();
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn latency_and_speed_take_their_time() {
    let test = Test::start().await;
    let (latency, tokens) = (Duration::from_secs(3), 4);
    let behaviour = Behaviour::default().text("one two three four").latency(latency);
    test.simulator.set_behaviour(KEY, behaviour.clone());
    assert!(time_of(&test, KEY).await >= latency);

    test.simulator.set_behaviour(KEY, behaviour.tokens_per_second(2.0));
    assert!(time_of(&test, KEY).await >= latency + Duration::from_secs(tokens / 2));
}

#[tokio::test(start_paused = true)]
async fn the_default_delay_holds_where_a_name_sets_none() {
    let behaviour = Behaviour::default().latency(Duration::from_secs(5));
    let test = Test::with(SimulatorConfig { behaviour, ..SimulatorConfig::default() }).await;
    assert!(time_of(&test, "sk-a").await >= Duration::from_secs(5));
    assert!(time_of(&test, "sk-sim-crlf").await >= Duration::from_secs(5));
    assert!(time_of(&test, "sk-sim-fast").await < Duration::from_secs(5));
}
