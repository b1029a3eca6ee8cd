//! One attempt, as a row of `t_ai_api_logs`.

use tollgate_domain::api_log::CallStatus;
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{NanoUsd, PriceId};

use super::sql::Insert;

/// The columns, in the order of [`Row::write`].
pub(super) const INSERT: &str = "
    INSERT INTO t_ai_api_logs (request_id, attempt, is_final, created_at, started_at,
        client_request_id, user_id, app_id, end_user, provider_id, key_id, model_code,
        requested_model, endpoint, is_stream, status, http_status, error_code, error_message,
        prompt_tokens, cached_tokens, cache_write_tokens, cache_write_1h_tokens,
        completion_tokens, reasoning_tokens, total_tokens, usage_source, price_id, cost_nanousd,
        latency_ms, first_token_ms, finish_reason, routing, ip_address, user_agent)
    VALUES";

/// An attempt of a call; names are borrowed from the world.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row<'w> {
    pub(super) request_id: [u8; 16],
    pub(super) attempt: i64,
    pub(super) is_final: bool,
    /// Milliseconds since 1970, here and below.
    pub(super) created_at_ms: i64,
    pub(super) started_at_ms: i64,
    pub(super) client_request_id: Option<String>,
    pub(super) user_id: Option<i64>,
    pub(super) app_id: Option<i64>,
    pub(super) end_user: Option<&'w str>,
    pub(super) provider_id: Option<i64>,
    pub(super) key_id: Option<i64>,
    pub(super) model_code: Option<&'w str>,
    pub(super) requested_model: &'w str,
    pub(super) endpoint: &'w str,
    pub(super) is_stream: bool,
    pub(super) status: CallStatus,
    pub(super) http_status: Option<i64>,
    pub(super) error_code: Option<&'static str>,
    pub(super) error_message: Option<&'static str>,
    pub(super) usage: TokenUsage,
    pub(super) usage_source: UsageSource,
    pub(super) price_id: Option<PriceId>,
    pub(super) cost: Option<NanoUsd>,
    pub(super) latency_ms: i64,
    pub(super) first_token_ms: Option<i64>,
    pub(super) finish_reason: Option<&'static str>,
    pub(super) routing: Option<&'static str>,
    pub(super) ip_address: &'w str,
    pub(super) user_agent: &'w str,
}

impl Row<'_> {
    /// Adds the row to an INSERT that begins with [`INSERT`].
    pub(super) fn write(&self, insert: &mut Insert) {
        insert
            .row()
            .bytes(&self.request_id)
            .number(self.attempt)
            .flag(self.is_final)
            .moment(self.created_at_ms)
            .moment(self.started_at_ms)
            .text(self.client_request_id.as_deref())
            .number(self.user_id)
            .number(self.app_id)
            .text(self.end_user)
            .number(self.provider_id)
            .number(self.key_id)
            .text(self.model_code)
            .text(self.requested_model)
            .text(self.endpoint)
            .flag(self.is_stream)
            .text(self.status.as_str())
            .number(self.http_status)
            .text(self.error_code)
            .text(self.error_message)
            .number(self.usage.prompt)
            .number(self.usage.cached)
            .number(self.usage.cache_write)
            .number(self.usage.cache_write_1h)
            .number(self.usage.completion)
            .number(self.usage.reasoning)
            .number(self.usage.total())
            .text(self.usage_source.as_str())
            .number(self.price_id.map(PriceId::get))
            .number(self.cost.map(NanoUsd::get))
            .number(self.latency_ms)
            .number(self.first_token_ms)
            .text(self.finish_reason)
            .text(self.routing)
            .text(self.ip_address)
            .text(self.user_agent)
            .end();
    }
}
