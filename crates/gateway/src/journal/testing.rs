//! What the tests of a journal are set up with.

use std::path::Path;

use serde_json::json;
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, RequestId, UserId};

use super::{Fsync, JournalOptions};
use crate::account::RefusedCall;
use crate::testing::noon;

/// A small journal in `folder`, which is never synced.
pub(crate) fn options(folder: &Path) -> JournalOptions {
    JournalOptions { max_bytes: 1 << 20, fsync: Fsync::Never, ..JournalOptions::new(folder) }
}

/// The record of a call that was answered at its attempt number `attempt`.
pub(crate) fn log(attempt: i32) -> ApiLog {
    let refused = RefusedCall {
        request_id: RequestId::new(noon()),
        client_request_id: None,
        user_id: None,
        app_id: None,
        end_user: None,
        requested_model: None,
        path: "/v1/chat/completions",
        is_stream: false,
        http_status: None,
        error_code: "not_found".to_owned(),
        error_message: format!("row {attempt}"),
        ip_address: None,
        user_agent: None,
    };
    ApiLog { attempt, ..refused.into_log(noon()) }
}

/// A record with everything there is.
pub(crate) fn full_log() -> ApiLog {
    ApiLog {
        is_final: false,
        client_request_id: Some("their \"own\" id".to_owned()),
        user_id: Some(UserId::new(1)),
        app_id: Some(AppTokenId::new(2)),
        end_user: Some("Ä\u{1}ß".to_owned()),
        provider_id: Some(ProviderId::new(3)),
        key_id: Some(ApiKeyId::new(4)),
        model_code: Some("gpt-4o".to_owned()),
        requested_model: Some("fast".to_owned()),
        is_stream: true,
        status: CallStatus::Cancelled,
        http_status: Some(200),
        error_code: Some("caller_left".to_owned()),
        usage: TokenUsage {
            prompt: 1,
            cached: 2,
            cache_write: 3,
            cache_write_1h: 4,
            completion: 5,
            reasoning: TokenUsage::MAX,
        },
        usage_source: UsageSource::Estimated,
        price_id: Some(PriceId::new(5)),
        cost: Some(NanoUsd::new(i64::MAX)),
        latency_ms: 1_234,
        first_token_ms: Some(99),
        finish_reason: Some("stop".to_owned()),
        routing: Some(json!({"targets": [{"providerCode": "a"}]})),
        ip_address: Some("192.0.2.7".to_owned()),
        user_agent: Some("test".to_owned()),
        ..log(1)
    }
}
