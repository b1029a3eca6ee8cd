//! The columns of a provider, in and out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use tollgate_domain::provider::{ProtocolKind, Provider, Strategy, Timeouts};
use tollgate_domain::{ModelId, ProviderId};

use crate::error::StoreResult;
use crate::row::{JsonColumn, count, json, patched, word, word_or};

const TABLE: &str = "t_ai_providers";
/// Behind the seeded providers, so that a new one takes over no model name that one of them lists.
const DEFAULT_SORT_ORDER: i64 = 100;

/// A SELECT of every column, with what follows the table's name.
macro_rules! select_provider {
    ($tail:literal) => {
        concat!(
            "SELECT id, provider_code, provider_name, protocol, base_url, is_active, sort_order,
                 description, lb_strategy, default_model_id, default_params, connect_timeout_ms,
                 first_token_timeout_ms, idle_timeout_ms, total_timeout_ms, max_retries,
                 queue_timeout_ms, extra_headers, quirks, created_at, updated_at, deleted_at
             FROM t_ai_providers ",
            $tail
        )
    };
}
pub(crate) use select_provider;

#[derive(sqlx::FromRow)]
pub(crate) struct ProviderRow {
    pub(crate) id: i64,
    pub(crate) provider_code: String,
    provider_name: String,
    protocol: String,
    base_url: String,
    is_active: bool,
    sort_order: i64,
    description: Option<String>,
    lb_strategy: String,
    default_model_id: Option<i64>,
    default_params: JsonColumn,
    connect_timeout_ms: i64,
    first_token_timeout_ms: i64,
    idle_timeout_ms: i64,
    total_timeout_ms: i64,
    max_retries: i64,
    queue_timeout_ms: i64,
    extra_headers: JsonColumn,
    quirks: JsonColumn,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    pub(crate) deleted_at: Option<DateTime<Utc>>,
}

impl ProviderRow {
    pub(crate) fn into_provider(self) -> StoreResult<Provider> {
        let object = |column, value| json(TABLE, self.id, column, value, "an object");
        let headers = "an object of texts";
        Ok(Provider {
            id: ProviderId::new(self.id),
            default_params: object("default_params", self.default_params)?,
            extra_headers: json(TABLE, self.id, "extra_headers", self.extra_headers, headers)?,
            quirks: object("quirks", self.quirks)?,
            protocol: word(TABLE, self.id, "protocol", &self.protocol)?,
            lb_strategy: word_or(
                TABLE,
                self.id,
                "lb_strategy",
                &self.lb_strategy,
                Strategy::Priority,
            ),
            code: self.provider_code,
            name: self.provider_name,
            base_url: self.base_url,
            is_active: self.is_active,
            sort_order: self.sort_order,
            description: self.description,
            default_model_id: self.default_model_id.map(ModelId::new),
            timeouts: Timeouts {
                connect_ms: count(self.connect_timeout_ms),
                first_token_ms: count(self.first_token_timeout_ms),
                idle_ms: count(self.idle_timeout_ms),
                total_ms: count(self.total_timeout_ms),
            },
            max_retries: count(self.max_retries),
            queue_timeout_ms: count(self.queue_timeout_ms),
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// A provider before it has a row. [`NewProvider::new`] fills in the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct NewProvider {
    /// What callers call it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// How to talk to it.
    pub protocol: ProtocolKind,
    /// The URL that endpoints are appended to.
    pub base_url: String,
    /// Whether calls may go to it.
    pub is_active: bool,
    /// Where several providers list a model, the lowest goes first.
    pub sort_order: i64,
    /// Free text.
    pub description: Option<String>,
    /// How its keys share the load.
    pub lb_strategy: Strategy,
    /// The model of a call that names none.
    pub default_model_id: Option<ModelId>,
    /// Request fields sent where the caller is silent.
    pub default_params: Map<String, Value>,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// Further attempts that one call may make.
    pub max_retries: u32,
    /// How long a call may wait for a key with room, in milliseconds.
    pub queue_timeout_ms: u32,
    /// Headers sent with every request.
    pub extra_headers: BTreeMap<String, String>,
    /// What it wants sent differently.
    pub quirks: Map<String, Value>,
}

impl NewProvider {
    /// A provider of the `openai` protocol with everything else at its default.
    pub fn new(
        code: impl Into<String>,
        name: impl Into<String>,
        base_url: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            protocol: ProtocolKind::OpenAi,
            base_url: base_url.into(),
            is_active: true,
            sort_order: DEFAULT_SORT_ORDER,
            description: None,
            lb_strategy: Strategy::Priority,
            default_model_id: None,
            default_params: Map::new(),
            timeouts: Timeouts::default(),
            max_retries: 3,
            queue_timeout_ms: 0,
            extra_headers: BTreeMap::new(),
            quirks: Map::new(),
        }
    }
}

impl From<Provider> for NewProvider {
    fn from(provider: Provider) -> Self {
        Self {
            code: provider.code,
            name: provider.name,
            protocol: provider.protocol,
            base_url: provider.base_url,
            is_active: provider.is_active,
            sort_order: provider.sort_order,
            description: provider.description,
            lb_strategy: provider.lb_strategy,
            default_model_id: provider.default_model_id,
            default_params: provider.default_params,
            timeouts: provider.timeouts,
            max_retries: provider.max_retries,
            queue_timeout_ms: provider.queue_timeout_ms,
            extra_headers: provider.extra_headers,
            quirks: provider.quirks,
        }
    }
}

/// What to change of a provider: absent stays; `Some(None)` clears.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderPatch {
    /// [`NewProvider::code`].
    pub code: Option<String>,
    /// [`NewProvider::name`].
    pub name: Option<String>,
    /// [`NewProvider::protocol`].
    pub protocol: Option<ProtocolKind>,
    /// [`NewProvider::base_url`].
    pub base_url: Option<String>,
    /// [`NewProvider::is_active`].
    pub is_active: Option<bool>,
    /// [`NewProvider::sort_order`].
    pub sort_order: Option<i64>,
    /// [`NewProvider::description`].
    pub description: Option<Option<String>>,
    /// [`NewProvider::lb_strategy`].
    pub lb_strategy: Option<Strategy>,
    /// [`NewProvider::default_model_id`].
    pub default_model_id: Option<Option<ModelId>>,
    /// [`NewProvider::default_params`], replaced whole.
    pub default_params: Option<Map<String, Value>>,
    /// [`Timeouts::connect_ms`].
    pub connect_timeout_ms: Option<u32>,
    /// [`Timeouts::first_token_ms`].
    pub first_token_timeout_ms: Option<u32>,
    /// [`Timeouts::idle_ms`].
    pub idle_timeout_ms: Option<u32>,
    /// [`Timeouts::total_ms`].
    pub total_timeout_ms: Option<u32>,
    /// [`NewProvider::max_retries`].
    pub max_retries: Option<u32>,
    /// [`NewProvider::queue_timeout_ms`].
    pub queue_timeout_ms: Option<u32>,
    /// [`NewProvider::extra_headers`], replaced whole.
    pub extra_headers: Option<BTreeMap<String, String>>,
    /// [`NewProvider::quirks`], replaced whole.
    pub quirks: Option<Map<String, Value>>,
}

impl ProviderPatch {
    pub(super) fn applied_to(&self, old: Provider) -> NewProvider {
        let patch = self.clone();
        let old = NewProvider::from(old);
        NewProvider {
            code: patch.code.unwrap_or(old.code),
            name: patch.name.unwrap_or(old.name),
            protocol: patch.protocol.unwrap_or(old.protocol),
            base_url: patch.base_url.unwrap_or(old.base_url),
            is_active: patch.is_active.unwrap_or(old.is_active),
            sort_order: patch.sort_order.unwrap_or(old.sort_order),
            description: patched(old.description, patch.description),
            lb_strategy: patch.lb_strategy.unwrap_or(old.lb_strategy),
            default_model_id: patched(old.default_model_id, patch.default_model_id),
            default_params: patch.default_params.unwrap_or(old.default_params),
            timeouts: Timeouts {
                connect_ms: patch.connect_timeout_ms.unwrap_or(old.timeouts.connect_ms),
                first_token_ms: patch.first_token_timeout_ms.unwrap_or(old.timeouts.first_token_ms),
                idle_ms: patch.idle_timeout_ms.unwrap_or(old.timeouts.idle_ms),
                total_ms: patch.total_timeout_ms.unwrap_or(old.timeouts.total_ms),
            },
            max_retries: patch.max_retries.unwrap_or(old.max_retries),
            queue_timeout_ms: patch.queue_timeout_ms.unwrap_or(old.queue_timeout_ms),
            extra_headers: patch.extra_headers.unwrap_or(old.extra_headers),
            quirks: patch.quirks.unwrap_or(old.quirks),
        }
    }
}
