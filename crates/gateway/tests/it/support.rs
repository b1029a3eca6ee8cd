//! What the tests are set up with.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tollgate_domain::api_key::KeyStatus;
use tollgate_domain::api_log::ApiLog;
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{ChatCall, Dialect, Endpoint};
use tollgate_domain::provider::Timeouts;
use tollgate_domain::{ApiKeyId, Clock, ProviderId, RequestId, Secret, SystemClock};
use tollgate_gateway::{
    Backoff, CallError, CallEvent, CallReply, CallStream, Engine, EngineOptions, Journal,
    JournalOptions, ReplyBody,
};
use tollgate_providers::{HttpClient, HttpClientOptions, openai};
use tollgate_simulator::{Simulator, SimulatorConfig};
use tollgate_store::Store;
use tollgate_store::api_keys::NewApiKey;
use tollgate_store::providers::NewProvider;
use tollgate_store::testing::{TestDatabase, test_keyring};

/// Longer than anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An engine over a SQLite database, in front of a simulated provider called `sim`.
pub(crate) struct Given {
    pub(crate) engine: Arc<Engine>,
    pub(crate) store: Store,
    pub(crate) simulator: Simulator,
    pub(crate) provider: ProviderId,
    pub(crate) keys: Vec<ApiKeyId>,
    pub(crate) http: HttpClient,
    pub(crate) database: TestDatabase,
    /// Where its journal is.
    pub(crate) folder: TempDir,
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// Everything that waits is quick, so that a test is.
pub(crate) fn options() -> EngineOptions {
    let mut options = EngineOptions::new(HttpClientOptions::new(clock()));
    options.backoff = Backoff { base: Duration::from_millis(2), max: Duration::from_millis(20) };
    options.poll_interval = Duration::from_millis(100);
    options.seal_interval = Duration::from_millis(100);
    options.status_of = |_, _| Some(599);
    options
}

/// A journal in a folder of its own, which is gone when the thread that asked for it is.
pub(crate) fn journal() -> Journal {
    thread_local! {
        static FOLDERS: RefCell<Vec<TempDir>> = const { RefCell::new(Vec::new()) };
    }
    let folder = tempfile::tempdir().unwrap();
    let options = JournalOptions::new(folder.path());
    FOLDERS.with_borrow_mut(|folders| folders.push(folder));
    Journal::open(options).unwrap()
}

fn journal_in(folder: &TempDir) -> Journal {
    Journal::open(JournalOptions::new(folder.path().join("journal"))).unwrap()
}

/// With these keys, the first of the highest priority.
pub(crate) async fn given(keys: &[&str]) -> Given {
    given_with(keys, options(), Timeouts::default(), |_| {}).await
}

pub(crate) async fn given_with(
    secrets: &[&str],
    options: EngineOptions,
    timeouts: Timeouts,
    change_key: impl Fn(&mut NewApiKey),
) -> Given {
    let database = TestDatabase::sqlite();
    let store = database.open(Some(test_keyring())).await;
    store.migrate().await.unwrap();
    let simulator = Simulator::start(SimulatorConfig::default()).await.unwrap();
    let mut new = NewProvider::new("sim", "Simulated", simulator.base_url());
    new.timeouts = timeouts;
    let now = clock().now();
    let provider = store.providers().insert(&new, now).await.unwrap().id;
    let mut keys = Vec::new();
    for (at, secret) in secrets.iter().enumerate() {
        let mut key = NewApiKey::new(format!("key {at}"), Secret::from(*secret));
        key.priority = 100 - at as i64;
        change_key(&mut key);
        keys.push(store.api_keys().insert(provider, &key, now).await.unwrap().id);
    }
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::start(store.clone(), journal_in(&folder), clock(), options).await.unwrap();
    let http = HttpClient::new(&HttpClientOptions::new(clock()));
    Given { engine, store, simulator, provider, keys, http, database, folder }
}

impl Given {
    pub(crate) async fn ask(&self, model: &str) -> Result<CallReply, CallError> {
        self.engine.call(&self.http, call(model, false)).await
    }

    pub(crate) async fn stream(&self, model: &str) -> Result<CallReply, CallError> {
        self.engine.call(&self.http, call(model, true)).await
    }

    /// Its journal, once its engine is shut down.
    pub(crate) fn journal(&self) -> Journal {
        journal_in(&self.folder)
    }

    /// Chat calls that came with this secret.
    pub(crate) fn chats(&self, secret: &str) -> usize {
        let calls = self.simulator.calls_of(secret);
        calls.iter().filter(|call| call.path.ends_with("/chat/completions")).count()
    }

    /// Waits until the key at `place` has that status.
    pub(crate) async fn status_becomes(&self, place: usize, status: KeyStatus) {
        let what = format!("key {place} to be {status}");
        until(&what, async || self.engine.live(self.keys[place]).state.status == status).await;
    }

    /// The rows of a call, all written.
    pub(crate) async fn rows(&self, request: RequestId) -> Vec<ApiLog> {
        self.engine.flush().await;
        let rows = self.store.api_logs().attempts_of(request).await.unwrap();
        rows.into_iter().map(|row| row.log).collect()
    }
}

/// A chat call for a model of the simulated provider, listed or not.
pub(crate) fn call(model: &str, is_stream: bool) -> ChatCall {
    let mut body = json!({
        "model": format!("sim/{model}"),
        "messages": [{"role": "user", "content": "Say something, please."}],
    });
    if is_stream {
        body["stream"] = Value::Bool(true);
    }
    let body = Bytes::from(body.to_string());
    ChatCall {
        request_id: RequestId::new(clock().now()),
        client_request_id: None,
        user_id: None,
        app_id: None,
        access: Access::default(),
        dialect: Dialect::OpenAi,
        endpoint: Endpoint::Chat,
        path: "/v1/chat/completions",
        facts: openai::read_chat(&body).unwrap(),
        body,
        forwarded: Vec::new(),
        timeout: None,
        ip_address: Some("192.0.2.7".to_owned()),
        user_agent: Some("test".to_owned()),
    }
}

pub(crate) fn events(reply: CallReply) -> CallStream {
    match reply.body {
        ReplyBody::Stream(events) => events,
        ReplyBody::Whole { .. } => panic!("a stream was asked for"),
    }
}

/// What a stream brings to its end.
pub(crate) async fn read(reply: CallReply) -> Vec<CallEvent> {
    tokio::time::timeout(PATIENCE, events(reply).collect()).await.expect("a stream ends")
}

/// The texts of a stream's events, one after the other.
pub(crate) fn text(events: &[CallEvent]) -> String {
    let delta = |event: &CallEvent| {
        let CallEvent::Event(event) = event else { return None };
        let data: Value = serde_json::from_slice(&event.data).unwrap();
        Some(data["choices"][0]["delta"]["content"].as_str().unwrap_or_default().to_owned())
    };
    events.iter().filter_map(delta).collect()
}

/// Returns when `is_met`.
pub(crate) async fn until(what: &str, is_met: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_met().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
        panic!("waited {PATIENCE:?} for {what}");
    }
}
