//! The engine against a scripted provider, on a paused clock.

use std::collections::VecDeque;

use async_stream::stream;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use parking_lot::Mutex;
use tollgate_domain::api_key::{KeyLimits, KeyStatus};
use tollgate_domain::api_log::{ApiLog, CallStatus};
use tollgate_domain::caller::Access;
use tollgate_domain::chat::{
    Answer, AnswerFacts, CallFacts, ChatEvent, Dialect, Endpoint, EventFacts,
};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::provider::{ProtocolKind, Strategy, Timeouts};
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ProviderId, RequestId, Secret};
use tollgate_providers::{HttpClientOptions, StreamItem, Target};
use tollgate_store::api_keys::NewApiKey;
use tollgate_store::providers::NewProvider;
use tollgate_store::testing::{TestDatabase, test_keyring};

use super::*;
use crate::pool::SkipReason;
use crate::sender::Sent;
use crate::testing::{Always, TestClock};

/// What the provider does with one attempt.
enum Play {
    Fail(Failure),
    Whole(Answer),
    /// Items, each after a wait.
    Events(Vec<(u64, Result<StreamItem, Failure>)>),
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
            Some(Play::Whole(answer)) => Ok(Sent::Whole(answer)),
            Some(Play::Events(items)) => Ok(Sent::Stream(Box::pin(stream! {
                for (wait_ms, item) in items {
                    sleep(Duration::from_millis(wait_ms)).await;
                    yield item;
                }
            }))),
            None => {
                tokio::time::sleep_until(deadline).await;
                Err(failure(FailureClass::Deadline))
            }
        }
    }
}

struct Given {
    engine: Engine,
    script: Script,
    provider: ProviderId,
    rows: Arc<Mutex<Vec<ApiLog>>>,
    _writer: Writer,
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
    options.status_of = |_| Some(599);
    options.observer = Some(Arc::new(move |log: &ApiLog| seen.lock().push(log.clone())));
    let (core, writer) = Core::open(store, clock, options).await.unwrap();
    tokio::time::pause();
    let script = Script {
        start: Instant::now(),
        plays: Arc::new(Mutex::new(plays.into())),
        sent: Arc::default(),
    };
    Given { engine: Engine { core }, script, provider, rows, _writer: writer, _database: database }
}

impl Drop for Given {
    fn drop(&mut self) {
        // For the next one, whose database works in threads that a paused clock does not wait for.
        tokio::time::resume();
    }
}

impl Given {
    fn call(&self, is_stream: bool) -> ChatCall {
        ChatCall {
            request_id: RequestId::new(self.engine.core.clock.now()),
            client_request_id: None,
            user_id: None,
            app_id: None,
            access: Access::default(),
            dialect: Dialect::OpenAi,
            endpoint: Endpoint::Chat,
            path: "/v1/chat/completions",
            body: Bytes::from_static(b"{}"),
            facts: CallFacts {
                model: Some("sim/m".to_owned()),
                is_stream,
                prompt_bytes: 40,
                ..CallFacts::default()
            },
            timeout: None,
            ip_address: None,
            user_agent: None,
        }
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
    Ok(StreamItem::Event(ChatEvent { data: Bytes::from_static(text.as_bytes()), facts }))
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

#[tokio::test]
async fn another_key_is_tried_at_once() {
    use FailureClass as Class;
    for class in [Class::RateLimited, Class::QuotaSpent, Class::KeyDeniedForModel, Class::Silent] {
        let given = given(2, vec![fails(class), answers()]).await;

        let reply = given.whole().await.unwrap();

        assert_eq!(reply.head.attempts, 2);
        assert_eq!(given.sent(), [at("sk-1", 0), at("sk-2", 0)], "{class}");
        assert_eq!(given.rows(), [row(1, false, class.as_str()), success(2)]);
    }
}

#[tokio::test]
async fn the_same_key_is_tried_again_after_a_backoff_when_no_other_is_left() {
    let given = given(
        2,
        vec![
            fails(FailureClass::Transient),
            fails(FailureClass::Transient),
            fails(FailureClass::Transient),
            answers(),
        ],
    )
    .await;

    let reply = given.whole().await.unwrap();

    assert_eq!(reply.head.attempts, 4);
    assert_eq!(given.sent(), [at("sk-1", 0), at("sk-2", 0), at("sk-1", 1), at("sk-1", 3)]);
    assert_eq!(given.rows.lock()[2].routing.as_ref().unwrap()["waitedMs"], 1_000);
    assert_eq!(given.status(1), KeyStatus::Normal);
}

#[tokio::test]
async fn a_provider_without_capacity_is_asked_again_but_not_with_another_key() {
    let mut overloaded = failure(FailureClass::Overloaded);
    overloaded.retry_after = Some(Duration::from_secs(7));
    let given = given(2, vec![Play::Fail(overloaded), answers()]).await;

    given.whole().await.unwrap();

    assert_eq!(given.sent(), [at("sk-1", 0), at("sk-1", 7)]);
}

#[tokio::test]
async fn what_no_key_can_mend_is_told_at_once() {
    use FailureClass as Class;
    for class in [Class::ClientFault, Class::ContextTooLong, Class::ContentRefused] {
        let given = given(2, vec![fails(class)]).await;

        let error = given.whole().await.unwrap_err();

        assert!(matches!(error, CallError::Rejected(_)), "{class}");
        assert_eq!(given.sent().len(), 1);
        assert_eq!(given.rows(), [row(1, true, class.as_str())]);
        assert_eq!(given.rows.lock()[0].http_status, Some(599), "no provider's status is known");
    }
}

#[tokio::test]
async fn the_last_failure_decides_what_the_caller_is_told() {
    use FailureClass as Class;
    let cases = [
        (Class::ModelMissing, "not_found", 2),
        (Class::KeyDeniedForModel, "no_available_key", 3),
        (Class::QuotaSpent, "no_available_key", 3),
        (Class::RateLimited, "no_available_key", 3),
        (Class::Overloaded, "provider_error", 4),
        (Class::Transient, "provider_error", 4),
        (Class::Silent, "provider_timeout", 3),
        (Class::Deadline, "provider_timeout", 1),
    ];
    for (class, code, attempts) in cases {
        let given = given(3, (0..9).map(|_| fails(class)).collect()).await;

        let error = given.whole().await.unwrap_err();

        assert_eq!(error.code(), code, "{class}");
        assert_eq!(error.is_overloaded(), class == Class::Overloaded);
        assert_eq!(given.sent().len(), attempts, "{class}");
        let finals: Vec<bool> = given.rows().iter().map(|row| row.1).collect();
        assert_eq!(finals.iter().filter(|is_final| **is_final).count(), 1);
        assert_eq!(finals.last(), Some(&true));
    }
}

#[tokio::test]
async fn a_call_without_any_free_key_says_when_there_is_one() {
    let mut limited = failure(FailureClass::RateLimited);
    limited.retry_after = Some(Duration::from_secs(20));
    let given = given(1, vec![Play::Fail(limited)]).await;
    given.whole().await.unwrap_err();
    tokio::time::advance(Duration::from_secs(5)).await;

    let error = given.whole().await.unwrap_err();

    let CallError::NoAvailableKey { retry_after, keys, .. } = error else { panic!("{error}") };
    assert_eq!(retry_after.unwrap().as_secs_f64().round(), 15.0);
    assert_eq!(keys[0].reason, SkipReason::RateLimited);
    assert_eq!(given.rows(), [row(1, true, "rate_limited"), row(0, true, "no_available_key")]);
    assert!(given.rows.lock()[1].routing.is_some());
}

#[tokio::test]
async fn no_wait_goes_beyond_the_calls_time() {
    let mut overloaded = failure(FailureClass::Overloaded);
    overloaded.retry_after = Some(Duration::from_secs(60));
    let plays = vec![Play::Fail(overloaded), answers()];
    let timeouts = Timeouts { total_ms: 30_000, ..Timeouts::default() };
    let given = given_with(1, plays, |new| new.timeouts = timeouts, |_| {}).await;

    let error = given.whole().await.unwrap_err();

    assert!(error.is_overloaded());
    assert_eq!(given.script.start.elapsed().as_secs(), 0);
}

#[tokio::test]
async fn the_callers_own_time_ends_a_call() {
    let given = given(1, vec![]).await;
    let mut call = given.call(false);
    call.timeout = Some(Duration::from_secs(3));

    let error = given.engine.call_with(given.script.clone(), call).await.unwrap_err();

    assert!(matches!(error, CallError::Timeout(_)));
    assert_eq!(given.script.start.elapsed().as_secs(), 3);
    assert_eq!(given.status(1), KeyStatus::Normal);
    assert_eq!(given.rows(), [row(1, true, "deadline")]);
}

#[tokio::test]
async fn events_without_content_are_kept_back_and_sent_with_the_first_that_has_some() {
    let events =
        vec![(0, role()), (50, Ok(StreamItem::KeepAlive)), (50, content()), (100, content())];
    let given = given(1, vec![Play::Events(events)]).await;

    let reply = given.stream().await.unwrap();

    assert_eq!(read(reply).await, ["role", "content", "content", "end 14"]);
    let row = given.rows.lock()[0].clone();
    assert_eq!((row.usage.prompt, row.usage.completion), (10, 4));
    assert_eq!(row.usage_source, UsageSource::Estimated);
    assert_eq!((row.first_token_ms.map(|ms| ms / 100), row.latency_ms / 100), (Some(1), 2));
    assert_eq!(row.cost, None, "nobody knows the price of a model that is not listed");
}

#[tokio::test]
async fn a_stream_that_breaks_before_content_goes_on_with_another_key_unnoticed() {
    let first = vec![(5, role()), (5, broken(FailureClass::Transient))];
    let second = vec![(5, role()), (5, content())];
    let given = given(2, vec![Play::Events(first), Play::Events(second)]).await;

    let reply = given.stream().await.unwrap();

    assert_eq!(reply.head.attempts, 2);
    assert_eq!(read(reply).await, ["role", "content", "end 12"]);
    assert_eq!(given.rows(), [row(1, false, "transient"), success(2)]);
}

#[tokio::test]
async fn a_stream_that_ends_without_content_is_a_failure() {
    let given =
        given(2, vec![Play::Events(vec![(0, role())]), Play::Events(vec![(0, content())])]).await;

    assert_eq!(read(given.stream().await.unwrap()).await, ["content", "end 12"]);
}

#[tokio::test]
async fn nothing_is_tried_again_after_content() {
    for (class, code) in
        [(FailureClass::Transient, "provider_error"), (FailureClass::Silent, "provider_timeout")]
    {
        let events = vec![(0, content()), (5, broken(class))];
        let given = given(2, vec![Play::Events(events), answers()]).await;

        let words = read(given.stream().await.unwrap()).await;

        assert_eq!(words, ["content".to_owned(), format!("failed {code}")]);
        assert_eq!(given.sent().len(), 1);
        assert_eq!(given.rows(), [row(1, true, "after_content")]);
        let row = given.rows.lock()[0].clone();
        assert_eq!((row.usage.completion, row.usage_source), (2, UsageSource::Estimated));
        assert_eq!(given.status(1), KeyStatus::Normal);
    }
}

#[tokio::test]
async fn the_caller_hears_something_after_ten_seconds_and_other_keys_are_still_tried() {
    let slow = vec![(4_000, Ok(StreamItem::KeepAlive)), (20_000, broken(FailureClass::Silent))];
    let then = vec![(1_000, Ok(StreamItem::KeepAlive)), (1_000, content())];
    let given = given(2, vec![Play::Events(slow), Play::Events(then)]).await;

    let reply = given.stream().await.unwrap();

    assert_eq!(given.script.start.elapsed().as_secs(), 10);
    assert_eq!(reply.head.attempts, 1);
    assert_eq!(read(reply).await, ["alive", "content", "end 12"]);
    assert_eq!(given.rows(), [row(1, false, "silent"), success(2)]);
}

#[tokio::test]
async fn a_failure_after_the_hold_comes_as_an_event() {
    let slow = vec![(12_000, broken(FailureClass::ClientFault))];
    let given = given(1, vec![Play::Events(slow)]).await;

    assert_eq!(read(given.stream().await.unwrap()).await, ["failed provider_rejected"]);
    assert_eq!(given.rows(), [row(1, true, "client_fault")]);
}

#[tokio::test]
async fn a_whole_answer_is_waited_for_without_a_hold() {
    let given = given(1, vec![]).await;
    let mut call = given.call(false);
    call.timeout = Some(Duration::from_secs(100));

    assert!(given.engine.call_with(given.script.clone(), call).await.is_err());
    assert_eq!(given.script.start.elapsed().as_secs(), 100);
}

#[tokio::test]
async fn a_caller_who_leaves_before_the_answer_is_recorded_as_such() {
    let given = given(1, vec![]).await;
    let waiting = given.whole();

    let left = timeout(Duration::from_secs(2), waiting).await;

    assert!(left.is_err());
    let row = given.rows.lock()[0].clone();
    assert_eq!((row.status, row.is_final), (CallStatus::Cancelled, true));
    assert_eq!((row.usage.prompt, row.usage.completion), (10, 0));
    assert_eq!(row.usage_source, UsageSource::Estimated);
    let snapshot = given.engine.snapshot();
    let key = snapshot.provider(given.provider).unwrap().keys[0].key.id;
    assert_eq!(given.engine.live(key).in_flight, 0);
}

#[tokio::test]
async fn a_caller_who_leaves_a_stream_pays_for_what_came_so_far() {
    let events = vec![(0, content()), (0, content()), (60_000, content())];
    let given = given(1, vec![Play::Events(events)]).await;
    let ReplyBody::Stream(mut events) = given.stream().await.unwrap().body else { panic!() };
    events.next().await;
    events.next().await;

    drop(events);

    let row = given.rows.lock()[0].clone();
    assert_eq!((row.status, row.is_final), (CallStatus::Cancelled, true));
    assert_eq!((row.usage.completion, row.usage_source), (4, UsageSource::Estimated));
    assert_eq!(row.error_code.as_deref(), Some("caller_left"));
}

#[tokio::test]
async fn a_caller_who_leaves_between_attempts_ends_the_call_with_the_last_one() {
    let given = given(1, vec![fails(FailureClass::Transient)]).await;

    let left = timeout(Duration::from_millis(500), given.whole()).await;

    assert!(left.is_err());
    let transient = Some("transient".to_owned());
    assert_eq!(given.rows(), [(1, true, CallStatus::Cancelled, transient)]);
}

#[tokio::test]
async fn a_call_that_could_not_be_recorded_is_not_sent() {
    let given = given(1, vec![answers()]).await;
    let slots: Vec<_> = std::iter::from_fn(|| given.engine.core.records.reserve()).collect();
    assert!(!given.engine.is_ready());

    let error = given.whole().await.unwrap_err();

    assert_eq!(error, CallError::Unavailable);
    assert!(given.sent().is_empty());
    drop(slots);
    assert!(given.engine.is_ready());
    assert!(given.whole().await.is_ok());
}

#[tokio::test]
async fn retries_stop_when_their_budget_is_spent() {
    let plays = (0..200).map(|_| fails(FailureClass::ModelMissing)).collect();
    let given = given(2, plays).await;
    for _ in 0..13 {
        given.whole().await.unwrap_err();
    }

    let retries = given.sent().len() - 13;

    assert_eq!(retries, 10);
}

#[tokio::test]
async fn callers_who_race_for_a_limited_key_are_refused_beyond_its_limit() {
    let plays = (0..32).map(|_| answers()).collect();
    let limits = KeyLimits { rpm: Some(5), ..KeyLimits::default() };
    let given = given_with(1, plays, |_| {}, |key| key.limits = limits).await;

    let calls = (0..32).map(|_| given.whole());
    let answered = futures_util::future::join_all(calls).await;

    assert_eq!(answered.iter().filter(|reply| reply.is_ok()).count(), 5);
    let refused = answered.into_iter().find_map(Result::err).unwrap();
    let CallError::NoAvailableKey { retry_after, keys, .. } = refused else { panic!("{refused}") };
    assert_eq!(keys[0].reason, SkipReason::Rpm);
    assert_eq!(retry_after.unwrap().as_secs_f64().ceil(), 61.0);
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_one_row_without_an_attempt() {
    let given = given(1, vec![]).await;
    let mut call = given.call(false);
    call.facts.model = Some("nowhere".to_owned());

    let error = given.engine.call_with(given.script.clone(), call).await.unwrap_err();

    assert_eq!(error, CallError::ModelNotFound { model: "nowhere".to_owned() });
    assert_eq!(given.rows(), [row(0, true, "not_found")]);
    let row = given.rows.lock()[0].clone();
    assert_eq!((row.http_status, row.requested_model.as_deref()), (Some(599), Some("nowhere")));
}
