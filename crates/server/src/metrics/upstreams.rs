//! How each provider and each upstream key stands at the moment of a scrape.

use prometheus::Registry;
use tollgate_domain::api_key::KeyStatus;
use tollgate_gateway::{Engine, KeyEntry, KeyUse, ProviderEntry};

use super::gauges::Gauges;
use crate::api::keys::Headroom;
use crate::api::load_balancer::is_healthy;

/// The most keys that are shown one by one, so that a scrape stays small: the first by provider
/// and id. Those beyond it are in the sums of their providers.
pub const MAX_KEYS: usize = 500;

/// A figure of a key's use.
type Figure = fn(&KeyUse) -> i64;

/// What is told of a key: the family's name, its help, the figure.
const OF_A_KEY: [(&str, &str, Figure); 4] = [
    ("aiproxy_upstream_in_flight", "Requests under way, by upstream key.", |live| live.in_flight),
    (
        "aiproxy_upstream_requests_last_minute",
        "Requests of the last minute, by upstream key.",
        |live| live.rpm_used,
    ),
    (
        "aiproxy_upstream_tokens_last_minute",
        "Tokens of the last minute, by upstream key.",
        |live| live.tpm_used,
    ),
    ("aiproxy_upstream_requests_today", "Requests of this UTC day, by upstream key.", |live| {
        live.rpd_used
    }),
];
const KEY: &[&str] = &["provider", "key_id"];

/// The families of keys and of their providers.
struct Families {
    healthy: Gauges,
    headroom: Gauges,
    uses: Vec<(Gauges, Figure)>,
    hidden: Gauges,
    keys: Gauges,
    active: Gauges,
    usable: Gauges,
    in_flight: Gauges,
}

impl Families {
    fn new(registry: &Registry) -> prometheus::Result<Self> {
        let family =
            |name: &str, help: &str, labels: &[&str]| Gauges::new(registry, name, help, labels);
        Ok(Self {
            healthy: family(
                "aiproxy_upstream_healthy",
                "1 where the upstream key carries calls now, limits aside, else 0.",
                KEY,
            )?,
            headroom: family(
                "aiproxy_upstream_headroom_ratio",
                "What is left of each limit of an upstream key, from 0 to 1; absent where nothing limits.",
                &["provider", "key_id", "limit"],
            )?,
            uses: OF_A_KEY
                .into_iter()
                .map(|(name, help, value)| Ok((family(name, help, KEY)?, value)))
                .collect::<prometheus::Result<_>>()?,
            hidden: family(
                "aiproxy_upstream_keys_not_shown",
                "Upstream keys beyond those that are shown one by one.",
                &[],
            )?,
            keys: family(
                "aiproxy_provider_keys",
                "Active keys of an active provider, by their status.",
                &["provider", "status"],
            )?,
            active: family(
                "aiproxy_provider_keys_active",
                "Active keys of an active provider.",
                &["provider"],
            )?,
            usable: family(
                "aiproxy_provider_keys_usable",
                "Active keys of an active provider that carry calls now, limits aside.",
                &["provider"],
            )?,
            in_flight: family(
                "aiproxy_provider_in_flight",
                "Requests under way, by provider.",
                &["provider"],
            )?,
        })
    }

    fn tell_key(&self, provider: &ProviderEntry, entry: &KeyEntry, live: &KeyUse) {
        let (code, id) = (provider.provider.code.as_str(), entry.key.id.to_string());
        self.healthy.flag(&[code, &id], is_healthy(provider, entry, live));
        for (gauges, value) in &self.uses {
            gauges.count(&[code, &id], value(live));
        }
        for (limit, left) in Headroom::of(&entry.key.limits, live).ratios() {
            if let Some(left) = left {
                self.headroom.set(&[code, &id, limit], left);
            }
        }
    }

    fn tell_provider(&self, provider: &ProviderEntry, lives: &[KeyUse]) {
        let code = provider.provider.code.as_str();
        self.in_flight.count(&[code], lives.iter().map(|live| live.in_flight).sum());
        if !provider.provider.is_active {
            return;
        }
        let keys = || provider.keys.iter().zip(lives).filter(|(entry, _)| entry.key.is_active);
        for status in KeyStatus::ALL {
            let count = keys().filter(|(_, live)| live.state.status == *status).count();
            self.keys.count(&[code, status.as_str()], whole(count));
        }
        let usable = keys().filter(|(entry, live)| is_healthy(provider, entry, live)).count();
        self.active.count(&[code], whole(keys().count()));
        self.usable.count(&[code], whole(usable));
    }
}

/// Fills `registry` with how the providers and keys of `engine` stand.
///
/// # Errors
/// Fails only when a family has no good name, that is, never.
pub(super) fn gather(engine: &Engine, registry: &Registry) -> prometheus::Result<()> {
    let families = Families::new(registry)?;
    let (mut shown, mut hidden) = (0, 0);
    for provider in &engine.snapshot().providers {
        let lives: Vec<KeyUse> =
            provider.keys.iter().map(|entry| engine.live(entry.key.id)).collect();
        families.tell_provider(provider, &lives);
        let mut keys: Vec<_> = provider.keys.iter().zip(&lives).collect();
        keys.sort_by_key(|(entry, _)| entry.key.id);
        for (entry, live) in keys {
            if shown < MAX_KEYS {
                families.tell_key(provider, entry, live);
                shown += 1;
            } else {
                hidden += 1;
            }
        }
    }
    families.hidden.count(&[], hidden);
    Ok(())
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
