//! Streams: every event as it came, and the facts beside it.

use bytes::Bytes;
use serde_json::{Value, json};
use tollgate_domain::chat::{ChatEvent, Dialect};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::StreamItem;

use super::super::{anthropic, recorded};
use super::answers::read;
use crate::support::{ask, events, fixture, json_of, replay_by, target, upstream};

fn replay<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<StreamItem>, Result<(), Failure>) {
    replay_by(anthropic(), &ask(Dialect::Anthropic, true), chunks)
}

/// The events of a stream that ends well.
fn play(stream: &[u8]) -> Vec<ChatEvent> {
    let (items, end) = replay([stream]);
    end.unwrap();
    events(&items).into_iter().cloned().collect()
}

/// Events as they go to the caller.
fn written(events: &[ChatEvent]) -> String {
    let line = |bytes: &[u8]| str::from_utf8(bytes).unwrap().to_owned();
    let one = |event: &ChatEvent| {
        let name = line(event.name.as_ref().unwrap());
        format!("event: {name}\ndata: {}\n\n", line(&event.data))
    };
    events.iter().map(one).collect()
}

fn usage(events: &[ChatEvent]) -> Option<TokenUsage> {
    events.iter().filter_map(|event| event.facts.usage).next_back()
}

fn finish(events: &[ChatEvent]) -> Option<String> {
    events.iter().filter_map(|event| event.facts.finish_reason.clone()).next_back()
}

fn sse(events: &[Value]) -> String {
    let one =
        |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap());
    events.iter().map(one).collect()
}

fn start(usage: Value) -> Value {
    json!({"type": "message_start", "message": {"type": "message", "content": [], "usage": usage}})
}

fn text() -> Value {
    json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}})
}

fn end(reason: Value, usage: Value) -> [Value; 2] {
    [
        json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}),
        json!({"type": "message_stop"}),
    ]
}

#[test]
fn every_recorded_stream_is_relayed_byte_for_byte() {
    let cases = [
        ("messages.stream.sse", "end_turn", (21, 0, 10), 31),
        ("tool_use.stream.sse", "tool_use", (380, 2048, 58), 49),
    ];
    for (name, stop_reason, (prompt, cached, completion), output_bytes) in cases {
        let stream = fixture(&format!("anthropic/{name}"));
        let events = play(&stream);

        assert_eq!(
            written(&events).trim_end(),
            str::from_utf8(&stream).unwrap().trim_end(),
            "{name}"
        );
        let expected = TokenUsage { prompt, cached, completion, ..TokenUsage::default() };
        assert_eq!(usage(&events), Some(expected), "{name}");
        assert_eq!(finish(&events).as_deref(), Some(stop_reason));
        let sent: usize = events.iter().map(|event| event.facts.output_bytes).sum();
        assert_eq!(sent, output_bytes, "{name}");
    }
}

#[test]
fn streams_cut_at_every_byte_are_the_same_streams() {
    for name in recorded(|name| name.ends_with(".sse")) {
        let stream = fixture(&format!("anthropic/{name}"));
        let whole = replay([stream.as_ref()]);
        for cut in 0..stream.len() {
            let (head, tail) = stream.split_at(cut);
            assert_eq!(replay([head, tail]), whole, "{name} {cut}");
        }
    }
}

#[test]
fn a_stream_that_breaks_off_before_it_says_why_it_ends_is_a_failure() {
    let stream = fixture("anthropic/tool_use.stream.sse");
    let text = str::from_utf8(&stream).unwrap();
    let told = text.find("event: message_delta").unwrap();
    for cut in 0..told {
        let (_, end) = replay([&stream[..cut]]);
        assert_eq!(end.unwrap_err().class, FailureClass::Transient, "{cut}");
    }
}

#[test]
fn an_overload_in_the_first_event_is_a_failure_before_any_content() {
    let (items, end) = replay([fixture("anthropic/overloaded.first_event.stream.sse").as_ref()]);
    assert!(items.is_empty());
    assert_eq!(end.unwrap_err().class, FailureClass::Overloaded);

    let error = json!({"type": "error", "error": {"type": "api_error", "message": "oops"}});
    let (items, end) = replay([sse(&[start(json!({})), text(), error]).as_bytes()]);
    assert_eq!(events(&items).len(), 2);
    assert_eq!(end.unwrap_err().class, FailureClass::Transient);
}

#[test]
fn only_text_calls_thoughts_and_the_end_are_content() {
    let delta = |kind: &str, field: &str| json!({"type": "content_block_delta", "index": 0, "delta": {"type": kind, field: "abc"}});
    let block =
        |block: Value| json!({"type": "content_block_start", "index": 0, "content_block": block});
    let stop = end(json!("end_turn"), json!({"output_tokens": 1}));
    // An event, whether it has content, and its bytes of output and of reasoning.
    let cases = [
        (start(json!({"input_tokens": 5, "output_tokens": 1})), false, (0, 0)),
        (json!({"type": "ping"}), false, (0, 0)),
        (block(json!({"type": "text", "text": ""})), false, (0, 0)),
        (block(json!({"type": "text", "text": "Hi"})), true, (2, 0)),
        (block(json!({"type": "thinking", "thinking": "", "signature": ""})), false, (0, 0)),
        (block(json!({"type": "tool_use", "id": "t", "name": "get", "input": {}})), true, (3, 0)),
        (block(json!({"type": "brand_new"})), false, (0, 0)),
        (delta("text_delta", "text"), true, (3, 0)),
        (delta("thinking_delta", "thinking"), true, (0, 3)),
        (delta("input_json_delta", "partial_json"), true, (3, 0)),
        (delta("signature_delta", "signature"), false, (0, 0)),
        (delta("brand_new_delta", "x"), false, (0, 0)),
        (json!({"type": "content_block_stop", "index": 0}), false, (0, 0)),
        (json!({"type": "brand_new", "delta": 5, "index": "x"}), false, (0, 0)),
        (
            json!({"type": "message_delta", "delta": {}, "usage": {"output_tokens": 1}}),
            false,
            (0, 0),
        ),
        (stop[0].clone(), true, (0, 0)),
        (stop[1].clone(), false, (0, 0)),
    ];
    let all: Vec<Value> = cases.iter().map(|case| case.0.clone()).collect();
    let events = play(sse(&all).as_bytes());

    assert_eq!(events.len(), cases.len());
    for (event, (sent, has_content, bytes)) in events.iter().zip(cases) {
        assert_eq!(json_of(&event.data), sent);
        assert_eq!(event.facts.has_content, has_content, "{sent}");
        assert_eq!((event.facts.output_bytes, event.facts.reasoning_bytes), bytes, "{sent}");
        assert!(!event.facts.is_usage_only);
    }
}

#[test]
fn later_counts_replace_earlier_ones_and_the_hours_cache_stays_apart() {
    let written = json!({"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200});
    let begun = json!({"input_tokens": 5, "cache_creation_input_tokens": 300, "cache_creation": written, "output_tokens": 1});
    let ended = json!({"input_tokens": 6, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 7, "output_tokens": 9});
    let [delta, stop] = end(json!("end_turn"), ended);
    let events = play(sse(&[start(begun), text(), delta, stop]).as_bytes());

    let expected = TokenUsage {
        prompt: 6,
        cached: 7,
        cache_write: 100,
        cache_write_1h: 200,
        completion: 9,
        reasoning: 0,
    };
    assert_eq!(usage(&events), Some(expected));
    // Its first figures are no answer's: whoever hangs up in between is estimated.
    assert_eq!(events.iter().filter(|event| event.facts.usage.is_some()).count(), 1);
}

#[test]
fn the_end_is_told_even_where_the_provider_leaves_it_out() {
    let [delta, stop] = end(json!("end_turn"), json!({"output_tokens": 2}));
    let begun = sse(&[start(json!({})), text(), delta]);
    let complete = begun.clone() + &sse(std::slice::from_ref(&stop));
    for stream in [begun.clone(), begun.clone() + "data: [DONE]\n\n", complete.clone()] {
        assert_eq!(written(&play(stream.as_bytes())), complete);
    }
    // An end without a reason is believed where there is an answer.
    let unreasoned = sse(&[start(json!({})), text(), stop.clone()]);
    assert_eq!(finish(&play(unreasoned.as_bytes())), None);
    let (_, ended) = replay([sse(&[start(json!({})), stop]).as_bytes()]);
    assert!(ended.is_err());
}

#[test]
fn an_event_is_named_and_on_one_line() {
    let stream = "data: {\"type\":\"message_start\",\ndata: \"message\":{\"content\":[]}}\n\n\
                  event: brand_new\ndata: {\"x\":1}\n\ndata: {\"x\":2}\n\n";
    let (items, _) = replay([stream.as_bytes()]);
    let shown = written(&events(&items).into_iter().cloned().collect::<Vec<_>>());
    let expected = "event: message_start\ndata: {\"type\":\"message_start\", \"message\":{\"content\":[]}}\n\n\
                    event: brand_new\ndata: {\"x\":1}\n\n";
    assert_eq!(shown, expected);
    assert_eq!(items.last(), Some(&StreamItem::KeepAlive));
}

#[test]
fn events_that_cannot_be_read_are_failures() {
    let unnamed = "data: {\"type\":\"error\"}\n\n";
    for stream in ["data: {\"type\"\n\n", "event: error\ndata: {}\n\n", unnamed, "", ": hi\n\n"] {
        let (_, end) = replay([stream.as_bytes()]);
        assert_eq!(end.unwrap_err().class, FailureClass::Transient, "{stream:?}");
    }
}

#[test]
fn a_whole_answer_in_place_of_a_stream_is_streamed_and_adds_up_to_itself() {
    let odd = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "c", "x": 1,
        "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "ZGF0YQ=="},
            {"type": "text", "text": "é\n\"", "citations": [{"n": 1}]},
            {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": [1]}},
            {"type": "tool_use", "id": "toolu_2", "name": "g", "input": {}},
            {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
        ],
        "stop_reason": "refusal", "stop_sequence": null, "stop_details": {"category": "c"},
        "usage": {"input_tokens": 5, "output_tokens": 9},
    });
    let mut bodies: Vec<Bytes> = recorded(|name| {
        name.starts_with("messages.") && !name.contains("request") && name.ends_with(".json")
    })
    .iter()
    .map(|name| fixture(&format!("anthropic/{name}")))
    .collect();
    bodies.push(odd.to_string().into());
    for body in bodies {
        let upstream = upstream("http://h/v1", json!({}));
        let call = ask(Dialect::Anthropic, true);
        let mut decoder = anthropic().decoder(&call, &target(&upstream, "m"));
        let mut items = Vec::new();
        decoder.whole(&body, &mut items).unwrap();
        assert!(decoder.is_done());
        decoder.end(&mut items).unwrap();

        let streamed: Vec<ChatEvent> = events(&items).into_iter().cloned().collect();
        let (whole, again) = (read(body.clone()).unwrap(), read(written(&streamed)).unwrap());
        assert_eq!(json_of(&again.body), json_of(&body));
        assert_eq!(again.facts, whole.facts);
        assert_eq!(usage(&streamed), whole.facts.usage);
        assert_eq!(finish(&streamed), whole.facts.finish_reason);
        assert!(streamed.iter().all(|event| !event.data.contains(&b'\n')));
    }
}
