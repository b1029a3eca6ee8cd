//! Who may read metrics, and where.

use tollgate_domain::Secret;

use super::file::FileConfig;
use super::flags::Flags;
use super::source::{Source, Variable};

const METRICS_TOKEN: Variable = Variable::secret(
    "METRICS_TOKEN",
    "none",
    "who sends it as Bearer may read /metrics from elsewhere than this machine",
);
const METRICS_PORT: Variable =
    Variable::plain("METRICS_PORT", "none", "a port of its own for /metrics, open to everybody");

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[METRICS_TOKEN, METRICS_PORT];

/// Who may read metrics, and where.
#[derive(Clone, Debug)]
pub struct MetricsConfig {
    /// Whether there are metrics: `metrics.enabled` in the file, `--metrics-enabled`. Default true.
    pub is_enabled: bool,
    /// `METRICS_TOKEN`: who sends it may read them from elsewhere. Default none.
    pub token: Option<Secret<String>>,
    /// `METRICS_PORT`: a port of its own. Default none.
    pub port: Option<u16>,
}

impl MetricsConfig {
    pub(super) fn read(source: &mut Source, file: &FileConfig, flags: &Flags) -> Self {
        let port = source.number(&METRICS_PORT, 1, u16::MAX);
        Self {
            is_enabled: flags.metrics_enabled.or(file.metrics.enabled).unwrap_or(true),
            token: source.text(&METRICS_TOKEN).map(Secret::new),
            port: flags.metrics_port.or(port).or(file.metrics.port),
        }
    }
}
