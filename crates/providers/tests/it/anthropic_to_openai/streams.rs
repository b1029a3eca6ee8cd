//! Recorded streams of OpenAI's protocol in Anthropic's events, whole and cut everywhere.

use serde_json::{Value, json};
use tollgate_domain::chat::ChatEvent;
use tollgate_domain::failure::FailureClass;
use tollgate_providers::{StreamItem, Target};

use super::{MOONSHOT, call_with};
use crate::streams::{Heard, cases};
use crate::support::{events, fixture, json_of, openai, replay, replay_by, target, upstream};

/// What an Anthropic caller makes of a stream. Panics at what Anthropic would not send: an event
/// out of order, a block that is not the next one, two blocks open at once.
pub(super) fn heard(events: &[&ChatEvent]) -> Heard {
    let mut heard = Heard::default();
    let mut open: Option<Value> = None;
    let mut arguments = String::new();
    let mut blocks = 0;
    for (at, event) in events.iter().enumerate() {
        let data = json_of(&event.data);
        assert_eq!(event.name.as_deref(), data["type"].as_str().map(str::as_bytes));
        assert_eq!(data["type"] == "message_start", at == 0, "{data}");
        assert_eq!(data["type"] == "message_stop", at == events.len() - 1, "{data}");
        let delta = &data["delta"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match data["type"].as_str().unwrap() {
            "message_start" => {
                assert_eq!(
                    (&data["message"]["content"], &data["message"]["role"]),
                    (&json!([]), &json!("assistant"))
                );
                assert!(data["message"]["usage"]["input_tokens"].is_i64());
                assert!(data["message"]["id"].as_str().unwrap().starts_with("msg_"));
                heard.roles += 1;
            }
            "content_block_start" => {
                assert_eq!((open.is_none(), data["index"].as_u64()), (true, Some(blocks)));
                open = Some(data["content_block"].clone());
            }
            "content_block_delta" => {
                let kind = open.as_ref().unwrap()["type"].as_str().unwrap();
                let expected = match delta["type"].as_str().unwrap() {
                    "text_delta" => "text",
                    "thinking_delta" => "thinking",
                    _ => "tool_use",
                };
                assert_eq!((kind, data["index"].as_u64()), (expected, Some(blocks)));
                heard.text += &text(&delta["text"]);
                heard.reasoning += &text(&delta["thinking"]);
                arguments += &text(&delta["partial_json"]);
            }
            "content_block_stop" => {
                let block = open.take().unwrap();
                assert_eq!(data["index"].as_u64(), Some(blocks));
                if block["type"] == "tool_use" {
                    let arguments = std::mem::take(&mut arguments);
                    assert!(json_of(arguments.as_bytes()).is_object());
                    heard.calls.push(format!(
                        "{} {}({arguments})",
                        text(&block["id"]),
                        text(&block["name"])
                    ));
                }
                blocks += 1;
            }
            "message_delta" => {
                assert!(open.is_none());
                heard.finish = text(&delta["stop_reason"]);
                assert_eq!(event.facts.finish_reason.as_ref(), Some(&heard.finish));
                assert!(data["usage"]["output_tokens"].is_i64());
            }
            _ => {}
        }
        heard.usage = event.facts.usage.or(heard.usage);
    }
    heard
}

fn streamed() -> tollgate_domain::chat::ChatCall {
    call_with(json!({"stream": true}))
}

#[test]
fn every_recorded_stream_says_the_same_to_an_anthropic_caller() {
    for (name, text, reasoning, calls, finish, usage) in cases() {
        let (items, end) = replay(&streamed(), [&fixture(name)[..]]);

        end.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let expected = Heard {
            text: text.to_owned(),
            reasoning: reasoning.to_owned(),
            calls: calls.iter().map(ToString::to_string).collect(),
            finish: if finish == "tool_calls" { "tool_use" } else { "end_turn" }.to_owned(),
            usage,
            roles: 1,
        };
        assert_eq!(heard(&events(&items)), expected, "{name}");
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

/// What a stream of those chunks' choices and further fields yields.
fn of_chunks(chunks: &[Value]) -> (Vec<StreamItem>, Result<(), tollgate_domain::failure::Failure>) {
    let mut body = String::new();
    for chunk in chunks {
        let mut whole = json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt"});
        whole.as_object_mut().unwrap().extend(chunk.as_object().unwrap().clone());
        body += &format!("data: {whole}\n\n");
    }
    replay(&streamed(), [body.as_bytes()])
}

fn delta(delta: Value) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn finish(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

fn call(n: usize, id: Option<&str>, arguments: &str) -> Value {
    let mut call = json!({"index": n, "function": {"arguments": arguments}});
    if let Some(id) = id {
        call["id"] = json!(id);
        call["type"] = json!("function");
        call["function"]["name"] = json!(format!("f{n}"));
    }
    json!({"tool_calls": [call]})
}

#[test]
fn interleaved_calls_come_one_after_the_other() {
    let (items, end) = of_chunks(&[
        delta(json!({"role": "assistant", "content": ""})),
        delta(call(0, Some("a"), "")),
        delta(call(1, Some("b"), "")),
        delta(call(2, Some("c"), "")),
        delta(call(1, None, "{\"y\":")),
        delta(call(0, None, "{\"x\":1}")),
        delta(call(1, None, "2}")),
        finish("stop"),
    ]);

    end.unwrap();
    let heard = heard(&events(&items));
    assert_eq!(heard.calls, ["a f0({\"x\":1})", "b f1({\"y\":2})", "c f2({})"]);
    assert_eq!(heard.finish, "tool_use");
}

#[test]
fn reasons_to_end_are_anthropics() {
    let cases = [
        (vec![delta(json!({"content": "a"})), finish("stop")], "end_turn"),
        (vec![delta(json!({"content": "a"})), finish("length")], "max_tokens"),
        (vec![delta(json!({"content": "a"})), finish("content_filter")], "refusal"),
        (vec![delta(json!({"refusal": "No."})), finish("stop")], "refusal"),
        (vec![delta(call(0, Some("a"), "{\"x\"")), finish("length")], "max_tokens"),
        (vec![delta(json!({"content": "a"})), finish("tool_calls")], "end_turn"),
        (vec![finish("stop")], "end_turn"),
    ];
    for (chunks, expected) in cases {
        let (items, end) = of_chunks(&chunks);
        end.unwrap();
        let items = events(&items);
        let last = json_of(&items[items.len() - 2].data);
        assert_eq!(last["delta"], json!({"stop_reason": expected, "stop_sequence": null}));
        assert_eq!(items[items.len() - 2].facts.finish_reason.as_deref(), Some(expected));
    }
}

#[test]
fn only_the_first_choice_is_told() {
    let (items, end) = of_chunks(&[
        json!({"choices": [
            {"index": 1, "delta": {"content": "other"}, "finish_reason": null},
            {"index": 0, "delta": {"content": "mine"}, "finish_reason": null},
        ]}),
        json!({"choices": [{"index": 1, "delta": {}, "finish_reason": "length"}]}),
        finish("stop"),
    ]);

    end.unwrap();
    let heard = heard(&events(&items));
    assert_eq!((heard.text.as_str(), heard.finish.as_str()), ("mine", "end_turn"));
}

#[test]
fn a_stream_that_breaks_fails_as_for_everybody() {
    let body = fixture("openai/chat.tools.stream.sse");
    let cut = &body[..body.len() / 2];
    let (items, end) = replay(&streamed(), [cut]);
    assert_eq!(end.unwrap_err().class, FailureClass::Transient);
    assert!(events(&items).iter().all(|event| event.name.as_deref() != Some(b"message_stop")));

    let error = "data: {\"error\":{\"message\":\"busy\",\"type\":\"overloaded\",\"code\":503}}\n\n";
    let (items, end) = replay(&streamed(), [error.as_bytes()]);
    assert!(items.is_empty());
    assert_eq!(end.unwrap_err().class, FailureClass::Overloaded);
}

#[test]
fn usage_is_anthropics_and_an_estimate_at_the_start() {
    let usage = json!({"prompt_tokens": 30, "completion_tokens": 9, "total_tokens": 39,
        "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 6},
        "completion_tokens_details": {"reasoning_tokens": 2}});
    let (items, end) = of_chunks(&[
        delta(json!({"content": "a"})),
        finish("stop"),
        json!({"choices": [], "usage": usage}),
    ]);

    end.unwrap();
    let items = events(&items);
    let call = streamed();
    assert_eq!(
        json_of(&items[0].data)["message"]["usage"]["input_tokens"],
        call.facts.prompt_token_estimate()
    );
    assert_eq!(
        json_of(&items[items.len() - 2].data)["usage"],
        json!({
            "input_tokens": 20, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 6,
            "cache_creation": {"ephemeral_5m_input_tokens": 6, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 9, "output_tokens_details": {"thinking_tokens": 2},
        })
    );
}

#[test]
fn a_whole_answer_to_a_stream_is_told_in_events() {
    let upstream = upstream("http://h/v1", json!({}));
    let mut decoder = openai().decoder(&streamed(), &target(&upstream, "m"));
    let mut items = Vec::new();
    decoder.whole(&fixture("openai/chat.tools.json"), &mut items).unwrap();
    decoder.end(&mut items).unwrap();

    let heard = heard(&events(&items));
    assert_eq!(heard.calls.len(), 2);
    assert_eq!((heard.finish.as_str(), heard.usage.unwrap().total()), ("tool_use", 114));
}

#[test]
fn a_renamed_tool_is_called_by_the_callers_name() {
    let fields = json!({"stream": true, "tools": [{"name": "ls", "input_schema": {}}]});
    let upstream = upstream("http://h/v1", serde_json::from_str(MOONSHOT).unwrap());
    let target: Target<'_> = target(&upstream, "m");
    let call = call_with(fields);
    let sent = json_of(&openai().request(&call, &target).unwrap().body);
    let name = sent["tools"][0]["function"]["name"].as_str().unwrap().to_owned();
    let said = json!({"id": "functions.ls:0", "type": "function", "index": 0,
        "function": {"name": name, "arguments": "{}"}});
    let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {"tool_calls": [said]}, "finish_reason": "tool_calls"}]});

    let mut decoder = openai().decoder(&call, &target);
    let mut items = Vec::new();
    let body = format!("data: {chunk}\n\n");
    let mut reader = tollgate_providers::SseReader::new(1 << 16);
    reader.push(body.into());
    let Some(tollgate_providers::SseItem::Event(event)) = reader.next_item().unwrap() else {
        panic!()
    };
    decoder.event(&event, &mut items).unwrap();
    decoder.end(&mut items).unwrap();

    assert_eq!(heard(&events(&items)).calls, ["functions_x2els_x3a0 ls({})"]);
}

#[test]
fn a_provider_that_says_nothing_new_gives_a_sign_of_life() {
    let (items, _) =
        replay_by(openai(), &streamed(), [&fixture("deepseek/chat.stream.keepalive.sse")[..]]);

    assert_eq!(items.first(), Some(&StreamItem::KeepAlive));
}
