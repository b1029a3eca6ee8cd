//! A whole answer of OpenAI's, clean, in Anthropic's words.
//!
//! | OpenAI | Anthropic |
//! | --- | --- |
//! | `reasoning_content` | `thinking`, signed by nobody: where it comes back it is ours |
//! | `content`, `refusal` | `text`, one block of both |
//! | `tool_calls` | `tool_use`; blank arguments are `{}`, what is no object is under `_raw` |
//! | `stop` | `end_turn`, or `tool_use` where there are calls |
//! | `tool_calls` | `tool_use`, or `end_turn` where there are none |
//! | `length` | `max_tokens` |
//! | `content_filter`, and any end after a refusal | `refusal` |
//! | choices after the first, logprobs, annotations, audio | dropped |

use serde::Deserialize;
use tollgate_domain::chat::{Answer, ChatCall};
use tollgate_domain::failure::Failure;

use crate::error::transient;
use crate::protocol::Target;
use crate::translate::anthropic_answer::{Block, Head, Message};
use crate::translate::call_id::plain_id;
use crate::translate::tool_names::{Names, Rule};

/// A whole answer, or a chunk of one.
#[derive(Debug, Deserialize)]
pub(super) struct Reply {
    pub(super) id: String,
    pub(super) model: String,
    pub(super) choices: Vec<Choice>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    index: u32,
    message: Option<Said>,
    delta: Option<Said>,
    pub(super) finish_reason: Option<String>,
}

/// A message, or a piece of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) content: Option<String>,
    pub(super) refusal: Option<String>,
    pub(super) reasoning_content: Option<String>,
    reasoning: Option<String>,
    pub(super) tool_calls: Option<Vec<ToolCall>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ToolCall {
    pub(super) index: Option<usize>,
    pub(super) id: Option<String>,
    pub(super) function: Option<Function>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Function {
    pub(super) name: Option<String>,
    pub(super) arguments: Option<String>,
}

impl Reply {
    /// The first choice, the only one that an Anthropic caller gets.
    pub(super) fn into_choice(self) -> Option<Choice> {
        self.choices.into_iter().find(|choice| choice.index == 0)
    }
}

impl Choice {
    /// What it says.
    pub(super) fn take_said(&mut self) -> Said {
        self.message.take().or_else(|| self.delta.take()).unwrap_or_default()
    }
}

impl Said {
    /// The reasoning, under whichever name.
    pub(super) fn reasoning(&self) -> &str {
        let reasoning = self.reasoning_content.as_deref().filter(|text| !text.is_empty());
        reasoning.or(self.reasoning.as_deref()).unwrap_or_default()
    }
}

/// The answer to `call` that `answer` of `target` is.
pub(crate) fn answer(
    call: &ChatCall,
    target: &Target<'_>,
    answer: &Answer,
) -> Result<Answer, Failure> {
    let reply: Reply = serde_json::from_slice(&answer.body)
        .map_err(|_| transient("the provider's answer cannot be read"))?;
    let mut head = Head::new(call, target);
    head.learn(&reply.id, &reply.model);
    let choice = reply.into_choice();
    let mut choice = choice.ok_or_else(|| transient("the provider's answer has no choices"))?;
    let said = choice.take_said();
    let names = names(call, target);
    let ending = Ending {
        finish_reason: choice.finish_reason,
        has_calls: said.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty()),
        has_refusal: said.refusal.as_ref().is_some_and(|text| !text.is_empty()),
    };
    let message = Message {
        blocks: blocks(said, &names),
        stop_reason: ending.stop_reason().to_owned(),
        usage: answer.facts.usage,
    };
    Ok(message.answer(&head))
}

/// The caller's names of the tools that the provider gets under others.
pub(super) fn names(call: &ChatCall, target: &Target<'_>) -> Names {
    Names::of(&call.body, Rule::of_at_least(target.upstream.quirks.min_tool_name))
}

fn blocks(said: Said, names: &Names) -> Vec<Block> {
    let thinking = said.reasoning().to_owned();
    let mut blocks = vec![Block::Thinking { thinking, signature: String::new() }];
    // One block, as in a stream, where nothing tells them apart.
    let text = said.content.unwrap_or_default() + &said.refusal.unwrap_or_default();
    blocks.push(Block::Text { text });
    for call in said.tool_calls.into_iter().flatten() {
        let function = call.function.unwrap_or_default();
        let name = function.name.unwrap_or_default();
        let id = plain_id(&call.id.unwrap_or_default());
        let arguments = function.arguments.unwrap_or_default();
        blocks.push(Block::call(id, names.for_caller(&name), &arguments));
    }
    blocks
}

/// How an answer ended.
#[derive(Debug, Default)]
pub(super) struct Ending {
    pub(super) finish_reason: Option<String>,
    pub(super) has_calls: bool,
    pub(super) has_refusal: bool,
}

impl Ending {
    /// Anthropic's word for why. What was called decides rather than what is said of it: servers
    /// say `stop` after calls, and callers wait for blocks that `tool_use` promises.
    pub(super) fn stop_reason(&self) -> &'static str {
        match self.finish_reason.as_deref() {
            Some("length") => "max_tokens",
            Some("content_filter") => "refusal",
            _ if self.has_calls => "tool_use",
            _ if self.has_refusal => "refusal",
            _ => "end_turn",
        }
    }
}
