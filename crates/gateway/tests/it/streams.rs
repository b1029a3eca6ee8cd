//! Streamed answers: whole, broken, slow, and left by their callers.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::timeout;
use tollgate_domain::api_log::CallStatus;
use tollgate_domain::provider::Timeouts;
use tollgate_domain::usage::UsageSource;
use tollgate_gateway::{CallError, CallEvent};
use tollgate_simulator::{Behaviour, CallEnd, Fault, Gate, Place};

use crate::support::{PATIENCE, call, events, given, given_with, options, read, text, until};

#[tokio::test]
async fn a_stream_arrives_whole_with_its_usage_at_the_end() {
    let given = given(&["sk-sim-a"]).await;
    given.simulator.set_behaviour("sk-sim-a", Behaviour::fast().text("one two three"));
    let call = call("sim-chat", true);
    let request = call.request_id;

    let reply = given.engine.call(&given.http, call).await.unwrap();
    let events = read(reply).await;

    assert_eq!(text(&events), "one two three");
    let Some(CallEvent::End(summary)) = events.last() else { panic!("{events:?}") };
    assert_eq!(summary.usage_source, UsageSource::Provider);
    assert_eq!(summary.finish_reason.as_deref(), Some("stop"));
    let rows = given.rows(request).await;
    assert_eq!((rows.len(), rows[0].usage), (1, summary.usage));
    assert!(rows[0].is_stream && rows[0].first_token_ms.is_some());
}

#[tokio::test]
async fn usage_that_the_provider_does_not_tell_is_estimated_and_marked_so() {
    let given = given(&["sk-sim-a-no-usage"]).await;

    let events = read(given.stream("sim-chat").await.unwrap()).await;

    let Some(CallEvent::End(summary)) = events.last() else { panic!("{events:?}") };
    assert_eq!(summary.usage_source, UsageSource::Estimated);
    assert!(summary.usage.prompt > 0 && summary.usage.completion > 0);
}

#[tokio::test]
async fn a_stream_that_breaks_before_content_is_begun_anew_with_another_key() {
    let faults = [
        Fault::Cut(Place::Start),
        Fault::Cut(Place::Opening),
        Fault::End(Place::Opening),
        Fault::WrongJson(Place::Opening),
        Fault::error_event(Place::Start, "openai.500"),
        Fault::error_event(Place::Start, "openai.429.rate"),
    ];
    for fault in faults {
        let given = given(&["sk-sim-a", "sk-sim-b"]).await;
        given.simulator.set_behaviour("sk-sim-a", Behaviour::failing(fault.clone()));

        let reply = given.stream("sim-chat").await.unwrap();

        assert_eq!(reply.head.key_id, Some(given.keys[1]), "{fault:?}");
        let events = read(reply).await;
        assert!(matches!(events.last(), Some(CallEvent::End(_))), "{fault:?}");
        assert!(!text(&events).is_empty());
    }
}

#[tokio::test]
async fn a_stream_that_breaks_after_content_ends_with_the_error() {
    let faults = [
        Fault::Cut(Place::Middle),
        Fault::End(Place::Middle),
        Fault::WrongJson(Place::Middle),
        Fault::error_event(Place::Middle, "openai.500"),
    ];
    for fault in faults {
        let given = given(&["sk-sim-a", "sk-sim-b"]).await;
        let behaviour = Behaviour::failing(fault.clone()).text("one two three four five six");
        given.simulator.set_behaviour("sk-sim-a", behaviour);
        let call = call("sim-chat", true);
        let request = call.request_id;

        let reply = given.engine.call(&given.http, call).await.unwrap();
        let events = read(reply).await;

        let Some(CallEvent::Failed(error)) = events.last() else { panic!("{fault:?} {events:?}") };
        assert!(matches!(error, CallError::Provider(_)), "{fault:?}");
        assert!(text(&events).starts_with("one"), "{fault:?}");
        assert_eq!(given.chats("sk-sim-b"), 0, "{fault:?}");
        let rows = given.rows(request).await;
        assert_eq!(rows[0].error_code.as_deref(), Some("after_content"), "{fault:?}");
        assert!(rows[0].is_final && rows[0].usage.completion > 0);
    }
}

#[tokio::test]
async fn a_stream_that_stalls_after_content_ends_as_a_timeout() {
    let timeouts = Timeouts { idle_ms: 150, ..Timeouts::default() };
    let given = given_with(&["sk-sim-a-stall-middle"], options(), timeouts, |_| {}).await;

    let events = read(given.stream("sim-chat").await.unwrap()).await;

    assert!(matches!(events.last(), Some(CallEvent::Failed(CallError::Timeout(_)))));
}

#[tokio::test]
async fn a_slow_stream_is_handed_over_before_it_has_content() {
    let mut options = options();
    options.hold = Duration::from_millis(100);
    let given = given_with(&["sk-sim-a"], options, Timeouts::default(), |_| {}).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("sk-sim-a", Behaviour::held(Place::Start, &gate));

    let reply = given.stream("sim-chat").await.unwrap();
    gate.wait_for_waiting(1).await;
    gate.open();

    assert!(matches!(read(reply).await.last(), Some(CallEvent::End(_))));
}

#[tokio::test]
async fn a_whole_answer_where_a_stream_was_asked_for_is_streamed() {
    let given = given(&["sk-sim-a-no-stream"]).await;

    let events = read(given.stream("sim-chat").await.unwrap()).await;

    assert!(!text(&events).is_empty());
    assert!(matches!(events.last(), Some(CallEvent::End(_))));
}

#[tokio::test]
async fn a_caller_who_leaves_a_stream_ends_it_at_the_provider_and_is_recorded() {
    let given = given(&["sk-sim-a"]).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("sk-sim-a", Behaviour::held(Place::Middle, &gate));
    let call = call("sim-chat", true);
    let request = call.request_id;
    let reply = given.engine.call(&given.http, call).await.unwrap();
    let mut events = events(reply);
    assert!(matches!(events.next().await, Some(CallEvent::Event(_))));
    gate.wait_for_waiting(1).await;

    drop(events);

    let calls = given.simulator.wait_for_cancelled(1).await;
    assert_eq!(calls[0].end, CallEnd::ClientLeft);
    let rows = given.rows(request).await;
    assert_eq!((rows.len(), rows[0].status), (1, CallStatus::Cancelled));
    assert_eq!(rows[0].usage_source, UsageSource::Estimated);
    assert!(rows[0].usage.prompt > 0);
    assert_eq!(given.engine.live(given.keys[0]).in_flight, 0);
}

#[tokio::test]
async fn a_caller_who_leaves_before_the_answer_ends_it_at_the_provider_and_is_recorded() {
    let given = given(&["sk-sim-a"]).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("sk-sim-a", Behaviour::held(Place::Head, &gate));
    let call = call("sim-chat", false);
    let request = call.request_id;
    {
        let calling = given.engine.call(&given.http, call);
        let held = gate.wait_for_waiting(1);
        tokio::select! {
            _ = calling => panic!("the gate is closed"),
            () = held => {}
        }
    }

    timeout(PATIENCE, given.simulator.wait_for_cancelled(1)).await.unwrap();
    until("the record", async || !given.rows(request).await.is_empty()).await;
    assert_eq!(given.rows(request).await[0].status, CallStatus::Cancelled);
}

#[tokio::test]
async fn a_stream_that_is_cut_while_the_engine_stops_is_recorded() {
    let given = given(&["sk-sim-a"]).await;
    let gate = Gate::new();
    given.simulator.set_behaviour("sk-sim-a", Behaviour::held(Place::Middle, &gate));
    let call = call("sim-chat", true);
    let request = call.request_id;
    let mut events = events(given.engine.call(&given.http, call).await.unwrap());
    assert!(matches!(events.next().await, Some(CallEvent::Event(_))));
    gate.wait_for_waiting(1).await;

    // The first is polled first: the engine is stopping already when the stream goes.
    tokio::join!(given.engine.shutdown(PATIENCE), async { drop(events) });

    let rows = given.store.api_logs().attempts_of(request).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].log.status, rows[0].log.is_final), (CallStatus::Cancelled, true));
}
