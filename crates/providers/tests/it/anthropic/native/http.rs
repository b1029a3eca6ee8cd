//! Through real HTTP, against the simulator.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tollgate_domain::chat::{Answer, ChatCall, Dialect};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::{Reply, StreamItem, Upstream};
use tollgate_simulator::{Behaviour, Fault, Place, StreamStyle};

use super::super::http::simulator;
use super::{call_with, counting};
use crate::http::ask;
use crate::support::{KEY, ask as call_in, json_of};

async fn whole(upstream: &Upstream, call: &ChatCall) -> Result<Answer, Failure> {
    match ask(upstream, call).await? {
        Reply::Whole(answer, _) => Ok(answer),
        Reply::Stream(_) => panic!("a stream nobody asked for"),
    }
}

/// The text of a stream, the names of its events, and how it ended.
async fn listen(upstream: &Upstream) -> (String, Vec<String>, Option<Failure>) {
    let (mut text, mut names) = (String::new(), Vec::new());
    let mut stream = match ask(upstream, &call_in(Dialect::Anthropic, true)).await {
        Ok(Reply::Stream(stream)) => stream,
        Ok(Reply::Whole(..)) => panic!("no stream"),
        Err(failure) => return (text, names, Some(failure)),
    };
    while let Some(item) = stream.next().await {
        match item {
            Ok(StreamItem::Event(event)) => {
                let data = json_of(&event.data);
                assert_eq!(data["type"].as_str().map(str::as_bytes), event.name.as_deref());
                text += data["delta"]["text"].as_str().unwrap_or_default();
                names.push(data["type"].as_str().unwrap().to_owned());
            }
            Ok(StreamItem::KeepAlive) => {}
            Err(failure) => return (text, names, Some(failure)),
        }
    }
    (text, names, None)
}

#[tokio::test]
async fn an_answer_and_a_stream_say_the_same() {
    for style in [StreamStyle::AsAsked, StreamStyle::Never, StreamStyle::Always] {
        let behaviour = Behaviour::fast().stream(style).text("It works, é.");
        let (_simulator, upstream) = simulator(behaviour).await;

        let answer = whole(&upstream, &call_with(json!({}))).await.unwrap();
        assert_eq!(json_of(&answer.body)["content"][0]["text"], "It works, é.");
        assert_eq!(answer.facts.finish_reason.as_deref(), Some("end_turn"));
        assert!(answer.facts.usage.is_some());

        let (text, names, failure) = listen(&upstream).await;
        assert_eq!((text.as_str(), failure), ("It works, é.", None));
        assert_eq!(names.first().map(String::as_str), Some("message_start"));
        assert_eq!(names.last().map(String::as_str), Some("message_stop"));
    }
}

#[tokio::test]
async fn a_round_of_parallel_tools_goes_there_and_back() {
    let (simulator, upstream) = simulator(Behaviour::fast()).await;
    let tool = |name: &str| json!({"name": name, "input_schema": {"type": "object"}});
    let answer = async |messages: Value| {
        let fields = json!({"tools": [tool("now"), tool("here")], "messages": messages});
        let mut call = call_with(fields);
        call.forwarded = vec![("anthropic-beta", "token-efficient-tools-2026-01-01".to_owned())];
        json_of(&whole(&upstream, &call).await.unwrap().body)
    };
    let asked = json!({"role": "user", "content": "Where and when?"});

    let first = answer(json!([asked])).await;

    assert_eq!(first["stop_reason"], "tool_use");
    let calls: Vec<&Value> = first["content"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|block| block["type"] == "tool_use")
        .collect();
    assert_eq!(calls.len(), 2);
    let result = |n: usize, said: &str| json!({"type": "tool_result", "tool_use_id": calls[n]["id"], "content": said});
    let said = json!({"role": "assistant", "content": first["content"]});
    let results = json!({"role": "user", "content": [result(0, "noon"), result(1, "Rome")]});
    let second = answer(json!([asked, said, results])).await;
    let text = second["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("Rome") && text.contains("noon"), "{text}");
    let sent = &simulator.calls()[0];
    assert_eq!((sent.path.as_str(), sent.header("x-api-key")), ("/v1/messages", Some(KEY)));
    assert_eq!(sent.header("anthropic-beta"), Some("token-efficient-tools-2026-01-01"));
}

#[tokio::test]
async fn tokens_are_counted() {
    let (simulator, upstream) = simulator(Behaviour::fast()).await;
    let body =
        r#"{"model":"sim-chat","messages":[{"role":"user","content":"How many are these?"}]}"#;

    let answer = whole(&upstream, &counting(body)).await.unwrap();

    let counted = json_of(&answer.body)["input_tokens"].as_i64();
    assert!(counted.is_some_and(|tokens| tokens > 0));
    assert_eq!(answer.facts.counted, counted);
    assert_eq!(simulator.calls()[0].path, "/v1/messages/count_tokens");
}

#[tokio::test]
async fn faults_have_their_classes() {
    let cases = [
        (Fault::error_event(Place::Start, "anthropic.529"), FailureClass::Overloaded),
        (Fault::error_event(Place::Middle, "anthropic.500"), FailureClass::Transient),
        (Fault::error("anthropic.400.credit"), FailureClass::QuotaSpent),
        (Fault::error("anthropic.429"), FailureClass::RateLimited),
        (Fault::Cut(Place::Middle), FailureClass::Transient),
        (Fault::End(Place::Finish), FailureClass::Transient),
        (Fault::WrongJson(Place::Middle), FailureClass::Transient),
        (Fault::html(200), FailureClass::Transient),
    ];
    for (fault, class) in cases {
        let (_simulator, upstream) = simulator(Behaviour::failing(fault.clone())).await;
        let (_, _, failure) = listen(&upstream).await;
        assert_eq!(failure.map(|failure| failure.class), Some(class), "{fault:?}");
    }
}
