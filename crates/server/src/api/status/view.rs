//! How Tollgate fares, as the API shows it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tollgate_domain::api_key::{ApiKey, KeyStatus};
use tollgate_domain::provider::{Provider, Strategy};
use tollgate_gateway::{Engine, JournalStats, KeyEntry, KeyUse, ProviderEntry};
use utoipa::ToSchema;

use super::instances::RunningInstance;
use super::jobs::JobView;
use crate::openapi::words;

/// What the limits of keys are counted by.
const NOTE: &str = "Requests and tokens per minute are counted by each instance on its own, and so \
    are the limits on them: several instances together may use several times as much of a key.";

/// How Tollgate fares.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// `ok`; `degraded`: a provider has no usable key left; `down`: no call can be served, because
    /// no key is left or calls cannot be recorded.
    #[schema(example = "ok")]
    status: &'static str,
    /// How many keys there are.
    keys: KeyCounts,
    /// How each active provider shares in the load.
    #[serde(skip_serializing_if = "Option::is_none")]
    providers: Option<Vec<ProviderLoad>>,
    /// How each active key fares.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_details: Option<Vec<KeyLoad>>,
    /// The database.
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<StoreView>,
    /// The instances of the database that have said lately that they are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<Vec<RunningInstance>>,
    /// The journal of this instance, where records of calls wait for the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<JournalView>,
    /// What is done by the clock, once for all instances.
    #[serde(skip_serializing_if = "Option::is_none")]
    jobs: Option<Vec<JobView>>,
    /// Tollgate's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    /// How long this instance has been running.
    #[serde(skip_serializing_if = "Option::is_none")]
    uptime_seconds: Option<u64>,
    /// What the numbers mean where there are several instances.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

/// How many keys there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyCounts {
    /// All of them.
    total: usize,
    /// Those that are to be used.
    active: usize,
    /// Those that can be used now.
    usable: usize,
}

/// The database.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreView {
    /// Whether it answers.
    pub is_reachable: bool,
    /// How long it took to, in milliseconds; null where it did not.
    pub latency_ms: Option<u64>,
    /// `mysql` (MySQL, MariaDB or TiDB) or `sqlite`.
    #[schema(example = "mysql")]
    pub kind: &'static str,
}

/// The journal of this instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalView {
    /// Bytes that are not in the database yet.
    backlog_bytes: u64,
    /// Records that are not in the database yet.
    backlog_records: u64,
    /// When the call of the first of them ended.
    oldest_at: Option<DateTime<Utc>>,
    /// Bytes on the disk.
    used_bytes: u64,
    /// How many there may be: `JOURNAL_MAX_BYTES`.
    max_bytes: u64,
    /// Records that were dropped since the start, because there was no room for them.
    dropped: u64,
    /// Records since the start that the database refused, and that are in the journal's
    /// `rejected.jsonl`.
    rejected: u64,
    /// Whether there is no room for one more call.
    is_full: bool,
    /// Whether the disk takes what is written.
    is_writable: bool,
    /// Whether the database takes what is shipped.
    is_shipping: bool,
}

impl From<JournalStats> for JournalView {
    fn from(stats: JournalStats) -> Self {
        Self {
            backlog_bytes: stats.backlog_bytes,
            backlog_records: stats.backlog_records,
            oldest_at: stats.oldest_at,
            used_bytes: stats.used_bytes,
            max_bytes: stats.max_bytes,
            dropped: stats.dropped,
            rejected: stats.rejected,
            is_full: stats.is_full,
            is_writable: stats.is_writable,
            is_shipping: stats.is_shipping,
        }
    }
}

/// A provider's share in the load.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderLoad {
    /// The provider's id.
    provider_id: i64,
    /// The provider's code.
    provider_code: String,
    /// What people call it.
    provider_name: String,
    /// How its keys share its load.
    #[schema(schema_with = words::strategy)]
    algorithm: Strategy,
    /// Its keys.
    keys: KeyCounts,
    /// Requests of the last minute.
    rpm_used: i64,
    /// Requests under way.
    in_flight: i64,
    /// Its part of all requests of the last minute, 0 to 1.
    share: f64,
}

/// How a key fares.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyLoad {
    key_id: i64,
    /// What people call it.
    key_name: String,
    /// Its provider's id.
    provider_id: i64,
    /// Its provider's code.
    provider_code: String,
    /// Whether it can be used.
    #[schema(schema_with = words::key_status)]
    status: KeyStatus,
    /// Why not.
    status_reason: Option<String>,
    /// Until when it rests.
    cooling_until: Option<DateTime<Utc>>,
    /// Requests of the last minute.
    rpm_used: i64,
    /// The limit on them; 0 is unlimited, null is not known.
    rate_limit_rpm: Option<i64>,
    /// Tokens of the last minute.
    tpm_used: i64,
    /// The limit on them; 0 is unlimited, null is not known.
    rate_limit_tpm: Option<i64>,
    /// Requests under way.
    in_flight: i64,
    /// Failures since its last success.
    error_count: i64,
    /// The last failure, in words.
    last_error: Option<String>,
    /// Its part of its provider's requests of the last minute, 0 to 1.
    share: f64,
}

/// Every key as it is at one moment.
pub(super) struct Picture {
    providers: Vec<ProviderPicture>,
}

struct ProviderPicture {
    provider: Provider,
    keys: Vec<KeyPicture>,
}

struct KeyPicture {
    key: ApiKey,
    opens: bool,
    used: KeyUse,
}

impl Picture {
    /// The keys of `engine` now.
    pub(super) fn of(engine: &Engine) -> Self {
        let snapshot = engine.snapshot();
        let key = |entry: &KeyEntry| KeyPicture {
            key: entry.key.clone(),
            opens: entry.upstream.is_some(),
            used: engine.live(entry.key.id),
        };
        let provider = |entry: &ProviderEntry| ProviderPicture {
            provider: entry.provider.clone(),
            keys: entry.keys.iter().map(|entry| key(entry)).collect(),
        };
        Self { providers: snapshot.providers.iter().map(|entry| provider(entry)).collect() }
    }

    fn counts(&self) -> KeyCounts {
        self.providers.iter().map(ProviderPicture::counts).fold(
            KeyCounts::default(),
            |sum, more| KeyCounts {
                total: sum.total + more.total,
                active: sum.active + more.active,
                usable: sum.usable + more.usable,
            },
        )
    }

    fn status(&self, is_ready: bool) -> &'static str {
        let is_left_without = |counts: KeyCounts| counts.active > 0 && counts.usable == 0;
        match self.counts().usable {
            0 => "down",
            _ if !is_ready => "down",
            _ if self.providers.iter().any(|it| is_left_without(it.counts())) => "degraded",
            _ => "ok",
        }
    }
}

impl ProviderPicture {
    fn counts(&self) -> KeyCounts {
        let active = || self.keys.iter().filter(|key| self.provider.is_active && key.key.is_active);
        KeyCounts {
            total: self.keys.len(),
            active: active().count(),
            usable: active().filter(|key| key.is_usable()).count(),
        }
    }

    fn rpm_used(&self) -> i64 {
        self.keys.iter().map(|key| key.used.rpm_used).sum()
    }

    fn load(&self, of: i64) -> ProviderLoad {
        ProviderLoad {
            provider_id: self.provider.id.get(),
            provider_code: self.provider.code.clone(),
            provider_name: self.provider.name.clone(),
            algorithm: self.provider.lb_strategy,
            keys: self.counts(),
            rpm_used: self.rpm_used(),
            in_flight: self.keys.iter().map(|key| key.used.in_flight).sum(),
            share: share(self.rpm_used(), of),
        }
    }
}

impl KeyPicture {
    fn is_usable(&self) -> bool {
        self.opens && self.used.state.status == KeyStatus::Normal
    }

    fn load(self, provider: &Provider, of: i64) -> KeyLoad {
        let (key, used) = (self.key, self.used);
        KeyLoad {
            key_id: key.id.get(),
            key_name: key.name,
            provider_id: provider.id.get(),
            provider_code: provider.code.clone(),
            status: used.state.status,
            status_reason: used.state.reason,
            cooling_until: used.state.cooling_until,
            rpm_used: used.rpm_used,
            rate_limit_rpm: key.limits.rpm,
            tpm_used: used.tpm_used,
            rate_limit_tpm: key.limits.tpm,
            in_flight: used.in_flight,
            error_count: used.state.error_count,
            last_error: used.state.last_error,
            share: share(used.rpm_used, of),
        }
    }
}

impl StatusView {
    /// What everybody may know.
    pub(super) fn new(picture: &Picture, is_ready: bool) -> Self {
        Self {
            status: picture.status(is_ready),
            keys: picture.counts(),
            providers: None,
            key_details: None,
            store: None,
            instances: None,
            journal: None,
            jobs: None,
            version: None,
            uptime_seconds: None,
            note: None,
        }
    }

    /// Adds what operators may know.
    pub(super) fn detail(
        &mut self,
        picture: Picture,
        store: StoreView,
        journal: JournalStats,
        uptime: Duration,
    ) {
        let active: Vec<ProviderPicture> =
            picture.providers.into_iter().filter(|it| it.provider.is_active).collect();
        let all: i64 = active.iter().map(ProviderPicture::rpm_used).sum();
        self.providers = Some(active.iter().map(|provider| provider.load(all)).collect());
        let keys = active.into_iter().flat_map(|provider| {
            let of = provider.rpm_used();
            let keys = provider.keys.into_iter().filter(|key| key.key.is_active);
            keys.map(move |key| key.load(&provider.provider, of))
        });
        self.key_details = Some(keys.collect());
        self.store = Some(store);
        self.journal = Some(journal.into());
        self.version = Some(env!("CARGO_PKG_VERSION"));
        self.uptime_seconds = Some(uptime.as_secs());
        self.note = Some(NOTE);
    }

    /// Adds which instances there are.
    pub(super) fn tell_instances(&mut self, instances: Vec<RunningInstance>) {
        self.instances = Some(instances);
    }

    /// Adds how the jobs fare.
    pub(super) fn tell_jobs(&mut self, jobs: Vec<JobView>) {
        self.jobs = Some(jobs);
    }
}

/// The part that `used` is of `all`, to three places.
#[expect(clippy::cast_precision_loss, reason = "requests of a minute are few")]
fn share(used: i64, all: i64) -> f64 {
    if all <= 0 { 0.0 } else { (used as f64 / all as f64 * 1000.0).round() / 1000.0 }
}
