//! Recorded calls, for the tests of logs and reports.

use chrono::{DateTime, Utc};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ApiKeyId, AppTokenId, NanoUsd, PriceId, ProviderId, RequestId, UserId};
use tollgate_store::Store;

/// Two providers with two keys each; the second provider and its keys are deleted.
pub(crate) async fn given_providers_and_keys(store: &Store) {
    let statements = [
        "INSERT INTO t_ai_providers (id, provider_code, provider_name, base_url)
         VALUES (1, 'openai', 'OpenAI', 'https://one.example')",
        "INSERT INTO t_ai_providers (id, provider_code, provider_name, base_url, deleted_at)
         VALUES (2, 'gone', 'Gone AI', 'https://two.example', '2026-01-01 00:00:00')",
        "INSERT INTO t_ai_api_keys (id, provider_id, key_name) VALUES (11, 1, 'main')",
        "INSERT INTO t_ai_api_keys (id, provider_id, key_name) VALUES (12, 1, 'spare')",
        "INSERT INTO t_ai_api_keys (id, provider_id, key_name, deleted_at)
         VALUES (21, 2, 'lost', '2026-01-01 00:00:00')",
        "INSERT INTO t_ai_api_keys (id, provider_id, key_name, deleted_at)
         VALUES (22, 2, 'lost too', '2026-01-01 00:00:00')",
    ];
    for statement in statements {
        store.execute_sql(statement).await.unwrap();
    }
}

/// A call that arrived at `now` and was answered at the first attempt, by key 11 of provider 1.
pub(crate) fn answered(now: DateTime<Utc>) -> ApiLog {
    ApiLog {
        request_id: RequestId::new(now),
        attempt: 1,
        is_final: true,
        created_at: now,
        started_at: now,
        client_request_id: None,
        user_id: Some(UserId::new(1)),
        app_id: None,
        end_user: None,
        provider_id: Some(ProviderId::new(1)),
        key_id: Some(ApiKeyId::new(11)),
        model_code: Some("gpt-4o".to_owned()),
        requested_model: Some("gpt-4o".to_owned()),
        endpoint: "/v1/chat/completions".to_owned(),
        is_stream: false,
        status: CallStatus::Success,
        http_status: Some(200),
        error_code: None,
        error_message: None,
        usage: TokenUsage { prompt: 10, completion: 5, ..TokenUsage::default() },
        usage_source: UsageSource::Provider,
        price_id: Some(PriceId::new(3)),
        cost: Some(NanoUsd::new(1_000)),
        latency_ms: 120,
        first_token_ms: None,
        finish_reason: Some("stop".to_owned()),
        routing: None,
        ip_address: None,
        user_agent: None,
    }
}

/// A call of which every field is filled.
pub(crate) fn complete(now: DateTime<Utc>) -> ApiLog {
    ApiLog {
        client_request_id: Some("their-id".to_owned()),
        app_id: Some(AppTokenId::new(5)),
        end_user: Some("小明".to_owned()),
        requested_model: Some("fast".to_owned()),
        is_stream: true,
        status: CallStatus::Error,
        http_status: Some(503),
        error_code: Some("overloaded".to_owned()),
        error_message: Some("try later".to_owned()),
        usage: TokenUsage {
            prompt: 1,
            cached: 2,
            cache_write: 3,
            cache_write_1h: 6,
            completion: 4,
            reasoning: 5,
        },
        usage_source: UsageSource::Estimated,
        first_token_ms: Some(77),
        routing: Some(serde_json::json!([{"key": 12, "skipped": "rpm"}])),
        ip_address: Some("2001:db8::1".to_owned()),
        user_agent: Some("openai-python/2".to_owned()),
        ..answered(now)
    }
}

/// One attempt that failed with `key` and was not the last of the call that `last` ends.
pub(crate) fn failed_before(last: &ApiLog, attempt: i32, key: i64) -> ApiLog {
    ApiLog {
        attempt,
        is_final: false,
        key_id: Some(ApiKeyId::new(key)),
        status: CallStatus::Error,
        http_status: Some(500),
        error_code: Some("transient".to_owned()),
        usage: TokenUsage::default(),
        price_id: None,
        cost: None,
        finish_reason: None,
        ..last.clone()
    }
}
