//! How each upstream key stands at the moment of a scrape.

use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{IntGaugeVec, Opts};
use tollgate_gateway::{Engine, KeyUse};

use crate::api::load_balancer::is_healthy;

/// What is told of a key.
struct Gauge {
    name: &'static str,
    help: &'static str,
    value: fn(&KeyUse) -> i64,
}

const GAUGES: [Gauge; 4] = [
    Gauge {
        name: "aiproxy_upstream_in_flight",
        help: "Requests under way, by upstream key.",
        value: |live| live.in_flight,
    },
    Gauge {
        name: "aiproxy_upstream_requests_last_minute",
        help: "Requests of the last minute, by upstream key.",
        value: |live| live.rpm_used,
    },
    Gauge {
        name: "aiproxy_upstream_tokens_last_minute",
        help: "Tokens of the last minute, by upstream key.",
        value: |live| live.tpm_used,
    },
    Gauge {
        name: "aiproxy_upstream_requests_today",
        help: "Requests of this UTC day, by upstream key.",
        value: |live| live.rpd_used,
    },
];

/// The gauges of every key, by its provider's code and its id.
///
/// # Errors
///
/// Fails only when a gauge has no good name, that is, never.
pub(super) fn gather(engine: &Engine) -> prometheus::Result<Vec<MetricFamily>> {
    let gauge =
        |name: &str, help: &str| IntGaugeVec::new(Opts::new(name, help), &["provider", "key_id"]);
    let healthy = gauge(
        "aiproxy_upstream_healthy",
        "1 where the upstream key carries calls now, limits aside, else 0.",
    )?;
    let uses: Vec<(Gauge, IntGaugeVec)> = GAUGES
        .into_iter()
        .map(|told| gauge(told.name, told.help).map(|gauge| (told, gauge)))
        .collect::<prometheus::Result<_>>()?;
    for provider in &engine.snapshot().providers {
        let code = provider.provider.code.as_str();
        for entry in &provider.keys {
            let (id, live) = (entry.key.id.to_string(), engine.live(entry.key.id));
            let is_healthy = is_healthy(provider, entry, &live);
            healthy.with_label_values(&[code, &id]).set(i64::from(is_healthy));
            for (told, gauge) in &uses {
                gauge.with_label_values(&[code, &id]).set((told.value)(&live));
            }
        }
    }
    let families = uses.iter().flat_map(|(_, gauge)| gauge.collect());
    Ok(healthy.collect().into_iter().chain(families).collect())
}
