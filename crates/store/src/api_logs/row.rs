//! How an attempt is read.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::usage::TokenUsage;
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, RequestId, UserId};

use super::LoggedCall;
use crate::error::{StoreError, StoreResult};
use crate::row::word;

/// The columns of [`CallRow`], of `t_ai_api_logs AS l` and [`JOINS`].
pub(super) const COLUMNS: &str = "
    l.id, l.request_id, l.attempt, l.is_final, l.created_at, l.started_at, l.client_request_id,
    l.user_id, l.app_id, l.end_user, l.provider_id, l.key_id, l.model_code, l.requested_model,
    l.endpoint, l.is_stream, l.status, l.http_status, l.error_code, l.error_message,
    l.prompt_tokens, l.cached_tokens, l.cache_write_tokens, l.cache_write_1h_tokens,
    l.completion_tokens, l.reasoning_tokens, l.usage_source, l.price_id, l.cost_nanousd,
    l.latency_ms, l.first_token_ms, l.finish_reason, l.routing, l.ip_address, l.user_agent,
    provider.provider_code, api_key.key_name, app.name AS app_name, person.username AS user_name";

/// The tables that names come from; deleted rows are still there.
pub(super) const JOINS: &str = "
    LEFT JOIN t_ai_providers AS provider ON provider.id = l.provider_id
    LEFT JOIN t_ai_api_keys AS api_key ON api_key.id = l.key_id
    LEFT JOIN t_app_tokens AS app ON app.id = l.app_id
    LEFT JOIN t_users AS person ON person.id = l.user_id";

#[derive(sqlx::FromRow)]
pub(super) struct CallRow {
    id: i64,
    request_id: Vec<u8>,
    attempt: i32,
    is_final: bool,
    created_at: DateTime<Utc>,
    started_at: DateTime<Utc>,
    client_request_id: Option<String>,
    user_id: Option<i64>,
    app_id: Option<i64>,
    end_user: Option<String>,
    provider_id: Option<i64>,
    key_id: Option<i64>,
    model_code: Option<String>,
    requested_model: Option<String>,
    endpoint: String,
    is_stream: bool,
    status: String,
    http_status: Option<i32>,
    error_code: Option<String>,
    error_message: Option<String>,
    prompt_tokens: i64,
    cached_tokens: i64,
    cache_write_tokens: i64,
    cache_write_1h_tokens: i64,
    completion_tokens: i64,
    reasoning_tokens: i64,
    usage_source: String,
    price_id: Option<i64>,
    cost_nanousd: Option<i64>,
    latency_ms: i64,
    first_token_ms: Option<i64>,
    finish_reason: Option<String>,
    routing: Option<Json<Value>>,
    ip_address: Option<String>,
    user_agent: Option<String>,
    provider_code: Option<String>,
    key_name: Option<String>,
    app_name: Option<String>,
    user_name: Option<String>,
}

impl CallRow {
    /// Its place in the order of arrival.
    pub(super) const fn place(&self) -> (DateTime<Utc>, i64) {
        (self.created_at, self.id)
    }

    /// Attempts are counted from 1, so the final one's number says how many there were.
    pub(super) fn into_call(self) -> StoreResult<LoggedCall> {
        const TABLE: &str = "t_ai_api_logs";
        let request_id = RequestId::from_bytes(&self.request_id).ok_or(StoreError::Corrupt {
            table: TABLE,
            id: self.id,
            column: "request_id",
            reason: "must be 16 bytes".to_owned(),
        })?;
        let log = ApiLog {
            request_id,
            attempt: self.attempt,
            is_final: self.is_final,
            created_at: self.created_at,
            started_at: self.started_at,
            client_request_id: self.client_request_id,
            user_id: self.user_id.map(UserId::new),
            app_id: self.app_id.map(AppTokenId::new),
            end_user: self.end_user,
            provider_id: self.provider_id.map(ProviderId::new),
            key_id: self.key_id.map(ApiKeyId::new),
            model_code: self.model_code,
            requested_model: self.requested_model,
            endpoint: self.endpoint,
            is_stream: self.is_stream,
            status: word(TABLE, self.id, "status", &self.status)?,
            http_status: self.http_status.and_then(|status| u16::try_from(status).ok()),
            error_code: self.error_code,
            error_message: self.error_message,
            usage: TokenUsage {
                prompt: self.prompt_tokens,
                cached: self.cached_tokens,
                cache_write: self.cache_write_tokens,
                cache_write_1h: self.cache_write_1h_tokens,
                completion: self.completion_tokens,
                reasoning: self.reasoning_tokens,
            },
            usage_source: word(TABLE, self.id, "usage_source", &self.usage_source)?,
            price_id: self.price_id.map(PriceId::new),
            cost: self.cost_nanousd.map(NanoUsd::new),
            latency_ms: self.latency_ms,
            first_token_ms: self.first_token_ms,
            finish_reason: self.finish_reason,
            routing: self.routing.map(|json| json.0),
            ip_address: self.ip_address,
            user_agent: self.user_agent,
        };
        Ok(LoggedCall {
            attempts: log.attempt,
            log,
            provider_code: self.provider_code,
            key_name: self.key_name,
            app_name: self.app_name,
            user_name: self.user_name,
        })
    }
}
