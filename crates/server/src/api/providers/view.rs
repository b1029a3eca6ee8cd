//! A provider as the API shows it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use tollgate_domain::provider::{ProtocolKind, Provider, Strategy};
use tollgate_store::providers::ProviderCounts;
use utoipa::ToSchema;

use crate::openapi::words;

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    /// Its id.
    pub id: i64,
    /// What callers call it.
    #[schema(example = "openai")]
    pub provider_code: String,
    /// What people call it.
    pub provider_name: String,
    /// The wire protocol it speaks.
    #[schema(schema_with = words::protocol)]
    pub protocol: ProtocolKind,
    /// The URL that endpoints such as `/chat/completions` are appended to.
    pub base_url: String,
    /// Whether calls may go to it.
    pub is_active: bool,
    /// Where several providers list a model, the lowest goes first.
    pub sort_order: i64,
    /// Free text.
    pub description: Option<String>,
    /// How its keys share the load.
    #[schema(schema_with = words::strategy)]
    pub lb_strategy: Strategy,
    /// Code of the model of a call that names none.
    pub default_model: Option<String>,
    /// Request fields sent where the caller is silent.
    #[schema(value_type = Object)]
    pub default_params: Map<String, Value>,
    /// Milliseconds to connect.
    pub connect_timeout_ms: u32,
    /// Milliseconds to the first content.
    pub first_token_timeout_ms: u32,
    /// Milliseconds between two signs of life in a stream.
    pub idle_timeout_ms: u32,
    /// Milliseconds for everything.
    pub total_timeout_ms: u32,
    /// Further attempts that one call may make.
    pub max_retries: u32,
    /// Milliseconds that a call may wait for a key with room.
    pub queue_timeout_ms: u32,
    /// Headers sent with every request.
    pub extra_headers: BTreeMap<String, String>,
    /// What it wants sent differently from its protocol's standard.
    #[schema(value_type = Object)]
    pub quirks: Map<String, Value>,
    /// Its models.
    pub models_count: i64,
    /// Its active keys.
    pub active_keys_count: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl ProviderView {
    pub(super) fn new(
        provider: Provider,
        default_model: Option<String>,
        counts: ProviderCounts,
    ) -> Self {
        Self {
            id: provider.id.get(),
            provider_code: provider.code,
            provider_name: provider.name,
            protocol: provider.protocol,
            base_url: provider.base_url,
            is_active: provider.is_active,
            sort_order: provider.sort_order,
            description: provider.description,
            lb_strategy: provider.lb_strategy,
            default_model,
            default_params: provider.default_params,
            connect_timeout_ms: provider.timeouts.connect_ms,
            first_token_timeout_ms: provider.timeouts.first_token_ms,
            idle_timeout_ms: provider.timeouts.idle_ms,
            total_timeout_ms: provider.timeouts.total_ms,
            max_retries: provider.max_retries,
            queue_timeout_ms: provider.queue_timeout_ms,
            extra_headers: provider.extra_headers,
            quirks: provider.quirks,
            models_count: counts.models_count,
            active_keys_count: counts.active_keys_count,
            created_at: provider.created_at,
            updated_at: provider.updated_at,
        }
    }
}
