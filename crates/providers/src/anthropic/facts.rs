//! What Tollgate needs to know of an Anthropic caller's request, and what it refuses at the edge.

use tollgate_domain::chat::CallFacts;

use crate::check::{Check, end_user, parse};
use crate::error::BodyError;
use crate::json::Json;

const ROLES: [&str; 3] = ["user", "assistant", "system"];

/// The facts of a messages body. Refuses what no provider would take: malformed JSON, absent or
/// empty messages, unknown roles, a missing `max_tokens`, wrong types and numbers out of range.
/// Fields and blocks that are not known here are not looked at.
pub fn read_messages(body: &[u8]) -> Result<CallFacts, BodyError> {
    let body = parse(body)?;
    let mut check = Check::default();
    let mut facts = common(&body, &mut check);
    // An answer of no tokens only fills the cache.
    facts.max_tokens = check.integer(&body, "max_tokens", 0, i64::MAX);
    if body.get("max_tokens").is_none() {
        check.refuse("max_tokens", "is required");
    }
    facts.is_stream = check.boolean(&body, "stream").unwrap_or(false);
    facts.wants_stream_usage = facts.is_stream;
    check.number(&body, "temperature", 0.0, 1.0);
    check.number(&body, "top_p", 0.0, 1.0);
    check.integer(&body, "top_k", 0, i64::MAX);
    stop_sequences(&body, &mut check);
    check.finish(facts)
}

/// The facts of a body whose tokens are to be counted: that of [`read_messages`] without an answer
/// to it, so that `max_tokens` may be absent and `stream` means nothing.
pub fn read_count(body: &[u8]) -> Result<CallFacts, BodyError> {
    let body = parse(body)?;
    let mut check = Check::default();
    let facts = common(&body, &mut check);
    check.finish(facts)
}

/// What both requests say alike.
fn common(body: &Json<'_>, check: &mut Check) -> CallFacts {
    let model = check.model(body);
    let mut facts = CallFacts { model, ..CallFacts::default() };
    if let Some(metadata) = check.object(body, "metadata") {
        facts.end_user = user_id(metadata, check);
    }
    match body.get("system") {
        None | Some(Json::Text(_) | Json::List(_)) => {}
        Some(_) => check.refuse("system", "must be a text or a list of blocks"),
    }
    if let Some(system) = body.get("system") {
        content(system, "system", &mut facts, check);
    }
    messages(body, &mut facts, check);
    tools(body, &mut facts, check);
    thinking(body, check);
    facts
}

fn user_id(metadata: &Json<'_>, check: &mut Check) -> Option<String> {
    let user = metadata.get("user_id")?;
    if user.as_str().is_none() {
        check.refuse("metadata.user_id", "must be a text");
    }
    end_user(user.as_str())
}

fn messages(body: &Json<'_>, facts: &mut CallFacts, check: &mut Check) {
    let messages = match body.get("messages") {
        Some(Json::List(messages)) if !messages.is_empty() => messages,
        Some(Json::List(_)) => return check.refuse("messages", "must not be empty"),
        Some(_) => return check.refuse("messages", "must be a list"),
        None => return check.refuse("messages", "is required"),
    };
    for (index, message) in messages.iter().enumerate() {
        let path = format!("messages.{index}");
        if !matches!(message, Json::Object(_)) {
            check.refuse(path, "must be an object");
            continue;
        }
        role(message, &path, check);
        let path = path + ".content";
        match message.get("content") {
            Some(said @ (Json::Text(_) | Json::List(_))) => content(said, &path, facts, check),
            Some(_) => check.refuse(path, "must be a text or a list of blocks"),
            None => check.refuse(path, "is required"),
        }
    }
}

fn role(message: &Json<'_>, path: &str, check: &mut Check) {
    let path = format!("{path}.role");
    match message.get("role") {
        Some(Json::Text(role)) if ROLES.contains(&role.as_ref()) => {}
        Some(Json::Text(_)) => check.refuse(path, format!("must be one of: {}", ROLES.join(", "))),
        Some(_) => check.refuse(path, "must be a text"),
        None => check.refuse(path, "is required"),
    }
}

/// A text, or blocks, each of which has to say what it is.
fn content(said: &Json<'_>, path: &str, facts: &mut CallFacts, check: &mut Check) {
    let Json::List(blocks) = said else {
        facts.prompt_bytes += said.text_bytes();
        return;
    };
    for (index, block) in blocks.iter().enumerate() {
        let path = || format!("{path}.{index}");
        if !matches!(block, Json::Object(_)) {
            check.refuse(path(), "must be an object");
            continue;
        }
        match block.get("type") {
            Some(Json::Text(_)) => measure(block, facts),
            Some(_) => check.refuse(path() + ".type", "must be a text"),
            None => check.refuse(path() + ".type", "is required"),
        }
    }
}

/// Adds what a block brings into the prompt. Data of images and files, and signatures, are no text.
fn measure(block: &Json<'_>, facts: &mut CallFacts) {
    let bytes = |names: &[&str]| -> usize {
        names.iter().filter_map(|name| block.get(name)).map(Json::text_bytes).sum()
    };
    facts.prompt_bytes += match block.get("type").and_then(Json::as_str) {
        Some("text") => bytes(&["text"]),
        Some("thinking") => bytes(&["thinking"]),
        Some("redacted_thinking") => 0,
        Some("image") => {
            facts.images += 1;
            0
        }
        Some("document") => {
            source(block.get("source"), facts);
            bytes(&["title", "context"])
        }
        Some("tool_result") => {
            inner(block.get("content"), facts);
            0
        }
        Some("tool_use") => bytes(&["name", "input"]),
        _ => block.text_bytes(),
    };
}

/// What a document's source holds: text, blocks, or a file's data.
fn source(source: Option<&Json<'_>>, facts: &mut CallFacts) {
    let Some(source) = source else { return };
    match source.get("type").and_then(Json::as_str) {
        Some("text") => facts.prompt_bytes += source.get("data").map_or(0, Json::text_bytes),
        Some("content") => inner(source.get("content"), facts),
        _ => {}
    }
}

/// What a tool's result or a document holds, whose blocks the provider looks at.
fn inner(said: Option<&Json<'_>>, facts: &mut CallFacts) {
    match said {
        Some(Json::List(blocks)) => blocks.iter().for_each(|block| measure(block, facts)),
        Some(said) => facts.prompt_bytes += said.text_bytes(),
        None => {}
    }
}

/// Tools, and an answer's schema, are part of the prompt that the provider counts.
fn tools(body: &Json<'_>, facts: &mut CallFacts, check: &mut Check) {
    match body.get("tools") {
        None => {}
        Some(Json::List(tools)) => {
            for (index, tool) in tools.iter().enumerate() {
                if !matches!(tool, Json::Object(_)) {
                    check.refuse(format!("tools.{index}"), "must be an object");
                }
            }
        }
        Some(_) => check.refuse("tools", "must be a list"),
    }
    check.object(body, "tool_choice");
    check.object(body, "output_config");
    let parts = ["tools", "output_config"];
    facts.prompt_bytes +=
        parts.iter().filter_map(|name| body.get(name)).map(Json::text_bytes).sum::<usize>();
}

fn thinking(body: &Json<'_>, check: &mut Check) {
    let Some(thinking) = check.object(body, "thinking") else { return };
    match thinking.get("type") {
        Some(Json::Text(_)) => {}
        Some(_) => check.refuse("thinking.type", "must be a text"),
        None => check.refuse("thinking.type", "is required"),
    }
    if !matches!(thinking.get("budget_tokens"), None | Some(Json::Integer(_))) {
        check.refuse("thinking.budget_tokens", "must be a whole number");
    }
}

fn stop_sequences(body: &Json<'_>, check: &mut Check) {
    let is_text = |item: &Json<'_>| item.as_str().is_some();
    match body.get("stop_sequences") {
        None => {}
        Some(Json::List(items)) if items.iter().all(is_text) => {}
        Some(_) => check.refuse("stop_sequences", "must be a list of texts"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn with(extra: Value) -> Vec<u8> {
        let mut body = json!({
            "model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}],
        });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body.to_string().into_bytes()
    }

    fn refused(result: Result<CallFacts, BodyError>) -> Vec<String> {
        match result {
            Err(BodyError::Invalid(errors)) => errors.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_facts_of_a_request_are_read_in_one_pass() {
        let body = json!({
            "model": "anthropic/claude", "stream": true, "max_tokens": 7, "temperature": 0.5,
            "metadata": {"user_id": "u".repeat(200)}, "system": [{"type": "text", "text": "12345"}],
            "messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "1234", "cache_control": {"type": "ephemeral"}},
                    {"type": "image", "source": {"type": "base64", "data": "AAAAAAAA"}},
                    {"type": "document", "title": "abc", "source": {"type": "base64", "data": "AAAA"}},
                    {"type": "document", "source": {"type": "text", "data": "12"}},
                ]},
                {"role": "assistant", "content": [
                    {"type": "thinking", "thinking": "123", "signature": "AAAAAAAA"},
                    {"type": "redacted_thinking", "data": "AAAAAAAA"},
                    {"type": "tool_use", "id": "toolu_1", "name": "get", "input": {"a": "b"}},
                ]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [
                        {"type": "text", "text": "123456"},
                        {"type": "image", "source": {"type": "url", "url": "https://e/x.png"}},
                    ]},
                ]},
                {"role": "system", "content": "1"},
            ],
            "tools": [{"name": "get"}],
        });

        let facts = read_messages(body.to_string().as_bytes()).unwrap();

        assert_eq!(facts.model.as_deref(), Some("anthropic/claude"));
        assert!(facts.is_stream && facts.wants_stream_usage);
        assert_eq!((facts.max_tokens, facts.images), (Some(7), 2));
        assert_eq!(facts.end_user.unwrap().len(), 128);
        let (call, tool) = ("get".len() + 2, "name".len() + "get".len());
        assert_eq!(facts.prompt_bytes, 5 + 4 + 3 + 2 + 3 + call + 6 + 1 + tool);
    }

    #[test]
    fn what_is_counted_needs_no_longest_answer_and_is_no_stream() {
        let body = json!({
            "model": "m", "stream": true, "messages": [{"role": "user", "content": "1234"}],
        });
        let facts = read_count(body.to_string().as_bytes()).unwrap();

        assert_eq!((facts.prompt_bytes, facts.max_tokens), (4, None));
        assert!(!facts.is_stream && !facts.wants_stream_usage);
        assert_eq!(refused(read_count(br#"{"model":"m"}"#)), ["messages: is required"]);
    }

    #[test]
    fn what_a_provider_may_take_travels() {
        let cases = [
            json!({"max_tokens": 0}),
            json!({"stream": null, "system": null, "tools": null, "thinking": null}),
            json!({"context_management": {"edits": []}, "speed": "fast", "container": "c"}),
            json!({"messages": [{"role": "user", "content": [{"type": "brand_new", "x": 1}]}]}),
            json!({"messages": [{"role": "user", "content": []}, {"role": "assistant", "content": ""}]}),
            json!({"thinking": {"type": "between_tools"}, "tool_choice": {"type": "auto"}}),
            json!({"top_k": 0, "top_p": 1, "temperature": 0, "stop_sequences": ["a", "b", "c", "d", "e"]}),
        ];
        for case in cases {
            assert!(read_messages(&with(case.clone())).is_ok(), "{case}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |content: Value| json!({"messages": [{"role": "user", "content": content}]});
        let cases = [
            (json!({"messages": []}), "messages: must not be empty"),
            (json!({"messages": null}), "messages: is required"),
            (json!({"messages": "hi"}), "messages: must be a list"),
            (json!({"messages": ["hi"]}), "messages.0: must be an object"),
            (json!({"messages": [{"content": "x"}]}), "messages.0.role: is required"),
            (
                json!({"messages": [{"role": "tool", "content": "x"}]}),
                "messages.0.role: must be one of: user, assistant, system",
            ),
            (json!({"messages": [{"role": 5, "content": "x"}]}), "messages.0.role: must be a text"),
            (json!({"messages": [{"role": "user"}]}), "messages.0.content: is required"),
            (said(json!(5)), "messages.0.content: must be a text or a list of blocks"),
            (said(json!(["x"])), "messages.0.content.0: must be an object"),
            (said(json!([{"text": "x"}])), "messages.0.content.0.type: is required"),
            (said(json!([{"type": 5}])), "messages.0.content.0.type: must be a text"),
            (json!({"max_tokens": null}), "max_tokens: is required"),
            (json!({"max_tokens": -1}), "max_tokens: must be at least 0"),
            (json!({"max_tokens": 1.5}), "max_tokens: must be a whole number"),
            (json!({"temperature": 1.1}), "temperature: must be between 0 and 1"),
            (json!({"temperature": "hot"}), "temperature: must be a number"),
            (json!({"top_p": -0.1}), "top_p: must be between 0 and 1"),
            (json!({"top_k": -1}), "top_k: must be at least 0"),
            (json!({"stop_sequences": "a"}), "stop_sequences: must be a list of texts"),
            (json!({"stop_sequences": [1]}), "stop_sequences: must be a list of texts"),
            (json!({"stream": "yes"}), "stream: must be true or false"),
            (json!({"system": 5}), "system: must be a text or a list of blocks"),
            (json!({"system": [{"text": "x"}]}), "system.0.type: is required"),
            (json!({"tools": {}}), "tools: must be a list"),
            (json!({"tools": ["x"]}), "tools.0: must be an object"),
            (json!({"tool_choice": "auto"}), "tool_choice: must be an object"),
            (json!({"output_config": "low"}), "output_config: must be an object"),
            (json!({"thinking": true}), "thinking: must be an object"),
            (json!({"thinking": {}}), "thinking.type: is required"),
            (
                json!({"thinking": {"type": "enabled", "budget_tokens": "many"}}),
                "thinking.budget_tokens: must be a whole number",
            ),
            (json!({"metadata": "u"}), "metadata: must be an object"),
            (json!({"metadata": {"user_id": 5}}), "metadata.user_id: must be a text"),
            (json!({"model": 5}), "model: must be a text"),
            (json!({"model": " "}), "model: must not be empty"),
        ];
        for (fields, expected) in cases {
            assert_eq!(refused(read_messages(&with(fields.clone()))), [expected], "{fields}");
        }
        assert_eq!(refused(read_messages(b"[]")), [": the body must be a JSON object"]);
        assert!(matches!(read_messages(b"{"), Err(BodyError::Malformed(_))));
    }
}
