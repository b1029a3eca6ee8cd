//! Streams, whole and cut everywhere.

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::failure::FailureClass;
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::{SseEvent, StreamItem};

use super::answers::read;
use super::{anthropic, recorded};
use crate::schema::assert_valid;
use crate::streams::{Heard, heard};
use crate::support::{events, fixture, json_of, replay_by, streamed, target, upstream};

fn play(stream: &[u8]) -> Heard {
    let (items, end) = replay_by(anthropic(), &streamed(), [stream]);
    end.unwrap();
    let events = events(&items);
    for event in &events {
        assert_valid("CreateChatCompletionStreamResponse", &json_of(&event.data));
    }
    heard(&events)
}

/// Those events as a stream.
fn sse(events: &[Value]) -> String {
    let event = |event: &Value| {
        format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default())
    };
    events.iter().map(event).collect()
}

fn start() -> Value {
    json!({"type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": [],
        "stop_reason": null,
        "usage": {"input_tokens": 5, "cache_read_input_tokens": 7, "output_tokens": 1},
    }})
}

fn block(index: usize, block: Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn delta(index: usize, delta: Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn stop(index: usize) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

fn end(reason: &str, usage: Value) -> [Value; 2] {
    [
        json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}),
        json!({"type": "message_stop"}),
    ]
}

fn usage(prompt: i64, cached: i64, completion: i64) -> Option<TokenUsage> {
    Some(TokenUsage { prompt, cached, completion, ..TokenUsage::default() })
}

#[test]
fn every_recorded_stream_is_heard_right() {
    let all = recorded(|name| name.ends_with(".sse"));
    let known = ["messages.stream.sse", "overloaded.first_event.stream.sse", "tool_use.stream.sse"];
    assert!(all.iter().eq(known));

    let text = play(&fixture("anthropic/messages.stream.sse"));
    assert_eq!(text.text, "The capital of France is Paris.");
    assert_eq!((text.finish.as_str(), text.usage, text.roles), ("stop", usage(21, 0, 10), 1));

    let tools = play(&fixture("anthropic/tool_use.stream.sse"));
    assert_eq!(tools.text, "Checking the weather.");
    assert_eq!(tools.calls, [r#"toolu_01A get_weather({"city": "Paris"})"#]);
    assert_eq!((tools.finish.as_str(), tools.usage), ("tool_calls", usage(380, 2048, 58)));
}

#[test]
fn an_overload_in_the_first_event_is_a_failure_before_any_content() {
    let stream = fixture("anthropic/overloaded.first_event.stream.sse");
    let (items, end) = replay_by(anthropic(), &streamed(), [stream.as_ref()]);

    assert!(items.is_empty());
    let failure = end.unwrap_err();
    assert_eq!(failure.class, FailureClass::Overloaded);
    assert_eq!(failure.code.as_deref(), Some("overloaded_error"));
}

#[test]
fn streams_cut_at_every_byte_are_the_same_streams() {
    for name in recorded(|name| name.ends_with(".sse")) {
        let stream = fixture(&format!("anthropic/{name}"));
        let whole = replay_by(anthropic(), &streamed(), [stream.as_ref()]);
        for cut in 0..stream.len() {
            let (head, tail) = stream.split_at(cut);
            assert_eq!(replay_by(anthropic(), &streamed(), [head, tail]), whole, "{name} {cut}");
        }
    }
}

#[test]
fn a_stream_that_breaks_off_anywhere_is_a_failure_until_it_has_finished() {
    let stream = fixture("anthropic/tool_use.stream.sse");
    let text = str::from_utf8(&stream).unwrap();
    let finished = text.find("event: message_stop").unwrap() - 1;
    for cut in 0..stream.len() {
        let (_, end) = replay_by(anthropic(), &streamed(), [&stream[..cut]]);
        // The last event counts from its last byte on, with or without the blank line after it.
        assert_eq!(end.is_ok(), cut >= finished - 1 && !is_cut_event(&text[..cut]), "{cut}");
    }
}

/// Whether the text breaks off inside an event's data.
fn is_cut_event(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or_default();
    last.strip_prefix("data:")
        .is_some_and(|data| !data.trim().is_empty() && serde_json::from_str::<Value>(data).is_err())
}

#[test]
fn parallel_calls_have_indexes_of_their_own_and_no_arguments_are_an_empty_object() {
    let mut events = vec![
        start(),
        block(0, json!({"type": "thinking", "thinking": ""})),
        delta(0, json!({"type": "thinking_delta", "thinking": "Hm."})),
        delta(0, json!({"type": "signature_delta", "signature": "c2ln"})),
        stop(0),
        block(
            1,
            json!({"type": "server_tool_use", "id": "srv", "name": "web_search", "input": {}}),
        ),
        delta(1, json!({"type": "input_json_delta", "partial_json": "{\"q\":1}"})),
        stop(1),
        block(2, json!({"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}})),
        delta(2, json!({"type": "input_json_delta", "partial_json": ""})),
        stop(2),
        json!({"type": "brand_new", "delta": 5, "index": 2}),
        block(3, json!({"type": "tool_use", "id": "toolu_2", "name": "get", "input": {}})),
        delta(3, json!({"type": "input_json_delta", "partial_json": "{\"a\""})),
        delta(3, json!({"type": "input_json_delta", "partial_json": ":1}"})),
        stop(3),
    ];
    events.extend(end("tool_use", json!({"output_tokens": 9})));

    let heard = play(sse(&events).as_bytes());

    assert_eq!(heard.reasoning, "Hm.");
    assert_eq!(heard.calls, ["toolu_1 now({})", r#"toolu_2 get({"a":1})"#]);
    // What the end does not repeat stays as the beginning had it.
    assert_eq!((heard.finish.as_str(), heard.usage), ("tool_calls", usage(5, 7, 9)));
}

#[test]
fn interleaved_calls_keep_their_arguments_apart() {
    let call = |id: &str| json!({"type": "tool_use", "id": id, "name": "f", "input": {}});
    let json = |index: usize, text: &str| {
        delta(index, json!({"type": "input_json_delta", "partial_json": text}))
    };
    let mut events = vec![start(), block(0, call("a")), block(1, call("b")), block(2, call("c"))];
    events.extend([json(1, "{\"b\""), json(0, "{\"a\":1}"), json(1, ":2}"), stop(0), stop(1)]);
    // Some servers forget what is after the calls.
    events.extend(end("end_turn", json!({"output_tokens": 9})));
    let stream = sse(&events);

    let heard = play(stream.as_bytes());

    assert_eq!(heard.calls, [r#"a f({"a":1})"#, r#"b f({"b":2})"#, "c f({})"]);
    assert_eq!(heard.finish, "tool_calls");
    assert_same(&heard, stream.as_bytes());
}

#[test]
fn calls_without_end_are_cut_off() {
    let call = |index| block(index, json!({"type": "tool_use", "id": "a", "name": "f"}));
    let mut events = vec![start()];
    events.extend((0..5000).map(call));
    events.extend(end("tool_use", json!({})));

    assert_eq!(play(sse(&events).as_bytes()).calls.len(), 1024);
}

#[test]
fn openais_mark_ends_a_stream_too() {
    let upstream = upstream("http://h/v1", json!({}));
    let mut decoder = anthropic().decoder(&streamed(), &target(&upstream, "m"));
    let mut items = Vec::new();
    let [finish, _] = end("end_turn", json!({"output_tokens": 9}));
    let sent = [start(), block(0, json!({"type": "text", "text": "Hi"})), finish];
    for data in sent.iter().map(Value::to_string).chain(["[DONE]".to_owned()]) {
        assert!(!decoder.is_done());
        decoder.event(&SseEvent { name: None, data: data.into() }, &mut items).unwrap();
    }

    assert!(decoder.is_done());
    decoder.end(&mut items).unwrap();
    assert_eq!(heard(&events(&items)).text, "Hi");
}

#[test]
fn counts_that_cannot_be_read_do_not_break_an_answer_off() {
    let counts = [
        (json!({"input_tokens": 8.0, "output_tokens": "many"}), usage(8, 7, 1)),
        (json!({"input_tokens": 1e300, "cache_creation": 5}), usage(5, 7, 1)),
        (json!([]), usage(5, 7, 1)),
    ];
    for (count, expected) in counts {
        let mut events = vec![start(), block(0, json!({"type": "text", "text": "Hi"}))];
        events.extend(end("end_turn", count.clone()));
        assert_eq!(play(sse(&events).as_bytes()).usage, expected, "{count}");
    }
    let whole = json!({"type": "message", "content": [], "usage": {"output_tokens": 3.0, "input_tokens": []}});
    assert_eq!(read(whole.to_string()).unwrap().facts.usage, usage(0, 0, 3));
    let broken = whole.to_string().replace("3.0", "1e999");
    assert_eq!(read(broken).unwrap().facts.usage, None);
}

#[test]
fn later_usage_replaces_earlier_usage() {
    let mut events = vec![start(), block(0, json!({"type": "text", "text": "Hi"})), stop(0)];
    events.extend(end(
        "end_turn",
        json!({
            "input_tokens": 50, "cache_read_input_tokens": 60, "cache_creation_input_tokens": 70,
            "output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4},
        }),
    ));

    let expected = TokenUsage {
        prompt: 50,
        cached: 60,
        cache_write: 70,
        cache_write_1h: 0,
        completion: 5,
        reasoning: 4,
    };
    assert_eq!(play(sse(&events).as_bytes()).usage, Some(expected));
}

#[test]
fn pings_are_signs_of_life() {
    let stream = sse(&[start(), json!({"type": "ping"}), block(0, json!({"type": "text"}))]);
    let (items, end) = replay_by(anthropic(), &streamed(), [stream.as_bytes()]);

    assert!(end.is_err());
    assert!(matches!(
        items.as_slice(),
        [StreamItem::Event(_), StreamItem::KeepAlive, StreamItem::KeepAlive]
    ));
    let StreamItem::Event(role) = &items[0] else { return };
    assert!(!role.facts.has_content && role.facts.usage.is_none());
}

#[test]
fn an_error_after_content_is_told_with_its_class() {
    let error = json!({"type": "error", "error": {"type": "api_error", "message": "oops"}});
    let text = block(0, json!({"type": "text", "text": "Hi"}));
    let (items, end) =
        replay_by(anthropic(), &streamed(), [sse(&[start(), text, error]).as_bytes()]);

    assert_eq!(heard(&events(&items)).text, "Hi");
    assert_eq!(end.unwrap_err().class, FailureClass::Transient);

    let wrong = json!({"error": {"type": "invalid_request_error", "message": "no"}});
    let (_, end) = replay_by(anthropic(), &streamed(), [sse(&[start(), wrong]).as_bytes()]);
    assert_eq!(end.unwrap_err().class, FailureClass::ClientFault);
}

#[test]
fn events_that_cannot_be_read_are_failures() {
    let unnamed = "data: {\"type\":\"error\"}\n\n";
    for stream in ["data: {\"type\"\n\n", "event: error\ndata: {}\n\n", unnamed, "", ": hi\n\n"] {
        let (_, end) = replay_by(anthropic(), &streamed(), [stream.as_bytes()]);
        assert_eq!(end.unwrap_err().class, FailureClass::Transient, "{stream:?}");
    }
}

#[test]
fn a_whole_answer_in_place_of_a_stream_is_streamed() {
    for name in ["messages.json", "messages.tool_use.json", "messages.cache.json"] {
        let body = fixture(&format!("anthropic/{name}"));
        let upstream = upstream("http://h/v1", json!({}));
        let mut decoder = anthropic().decoder(&streamed(), &target(&upstream, "m"));
        let mut items = Vec::new();
        decoder.whole(&body, &mut items).unwrap();
        decoder.end(&mut items).unwrap();

        assert!(decoder.is_done());
        assert_same(&heard(&events(&items)), &body);
    }
}

/// Panics unless the stream says what the whole answer in `body` says.
fn assert_same(heard: &Heard, body: &[u8]) {
    let answer = read(body.to_vec()).unwrap();
    let choice = &json_of(&answer.body)["choices"][0];
    let calls = choice["message"]["tool_calls"].as_array().cloned().unwrap_or_default();
    let calls: Vec<String> = calls
        .iter()
        .map(|call| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let function = &call["function"];
            let (name, arguments) = (text(&function["name"]), text(&function["arguments"]));
            format!("{} {name}({arguments})", text(&call["id"]))
        })
        .collect();
    let text = |name: &str| choice["message"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(heard.calls, calls);
    assert_eq!(heard.text, text("content"));
    assert_eq!(heard.reasoning, text("reasoning_content"));
    assert_eq!(heard.finish, choice["finish_reason"].as_str().unwrap());
    assert_eq!(heard.usage, answer.facts.usage);
    assert_eq!(heard.roles, 1);
}

/// A block of an answer, and the pieces that it is streamed in.
fn any_block() -> impl Strategy<Value = (Value, Vec<String>)> {
    let pieces = || proptest::collection::vec("[a-z é\"\\\\\n{}]{0,6}", 0..4);
    prop_oneof![
        pieces().prop_map(|texts| (json!({"type": "text", "text": texts.concat()}), texts)),
        pieces().prop_map(|texts| (json!({"type": "thinking", "thinking": texts.concat()}), texts)),
        (pieces(), "[a-z]{1,5}", "[a-z]{1,4}", any::<bool>()).prop_map(
            |(texts, id, name, is_empty)| {
                let input = if is_empty { json!({}) } else { json!({"a": texts.concat()}) };
                let json: Vec<char> = input.to_string().chars().collect();
                let cut = json.len() / 2;
                let halves = vec![json[..cut].iter().collect(), json[cut..].iter().collect()];
                let fragments = if is_empty { Vec::new() } else { halves };
                (json!({"type": "tool_use", "id": id, "name": name, "input": input}), fragments)
            }
        ),
        Just((json!({"type": "redacted_thinking", "data": "eA=="}), Vec::new())),
    ]
}

fn streamed_block(index: usize, whole: &Value, pieces: &[String]) -> Vec<Value> {
    let (empty, kind, field) = match whole["type"].as_str().unwrap() {
        "text" => (json!({"type": "text", "text": ""}), "text_delta", "text"),
        "thinking" => (json!({"type": "thinking", "thinking": ""}), "thinking_delta", "thinking"),
        "tool_use" => {
            let mut empty = whole.clone();
            empty["input"] = json!({});
            (empty, "input_json_delta", "partial_json")
        }
        _ => return vec![block(index, whole.clone()), stop(index)],
    };
    let mut events = vec![block(index, empty)];
    events.extend(pieces.iter().map(|piece| delta(index, json!({"type": kind, field: piece}))));
    events.push(stop(index));
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_split_is_the_same_stream_and_the_assembled_stream_is_the_whole_answer(
        blocks in proptest::collection::vec(any_block(), 0..5),
        reason in prop_oneof![Just("end_turn"), Just("max_tokens"), Just("tool_use"), Just("refusal")],
        counts in proptest::collection::vec(0..100_000_i64, 5),
        cuts in proptest::collection::vec(0_usize..4000, 0..8),
    ) {
        let usage = json!({
            "input_tokens": counts[0], "cache_read_input_tokens": counts[1],
            "cache_creation_input_tokens": counts[2], "output_tokens": counts[3],
            "output_tokens_details": {"thinking_tokens": counts[4]},
        });
        let content: Vec<&Value> = blocks.iter().map(|(whole, _)| whole).collect();
        let whole = json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "claude",
            "content": content, "stop_reason": reason, "usage": usage,
        }).to_string();
        let mut list = vec![start()];
        for (index, (whole, pieces)) in blocks.iter().enumerate() {
            list.extend(streamed_block(index, whole, pieces));
        }
        list.extend(end(reason, usage));
        let stream = sse(&list);

        let (items, finished) = replay_by(anthropic(), &streamed(), [stream.as_bytes()]);
        prop_assert!(finished.is_ok());
        if counts.iter().take(4).sum::<i64>() > 0 {
            let total = heard(&events(&items)).usage.unwrap().total();
            prop_assert_eq!(total, counts.iter().take(4).sum::<i64>());
            assert_same(&heard(&events(&items)), whole.as_bytes());
            // The same stream where a whole answer was asked for.
            prop_assert_eq!(read(stream.clone()).unwrap(), read(whole).unwrap());
        }

        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|cut| &stream.as_bytes()[cut[0]..cut[1]]);
        prop_assert_eq!(&replay_by(anthropic(), &streamed(), parts).0, &items);
        let bytes = stream.as_bytes().chunks(1);
        prop_assert_eq!(&replay_by(anthropic(), &streamed(), bytes).0, &items);
    }
}
