//! Streams, whole and cut everywhere.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tollgate_domain::chat::Dialect;
use tollgate_domain::failure::FailureClass;
use tollgate_domain::usage::TokenUsage;
use tollgate_providers::StreamItem;

use super::answers::read;
use crate::gemini::{gemini, recorded};
use crate::support::{ask, events, fixture, json_of, replay_by, target, upstream};

/// The message that a stream's events add up to, and the usage that was told with them.
fn assembled(items: &[StreamItem]) -> (Value, Option<TokenUsage>) {
    let mut message = Value::Null;
    let mut inputs: BTreeMap<usize, String> = BTreeMap::new();
    let mut usage = None;
    for event in events(items) {
        let data = json_of(&event.data);
        assert_eq!(event.name.as_deref(), data["type"].as_str().map(str::as_bytes));
        usage = event.facts.usage.or(usage);
        let index = data["index"].as_u64().map(|index| usize::try_from(index).unwrap());
        match data["type"].as_str().unwrap() {
            "message_start" => message = data["message"].clone(),
            "content_block_start" => {
                let blocks = message["content"].as_array_mut().unwrap();
                assert_eq!(index, Some(blocks.len()));
                blocks.push(data["content_block"].clone());
            }
            "content_block_delta" => {
                let delta = &data["delta"];
                if let Some(json) = delta["partial_json"].as_str() {
                    *inputs.entry(index.unwrap()).or_default() += json;
                }
                for field in ["text", "thinking", "signature"] {
                    if let Some(more) = delta[field].as_str() {
                        let slot = &mut message["content"][index.unwrap()][field];
                        *slot = json!(slot.as_str().unwrap().to_owned() + more);
                    }
                }
            }
            "message_delta" => {
                message["stop_reason"] = data["delta"]["stop_reason"].clone();
                message["usage"] = data["usage"].clone();
            }
            _ => {}
        }
    }
    for (index, json) in inputs {
        message["content"][index]["input"] = json_of(json.as_bytes());
    }
    (message, usage)
}

fn play(stream: &[u8]) -> (Value, Option<TokenUsage>) {
    let (items, end) = replay_by(gemini(), &ask(Dialect::Anthropic, true), [stream]);
    end.unwrap();
    let last = events(&items).last().unwrap().name.clone();
    assert_eq!(last.as_deref(), Some(b"message_stop".as_slice()));
    assembled(&items)
}

#[test]
fn every_recorded_stream_is_a_message() {
    let (text, usage) = play(&fixture("gemini/stream.sse"));
    let said = "The capital of France is Paris.";
    assert_eq!(text["content"], json!([{"type": "text", "text": said}]));
    assert_eq!(text["stop_reason"], "end_turn");
    let buckets = |prompt, completion, reasoning| {
        Some(TokenUsage { prompt, completion, reasoning, ..TokenUsage::default() })
    };
    assert_eq!(usage, buckets(15, 7, 31));
    assert_eq!(text["usage"]["output_tokens"], 38);

    let (tools, usage) = play(&fixture("gemini/tools.stream.sse"));
    let expected = json!([
        {"type": "thinking", "thinking": "", "signature": "gemini:c2lnLTE="},
        {"type": "tool_use", "id": "call_Il0taoSYJ5Cez7_0", "name": "get_weather", "input": {"city": "Paris"}},
    ]);
    assert_eq!((&tools["content"], &tools["stop_reason"]), (&expected, &json!("tool_use")));
    assert_eq!(usage, buckets(107, 31, 148));
}

#[test]
fn streams_cut_at_every_byte_are_the_same_streams() {
    let call = ask(Dialect::Anthropic, true);
    for name in recorded(|name| name.ends_with(".sse")) {
        let stream = fixture(&format!("gemini/{name}"));
        let whole = replay_by(gemini(), &call, [stream.as_ref()]);
        for cut in 0..stream.len() {
            let (head, tail) = stream.split_at(cut);
            assert_eq!(replay_by(gemini(), &call, [head, tail]), whole, "{name} {cut}");
        }
    }
}

#[test]
fn the_assembled_stream_of_a_whole_answer_is_that_answer() {
    let upstream = upstream("http://h/v1beta", json!({}));
    let names = [
        "generate.json",
        "generate.cached.json",
        "tools.json",
        "thoughts.json",
        "safety.json",
        "max_tokens.json",
    ];
    for name in names {
        let body = fixture(&format!("gemini/{name}"));
        let mut decoder = gemini().decoder(&ask(Dialect::Anthropic, true), &target(&upstream, "m"));
        let mut items = Vec::new();
        decoder.whole(&body, &mut items).unwrap();
        decoder.end(&mut items).unwrap();

        let answer = read(body).unwrap();
        let (message, usage) = assembled(&items);
        assert_eq!(message, json_of(&answer.body), "{name}");
        assert_eq!(usage, answer.facts.usage, "{name}");
    }
}

#[test]
fn a_blocked_prompt_ends_the_stream_with_a_refusal() {
    let blocked = "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\r\n\r\n";
    let (message, _) = play(blocked.as_bytes());
    assert_eq!((&message["content"], &message["stop_reason"]), (&json!([]), &json!("refusal")));
}

#[test]
fn an_overload_inside_a_stream_is_one_before_anything_was_said() {
    let error =
        "data: {\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n";
    let (items, end) = replay_by(gemini(), &ask(Dialect::Anthropic, true), [error.as_bytes()]);
    assert!(items.is_empty());
    assert_eq!(end.unwrap_err().class, FailureClass::Overloaded);
}
