//! Calls on record as the API shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::page::{Page, Paged};
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, ProviderId, UserId};
use tollgate_store::api_logs::LoggedCall;
use utoipa::ToSchema;

use crate::openapi::words;

/// One page of calls.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogsView {
    logs: Vec<LogView>,
    /// How many calls there are, or at least how many.
    total: i64,
    /// True where counting stopped at `total`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    total_is_capped: bool,
    page: u32,
    page_size: u32,
}

impl LogsView {
    pub(crate) fn new(calls: Paged<LoggedCall>, page: Page) -> Self {
        Self {
            logs: calls.rows.into_iter().map(LogView::from).collect(),
            total: calls.total,
            total_is_capped: calls.total_is_capped,
            page: page.number,
            page_size: page.size,
        }
    }
}

/// A call, shown by its final attempt, or one attempt of it. Token kinds are disjoint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogView {
    request_id: String,
    /// Which attempt of the call this is, from 1; 0 where it was refused before any.
    attempt: i32,
    /// Attempts that the call took.
    attempts: i32,
    /// When the call arrived.
    created_at: DateTime<Utc>,
    /// When this attempt was sent.
    started_at: DateTime<Utc>,
    provider_id: Option<i64>,
    provider_code: Option<String>,
    key_id: Option<i64>,
    key_name: Option<String>,
    /// The model that was called.
    model: Option<String>,
    /// The model or alias that the caller named.
    requested_model: Option<String>,
    endpoint: String,
    is_stream: bool,
    #[schema(schema_with = words::call_status)]
    status: CallStatus,
    /// The provider's status where it failed, else what the caller got.
    http_status: Option<u16>,
    error_code: Option<String>,
    error_message: Option<String>,
    prompt_tokens: i64,
    cached_tokens: i64,
    cache_write_tokens: i64,
    /// Tokens written to a cache for an hour; those above are not among them.
    cache_write_1h_tokens: i64,
    completion_tokens: i64,
    reasoning_tokens: i64,
    total_tokens: i64,
    /// Whether the tokens are our estimate, since the provider did not tell.
    is_estimated: bool,
    /// US dollars; null where unpriced.
    #[schema(value_type = Option<f64>)]
    cost_usd: Option<NanoUsd>,
    latency_ms: i64,
    first_token_ms: Option<i64>,
    finish_reason: Option<String>,
    app_id: Option<i64>,
    /// The app token's name.
    app_name: Option<String>,
    user_id: Option<i64>,
    /// The user's name.
    user_name: Option<String>,
    end_user: Option<String>,
    ip_address: Option<String>,
    user_agent: Option<String>,
    /// The caller's own `X-Request-Id`.
    client_request_id: Option<String>,
}

impl From<LoggedCall> for LogView {
    fn from(call: LoggedCall) -> Self {
        let log = call.log;
        Self {
            request_id: log.request_id.to_string(),
            attempt: log.attempt,
            attempts: call.attempts,
            created_at: log.created_at,
            started_at: log.started_at,
            provider_id: log.provider_id.map(ProviderId::get),
            provider_code: call.provider_code,
            key_id: log.key_id.map(ApiKeyId::get),
            key_name: call.key_name,
            model: log.model_code,
            requested_model: log.requested_model,
            endpoint: log.endpoint,
            is_stream: log.is_stream,
            status: log.status,
            http_status: log.http_status,
            error_code: log.error_code,
            error_message: log.error_message,
            prompt_tokens: log.usage.prompt,
            cached_tokens: log.usage.cached,
            cache_write_tokens: log.usage.cache_write,
            cache_write_1h_tokens: log.usage.cache_write_1h,
            completion_tokens: log.usage.completion,
            reasoning_tokens: log.usage.reasoning,
            total_tokens: log.usage.total(),
            is_estimated: log.usage_source == tollgate_domain::usage::UsageSource::Estimated,
            cost_usd: log.cost,
            latency_ms: log.latency_ms,
            first_token_ms: log.first_token_ms,
            finish_reason: log.finish_reason,
            app_id: log.app_id.map(AppTokenId::get),
            app_name: call.app_name,
            user_id: log.user_id.map(UserId::get),
            user_name: call.user_name,
            end_user: log.end_user,
            ip_address: log.ip_address,
            user_agent: log.user_agent,
            client_request_id: log.client_request_id,
        }
    }
}
