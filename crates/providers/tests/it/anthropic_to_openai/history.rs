//! What was said before, on its way to a provider of OpenAI's protocol.

use serde_json::{Value, json};

use super::{DEEPSEEK, messages, sent_to};

fn tool_use(id: &str) -> Value {
    json!({"type": "tool_use", "id": id, "name": "look", "input": {}})
}

fn result(id: &str, content: Value) -> Value {
    json!({"type": "tool_result", "tool_use_id": id, "content": content})
}

#[test]
fn results_of_tools_go_first_and_show_their_images_afterwards() {
    let image = json!({"type": "image", "source": {"type": "url", "url": "https://h/i.png"}});
    let text = |text: &str| json!({"type": "text", "text": text});
    let mut failed = result("b", json!("no such file"));
    failed["is_error"] = json!(true);

    let sent = messages(json!([
        {"role": "user", "content": "Look."},
        {"role": "assistant", "content": [text("One "), text("moment."), tool_use("a"), tool_use("b")]},
        {"role": "user", "content": [
            text("And?"), result("a", json!([text("Seen:"), text("this"), image])), failed,
        ]},
    ]));

    let call = |id: &str| {
        let function = json!({"name": "look", "arguments": "{}"});
        json!({"id": id, "type": "function", "function": function})
    };
    assert_eq!(
        sent,
        json!([
            {"role": "user", "content": "Look."},
            {"role": "assistant", "content": "One moment.", "tool_calls": [call("a"), call("b")]},
            {"role": "tool", "tool_call_id": "a",
                "content": "Seen:\nthis\n[image attached to the next message]"},
            {"role": "tool", "tool_call_id": "b", "content": "Error: no such file"},
            {"role": "user", "content": [
                text("Of the result of a:"),
                {"type": "image_url", "image_url": {"url": "https://h/i.png"}},
                text("And?"),
            ]},
        ])
    );
}

#[test]
fn results_in_several_messages_go_right_behind_their_calls() {
    let image = json!({"type": "image", "source": {"type": "url", "url": "https://h/i.png"}});

    let sent = messages(json!([
        {"role": "user", "content": "Look."},
        {"role": "assistant", "content": [tool_use("a"), tool_use("b")]},
        {"role": "user", "content": [result("a", json!([image]))]},
        {"role": "system", "content": "Be quick."},
        {"role": "user", "content": [result("b", json!("nothing"))]},
    ]));

    let order: Vec<&str> =
        sent.as_array().unwrap().iter().filter_map(|message| message["role"].as_str()).collect();
    assert_eq!(order, ["user", "assistant", "tool", "tool", "user", "system"]);
    assert_eq!(sent[2]["tool_call_id"], "a");
    assert_eq!(sent[3]["tool_call_id"], "b");
    assert_eq!(sent[4]["content"][1]["image_url"]["url"], "https://h/i.png");
}

#[test]
fn thinking_of_ours_goes_back_to_who_wants_it_and_no_other_does() {
    let thinking = |signature: &str| json!({"type": "thinking", "thinking": format!("Hm{signature}."), "signature": signature});
    let redacted = json!({"type": "redacted_thinking", "data": "x"});
    let talk = json!({"messages": [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [thinking(""), {"type": "text", "text": "b"}]},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": [thinking("sig"), redacted, thinking(""), tool_use("a")]},
        {"role": "user", "content": [result("a", json!("d"))]},
        {"role": "assistant", "content": [thinking("sig"), tool_use("b")]},
        {"role": "user", "content": [result("b", json!("e"))]},
        {"role": "assistant", "content": [thinking("")]},
        {"role": "user", "content": "f"},
    ]});
    let reasoning = |quirks: &str| -> Vec<Value> {
        let sent = sent_to(quirks, &json!({}), talk.clone());
        let sent = sent["messages"].as_array().unwrap().clone();
        let said = sent.iter().filter(|message| message["role"] == "assistant");
        said.map(|message| message["reasoning_content"].clone()).collect()
    };

    assert_eq!(reasoning("{}"), [Value::Null, Value::Null, Value::Null]);
    assert_eq!(reasoning(DEEPSEEK), [Value::Null, json!("Hm."), json!(" ")]);
}

#[test]
fn a_begun_answer_is_followed_by_the_user_unless_the_model_goes_on_with_it() {
    let talk = json!({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]});
    let last = |constraints: Value| {
        sent_to("{}", &constraints, talk.clone())["messages"].as_array().unwrap().last().unwrap()["content"].clone()
    };

    assert_eq!(last(json!({})), "Continue.");
    assert_eq!(last(json!({"assistant_prefill": false})), "Continue.");
    assert_eq!(last(json!({"assistant_prefill": true})), "b");
}

#[test]
fn blocks_of_anthropics_own_tools_are_left_out_of_what_the_model_said() {
    let sent = messages(json!([
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [
            {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
            {"type": "web_search_tool_result", "tool_use_id": "s", "content": []},
            {"type": "text", "text": "b"},
        ]},
        {"role": "user", "content": "c"},
    ]));

    assert_eq!(sent[1], json!({"role": "assistant", "content": "b"}));
}

#[test]
fn ids_of_calls_take_the_form_that_the_provider_takes() {
    let long = "toolu_".to_owned() + &"x".repeat(60);
    let sent = messages(json!([
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [tool_use("functions_x2elook_x3a0"), tool_use(&long)]},
        {"role": "user", "content": [result("functions_x2elook_x3a0", json!("b")), result(&long, json!("c"))]},
    ]));

    let ids: Vec<&str> = (0..2).map(|n| sent[1]["tool_calls"][n]["id"].as_str().unwrap()).collect();
    assert_eq!(ids[0], "functions.look:0");
    assert!(ids[1].len() <= 40, "{}", ids[1]);
    assert_eq!(
        (&sent[2]["tool_call_id"], &sent[3]["tool_call_id"]),
        (&json!(ids[0]), &json!(ids[1]))
    );
}
