use serde_json::Value;

use super::*;

fn writer() -> Writer {
    let head = Head { id: "msg_1".to_owned(), model: "m".to_owned(), prompt_estimate: 7 };
    Writer::new(head)
}

/// The events, each in short: its name without `content_block_`, its index and what it brings.
fn shown(writer: &mut Writer) -> Vec<String> {
    let events = writer.take().unwrap();
    events.iter().map(show).collect()
}

fn show(event: &ChatEvent) -> String {
    let value: Value = serde_json::from_slice(&event.data).unwrap();
    let name = str::from_utf8(event.name.as_deref().unwrap()).unwrap();
    assert_eq!(value["type"], name);
    assert!(!event.data.contains(&b'\n'));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match name {
        "content_block_start" => {
            let block = &value["content_block"];
            format!("start {} {} {}", value["index"], text(&block["type"]), text(&block["name"]))
        }
        "content_block_delta" => {
            let delta = &value["delta"];
            let fields = ["text", "thinking", "signature", "partial_json"];
            let piece: String = fields.iter().map(|field| text(&delta[*field])).collect();
            format!("delta {} {piece}", value["index"])
        }
        "content_block_stop" => format!("stop {}", value["index"]),
        "message_delta" => format!("end {}", text(&value["delta"]["stop_reason"])),
        other => other.to_owned(),
    }
}

#[test]
fn thinking_then_text_then_calls_are_blocks_in_that_order() {
    let mut writer = writer();
    writer.thinking("Hm");
    writer.thinking("m.");
    writer.signature("sig");
    writer.text("Hi");
    writer.call(0, "toolu_1", "f");
    writer.arguments(0, "{\"a\"");
    writer.arguments(0, ":1}");
    writer.call(1, "toolu_2", "g");
    writer.finish("tool_use");
    writer.end();

    assert_eq!(
        shown(&mut writer),
        [
            "message_start",
            "start 0 thinking ",
            "delta 0 Hm",
            "delta 0 m.",
            "delta 0 sig",
            "stop 0",
            "start 1 text ",
            "delta 1 Hi",
            "stop 1",
            "start 2 tool_use f",
            "delta 2 {\"a\"",
            "delta 2 :1}",
            "stop 2",
            "start 3 tool_use g",
            "delta 3 {}",
            "stop 3",
            "end tool_use",
            "message_stop",
        ]
    );
}

#[test]
fn interleaved_calls_wait_for_the_open_one_to_end() {
    let mut writer = writer();
    writer.call(0, "a", "f");
    writer.call(1, "b", "g");
    writer.text("meanwhile");
    writer.arguments(1, "{\"y\":");
    writer.arguments(0, "{\"x\":");
    assert_eq!(shown(&mut writer), ["message_start", "start 0 tool_use f", "delta 0 {\"x\":"]);

    writer.arguments(1, "2}");
    assert_eq!(shown(&mut writer), [""; 0]);
    writer.arguments(0, "1}");
    assert_eq!(
        shown(&mut writer),
        [
            "delta 0 1}",
            "stop 0",
            "start 1 tool_use g",
            "delta 1 {\"y\":2}",
            "stop 1",
            "start 2 text ",
            "delta 2 meanwhile",
        ]
    );
    writer.arguments(0, " ");
    writer.end();
    assert_eq!(shown(&mut writer), ["stop 2", "end tool_use", "message_stop"]);
}

#[test]
fn arguments_that_are_no_object_are_told_at_their_end() {
    for (arguments, expected) in
        [("[1]", r#"{"_raw":"[1]"}"#), ("oops", r#"{"_raw":"oops"}"#), (" ", "{}")]
    {
        let mut writer = writer();
        writer.call(0, "a", "f");
        arguments.split("").for_each(|fragment| writer.arguments(0, fragment));
        writer.end();

        let shown = shown(&mut writer);
        assert_eq!(shown[2], format!("delta 0 {expected}"));
        assert_eq!(shown.len(), 6, "{shown:?}");
    }
}

#[test]
fn an_answer_without_content_is_still_a_message() {
    let mut writer = writer();
    writer.text("");
    writer.thinking("");
    writer.end();
    writer.end();

    assert_eq!(shown(&mut writer), ["message_start", "end end_turn", "message_stop"]);
}

#[test]
fn usage_is_an_estimate_first_and_the_providers_in_the_end() {
    let usage = TokenUsage::from_inclusive(30, 4, 6, 9, 2);
    let mut writer = writer();
    writer.text("Hi");
    writer.usage(TokenUsage::from_inclusive(1, 0, 0, 1, 0));
    writer.usage(usage);
    writer.end();

    let events = writer.take().unwrap();
    let of = |n: usize| -> Value { serde_json::from_slice(&events[n].data).unwrap() };
    assert_eq!(of(0)["message"]["usage"]["input_tokens"], 7);
    assert_eq!(of(0)["message"]["content"], Value::Array(Vec::new()));
    assert_eq!(events[0].facts.usage, None);
    let end = events.len() - 2;
    assert_eq!(of(end)["usage"]["input_tokens"], 20);
    assert_eq!(of(end)["usage"]["cache_creation_input_tokens"], 6);
    assert_eq!(of(end)["usage"]["output_tokens"], 9);
    assert_eq!(events[end].facts.usage, Some(usage));
    assert_eq!(events[end].facts.finish_reason.as_deref(), Some("end_turn"));
    let bytes: usize = events.iter().map(|event| event.facts.output_bytes).sum();
    assert_eq!(bytes, 2);
    let has_content = events.iter().map(|event| event.facts.has_content);
    assert_eq!(has_content.collect::<Vec<_>>(), [false, false, true, false, true, false]);
}

#[test]
fn more_than_can_wait_is_a_failure() {
    let mut writer = writer();
    writer.call(0, "a", "f");
    writer.call(1, "b", "g");
    writer.arguments(1, &" ".repeat(MAX_WAITING_BYTES));
    assert!(writer.take().is_ok());
    writer.arguments(1, " ");

    assert!(writer.take().is_err());
}
