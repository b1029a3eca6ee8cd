//! `tollgate config check`.

use tollgate_domain::credential::Credential;

use super::print;
use crate::config::{Config, ImportsConfig};

pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    config.warnings.iter().for_each(|warning| print::line(format_args!("warning: {warning}")));
    let rows = rows(config);
    print::table(["setting", "value"], &rows);
    Ok(())
}

/// Every setting with its effective value; of a secret, only whether it is there.
fn rows(config: &Config) -> Vec<[String; 2]> {
    let secret = |is_set: bool| if is_set { "***" } else { "none" }.to_owned();
    let list = |items: &[String]| match items {
        [] => "none".to_owned(),
        items => items.join(", "),
    };
    let (server, secrets, metrics) = (&config.server, &config.secrets, &config.metrics);
    let proxies: Vec<String> = server.trusted_proxies.iter().map(ToString::to_string).collect();
    let keyring =
        secrets.keyring.as_ref().map(|keyring| format!("*** (key {})", keyring.current_id()));
    let edge = &config.edge;
    let setting = |name: &str, value: String| [name.to_owned(), value];
    let mut rows = vec![
        setting("mode", if config.is_embedded { "embedded" } else { "server" }.to_owned()),
        setting(
            "TOLLGATE_CONFIG",
            config
                .file
                .as_ref()
                .map_or_else(|| "none".to_owned(), |path| path.display().to_string()),
        ),
        setting("HOST", server.host.clone()),
        setting("PORT", server.port.to_string()),
        setting("TRUSTED_PROXIES", list(&proxies)),
        setting("MAX_BODY_BYTES", server.max_body_bytes.to_string()),
        setting("SHUTDOWN_TIMEOUT_SECONDS", server.shutdown_timeout.as_secs().to_string()),
        setting("DATABASE_URL", config.database.shown()),
        setting("DB_MAX_CONNECTIONS", config.database.max_connections.to_string()),
        setting("DATA_DIR", config.data_dir.display().to_string()),
        setting("JOURNAL_MAX_BYTES", config.journal.max_bytes.to_string()),
        setting("JOURNAL_FSYNC", config.journal.fsync.as_str().to_owned()),
        setting("JOURNAL_WHEN_FULL", config.journal.when_full.as_str().to_owned()),
        setting(
            "LOG_RETENTION_DAYS",
            config
                .retention
                .log_days
                .map_or_else(|| "as stored".to_owned(), |days| days.to_string()),
        ),
        setting("API_KEY_ENCRYPTION_KEY", keyring.unwrap_or_else(|| secret(false))),
        setting("JWT_SECRET", secret(secrets.jwt_secret.is_some())),
        setting("JWT_EXPIRE_SECONDS", secrets.jwt_expire_seconds.to_string()),
        setting("ADMIN_USERNAME", secrets.admin_username.clone()),
        setting("ADMIN_PASSWORD", secret(secrets.admin_password.is_some())),
        setting("LOG_LEVEL", config.log.level.to_string().to_lowercase()),
        setting("LOG_FORMAT", config.log.format.to_string()),
        setting("metrics.enabled", metrics.is_enabled.to_string()),
        setting("METRICS_TOKEN", secret(metrics.token.is_some())),
        setting(
            "METRICS_PORT",
            metrics.port.map_or_else(|| "none".to_owned(), |port| port.to_string()),
        ),
        setting(
            "CORS_ORIGINS",
            edge.cors_origins.as_deref().map_or_else(|| "as stored".to_owned(), list),
        ),
        setting(
            "ADDRESS_LIMIT_PER_15_MIN",
            edge.address_limit_per_15_min
                .map_or_else(|| "as stored".to_owned(), |limit| limit.to_string()),
        ),
        setting("FETCH_PRIVATE_ADDRESSES", config.fetching.private_addresses.to_string()),
        setting("ALERT_PRIVATE_ADDRESSES", config.alerting.private_addresses.to_string()),
        setting("ALERT_WEBHOOKS", stored_or_secret(config.alerting.webhooks.is_some())),
        setting("ALERT_EMAIL", stored_or_secret(config.alerting.email.is_some())),
        setting(
            "SIMULATOR_URL",
            config.providers.simulator_url.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        setting("load_balancer.enabled", config.load_balancer.is_enabled.to_string()),
        setting(
            "load_balancer.algorithm",
            config
                .load_balancer
                .algorithm()
                .map_or_else(|| "as stored".to_owned(), |algorithm| algorithm.to_string()),
        ),
        setting(
            "load_balancer.health_check_interval",
            config.load_balancer.health_check_interval.as_secs().to_string(),
        ),
        setting("model_providers", list(&config.providers.active)),
        setting("api_key", secret(config.providers.api_key.is_some())),
    ];
    rows.extend(imported(&config.imports));
    rows
}

/// Of a setting with secrets in it, only who decides it.
fn stored_or_secret(is_set: bool) -> String {
    if is_set { "***" } else { "as stored" }.to_owned()
}

/// What is to be imported: of keys, only that they are there.
fn imported(imports: &ImportsConfig) -> Vec<[String; 2]> {
    let setting = |name: &str, value: String| [name.to_owned(), value];
    let mut rows: Vec<[String; 2]> =
        imports.keys.iter().map(|key| setting(&key.name, "***".to_owned())).collect();
    if let Some(llm) = &imports.llm {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        rows.push(setting("LLM_BASE_URL", llm.base_url.clone()));
        rows.push(setting("LLM_MODEL", or_none(llm.model.clone())));
        let temperature = llm.temperature.as_ref().map(ToString::to_string);
        rows.push(setting("LLM_TEMPERATURE", or_none(temperature)));
        let (key, remote) = match &llm.credential {
            Some(Credential::Remote(remote)) => (remote.backup.is_some(), Some(remote)),
            other => (other.is_some(), None),
        };
        rows.push(setting("LLM_API_KEY", if key { "***" } else { "none" }.to_owned()));
        rows.push(setting("APIKEY_SERVICE_ENABLED", remote.is_some().to_string()));
        if let Some(remote) = remote {
            // What follows the `?` may be a secret.
            let url = remote.url.split('?').next().unwrap_or_default();
            rows.push(setting("APIKEY_SERVICE_URL", url.to_owned()));
            rows.push(setting("APIKEY_SCENE_CODE", remote.scene_code.clone()));
            rows.push(setting("APIKEY_EXPIRE_SECONDS", remote.expire_seconds.to_string()));
            let before = remote.refresh_before_seconds.to_string();
            rows.push(setting("APIKEY_REFRESH_BEFORE_SECONDS", before));
        }
    }
    for file in &imports.files {
        let name = format!("--{}-oauth-creds-file", file.provider);
        rows.push([name, format!("{} ***", file.path.display())]);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Flags};

    #[test]
    fn no_secret_is_shown() {
        let environment: Environment = [
            ("DATABASE_URL", "mysql://root:canary-one@db/tollgate"),
            ("API_KEY_ENCRYPTION_KEY", &"07".repeat(32)),
            ("JWT_SECRET", "canary-two-canary-two-canary-two-"),
            ("ADMIN_PASSWORD", "canary-three"),
            ("METRICS_TOKEN", "canary-four"),
            ("KIMI_API_KEY_2", "canary-five"),
            ("OPENAI_API_KEY", "canary-six"),
            ("LLM_API_KEY", "canary-seven"),
            ("APIKEY_SERVICE_URL", "http://keys.example/get?token=canary-eight"),
            (
                "ALERT_WEBHOOKS",
                r#"[{"name":"ops","type":"slack","url":"https://host/canary-nine","secret":"canary-ten"}]"#,
            ),
            (
                "ALERT_EMAIL",
                r#"{"host":"smtp","from":"a@b.example","to":["c@d.example"],"password":"canary-eleven"}"#,
            ),
        ]
        .into_iter()
        .collect();
        let config = Config::load(environment, &Flags::default()).unwrap();

        let shown = format!("{:?} {config:?}", rows(&config));

        assert!(!shown.contains("canary") && !shown.contains("0707"), "{shown}");
    }
}
