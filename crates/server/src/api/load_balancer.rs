//! How the upstream keys share the load.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::audit::Action;
use tollgate_domain::provider::Strategy;
use tollgate_domain::setting::SettingsPatch;
use tollgate_gateway::{KeyEntry, KeyUse, ProviderEntry};
use tollgate_store::StoreError;
use tollgate_store::providers::ProviderPatch;
use utoipa::{OpenApi, ToSchema};

use crate::api::keys::Headroom;
use crate::api::settings::refuse_locked;
use crate::app::{App, Change};
use crate::error::{ApiError, ApiResult};
use crate::extract::json::present;
use crate::extract::{Admin, Analyst, Checks, Envelope, Meta, Valid, Validate};
use crate::openapi::{ReadErrors, WriteErrors, words};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(instances, metrics, set_algorithm))]
pub struct Doc;

/// An upstream key, as the load balancer sees it on this instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstanceView {
    /// The provider's code.
    provider_code: String,
    /// The key's id.
    key_id: i64,
    /// What people call the key.
    key_name: String,
    /// Its first and last four characters.
    api_key: String,
    /// Where its requests go.
    base_url: String,
    /// How the provider's keys share the load.
    #[schema(schema_with = words::strategy)]
    algorithm: Strategy,
    /// Higher goes first, under `priority`.
    priority: i64,
    /// Its share, under `weighted`.
    weight: i64,
    /// Whether it carries calls now: it is active, its provider too, and nothing is wrong with it.
    is_healthy: bool,
    /// Whether it is to be used.
    is_active: bool,
    /// Whether it can be used.
    #[schema(schema_with = words::key_status)]
    status: KeyStatus,
    /// Why not.
    status_reason: Option<String>,
    /// Until when it rests.
    cooling_until: Option<DateTime<Utc>>,
    /// Requests under way.
    in_flight: i64,
    /// Requests of the last minute.
    rpm_used: i64,
    /// Tokens of the last minute.
    tpm_used: i64,
    /// Requests of this UTC day.
    rpd_used: i64,
    /// What may be used, and what is left of it.
    headroom: Headroom,
    /// Its part of the provider's requests of the last minute, from 0 to 1.
    load_share: f64,
}

/// A provider's part in the load.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderLoadView {
    /// The provider's code.
    provider_code: String,
    /// How its keys share the load.
    #[schema(schema_with = words::strategy)]
    algorithm: Strategy,
    /// Its keys.
    keys_total: usize,
    /// Those that carry calls now.
    keys_healthy: usize,
    /// Requests under way.
    in_flight: i64,
    /// Requests of the last minute.
    requests_last_minute: i64,
    /// Tokens of the last minute.
    tokens_last_minute: i64,
    /// Requests of this UTC day.
    requests_today: i64,
    /// Who carried the requests of the last minute.
    distribution: Vec<ShareView>,
}

/// A key's part of its provider's load.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShareView {
    /// The key's id.
    key_id: i64,
    /// What people call it.
    key_name: String,
    /// Requests of the last minute.
    requests: i64,
    /// Its part of the provider's, from 0 to 1.
    share: f64,
}

/// How the load is to be shared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlgorithmBody {
    /// How keys share the load.
    #[schema(schema_with = words::strategy)]
    algorithm: Strategy,
    /// The provider whose keys are meant; without it every provider, and those to come.
    #[serde(default, deserialize_with = "present")]
    provider_code: Option<String>,
}

impl Validate for AlgorithmBody {
    fn validate(&self, checks: &mut Checks) {
        checks.maybe_length("providerCode", self.provider_code.as_deref(), 1..=50);
    }
}

/// How the load is shared.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlgorithmView {
    /// How keys share the load.
    #[schema(schema_with = words::strategy)]
    algorithm: Strategy,
    /// The providers it holds for.
    provider_codes: Vec<String>,
}

/// Every upstream key with its health, its use and its share of the load.
#[utoipa::path(get, path = "/loadbalancer/instances", tag = "load balancer",
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<Vec<InstanceView>>), ReadErrors))]
pub async fn instances(_: Analyst, app: Data<App>) -> Envelope<Vec<InstanceView>> {
    let snapshot = app.engine.snapshot();
    let views = snapshot.providers.iter().flat_map(|provider| {
        let uses = uses(&app, provider);
        let total = total(&uses);
        let views = uses.into_iter().map(|(entry, live)| instance(provider, entry, live, total));
        views.collect::<Vec<_>>()
    });
    Envelope::ok(views.collect())
}

/// How each provider's load is shared among its keys.
#[utoipa::path(get, path = "/loadbalancer/metrics", tag = "load balancer",
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<Vec<ProviderLoadView>>), ReadErrors))]
pub async fn metrics(_: Analyst, app: Data<App>) -> Envelope<Vec<ProviderLoadView>> {
    let snapshot = app.engine.snapshot();
    Envelope::ok(snapshot.providers.iter().map(|provider| load(&app, provider)).collect())
}

/// Choose how keys share the load: of one provider, or of every one and those to come.
#[utoipa::path(put, path = "/loadbalancer/algorithm", tag = "load balancer",
    request_body = AlgorithmBody, security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<AlgorithmView>), WriteErrors))]
pub async fn set_algorithm(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(body): Valid<AlgorithmBody>,
) -> ApiResult<Envelope<AlgorithmView>> {
    refuse_switched_off(&app, "algorithm", body.algorithm)?;
    let change = match &body.provider_code {
        Some(code) => set_one(&app, code, body.algorithm).await?,
        None => set_all(&app, body.algorithm).await?,
    };
    app.changed(admin.actor(&meta), change).await?;
    let snapshot = app.engine.snapshot();
    let providers = snapshot.providers.iter().map(|entry| &entry.provider);
    let chosen = providers
        .filter(|provider| body.provider_code.as_ref().is_none_or(|code| *code == provider.code));
    let provider_codes = chosen.map(|provider| provider.code.clone()).collect();
    Ok(Envelope::ok(AlgorithmView { algorithm: body.algorithm, provider_codes }))
}

/// Where the configuration has switched load balancing off, there is only `priority`.
pub(super) fn refuse_switched_off(app: &App, field: &str, algorithm: Strategy) -> ApiResult<()> {
    if app.config.load_balancer.is_enabled || algorithm == Strategy::Priority {
        return Ok(());
    }
    let reason = "must be `priority`: load_balancer.enabled is false in the configuration";
    Err(ApiError::invalid(field, reason))
}

async fn set_one(app: &App, code: &str, algorithm: Strategy) -> ApiResult<Change> {
    let provider = app.store.providers().find_by_code(code).await.map_err(|error| match error {
        StoreError::NotFound => ApiError::invalid("providerCode", "there is no such provider"),
        error => error.into(),
    })?;
    let patch = ProviderPatch { lb_strategy: Some(algorithm), ..Default::default() };
    app.store.providers().update(provider.id, &patch, app.clock.now()).await?;
    let told = |algorithm: Strategy| serde_json::json!({ "lbStrategy": algorithm });
    let change = Change::new(Action::Update, "provider", Some(provider.id.get()));
    Ok(change.before(&told(provider.lb_strategy)).after(&told(algorithm)))
}

async fn set_all(app: &App, algorithm: Strategy) -> ApiResult<Change> {
    let old = app.store.settings().load().await?;
    let patch =
        SettingsPatch { load_balancer_algorithm: Some(algorithm), ..SettingsPatch::default() };
    refuse_locked(&old, &patch.over(&old), &app.config)?;
    let now = app.clock.now();
    let before = app.engine.snapshot();
    let before = before.providers.iter().map(|entry| &entry.provider);
    let before: Vec<(String, Strategy)> =
        before.map(|provider| (provider.code.clone(), provider.lb_strategy)).collect();
    app.store.settings().update(&patch, now).await?;
    app.store.providers().share_load(algorithm, now).await?;
    let told = |default: Strategy, providers: serde_json::Value| serde_json::json!({ "loadBalancerAlgorithm": default, "lbStrategy": providers });
    let each: serde_json::Map<_, _> =
        before.into_iter().map(|(code, strategy)| (code, serde_json::json!(strategy))).collect();
    Ok(Change::new(Action::Update, "settings", None)
        .before(&told(old.load_balancer_algorithm, each.into()))
        .after(&told(algorithm, serde_json::json!(algorithm))))
}

/// A provider's keys and how much each is used.
fn uses<'p>(app: &App, provider: &'p ProviderEntry) -> Vec<(&'p KeyEntry, KeyUse)> {
    let keys = provider.keys.iter();
    keys.map(|entry| (&**entry, app.engine.live(entry.key.id))).collect()
}

fn total(uses: &[(&KeyEntry, KeyUse)]) -> i64 {
    uses.iter().map(|(_, live)| live.rpm_used).sum()
}

fn instance(provider: &ProviderEntry, entry: &KeyEntry, live: KeyUse, total: i64) -> InstanceView {
    let key = &entry.key;
    InstanceView {
        provider_code: provider.provider.code.clone(),
        key_id: key.id.get(),
        key_name: key.name.clone(),
        api_key: key.hint.clone(),
        base_url: key.base_url.clone().unwrap_or_else(|| provider.provider.base_url.clone()),
        algorithm: provider.provider.lb_strategy,
        priority: key.priority,
        weight: key.weight,
        is_healthy: is_healthy(provider, entry, &live),
        is_active: key.is_active,
        status: live.state.status,
        cooling_until: live.state.cooling_until,
        in_flight: live.in_flight,
        rpm_used: live.rpm_used,
        tpm_used: live.tpm_used,
        rpd_used: live.rpd_used,
        headroom: Headroom::of(&key.limits, &live),
        load_share: share(live.rpm_used, total),
        status_reason: live.state.reason,
    }
}

fn load(app: &App, provider: &ProviderEntry) -> ProviderLoadView {
    let uses = uses(app, provider);
    let total = total(&uses);
    let sum = |part: fn(&KeyUse) -> i64| uses.iter().map(|(_, live)| part(live)).sum();
    let is_healthy = |(entry, live): &&(&KeyEntry, KeyUse)| is_healthy(provider, entry, live);
    let distribution = uses.iter().map(|(entry, live)| ShareView {
        key_id: entry.key.id.get(),
        key_name: entry.key.name.clone(),
        requests: live.rpm_used,
        share: share(live.rpm_used, total),
    });
    ProviderLoadView {
        provider_code: provider.provider.code.clone(),
        algorithm: provider.provider.lb_strategy,
        keys_total: uses.len(),
        keys_healthy: uses.iter().filter(is_healthy).count(),
        in_flight: sum(|live| live.in_flight),
        requests_last_minute: total,
        tokens_last_minute: sum(|live| live.tpm_used),
        requests_today: sum(|live| live.rpd_used),
        distribution: distribution.collect(),
    }
}

/// Whether a key carries calls now, limits aside.
pub(crate) fn is_healthy(provider: &ProviderEntry, entry: &KeyEntry, live: &KeyUse) -> bool {
    let is_wanted = provider.provider.is_active && entry.key.is_active;
    is_wanted && entry.upstream.is_some() && live.state.status == KeyStatus::Normal
}

/// A part of a whole, to four places.
#[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
fn share(part: i64, whole: i64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0 }
}
