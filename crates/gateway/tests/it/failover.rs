//! Another key takes over, and what becomes of the first.

use std::time::Duration;

use futures_util::future::join_all;
use tollgate_domain::api_key::{KeyLimits, KeyStatus};
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::provider::Timeouts;
use tollgate_gateway::{CallError, SkipReason};
use tollgate_simulator::{Behaviour, ErrorReply, Fault, Gate, Place};

use crate::support::{call, given, given_with, options};

/// What a key that fails this way is asked in three calls, how its failure is recorded, and what
/// becomes of it.
const CASES: [(&str, usize, &str, KeyStatus); 11] = [
    ("sk-sim-error-openai-401", 1, "key_refused", KeyStatus::Invalid),
    ("sk-sim-error-moonshot-401", 1, "key_refused", KeyStatus::Invalid),
    ("sk-sim-error-openai-429-quota", 1, "quota_spent", KeyStatus::QuotaExceeded),
    ("sk-sim-error-deepseek-402", 1, "quota_spent", KeyStatus::QuotaExceeded),
    ("sk-sim-error-openai-429-rate", 1, "rate_limited", KeyStatus::RateLimited),
    ("sk-sim-error-openai-500", 3, "transient", KeyStatus::Normal),
    ("sk-sim-cut-head", 3, "transient", KeyStatus::Normal),
    ("sk-sim-html", 3, "transient", KeyStatus::Normal),
    ("sk-sim-empty", 3, "transient", KeyStatus::Normal),
    ("sk-sim-wrong-json", 3, "transient", KeyStatus::Normal),
    ("sk-sim-error-openai-404-model", 3, "model_missing", KeyStatus::Normal),
];

#[tokio::test]
async fn each_kind_of_failure_moves_the_call_to_the_next_key() {
    for (bad, asked, code, status) in CASES {
        let given = given(&[bad, "sk-sim-good"]).await;

        for _ in 0..3 {
            let call = call("sim-chat", false);
            let request = call.request_id;
            let reply = given.engine.call(&given.http, call).await.expect(bad);
            assert_eq!(reply.head.key_id, Some(given.keys[1]), "{bad}");
            if reply.head.attempts == 2 {
                let rows = given.rows(request).await;
                assert_eq!(rows[0].error_code.as_deref(), Some(code), "{bad}");
                assert_eq!(rows[0].key_id, Some(given.keys[0]));
                assert!(!rows[0].is_final && rows[1].is_final);
                assert_eq!(rows[1].status, CallStatus::Success);
            }
        }

        given.status_becomes(0, status).await;
        assert_eq!(given.chats(bad), asked, "{bad}");
        assert_eq!(given.chats("sk-sim-good"), 3, "{bad}");
        given.engine.flush().await;
        let stored = given.store.api_keys().find(given.keys[0]).await.unwrap();
        assert_eq!(stored.state.status, status, "{bad}");
    }
}

#[tokio::test]
async fn a_refused_key_whose_check_is_fine_comes_back() {
    let given = given(&["sk-sim-a", "sk-sim-b"]).await;
    given.simulator.set_behaviour("sk-sim-a", Behaviour::failing(Fault::error("401")).first(1));

    given.ask("sim-chat").await.unwrap();
    given.simulator.wait_for_calls(3).await;
    let live = || given.engine.live(given.keys[0]);
    crate::support::until("the key to come back", async || {
        given.ask("sim-chat").await.unwrap().head.key_id == Some(given.keys[0])
    })
    .await;

    assert_eq!(live().state.status, KeyStatus::Normal);
}

#[tokio::test]
async fn a_request_that_is_wrong_itself_is_refused_after_one_call() {
    for (error, code) in [
        ("openai.400.param", "client_fault"),
        ("openai.400.context", "context_too_long"),
        ("openai.400.content_policy", "content_refused"),
    ] {
        let given = given(&["sk-sim-a", "sk-sim-b"]).await;
        given.simulator.set_behaviour("sim-wrong", Behaviour::failing(Fault::error(error)));
        let call = call("sim-wrong", false);
        let request = call.request_id;

        let refused = given.engine.call(&given.http, call).await.unwrap_err();

        let CallError::Rejected(failure) = refused else { panic!("{refused}") };
        assert_eq!(failure.http_status, Some(400));
        assert_eq!(given.simulator.calls().len(), 1);
        let rows = given.rows(request).await;
        assert_eq!((rows.len(), rows[0].error_code.as_deref()), (1, Some(code)));
        assert_eq!((rows[0].is_final, rows[0].http_status), (true, Some(400)));
    }
}

#[tokio::test]
async fn an_overloaded_provider_is_asked_again_with_the_same_key() {
    let given = given(&["sk-sim-a", "sk-sim-b"]).await;
    let busy = Behaviour::failing(Fault::error("openai.503")).first(2);
    given.simulator.set_behaviour("sk-sim-a", busy);

    let reply = given.ask("sim-chat").await.unwrap();

    assert_eq!((reply.head.attempts, reply.head.key_id), (3, Some(given.keys[0])));
    assert_eq!(given.chats("sk-sim-b"), 0);
    assert_eq!(given.engine.live(given.keys[0]).state.error_count, 0);
}

#[tokio::test]
async fn a_provider_that_stays_silent_is_given_up_in_time() {
    let timeouts = Timeouts { first_token_ms: 150, ..Timeouts::default() };
    let both = given_with(&["sk-sim-a-stall-head", "sk-sim-b"], options(), timeouts, |_| {}).await;
    assert_eq!(both.ask("sim-chat").await.unwrap().head.attempts, 2);
    assert_eq!(both.engine.live(both.keys[0]).state.error_count, 1);

    let alone = given_with(&["sk-sim-a-stall-start"], options(), timeouts, |_| {}).await;
    assert!(matches!(alone.ask("sim-chat").await, Err(CallError::Timeout(_))));
    assert!(matches!(alone.stream("sim-chat").await, Err(CallError::Timeout(_))));
    assert_eq!(alone.simulator.calls().len(), 2, "silence is not tried again with the same key");
}

#[tokio::test]
async fn a_key_that_keeps_failing_cools() {
    let given = given(&["sk-sim-bad-error-500", "sk-sim-good"]).await;

    for _ in 0..8 {
        given.ask("sim-chat").await.unwrap();
    }

    assert_eq!(given.chats("sk-sim-bad-error-500"), 5);
    assert_eq!(given.engine.live(given.keys[0]).state.status, KeyStatus::Cooling);
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_after_the_last_attempt() {
    let given = given(&["sk-sim-a-error-500"]).await;
    let call = call("sim-chat", false);
    let request = call.request_id;

    let error = given.engine.call(&given.http, call).await.unwrap_err();

    assert!(matches!(error, CallError::Provider(_)) && !error.is_overloaded());
    let rows = given.rows(request).await;
    assert_eq!(rows.len(), 4, "the first and three retries");
    assert!(rows.iter().all(|row| row.http_status == Some(500)));
    assert_eq!(rows.iter().filter(|row| row.is_final).count(), 1);
}

#[tokio::test]
async fn a_limited_key_says_when_it_is_back() {
    let given = given(&["sk-sim-a"]).await;
    let mut limited = ErrorReply::named("openai.429.rate").unwrap();
    limited.headers = vec![("retry-after".to_owned(), "33".to_owned())];
    given.simulator.set_behaviour("sk-sim-a", Behaviour::failing(Fault::Error(limited)));

    let first = given.ask("sim-chat").await.unwrap_err();
    let second = given.ask("sim-chat").await.unwrap_err();

    for error in [first, second] {
        let CallError::NoAvailableKey { retry_after, keys, .. } = error else { panic!("{error}") };
        assert!(retry_after.unwrap() <= Duration::from_secs(33));
        assert!(retry_after.unwrap() > Duration::from_secs(30));
        assert_eq!(keys[0].reason, SkipReason::RateLimited);
    }
    assert_eq!(given.chats("sk-sim-a"), 1);
}

#[tokio::test]
async fn thirty_two_callers_share_what_a_key_may_carry() {
    let limits = KeyLimits { rpm: Some(5), ..KeyLimits::default() };
    let given =
        given_with(&["sk-sim-a"], options(), Timeouts::default(), |key| key.limits = limits).await;

    let answers = join_all((0..32).map(|_| given.ask("sim-chat"))).await;

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
    assert_eq!(given.chats("sk-sim-a"), 5);
}

#[tokio::test]
async fn requests_in_flight_are_limited() {
    let limits = KeyLimits { max_concurrent: Some(2), ..KeyLimits::default() };
    let given =
        given_with(&["sk-sim-a"], options(), Timeouts::default(), |key| key.limits = limits).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("sk-sim-a", Behaviour::held(Place::Head, &gate));

    let calls = async { join_all((0..3).map(|_| given.ask("sim-chat"))).await };
    let opening = async {
        gate.wait_for_waiting(2).await;
        assert_eq!(given.engine.live(given.keys[0]).in_flight, 2);
        gate.open();
    };
    let (answers, ()) = tokio::join!(calls, opening);

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
    assert_eq!(given.engine.live(given.keys[0]).in_flight, 0);
}
