//! Answers which break, stall or are not what they should be.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tollgate_simulator::{Behaviour, CallEnd, Fault, Place};

use crate::support::{
    KEY, Test, content_of, data_of, question, read_until, read_until_broken, stream_request,
};

/// The events a client sees of a stream with this fault, and whether the connection broke.
async fn events_of(fault: Fault) -> (Vec<String>, bool) {
    let test = Test::behaving(Behaviour::failing(fault)).await;
    let (text, is_broken) = read_until_broken(test.open_stream().await).await;
    (data_of(&text), is_broken)
}

#[tokio::test]
async fn a_stream_breaks_or_ends_at_its_place() {
    for (place, has_events, has_content, has_finish) in [
        (Place::Start, false, false, false),
        (Place::Opening, true, false, false),
        (Place::Middle, true, true, false),
        (Place::Finish, true, true, false),
        (Place::Done, true, true, true),
    ] {
        for (fault, breaks) in [(Fault::Cut(place), true), (Fault::End(place), false)] {
            let (events, is_broken) = events_of(fault.clone()).await;
            let has = |mark: &str| events.iter().any(|event| event.contains(mark));
            assert_eq!(is_broken, breaks, "{fault:?}");
            assert_eq!(!events.is_empty(), has_events, "{fault:?}");
            assert_eq!(has("Hello"), has_content, "{fault:?}");
            assert_eq!(has(r#""finish_reason":"stop""#), has_finish, "{fault:?}");
            assert!(!has("[DONE]") && !has("total_tokens"), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn half_of_the_content_is_before_the_middle() {
    let (events, _) = events_of(Fault::Cut(Place::Middle)).await;
    let chunks: Vec<_> = events.iter().map(|event| serde_json::from_str(event).unwrap()).collect();
    let content = content_of(&chunks);
    assert!(content.starts_with("Hello from the simulator.") && !content.contains("France"));
}

#[tokio::test]
async fn a_connection_can_close_without_a_byte() {
    let test = Test::behaving(Behaviour::failing(Fault::Cut(Place::Head))).await;

    let mut stream = TcpStream::connect(test.simulator.address()).await.unwrap();
    let request =
        format!("GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();

    assert!(answer.is_empty());
    let call = &test.simulator.calls()[0];
    assert_eq!((call.end, call.status), (CallEnd::Broken, None));
}

#[tokio::test]
async fn a_whole_answer_breaks_in_its_middle() {
    let test = Test::behaving(Behaviour::failing(Fault::Cut(Place::Middle))).await;
    let request = test.request(KEY, "/chat/completions", &question("sim-chat"));
    let response = request.send().await.unwrap();
    let length: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();

    let (text, is_broken) = read_until_broken(response).await;

    assert!(is_broken);
    assert_eq!(text.len(), length / 2);
}

#[tokio::test]
async fn a_stalled_stream_sends_nothing_from_its_place_on() {
    for (place, mark) in [(Place::Opening, "role"), (Place::Middle, "Hello")] {
        let test = Test::behaving(Behaviour::failing(Fault::Stall(place, None))).await;
        let mut response = test.open_stream().await;
        read_until(&mut response, mark).await;

        drop(response);

        let calls = test.simulator.wait_for_cancelled(1).await;
        assert_eq!((calls[0].end, calls[0].status), (CallEnd::ClientLeft, Some(200)));
    }
}

#[tokio::test]
async fn a_stall_after_the_head_still_sends_the_head() {
    let test = Test::behaving(Behaviour::failing(Fault::Stall(Place::Start, None))).await;
    assert_eq!(test.open_stream().await.status(), 200);
}

#[tokio::test]
async fn a_call_which_is_never_answered_ends_when_its_client_leaves() {
    let test = Test::behaving(Behaviour::failing(Fault::Stall(Place::Head, None))).await;
    let never = test.open_stream();
    tokio::select! {
        _ = never => panic!("it was answered"),
        calls = test.simulator.wait_for_calls(1) => assert_eq!(calls[0].end, CallEnd::Running),
    }
    let calls = test.simulator.wait_for_cancelled(1).await;
    assert_eq!((calls[0].end, calls[0].status), (CallEnd::ClientLeft, None));
}

#[tokio::test]
async fn a_stalled_stream_can_be_kept_alive_with_comments() {
    let every = Duration::from_millis(1);
    let fault = Fault::Stall(Place::Opening, Some(every));
    let test = Test::behaving(Behaviour::failing(fault)).await;
    let mut response = test.open_stream().await;

    let text = read_until(&mut response, ": keep-alive\n\n: keep-alive\n\n").await;

    assert_eq!(data_of(&text).len(), 1);
}

#[tokio::test]
async fn one_event_can_be_broken_json_and_the_stream_goes_on() {
    let (sound, _) = events_of(Fault::Cut(Place::Done)).await;
    let (events, is_broken) = events_of(Fault::WrongJson(Place::Start)).await;
    assert!(!is_broken);
    assert!(serde_json::from_str::<serde_json::Value>(&events[0]).is_err());
    assert!(serde_json::from_str::<serde_json::Value>(&events[1]).is_ok());
    assert_eq!(events.last().unwrap(), "[DONE]");
    assert_eq!(events.len(), sound.len() + 2);
}

#[tokio::test]
async fn a_whole_answer_can_be_broken_json() {
    let test = Test::behaving(Behaviour::failing(Fault::WrongJson(Place::Middle))).await;
    let got = test.chat(&question("sim-chat")).await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/json"));
    assert!(serde_json::from_str::<serde_json::Value>(&got.body).is_err());
}

#[tokio::test]
async fn html_or_any_other_body_can_come_with_any_status() {
    let body = Bytes::from_static(b"slow down");
    let plain = Fault::Body { status: 200, content_type: "text/plain".to_owned(), body };
    for (fault, status, start) in [
        (Fault::html(200), 200, "<html>"),
        (Fault::html(502), 502, "<html>"),
        (plain, 200, "slow down"),
    ] {
        let test = Test::behaving(Behaviour::failing(fault)).await;
        let got = test.stream().await;
        assert_eq!(got.status, status);
        assert!(got.body.starts_with(start));
    }
}

#[tokio::test]
async fn a_line_can_be_huge() {
    let (events, is_broken) = events_of(Fault::HugeLine(1 << 20)).await;
    assert!(!is_broken);
    assert_eq!(events.iter().filter(|event| event.len() > 1 << 20).count(), 1);
    assert_eq!(events.last().unwrap(), "[DONE]");

    let test = Test::behaving(Behaviour::failing(Fault::HugeLine(1 << 20))).await;
    let got = test.chat(&question("sim-chat")).await;
    assert!(got.body.len() > 1 << 20);
    assert_eq!(got.json()["object"], "chat.completion");
}

#[tokio::test]
async fn faults_have_names_too() {
    let test = Test::start().await;
    let mut body = stream_request();
    for (model, is_broken) in [("sim-cut", true), ("sim-end", false)] {
        body["model"] = model.into();
        let response = test.request(KEY, "/chat/completions", &body).send().await.unwrap();
        let (text, broke) = read_until_broken(response).await;
        assert_eq!(broke, is_broken, "{model}");
        assert!(!text.contains("[DONE]"), "{model}");
    }
    for (model, start) in [("sim-html", "<html>"), ("sim-empty", "")] {
        let got = test.chat(&question(model)).await;
        assert_eq!(got.status, 200);
        assert!(got.body.starts_with(start) && !got.body.contains("choices"), "{model}");
    }
}
