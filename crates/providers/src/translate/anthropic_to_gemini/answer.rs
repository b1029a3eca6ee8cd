//! A whole answer of Gemini's in Anthropic's words.
//!
//! | [read](crate::translate::gemini_answer) as | Anthropic |
//! | --- | --- |
//! | text | `text`, neighbours in one block |
//! | thought | `thinking`, neighbours in one block |
//! | call | `tool_use`, its id in the characters that Anthropic takes |
//! | a call's signature | the `signature` of the `thinking` before it, which has no text where nothing was told |
//! | end | see [`word`] |

use tollgate_domain::usage::TokenUsage;

use crate::translate::anthropic_answer::{Block, GEMINI_SIGNATURE, Message};
use crate::translate::call_id::plain_id;
use crate::translate::gemini_answer::{End, Piece};

/// What those pieces say.
pub(crate) fn message(pieces: Vec<Piece>, end: End, usage: Option<TokenUsage>) -> Message {
    let mut blocks: Vec<Block> = Vec::new();
    for piece in pieces {
        match (piece, blocks.last_mut()) {
            (Piece::Text(more), Some(Block::Text { text })) => *text += &more,
            (Piece::Text(text), _) => blocks.push(Block::Text { text }),
            (Piece::Thought(more), Some(Block::Thinking { thinking, .. })) => *thinking += &more,
            (Piece::Thought(thinking), _) => {
                blocks.push(Block::Thinking { thinking, signature: String::new() });
            }
            (Piece::Call(call), last) => {
                let signed = call.signature.as_deref().map(signature);
                match (signed, last) {
                    (Some(signed), Some(Block::Thinking { signature, .. })) => *signature = signed,
                    (Some(signature), _) => {
                        blocks.push(Block::Thinking { thinking: String::new(), signature });
                    }
                    (None, _) => {}
                }
                blocks.push(Block::call(plain_id(&call.id), call.name.as_str(), &call.arguments));
            }
        }
    }
    Message { blocks, stop_reason: word(end).to_owned(), usage }
}

/// A signature of Gemini's as one that is known again when it comes back.
pub(super) fn signature(signature: &str) -> String {
    format!("{GEMINI_SIGNATURE}{signature}")
}

/// Anthropic's word for the end of an answer. Which stop sequence it was, Gemini does not tell.
pub(super) fn word(end: End) -> &'static str {
    match end {
        End::Stop => "end_turn",
        End::Calls => "tool_use",
        End::Length => "max_tokens",
        End::Filter => "refusal",
    }
}
