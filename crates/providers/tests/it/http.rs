//! The client through real HTTP, against the simulator and against servers that misbehave.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tollgate_domain::SystemClock;
use tollgate_domain::chat::{Answer, ChatCall};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::provider::Timeouts;
use tollgate_providers::{EventStream, HttpClient, HttpClientOptions, Reply, StreamItem, Upstream};
use tollgate_simulator::{
    Behaviour, Fault, LineEnd, Place, Simulator, SimulatorConfig, StreamStyle, Wire,
};

use crate::schema::assert_valid;
use crate::support::{KEY, chat_with, json_of, streamed, target, upstream};

pub(crate) const SHORT: u32 = 150;

fn options() -> HttpClientOptions {
    HttpClientOptions::new(Arc::new(SystemClock))
}

pub(crate) fn client() -> HttpClient {
    HttpClient::new(&options())
}

pub(crate) async fn simulator(behaviour: Behaviour) -> (Simulator, Upstream) {
    let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
    simulator.set_behaviour(KEY, behaviour);
    let upstream = upstream(&simulator.base_url(), json!({}));
    (simulator, upstream)
}

pub(crate) async fn ask(upstream: &Upstream, call: &ChatCall) -> Result<Reply, Failure> {
    let deadline = Instant::now() + Duration::from_secs(10);
    client().call(call, &target(upstream, "sim-chat"), deadline).await
}

pub(crate) async fn whole(upstream: &Upstream) -> Result<Answer, Failure> {
    match ask(upstream, &chat_with(json!({}))).await? {
        Reply::Whole(answer, _) => Ok(answer),
        Reply::Stream(_) => panic!("a stream nobody asked for"),
    }
}

async fn stream(upstream: &Upstream) -> Result<EventStream, Failure> {
    match ask(upstream, &streamed()).await? {
        Reply::Stream(stream) => Ok(stream),
        Reply::Whole(..) => panic!("no stream"),
    }
}

/// The text of a stream and how it ended; a failure before the stream counts as its end.
pub(crate) async fn listen(upstream: &Upstream) -> (String, Option<Failure>) {
    let mut text = String::new();
    let mut stream = match stream(upstream).await {
        Ok(stream) => stream,
        Err(failure) => return (text, Some(failure)),
    };
    while let Some(item) = stream.next().await {
        match item {
            Ok(StreamItem::Event(event)) => {
                let chunk = json_of(&event.data);
                assert_valid("CreateChatCompletionStreamResponse", &chunk);
                text += chunk["choices"][0]["delta"]["content"].as_str().unwrap_or_default();
            }
            Ok(StreamItem::KeepAlive) => {}
            Err(failure) => {
                assert!(stream.next().await.is_none(), "something after the end");
                return (text, Some(failure));
            }
        }
    }
    (text, None)
}

/// Patience for a test of impatience.
pub(crate) fn hurried(mut upstream: Upstream, first_token_ms: u32, idle_ms: u32) -> Upstream {
    upstream.timeouts = Timeouts { first_token_ms, idle_ms, ..Timeouts::default() };
    upstream
}

#[tokio::test]
async fn an_answer_and_a_stream_say_the_same() {
    let (simulator, upstream) = simulator(Behaviour::fast().text("It works, é.")).await;

    let answer = whole(&upstream).await.unwrap();
    let body = json_of(&answer.body);
    assert_valid("CreateChatCompletionResponse", &body);
    assert_eq!(body["choices"][0]["message"]["content"], "It works, é.");
    assert!(answer.facts.usage.is_some());
    assert_eq!(listen(&upstream).await, ("It works, é.".to_owned(), None));

    let calls = simulator.calls();
    assert_eq!(calls[0].key.as_deref(), Some(KEY));
    assert_eq!(calls[0].header("accept-encoding"), Some("identity"));
    assert_eq!(calls[0].header("content-type"), Some("application/json"));
    assert_eq!(calls[0].model().as_deref(), Some("sim-chat"));
    assert_eq!(calls[1].json()["stream_options"]["include_usage"], true);
}

#[tokio::test]
async fn every_layout_of_a_stream_is_read() {
    let crlf = Wire { line_end: LineEnd::CrLf, comments: true, bom: true, ..Wire::default() };
    let cr = Wire { line_end: LineEnd::Cr, bytes_at_a_time: Some(1), ..Wire::default() };
    let liar =
        Wire { content_type: Some("text/html".to_owned()), no_done: true, ..Wire::default() };
    for wire in [crlf, cr, liar] {
        let (_simulator, upstream) =
            simulator(Behaviour::fast().text("Hi é!").wire(wire.clone())).await;

        assert_eq!(listen(&upstream).await, ("Hi é!".to_owned(), None), "{wire:?}");
    }
}

#[tokio::test]
async fn the_wrong_kind_of_answer_is_turned_into_the_right_one() {
    let (_simulator, upstream) =
        simulator(Behaviour::fast().text("Hi").stream(StreamStyle::Never)).await;
    assert_eq!(listen(&upstream).await, ("Hi".to_owned(), None));

    let (_simulator, upstream) =
        simulator(Behaviour::fast().text("Hi").stream(StreamStyle::Always)).await;
    let body = json_of(&whole(&upstream).await.unwrap().body);
    assert_valid("CreateChatCompletionResponse", &body);
    assert_eq!(body["choices"][0]["message"]["content"], "Hi");
}

#[tokio::test]
async fn blank_lines_before_an_answer_are_no_part_of_it() {
    let wire = Wire { blank_lines: true, ..Wire::default() };
    let (_simulator, upstream) = simulator(Behaviour::fast().text("Hi").wire(wire)).await;

    assert_eq!(whole(&upstream).await.unwrap().body[0], b'{');
}

#[tokio::test]
async fn errors_are_classed_and_never_show_the_key() {
    for (name, class) in [
        ("401", FailureClass::KeyRefused),
        ("429", FailureClass::RateLimited),
        ("500", FailureClass::Transient),
        ("503", FailureClass::Overloaded),
    ] {
        let (_simulator, upstream) = simulator(Behaviour::failing(Fault::error(name))).await;
        let answer = whole(&upstream).await.unwrap_err();
        let (_, stream) = listen(&upstream).await;
        for failure in [answer, stream.unwrap()] {
            assert_eq!(failure.class, class, "{name}");
            assert_eq!(failure.http_status, name.parse().ok());
            let shown = format!("{failure} {failure:?}");
            assert!(!shown.contains("canary") && !shown.contains("6789"), "{shown}");
        }
    }
}

#[tokio::test]
async fn an_error_inside_a_good_status_is_a_failure() {
    for place in [Place::Start, Place::Opening, Place::Middle] {
        let (_simulator, upstream) =
            simulator(Behaviour::failing(Fault::error_event(place, "503"))).await;

        let failure = listen(&upstream).await.1.unwrap();
        assert_eq!(failure.class, FailureClass::Overloaded, "{place:?}");
        assert_eq!(whole(&upstream).await.unwrap_err().class, FailureClass::Overloaded);
    }
}

#[tokio::test]
async fn a_cut_or_unreadable_answer_is_a_transient_failure() {
    let faults = [
        Fault::Cut(Place::Head),
        Fault::Cut(Place::Start),
        Fault::Cut(Place::Middle),
        Fault::End(Place::Opening),
        Fault::End(Place::Middle),
        Fault::WrongJson(Place::Middle),
        Fault::html(200),
        Fault::html(502),
    ];
    for fault in faults {
        let (_simulator, upstream) = simulator(Behaviour::failing(fault.clone())).await;

        let (_, end) = listen(&upstream).await;
        assert_eq!(end.unwrap().class, FailureClass::Transient, "{fault:?}");
        let answer = whole(&upstream).await;
        assert_eq!(answer.unwrap_err().class, FailureClass::Transient, "{fault:?}");
    }
}

#[tokio::test]
async fn a_stream_that_ends_after_its_finish_reason_is_whole() {
    let (_simulator, upstream) =
        simulator(Behaviour::failing(Fault::End(Place::Done)).text("Hi")).await;
    assert_eq!(listen(&upstream).await, ("Hi".to_owned(), None));
}

#[tokio::test]
async fn a_line_or_answer_past_its_limit_is_refused() {
    let (_simulator, upstream) = simulator(Behaviour::failing(Fault::HugeLine(300_000))).await;
    let mut options = options();
    (options.max_event_bytes, options.max_body_bytes) = (100_000, 100);
    let client = HttpClient::new(&options);
    let deadline = Instant::now() + Duration::from_secs(10);
    let target = target(&upstream, "sim-chat");

    let answer = client.call(&chat_with(json!({})), &target, deadline).await.unwrap_err();
    assert_eq!(answer.message, "the answer is longer than 100 bytes");
    let Reply::Stream(mut stream) = client.call(&streamed(), &target, deadline).await.unwrap()
    else {
        panic!("no stream");
    };
    let end = loop {
        if let Err(failure) = stream.next().await.unwrap() {
            break failure;
        }
    };
    assert_eq!(end.message, "an event is longer than 100000 bytes");
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_given_up() {
    let faults = [
        Fault::Stall(Place::Head, None),
        Fault::Stall(Place::Start, None),
        Fault::Stall(Place::Opening, None),
        // Signs of life are no content.
        Fault::Stall(Place::Opening, Some(Duration::from_millis(20))),
    ];
    for fault in faults {
        let (_simulator, upstream) = simulator(Behaviour::failing(fault.clone())).await;
        let upstream = hurried(upstream, SHORT, 60_000);

        let (text, end) = listen(&upstream).await;
        let end = end.unwrap();
        assert_eq!((text.as_str(), end.class), ("", FailureClass::Silent), "{fault:?}");
        assert_eq!(end.message, "no content within 150 ms");
    }
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up_but_not_while_it_shows_life() {
    let (_simulator, stalled) =
        simulator(Behaviour::failing(Fault::Stall(Place::Middle, None))).await;
    let (text, end) = listen(&hurried(stalled, 60_000, SHORT)).await;
    assert!(!text.is_empty());
    assert_eq!(end.unwrap().message, "nothing came for 150 ms");

    let alive = Fault::Stall(Place::Middle, Some(Duration::from_millis(20)));
    let (_simulator, alive) = simulator(Behaviour::failing(alive)).await;
    let alive = hurried(alive, 60_000, SHORT);
    let mut stream = stream(&alive).await.unwrap();
    let mut signs = 0;
    while signs < 10 {
        signs += usize::from(stream.next().await.unwrap().unwrap() == StreamItem::KeepAlive);
    }
}

#[tokio::test]
async fn the_whole_calls_time_ends_it_wherever_it_is() {
    for fault in [Fault::Stall(Place::Head, None), Fault::Stall(Place::Middle, None)] {
        let (_simulator, upstream) = simulator(Behaviour::failing(fault)).await;
        for call in [chat_with(json!({})), streamed()] {
            let deadline = Instant::now() + Duration::from_millis(u64::from(SHORT));
            let failure = match client().call(&call, &target(&upstream, "sim-chat"), deadline).await
            {
                Err(failure) => failure,
                Ok(Reply::Stream(mut stream)) => loop {
                    if let Err(failure) = stream.next().await.unwrap() {
                        break failure;
                    }
                },
                Ok(Reply::Whole(..)) => panic!("an answer from a stalled provider"),
            };
            assert_eq!(failure.class, FailureClass::Deadline);
        }
    }
}

#[tokio::test]
async fn dropping_a_stream_ends_the_request_at_the_provider() {
    let (simulator, upstream) =
        simulator(Behaviour::failing(Fault::Stall(Place::Middle, None))).await;
    let mut stream = stream(&upstream).await.unwrap();
    stream.next().await.unwrap().unwrap();

    drop(stream);

    simulator.wait_for_cancelled(1).await;
}

#[tokio::test]
async fn a_connection_is_used_again_after_a_stream() {
    let (simulator, upstream) = simulator(Behaviour::fast()).await;
    let client = client();
    let deadline = Instant::now() + Duration::from_secs(10);
    for _ in 0..3 {
        let reply = client.call(&streamed(), &target(&upstream, "sim-chat"), deadline).await;
        let Reply::Stream(stream) = reply.unwrap() else { panic!("no stream") };
        stream.for_each(async |item| drop(item.unwrap())).await;
    }

    let connections: Vec<u64> = simulator.calls().iter().map(|call| call.connection).collect();
    assert_eq!(connections, [connections[0]; 3]);
}

#[tokio::test]
async fn models_are_listed_and_keys_validated() {
    let (simulator, upstream) = simulator(Behaviour::fast()).await;

    let models = client().list_models(&upstream).await.unwrap();
    assert!(models.iter().any(|model| model.code == "sim-chat"));
    client().validate(&upstream).await.unwrap();

    simulator.set_behaviour(KEY, Behaviour::failing(Fault::error("401")));
    let refused = client().validate(&upstream).await.unwrap_err();
    assert_eq!(refused.class, FailureClass::KeyRefused);
    assert!(!refused.message.contains("canary"));
}

/// A server that answers each connection's first request with those bytes and hangs up.
pub(crate) async fn answering(
    reply: &'static str,
) -> (JoinSet<()>, Upstream, Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let mut server = JoinSet::new();
    server.spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let _ = connection.read(&mut [0; 65536]).await;
            let _ = connection.write_all(reply.as_bytes()).await;
            let _ = connection.shutdown().await;
        }
    });
    (server, upstream(&format!("http://{address}/v1"), json!({})), count)
}

#[tokio::test]
async fn a_redirect_is_never_followed_with_a_key() {
    let (_elsewhere, other, asked) =
        answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let reply = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        other.base_url
    );
    let (_server, upstream, _) = answering(String::leak(reply)).await;

    let failure = whole(&upstream).await.unwrap_err();

    assert_eq!((failure.class, failure.http_status), (FailureClass::Transient, Some(307)));
    assert!(failure.message.contains("is the base URL right?"), "{failure}");
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_without_its_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let upstream = upstream(&format!("http://{address}/v1/secret-path"), json!({}));

    let failure = whole(&upstream).await.unwrap_err();

    assert_eq!(failure.class, FailureClass::Transient);
    assert!(failure.message.starts_with("could not connect: "), "{failure}");
    assert!(!failure.message.contains("secret-path"), "{failure}");
}

#[tokio::test]
async fn garbage_and_a_body_shorter_than_its_length_are_transient() {
    for reply in ["", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"id\":"] {
        let (_server, upstream, _) = answering(reply).await;
        assert_eq!(whole(&upstream).await.unwrap_err().class, FailureClass::Transient, "{reply:?}");
        assert_eq!(listen(&upstream).await.1.unwrap().class, FailureClass::Transient, "{reply:?}");
    }
}
