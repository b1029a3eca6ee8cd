//! Files by URL: fetched from a real server, and inlined.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tollgate_domain::SystemClock;
use tollgate_domain::chat::{ChatCall, Dialect};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{HttpClient, HttpClientOptions};
use tollgate_simulator::{Behaviour, Simulator};

use crate::http::simulator;
use crate::support::{chat, chat_in, target, upstream};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";
const PDF: &[u8] = b"%PDF-1.7 and so on";
const MIB: usize = 1 << 20;

/// A server of files: what its paths answer is in [`reply`]. It stops when it is dropped.
struct Shelf {
    base: String,
    _server: JoinSet<()>,
}

async fn shelf() -> Shelf {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            connections.spawn(async move {
                let mut head = vec![0; 4096];
                let read = connection.read(&mut head).await.unwrap_or_default();
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                if path == "/silent" {
                    std::future::pending::<()>().await;
                }
                let _ = connection.write_all(&reply(path)).await;
                let _ = connection.shutdown().await;
            });
        }
    });
    Shelf { base, _server: server }
}

fn reply(path: &str) -> Vec<u8> {
    let whole = |head: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
        [head.as_bytes(), body].concat()
    };
    let typed = |kind: &str, body: &[u8]| whole(&format!("200 OK\r\ncontent-type: {kind}"), body);
    let moved = |to: &str| whole(&format!("302 Found\r\nlocation: {to}"), b"");
    let padded = |mib: usize| [PNG, &vec![0; mib * MIB - PNG.len()]].concat();
    match path {
        "/cat.png" => typed("image/png; charset=binary", PNG),
        "/untyped" => typed("application/octet-stream", PNG),
        "/paper.pdf" => typed("application/pdf", PDF),
        "/page" => typed("text/html", b"<html>"),
        "/drawing" => typed("image/svg+xml", b"<svg/>"),
        "/claimed" => whole("200 OK\r\ncontent-type: image/png\r\ncontent-length: 99999999", PNG),
        "/long" => typed("image/png", &[&padded(20)[..], b"!"].concat()),
        "/moved" => moved("/moved/again"),
        "/moved/again" => moved("cat.png"),
        "/moved/cat.png" => moved("/cat.png"),
        "/loop" => moved("/loop"),
        "/to-file" => moved("file:///etc/passwd"),
        path if path.starts_with("/big") => typed("image/png", &padded(16)),
        path if path.starts_with("/many") => typed("image/png", PNG),
        _ => whole("404 Not Found", b""),
    }
}

/// What the provider was sent for `call`, whose files are fetched from private addresses too.
async fn sent(simulator: &Simulator, call: &ChatCall) -> Result<Value, Failure> {
    fetched(simulator, call, true).await
}

async fn fetched(
    simulator: &Simulator,
    call: &ChatCall,
    takes_private: bool,
) -> Result<Value, Failure> {
    let mut upstream = upstream(&format!("http://{}", simulator.address()), json!({}));
    upstream.protocol = ProtocolKind::Gemini;
    let mut options = HttpClientOptions::new(Arc::new(SystemClock));
    options.fetch_private_addresses = takes_private;
    let deadline = Instant::now() + Duration::from_secs(60);
    HttpClient::new(&options).call(call, &target(&upstream, "sim-chat"), deadline).await?;
    Ok(simulator.calls().last().unwrap().json())
}

fn image(url: &str) -> ChatCall {
    images(&[url.to_owned()])
}

fn images(urls: &[String]) -> ChatCall {
    let part = |url: &String| json!({"type": "image_url", "image_url": {"url": url}});
    let parts: Vec<Value> = urls.iter().map(part).collect();
    chat(json!({"model": "m", "messages": [{"role": "user", "content": parts}]}).to_string())
}

/// Asserts that the call was refused for its first image, in those words, and nothing was sent.
async fn assert_refused(call: &ChatCall, takes_private: bool, words: &str) {
    let (simulator, _) = simulator(Behaviour::fast()).await;
    let failure = fetched(&simulator, call, takes_private).await.unwrap_err();
    let told = (failure.class, failure.http_status);
    assert_eq!(told, (FailureClass::ClientFault, None), "{failure}");
    let field = failure.param.as_deref().unwrap();
    assert!(field.starts_with("messages[0].content[") && field.ends_with("].image_url"), "{field}");
    assert!(failure.message.contains(words), "{failure}");
    assert!(!failure.message.contains("http:"), "{failure}");
    assert!(simulator.calls().is_empty());
}

fn inline(kind: &str, data: &[u8]) -> Value {
    json!({"inlineData": {"mimeType": kind, "data": STANDARD.encode(data)}})
}

#[tokio::test]
async fn images_and_pdfs_of_openais_callers_are_fetched_and_inlined() {
    let (simulator, _) = simulator(Behaviour::fast()).await;
    let Shelf { base, _server } = shelf().await;
    let image =
        |path: &str| json!({"type": "image_url", "image_url": {"url": format!("{base}{path}")}});
    let pdf = json!({"type": "file", "file": {"file_data": format!("{base}/paper.pdf")}});
    let parts =
        json!([image("/cat.png"), pdf, image("/untyped"), image("/moved"), image("/cat.png")]);
    let body = json!({"model": "m", "messages": [{"role": "user", "content": parts}]});

    let sent = sent(&simulator, &chat(body.to_string())).await.unwrap();

    let png = inline("image/png", PNG);
    let expected = json!([png, inline("application/pdf", PDF), png, png, png]);
    assert_eq!(sent["contents"][0]["parts"], expected);
}

#[tokio::test]
async fn images_and_pdfs_of_anthropics_callers_are_fetched_and_inlined() {
    let (simulator, _) = simulator(Behaviour::fast()).await;
    let Shelf { base, _server } = shelf().await;
    let block = |kind: &str, path: &str| json!({"type": kind, "source": {"type": "url", "url": format!("{base}{path}")}});
    let result =
        json!({"type": "tool_result", "tool_use_id": "a", "content": [block("image", "/cat.png")]});
    let body = json!({"model": "m", "max_tokens": 64, "messages": [
        {"role": "user", "content": [block("image", "/cat.png"), block("document", "/paper.pdf")]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "f", "input": {}}]},
        {"role": "user", "content": [result]},
    ]});

    let sent = sent(&simulator, &chat_in(Dialect::Anthropic, body.to_string())).await.unwrap();

    let png = inline("image/png", PNG);
    assert_eq!(sent["contents"][0]["parts"], json!([png, inline("application/pdf", PDF)]));
    assert_eq!(sent["contents"][2]["parts"][1], png);
}

#[tokio::test]
async fn what_cannot_be_fetched_is_the_callers_to_mend() {
    let Shelf { base, _server } = shelf().await;
    let cases = [
        ("/page", "no image"),
        ("/drawing", "no image"),
        ("/paper.pdf", "no image"),
        ("/none", "answered 404"),
        ("/claimed", "longer than 20 MiB"),
        ("/long", "longer than 20 MiB"),
        ("/loop", "more than 3 redirects"),
        ("/to-file", "no http or https URL"),
    ];
    for (path, words) in cases {
        assert_refused(&image(&format!("{base}{path}")), true, words).await;
    }
    assert_refused(&image("http://me:word@127.0.0.1/"), true, "without credentials").await;
    assert_refused(&image("http://"), true, "no http or https URL").await;
    assert_refused(&image("ftp://h/a.png"), true, "must be an http or https URL").await;
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_refused(&image(&format!("http://{refusing}/")), true, "cannot be reached").await;
}

#[tokio::test]
async fn the_files_of_a_call_are_bounded_together() {
    let Shelf { base, _server } = shelf().await;
    let urls = |name: &str, count: usize| -> Vec<String> {
        (0..count).map(|n| format!("{base}/{name}{n}")).collect()
    };
    assert_refused(&images(&urls("big", 2)), true, "longer than 30 MiB").await;
    assert_refused(&images(&urls("many", 21)), true, "more than 20 files").await;

    let (simulator, _) = simulator(Behaviour::fast()).await;
    assert!(sent(&simulator, &images(&urls("many", 20))).await.is_ok());
    let often = vec![format!("{base}/big"); 21];
    assert!(sent(&simulator, &images(&often[..2])).await.is_ok());
}

#[tokio::test]
async fn private_addresses_are_not_asked_however_they_are_written() {
    let Shelf { base, _server } = shelf().await;
    let port = base.rsplit(':').next().unwrap();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ];
    for host in hosts {
        let call = image(&format!("http://{host}:{port}/cat.png"));
        assert_refused(&call, false, "its address is not a public one").await;
    }
    for host in ["169.254.169.254", "10.0.0.1", "[fd00:ec2::254]", "[64:ff9b::7f00:1]"] {
        let call = image(&format!("http://{host}/latest/meta-data"));
        assert_refused(&call, false, "its address is not a public one").await;
    }
}

#[tokio::test]
async fn a_file_that_does_not_come_is_not_waited_for() {
    let Shelf { base, _server } = shelf().await;
    let call = image(&format!("{base}/silent"));
    // The clock leaps as soon as nothing else is left to do.
    tokio::time::pause();
    assert_refused(&call, true, "took longer than 10 seconds").await;
}
