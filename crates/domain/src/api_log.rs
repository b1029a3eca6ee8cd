//! The record of one attempt of one call.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::usage::{TokenUsage, UsageSource};
use crate::words::words;
use crate::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, RequestId, UserId};

words! {
    /// How an attempt ended.
    CallStatus {
        /// Answered.
        Success = "success",
        /// Failed.
        Error = "error",
        /// The caller left.
        Cancelled = "cancelled",
    }
}

/// A row of `t_ai_api_logs`. A call refused before any attempt is one row with `attempt` 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiLog {
    /// The call.
    pub request_id: RequestId,
    /// Counted from 1 within the call.
    pub attempt: i32,
    /// Whether the call ended with it.
    pub is_final: bool,
    /// When the call arrived: [`RequestId::arrived_at`], the same for all attempts.
    pub created_at: DateTime<Utc>,
    /// When this attempt was sent.
    pub started_at: DateTime<Utc>,
    /// The caller's own `X-Request-Id`.
    pub client_request_id: Option<String>,
    /// The user it counts for.
    pub user_id: Option<UserId>,
    /// The app token it counts for.
    pub app_id: Option<AppTokenId>,
    /// The caller's end user, as the caller names them.
    pub end_user: Option<String>,
    /// Where it went.
    pub provider_id: Option<ProviderId>,
    /// With which key.
    pub key_id: Option<ApiKeyId>,
    /// The model it was sent to.
    pub model_code: Option<String>,
    /// The model or alias that the caller named.
    pub requested_model: Option<String>,
    /// The route it came in by: `/v1/chat/completions`.
    pub endpoint: String,
    /// Whether a stream was asked for.
    pub is_stream: bool,
    /// How it ended.
    pub status: CallStatus,
    /// The provider's status, or ours where no provider answered.
    pub http_status: Option<u16>,
    /// The class or code of the failure.
    pub error_code: Option<String>,
    /// The failure in words, at most 500 characters.
    pub error_message: Option<String>,
    /// Its tokens.
    pub usage: TokenUsage,
    /// Who counted them.
    pub usage_source: UsageSource,
    /// What priced it; `None` is unpriced.
    pub price_id: Option<PriceId>,
    /// What it cost; `None` is unpriced.
    pub cost: Option<NanoUsd>,
    /// From sending to the end, in milliseconds.
    pub latency_ms: i64,
    /// From sending to the first content, in milliseconds.
    pub first_token_ms: Option<i64>,
    /// Why the answer ended.
    pub finish_reason: Option<String>,
    /// Which keys were passed over and why; `None` when there is nothing to tell.
    pub routing: Option<Value>,
    /// The caller's address.
    pub ip_address: Option<String>,
    /// The caller's program.
    pub user_agent: Option<String>,
}

impl ApiLog {
    /// When it ended.
    #[must_use]
    pub fn ended_at(&self) -> DateTime<Utc> {
        self.started_at + TimeDelta::milliseconds(self.latency_ms)
    }
}
