//! Answers that every protocol can give and every dialect can tell.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_domain::chat::Dialect;
use tollgate_domain::provider::ProtocolKind;

use super::said::Said;

/// An answer in no dialect.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) thinking: String,
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
    /// In OpenAI's words.
    pub(super) finish: String,
    pub(super) usage: Usage,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) input: Value,
}

/// Tokens: of the prompt those neither cached nor written, cached, written; of the answer those
/// seen and those thought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Usage {
    pub(super) prompt: i64,
    pub(super) cached: i64,
    pub(super) written: i64,
    pub(super) seen: i64,
    pub(super) thought: i64,
}

pub(super) fn any_text() -> impl Strategy<Value = String> {
    "[a-z][a-zé😀\"\\\\\n<&{} ]{0,12}[a-z]"
}

pub(super) fn any_input() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any_text().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!(null)),
        Just(json!([true, {}])),
    ];
    vec(("[a-z]{1,4}", leaf), 0..3).prop_map(|fields| fields.into_iter().collect())
}

pub(super) fn any_reply() -> impl Strategy<Value = Reply> {
    let calls = vec(("[a-z_]{1,6}", any_input()), 0..4);
    let tokens = 0..100_000_i64;
    let usage = (1..100_000_i64, tokens.clone(), tokens.clone(), tokens.clone(), tokens);
    let said = (prop_oneof![Just(String::new()), any_text()], any_text(), any::<bool>());
    (said, calls, prop::sample::select(vec!["stop", "length"]), usage).prop_map(
        |((thinking, text, has_text), calls, finish, (prompt, cached, written, seen, thought))| {
            let call = |(at, (name, input)): (usize, (String, Value))| Call {
                id: format!("call_{at}"),
                name,
                input,
            };
            let calls: Vec<Call> = calls.into_iter().enumerate().map(call).collect();
            let has_text = has_text || calls.is_empty();
            let finish = if calls.is_empty() || finish == "length" { finish } else { "tool_calls" };
            Reply {
                thinking,
                text: if has_text { text } else { String::new() },
                calls,
                finish: finish.to_owned(),
                usage: Usage { prompt, cached, written, seen, thought },
            }
        },
    )
}

impl Reply {
    /// The same without what that protocol has no way to tell.
    pub(super) fn by(mut self, kind: ProtocolKind) -> Self {
        if kind == ProtocolKind::Gemini {
            self.usage.written = 0;
        }
        self
    }

    /// What a caller was told, read back.
    pub(super) fn told(dialect: Dialect, said: &Said) -> Self {
        match dialect {
            Dialect::OpenAi => told_by_openai(said),
            Dialect::Anthropic => told_by_anthropic(said),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn told_by_openai(said: &Said) -> Reply {
    let call = |call: &Value| Call {
        id: text(&call["id"]),
        name: text(&call["function"]["name"]),
        input: serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap(),
    };
    let tokens = |pointer: &str| said.usage.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
    let (cached, thought) = (
        tokens("/prompt_tokens_details/cached_tokens"),
        tokens("/completion_tokens_details/reasoning_tokens"),
    );
    let written = tokens("/prompt_tokens_details/cache_write_tokens");
    assert_eq!(
        tokens("/total_tokens"),
        tokens("/prompt_tokens") + tokens("/completion_tokens"),
        "{}",
        said.usage
    );
    Reply {
        thinking: text(&said.content["reasoning_content"]),
        text: text(&said.content["content"]),
        calls: said.content["tool_calls"].as_array().unwrap().iter().map(call).collect(),
        finish: text(&said.finish),
        usage: Usage {
            prompt: tokens("/prompt_tokens") - cached - written,
            cached,
            written,
            seen: tokens("/completion_tokens") - thought,
            thought,
        },
    }
}

fn told_by_anthropic(said: &Said) -> Reply {
    let blocks = said.content.as_array().unwrap();
    let all = |kind: &str, field: &str| -> String {
        blocks
            .iter()
            .filter(|block| block["type"] == kind)
            .map(|block| text(&block[field]))
            .collect()
    };
    let calls = blocks.iter().filter(|block| block["type"] == "tool_use");
    let tokens = |name: &str| said.usage[name].as_i64().unwrap_or(0);
    let thought = said.usage["output_tokens_details"]["thinking_tokens"].as_i64().unwrap_or(0);
    let finish = match said.finish[0].as_str().unwrap() {
        "end_turn" | "stop_sequence" => "stop",
        "max_tokens" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        other => panic!("a reason {other}"),
    };
    Reply {
        thinking: all("thinking", "thinking"),
        text: all("text", "text"),
        calls: calls
            .map(|call| Call {
                id: text(&call["id"]),
                name: text(&call["name"]),
                input: call["input"].clone(),
            })
            .collect(),
        finish: finish.to_owned(),
        usage: Usage {
            prompt: tokens("input_tokens"),
            cached: tokens("cache_read_input_tokens"),
            written: tokens("cache_creation_input_tokens"),
            seen: tokens("output_tokens") - thought,
            thought,
        },
    }
}
