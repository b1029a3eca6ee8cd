//! What Gemini's answers say, whole or in a stream, before it is put into a caller's dialect.
//!
//! | Gemini | is read as |
//! | --- | --- |
//! | `text` | [`Piece::Text`] |
//! | `text` of a `thought` | [`Piece::Thought`] |
//! | `functionCall` | [`Piece::Call`], an id made up where there is none |
//! | `thoughtSignature` of a call | the call's `signature`; those of other parts are left out |
//! | `usageMetadata` | the last one that counts anything |
//! | `STOP` | [`End::Calls`] if there was any call in the answer, else [`End::Stop`] |
//! | `MAX_TOKENS`, `CONTINUATION` | [`End::Length`] |
//! | `MALFORMED_FUNCTION_CALL` and its like | a failure where nothing was said, else as `STOP` |
//! | the safety family, and a blocked prompt | [`End::Filter`] |
//! | code, its results, images, grounding, candidates after the first | left out |

use std::fmt;

use tollgate_domain::chat::{ChatCall, ChatEvent};
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use crate::gemini::wire::{AnswerCall, AnswerPart, Response, Usage};
use crate::translate::tool_names::{Names, Rule};

/// A piece of an answer; no text is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Visible text.
    Text(String),
    /// What the model thought.
    Thought(String),
    /// A call of a tool, always whole.
    Call(Call),
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// Its id.
    pub(crate) id: String,
    /// The tool's name.
    pub(crate) name: String,
    /// The arguments' JSON, byte for byte.
    pub(crate) arguments: String,
    /// What Gemini wants to see again beside the call.
    pub(crate) signature: Option<String>,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The model had said all.
    Stop,
    /// The model waits for the results of its calls.
    Calls,
    /// The answer grew too long.
    Length,
    /// The prompt or the answer was blocked.
    Filter,
}

/// Writes a streamed answer in a caller's dialect.
pub(crate) trait Relay: Send + fmt::Debug {
    /// Adds the events that a piece amounts to.
    fn take(&mut self, piece: &Piece, events: &mut Vec<ChatEvent>) -> Result<(), Failure>;

    /// Adds what is owed at the end of the stream.
    fn end(
        &mut self,
        end: End,
        usage: Option<TokenUsage>,
        events: &mut Vec<ChatEvent>,
    ) -> Result<(), Failure>;
}

/// Reads one answer, in one response or in many.
#[derive(Debug)]
pub(crate) struct Reading {
    names: Names,
    calls: usize,
    /// Whether there was text or a thought.
    has_content: bool,
    /// Why it ended, also in Gemini's words, which are blank for a blocked prompt.
    reason: Option<(Reason, String)>,
    usage: Usage,
}

impl Reading {
    /// Reads an answer to `call`.
    pub(crate) fn of(call: &ChatCall) -> Self {
        Self {
            names: Names::of(&call.body, Rule::GEMINI),
            calls: 0,
            has_content: false,
            reason: None,
            usage: Usage::default(),
        }
    }

    /// What one response adds; nothing at all for many.
    pub(crate) fn take(&mut self, response: &Response) -> Vec<Piece> {
        if let Some(usage) = response.usage_metadata.filter(|usage| usage.buckets().is_some()) {
            self.usage = usage;
        }
        let candidate = response.candidate();
        let parts = candidate.into_iter().flat_map(|candidate| candidate.parts());
        let id = response.response_id.as_deref();
        let pieces = parts.filter_map(|part| self.piece(part, id)).collect();
        let told = candidate.and_then(|candidate| candidate.finish_reason.as_deref());
        if told.is_some() || response.is_blocked() {
            let reason = Reason::of(told, response.is_blocked());
            self.reason = Some((reason, told.unwrap_or_default().to_owned()));
        }
        pieces
    }

    /// Whether the provider has said why the answer ended.
    pub(crate) fn is_finished(&self) -> bool {
        self.reason.is_some()
    }

    /// How it ended, and its tokens where they were counted. Fails, with Gemini's reason, where
    /// nothing was said and should have been: an empty `STOP` is known to be one that a second try
    /// mends.
    pub(crate) fn finish(&mut self) -> Result<(End, Option<TokenUsage>), String> {
        let usage = self.usage.buckets();
        let has_tokens = usage.is_some_and(|usage| usage.whole_completion() > 0);
        let is_empty = self.calls == 0 && !self.has_content;
        let (reason, told) = self.reason.take().unwrap_or((Reason::Stop, String::new()));
        let end = match reason {
            Reason::Filter => End::Filter,
            Reason::Length => End::Length,
            Reason::Stop if is_empty && !has_tokens => return Err(told),
            Reason::Malformed if is_empty => return Err(told),
            _ if self.calls > 0 => End::Calls,
            _ => End::Stop,
        };
        Ok((end, usage))
    }

    fn piece(&mut self, part: AnswerPart, response_id: Option<&str>) -> Option<Piece> {
        if let Some(call) = part.function_call {
            let call = self.call(call, part.thought_signature, response_id)?;
            self.calls += 1;
            return Some(Piece::Call(call));
        }
        let text = part.text.filter(|text| !text.is_empty())?;
        self.has_content = true;
        Some(match part.thought {
            Some(true) => Piece::Thought(text),
            _ => Piece::Text(text),
        })
    }

    /// A call; `None` for the continuation of one, which has no name.
    fn call(
        &self,
        call: AnswerCall,
        signature: Option<String>,
        response_id: Option<&str>,
    ) -> Option<Call> {
        let name = call.name.filter(|name| !name.is_empty())?;
        let name = self.names.for_caller(&name).to_owned();
        let args = call.args.as_deref().map(|args| args.get());
        let arguments = args.filter(|args| args.starts_with('{')).unwrap_or("{}").to_owned();
        let id = call.id.filter(|id| !id.is_empty());
        let id = id
            .unwrap_or_else(|| format!("call_{}_{}", response_id.unwrap_or("gemini"), self.calls));
        let signature = signature.filter(|signature| !signature.is_empty());
        Some(Call { id, name, arguments, signature })
    }
}

/// The families of Gemini's reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Stop,
    Length,
    Filter,
    Malformed,
}

impl Reason {
    fn of(told: Option<&str>, is_blocked: bool) -> Self {
        match told {
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
}
