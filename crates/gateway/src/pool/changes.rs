//! Which keys' states have yet to be written to the database.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;
use tollgate_domain::ApiKeyId;

use crate::pool::Pool;

/// The keys whose state changed since it was last written, and a scale on which changes, writes
/// and loads can be told apart as earlier and later.
#[derive(Debug, Default)]
pub struct Changes {
    stamp: AtomicU64,
    dirty: Mutex<HashMap<ApiKeyId, Arc<Pool>>>,
    notify: Notify,
}

impl Changes {
    /// A point on the scale, after everything that got one before.
    pub fn stamp(&self) -> u64 {
        self.stamp.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Notes that a key's state has to be written.
    pub(super) fn mark(&self, key: ApiKeyId, pool: &Arc<Pool>) {
        self.dirty.lock().insert(key, Arc::clone(pool));
        self.notify.notify_one();
    }

    /// Notes that nothing has to be written of a key any more.
    pub(super) fn clear(&self, key: ApiKeyId) {
        self.dirty.lock().remove(&key);
    }

    /// Whether a key's state has yet to be written.
    pub(super) fn is_dirty(&self, key: ApiKeyId) -> bool {
        self.dirty.lock().contains_key(&key)
    }

    /// What has to be written.
    pub fn pending(&self) -> Vec<(ApiKeyId, Arc<Pool>)> {
        self.dirty.lock().iter().map(|(key, pool)| (*key, Arc::clone(pool))).collect()
    }

    /// Returns when something has to be written.
    pub async fn changed(&self) {
        self.notify.notified().await;
    }
}
