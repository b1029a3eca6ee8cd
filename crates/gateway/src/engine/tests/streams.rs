use super::*;

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
async fn a_stream_that_is_dropped_after_its_end_is_on_record_once() {
    let given = given(1, vec![Play::Events(vec![(0, content())])]).await;
    let ReplyBody::Stream(mut events) = given.stream().await.unwrap().body else { panic!() };
    while let Some(event) = events.next().await {
        if matches!(event, CallEvent::End(_)) {
            break;
        }
    }

    drop(events);

    assert_eq!(given.rows(), [success(1)]);
}

#[tokio::test]
async fn a_stream_that_brings_megabytes_before_any_content_is_given_up() {
    let large = || {
        let data = Bytes::from(vec![b' '; 3 << 20]);
        (0, Ok(StreamItem::Event(ChatEvent { name: None, data, facts: EventFacts::default() })))
    };
    let first = vec![large(), large(), large(), (0, content())];
    let given = given(2, vec![Play::Events(first), Play::Events(vec![(0, content())])]).await;

    let reply = given.stream().await.unwrap();

    assert_eq!(reply.head.attempts, 2);
    assert_eq!(read(reply).await, ["content", "end 12"]);
}

#[tokio::test]
async fn a_cooled_key_is_back_when_its_trials_answer_begins() {
    let mut plays: Vec<Play> = (0..5).map(|_| fails(FailureClass::Transient)).collect();
    plays.push(Play::Events(vec![(0, content()), (600_000, content())]));
    plays.push(answers());
    let given = given_with(1, plays, |new| new.max_retries = 0, |_| {}).await;
    for _ in 0..5 {
        given.whole().await.unwrap_err();
    }
    assert_eq!(given.status(1), KeyStatus::Cooling);
    tokio::time::advance(Duration::from_secs(30)).await;

    let trial = given.stream().await.unwrap();

    assert_eq!(given.status(1), KeyStatus::Normal);
    given.whole().await.unwrap();
    drop(trial);
    assert_eq!(given.status(1), KeyStatus::Normal);
}
