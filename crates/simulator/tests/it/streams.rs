//! Streamed answers.

use serde_json::{Value, json};
use tollgate_simulator::{Behaviour, StreamStyle, UsageStyle};

use crate::support::{Test, content_of, question, stream_request};

#[tokio::test]
async fn a_stream_says_what_the_whole_answer_says() {
    let test = Test::start().await;
    let whole = test.chat(&question("sim-chat")).await.json();

    let got = test.stream().await;

    let chunks = got.chunks();
    assert_eq!(got.header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!(content_of(&chunks), whole["choices"][0]["message"]["content"].as_str().unwrap());
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    assert!(chunks.iter().all(|chunk| chunk["id"] == chunks[0]["id"]));
    assert_eq!(chunks.last().unwrap()["usage"], whole["usage"]);
}

#[tokio::test]
async fn usage_comes_last_with_no_choices_and_is_null_before() {
    let test = Test::start().await;

    let chunks = test.stream().await.chunks();

    let (last, others) = chunks.split_last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert!(last["usage"]["total_tokens"].is_u64());
    assert!(others.iter().all(|chunk| chunk.as_object().unwrap()["usage"].is_null()));
    assert_eq!(others.last().unwrap()["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn usage_nobody_asked_for_is_not_sent() {
    let test = Test::start().await;
    let mut body = question("sim-chat");
    body["stream"] = true.into();

    let chunks = test.chat(&body).await.chunks();

    assert!(chunks.iter().all(|chunk| chunk.get("usage").is_none()));
    assert_eq!(chunks.last().unwrap()["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn reasoning_comes_before_content() {
    let test = Test::start().await;
    let mut body = stream_request();
    body["model"] = "sim-reason".into();

    let chunks = test.chat(&body).await.chunks();

    let has = |chunk: &Value, field: &str| {
        chunk["choices"][0]["delta"][field].as_str().is_some_and(|text| !text.is_empty())
    };
    let last_thought = chunks.iter().rposition(|it| has(it, "reasoning_content")).unwrap();
    let first_word = chunks.iter().position(|it| has(it, "content")).unwrap();
    assert!(last_thought < first_word);
}

#[tokio::test]
async fn several_choices_take_turns_and_each_ends() {
    let test = Test::start().await;
    let mut body = stream_request();
    body["n"] = 2.into();

    let chunks = test.chat(&body).await.chunks();

    let ended: Vec<&Value> = chunks
        .iter()
        .map(|chunk| &chunk["choices"][0])
        .filter(|choice| choice["finish_reason"] == "stop")
        .map(|choice| &choice["index"])
        .collect();
    assert_eq!(ended, [0, 1]);
}

#[tokio::test]
async fn usage_may_be_told_in_the_last_choice_or_never() {
    let test = Test::behaving(Behaviour::default().usage(UsageStyle::InChoice)).await;
    let mut body = question("sim-chat");
    body["stream"] = true.into();
    let chunks = test.chat(&body).await.chunks();
    assert!(chunks.last().unwrap()["choices"][0]["usage"]["total_tokens"].is_u64());

    let test = Test::behaving(Behaviour::default().usage(UsageStyle::Never)).await;
    let got = test.stream().await;
    assert!(!got.body.contains("total_tokens"));
}

#[tokio::test]
async fn a_stream_may_be_refused_or_forced() {
    let test = Test::behaving(Behaviour::default().stream(StreamStyle::Never)).await;
    let got = test.stream().await;
    assert_eq!(got.header("content-type"), "application/json");
    assert_eq!(got.json()["object"], "chat.completion");

    let test = Test::behaving(Behaviour::default().stream(StreamStyle::Always)).await;
    let got = test.chat(&question("sim-chat")).await;
    assert!(got.chunks().len() > 2);
}

#[tokio::test]
async fn obfuscation_can_be_turned_off() {
    let test = Test::start().await;
    assert!(test.stream().await.body.contains("obfuscation"));
    let mut body = stream_request();
    body["stream_options"] = json!({"include_obfuscation": false});
    assert!(!test.chat(&body).await.body.contains("obfuscation"));
}
