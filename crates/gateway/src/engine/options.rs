//! How an engine is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tollgate_providers::HttpClientOptions;

use crate::credentials::RenewalPauses;
use crate::error::CallError;
use crate::random::{Random, ThreadRandom};
use crate::record::Observer;
use crate::retry::Backoff;

/// How an engine is set up; [`EngineOptions::new`] gives the values that Tollgate runs with.
#[derive(Clone)]
pub struct EngineOptions {
    /// For the engine's own requests: checks of refused keys.
    pub http: HttpClientOptions,
    /// How often the database is asked whether the configuration has changed.
    pub poll_interval: Duration,
    /// How often keys in plain text are looked for, to be sealed.
    pub seal_interval: Duration,
    /// How often keys that are cooling or invalid are probed.
    pub probe_interval: Duration,
    /// How long the tokens of an ended session may still be around.
    pub session_token_life: Duration,
    /// How long a stream's answer is held back until there is content.
    pub hold: Duration,
    /// How long to wait before the same key is tried again.
    pub backoff: Backoff,
    /// How long to wait before a key's value is asked for again.
    pub renewal: RenewalPauses,
    /// Where chance comes from.
    pub random: Arc<dyn Random>,
    /// The status that a caller of a path gets for an error, for the record.
    pub status_of: fn(&str, &CallError) -> Option<u16>,
    /// Hears of every record once, when it is written to the journal; must be quick.
    pub observer: Option<Observer>,
}

impl EngineOptions {
    /// The values that Tollgate runs with.
    #[must_use]
    pub fn new(http: HttpClientOptions) -> Self {
        Self {
            http,
            poll_interval: Duration::from_millis(500),
            seal_interval: Duration::from_secs(30),
            probe_interval: Duration::from_secs(30),
            session_token_life: Duration::from_secs(24 * 3600),
            hold: Duration::from_secs(10),
            backoff: Backoff::default(),
            renewal: RenewalPauses::default(),
            random: Arc::new(ThreadRandom),
            status_of: |_, _| None,
            observer: None,
        }
    }
}

impl fmt::Debug for EngineOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineOptions")
            .field("hold", &self.hold)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}
