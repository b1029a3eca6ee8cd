//! What a call used and cost, and the rows that record it.

use chrono::{DateTime, Utc};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::chat::{AnswerFacts, CallFacts, ChatCall, Endpoint, EventFacts};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{AppTokenId, NanoUsd, RequestId, UserId};

use crate::error::CallError;

/// Tokens that frame a prompt, beside those of its text: OpenAI counts three for the answer's begin.
const FRAME: i64 = 8;
/// The most tokens that a call reserves, however many it says it wants.
const MAX_RESERVED: i64 = 1 << 32;
/// Tokens to reserve for a call: its prompt and its answer. With a bound on the answer they are a
/// bound too, since no token is shorter than a byte; else the answer is the `usual` one, and both
/// are estimates.
#[must_use]
pub(crate) fn expected_tokens(
    facts: &CallFacts,
    endpoint: Endpoint,
    usual: impl FnOnce() -> i64,
) -> i64 {
    let choices = facts.choices.unwrap_or(1).max(1);
    let (prompt, output) = match (endpoint, facts.max_tokens) {
        (Endpoint::Chat, Some(longest)) => (prompt_bound(facts), longest.max(0)),
        (Endpoint::Chat, None) => (facts.prompt_token_estimate(), usual().max(0)),
        (Endpoint::Embeddings, _) => (facts.prompt_token_estimate(), 0),
        // Nothing of it counts as tokens used.
        (Endpoint::CountTokens, _) => return 0,
    };
    prompt.saturating_add(output.saturating_mul(choices)).min(MAX_RESERVED)
}

/// As many tokens as a prompt can have: a byte is a token at the most, and the frame of the whole
/// has a few more. Images are estimated.
fn prompt_bound(facts: &CallFacts) -> i64 {
    let text = CallFacts { prompt_bytes: 0, ..facts.clone() };
    let bytes = i64::try_from(facts.prompt_bytes).unwrap_or(i64::MAX);
    text.prompt_token_estimate().saturating_add(bytes).saturating_add(FRAME)
}

/// What an answer has come to so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    told: Option<TokenUsage>,
    output_bytes: usize,
    reasoning_bytes: usize,
    finish_reason: Option<String>,
}

impl Progress {
    /// Takes in an event of a stream.
    pub(crate) fn event(&mut self, facts: &EventFacts) {
        if facts.usage.is_some() {
            self.told = facts.usage;
        }
        if let Some(reason) = &facts.finish_reason {
            self.finish_reason = Some(reason.clone());
        }
        self.output_bytes += facts.output_bytes;
        self.reasoning_bytes += facts.reasoning_bytes;
    }

    /// Takes in a whole answer.
    pub(crate) fn answer(&mut self, facts: &AnswerFacts) {
        self.told = facts.usage;
        self.finish_reason.clone_from(&facts.finish_reason);
        self.output_bytes = facts.output_bytes;
        self.reasoning_bytes = facts.reasoning_bytes;
    }

    /// The tokens: the provider's figures where it gave any, else an estimate of a token for four
    /// bytes.
    #[must_use]
    pub(crate) fn usage(&self, call: &CallFacts) -> (TokenUsage, UsageSource) {
        if let Some(told) = self.told {
            return (told, UsageSource::Provider);
        }
        let estimated = TokenUsage {
            prompt: call.prompt_token_estimate(),
            completion: tokens_of(self.output_bytes),
            reasoning: tokens_of(self.reasoning_bytes),
            ..TokenUsage::default()
        };
        (estimated, UsageSource::Estimated)
    }

    /// The tokens of an attempt that broke before any content: what the provider told, or none.
    #[must_use]
    pub(crate) fn usage_without_answer(&self) -> (TokenUsage, UsageSource) {
        (self.told.unwrap_or_default(), UsageSource::Provider)
    }

    /// Why the answer ended.
    #[must_use]
    pub(crate) const fn finish_reason(&self) -> Option<&String> {
        self.finish_reason.as_ref()
    }
}

fn tokens_of(bytes: usize) -> i64 {
    i64::try_from(bytes.div_ceil(4)).unwrap_or(i64::MAX)
}

/// A call that was refused before any attempt, for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCall {
    /// Ours.
    pub request_id: RequestId,
    /// The caller's own `X-Request-Id`.
    pub client_request_id: Option<String>,
    /// The user it counts for.
    pub user_id: Option<UserId>,
    /// The app token it counts for.
    pub app_id: Option<AppTokenId>,
    /// The caller's end user.
    pub end_user: Option<String>,
    /// The model that the caller named.
    pub requested_model: Option<String>,
    /// The route it came in by.
    pub path: &'static str,
    /// Whether a stream was asked for.
    pub is_stream: bool,
    /// The status that the caller gets.
    pub http_status: Option<u16>,
    /// The error's stable name.
    pub error_code: String,
    /// The error in words.
    pub error_message: String,
    /// The caller's address.
    pub ip_address: Option<String>,
    /// The caller's program.
    pub user_agent: Option<String>,
}

impl RefusedCall {
    /// The refusal of `call` with `error`.
    #[must_use]
    pub fn new(call: &ChatCall, error: &CallError, http_status: Option<u16>) -> Self {
        Self {
            request_id: call.request_id,
            client_request_id: call.client_request_id.clone(),
            user_id: call.user_id,
            app_id: call.app_id,
            end_user: call.facts.end_user.clone(),
            requested_model: call.facts.model.clone(),
            path: call.path,
            is_stream: call.facts.is_stream,
            http_status,
            error_code: error.code().to_owned(),
            error_message: error.to_string(),
            ip_address: call.ip_address.clone(),
            user_agent: call.user_agent.clone(),
        }
    }

    /// The one row that records it.
    #[must_use]
    pub fn into_log(self, now: DateTime<Utc>) -> ApiLog {
        let arrived = self.request_id.arrived_at();
        ApiLog {
            request_id: self.request_id,
            attempt: 0,
            is_final: true,
            created_at: arrived,
            started_at: arrived,
            client_request_id: self.client_request_id,
            user_id: self.user_id,
            app_id: self.app_id,
            end_user: self.end_user,
            provider_id: None,
            key_id: None,
            model_code: None,
            requested_model: self.requested_model.as_deref().map(name),
            endpoint: self.path.to_owned(),
            is_stream: self.is_stream,
            status: CallStatus::Error,
            http_status: self.http_status,
            error_code: Some(self.error_code),
            error_message: Some(cut(&self.error_message)),
            usage: TokenUsage::default(),
            usage_source: UsageSource::Provider,
            price_id: None,
            cost: Some(NanoUsd::ZERO),
            latency_ms: (now - arrived).num_milliseconds().max(0),
            first_token_ms: None,
            finish_reason: None,
            routing: None,
            ip_address: self.ip_address,
            user_agent: self.user_agent,
        }
    }
}

/// `text` as a record's message, at most 500 characters.
#[must_use]
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(500).collect()
}

/// `text` as a record's name of something, at most 200 characters: callers may write any, and a
/// record may have to wait.
#[must_use]
pub(crate) fn name(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_providers_figures_go_before_an_estimate() {
        let call = CallFacts { prompt_bytes: 401, ..CallFacts::default() };
        let mut progress = Progress::default();
        progress.event(&EventFacts { output_bytes: 10, reasoning_bytes: 4, ..Default::default() });
        progress.event(&EventFacts { output_bytes: 11, ..Default::default() });

        let (estimated, source) = progress.usage(&call);
        assert_eq!(source, UsageSource::Estimated);
        assert_eq!((estimated.prompt, estimated.completion, estimated.reasoning), (101, 6, 1));

        let told = TokenUsage { prompt: 3, completion: 2, ..TokenUsage::default() };
        progress.event(&EventFacts { usage: Some(told), ..Default::default() });
        assert_eq!(progress.usage(&call), (told, UsageSource::Provider));
    }

    #[test]
    fn a_call_reserves_its_prompt_and_the_answer_it_may_get() {
        let facts = |max_tokens| CallFacts { prompt_bytes: 400, max_tokens, ..Default::default() };

        let expected = |facts: &CallFacts, endpoint| expected_tokens(facts, endpoint, || 256);
        assert_eq!(expected(&facts(None), Endpoint::Chat), 356);
        assert_eq!(expected(&facts(Some(1_000)), Endpoint::Chat), 1_408);
        let three = CallFacts { choices: Some(3), ..facts(Some(1_000)) };
        assert_eq!(expected(&three, Endpoint::Chat), 3_408);
        assert_eq!(expected(&facts(Some(i64::MAX)), Endpoint::Chat), MAX_RESERVED);
        assert_eq!(expected(&facts(None), Endpoint::Embeddings), 100);
    }
}
