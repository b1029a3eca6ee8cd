//! Credentials whose values change: kept over snapshots, and renewed by one task each.

mod renew;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::{CredentialKind, OpenedKey};
use tollgate_domain::credential::Credential;
use tollgate_providers::credential::Live;

pub use renew::RenewalPauses;
pub(crate) use renew::{Renewer, keep};

/// The live side of every credential that has one. It outlives snapshots.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    kept: Mutex<HashMap<ApiKeyId, Kept>>,
    added: Notify,
}

/// One of them.
#[derive(Debug)]
struct Kept {
    live: Arc<Live>,
    /// Whether it is renewed ahead of its end, as one that is used has to be.
    is_used: Arc<AtomicBool>,
    is_started: bool,
    stop: CancellationToken,
}

/// What a task keeps renewed.
#[derive(Clone, Debug)]
pub(crate) struct Keeping {
    pub(crate) key: ApiKeyId,
    pub(crate) live: Arc<Live>,
    pub(crate) is_used: Arc<AtomicBool>,
    pub(crate) stop: CancellationToken,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Credentials {
    /// Takes in the keys that there are now, and answers the live side of each that has one. One
    /// that is the same as before goes on with the value that it holds.
    pub(crate) fn adopt(&self, keys: &[OpenedKey]) -> HashMap<ApiKeyId, Arc<Live>> {
        let mut kept = self.kept.lock();
        let mut next = HashMap::new();
        for opened in keys {
            let key = &opened.key;
            let Some(credential) = credential_of(opened) else { continue };
            let before = kept.remove(&key.id).filter(|kept| kept.live.is_of(&credential));
            let Some(one) = before.or_else(|| Kept::new(credential)) else { continue };
            if one.is_used.swap(key.is_active, Ordering::Relaxed) != key.is_active {
                one.live.wake();
            }
            next.insert(key.id, one);
        }
        *kept = next;
        self.added.notify_one();
        kept.iter().map(|(key, kept)| (*key, Arc::clone(&kept.live))).collect()
    }

    /// Returns when there may be credentials that nobody keeps renewed yet.
    pub(crate) async fn added(&self) {
        self.added.notified().await;
    }

    /// Those that nobody keeps renewed yet; whoever asks does from now on.
    pub(crate) fn unstarted(&self) -> Vec<Keeping> {
        let mut kept = self.kept.lock();
        let fresh = kept.iter_mut().filter(|(_, kept)| !kept.is_started);
        fresh
            .map(|(key, kept)| {
                kept.is_started = true;
                Keeping {
                    key: *key,
                    live: Arc::clone(&kept.live),
                    is_used: Arc::clone(&kept.is_used),
                    stop: kept.stop.clone(),
                }
            })
            .collect()
    }
}

impl Kept {
    fn new(credential: Credential) -> Option<Self> {
        Some(Self {
            live: Arc::new(Live::new(credential)?),
            is_used: Arc::default(),
            is_started: false,
            stop: CancellationToken::new(),
        })
    }
}

/// The key's credential, where it is none that is fixed; with a line in the log where it cannot be
/// read.
fn credential_of(opened: &OpenedKey) -> Option<Credential> {
    let (key, secret) = (&opened.key, opened.secret.as_ref()?);
    if key.credential_kind == CredentialKind::Static {
        return None;
    }
    Credential::parse(key.credential_kind, secret)
        .inspect_err(|error| {
            tracing::error!(
                key.id = %key.id, key.name = %key.name,
                "A key is not used, because {error}"
            );
        })
        .ok()
}
