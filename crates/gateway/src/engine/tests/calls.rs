use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::*;

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
async fn a_refusal_teaches_the_keys_limits() {
    let limits = KeyLimits { rpm: Some(7), tpm: Some(900), ..KeyLimits::default() };
    let refusal = Failure { limits: Some(Box::new(limits)), ..failure(FailureClass::RateLimited) };
    let given = given(1, vec![Play::Fail(refusal)]).await;

    given.whole().await.unwrap_err();

    let snapshot = given.engine.snapshot();
    let key = snapshot.provider(given.provider).unwrap().keys[0].key.id;
    assert_eq!(given.engine.live(key).told, limits);
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
async fn a_caller_who_leaves_between_attempts_ends_the_call_with_the_last_one() {
    let given = given(1, vec![fails(FailureClass::Transient)]).await;

    let left = timeout(Duration::from_millis(500), given.whole()).await;

    assert!(left.is_err());
    let transient = Some("transient".to_owned());
    assert_eq!(given.rows(), [(1, true, CallStatus::Cancelled, transient)]);
}

#[tokio::test]
async fn a_caller_who_leaves_before_any_attempt_is_on_record() {
    let limits = KeyLimits { rpm: Some(1), ..KeyLimits::default() };
    let queue = |provider: &mut NewProvider| provider.queue_timeout_ms = 90_000;
    let given = given_with(1, vec![answers()], queue, |key| key.limits = limits).await;
    given.whole().await.unwrap();

    let left = timeout(Duration::from_secs(1), given.whole()).await;

    assert!(left.is_err());
    let left = Some("caller_left".to_owned());
    assert_eq!(given.rows(), [success(1), (0, true, CallStatus::Cancelled, left)]);
    assert_eq!(given.sent().len(), 1);
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

#[tokio::test]
async fn a_hint_beyond_all_time_ends_the_call() {
    let mut overloaded = failure(FailureClass::Overloaded);
    overloaded.retry_after = Some(Duration::MAX);
    let given = given(1, vec![Play::Fail(overloaded), answers()]).await;

    assert!(given.whole().await.unwrap_err().is_overloaded());
}

#[tokio::test]
async fn a_call_can_move_between_threads() {
    const fn moves<T: Send>(value: T) -> T {
        value
    }
    let given = given(1, vec![answers()]).await;

    assert!(moves(given.whole()).await.is_ok());
}

#[tokio::test]
async fn a_limited_key_does_not_hold_up_another_ones_second_try() {
    let mut limited = failure(FailureClass::RateLimited);
    limited.retry_after = Some(Duration::from_secs(300));
    let plays = vec![fails(FailureClass::Transient), Play::Fail(limited), answers()];
    let given = given(2, plays).await;

    given.whole().await.unwrap();

    assert_eq!(given.sent(), [at("sk-1", 0), at("sk-2", 0), at("sk-1", 1)]);
}

#[tokio::test]
async fn an_address_that_is_overloaded_five_times_in_a_row_is_left_alone_until_a_trial() {
    let mut plays: Vec<Play> = (0..6).map(|_| fails(FailureClass::Overloaded)).collect();
    plays.push(answers());
    let given = given_with(2, plays, |new| new.max_retries = 0, |_| {}).await;
    for _ in 0..5 {
        assert!(given.whole().await.unwrap_err().is_overloaded());
    }

    let rests = async |seconds| {
        let CallError::NoAvailableKey { retry_after, keys, .. } = given.whole().await.unwrap_err()
        else {
            panic!("the address rests")
        };
        let reasons: Vec<SkipReason> = keys.iter().map(|key| key.reason).collect();
        assert_eq!(reasons, [SkipReason::Overloaded; 2], "both keys are used there");
        assert_eq!(retry_after.unwrap().as_secs_f64().ceil(), seconds);
    };
    rests(30.0).await;
    tokio::time::advance(Duration::from_secs(30)).await;
    assert!(given.whole().await.unwrap_err().is_overloaded(), "the trial");
    rests(60.0).await;
    tokio::time::advance(Duration::from_secs(60)).await;
    given.whole().await.unwrap();

    assert_eq!(given.sent().len(), 7);
    assert_eq!(given.status(1), KeyStatus::Normal);
}

#[tokio::test]
async fn an_operator_who_resets_a_key_lets_its_overloaded_address_be_asked_again() {
    let mut plays: Vec<Play> = (0..5).map(|_| fails(FailureClass::Overloaded)).collect();
    plays.push(answers());
    let given = given_with(1, plays, |new| new.max_retries = 0, |_| {}).await;
    for _ in 0..5 {
        given.whole().await.unwrap_err();
    }
    let snapshot = given.engine.snapshot();
    let provider = snapshot.provider(given.provider).unwrap();

    provider.pool.forget_upstream("http://127.0.0.1:9/v1");

    given.whole().await.unwrap();
}

#[tokio::test]
async fn a_panic_of_ours_is_recorded_once_as_an_error_and_frees_the_key() {
    let given = given(1, vec![Play::Panic, answers()]).await;

    let caught = AssertUnwindSafe(given.whole()).catch_unwind().await;

    assert!(caught.is_err());
    assert_eq!(given.rows(), [row(1, true, "internal")]);
    given.whole().await.unwrap();
    let snapshot = given.engine.snapshot();
    let key = snapshot.provider(given.provider).unwrap().keys[0].key.id;
    assert_eq!(given.engine.live(key).in_flight, 0);
}

#[tokio::test]
async fn a_call_whose_time_is_over_is_not_sent_with_another_key() {
    let late = vec![(3_000, broken(FailureClass::Transient))];
    let given = given(2, vec![Play::Events(late), answers()]).await;
    let mut call = given.call(true);
    call.timeout = Some(Duration::from_secs(3));

    given.engine.call_with(given.script.clone(), call).await.unwrap_err();

    assert_eq!(given.sent().len(), 1);
    assert_eq!(given.rows(), [row(1, true, "transient")]);
}

#[tokio::test]
async fn a_name_of_a_megabyte_is_cut_on_record() {
    let given = given(1, vec![answers()]).await;
    let mut call = given.call(false);
    call.facts.model = Some(format!("sim/{}", "x".repeat(1 << 20)));
    let mut unknown = given.call(false);
    unknown.facts.model = Some("y".repeat(1 << 20));

    given.engine.call_with(given.script.clone(), call).await.unwrap();
    given.engine.call_with(given.script.clone(), unknown).await.unwrap_err();

    let rows = given.rows.lock();
    let length = |name: &Option<String>| name.as_ref().map(String::len);
    assert_eq!(length(&rows[0].model_code), Some(200));
    assert_eq!(length(&rows[0].requested_model), Some(200));
    assert_eq!(length(&rows[1].requested_model), Some(200));
    assert_eq!(length(&rows[1].error_message), Some(500));
}

#[tokio::test]
async fn nobody_waits_for_a_key_that_will_not_be_back_by_then() {
    for class in [FailureClass::Transient, FailureClass::Overloaded] {
        let given = given(1, (0..9).map(|_| fails(class)).collect()).await;
        given.whole().await.unwrap_err();
        let before = given.script.start.elapsed();

        let error = given.whole().await.unwrap_err();

        assert_eq!(error.code(), "provider_error", "{class}");
        assert_eq!(given.sent().len(), 5, "four of the first call, one of the second");
        assert_eq!(given.script.start.elapsed(), before, "{class}");
    }
}
