//! Settings that an operator may change while Tollgate runs.

use crate::channel::{AlertSettings, AlertSettingsPatch};
use crate::provider::Strategy;

/// The runtime settings, as `t_settings` holds them and every instance applies them within a
/// second. Each field is one row, named as the field; those of `alerts` are rows of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Failed requests that one address may make in 15 minutes.
    pub address_limit_per_15_min: u32,
    /// Origins that browsers may call from; `*` is any.
    pub cors_origins: Vec<String>,
    /// The IANA time zone that reports use where the caller names none.
    pub default_time_zone: String,
    /// Code of the provider of a call that names neither provider nor model.
    pub default_provider: String,
    /// How the keys of a new provider share its load.
    pub load_balancer_algorithm: Strategy,
    /// For how many days the records of calls are kept; usage is kept for ever.
    pub log_retention_days: u32,
    /// When alerts fire and where they are told.
    pub alerts: AlertSettings,
}

/// Changes to the settings; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsPatch {
    /// Failed requests that one address may make in 15 minutes.
    pub address_limit_per_15_min: Option<u32>,
    /// Origins that browsers may call from; `*` is any.
    pub cors_origins: Option<Vec<String>>,
    /// The IANA time zone that reports use where the caller names none.
    pub default_time_zone: Option<String>,
    /// Code of the provider of a call that names neither provider nor model.
    pub default_provider: Option<String>,
    /// How the keys of a new provider share its load.
    pub load_balancer_algorithm: Option<Strategy>,
    /// For how many days the records of calls are kept.
    pub log_retention_days: Option<u32>,
    /// When alerts fire and where they are told.
    pub alerts: AlertSettingsPatch,
}

impl SettingsPatch {
    /// `old` with these changes.
    #[must_use]
    pub fn over(&self, old: &Settings) -> Settings {
        let mut new = old.clone();
        put(&mut new.address_limit_per_15_min, self.address_limit_per_15_min.as_ref());
        put(&mut new.cors_origins, self.cors_origins.as_ref());
        put(&mut new.default_time_zone, self.default_time_zone.as_ref());
        put(&mut new.default_provider, self.default_provider.as_ref());
        put(&mut new.load_balancer_algorithm, self.load_balancer_algorithm.as_ref());
        put(&mut new.log_retention_days, self.log_retention_days.as_ref());
        new.alerts = self.alerts.over(&old.alerts);
        new
    }
}

fn put<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address_limit_per_15_min: 100,
            cors_origins: Vec::new(),
            default_time_zone: "UTC".to_owned(),
            default_provider: "openai".to_owned(),
            load_balancer_algorithm: Strategy::Priority,
            log_retention_days: 90,
            alerts: AlertSettings::default(),
        }
    }
}
