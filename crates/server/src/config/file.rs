//! The YAML file.

use std::io::ErrorKind;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer};
use serde_norway::Value;
use tollgate_domain::Secret;
use tollgate_domain::provider::Strategy;

use super::CONFIG_FILE;
use super::source::Source;
use crate::extract::json::field_error;

/// What the YAML file may hold. Any other key is refused by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileConfig {
    /// As `HOST`.
    pub host: Option<String>,
    /// As `PORT`.
    pub port: Option<u16>,
    /// A token that is imported once, as an app token named `config` that may do everything.
    #[serde(deserialize_with = "secret")]
    pub api_key: Option<Secret<String>>,
    /// Codes of providers to switch on; the first is the default provider.
    pub model_providers: Vec<String>,
    /// Metrics.
    pub metrics: FileMetrics,
    /// How keys share the load.
    pub load_balancer: FileLoadBalancer,
    /// Known, without effect yet.
    cache: Option<Value>,
    /// Known, without effect yet.
    redis: Option<Value>,
    /// Known, without effect yet.
    websocket: Option<Value>,
    /// Known, without effect yet.
    cluster: Option<Value>,
}

/// The file's `metrics`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileMetrics {
    /// Whether there are metrics; default true.
    pub enabled: Option<bool>,
    /// As `METRICS_PORT`.
    pub port: Option<u16>,
}

/// The file's `load_balancer`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileLoadBalancer {
    /// Whether keys share the load by an algorithm; default true.
    pub enabled: Option<bool>,
    /// The algorithm.
    pub algorithm: Option<Strategy>,
    /// Seconds between two looks at keys that are out.
    pub health_check_interval: Option<u64>,
}

impl FileConfig {
    /// A sentence for each section that is known and has no effect in this version.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let sections = [
            ("cache", self.cache.is_some()),
            ("redis", self.redis.is_some()),
            ("websocket", self.websocket.is_some()),
            ("cluster", self.cluster.is_some()),
        ];
        let present = sections.into_iter().filter(|(_, is_present)| *is_present);
        present
            .map(|(name, _)| {
                format!("the configuration file's `{name}` has no effect in this version")
            })
            .collect()
    }
}

/// Reads the file that `TOLLGATE_CONFIG` names, or `config.yaml` where there is one.
pub fn read(source: &mut Source) -> (FileConfig, Option<PathBuf>) {
    let named = source.text(&CONFIG_FILE);
    let path = PathBuf::from(named.as_deref().unwrap_or("config.yaml"));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
            return (FileConfig::default(), None);
        }
        Err(error) => {
            let path = path.display();
            source
                .problem(format!("TOLLGATE_CONFIG names `{path}`, which cannot be read: {error}"));
            return (FileConfig::default(), None);
        }
    };
    let file = parse(&text).unwrap_or_else(|problem| {
        source.problem(format!("{}: {problem}", path.display()));
        FileConfig::default()
    });
    (file, Some(path))
}

fn parse(text: &str) -> Result<FileConfig, String> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(FileConfig::default());
    }
    let reader = serde_norway::Deserializer::from_str(text);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        let line = error.location().map_or(0, |location| location.line());
        let text = error.to_string();
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
        let text = text
            .split_once(": ")
            .filter(|(start, _)| path.starts_with(start))
            .map_or(text, |(_, text)| text);
        let detail = field_error(&path, text);
        match detail.field.filter(|field| field != ".") {
            Some(field) => format!("line {line}: `{field}` {}", detail.message),
            None => format!("line {line}: the file {}", detail.message),
        }
    })
}

/// Takes any scalar, so that no message has a reason to repeat it.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret<String>>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return Err(serde::de::Error::custom("must be a text")),
    };
    Ok(Some(Secret::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_the_guide_are_understood() {
        let file = parse(
            "host: 0.0.0.0\nport: 3000\napi_key: 123456\nmodel_providers:\n  - openai-custom\n\
             load_balancer:\n  enabled: true\n  algorithm: round_robin\nmetrics:\n  enabled: true\n\
             redis:\n  addr: localhost:6379\n",
        )
        .unwrap();

        assert_eq!(file.port, Some(3000));
        assert_eq!(file.api_key, Some(Secret::from("123456")));
        assert_eq!(file.model_providers, ["openai-custom"]);
        assert_eq!(file.metrics.enabled, Some(true));
        assert_eq!(file.load_balancer.algorithm, Some(Strategy::RoundRobin));
        assert_eq!(
            file.warnings(),
            ["the configuration file's `redis` has no effect in this version"]
        );
    }

    #[test]
    fn a_wrong_key_or_value_is_named_with_its_line_and_a_secret_is_not_repeated() {
        let problem = |text| parse(text).unwrap_err();

        assert_eq!(problem("host: x\nprot: 1\n"), "line 2: `prot` is not a known field");
        assert_eq!(problem("port: sk-secret\n"), "line 1: `port` must be a whole number");
        assert_eq!(
            problem("host: x\nmetrics:\n  prot: 1\n"),
            "line 3: `metrics.prot` is not a known field"
        );
        assert_eq!(
            problem("load_balancer:\n  algo: random\n"),
            "line 2: `load_balancer.algo` is not a known field"
        );
        assert!(
            problem("load_balancer:\n  algorithm: fastest\n")
                .starts_with("line 2: `load_balancer.algorithm` ")
        );
        assert_eq!(problem("- port\n"), "line 1: the file must be an object");
        assert!(!problem("api_key: [sk-secret]\n").contains("sk-secret"));
    }

    #[test]
    fn a_file_of_comments_is_a_file_of_defaults() {
        assert!(parse("# nothing\n\n").unwrap().host.is_none());
    }
}
