//! How keys share the load.

use std::time::Duration;

use tollgate_domain::provider::Strategy;

use super::file::FileConfig;
use super::flags::Flags;
use super::source::Source;

/// The runtime setting that this concern decides, as JSON names it.
pub const ALGORITHM: &str = "loadBalancerAlgorithm";
/// How often keys that fail are looked after, where the file does not say.
const HEALTH_CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// The longest time between two such looks, in seconds.
const LONGEST_INTERVAL: u64 = 3600;

/// How keys share the load.
#[derive(Clone, Debug)]
pub struct LoadBalancerConfig {
    /// `load_balancer.enabled` in the file, `--load-balancer-enabled`. Without it `priority` holds
    /// for every provider. Default true.
    pub is_enabled: bool,
    /// `load_balancer.algorithm` in the file, `--load-balancer-algorithm`. Default none: as the
    /// providers say.
    configured: Option<Strategy>,
    /// `load_balancer.health_check_interval` in the file, in seconds: how often keys that are out
    /// are tried. Default 30 s.
    pub health_check_interval: Duration,
}

impl LoadBalancerConfig {
    pub(super) fn read(source: &mut Source, file: &FileConfig, flags: &Flags) -> Self {
        let file = &file.load_balancer;
        let interval = file.health_check_interval.unwrap_or(HEALTH_CHECK_INTERVAL.as_secs());
        if !(1..=LONGEST_INTERVAL).contains(&interval) {
            source.problem(format!(
                "the configuration file's `load_balancer.health_check_interval` is `{interval}`: \
                 it must be a whole number of seconds from 1 to {LONGEST_INTERVAL}"
            ));
        }
        Self {
            is_enabled: flags.load_balancer_enabled.or(file.enabled).unwrap_or(true),
            configured: flags.load_balancer_algorithm.or(file.algorithm),
            health_check_interval: Duration::from_secs(interval),
        }
    }

    /// The algorithm that the configuration decides on; `None` where it leaves that to operators.
    #[must_use]
    pub fn algorithm(&self) -> Option<Strategy> {
        if self.is_enabled { self.configured } else { Some(Strategy::Priority) }
    }

    /// That the algorithm has no effect, where it has none.
    pub(super) fn warning(&self) -> Option<String> {
        let unused = self.configured.filter(|algorithm| *algorithm != Strategy::Priority)?;
        (!self.is_enabled).then(|| {
            format!(
                "`load_balancer.enabled` is false, so that keys share the load by `priority`; the \
                 algorithm `{unused}` has no effect"
            )
        })
    }
}
