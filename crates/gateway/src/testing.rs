//! What unit tests are set up with.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Map;
use tokio::time::Instant;
use tollgate_domain::api_key::{ApiKey, CredentialKind, KeyLimits, KeyState, OpenedKey};
use tollgate_domain::app_token::AppToken;
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{CallFacts, ChatCall, Dialect, Endpoint};
use tollgate_domain::limit::{AppLimits, Budget};
use tollgate_domain::model::{Lifecycle, Model, ModelSource, ModelType};
use tollgate_domain::provider::{ProtocolKind, Provider, Strategy, Timeouts};
use tollgate_domain::{ApiKeyId, AppTokenId, Clock, ModelId, ProviderId, RequestId, Secret};

use crate::pool::{Changes, Moment, Pool};
use crate::random::Random;
use crate::snapshot::Snapshot;
use crate::snapshot::build::Rows;

/// Noon of a day, on a clock that goes with tokio's, so that pausing one pauses both.
#[derive(Debug)]
pub(crate) struct TestClock {
    start: Instant,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now() }
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment { instant: Instant::now(), utc: self.now() }
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        noon() + TimeDelta::from_std(self.start.elapsed()).unwrap()
    }
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// Always the same chance.
#[derive(Debug)]
pub(crate) struct Always(pub(crate) f64);

impl Random for Always {
    fn unit(&self) -> f64 {
        self.0
    }
}

pub(crate) fn provider(id: i64, code: &str) -> Provider {
    Provider {
        id: ProviderId::new(id),
        code: code.to_owned(),
        name: code.to_owned(),
        protocol: ProtocolKind::OpenAi,
        base_url: "http://127.0.0.1:9/v1".to_owned(),
        is_active: true,
        sort_order: 0,
        description: None,
        lb_strategy: Strategy::Priority,
        default_model_id: None,
        default_params: Map::new(),
        timeouts: Timeouts::default(),
        max_retries: 3,
        queue_timeout_ms: 0,
        extra_headers: std::collections::BTreeMap::new(),
        quirks: Map::new(),
        created_at: noon(),
        updated_at: noon(),
    }
}

pub(crate) fn model(id: i64, provider: i64, code: &str) -> Model {
    Model {
        id: ModelId::new(id),
        provider_id: ProviderId::new(provider),
        code: code.to_owned(),
        name: code.to_owned(),
        model_type: ModelType::Chat,
        max_input_tokens: None,
        max_output_tokens: None,
        supports_streaming: true,
        supports_function_call: true,
        supports_vision: false,
        is_active: true,
        source: ModelSource::Manual,
        lifecycle: Lifecycle::Active,
        shutdown_date: None,
        constraints: Map::new(),
        is_missing_upstream: false,
        synced_at: None,
        created_at: noon(),
        updated_at: noon(),
    }
}

pub(crate) fn key(id: i64, provider: i64) -> OpenedKey {
    OpenedKey {
        key: ApiKey {
            id: ApiKeyId::new(id),
            provider_id: ProviderId::new(provider),
            name: format!("key {id}"),
            credential_kind: CredentialKind::Static,
            hint: "****".to_owned(),
            base_url: None,
            priority: 100,
            weight: 1,
            limits: KeyLimits::default(),
            is_active: true,
            state: KeyState::default(),
            requests_count_today: 0,
            tokens_count_today: 0,
            counted_on: None,
            last_used_at: None,
            last_validated_at: None,
            created_at: noon(),
            updated_at: noon(),
        },
        secret: Some(Secret::from("sk-test")),
    }
}

pub(crate) fn snapshot(rows: Rows) -> Snapshot {
    let changes = Arc::new(Changes::default());
    let epoch = Instant::now();
    Snapshot::build(rows, |_| Arc::new(Pool::new(Arc::clone(&changes), epoch)))
}

/// An app token without limits.
pub(crate) fn app_token(id: i64) -> AppToken {
    AppToken {
        id: AppTokenId::new(id),
        name: format!("app {id}"),
        hint: String::new(),
        owner_id: None,
        scopes: Vec::new(),
        allowed_models: Vec::new(),
        allowed_providers: Vec::new(),
        limits: AppLimits::default(),
        budget: Budget::default(),
        requests_count_today: 0,
        counted_on: None,
        expires_at: None,
        is_active: true,
        last_used_at: None,
        created_at: noon(),
        updated_at: noon(),
    }
}

/// A chat of these facts by nobody in particular.
pub(crate) fn call(facts: CallFacts) -> ChatCall {
    ChatCall {
        request_id: RequestId::new(noon()),
        client_request_id: None,
        user_id: None,
        app_id: None,
        access: Access::default(),
        dialect: Dialect::OpenAi,
        endpoint: Endpoint::Chat,
        path: "/v1/chat/completions",
        body: Bytes::from_static(b"{}"),
        facts,
        forwarded: Vec::new(),
        timeout: None,
        ip_address: None,
        user_agent: None,
    }
}
