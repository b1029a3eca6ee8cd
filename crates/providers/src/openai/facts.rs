//! What Tollgate needs to know of a request body, and what it refuses at the edge.

use tollgate_domain::chat::CallFacts;

use crate::check::{Check, end_user, parse};
use crate::error::BodyError;
use crate::json::Json;

/// The most inputs of one embeddings request.
const MAX_INPUTS: usize = 2048;
const ROLES: [&str; 6] = ["system", "developer", "user", "assistant", "tool", "function"];

/// The facts of a chat completions body. Refuses what no provider would take: malformed JSON,
/// absent or empty messages, unknown roles, wrong types and numbers out of range. Fields that are
/// not known here are not looked at.
pub fn read_chat(body: &[u8]) -> Result<CallFacts, BodyError> {
    let body = parse(body)?;
    let mut check = Check::default();
    let mut facts = common(&body, &mut check);
    facts.is_stream = check.boolean(&body, "stream").unwrap_or(false);
    if let Some(options) = check.object(&body, "stream_options") {
        let wants = check.boolean(options, "include_usage").unwrap_or(false);
        facts.wants_stream_usage = wants && facts.is_stream;
    }
    let newer = check.integer(&body, "max_completion_tokens", 1, i64::MAX);
    let older = check.integer(&body, "max_tokens", 1, i64::MAX);
    facts.max_tokens = newer.or(older);
    check.number(&body, "temperature", 0.0, 2.0);
    check.number(&body, "top_p", 0.0, 1.0);
    check.number(&body, "presence_penalty", -2.0, 2.0);
    check.number(&body, "frequency_penalty", -2.0, 2.0);
    facts.choices = check.integer(&body, "n", 1, 128);
    check.integer(&body, "top_logprobs", 0, 20);
    stop(&body, &mut check);
    messages(&body, &mut facts, &mut check);
    tools(&body, &mut facts, &mut check);
    check.finish(facts)
}

/// The facts of an embeddings body; refuses malformed JSON, an absent or empty input and more
/// than 2048 inputs.
pub fn read_embeddings(body: &[u8]) -> Result<CallFacts, BodyError> {
    let body = parse(body)?;
    let mut check = Check::default();
    let mut facts = common(&body, &mut check);
    input(&body, &mut facts, &mut check);
    check.integer(&body, "dimensions", 1, i64::MAX);
    if let Some(format) = check.text(&body, "encoding_format")
        && !matches!(format, "float" | "base64")
    {
        check.refuse("encoding_format", "must be `float` or `base64`");
    }
    check.finish(facts)
}

fn common(body: &Json<'_>, check: &mut Check) -> CallFacts {
    let model = check.model(body);
    let user = check.text(body, "user").filter(|user| !user.is_empty());
    let user = user.or_else(|| body.get("safety_identifier").and_then(Json::as_str));
    CallFacts { model, end_user: end_user(user), ..CallFacts::default() }
}

fn stop(body: &Json<'_>, check: &mut Check) {
    match body.get("stop") {
        None | Some(Json::Text(_)) => {}
        Some(Json::List(items)) if items.iter().all(|item| item.as_str().is_some()) => {
            if items.len() > 4 {
                check.refuse("stop", "must hold at most 4 texts");
            }
        }
        Some(_) => check.refuse("stop", "must be a text or a list of texts"),
    }
}

fn messages(body: &Json<'_>, facts: &mut CallFacts, check: &mut Check) {
    let messages = match body.get("messages") {
        Some(Json::List(messages)) if !messages.is_empty() => messages,
        Some(Json::List(_)) => return check.refuse("messages", "must not be empty"),
        Some(_) => return check.refuse("messages", "must be a list"),
        None => return check.refuse("messages", "is required"),
    };
    for (index, message) in messages.iter().enumerate() {
        let path = || format!("messages[{index}]");
        let Json::Object(fields) = message else {
            check.refuse(path(), "must be an object");
            continue;
        };
        match message.get("role") {
            Some(Json::Text(role)) if ROLES.contains(&role.as_ref()) => {}
            Some(Json::Text(_)) => {
                check.refuse(path() + ".role", format!("must be one of: {}", ROLES.join(", ")));
            }
            Some(_) => check.refuse(path() + ".role", "must be a text"),
            None => check.refuse(path() + ".role", "is required"),
        }
        for (name, value) in fields {
            match (name.as_ref(), value) {
                ("role", _) => {}
                ("content", Json::List(parts)) => content_parts(parts, index, facts, check),
                ("content", Json::Text(_) | Json::Null) => facts.prompt_bytes += value.text_bytes(),
                ("content", _) => check.refuse(path() + ".content", "must be a text or a list"),
                ("tool_calls", Json::List(_) | Json::Null) => {
                    facts.prompt_bytes += value.text_bytes();
                }
                ("tool_calls", _) => check.refuse(path() + ".tool_calls", "must be a list"),
                _ => facts.prompt_bytes += value.text_bytes(),
            }
        }
    }
}

fn content_parts(parts: &[Json<'_>], message: usize, facts: &mut CallFacts, check: &mut Check) {
    for (index, part) in parts.iter().enumerate() {
        if !matches!(part, Json::Object(_)) {
            check.refuse(format!("messages[{message}].content[{index}]"), "must be an object");
            continue;
        }
        match part.get("type").and_then(Json::as_str) {
            Some("image_url" | "input_image") => facts.images += 1,
            // Their data is no text.
            Some("input_audio" | "file" | "video_url") => {}
            _ => {
                let text = part.get("text").or_else(|| part.get("refusal"));
                facts.prompt_bytes += text.map_or(0, Json::text_bytes);
            }
        }
    }
}

/// Tools, and an answer's schema, are part of the prompt that the provider counts.
fn tools(body: &Json<'_>, facts: &mut CallFacts, check: &mut Check) {
    match body.get("tools") {
        None | Some(Json::List(_)) => {}
        Some(_) => check.refuse("tools", "must be a list"),
    }
    let parts = ["tools", "functions", "response_format"];
    facts.prompt_bytes +=
        parts.iter().filter_map(|name| body.get(name)).map(Json::text_bytes).sum::<usize>();
}

fn input(body: &Json<'_>, facts: &mut CallFacts, check: &mut Check) {
    match body.get("input") {
        None => check.refuse("input", "is required"),
        Some(Json::Text(text)) if text.is_empty() => check.refuse("input", "must not be empty"),
        Some(Json::Text(text)) => facts.prompt_bytes = text.len(),
        Some(Json::List(items)) if items.is_empty() => {
            check.refuse("input", "must not be empty");
        }
        Some(Json::List(items)) => input_list(items, facts, check),
        Some(_) => check.refuse("input", "must be a text, a list of texts or token numbers"),
    }
}

fn input_list(items: &[Json<'_>], facts: &mut CallFacts, check: &mut Check) {
    let is_token = |item: &Json<'_>| matches!(item, Json::Integer(_));
    // One prompt given as its tokens; a token is about four bytes of text.
    if items.iter().all(is_token) {
        facts.prompt_bytes = items.len() * 4;
        return;
    }
    if items.len() > MAX_INPUTS {
        return check.refuse("input", format!("must hold at most {MAX_INPUTS} entries"));
    }
    for (index, item) in items.iter().enumerate() {
        match item {
            Json::Text(text) if !text.is_empty() => facts.prompt_bytes += text.len(),
            Json::List(tokens) if !tokens.is_empty() && tokens.iter().all(is_token) => {
                facts.prompt_bytes += tokens.len() * 4;
            }
            Json::Text(_) => check.refuse(format!("input[{index}]"), "must not be empty"),
            _ => check.refuse(format!("input[{index}]"), "must be a text or a list of tokens"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn chat(extra: Value) -> Result<CallFacts, BodyError> {
        let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        read_chat(body.to_string().as_bytes())
    }

    fn refused(result: Result<CallFacts, BodyError>) -> Vec<String> {
        match result {
            Err(BodyError::Invalid(errors)) => errors.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_facts_of_a_chat_are_read_in_one_pass() {
        let body = json!({
            "model": "openai/gpt-4o", "stream": true, "stream_options": {"include_usage": true},
            "max_tokens": 5, "max_completion_tokens": 7, "user": "u".repeat(200),
            "messages": [
                {"role": "system", "content": "12345"},
                {"role": "user", "content": [
                    {"type": "text", "text": "1234"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAAAAAA"}},
                ]},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "function": {"arguments": "{}"}}]},
            ],
            "tools": [{"type": "function", "function": {"name": "get"}}],
        });

        let facts = read_chat(body.to_string().as_bytes()).unwrap();

        assert_eq!(facts.model.as_deref(), Some("openai/gpt-4o"));
        assert!(facts.is_stream && facts.wants_stream_usage);
        assert_eq!((facts.max_tokens, facts.images), (Some(7), 1));
        assert_eq!(facts.end_user.unwrap().len(), 128);
        let call = "id".len() + "c1".len() + "function".len() + "arguments".len() + "{}".len();
        let tool = "type".len() + "function".len() * 2 + "name".len() + "get".len();
        assert_eq!(facts.prompt_bytes, 5 + 4 + call + tool);
    }

    #[test]
    fn absent_and_null_are_the_same() {
        let facts = chat(json!({"stream": null, "max_tokens": null, "stop": null, "tools": null}));

        assert_eq!(facts, chat(json!({})));
        assert!(!facts.unwrap().is_stream);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (json!({"messages": []}), "messages: must not be empty"),
            (json!({"messages": null}), "messages: is required"),
            (json!({"messages": "hi"}), "messages: must be a list"),
            (json!({"messages": ["hi"]}), "messages[0]: must be an object"),
            (json!({"messages": [{"content": "x"}]}), "messages[0].role: is required"),
            (
                json!({"messages": [{"role": "user", "content": 5}]}),
                "messages[0].content: must be a text or a list",
            ),
            (
                json!({"messages": [{"role": "user", "content": ["x"]}]}),
                "messages[0].content[0]: must be an object",
            ),
            (json!({"temperature": 2.1}), "temperature: must be between 0 and 2"),
            (json!({"temperature": "hot"}), "temperature: must be a number"),
            (json!({"top_p": -0.1}), "top_p: must be between 0 and 1"),
            (json!({"max_tokens": 0}), "max_tokens: must be at least 1"),
            (json!({"max_tokens": 1.5}), "max_tokens: must be a whole number"),
            (json!({"n": 0}), "n: must be between 1 and 128"),
            (json!({"stop": ["a", "b", "c", "d", "e"]}), "stop: must hold at most 4 texts"),
            (json!({"stop": 5}), "stop: must be a text or a list of texts"),
            (json!({"stream": "yes"}), "stream: must be true or false"),
            (json!({"model": 5}), "model: must be a text"),
            (json!({"model": " "}), "model: must not be empty"),
            (json!({"tools": {}}), "tools: must be a list"),
        ];
        for (extra, expected) in cases {
            assert_eq!(refused(chat(extra)), [expected]);
        }
        let unknown = refused(chat(json!({"messages": [{"role": "robot", "content": ""}]})));
        assert!(
            unknown[0].starts_with("messages[0].role: must be one of: system, "),
            "{unknown:?}"
        );
    }

    #[test]
    fn a_refusal_names_at_most_twenty_fields() {
        let messages = vec![json!(1); 100];

        assert_eq!(refused(chat(json!({"messages": messages}))).len(), 20);
    }

    #[test]
    fn malformed_json_is_told_apart_and_never_quoted() {
        let deep = "[".repeat(100_000);
        for body in ["", "{", "{\"a\":sk-canary}", deep.as_str()] {
            match read_chat(body.as_bytes()) {
                Err(BodyError::Malformed(message)) => assert!(!message.contains("canary")),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(refused(read_chat(b"[]")), [": the body must be a JSON object"]);
    }

    #[test]
    fn a_body_of_too_many_values_is_refused_before_they_fill_the_memory() {
        let body = format!(r#"{{"model":"m","input":[{}0]}}"#, "0,".repeat(2_000_000));

        assert_eq!(
            refused(read_embeddings(body.as_bytes())),
            [": must hold at most 1000000 values"]
        );
    }

    #[test]
    fn an_embeddings_input_is_texts_or_tokens() {
        let read = |input: Value| {
            read_embeddings(json!({"model": "m", "input": input}).to_string().as_bytes())
        };
        let bytes = |input| read(input).unwrap().prompt_bytes;

        assert_eq!(bytes(json!("alpha")), 5);
        assert_eq!(bytes(json!(["alpha", "beta"])), 9);
        assert_eq!(bytes(json!([1, 2, 3])), 12);
        assert_eq!(bytes(json!([[1, 2], [3]])), 12);
        assert_eq!(refused(read(json!([]))), ["input: must not be empty"]);
        assert_eq!(refused(read(json!(["a", ""]))), ["input[1]: must not be empty"]);
        assert_eq!(
            refused(read(json!(vec!["a"; 2049]))),
            ["input: must hold at most 2048 entries"]
        );
        assert_eq!(
            refused(read(json!(5))),
            ["input: must be a text, a list of texts or token numbers"]
        );
        assert_eq!(refused(read(Value::Null)), ["input: is required"]);
    }
}
