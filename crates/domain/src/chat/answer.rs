//! What a provider answers, whole.

use bytes::Bytes;

use crate::usage::TokenUsage;

/// A whole answer, ready to be sent to the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The body in the caller's dialect.
    pub body: Bytes,
    /// What was read from it.
    pub facts: AnswerFacts,
}

/// What accounting needs to know of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerFacts {
    /// Its tokens, where the provider says.
    pub usage: Option<TokenUsage>,
    /// Why it ended.
    pub finish_reason: Option<String>,
    /// Bytes of visible text and tool arguments, for an estimate where the provider is silent.
    pub output_bytes: usize,
    /// Bytes of reasoning.
    pub reasoning_bytes: usize,
    /// The prompt's tokens, where they were what was asked for.
    pub counted: Option<i64>,
}
