//! What the benchmarks measure: picks of a pool, and writes to a journal, set up without a database.

mod journal;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Map;
use tokio::time::Instant;
use tollgate_domain::api_key::{ApiKey, CredentialKind, KeyLimits, KeyState};
use tollgate_domain::provider::{ProtocolKind, Strategy, Timeouts};
use tollgate_domain::{ApiKeyId, ProviderId, Secret};
use tollgate_providers::{Common, Quirks, Upstream};

use crate::pool::{Ask, Changes, Charge, Moment, News, Pool, Try};
use crate::snapshot::KeyEntry;

pub use journal::{Written, fill_journal};

/// A pool of idle keys with limits that never run out.
#[derive(Debug)]
pub struct Picks {
    pool: Arc<Pool>,
    keys: Vec<Arc<KeyEntry>>,
    utc: DateTime<Utc>,
    chance: f64,
}

impl Picks {
    /// A pool of `count` keys, of which every one may carry a call.
    #[must_use]
    pub fn among(count: i64) -> Self {
        let changes = Arc::new(Changes::default());
        let pool = Arc::new(Pool::new(changes, Instant::now()));
        let utc = DateTime::UNIX_EPOCH;
        let keys: Vec<_> = (1..=count).map(|id| Arc::new(entry(id))).collect();
        for entry in &keys {
            pool.adopt(entry, News::Nothing, 0, utc);
        }
        Self { pool, keys, utc, chance: 0.0 }
    }

    /// Picks a key by `strategy` at `now`, and charges it; dropping the answer gives it back.
    pub fn pick(&mut self, strategy: Strategy, now: Instant) -> Option<Taken> {
        self.chance = (self.chance + 0.618_033_988_749_895).fract();
        let ask = Ask {
            model: "m",
            tokens: 1,
            attempt: Try::First,
            caller: Some("203.0.113.7"),
            chance: self.chance,
            now: Moment { instant: now, utc: self.utc },
        };
        self.pool.pick(&self.keys, strategy, &ask, |_| true).taken.map(Taken)
    }
}

/// A key that was picked.
#[derive(Debug)]
pub struct Taken(#[expect(dead_code, reason = "it is given back")] (Arc<KeyEntry>, Charge));

fn entry(id: i64) -> KeyEntry {
    let limit = Some(i64::MAX >> 16);
    let key = ApiKey {
        id: ApiKeyId::new(id),
        provider_id: ProviderId::new(1),
        name: format!("key {id}"),
        credential_kind: CredentialKind::Static,
        hint: String::new(),
        base_url: None,
        priority: 100,
        weight: id % 7 + 1,
        limits: KeyLimits { rpm: limit, tpm: limit, rpd: limit, max_concurrent: limit },
        is_active: true,
        state: KeyState::default(),
        requests_count_today: 0,
        tokens_count_today: 0,
        counted_on: None,
        last_used_at: None,
        last_validated_at: None,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    let upstream = Upstream {
        provider_code: "p".to_owned(),
        protocol: ProtocolKind::OpenAi,
        base_url: "http://127.0.0.1:9/v1".to_owned(),
        secret: Secret::from("sk-bench"),
        extra_headers: std::collections::BTreeMap::new(),
        quirks: Quirks::default(),
        default_params: Map::new(),
        timeouts: Timeouts::default(),
        common: Common::default(),
    };
    KeyEntry { key, upstream: Some(Arc::new(upstream)), live: None }
}
