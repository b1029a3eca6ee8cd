//! A whole answer of Gemini's in OpenAI's words.
//!
//! | Gemini | OpenAI |
//! | --- | --- |
//! | `text` | `content` |
//! | `text` of a `thought` | `reasoning_content` |
//! | `functionCall` | `tool_calls`, an id made up where there is none |
//! | `thoughtSignature` of a call | its `extra_content.google.thought_signature` |
//! | `STOP` | `tool_calls` if there are any, else `stop` |
//! | `MAX_TOKENS`, `CONTINUATION` | `length` |
//! | `MALFORMED_FUNCTION_CALL` and its like | a failure where nothing was said, else `stop` |
//! | the safety family, and a blocked prompt | `content_filter` |

use super::messages::extra_content;
use crate::gemini::wire::{AnswerCall, AnswerPart, Response};
use crate::translate::openai_answer::{Completion, FunctionCall};

/// What `response` says. Parts that OpenAI has nothing for are left out. Fails, with Gemini's reason,
/// where it says nothing and should have.
pub(crate) fn completion(response: &Response) -> Result<Completion, &str> {
    let mut completion = Completion::default();
    let candidate = response.candidate();
    for part in candidate.into_iter().flat_map(|candidate| candidate.parts()) {
        match part {
            AnswerPart { function_call: Some(call), thought_signature, .. } => {
                let n = completion.calls.len();
                let Some(call) = function_call(call, n, response.response_id.as_deref()) else {
                    continue;
                };
                completion.calls.push(call);
                if let Some(signature) = thought_signature {
                    completion.extras.insert(n, extra_content(&signature));
                }
            }
            AnswerPart { text: Some(text), thought: Some(true), .. } => {
                completion.reasoning += &text
            }
            AnswerPart { text: Some(text), .. } => completion.text += &text,
            _ => {}
        }
    }
    completion.usage = response.usage_metadata.and_then(|usage| usage.buckets());
    let reason = candidate.and_then(|candidate| candidate.finish_reason.as_deref());
    let said = Said {
        has_calls: !completion.calls.is_empty(),
        has_content: !completion.text.is_empty() || !completion.reasoning.is_empty(),
        has_tokens: completion.usage.is_some_and(|usage| usage.whole_completion() > 0),
    };
    let end = End::of(reason, response.is_blocked());
    let finish = end.finish(&said).ok_or(reason.unwrap_or_default())?;
    finish.clone_into(&mut completion.finish);
    Ok(completion)
}

/// The call in OpenAI's words; `None` for the continuation of one, which has no name.
pub(super) fn function_call(
    call: AnswerCall,
    n: usize,
    response_id: Option<&str>,
) -> Option<FunctionCall> {
    let name = call.name.filter(|name| !name.is_empty())?;
    let args = call.args.as_deref().map(|args| args.get());
    let arguments = args.filter(|args| args.starts_with('{')).unwrap_or("{}").to_owned();
    let id = call.id.filter(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| format!("call_{}_{n}", response_id.unwrap_or("gemini")));
    Some(FunctionCall { id, name, arguments })
}

/// What an answer has said so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub(super) has_calls: bool,
    /// Text or reasoning.
    pub(super) has_content: bool,
    /// Whether any was paid for.
    pub(super) has_tokens: bool,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Stop,
    Length,
    Filter,
    Malformed,
}

impl End {
    /// The end that Gemini's reason names.
    pub(super) fn of(reason: Option<&str>, is_blocked: bool) -> Self {
        match reason {
            None if is_blocked => Self::Filter,
            None | Some("STOP" | "FINISH_REASON_UNSPECIFIED") => Self::Stop,
            Some("MAX_TOKENS" | "CONTINUATION") => Self::Length,
            Some(
                "MALFORMED_FUNCTION_CALL"
                | "UNEXPECTED_TOOL_CALL"
                | "TOO_MANY_TOOL_CALLS"
                | "MALFORMED_RESPONSE"
                | "MISSING_THOUGHT_SIGNATURE",
            ) => Self::Malformed,
            Some(_) => Self::Filter,
        }
    }

    /// OpenAI's word for it; `None` where nothing was said and that is a failure: an empty `STOP`
    /// is known to be one that a second try mends.
    pub(super) fn finish(self, said: &Said) -> Option<&'static str> {
        let is_empty = !said.has_calls && !said.has_content;
        match self {
            Self::Filter => Some("content_filter"),
            Self::Length => Some("length"),
            Self::Stop if is_empty && !said.has_tokens => None,
            Self::Malformed if is_empty => None,
            _ if said.has_calls => Some("tool_calls"),
            _ => Some("stop"),
        }
    }
}
