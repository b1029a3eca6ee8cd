//! Keeps the current snapshot, and replaces it when the configuration changes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::time::Instant;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::{Clock, ProviderId};
use tollgate_store::providers::ProviderFilter;
use tollgate_store::{Store, StoreError, StoreResult};

use crate::credentials::Credentials;
use crate::pool::{Changes, News, Pool};
use crate::snapshot::build::Rows;
use crate::snapshot::{KeyEntry, ProviderEntry, Snapshot};

/// How often rows are read again because the configuration changed while they were being read.
const MAX_READS: usize = 3;

/// The current snapshot.
#[derive(Debug)]
pub(crate) struct Keeper {
    store: Store,
    clock: Arc<dyn Clock>,
    changes: Arc<Changes>,
    credentials: Arc<Credentials>,
    epoch: Instant,
    /// How long an ended session is remembered.
    session_token_life: Duration,
    pools: Mutex<HashMap<ProviderId, Arc<Pool>>>,
    current: ArcSwap<Snapshot>,
    /// Held while loading, so that an older picture never replaces a newer one.
    loading: tokio::sync::Mutex<()>,
    /// Whether the database did not answer when it was last asked.
    is_database_away: AtomicBool,
}

impl Keeper {
    /// Loads the first snapshot.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        changes: Arc<Changes>,
        credentials: Arc<Credentials>,
        session_token_life: Duration,
    ) -> StoreResult<Self> {
        let empty = Snapshot::build(Rows { version: i64::MIN, ..Rows::default() }, |_| {
            unreachable!("there is no provider in it")
        });
        let keeper = Self {
            store,
            clock,
            changes,
            credentials,
            epoch: Instant::now(),
            session_token_life,
            pools: Mutex::default(),
            current: ArcSwap::from_pointee(empty),
            loading: tokio::sync::Mutex::default(),
            is_database_away: AtomicBool::new(false),
        };
        keeper.refresh().await?;
        Ok(keeper)
    }

    /// The current snapshot.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Makes sure that the current snapshot has everything that is in the database by now.
    ///
    /// # Errors
    /// Those of the database; the current snapshot then stays.
    pub(crate) async fn refresh(&self) -> StoreResult<()> {
        let _alone = self.loading.lock().await;
        let loaded = self.load().await;
        let is_away = matches!(loaded, Err(StoreError::Unavailable(_)));
        self.is_database_away.store(is_away, Ordering::Relaxed);
        loaded
    }

    /// Whether the database answered when it was last asked for news.
    pub(crate) fn is_database_up(&self) -> bool {
        !self.is_database_away.load(Ordering::Relaxed)
    }

    async fn load(&self) -> StoreResult<()> {
        let version = self.store.settings().config_version().await?;
        if version <= self.current.load().version {
            return Ok(());
        }
        let loaded = self.changes.stamp();
        let mut rows = self.read().await?;
        rows.lives = self.credentials.adopt(&rows.keys);
        let next = Snapshot::build(rows, |provider| self.pool(provider));
        self.adopt(&next, loaded);
        tracing::debug!(config.version = next.version, "The configuration was loaded");
        self.current.store(Arc::new(next));
        Ok(())
    }

    /// All rows, of one version unless the configuration changes faster than it can be read; then
    /// the next look finds a newer version again.
    async fn read(&self) -> StoreResult<Rows> {
        let mut rows = self.read_once().await?;
        for _ in 1..MAX_READS {
            if self.store.settings().config_version().await? == rows.version {
                break;
            }
            rows = self.read_once().await?;
        }
        Ok(rows)
    }

    async fn read_once(&self) -> StoreResult<Rows> {
        let store = &self.store;
        let since = self.clock.now() - self.session_token_life;
        Ok(Rows {
            // First, so that the rows are at least as new as it says.
            version: store.settings().config_version().await?,
            settings: store.settings().load().await?,
            providers: store.providers().list(&ProviderFilter::default()).await?,
            keys: store.api_keys().open_all().await?,
            lives: HashMap::new(),
            models: store.models().all().await?,
            prices: store.prices().all().await?,
            users: store.users().all().await?,
            revoked_sessions: store.sessions().revoked_since(since).await?,
            app_tokens: store.app_tokens().all_with_hash().await?,
            routes: store.routes().list(None).await?,
        })
    }

    fn pool(&self, provider: ProviderId) -> Arc<Pool> {
        let mut pools = self.pools.lock();
        let pool = pools
            .entry(provider)
            .or_insert_with(|| Arc::new(Pool::new(Arc::clone(&self.changes), self.epoch)));
        Arc::clone(pool)
    }

    /// Tells the pools what `next` brings.
    fn adopt(&self, next: &Snapshot, loaded: u64) {
        let now = self.clock.now();
        let current = self.current.load();
        for provider in &next.providers {
            for entry in &provider.keys {
                let before = current.key(entry.key.id).map(|(_, before)| &**before);
                tell_if_lost(provider, before, entry);
                provider.pool.adopt(entry, news(before, entry), loaded, now);
            }
            provider.pool.retain(&provider.keys);
        }
        self.pools.lock().retain(|id, _| next.provider(*id).is_some());
    }
}

/// Puts it in the log, once, that a key's secret does not open.
fn tell_if_lost(provider: &ProviderEntry, before: Option<&KeyEntry>, entry: &KeyEntry) {
    let is_lost = |entry: &KeyEntry| entry.key.state.status == KeyStatus::Undecryptable;
    if is_lost(entry) && !before.is_some_and(is_lost) {
        tracing::warn!(
            provider.code = %provider.provider.code,
            key.id = %entry.key.id,
            key.name = %entry.key.name,
            "A key does not open and is not used: {}",
            entry.key.state.reason.as_deref().unwrap_or_default()
        );
    }
}

/// What is new about `entry` since it was `before`.
fn news(before: Option<&KeyEntry>, entry: &KeyEntry) -> News {
    let Some(before) = before else { return News::Nothing };
    if !is_same_live(before, entry) {
        return News::NewSecret;
    }
    match (&before.upstream, &entry.upstream) {
        (Some(old), Some(new)) if old.secret.expose() != new.secret.expose() => News::NewSecret,
        (Some(old), Some(new)) if old.base_url != new.base_url => News::Replaced,
        (Some(_), None) | (None, Some(_)) => News::Replaced,
        _ if before.key.last_validated_at != entry.key.last_validated_at => News::Validated,
        _ => News::Nothing,
    }
}

/// Whether both get their value from the same place, or have a fixed one.
fn is_same_live(before: &KeyEntry, entry: &KeyEntry) -> bool {
    match (&before.live, &entry.live) {
        (Some(before), Some(live)) => Arc::ptr_eq(before, live),
        (before, live) => before.is_none() == live.is_none(),
    }
}
