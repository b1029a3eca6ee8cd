//! The configuration: defaults, then a YAML file, then environment variables, then flags.
//!
//! Only this module reads the environment. Each concern has a struct whose fields are documented
//! with their variable and default; [`variables`] lists them all, and `.env.example` and the table
//! in `docs/operations.md` are checked against it.

pub mod alerting;
pub mod database;
pub mod documents;
pub mod edge;
pub mod fetching;
pub mod file;
pub mod flags;
pub mod imports;
pub mod journal;
pub mod load_balancer;
pub mod log;
pub mod metrics;
pub mod providers;
pub mod retention;
pub mod secrets;
pub mod server;
pub mod source;

use std::path::PathBuf;

use tollgate_domain::channel::AlertSettingsPatch;
use tollgate_domain::setting::SettingsPatch;

pub use alerting::AlertingConfig;
pub use database::DatabaseConfig;
pub use edge::EdgeConfig;
pub use fetching::FetchingConfig;
pub use file::FileConfig;
pub use flags::Flags;
pub use imports::ImportsConfig;
pub use journal::JournalConfig;
use load_balancer::ALGORITHM;
pub use load_balancer::LoadBalancerConfig;
pub use log::LogConfig;
pub use metrics::MetricsConfig;
pub use providers::ProvidersConfig;
pub use retention::RetentionConfig;
pub use secrets::SecretsConfig;
pub use server::ServerConfig;
pub use source::{ConfigError, Environment, Source, Variable};

/// `TOLLGATE_CONFIG`: the YAML file; `config.yaml` where there is one.
pub const CONFIG_FILE: Variable =
    Variable::plain("TOLLGATE_CONFIG", "config.yaml if present", "the YAML file");

/// Everything that is fixed while Tollgate runs.
#[derive(Debug)]
pub struct Config {
    /// Neither `DATABASE_URL` nor `DB_HOST` is set: one instance, on SQLite, for trying things.
    pub is_embedded: bool,
    /// The directory of the journal, the key files and the embedded database. `DATA_DIR`, default
    /// `data`.
    pub data_dir: PathBuf,
    /// The YAML file that was read, where there was one.
    pub file: Option<PathBuf>,
    /// Where it listens.
    pub server: ServerConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// How call records wait for it.
    pub journal: JournalConfig,
    /// How long records are kept.
    pub retention: RetentionConfig,
    /// Sealing keys, the secret of session tokens, the first admin.
    pub secrets: SecretsConfig,
    /// What is logged.
    pub log: LogConfig,
    /// Who may read metrics.
    pub metrics: MetricsConfig,
    /// First values of runtime settings.
    pub edge: EdgeConfig,
    /// Files that callers name by URL.
    pub fetching: FetchingConfig,
    /// Where operators are told of alerts.
    pub alerting: AlertingConfig,
    /// How keys share the load.
    pub load_balancer: LoadBalancerConfig,
    /// Providers to switch on, and an admin token to import.
    pub providers: ProvidersConfig,
    /// Upstream keys to import once.
    pub imports: ImportsConfig,
    /// What an operator should hear about the configuration, once.
    pub warnings: Vec<String>,
}

impl Config {
    /// Reads every layer and checks the result.
    ///
    /// # Errors
    /// All wrong settings at once, each with its name, its value (never a secret's) and what
    /// would be right.
    pub fn load(environment: Environment, flags: &Flags) -> Result<Self, ConfigError> {
        let mut source = Source::new(environment);
        let (file, path) = file::read(&mut source);
        let (server, database) = (
            ServerConfig::read(&mut source, &file, flags),
            DatabaseConfig::read(&mut source, flags),
        );
        let data_dir = database.data_dir.clone();
        let load_balancer = LoadBalancerConfig::read(&mut source, &file, flags);
        let mut warnings = file.warnings();
        warnings.extend(load_balancer.warning());
        let config = Self {
            is_embedded: database.is_embedded,
            server: server.for_mode(database.is_embedded),
            secrets: SecretsConfig::read(&mut source, &data_dir, database.is_embedded),
            database,
            data_dir,
            journal: JournalConfig::read(&mut source),
            retention: RetentionConfig::read(&mut source),
            log: LogConfig::read(&mut source),
            metrics: MetricsConfig::read(&mut source, &file, flags),
            edge: EdgeConfig::read(&mut source),
            fetching: FetchingConfig::read(&mut source),
            alerting: AlertingConfig::read(&mut source),
            providers: ProvidersConfig::read(&mut source, &file, flags),
            imports: ImportsConfig::read(&mut source, flags),
            load_balancer,
            warnings,
            file: path,
        };
        source.finish()?;
        Ok(config)
    }

    /// The runtime settings that this configuration decides.
    #[must_use]
    pub fn locked(&self) -> Vec<Locked> {
        let lock = |is_set: bool, field, by| is_set.then_some(Locked { field, by });
        [
            lock(
                self.edge.address_limit_per_15_min.is_some(),
                "addressLimitPer15Min",
                "ADDRESS_LIMIT_PER_15_MIN",
            ),
            lock(self.edge.cors_origins.is_some(), "corsOrigins", "CORS_ORIGINS"),
            lock(!self.providers.active.is_empty(), "defaultProvider", "model_providers"),
            lock(self.load_balancer.algorithm().is_some(), ALGORITHM, "load_balancer"),
            lock(self.retention.log_days.is_some(), "logRetentionDays", "LOG_RETENTION_DAYS"),
            lock(self.alerting.webhooks.is_some(), "alerts.webhooks", "ALERT_WEBHOOKS"),
            lock(self.alerting.email.is_some(), "alerts.email", "ALERT_EMAIL"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What this configuration decides of the runtime settings, but for channels of alerts, whose
    /// secrets have to be sealed first.
    #[must_use]
    pub fn decided(&self) -> SettingsPatch {
        SettingsPatch {
            address_limit_per_15_min: self.edge.address_limit_per_15_min,
            cors_origins: self.edge.cors_origins.clone(),
            default_time_zone: None,
            default_provider: self.providers.active.first().cloned(),
            load_balancer_algorithm: self.load_balancer.algorithm(),
            log_retention_days: self.retention.log_days,
            alerts: AlertSettingsPatch::default(),
        }
    }
}

/// A runtime setting that the configuration decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The setting's field, as JSON names it.
    pub field: &'static str,
    /// What decides it.
    pub by: &'static str,
}

/// Every variable there is, by concern, for documents and for `config check`.
#[must_use]
pub fn variables() -> Vec<(&'static str, &'static [Variable])> {
    vec![
        ("General", &[CONFIG_FILE]),
        ("Listening", server::VARIABLES),
        ("Database", database::VARIABLES),
        ("Records of calls", journal::VARIABLES),
        ("Retention", retention::VARIABLES),
        ("Secrets and the first admin", secrets::VARIABLES),
        ("Logs", log::VARIABLES),
        ("Metrics", metrics::VARIABLES),
        ("First values of runtime settings", edge::VARIABLES),
        ("Files that callers name by URL", fetching::VARIABLES),
        ("Channels of alerts", alerting::VARIABLES),
        ("Upstream keys, imported once each", imports::VARIABLES),
        ("Trying it", providers::VARIABLES),
    ]
}
