//! Providers, and callers, that mean harm or know no better.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;
use tollgate_domain::chat::{Answer, ChatCall, ChatEvent};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::{Reply, StreamItem, WireReply};
use tollgate_simulator::{Behaviour, Fault, Place};

use crate::http::{SHORT, answering, ask, hurried, listen, simulator, whole};
use crate::support::{chat_with, events, json_of, openai, replay, streamed, target, upstream};

fn read(body: impl Into<Bytes>) -> Result<Answer, Failure> {
    let upstream = upstream("http://h/v1", json!({}));
    openai().answer(&chat_with(json!({})), &target(&upstream, "m"), &body.into())
}

/// The events of a stream with those data, and how it ends.
fn play(data: &[String]) -> (Vec<ChatEvent>, Result<(), Failure>) {
    let body: String = data.iter().map(|data| format!("data: {data}\n\n")).collect();
    let (items, end) = replay(&streamed(), [body.as_bytes()]);
    (events(&items).into_iter().cloned().collect(), end)
}

/// A chunk as OpenAI would send it, with those fields of its own.
fn chunk(fields: Value) -> String {
    let mut chunk = json!({"id": "a", "object": "chat.completion.chunk", "created": 5, "model": "m", "choices": []});
    chunk.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    chunk.to_string()
}

fn said(delta: Value, finish: Option<&str>) -> String {
    chunk(json!({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}))
}

fn hi() -> String {
    said(json!({"role": "assistant", "content": "Hi"}), None)
}

#[test]
fn counts_beyond_belief_are_cut_and_zeros_are_no_count() {
    let count = |usage: Value| {
        let body = json!({
            "id": "a", "object": "chat.completion", "created": 5, "model": "m", "usage": usage,
            "choices": [{"index": 0, "logprobs": null, "finish_reason": "stop",
                "message": {"role": "assistant", "content": "Hi", "refusal": null}}],
        });
        let whole = read(body.to_string()).unwrap().facts.usage;
        let (events, end) =
            play(&[hi(), said(json!({}), Some("stop")), chunk(json!({"usage": usage}))]);
        end.unwrap();
        assert_eq!(events.iter().find_map(|event| event.facts.usage), whole, "{usage}");
        whole
    };
    let of = |prompt: Value, completion: Value, total: Value| json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total});

    let most = TokenUsage::MAX;
    let huge = count(of(json!(i64::MAX), json!(i64::MAX), json!(-2))).unwrap();
    assert_eq!((huge.prompt, huge.completion), (most, most));
    let float = count(of(json!(1e300), json!(-7), json!(null))).unwrap();
    assert_eq!((float.prompt, float.completion), (most, 0));
    assert_eq!(count(of(json!(0), json!(0), json!(0))), None);
}

#[test]
fn zeros_do_not_replace_what_was_counted_before() {
    let usage =
        |prompt| json!({"prompt_tokens": prompt, "completion_tokens": 0, "total_tokens": prompt});
    let (events, end) = play(&[
        hi(),
        chunk(json!({"usage": usage(9)})),
        said(json!({}), Some("stop")),
        chunk(json!({"usage": usage(0)})),
    ]);

    end.unwrap();
    let told: Vec<i64> =
        events.iter().filter_map(|event| event.facts.usage).map(|usage| usage.prompt).collect();
    assert_eq!(told, [9]);
}

#[test]
fn a_finish_that_is_said_again_with_the_usage_is_told_once() {
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2});
    let again = chunk(json!({
        "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}], "usage": usage,
    }));

    let (events, end) = play(&[hi(), said(json!({}), Some("stop")), again, "[DONE]".to_owned()]);

    end.unwrap();
    let finishes: Vec<bool> =
        events.iter().map(|event| event.facts.finish_reason.is_some()).collect();
    assert_eq!(finishes, [false, true, false]);
    assert!(events[2].facts.is_usage_only && events[2].facts.usage.is_some());
}

#[test]
fn an_end_without_any_content_and_reason_is_no_answer() {
    let opening = said(json!({"role": "assistant", "content": ""}), None);

    let (_, end) = play(&[opening, "[DONE]".to_owned()]);

    assert_eq!(end.unwrap_err().class, FailureClass::Transient);
}

#[test]
fn what_moderation_says_reaches_a_caller_who_did_not_ask_for_usage() {
    let (events, _) = play(&[hi(), chunk(json!({"moderation": {"output": {}}}))]);

    assert!(!events[1].facts.is_usage_only);
    let (azure, _) = play(&[chunk(json!({"prompt_filter_results": []})), hi()]);
    assert!(azure[0].facts.is_usage_only);
}

#[test]
fn depth_and_numbers_without_end_are_no_harm() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let vendor = |value: &str| hi().replace("\"id\":\"a\"", &format!("\"id\":\"a\",\"x\":{value}"));

    assert!(read(deep.clone()).is_err());
    assert!(read(format!("{{\"choices\":{deep}}}")).is_err());
    for value in [deep.as_str(), "1e999", "123456789012345678901234567890", "-0.0", "\"\\u0000\""] {
        let sent = vendor(value);
        let (events, _) = play(std::slice::from_ref(&sent));
        assert_eq!(events[0].data, sent.as_bytes());
    }
    for body in
        ["", " \n", "\0", "null", "5", "\"x\"", "[[]]", "{\"choices\":[null]}", "data:", "\u{feff}"]
    {
        assert!(read(body).is_err(), "{body:?}");
        assert!(play(&[body.to_owned()]).1.is_err(), "{body:?}");
    }
}

#[test]
fn calls_and_choices_without_end_are_cut_off() {
    let begun = Instant::now();
    let call = json!([{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}".repeat(200_000)}}]);
    let (calls, _) = play(&[said(json!({"tool_calls": call}), None)]);
    let many: Vec<Value> =
        (0..15_000).map(|index| json!({"index": index, "delta": {"content": "x"}})).collect();
    let (choices, _) = play(&[chunk(json!({"choices": many}))]);
    let whole = many.iter().map(|it| json!({"index": it["index"], "message": it["delta"]}));
    let whole = json!({"choices": whole.collect::<Vec<_>>()}).to_string();
    let upstream = upstream("http://h/v1", json!({}));
    let mut items = Vec::new();
    let mut decoder = openai().decoder(&streamed(), &target(&upstream, "m"));
    decoder.whole(&Bytes::from(whole), &mut items).unwrap();

    let of =
        |data: &[u8], path: &str| json_of(data).pointer(path).unwrap().as_array().unwrap().len();
    // What is left over goes to the last one.
    assert_eq!(of(&calls[0].data, "/choices/0/delta/tool_calls"), 1024 + 1);
    assert_eq!(of(&choices[0].data, "/choices"), 256);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn what_a_caller_wrote_never_puts_a_key_out_of_use() {
    let class = |status: u16, message: &str| {
        let body = json!({"error": {"message": message, "type": "invalid_request_error", "code": "invalid_value"}});
        let reply = WireReply {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from(body.to_string()),
        };
        openai().failure(&reply, chrono::DateTime::UNIX_EPOCH).class
    };

    for words in ["invalid api key", "API key not valid", "Incorrect API key provided"] {
        let quoted = format!("Invalid value: '{words}'. Supported values are: 'low' and 'high'.");
        assert_eq!(class(400, &quoted), FailureClass::ClientFault);
        assert_eq!(class(400, &format!("{words}. Please pass one.")), FailureClass::KeyRefused);
    }
}

#[test]
fn free_text_of_a_tool_and_usage_in_a_choice_survive_being_put_together() {
    let begin = json!({"role": "assistant", "tool_calls": [{"index": 0, "id": "c", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]});
    let more = json!({"tool_calls": [{"index": 0, "custom": {"input": " -l"}}]});
    let usage = json!({"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4});
    let end = chunk(
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls", "usage": usage}]}),
    );
    let chunks =
        [said(begin, None), said(more, None), end, "[DONE]".to_owned(), "{late".to_owned()];
    let body: String = chunks.iter().map(|data| format!("data: {data}\n\n")).collect();

    let answer = read(body).unwrap();

    let call = &json_of(&answer.body)["choices"][0]["message"]["tool_calls"][0];
    assert_eq!(call["custom"]["input"], "ls -l");
    assert!(call.get("function").is_none());
    assert_eq!(answer.facts.usage.map(|usage| usage.total()), Some(4));
}

#[tokio::test]
async fn a_stream_that_breaks_or_hangs_after_its_finish_is_whole() {
    for fault in [Fault::Cut(Place::Done), Fault::Stall(Place::Done, None)] {
        let (_simulator, upstream) =
            simulator(Behaviour::failing(fault.clone()).text("All of it")).await;
        let upstream = hurried(upstream, 60_000, SHORT);

        assert_eq!(listen(&upstream).await, ("All of it".to_owned(), None), "{fault:?}");
    }
}

#[tokio::test]
async fn a_flood_of_blank_lines_is_one_sign_of_life() {
    let reply =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n: x\n{}", "\n".repeat(2_000_000));
    let (_server, upstream, _) = answering(String::leak(reply)).await;
    let Reply::Stream(mut stream) = ask(&upstream, &streamed()).await.unwrap() else {
        panic!("no stream");
    };

    let mut signs = 0;
    while let Some(Ok(item)) = stream.next().await {
        assert_eq!(item, StreamItem::KeepAlive);
        signs += 1;
    }
    assert!((1..5000).contains(&signs), "{signs}");
}

#[tokio::test]
async fn no_failure_quotes_the_prompt() {
    const PROMPT: &str = "my password is \"correct horse battery staple\", keep it";
    let error =
        json!({"error": {"message": format!("cannot take '{PROMPT}' for an input")}}).to_string();
    let refusal =
        format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {}\r\n\r\n{error}", error.len());
    let event = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ndata: {error}\n\n");
    let asks = |stream: bool| -> ChatCall {
        chat_with(json!({"stream": stream, "messages": [{"role": "user", "content": PROMPT}]}))
    };

    let (_server, upstream, _) = answering(String::leak(refusal)).await;
    let refused = ask(&upstream, &asks(false)).await.unwrap_err();
    let (_server, upstream, _) = answering(String::leak(event)).await;
    let Reply::Stream(mut stream) = ask(&upstream, &asks(true)).await.unwrap() else {
        panic!("no stream");
    };
    let broken = stream.next().await.unwrap().unwrap_err();

    for failure in [refused, broken] {
        assert_eq!(failure.message, "cannot take '…' for an input");
    }
}

#[tokio::test]
async fn headers_that_cannot_be_read_are_no_harm() {
    for headers in
        ["retry-after: \u{1}", "retry-after: é", "retry-after: 1e999", "content-length: x", "x: \0"]
    {
        let reply = format!("HTTP/1.1 429 Too Many\r\n{headers}\r\nconnection: close\r\n\r\n");
        let (_server, upstream, _) = answering(String::leak(reply)).await;

        let failure = whole(&upstream).await.unwrap_err();

        assert!(
            matches!(failure.class, FailureClass::RateLimited | FailureClass::Transient),
            "{headers:?}: {failure:?}"
        );
        assert_eq!(failure.retry_after, None);
    }
}
