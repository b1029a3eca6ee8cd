//! Recorded streams, whole and cut everywhere.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tollgate_domain::chat::ChatEvent;
use tollgate_domain::failure::FailureClass;
use tollgate_domain::usage::TokenUsage;

use crate::schema::assert_valid;
use crate::support::{chat_with, events, fixture, fixture_names, json_of, replay, streamed};

/// What a caller makes of a stream.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    /// Each call as `id name(arguments)`.
    pub(crate) calls: Vec<String>,
    pub(crate) finish: String,
    pub(crate) usage: Option<TokenUsage>,
    pub(crate) roles: usize,
}

pub(crate) fn heard(events: &[&ChatEvent]) -> Heard {
    let mut heard = Heard::default();
    let mut calls: Vec<(String, String, String)> = Vec::new();
    for event in events {
        let chunk = json_of(&event.data);
        for choice in chunk["choices"].as_array().unwrap() {
            let delta = &choice["delta"];
            heard.text += delta["content"].as_str().unwrap_or_default();
            heard.reasoning += delta["reasoning_content"].as_str().unwrap_or_default();
            heard.finish += choice["finish_reason"].as_str().unwrap_or_default();
            heard.roles += usize::from(delta.get("role").is_some());
            for call in delta["tool_calls"].as_array().into_iter().flatten() {
                let index = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                if index == calls.len() {
                    calls.push((text(&call["id"]), text(&call["function"]["name"]), String::new()));
                } else {
                    assert!(call.get("id").is_none(), "an id twice: {call}");
                }
                calls[index].2 += &text(&call["function"]["arguments"]);
            }
        }
        // Replaced, never added.
        heard.usage = event.facts.usage.or(heard.usage);
        assert_eq!(
            event.facts.finish_reason.is_some(),
            chunk.to_string().contains("\"finish_reason\":\"")
        );
    }
    heard.calls = calls
        .into_iter()
        .map(|(id, name, arguments)| format!("{id} {name}({arguments})"))
        .collect();
    heard
}

fn usage(prompt: i64, cached: i64, completion: i64, reasoning: i64) -> Option<TokenUsage> {
    Some(TokenUsage { prompt, cached, cache_write: 0, cache_write_1h: 0, completion, reasoning })
}

/// (fixture, text, reasoning, calls, finish, usage)
pub(crate) type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    Option<TokenUsage>,
);

pub(crate) fn cases() -> Vec<Case> {
    let weather = "call_Pq1 get_weather({\"city\":\"Paris\"})";
    let oslo = "call_Pq2 get_weather({\"city\":\"Oslo\"})";
    vec![
        (
            "openai/chat.stream.sse",
            "The capital of France is Paris.",
            "",
            &[],
            "stop",
            usage(14, 0, 8, 0),
        ),
        ("openai/chat.stream.nousage.sse", "Paris.", "", &[], "stop", None),
        (
            "openai/chat.tools.stream.sse",
            "",
            "",
            Vec::leak(vec![weather, oslo]),
            "tool_calls",
            usage(78, 0, 36, 0),
        ),
        ("deepseek/chat.stream.keepalive.sse", "Hello!", "", &[], "stop", usage(5, 0, 3, 0)),
        (
            "deepseek/reasoner.stream.sse",
            "9.8 is larger.",
            "9.11 vs 9.8: compare tenths. 8 > 1.",
            &[],
            "stop",
            usage(18, 0, 7, 20),
        ),
        ("moonshot/chat.stream.sse", "Hello!", "", &[], "stop", usage(10, 0, 4, 0)),
        ("moonshot/chat.stream.include_usage.sse", "Hello!", "", &[], "stop", usage(10, 0, 4, 0)),
        ("moonshot/thinking.stream.sse", "2", "1+1 is 2.", &[], "stop", usage(12, 0, 9, 0)),
        ("qwen/chat.stream.sse", "Hello!", "", &[], "stop", usage(13, 0, 3, 0)),
        ("qwen/thinking.stream.sse", "Hi!", "Greeting.", &[], "stop", usage(13, 0, 4, 5)),
        (
            "qwen/tools.stream.sse",
            "",
            "",
            &["call_qa1 get_weather({\"city\": \"Paris\"})"],
            "tool_calls",
            usage(180, 0, 21, 0),
        ),
        ("openai-compatible/azure.stream.sse", "Hi", "", &[], "stop", None),
        (
            "openai-compatible/ollama.tools.stream.sse",
            "",
            "",
            &["call_ol1 get_weather({\"city\":\"Paris\"})"],
            "tool_calls",
            None,
        ),
        ("openai-compatible/openrouter.stream.sse", "Hello", "", &[], "stop", usage(20, 0, 2, 0)),
        (
            "openai-compatible/vllm.reasoning.stream.sse",
            "2",
            "1+1 is 2",
            &[],
            "stop",
            usage(10, 0, 10, 0),
        ),
        // Its thinking is only in the total: 286 - 107 - 31.
        (
            "gemini/openai_compat.tools.stream.sse",
            "",
            "",
            &["function-call-1 get_weather({\"city\":\"Paris\"})"],
            "tool_calls",
            usage(107, 0, 31, 148),
        ),
    ]
}

#[test]
fn every_recorded_stream_says_what_it_was_made_to_say() {
    let mut covered: BTreeSet<String> = cases().iter().map(|case| case.0.to_owned()).collect();
    // Another protocol, see below.
    covered.insert("openai/responses.stream.sse".to_owned());
    assert_eq!(covered, fixture_names(|name| name.ends_with(".sse")));

    for (name, text, reasoning, calls, finish, usage) in cases() {
        let (items, end) = replay(&streamed(), [&fixture(name)[..]]);

        end.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let expected = Heard {
            text: text.to_owned(),
            reasoning: reasoning.to_owned(),
            calls: calls.iter().map(ToString::to_string).collect(),
            finish: finish.to_owned(),
            usage,
            roles: 1,
        };
        assert_eq!(heard(&events(&items)), expected, "{name}");
    }
}

#[test]
fn every_event_meets_openais_schema_and_is_one_line() {
    for (name, ..) in cases() {
        for event in events(&replay(&streamed(), [&fixture(name)[..]]).0) {
            assert!(!event.data.contains(&b'\n'), "{name}");
            assert_valid("CreateChatCompletionStreamResponse", &json_of(&event.data));
        }
    }
}

#[test]
fn a_stream_cut_at_any_byte_gives_the_same_events() {
    for (name, ..) in cases() {
        let body = fixture(name);
        let whole = replay(&streamed(), [&body[..]]);

        assert_eq!(replay(&streamed(), body.chunks(1)), whole, "{name} byte by byte");
        for cut in 0..=body.len() {
            let (before, after) = body.split_at(cut);
            assert_eq!(replay(&streamed(), [before, after]), whole, "{name} cut at {cut}");
        }
    }
}

#[test]
fn openais_own_events_are_relayed_byte_for_byte() {
    for name in
        ["openai/chat.stream.sse", "openai/chat.stream.nousage.sse", "openai/chat.tools.stream.sse"]
    {
        let body = fixture(name);
        let sent: Vec<&str> = str::from_utf8(&body)
            .unwrap()
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .filter(|data| *data != "[DONE]")
            .collect();

        let (items, _) = replay(&streamed(), [&body[..]]);

        let relayed: Vec<_> = events(&items)
            .iter()
            .map(|event| str::from_utf8(&event.data).unwrap().to_owned())
            .collect();
        assert_eq!(relayed, sent, "{name}");
    }
}

#[test]
fn content_begins_with_the_first_text_reasoning_or_call() {
    for (name, ..) in cases() {
        let (items, _) = replay(&streamed(), [&fixture(name)[..]]);
        let events = events(&items);
        let first = events.iter().position(|event| event.facts.has_content).unwrap();
        for event in &events[..first] {
            let chunk = json_of(&event.data);
            assert_eq!(event.facts.output_bytes + event.facts.reasoning_bytes, 0, "{chunk}");
        }
        let last = events.last().unwrap();
        assert_eq!(
            last.facts.is_usage_only,
            last.facts.usage.is_some() && last.facts.finish_reason.is_none(),
            "{name}",
        );
    }
}

#[test]
fn a_caller_who_asked_gets_usage_that_only_a_choice_told() {
    let body = fixture("moonshot/chat.stream.sse");

    let (items, _) = replay(&streamed(), [&body[..]]);
    let last = json_of(&events(&items).last().unwrap().data);
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["total_tokens"], 14);

    let (items, _) = replay(&chat_with(json!({"stream": true})), [&body[..]]);
    assert!(events(&items).iter().all(|event| !event.facts.is_usage_only));
}

#[test]
fn a_stream_of_another_protocol_is_a_failure_without_events() {
    let (items, end) = replay(&streamed(), [&fixture("openai/responses.stream.sse")[..]]);

    assert!(events(&items).is_empty());
    assert_eq!(end.unwrap_err().class, FailureClass::Transient);
}

/// The text heard and how the stream ended, of events with that data.
fn end_of(data: &[&str]) -> (Heard, Option<FailureClass>) {
    let body: String = data.iter().map(|data| format!("data: {data}\n\n")).collect();
    let (items, end) = replay(&streamed(), [body.as_bytes()]);
    for event in events(&items) {
        assert_valid("CreateChatCompletionStreamResponse", &json_of(&event.data));
    }
    (heard(&events(&items)), end.err().map(|failure| failure.class))
}

fn text(text: &str) -> String {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
        .to_string()
}

const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
const SHORT: &str =
    r#"{"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}"#;
const FAILED: &str = r#"{"error":{"code":502,"message":"Upstream"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#;

#[test]
fn an_end_is_good_only_after_a_finish_reason_or_done() {
    let hi = text("Hi");
    let cases: [(&[&str], &str, Option<FailureClass>); 8] = [
        (&[&hi, STOP, "[DONE]"], "stop", None),
        (&[&hi, STOP], "stop", None),
        (&[&hi, "[DONE]"], "stop", None),
        (&[&hi], "", Some(FailureClass::Transient)),
        (&["[DONE]"], "", Some(FailureClass::Transient)),
        (&[], "", Some(FailureClass::Transient)),
        (&[SHORT], "", Some(FailureClass::Overloaded)),
        (&[&hi, SHORT], "length", None),
    ];
    for (data, finish, failure) in cases {
        let (heard, end) = end_of(data);
        assert_eq!((heard.finish.as_str(), end), (finish, failure), "{data:?}");
    }
}

#[test]
fn an_error_inside_a_stream_is_the_failure_that_it_says() {
    let hi = text("Hi");
    let overloaded = r#"{"error":{"type":"overloaded_error","message":"busy"}}"#;
    assert_eq!(end_of(&[overloaded]).1, Some(FailureClass::Overloaded));
    assert_eq!(end_of(&[&hi, FAILED]).1, Some(FailureClass::Transient));
    assert_eq!(end_of(&[r#"{"error":"rate"}"#, "[DONE]"]).1, Some(FailureClass::Transient));
    assert_eq!(end_of(&[&hi, "{broken"]).1, Some(FailureClass::Transient));

    let native = b"event: error\ndata: {\"code\":\"InvalidApiKey\",\"message\":\"x\"}\n\n";
    let (_, end) = replay(&streamed(), [&native[..]]);
    assert_eq!(end.unwrap_err().class, FailureClass::KeyRefused);
}

fn fragment(call: Value) -> String {
    json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}).to_string()
}

#[test]
fn badly_marked_calls_come_out_as_openai_would_mark_them() {
    let (heard, end) = end_of(&[
        // Arguments as an object, no index, no id, no type.
        &fragment(json!({"function": {"name": "f", "arguments": {"a": 1}}})),
        // The same index again with another id.
        &fragment(
            json!({"index": 1, "id": "x", "type": "", "function": {"name": "g", "arguments": "{}"}}),
        ),
        &fragment(json!({"index": 1, "id": "y", "function": {"name": "h", "arguments": ""}})),
        &fragment(
            json!({"index": 1, "id": "", "function": {"name": null, "arguments": "{\"b\":2}"}}),
        ),
        // A second object without anything else.
        &fragment(json!({"index": 1, "function": {"arguments": "{\"b\":3}"}})),
        r#"{"choices":[{"index":0,"delta":{},"finish_reason":""}]}"#,
        STOP,
    ]);

    assert_eq!(end, None);
    assert_eq!(heard.finish, "tool_calls");
    let [first, second, third, fourth] = &heard.calls[..] else { panic!("{:?}", heard.calls) };
    assert!(first.starts_with("call_") && first.ends_with(" f({\"a\":1})"), "{first}");
    assert_eq!([second, third], ["x g({})", "y h({\"b\":2})"]);
    assert!(fourth.starts_with("call_") && fourth.ends_with(" h({\"b\":3})"), "{fourth}");
    assert!(first.split(' ').next().unwrap().len() <= 40);
}

#[test]
fn several_choices_interleave_and_each_gets_its_role_and_end() {
    let chunk = |index: u32, text: &str| {
        json!({"choices": [{"index": index, "delta": {"content": text}}]}).to_string()
    };
    let (heard, end) = end_of(&[&chunk(0, "a"), &chunk(1, "b"), &chunk(0, "c"), "[DONE]"]);

    assert_eq!(end, None);
    assert_eq!((heard.roles, heard.finish.as_str(), heard.text.as_str()), (2, "stopstop", "abc"));
}

#[test]
fn odd_chunks_are_repaired_and_empty_ones_are_a_sign_of_life() {
    let (heard, end) = end_of(&[
        r#"{"type":"ping"}"#,
        "[]",
        "",
        r#"{"id":null,"created":1.5e9,"model":"","object":"","system_fingerprint":null,"choices":[{"delta":{"role":null,"content":[{"type":"text","text":"Hi"}],"tool_calls":null,"function_call":null,"refusal":null},"logprobs":null}],"usage":{}}"#,
        r#"{"choices":[{"index":0,"delta":{"reasoning":"r"},"finish_reason":"eos_token"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_cache_hit_tokens":3,"total_tokens":null}}"#,
    ]);

    assert_eq!(end, None);
    assert_eq!(
        (heard.text.as_str(), heard.reasoning.as_str(), heard.finish.as_str()),
        ("Hi", "r", "stop")
    );
    assert_eq!(heard.usage, usage(2, 3, 2, 0));
}

#[test]
fn a_tool_that_takes_free_text_keeps_its_kind() {
    let head = r#""id":"a","object":"chat.completion.chunk","created":5,"model":"m""#;
    let begin = format!(
        r#"{{{head},"choices":[{{"index":0,"delta":{{"role":"assistant","tool_calls":[{{"index":0,"id":"c","type":"custom","custom":{{"name":"sh","input":"{{}}"}}}}]}},"finish_reason":null}}]}}"#
    );
    let more = format!(
        r#"{{{head},"choices":[{{"index":0,"delta":{{"tool_calls":[{{"index":0,"custom":{{"input":"{{}}"}}}}]}},"finish_reason":null}}]}}"#
    );
    let body = format!("data: {begin}\n\ndata: {more}\n\ndata: [DONE]\n\n");

    let (items, end) = replay(&streamed(), [body.as_bytes()]);

    assert!(end.is_ok());
    let events = events(&items);
    assert_eq!((&events[0].data[..], &events[1].data[..]), (begin.as_bytes(), more.as_bytes()));
    assert_eq!(json_of(&events[2].data)["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!(events[0].facts.output_bytes, 4);
}
