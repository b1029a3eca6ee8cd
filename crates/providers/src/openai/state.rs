//! What a stream has brought so far.

use tollgate_domain::chat::ChatCall;

use super::calls::Calls;
use crate::protocol::Target;

/// The most choices that a stream may have.
const MAX_CHOICES: usize = 256;

/// What stands in for what a provider leaves out.
#[derive(Clone, Debug)]
pub(super) struct Fill {
    /// The answer's id.
    pub(super) id: String,
    /// When it was made, in Unix seconds.
    pub(super) created: i64,
    /// The model.
    pub(super) model: String,
    /// What makes the ids of calls unique.
    seed: String,
}

impl Fill {
    /// What the answer to `call` by `target` is filled with: the same however often it is asked.
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        let hex = call.request_id.to_string().replace('-', "");
        Self {
            id: format!("chatcmpl-{hex}"),
            created: call.request_id.arrived_at().timestamp(),
            model: target.model_code.to_owned(),
            // The last part of the id is the random one; OpenAI takes call ids of 40 characters.
            seed: hex[12..].to_owned(),
        }
    }

    /// The id of the `n`th call of a choice.
    pub(super) fn call_id(&self, choice: u32, n: usize) -> String {
        format!("call_{}_{choice}_{n}", self.seed)
    }
}

/// A stream so far.
#[derive(Debug, Default)]
pub(super) struct StreamState {
    choices: Vec<(u32, ChoiceState)>,
    /// Whether the caller has got anything.
    pub(super) has_content: bool,
}

/// One choice so far.
#[derive(Debug, Default)]
pub(super) struct ChoiceState {
    pub(super) role_is_sent: bool,
    /// The finish reason that the caller has.
    pub(super) finish: Option<String>,
    pub(super) calls: Calls,
}

impl StreamState {
    pub(super) fn choice(&self, index: u32) -> Option<&ChoiceState> {
        self.choices.iter().find(|(at, _)| *at == index).map(|(_, choice)| choice)
    }

    /// The choice of that index, which begins if it is new; `None` if there are too many.
    pub(super) fn choice_mut(&mut self, index: u32) -> Option<&mut ChoiceState> {
        let found = self.choices.iter().position(|(at, _)| *at == index);
        let position = match found {
            Some(position) => position,
            None if self.choices.len() < MAX_CHOICES => {
                self.choices.push((index, ChoiceState::default()));
                self.choices.len() - 1
            }
            None => return None,
        };
        Some(&mut self.choices[position].1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// The indexes of choices without a finish reason, and whether they have calls.
    pub(super) fn unfinished(&self) -> Vec<(u32, bool)> {
        let open = self.choices.iter().filter(|(_, choice)| choice.finish.is_none());
        open.map(|(index, choice)| (*index, !choice.calls.is_empty())).collect()
    }
}
