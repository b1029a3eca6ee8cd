//! What the make-believe model says, for protocols that put it in other words.

use super::answer::{ChatAnswer, Said, ToolCall};
use super::request::ChatRequest;
use crate::server::Asked;

/// An answer in no protocol's words.
#[derive(Debug)]
pub(crate) struct MadeUp {
    pub(crate) reasoning: Vec<String>,
    pub(crate) text: Vec<String>,
    pub(crate) calls: Vec<ToolCall>,
    /// Why it ended, in OpenAI's word.
    pub(crate) finish: &'static str,
    /// The stop sequence that ended it.
    pub(crate) stop: Option<String>,
    pub(crate) prompt_tokens: u64,
    /// All tokens of the answer, and those of them which were reasoning.
    pub(crate) tokens: u64,
    pub(crate) reasoning_tokens: u64,
}

/// Answers a chat request, after some thinking if the model `thinks`; `None` if OpenAI would refuse
/// it.
pub(crate) fn make_up(asked: &Asked<'_>, thinks: bool) -> Option<MadeUp> {
    let mut request = ChatRequest::read(asked).ok()?;
    if thinks {
        request.model.push_str(" that reasons");
    }
    let answer = ChatAnswer::new(&request, asked.number, asked.behaviour.text.as_deref());
    let (text, calls) = match answer.said {
        Said::Text(pieces) => (pieces, Vec::new()),
        Said::Calls(calls) => (Vec::new(), calls),
    };
    Some(MadeUp {
        reasoning: answer.reasoning,
        text,
        calls,
        finish: answer.finish,
        stop: answer.stop,
        prompt_tokens: request.prompt_tokens(),
        tokens: answer.tokens,
        reasoning_tokens: answer.reasoning_tokens,
    })
}
