//! What other providers said in a conversation that now goes to Anthropic.
//!
//! Answers of other protocols bring `thinking` blocks that Anthropic never signed: without a
//! signature, or with one that another provider wants to see again. Callers send them back with
//! the rest of the conversation, and Anthropic refuses them.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::splice::{Edit, Fields, edited_items};
use crate::translate::anthropic_answer::GEMINI_SIGNATURE;

/// What stands where nothing is left of a message, which Anthropic refuses to be empty.
const NOTHING_LEFT: &str = r#"[{"type":"text","text":"(thinking)"}]"#;

/// The `messages` of a request without `thinking` blocks that Anthropic has not signed, all else
/// byte for byte; `None` where there are none, or where they cannot be read.
pub(crate) fn without_unsigned_thinking(messages: &str) -> Option<String> {
    // Most requests have none, and are not read again.
    if !messages.contains("thinking") {
        return None;
    }
    edited_items(messages, |message| {
        let fields = Fields::parse(message).ok()?;
        let content = without_unsigned(fields.get("content")?)?;
        fields.edited(&[Edit::set("content", content)])
    })
}

fn without_unsigned(content: &str) -> Option<String> {
    let blocks: Vec<&RawValue> = serde_json::from_str(content).ok()?;
    let kept = blocks.iter().map(|block| block.get()).filter(|block| !is_unsigned(block));
    let kept: Vec<&str> = kept.collect();
    match kept.len() {
        0 if !blocks.is_empty() => Some(NOTHING_LEFT.to_owned()),
        some if some < blocks.len() => Some(format!("[{}]", kept.join(","))),
        _ => None,
    }
}

fn is_unsigned(block: &str) -> bool {
    #[derive(Deserialize)]
    struct Signed {
        #[serde(rename = "type")]
        kind: String,
        signature: Option<String>,
    }
    let block: Option<Signed> = serde_json::from_str(block).ok();
    block.is_some_and(|block| {
        let signature = block.signature.unwrap_or_default();
        block.kind == "thinking"
            && (signature.is_empty() || signature.starts_with(GEMINI_SIGNATURE))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Option<String> {
        without_unsigned_thinking(Fields::parse(text).unwrap().get("messages").unwrap_or_default())
    }

    #[test]
    fn only_thinking_that_anthropic_has_not_signed_goes() {
        let text = r#"{"messages":[ {"role":"user","content":"thinking"}, {"role":"assistant", "content": [
            {"type":"thinking","thinking":"a","signature":""},
            {"type":"thinking","thinking":"b", "signature":"sig"}, {"type":"thinking","thinking":"c"},
            {"type":"thinking","thinking":"d","signature":"gemini:x"},
            {"type":"tool_use","id":"t","name":"f","input":{ "n": 1.50 }}]}, {"role":"user","content":[]}]}"#;

        assert_eq!(
            messages(text).unwrap(),
            r#"[ {"role":"user","content":"thinking"}, {"role":"assistant", "content": [{"type":"thinking","thinking":"b", "signature":"sig"},{"type":"tool_use","id":"t","name":"f","input":{ "n": 1.50 }}]}, {"role":"user","content":[]}]"#
        );
    }

    #[test]
    fn a_message_of_nothing_else_is_not_left_empty() {
        let text =
            r#"{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"a"}]}]}"#;

        assert!(messages(text).unwrap().contains(NOTHING_LEFT));
    }

    #[test]
    fn what_needs_no_edit_and_what_cannot_be_read_stays() {
        for text in [
            r#"{"model":"m"}"#,
            r#"{"messages":"thinking"}"#,
            r#"{"messages":[{"content":[{"type":"thinking","thinking":"b","signature":"s"}]}]}"#,
            r#"{"messages":[{"content":[{"type":"redacted_thinking","data":"b"}]}, 1]}"#,
        ] {
            assert_eq!(messages(text), None, "{text}");
        }
    }
}
