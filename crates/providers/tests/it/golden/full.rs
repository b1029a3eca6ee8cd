//! One request and one answer of each side with every field of the mapping tables, in
//! `tests/full`, and what the other side gets of them.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tollgate_domain::chat::{ChatCall, Dialect};
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::Target;

use super::{Golden, pretty};
use crate::fixtures::{CALLERS, PROTOCOLS, assert_openai, check, play, sent_to};
use crate::schema::assert_valid;
use crate::support::{ask, chat_in, json_of, upstream};

/// A model of each provider that takes everything, and one that takes next to nothing.
const MODELS: [(&str, &str); 2] = [
    ("free", r#"{"reasoning": true, "prompt_cache_breakpoint": true}"#),
    (
        "strict",
        r#"{"reasoning": true, "adaptive_thinking": true, "thinking_always_on": true,
            "sampling_params": false, "assistant_prefill": false, "forced_tool_choice": false}"#,
    ),
];

fn full(name: &str) -> Bytes {
    let path = format!("{}/tests/full/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap().into()
}

fn model_code(kind: ProtocolKind) -> &'static str {
    match kind {
        ProtocolKind::OpenAi => "gpt-6",
        ProtocolKind::Anthropic => "claude-opus-5-5",
        ProtocolKind::Gemini => "gemini-3.8-flash",
    }
}

fn sent(kind: ProtocolKind, call: &ChatCall, constraints: &str) -> Result<String, String> {
    let upstream = upstream("http://h/v1", json!({}));
    let constraints: Map<String, Value> = serde_json::from_str(constraints).unwrap();
    let target = Target {
        model_code: model_code(kind),
        constraints: &constraints,
        max_output_tokens: Some(65_536),
        ..crate::support::target(&upstream, "")
    };
    sent_to(kind, call, &target)
}

#[test]
fn a_full_request_is_what_each_provider_should_get() {
    let mut golden = Golden::new("full/requests");
    for (dialect, caller) in CALLERS {
        let call = chat_in(dialect, full(&format!("{caller}.request.json")));
        for (kind, provider) in PROTOCOLS {
            for (model, constraints) in MODELS {
                let sent = sent(kind, &call, constraints).unwrap();
                if kind == ProtocolKind::OpenAi && dialect == Dialect::Anthropic {
                    assert_valid("CreateChatCompletionRequest", &json_of(sent.as_bytes()));
                }
                golden.check(&format!("{caller}.to-{provider}.{model}.json"), &pretty(&sent));
            }
        }
    }
    golden.finish();
}

#[test]
fn a_full_answer_is_what_each_caller_should_get() {
    let mut golden = Golden::new("full/answers");
    let mut notes = String::new();
    for (kind, provider) in PROTOCOLS {
        for (dialect, caller) in CALLERS {
            for end in ["json", "sse"] {
                let body = full(&format!("{provider}.{end}"));
                let played = play(kind, &ask(dialect, end == "sse"), &body);
                if dialect == Dialect::OpenAi {
                    assert_openai(&played.text, end == "sse");
                }
                let name = format!("{provider}.{caller}.{end}");
                check(&mut golden, &mut notes, &name, &body, &played);
            }
        }
    }
    golden.check("notes.txt", &notes);
    golden.finish();
}
