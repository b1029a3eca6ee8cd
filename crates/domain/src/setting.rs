//! Settings that an operator may change while Tollgate runs.

/// The runtime settings, as `t_settings` holds them and every instance applies them within a
/// second. Each field is one row, named as the field.
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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address_limit_per_15_min: 100,
            cors_origins: Vec::new(),
            default_time_zone: "UTC".to_owned(),
            default_provider: "openai".to_owned(),
        }
    }
}
