//! A whole answer of Gemini's in OpenAI's words.
//!
//! | [read](crate::translate::gemini_answer) as | OpenAI |
//! | --- | --- |
//! | text | `content` |
//! | thought | `reasoning_content` |
//! | call | `tool_calls`; its signature as `extra_content.google.thought_signature` |
//! | end | see [`word`] |

use tollgate_domain::usage::TokenUsage;

use super::messages::extra_content;
use crate::translate::gemini_answer::{Call, End, Piece};
use crate::translate::openai_answer::{Completion, FunctionCall};

/// What those pieces say.
pub(crate) fn completion(pieces: Vec<Piece>, end: End, usage: Option<TokenUsage>) -> Completion {
    let mut completion =
        Completion { finish: word(end).to_owned(), usage, ..Completion::default() };
    for piece in pieces {
        match piece {
            Piece::Text(text) => completion.text += &text,
            Piece::Thought(text) => completion.reasoning += &text,
            Piece::Call(Call { id, name, arguments, signature }) => {
                if let Some(signature) = signature {
                    completion.extras.insert(completion.calls.len(), extra_content(&signature));
                }
                completion.calls.push(FunctionCall { id, name, arguments });
            }
        }
    }
    completion
}

/// OpenAI's word for the end of an answer.
pub(super) fn word(end: End) -> &'static str {
    match end {
        End::Stop => "stop",
        End::Calls => "tool_calls",
        End::Length => "length",
        End::Filter => "content_filter",
    }
}
