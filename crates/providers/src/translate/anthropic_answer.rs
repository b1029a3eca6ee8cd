//! Answers as Anthropic writes them, for providers that write them otherwise: whole ones here,
//! streamed ones by the [`Writer`].

mod wire;
mod writer;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall};
use tollgate_domain::usage::TokenUsage;

use crate::protocol::Target;
use crate::splice::quoted;
use crate::translate::openai_request::json_object;
use wire::{Body, Usage};

pub(crate) use writer::Writer;

/// What a `signature` begins with that Gemini made: it comes back from the caller, and is of no use
/// to anyone but Gemini.
pub(crate) const GEMINI_SIGNATURE: &str = "gemini:";
/// What Anthropic's ids of messages begin with.
const ID_PREFIX: &str = "msg_";

/// What an answer says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// The answer's id: `msg_…`.
    pub(crate) id: String,
    /// The model.
    pub(crate) model: String,
    /// The prompt's tokens by our estimate, told until the provider says better.
    pub(crate) prompt_estimate: i64,
}

impl Head {
    /// The head of the answer to `call` by `target`, where the provider says nothing: the same
    /// however often it is asked.
    pub(crate) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        Self {
            id: format!("{ID_PREFIX}{}", call.request_id.to_string().replace('-', "")),
            model: target.model_code.to_owned(),
            prompt_estimate: call.facts.prompt_token_estimate(),
        }
    }

    /// Takes over what the provider says: its model, and its id if that is one of Anthropic's form.
    pub(crate) fn learn(&mut self, id: &str, model: &str) {
        if id.len() > ID_PREFIX.len() && id.starts_with(ID_PREFIX) {
            id.clone_into(&mut self.id);
        }
        if !model.is_empty() {
            model.clone_into(&mut self.model);
        }
    }
}

/// A block of an answer.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Block {
    /// Visible text.
    Text { text: String },
    /// Reasoning; the signature is empty where the provider makes none.
    Thinking { thinking: String, signature: String },
    /// The call of a tool.
    ToolUse { id: String, name: String, input: Box<RawValue> },
}

impl Block {
    /// The call of a tool whose arguments are that text: byte for byte if it is a JSON object,
    /// `{}` if it is blank, and else an object with the text under `_raw`.
    pub(crate) fn call(id: impl Into<String>, name: impl Into<String>, arguments: &str) -> Self {
        Self::ToolUse { id: id.into(), name: name.into(), input: input(arguments) }
    }

    /// Bytes of visible text and arguments, and of reasoning.
    fn bytes(&self) -> (usize, usize) {
        match self {
            Self::Text { text } => (text.len(), 0),
            Self::Thinking { thinking, .. } => (0, thinking.len()),
            Self::ToolUse { name, input, .. } => (name.len() + input.get().len(), 0),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text { text } => text.is_empty(),
            Self::Thinking { thinking, signature } => thinking.is_empty() && signature.is_empty(),
            Self::ToolUse { .. } => false,
        }
    }
}

/// The arguments of a call as the object that Anthropic wants.
fn input(arguments: &str) -> Box<RawValue> {
    json_object(arguments).or_else(|| first_object(arguments)).unwrap_or_else(|| {
        let raw = format!(r#"{{"_raw":{}}}"#, quoted(arguments));
        RawValue::from_string(raw).expect("an object with one text is JSON")
    })
}

/// The object that a text begins with, whatever follows it: a stream has handed it on by then.
fn first_object(text: &str) -> Option<Box<RawValue>> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Box<RawValue>>();
    let first = values.next()?.ok()?;
    first.get().starts_with('{').then_some(first)
}

/// A whole answer in its parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// What it says; empty texts are left out when it is written.
    pub(crate) blocks: Vec<Block>,
    /// Why it ended, in Anthropic's word.
    pub(crate) stop_reason: String,
    /// Its tokens, where the provider says.
    pub(crate) usage: Option<TokenUsage>,
}

impl Message {
    /// The answer in Anthropic's words.
    pub(crate) fn answer(mut self, head: &Head) -> Answer {
        self.blocks.retain(|block| !block.is_empty());
        let (mut output_bytes, mut reasoning_bytes) = (0, 0);
        for (output, reasoning) in self.blocks.iter().map(Block::bytes) {
            output_bytes += output;
            reasoning_bytes += reasoning;
        }
        let usage = match &self.usage {
            Some(usage) => Usage::of(usage),
            None => Usage::estimate(head, output_bytes, reasoning_bytes),
        };
        let body = Body::new(head, &self.blocks, Some(&self.stop_reason), usage);
        let body = serde_json::to_vec(&body).expect("texts and numbers can be written");
        let facts = AnswerFacts {
            usage: self.usage,
            finish_reason: Some(self.stop_reason),
            output_bytes,
            reasoning_bytes,
            counted: None,
        };
        Answer { body: Bytes::from(body), facts }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn head() -> Head {
        Head { id: "msg_1".to_owned(), model: "m".to_owned(), prompt_estimate: 12 }
    }

    #[test]
    fn a_whole_answer_has_every_field_that_anthropics_have() {
        let blocks = vec![
            Block::Thinking { thinking: "Hm.".to_owned(), signature: "s".to_owned() },
            Block::Text { text: String::new() },
            Block::Text { text: "Hi".to_owned() },
            Block::call("toolu_1", "f", r#"{ "big": 12345678901234567890123 }"#),
        ];
        let usage = TokenUsage::from_inclusive(30, 4, 6, 9, 2).with_cache_write_1h(5);

        let message = Message { blocks, stop_reason: "tool_use".to_owned(), usage: Some(usage) };
        let answer = message.answer(&head());

        let text = str::from_utf8(&answer.body).unwrap();
        assert!(text.contains(r#""input":{ "big": 12345678901234567890123 }"#), "{text}");
        let mut body: Value = serde_json::from_str(text).unwrap();
        assert_eq!(body["content"][2]["name"], "f");
        body["content"][2]["input"] = json!({});
        assert_eq!(
            body,
            json!({
                "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
                "content": [
                    {"type": "thinking", "thinking": "Hm.", "signature": "s"},
                    {"type": "text", "text": "Hi"},
                    {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}},
                ],
                "stop_reason": "tool_use", "stop_sequence": null,
                "usage": {
                    "input_tokens": 20, "cache_read_input_tokens": 4,
                    "cache_creation_input_tokens": 6,
                    "cache_creation": {
                        "ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 5,
                    },
                    "output_tokens": 9, "output_tokens_details": {"thinking_tokens": 2},
                },
            })
        );
        assert_eq!(answer.facts.usage, Some(usage));
        assert_eq!(answer.facts.finish_reason.as_deref(), Some("tool_use"));
        assert_eq!((answer.facts.output_bytes, answer.facts.reasoning_bytes), (37, 3));
    }

    #[test]
    fn usage_that_nobody_counted_is_estimated_for_the_caller_alone() {
        let blocks = vec![Block::Text { text: "nine byte".to_owned() }];

        let answer =
            Message { blocks, stop_reason: "end_turn".to_owned(), usage: None }.answer(&head());

        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body["usage"]["input_tokens"], 12);
        assert_eq!(body["usage"]["output_tokens"], 3);
        assert_eq!(body["usage"].get("output_tokens_details"), None);
        assert_eq!(answer.facts.usage, None);
    }

    #[test]
    fn arguments_become_an_object_whatever_they_are() {
        for (arguments, expected) in [
            ("", "{}"),
            (" \n", "{}"),
            (r#" {"a":1.50} "#, r#"{"a":1.50}"#),
            ("[1]", r#"{"_raw":"[1]"}"#),
            (r#"{"a":"#, r#"{"_raw":"{\"a\":"}"#),
            ("null", r#"{"_raw":"null"}"#),
            ("{} and so on", "{}"),
        ] {
            assert_eq!(input(arguments).get(), expected, "{arguments}");
        }
    }

    #[test]
    fn only_an_id_of_anthropics_form_is_kept() {
        let mut head = head();
        head.learn("chatcmpl-1", "");
        assert_eq!((head.id.as_str(), head.model.as_str()), ("msg_1", "m"));
        head.learn("msg_x", "n");
        assert_eq!((head.id.as_str(), head.model.as_str()), ("msg_x", "n"));
    }
}
