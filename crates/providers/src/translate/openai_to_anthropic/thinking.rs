//! How hard the model thinks.
//!
//! | `reasoning_effort` | a model with `adaptive_thinking` | another one with `reasoning` |
//! | --- | --- | --- |
//! | absent | nothing | nothing |
//! | `none` | `disabled`; with `thinking_always_on` the effort `low` | `disabled` |
//! | `minimal`, `low` | `adaptive`, the effort `low` | a budget of 1024 |
//! | `medium` | `adaptive`, the effort `medium` | a budget of 8192 |
//! | `high`, `xhigh`, `max` | `adaptive`, that effort | a budget of 24576 |
//!
//! A budget is at most half of `max_tokens`, and never less than 1024. Models without `reasoning`
//! get nothing. Anthropic takes no budget beside a forced tool, a begun answer, or calls of tools
//! whose thoughts are not sent back, which OpenAI's dialect cannot carry: those go first.

use super::messages::Conversation;
use crate::anthropic::abilities::{budget, has};
use crate::anthropic::wire::Thinking;
use crate::protocol::Target;

/// What decides whether a model can think.
#[derive(Debug)]
pub(super) struct Situation<'a> {
    pub(super) conversation: &'a Conversation,
    /// Whether a tool has to be called.
    pub(super) is_forced: bool,
    pub(super) max_tokens: i64,
    pub(super) target: &'a Target<'a>,
}

/// How hard the model thinks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Thought {
    pub(super) thinking: Option<Thinking>,
    pub(super) effort: Option<&'static str>,
    /// Whether the caller's wish is not met.
    pub(super) is_dropped: bool,
}

impl Thought {
    fn dropped() -> Self {
        Self { is_dropped: true, ..Self::default() }
    }

    /// Whether the model is told to think, beside which it takes no sampling.
    pub(super) fn is_on(&self) -> bool {
        matches!(self.thinking, Some(Thinking::Enabled { .. } | Thinking::Adaptive))
    }
}

impl Situation<'_> {
    /// How hard the model thinks when the caller wants that effort.
    pub(super) fn of(&self, effort: Option<&str>) -> Thought {
        let Some(effort) = effort else { return Thought::default() };
        if has(self.target, "adaptive_thinking") {
            return self.adaptive(effort);
        }
        if !has(self.target, "reasoning") {
            return Thought { is_dropped: effort != "none", ..Thought::default() };
        }
        if effort == "none" {
            return Thought { thinking: Some(Thinking::Disabled), ..Thought::default() };
        }
        let is_in_the_way = self.is_forced
            || self.conversation.is_prefilled()
            || self.conversation.is_in_tool_use();
        match budget(effort, self.max_tokens) {
            Some(budget_tokens) if !is_in_the_way => Thought {
                thinking: Some(Thinking::Enabled { budget_tokens }),
                ..Thought::default()
            },
            _ => Thought::dropped(),
        }
    }

    fn adaptive(&self, effort: &str) -> Thought {
        let is_always_on = has(self.target, "thinking_always_on");
        let effort = match effort {
            "none" if is_always_on => {
                return Thought { effort: Some("low"), is_dropped: true, thinking: None };
            }
            "none" => return Thought { thinking: Some(Thinking::Disabled), ..Thought::default() },
            "minimal" | "low" => "low",
            "medium" => "medium",
            "high" => "high",
            "xhigh" => "xhigh",
            "max" => "max",
            _ => return Thought::dropped(),
        };
        // Thinking beside a forced tool is refused; the effort alone is not.
        let thinking = (!self.is_forced).then_some(Thinking::Adaptive);
        Thought { thinking, effort: Some(effort), is_dropped: false }
    }
}
