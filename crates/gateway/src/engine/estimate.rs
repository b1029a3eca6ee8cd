//! Counts of tokens that no provider is asked for.

use bytes::Bytes;
use serde_json::json;
use tollgate_domain::NanoUsd;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall, Endpoint};
use tollgate_domain::usage::{TokenUsage, UsageSource};

use crate::attempt::row;
use crate::engine::Engine;
use crate::error::CallError;
use crate::reply::{CallReply, ReplyBody, ReplyHead};
use crate::target::Route;

/// Whether `call` asks for a count that the provider of `route` does not make.
pub(super) fn is_ours(call: &ChatCall, route: &Route) -> bool {
    let protocol = route.provider.provider.protocol;
    call.endpoint == Endpoint::CountTokens
        && !tollgate_providers::protocol(protocol).counts_tokens()
}

impl Engine {
    /// Answers how many tokens the prompt of `call` may have, in the caller's dialect, without
    /// any key. It is on record as an answered call that no attempt was made for.
    ///
    /// # Errors
    /// `Unavailable` where it cannot be recorded.
    pub(super) async fn estimate(
        &self,
        call: &ChatCall,
        route: &Route,
    ) -> Result<CallReply, CallError> {
        let slot = self.core.records.reserve().ok_or(CallError::Unavailable)?;
        let now = self.core.clock.now();
        let mut log = row(call, 0, route, None, now);
        log.is_final = true;
        log.status = CallStatus::Success;
        log.http_status = Some(200);
        log.cost = Some(NanoUsd::ZERO);
        log.latency_ms = (now - log.created_at).num_milliseconds().max(0);
        slot.send(log).wait().await?;
        Ok(CallReply { head: head(route), body: counted(call.facts.prompt_token_estimate()) })
    }
}

fn head(route: &Route) -> ReplyHead {
    let provider = &route.provider.provider;
    ReplyHead {
        provider_id: provider.id,
        provider_code: provider.code.clone(),
        key_id: None,
        model_code: route.model_code.clone(),
        lifecycle: route.lifecycle(),
        attempts: 0,
    }
}

/// The answer that counts are told in, whatever the dialect: Anthropic's.
fn counted(tokens: i64) -> ReplyBody {
    let usage = TokenUsage::default();
    let facts = AnswerFacts { usage: Some(usage), counted: Some(tokens), ..AnswerFacts::default() };
    let body = Bytes::from(json!({ "input_tokens": tokens }).to_string());
    ReplyBody::Whole {
        answer: Answer { body, facts },
        usage,
        usage_source: UsageSource::Estimated,
        cost: Some(NanoUsd::ZERO),
    }
}
