//! What the API is told of a provider.

use std::collections::BTreeMap;

use actix_web::http::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value};
use tollgate_domain::ProviderId;
use tollgate_domain::provider::{ProtocolKind, Strategy, Timeouts};
use tollgate_providers::Quirks;
use tollgate_store::providers::{NewProvider, ProviderPatch};
use tollgate_store::{Store, StoreError};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::json::{clearable, present};
use crate::extract::{Checks, Make, Validate};
use crate::openapi::words;

/// The longest wait that a provider may be given: an hour.
const LONGEST_MS: i64 = 3_600_000;
/// Headers that are ours to send: they carry the key, or frame the request.
const OWN_HEADERS: [&str; 12] = [
    "authorization",
    "proxy-authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "cookie",
    "host",
    "content-type",
    "content-length",
    "transfer-encoding",
    "connection",
    "accept-encoding",
];

/// What can be said of a provider; what is absent stays as it is, or has its default.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProviderPatch)]
pub struct ProviderBody {
    /// What callers call it: 1 to 50 of `a-z`, `0-9`, `_` and `-`.
    #[serde(default, deserialize_with = "present")]
    #[schema(example = "my-proxy", pattern = "^[a-z0-9][a-z0-9_-]{0,49}$")]
    provider_code: Option<String>,
    /// What people call it.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 100)]
    provider_name: Option<String>,
    /// The wire protocol it speaks; by default `openai`.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::protocol)]
    protocol: Option<ProtocolKind>,
    /// The URL that endpoints such as `/chat/completions` are appended to.
    #[serde(default, deserialize_with = "present")]
    #[schema(example = "https://api.example.com/v1")]
    base_url: Option<String>,
    /// Whether calls may go to it; by default they may.
    #[serde(default, deserialize_with = "present")]
    is_active: Option<bool>,
    /// Where several providers list a model, the lowest goes first; by default 100.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    sort_order: Option<i64>,
    /// Free text.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    description: Option<Option<String>>,
    /// How its keys share the load; by default as the settings say.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::strategy)]
    lb_strategy: Option<Strategy>,
    /// Code of the model of a call that names none. A new provider gets a model of that code.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 200)]
    default_model: Option<Option<String>>,
    /// Request fields sent where the caller is silent.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    default_params: Option<Map<String, Value>>,
    /// Milliseconds to connect; by default 10000.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 3_600_000)]
    connect_timeout_ms: Option<u32>,
    /// Milliseconds to the first content; by default 120000.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 3_600_000)]
    first_token_timeout_ms: Option<u32>,
    /// Milliseconds between two signs of life in a stream; by default 120000.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 3_600_000)]
    idle_timeout_ms: Option<u32>,
    /// Milliseconds for everything; by default 600000.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 3_600_000)]
    total_timeout_ms: Option<u32>,
    /// Further attempts that one call may make; by default 3.
    #[serde(default, deserialize_with = "present")]
    #[schema(maximum = 20)]
    max_retries: Option<u32>,
    /// Milliseconds that a call may wait for a key with room; by default 0.
    #[serde(default, deserialize_with = "present")]
    #[schema(maximum = 600_000)]
    queue_timeout_ms: Option<u32>,
    /// Headers sent with every request; none that carries a key.
    #[serde(default, deserialize_with = "present")]
    extra_headers: Option<BTreeMap<String, String>>,
    /// What it wants sent differently from its protocol's standard.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    quirks: Option<Map<String, Value>>,
}

impl Make for ProviderBody {
    const NAME: &'static str = "NewProvider";
    const REQUIRED: &'static [&'static str] = &["providerCode", "providerName", "baseUrl"];

    fn given(&self) -> Vec<bool> {
        vec![self.provider_code.is_some(), self.provider_name.is_some(), self.base_url.is_some()]
    }
}

impl Validate for ProviderBody {
    fn validate(&self, checks: &mut Checks) {
        if let Some(code) = &self.provider_code {
            checks.code("providerCode", code);
        }
        checks.maybe_length("providerName", self.provider_name.as_deref(), 1..=100);
        if let Some(url) = &self.base_url {
            checks.base_url("baseUrl", url);
        }
        checks.range("sortOrder", self.sort_order, -1_000_000..=1_000_000);
        checks.maybe_length("description", flat(&self.description), 0..=1000);
        checks.maybe_length("defaultModel", flat(&self.default_model), 1..=200);
        for (field, value) in [
            ("connectTimeoutMs", self.connect_timeout_ms),
            ("firstTokenTimeoutMs", self.first_token_timeout_ms),
            ("idleTimeoutMs", self.idle_timeout_ms),
            ("totalTimeoutMs", self.total_timeout_ms),
        ] {
            checks.range(field, value.map(i64::from), 1..=LONGEST_MS);
        }
        checks.range("maxRetries", self.max_retries.map(i64::from), 0..=20);
        checks.range("queueTimeoutMs", self.queue_timeout_ms.map(i64::from), 0..=600_000);
        checks.size("defaultParams", self.default_params.as_ref());
        checks.size("quirks", self.quirks.as_ref());
        check_default_params(self.default_params.as_ref(), checks);
        check_headers(self.extra_headers.as_ref(), checks);
        if let Some(Err(error)) = self.quirks.as_ref().map(Quirks::parse) {
            checks.wrong(error.field, error.message);
        }
    }
}

fn flat(value: &Option<Option<String>>) -> Option<&str> {
    value.as_ref().and_then(Option::as_deref)
}

fn check_default_params(params: Option<&Map<String, Value>>, checks: &mut Checks) {
    const PER_CALL: [&str; 6] = ["model", "messages", "stream", "stream_options", "input", "tools"];
    let Some(params) = params else { return };
    checks.count("defaultParams", params.len(), 50);
    for name in params.keys().filter(|name| PER_CALL.contains(&name.as_str())) {
        checks.wrong(format!("defaultParams.{name}"), "belongs to each call");
    }
}

fn check_headers(headers: Option<&BTreeMap<String, String>>, checks: &mut Checks) {
    let Some(headers) = headers else { return };
    checks.count("extraHeaders", headers.len(), 50);
    for (name, value) in headers {
        let field = || format!("extraHeaders.{name}");
        if name.parse::<HeaderName>().is_err() {
            checks.wrong(field(), "is not the name of a header");
        } else if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            checks.wrong(field(), "is Tollgate's to send; a secret belongs into a key");
        } else if value.len() > 1000 || HeaderValue::from_str(value).is_err() {
            checks.wrong(field(), "must be at most 1000 visible characters");
        }
    }
}

impl ProviderBody {
    /// How its keys are to share the load, where that is said.
    pub(super) const fn strategy(&self) -> Option<Strategy> {
        self.lb_strategy
    }

    /// The provider to be made, and the code of its first model; its keys share the load by
    /// `strategy` where nothing else is said.
    pub(super) fn into_new(self, strategy: Strategy) -> (NewProvider, Option<String>) {
        let text = |value: Option<String>| value.unwrap_or_default().trim().to_owned();
        let waits = Timeouts::default();
        let defaults = NewProvider::new(
            text(self.provider_code),
            text(self.provider_name),
            text(self.base_url),
        );
        let new = NewProvider {
            protocol: self.protocol.unwrap_or(defaults.protocol),
            is_active: self.is_active.unwrap_or(defaults.is_active),
            sort_order: self.sort_order.unwrap_or(defaults.sort_order),
            description: self.description.flatten(),
            lb_strategy: self.lb_strategy.unwrap_or(strategy),
            default_params: self.default_params.unwrap_or_default(),
            timeouts: Timeouts {
                connect_ms: self.connect_timeout_ms.unwrap_or(waits.connect_ms),
                first_token_ms: self.first_token_timeout_ms.unwrap_or(waits.first_token_ms),
                idle_ms: self.idle_timeout_ms.unwrap_or(waits.idle_ms),
                total_ms: self.total_timeout_ms.unwrap_or(waits.total_ms),
            },
            max_retries: self.max_retries.unwrap_or(defaults.max_retries),
            queue_timeout_ms: self.queue_timeout_ms.unwrap_or(defaults.queue_timeout_ms),
            extra_headers: self.extra_headers.unwrap_or_default(),
            quirks: self.quirks.unwrap_or_default(),
            ..defaults
        };
        (new, self.default_model.flatten())
    }

    /// The changes to the provider `id`, whose models hold the default one.
    pub(super) async fn into_patch(
        self,
        store: &Store,
        id: ProviderId,
    ) -> ApiResult<ProviderPatch> {
        let default_model_id = match &self.default_model {
            None => None,
            Some(None) => Some(None),
            Some(Some(code)) => Some(Some(model_id(store, id, code).await?)),
        };
        let trimmed = |value: Option<String>| value.map(|text| text.trim().to_owned());
        Ok(ProviderPatch {
            code: self.provider_code,
            name: trimmed(self.provider_name),
            protocol: self.protocol,
            base_url: trimmed(self.base_url),
            is_active: self.is_active,
            sort_order: self.sort_order,
            description: self.description,
            lb_strategy: self.lb_strategy,
            default_model_id,
            default_params: self.default_params,
            connect_timeout_ms: self.connect_timeout_ms,
            first_token_timeout_ms: self.first_token_timeout_ms,
            idle_timeout_ms: self.idle_timeout_ms,
            total_timeout_ms: self.total_timeout_ms,
            max_retries: self.max_retries,
            queue_timeout_ms: self.queue_timeout_ms,
            extra_headers: self.extra_headers,
            quirks: self.quirks,
        })
    }
}

async fn model_id(
    store: &Store,
    provider: ProviderId,
    code: &str,
) -> ApiResult<tollgate_domain::ModelId> {
    match store.models().find_by_code(provider, code.trim()).await {
        Ok(model) => Ok(model.id),
        Err(StoreError::NotFound) => {
            Err(ApiError::invalid("defaultModel", "is not a model of this provider"))
        }
        Err(error) => Err(error.into()),
    }
}
