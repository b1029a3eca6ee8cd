//! Runtime settings.

pub mod alerts;

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use tollgate_domain::audit::Action;
use tollgate_domain::provider::Strategy;
use tollgate_domain::setting::{self, Settings};
use tollgate_store::Store;
use utoipa::{OpenApi, ToSchema};

use crate::app::{App, Change};
use crate::config::edge::is_origin;
use crate::config::load_balancer::ALGORITHM;
use crate::config::{Config, Locked};
use crate::error::{ApiError, ApiResult, Detail};
use crate::extract::json::present;
use crate::extract::{Admin, Checks, Envelope, Meta, Valid, Validate};
use crate::openapi::{ReadErrors, WriteErrors, words};
use alerts::{AlertSettingsBody, AlertSettingsView};

/// This file's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(find, update))]
pub struct Doc;

/// The settings that hold on every instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// Requests without valid credentials that one address may make in 15 minutes.
    address_limit_per_15_min: u32,
    /// Origins that browsers may call from; `*` is any.
    cors_origins: Vec<String>,
    /// The IANA time zone that reports use where the caller names none.
    default_time_zone: String,
    /// Code of the provider of a call that names neither provider nor model.
    default_provider: String,
    /// How the keys of a new provider share its load.
    #[schema(schema_with = words::strategy)]
    load_balancer_algorithm: Strategy,
    /// For how many days the records of calls are kept; usage is kept for ever.
    log_retention_days: u32,
    /// When alerts fire and where they are told.
    alerts: AlertSettingsView,
    /// Fields that this instance's configuration decides, and by what.
    locked: Vec<LockedView>,
}

/// A setting that the configuration decides.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LockedView {
    /// The field: `corsOrigins`.
    field: &'static str,
    /// What decides it: `CORS_ORIGINS`.
    by: &'static str,
}

impl SettingsView {
    fn new(settings: Settings, config: &Config) -> Self {
        let locked = config.locked();
        Self {
            address_limit_per_15_min: settings.address_limit_per_15_min,
            cors_origins: settings.cors_origins,
            default_time_zone: settings.default_time_zone,
            default_provider: settings.default_provider,
            load_balancer_algorithm: settings.load_balancer_algorithm,
            log_retention_days: settings.log_retention_days,
            alerts: settings.alerts.into(),
            locked: locked.iter().map(|Locked { field, by }| LockedView { field, by }).collect(),
        }
    }
}

/// Changes to the settings; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsPatch {
    /// Requests without valid credentials that one address may make in 15 minutes.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    address_limit_per_15_min: Option<u32>,
    /// Origins that browsers may call from; `*` is any.
    #[serde(default, deserialize_with = "present")]
    cors_origins: Option<Vec<String>>,
    /// The IANA time zone that reports use where the caller names none.
    #[serde(default, deserialize_with = "present")]
    #[schema(example = "Europe/Berlin")]
    default_time_zone: Option<String>,
    /// Code of the provider of a call that names neither provider nor model.
    #[serde(default, deserialize_with = "present")]
    default_provider: Option<String>,
    /// How the keys of a new provider share its load.
    #[serde(default, deserialize_with = "present")]
    #[schema(schema_with = words::strategy)]
    load_balancer_algorithm: Option<Strategy>,
    /// For how many days the records of calls are kept. What a lower figure lets go is removed by
    /// the next purge, at 02:00, for good.
    #[serde(default, deserialize_with = "present")]
    #[schema(minimum = 1, maximum = 3650)]
    log_retention_days: Option<u32>,
    /// When alerts fire and where they are told.
    #[serde(default, deserialize_with = "present")]
    alerts: Option<AlertSettingsBody>,
}

impl Validate for SettingsPatch {
    fn validate(&self, checks: &mut Checks) {
        let limit = self.address_limit_per_15_min.map(i64::from);
        checks.range("addressLimitPer15Min", limit, 1..=1_000_000);
        let days = self.log_retention_days.map(i64::from);
        checks.range("logRetentionDays", days, 1..=3650);
        let origins = self.cors_origins.as_deref().unwrap_or_default();
        checks.count("corsOrigins", origins.len(), 100);
        for (index, _) in origins.iter().enumerate().filter(|(_, origin)| !is_origin(origin)) {
            checks.wrong(
                format!("corsOrigins[{index}]"),
                "must be an origin such as https://admin.example.com, or *",
            );
        }
        if self
            .default_time_zone
            .as_ref()
            .is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err())
        {
            checks.wrong("defaultTimeZone", "must be an IANA time zone such as Europe/Berlin");
        }
        if let Some(alerts) = &self.alerts {
            alerts.check(checks);
        }
    }
}

impl SettingsPatch {
    fn into_patch(self, old: &Settings, store: &Store) -> ApiResult<setting::SettingsPatch> {
        Ok(setting::SettingsPatch {
            address_limit_per_15_min: self.address_limit_per_15_min,
            cors_origins: self.cors_origins,
            default_time_zone: self.default_time_zone,
            default_provider: self.default_provider,
            load_balancer_algorithm: self.load_balancer_algorithm,
            log_retention_days: self.log_retention_days,
            alerts: self.alerts.unwrap_or_default().into_patch(&old.alerts, store)?,
        })
    }
}

/// The runtime settings, and which of them the configuration decides.
#[utoipa::path(get, path = "/api/admin/settings", tag = "settings",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<SettingsView>), ReadErrors))]
pub async fn find(_: Admin, app: Data<App>) -> ApiResult<Envelope<SettingsView>> {
    let settings = app.store.settings().load().await?;
    Ok(Envelope::ok(SettingsView::new(settings, &app.config)))
}

/// Change runtime settings; every instance acts by them within a second.
#[utoipa::path(put, path = "/api/admin/settings", tag = "settings", request_body = SettingsPatch,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Envelope<SettingsView>), WriteErrors))]
pub async fn update(
    admin: Admin,
    app: Data<App>,
    meta: Meta,
    Valid(body): Valid<SettingsPatch>,
) -> ApiResult<Envelope<SettingsView>> {
    let old = app.store.settings().load().await?;
    let patch = body.into_patch(&old, &app.store)?;
    let new = patch.over(&old);
    refuse_locked(&old, &new, &app.config)?;
    if new.default_provider != old.default_provider {
        known_provider(&app, &new.default_provider).await?;
    }
    let change = app.store.settings().update(&patch, app.clock.now()).await?;
    let old = SettingsView::new(change.before, &app.config);
    let new = SettingsView::new(change.after, &app.config);
    let change = Change::new(Action::Update, "settings", None).before(&old).after(&new);
    app.changed(admin.actor(&meta), change).await?;
    Ok(Envelope::ok(new))
}

/// A field that the configuration decides may be sent, but not changed.
pub(super) fn refuse_locked(old: &Settings, new: &Settings, config: &Config) -> ApiResult<()> {
    let changed = |field: &str| match field {
        "addressLimitPer15Min" => old.address_limit_per_15_min != new.address_limit_per_15_min,
        "corsOrigins" => old.cors_origins != new.cors_origins,
        "defaultProvider" => old.default_provider != new.default_provider,
        "logRetentionDays" => old.log_retention_days != new.log_retention_days,
        "alerts.webhooks" => old.alerts.webhooks != new.alerts.webhooks,
        "alerts.email" => old.alerts.email != new.alerts.email,
        ALGORITHM => old.load_balancer_algorithm != new.load_balancer_algorithm,
        _ => false,
    };
    let locked = config.locked();
    let details: Vec<Detail> = locked
        .iter()
        .filter(|Locked { field, .. }| changed(field))
        .map(|Locked { field, by }| {
            Detail::new(*field, format!("is decided by {by} in the configuration"))
        })
        .collect();
    if details.is_empty() { Ok(()) } else { Err(ApiError::validation(details)) }
}

async fn known_provider(app: &App, code: &str) -> ApiResult<()> {
    let found = app.store.providers().find_by_code(code).await;
    found.map(|_| ()).map_err(|error| match error {
        tollgate_store::StoreError::NotFound => {
            ApiError::invalid("defaultProvider", "there is no provider with this code")
        }
        other => other.into(),
    })
}
