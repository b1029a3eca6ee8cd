//! Looking after keys that are out: whether their provider takes them again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, stream};
use tokio::time::timeout;
use tollgate_domain::ApiKeyId;
use tollgate_domain::api_key::{KeyState, KeyStatus};

use crate::engine::{Core, Engine};
use crate::key_state::CHECK_TIME;

/// Keys that are probed at a time.
const AT_A_TIME: usize = 8;

impl Engine {
    /// Asks the provider of each active key that is cooling or invalid whether it takes it; a key
    /// that it takes is used again, here and, once they have read it, on other instances. Returns
    /// when all of them were asked.
    pub async fn probe_keys(&self) {
        self.core.probe_keys().await;
    }
}

impl Core {
    /// See [`Engine::probe_keys`].
    pub(super) async fn probe_keys(self: &Arc<Self>) {
        // One round at a time, so that no key is asked for twice at once.
        let _alone = self.probing.lock().await;
        let keys: Vec<ApiKeyId> = self.keys_to_probe();
        stream::iter(keys)
            .for_each_concurrent(AT_A_TIME, async |key| {
                let probing = AssertUnwindSafe(self.probe(key));
                if probing.catch_unwind().await.is_err() {
                    tracing::error!(key.id = %key, "Probing a key panicked");
                }
            })
            .await;
    }

    fn keys_to_probe(&self) -> Vec<ApiKeyId> {
        let (snapshot, now) = (self.keeper.current(), self.moment());
        let active = snapshot.providers.iter().filter(|provider| provider.provider.is_active);
        active
            .flat_map(|provider| provider.keys.iter().map(move |entry| (provider, entry)))
            .filter(|(_, entry)| entry.key.is_active && entry.upstream.is_some())
            .filter(|(provider, entry)| is_out(provider.pool.live(entry.key.id, now).state.status))
            .map(|(_, entry)| entry.key.id)
            .collect()
    }

    async fn probe(self: &Arc<Self>, key: ApiKeyId) {
        let Ok((provider, entry)) = self.find_key(key) else { return };
        let Some(answer) = timeout(CHECK_TIME, self.validate(&self.http, &entry)).await.ok() else {
            return;
        };
        let before = provider.pool.live(key, self.moment()).state;
        let is_same = self.is_still(key, &entry) && is_out(before.status);
        let Some(state) = self.state_after(&answer).filter(|_| is_same) else { return };
        let state = match state.status {
            // What it failed counts until a call succeeds: the next failure makes it cool longer.
            KeyStatus::Normal => KeyState { error_count: before.error_count, ..state },
            status if status == before.status => return,
            _ => state,
        };
        let status = state.status;
        match self.decide(&provider, key, state).await {
            Ok(()) => tracing::info!(
                provider.code = %provider.provider.code,
                key.id = %key,
                key.status = %status,
                "A key that was out was probed"
            ),
            Err(error) => tracing::warn!(
                key.id = %key, "What a probe told of a key could not be stored: {error}"
            ),
        }
    }
}

const fn is_out(status: KeyStatus) -> bool {
    matches!(status, KeyStatus::Cooling | KeyStatus::Invalid)
}
