//! Whose dialect an answer is written in, and what it says of itself there.

use tollgate_domain::chat::{Answer, ChatCall, Dialect};
use tollgate_domain::usage::TokenUsage;

use super::wire::Response;
use crate::protocol::Target;
use crate::translate::gemini_answer::{End, Piece, Relay};
use crate::translate::{anthropic_answer, anthropic_to_gemini, openai_answer, openai_to_gemini};

/// The head of an answer in the caller's dialect.
#[derive(Clone, Debug)]
pub(super) enum Head {
    OpenAi(openai_answer::Head),
    Anthropic(anthropic_answer::Head),
}

impl Head {
    /// The head of the answer to `call` by `target`, where the provider says nothing.
    pub(super) fn new(call: &ChatCall, target: &Target<'_>) -> Self {
        match call.dialect {
            Dialect::OpenAi => Self::OpenAi(openai_answer::Head::new(call, target)),
            Dialect::Anthropic => Self::Anthropic(anthropic_answer::Head::new(call, target)),
        }
    }

    /// The same with what the answer, or the first piece of it, says itself.
    pub(super) fn learnt(mut self, response: &Response) -> Self {
        let id = response.response_id.as_deref().unwrap_or_default();
        let model = response.model_version.as_deref().unwrap_or_default();
        match &mut self {
            Self::Anthropic(head) => head.learn(id, model),
            Self::OpenAi(head) => {
                for (said, told) in [(&mut head.id, id), (&mut head.model, model)] {
                    if !told.is_empty() {
                        told.clone_into(said);
                    }
                }
            }
        }
        self
    }

    /// A whole answer.
    pub(super) fn answer(&self, pieces: Vec<Piece>, end: End, usage: Option<TokenUsage>) -> Answer {
        match self {
            Self::OpenAi(head) => openai_to_gemini::completion(pieces, end, usage).answer(head),
            Self::Anthropic(head) => anthropic_to_gemini::message(pieces, end, usage).answer(head),
        }
    }

    /// What writes a streamed answer.
    pub(super) fn relay(self) -> Box<dyn Relay> {
        match self {
            Self::OpenAi(head) => Box::new(openai_to_gemini::Relay::new(head)),
            Self::Anthropic(head) => Box::new(anthropic_to_gemini::Relay::new(head)),
        }
    }
}
