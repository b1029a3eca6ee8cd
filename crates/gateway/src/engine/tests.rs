//! The engine against a scripted provider, on a paused clock.

mod calls;
mod counts;
mod probes;
mod statuses;
mod streams;
mod targets;

use std::collections::VecDeque;

use async_stream::stream;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use parking_lot::Mutex;
use tempfile::TempDir;
use tokio::time::sleep;
use tollgate_domain::api_key::{KeyLimits, KeyStatus};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::chat::{
    Answer, AnswerFacts, CallFacts, ChatEvent, Dialect, Endpoint, EventFacts,
};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::provider::{ProtocolKind, Strategy, Timeouts};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{NanoUsd, ProviderId, RequestId, Secret};
use tollgate_providers::{HttpClientOptions, StreamItem, Target};
use tollgate_store::api_keys::NewApiKey;
use tollgate_store::providers::NewProvider;
use tollgate_store::testing::{TestDatabase, test_keyring};

use super::*;
use crate::journal::{Journal, JournalOptions, Parts};
use crate::pool::SkipReason;
use crate::sender::Sent;
use crate::testing::{self, Always, TestClock};

/// What the provider does with one attempt.
enum Play {
    Fail(Failure),
    Whole(Answer),
    /// Items, each after a wait.
    Events(Vec<(u64, Result<StreamItem, Failure>)>),
    Panic,
}

/// Plays one play after the other, and remembers which key came when.
#[derive(Clone)]
struct Script {
    start: Instant,
    plays: Arc<Mutex<VecDeque<Play>>>,
    sent: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Sender for Script {
    type Events = BoxStream<'static, Result<StreamItem, Failure>>;

    async fn send(
        &self,
        _: &ChatCall,
        target: &Target<'_>,
        deadline: Instant,
    ) -> Result<Sent<Self::Events>, Failure> {
        let key = target.upstream.secret.expose().clone();
        self.sent.lock().push((key, self.start.elapsed()));
        let play = self.plays.lock().pop_front();
        match play {
            Some(Play::Fail(failure)) => Err(failure),
            Some(Play::Whole(answer)) => Ok(Sent::Whole(answer, KeyLimits::default())),
            Some(Play::Events(items)) => Ok(Sent::Stream(
                Box::pin(stream! {
                    for (wait_ms, item) in items {
                        sleep(Duration::from_millis(wait_ms)).await;
                        yield item;
                    }
                }),
                KeyLimits::default(),
            )),
            None => {
                sleep_until(deadline).await;
                Err(failure(FailureClass::Deadline))
            }
            Some(Play::Panic) => panic!("what a provider sent led to a panic"),
        }
    }
}

struct Given {
    engine: Engine,
    script: Script,
    provider: ProviderId,
    rows: Arc<Mutex<Vec<ApiLog>>>,
    _folder: TempDir,
    _database: TestDatabase,
}

/// An engine with one provider that has so many keys, `sk-1` and so on, and plays `plays`. The
/// clock is paused from here on.
async fn given(keys: usize, plays: Vec<Play>) -> Given {
    given_with(keys, plays, |_| {}, |_| {}).await
}

async fn given_with(
    keys: usize,
    plays: Vec<Play>,
    change_provider: impl FnOnce(&mut NewProvider),
    change_keys: impl Fn(&mut NewApiKey),
) -> Given {
    let database = TestDatabase::sqlite();
    let store = database.open(Some(test_keyring())).await;
    store.migrate().await.unwrap();
    let clock = Arc::new(TestClock::new());
    let mut new = NewProvider::new("sim", "Simulated", "http://127.0.0.1:9/v1");
    new.protocol = ProtocolKind::OpenAi;
    new.lb_strategy = Strategy::Priority;
    change_provider(&mut new);
    let provider = store.providers().insert(&new, clock.now()).await.unwrap().id;
    for number in 1..=keys {
        let mut key = NewApiKey::new(format!("key {number}"), Secret::new(format!("sk-{number}")));
        key.priority = 100 - number as i64;
        change_keys(&mut key);
        store.api_keys().insert(provider, &key, clock.now()).await.unwrap();
    }
    let rows: Arc<Mutex<Vec<ApiLog>>> = Arc::default();
    let seen = Arc::clone(&rows);
    let mut options = EngineOptions::new(HttpClientOptions::new(Arc::clone(&clock) as _));
    options.random = Arc::new(Always(1.0));
    options.status_of = |_, _| Some(599);
    options.observer = Some(Arc::new(move |log: &ApiLog| seen.lock().push(log.clone())));
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(JournalOptions::new(folder.path())).unwrap();
    let Parts { room, writer, sender, .. } = journal.begin(None).unwrap();
    let records = Records::new(room, sender, options.observer.clone());
    let core = Core::open(store, clock, options, records).await.unwrap();
    // As a task, which a paused clock waits for as it does not for a thread.
    core.spawn(writer.run());
    tokio::time::pause();
    let script = Script {
        start: Instant::now(),
        plays: Arc::new(Mutex::new(plays.into())),
        sent: Arc::default(),
    };
    let journal_watch = Arc::new(JournalWatch::new("a-journal".to_owned()));
    let engine = Engine { core, journal_watch };
    Given { engine, script, provider, rows, _folder: folder, _database: database }
}

impl Drop for Given {
    fn drop(&mut self) {
        // For the next one, whose database works in threads that a paused clock does not wait for.
        tokio::time::resume();
    }
}

impl Given {
    fn call(&self, is_stream: bool) -> ChatCall {
        let mut call = testing::call(CallFacts {
            model: Some("sim/m".to_owned()),
            is_stream,
            prompt_bytes: 40,
            ..CallFacts::default()
        });
        call.request_id = RequestId::new(self.engine.core.clock.now());
        call
    }

    async fn whole(&self) -> Result<CallReply, CallError> {
        self.engine.call_with(self.script.clone(), self.call(false)).await
    }

    async fn stream(&self) -> Result<CallReply, CallError> {
        self.engine.call_with(self.script.clone(), self.call(true)).await
    }

    /// The keys that were asked, and the second at which.
    fn sent(&self) -> Vec<(String, u64)> {
        self.script.sent.lock().iter().map(|(key, at)| (key.clone(), at.as_secs())).collect()
    }

    /// Attempt, whether it is the final one, status and error of each row.
    fn rows(&self) -> Vec<(i32, bool, CallStatus, Option<String>)> {
        let rows = self.rows.lock();
        rows.iter()
            .map(|row| (row.attempt, row.is_final, row.status, row.error_code.clone()))
            .collect()
    }

    fn status(&self, number: usize) -> KeyStatus {
        let snapshot = self.engine.snapshot();
        let keys = &snapshot.provider(self.provider).unwrap().keys;
        let secret = format!("sk-{number}");
        let entry = keys
            .iter()
            .find(|entry| *entry.upstream.as_ref().unwrap().secret.expose() == secret)
            .unwrap();
        self.engine.live(entry.key.id).state.status
    }
}

fn failure(class: FailureClass) -> Failure {
    Failure::new(class, "says the provider")
}

fn fails(class: FailureClass) -> Play {
    Play::Fail(failure(class))
}

fn answers() -> Play {
    let usage = Some(TokenUsage { prompt: 9, completion: 3, ..TokenUsage::default() });
    Play::Whole(Answer {
        body: Bytes::from_static(b"{}"),
        facts: AnswerFacts { usage, finish_reason: Some("stop".to_owned()), ..Default::default() },
    })
}

fn event(text: &'static str, facts: EventFacts) -> Result<StreamItem, Failure> {
    Ok(StreamItem::Event(ChatEvent {
        name: None,
        data: Bytes::from_static(text.as_bytes()),
        facts,
    }))
}

fn role() -> Result<StreamItem, Failure> {
    event("role", EventFacts::default())
}

fn content() -> Result<StreamItem, Failure> {
    event("content", EventFacts { has_content: true, output_bytes: 8, ..EventFacts::default() })
}

fn broken(class: FailureClass) -> Result<StreamItem, Failure> {
    Err(failure(class))
}

/// What a stream brings, a word for each event.
async fn read(reply: CallReply) -> Vec<String> {
    let ReplyBody::Stream(events) = reply.body else { panic!("a stream was asked for") };
    events.map(|event| word(&event)).collect().await
}

fn word(event: &CallEvent) -> String {
    match event {
        CallEvent::Event(event) => String::from_utf8(event.data.to_vec()).unwrap(),
        CallEvent::KeepAlive => "alive".to_owned(),
        CallEvent::End(summary) => format!("end {}", summary.usage.total()),
        CallEvent::Failed(error) => format!("failed {}", error.code()),
    }
}

fn row(attempt: i32, is_final: bool, code: &str) -> (i32, bool, CallStatus, Option<String>) {
    (attempt, is_final, CallStatus::Error, Some(code.to_owned()))
}

fn success(attempt: i32) -> (i32, bool, CallStatus, Option<String>) {
    (attempt, true, CallStatus::Success, None)
}

fn at(key: &str, second: u64) -> (String, u64) {
    (key.to_owned(), second)
}
