//! Calls as they are recorded, for those who watch.

use std::sync::Arc;

use tokio::sync::broadcast::{self, Receiver};
use tokio_util::sync::CancellationToken;
use tollgate_domain::api_log::ApiLog;
use tollgate_gateway::Observer;

/// Calls kept for a watcher who is slow; older ones are missed.
const KEPT: usize = 1_024;
/// The most watchers at a time.
const MAX_WATCHERS: usize = 64;

/// Tells watchers of each call when it is recorded here. Clones tell the same.
#[derive(Clone, Debug)]
pub struct LiveCalls {
    calls: broadcast::Sender<Arc<ApiLog>>,
    stop: CancellationToken,
}

/// Somebody who watches, from now on.
#[derive(Debug)]
pub struct Watcher {
    calls: Receiver<Arc<ApiLog>>,
    stop: CancellationToken,
}

/// What a watcher hears.
#[derive(Debug)]
pub enum Heard {
    /// The final record of a call.
    Call(Arc<ApiLog>),
    /// So many calls came and went unheard.
    Missed(u64),
    /// The server stops.
    End,
}

impl Default for LiveCalls {
    fn default() -> Self {
        Self { calls: broadcast::Sender::new(KEPT), stop: CancellationToken::new() }
    }
}

impl LiveCalls {
    /// What the engine tells of every record. Costs next to nothing while nobody watches.
    #[must_use]
    pub fn observer(&self) -> Observer {
        let calls = self.calls.clone();
        Arc::new(move |log| {
            if log.is_final && calls.receiver_count() > 0 {
                // The last watcher may leave just now.
                calls.send(Arc::new(log.clone())).ok();
            }
        })
    }

    /// Hears of calls from now on; `None` where too many do already.
    #[must_use]
    pub fn watch(&self) -> Option<Watcher> {
        let is_free = self.calls.receiver_count() < MAX_WATCHERS;
        is_free.then(|| Watcher { calls: self.calls.subscribe(), stop: self.stop.clone() })
    }

    /// Lets every watcher go, so that a server that stops does not wait for them.
    pub fn end(&self) {
        self.stop.cancel();
    }
}

impl Watcher {
    /// What comes next.
    pub async fn next(&mut self) -> Heard {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Heard::End,
            call = self.calls.recv() => match call {
                Ok(call) => Heard::Call(call),
                Err(broadcast::error::RecvError::Lagged(missed)) => Heard::Missed(missed),
                Err(broadcast::error::RecvError::Closed) => Heard::End,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use tollgate_domain::RequestId;
    use tollgate_domain::api_log::CallStatus;
    use tollgate_domain::usage::{TokenUsage, UsageSource};

    use super::*;

    fn record(attempt: i32, is_final: bool) -> ApiLog {
        let at: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().unwrap();
        ApiLog {
            request_id: RequestId::new(at),
            attempt,
            is_final,
            created_at: at,
            started_at: at,
            client_request_id: None,
            user_id: None,
            app_id: None,
            end_user: None,
            provider_id: None,
            key_id: None,
            model_code: None,
            requested_model: None,
            endpoint: "/v1/messages".to_owned(),
            is_stream: false,
            status: CallStatus::Success,
            http_status: None,
            error_code: None,
            error_message: None,
            usage: TokenUsage::default(),
            usage_source: UsageSource::Provider,
            price_id: None,
            cost: None,
            latency_ms: 1,
            first_token_ms: None,
            finish_reason: None,
            routing: None,
            ip_address: None,
            user_agent: None,
        }
    }

    #[tokio::test]
    async fn who_is_slow_hears_how_much_was_missed_and_goes_on_with_the_rest() {
        let live = LiveCalls::default();
        let mut watcher = live.watch().unwrap();
        let observer = live.observer();

        observer(&record(1, false));
        for attempt in 0..1_100 {
            observer(&record(attempt, true));
        }

        assert!(matches!(watcher.next().await, Heard::Missed(76)));
        assert!(matches!(watcher.next().await, Heard::Call(log) if log.attempt == 76));
        live.end();
        assert!(matches!(watcher.next().await, Heard::End));
    }
}
