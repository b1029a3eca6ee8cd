//! Streams, whole and cut everywhere.

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::{SseEvent, StreamItem};

use super::answers::read;
use super::{gemini, recorded};
use crate::schema::assert_valid;
use crate::streams::{Heard, heard};
use crate::support::{events, fixture, json_of, replay_by, streamed, target, upstream};

fn heard_of(items: &[StreamItem]) -> Heard {
    let events = events(items);
    for event in &events {
        assert_valid("CreateChatCompletionStreamResponse", &json_of(&event.data));
    }
    heard(&events)
}

fn play(stream: &[u8]) -> Heard {
    let (items, end) = replay_by(gemini(), &streamed(), [stream]);
    end.unwrap();
    heard_of(&items)
}

/// What a whole body in place of a stream yields.
fn play_whole(body: &Bytes) -> Result<Vec<StreamItem>, Failure> {
    let upstream = upstream("http://h/v1beta", json!({}));
    let mut decoder = gemini().decoder(&streamed(), &target(&upstream, "m"));
    let mut items = Vec::new();
    decoder.whole(body, &mut items)?;
    decoder.end(&mut items)?;
    assert!(decoder.is_done());
    Ok(items)
}

/// Those events as a stream, in Google's line ends.
fn sse(events: &[Value]) -> String {
    events.iter().map(|event| format!("data: {event}\r\n\r\n")).collect()
}

fn piece(parts: Value, finish: Option<&str>, usage: Value) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    json!({"candidates": [candidate], "usageMetadata": usage, "responseId": "r1", "modelVersion": "g"})
}

fn usage(prompt: i64, completion: i64, reasoning: i64) -> Option<TokenUsage> {
    Some(TokenUsage { prompt, completion, reasoning, ..TokenUsage::default() })
}

#[test]
fn every_recorded_stream_is_heard_right() {
    let all = recorded(|name| name.ends_with(".sse"));
    assert!(all.iter().eq(["stream.sse", "tools.stream.sse"]));

    let text = play(&fixture("gemini/stream.sse"));
    assert_eq!(text.text, "The capital of France is Paris.");
    assert_eq!((text.finish.as_str(), text.usage, text.roles), ("stop", usage(15, 7, 31), 1));

    // STOP comes after the call, in an event of its own.
    let tools = play(&fixture("gemini/tools.stream.sse"));
    assert_eq!(tools.calls, [r#"call_Il0taoSYJ5Cez7_0 get_weather({"city":"Paris"})"#]);
    assert_eq!((tools.finish.as_str(), tools.usage), ("tool_calls", usage(107, 31, 148)));
}

#[test]
fn a_call_in_a_stream_brings_its_signature() {
    let stream = fixture("gemini/tools.stream.sse");
    let (items, _) = replay_by(gemini(), &streamed(), [stream.as_ref()]);

    let chunks: Vec<Value> = events(&items).iter().map(|event| json_of(&event.data)).collect();
    let signed = chunks.iter().find_map(|chunk| {
        chunk["choices"][0]["delta"]["tool_calls"][0].get("extra_content").cloned()
    });
    assert_eq!(signed, Some(json!({"google": {"thought_signature": "c2lnLTE="}})));
}

#[test]
fn streams_cut_at_every_byte_are_the_same_streams() {
    for name in recorded(|name| name.ends_with(".sse")) {
        let stream = fixture(&format!("gemini/{name}"));
        let whole = replay_by(gemini(), &streamed(), [stream.as_ref()]);
        for cut in 0..stream.len() {
            let (head, tail) = stream.split_at(cut);
            assert_eq!(replay_by(gemini(), &streamed(), [head, tail]), whole, "{name} {cut}");
        }
    }
}

#[test]
fn a_stream_that_breaks_off_before_its_reason_is_a_failure() {
    for name in recorded(|name| name.ends_with(".sse")) {
        let stream = fixture(&format!("gemini/{name}"));
        let text = str::from_utf8(&stream).unwrap();
        let last =
            text.rfind("data:").unwrap() + text[text.rfind("data:").unwrap()..].find('\r').unwrap();
        for cut in 0..stream.len() {
            let (_, end) = replay_by(gemini(), &streamed(), [&stream[..cut]]);
            assert_eq!(end.is_ok(), cut >= last, "{name} {cut}");
        }
    }
}

#[test]
fn the_mark_of_a_compatible_server_ends_the_stream_that_has_its_reason() {
    let said = |finish| sse(&[piece(json!([{"text": "Hi"}]), finish, json!({}))]);
    let marked = format!("{}data: [DONE]\n\n", said(Some("STOP")));

    let (marked, end) = replay_by(gemini(), &streamed(), [marked.as_bytes()]);

    assert_eq!(end, Ok(()));
    assert_eq!(marked, replay_by(gemini(), &streamed(), [said(Some("STOP")).as_bytes()]).0);
    let upstream = upstream("http://h", json!({}));
    let mut decoder = gemini().decoder(&streamed(), &target(&upstream, "m"));
    for (data, is_done) in [(said(Some("STOP")), false), ("data: [DONE]".to_owned(), true)] {
        let data = data.trim().strip_prefix("data: ").unwrap().to_owned().into();
        decoder.event(&SseEvent { name: None, data }, &mut Vec::new()).unwrap();
        assert_eq!(decoder.is_done(), is_done);
    }

    let cut = format!("{}data: [DONE]\n\n", said(None));
    let (_, end) = replay_by(gemini(), &streamed(), [cut.as_bytes()]);
    assert_eq!(end.unwrap_err().class, FailureClass::Transient);
}

#[test]
fn the_list_that_a_server_without_events_writes_is_streamed() {
    let list = play_whole(&fixture("gemini/stream.array.json")).unwrap();

    assert_eq!(heard_of(&list), play(&fixture("gemini/stream.sse")));
}

#[test]
fn a_whole_answer_in_place_of_a_stream_is_streamed() {
    for name in ["generate.json", "tools.json", "thoughts.json", "safety.json", "max_tokens.json"] {
        let body = fixture(&format!("gemini/{name}"));
        assert_same(&heard_of(&play_whole(&body).unwrap()), &body);
    }
}

#[test]
fn parallel_calls_have_indexes_of_their_own() {
    let call = |name: &str, args: Value| json!({"functionCall": {"name": name, "args": args}});
    let stream = sse(&[
        piece(json!([{"text": "Hm.", "thought": true}]), None, json!({})),
        piece(json!([call("a", json!({"n": 1}))]), None, json!({"trafficType": "ON_DEMAND"})),
        piece(
            json!([call("b", json!({})), {"functionCall": {"name": "c"}}]),
            Some("STOP"),
            json!({}),
        ),
        json!({"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2}}),
    ]);

    let heard = play(stream.as_bytes());

    assert_eq!(heard.calls, ["call_r1_0 a({\"n\":1})", "call_r1_1 b({})", "call_r1_2 c({})"]);
    assert_eq!(heard.reasoning, "Hm.");
    assert_eq!((heard.finish.as_str(), heard.usage), ("tool_calls", usage(3, 2, 0)));
}

#[test]
fn a_blocked_prompt_is_an_answer_and_an_empty_one_a_failure() {
    let blocked = json!({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}});
    let heard = play(sse(&[blocked]).as_bytes());
    assert_eq!((heard.finish.as_str(), heard.roles), ("content_filter", 1));
    assert_eq!(heard.usage, usage(4, 0, 0));

    for reason in ["STOP", "MALFORMED_FUNCTION_CALL", "MISSING_THOUGHT_SIGNATURE"] {
        let stream =
            sse(&[piece(json!([{"text": ""}]), Some(reason), json!({"promptTokenCount": 4}))]);
        let (items, end) = replay_by(gemini(), &streamed(), [stream.as_bytes()]);
        assert_eq!(items, [StreamItem::KeepAlive], "{reason}");
        let failure = end.unwrap_err();
        assert_eq!(
            (failure.class, failure.code.as_deref()),
            (FailureClass::Transient, Some(reason))
        );
    }
}

#[test]
fn an_error_inside_a_stream_is_told_with_its_class() {
    let error = json!({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}});
    let (items, end) =
        replay_by(gemini(), &streamed(), [sse(std::slice::from_ref(&error)).as_bytes()]);
    assert!(items.is_empty());
    assert_eq!(end.unwrap_err().class, FailureClass::Overloaded);

    let text = piece(json!([{"text": "Hi"}]), None, json!({}));
    let (items, end) = replay_by(gemini(), &streamed(), [sse(&[text, error]).as_bytes()]);
    assert_eq!(heard_of(&items).text, "Hi");
    assert_eq!(end.unwrap_err().class, FailureClass::Overloaded);
}

#[test]
fn events_that_cannot_be_read_are_failures() {
    for stream in ["data: {\"cand\r\n\r\n", "data: {}\r\n\r\n", "data: 5\n\n", "", ": hi\n\n"] {
        let (_, end) = replay_by(gemini(), &streamed(), [stream.as_bytes()]);
        assert_eq!(end.unwrap_err().class, FailureClass::Transient, "{stream:?}");
    }
}

/// Panics unless the stream says what the whole answer in `body` says.
fn assert_same(heard: &Heard, body: &[u8]) {
    let answer = read(body.to_vec()).unwrap();
    let choice = &json_of(&answer.body)["choices"][0];
    let calls = choice["message"]["tool_calls"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let calls: Vec<String> = calls
        .iter()
        .map(|call| {
            let function = &call["function"];
            let (name, arguments) = (text(&function["name"]), text(&function["arguments"]));
            format!("{} {name}({arguments})", text(&call["id"]))
        })
        .collect();
    assert_eq!(heard.calls, calls);
    assert_eq!(heard.text, text(&choice["message"]["content"]));
    assert_eq!(heard.reasoning, text(&choice["message"]["reasoning_content"]));
    assert_eq!(heard.finish, text(&choice["finish_reason"]));
    assert_eq!(heard.usage, answer.facts.usage);
    assert_eq!(heard.roles, 1);
}

fn any_part() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z é\"\\\\\n{}]{0,6}".prop_map(|text| json!({"text": text})),
        "[a-z é\"\\\\\n{}]{0,6}".prop_map(|text| json!({"text": text, "thought": true})),
        ("[a-z]{1,4}", "[a-z é\"]{0,6}")
            .prop_map(|(name, text)| json!({"functionCall": {"name": name, "args": {"a": text}}})),
        "[a-z]{1,5}".prop_map(
            |id| json!({"functionCall": {"id": id, "name": "f"}, "thoughtSignature": "c2ln"})
        ),
        Just(json!({"inlineData": {"mimeType": "image/png", "data": "AA=="}})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_split_is_the_same_stream_and_the_assembled_stream_is_the_whole_answer(
        parts in proptest::collection::vec(any_part(), 0..6),
        reason in prop_oneof![Just("STOP"), Just("MAX_TOKENS"), Just("SAFETY")],
        counts in proptest::collection::vec(0..100_000_i64, 5),
        cuts in proptest::collection::vec(0_usize..4000, 0..8),
    ) {
        let cached = counts[1].min(counts[0] + counts[4]);
        let usage = json!({
            "promptTokenCount": counts[0], "cachedContentTokenCount": cached,
            "candidatesTokenCount": 1 + counts[2], "thoughtsTokenCount": counts[3],
            "toolUsePromptTokenCount": counts[4],
        });
        let whole = piece(json!(parts), Some(reason), usage.clone()).to_string();
        let mut list: Vec<Value> =
            parts.iter().map(|part| piece(json!([part]), None, json!({"promptTokenCount": 1}))).collect();
        list.push(piece(json!([{"text": ""}]), Some(reason), usage));
        let stream = sse(&list);

        let (items, finished) = replay_by(gemini(), &streamed(), [stream.as_bytes()]);
        prop_assert!(finished.is_ok());
        let heard = heard_of(&items);
        assert_same(&heard, whole.as_bytes());
        let counted = heard.usage.unwrap();
        prop_assert_eq!(counted.total(), counts[0] + counts[4] + 1 + counts[2] + counts[3]);
        prop_assert_eq!(counted.cached, cached);

        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|cut| &stream.as_bytes()[cut[0]..cut[1]]);
        prop_assert_eq!(&replay_by(gemini(), &streamed(), parts).0, &items);
        let bytes = stream.as_bytes().chunks(1);
        prop_assert_eq!(&replay_by(gemini(), &streamed(), bytes).0, &items);
    }
}
