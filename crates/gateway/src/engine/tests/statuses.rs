//! The status that a record tells: a provider's bad one, else the caller's.

use super::*;

fn told(class: FailureClass, status: Option<u16>) -> Failure {
    Failure { http_status: status, ..failure(class) }
}

#[tokio::test]
async fn a_good_status_of_the_providers_is_never_that_of_a_failure() {
    use FailureClass as Class;
    // 599 is what these callers are told.
    let cases = [
        (Class::Transient, Some(200), 599),
        (Class::Transient, None, 599),
        (Class::Transient, Some(500), 500),
        (Class::Overloaded, Some(200), 599),
        (Class::Overloaded, Some(529), 529),
        (Class::ClientFault, Some(200), 599),
        (Class::ClientFault, Some(422), 422),
        (Class::Silent, Some(200), 599),
        (Class::KeyRefused, Some(200), 599),
        (Class::KeyRefused, Some(401), 401),
    ];
    for (class, status, recorded) in cases {
        let alone = |failure| vec![Play::Fail(failure)];
        let opening = |failure| vec![Play::Events(vec![(0, role()), (0, Err(failure))])];
        let midway = |failure| vec![Play::Events(vec![(0, content()), (0, Err(failure))])];
        let no_retry = |new: &mut NewProvider| new.max_retries = 0;

        for (plays, is_begun) in [
            (alone(told(class, status)), false),
            (opening(told(class, status)), false),
            (midway(told(class, status)), true),
        ] {
            let given = given_with(1, plays, no_retry, |_| {}).await;
            match given.stream().await {
                Ok(reply) if is_begun => drop(read(reply).await),
                Err(_) if !is_begun => {}
                other => panic!("{class} {status:?}: {other:?}"),
            }
            assert_eq!(given.rows.lock()[0].http_status, Some(recorded), "{class} {status:?}");
        }
    }
}

#[tokio::test]
async fn an_attempt_that_another_one_follows_has_no_status_but_a_bad_one() {
    for (status, recorded) in [(Some(200), None), (Some(500), Some(500)), (None, None)] {
        let given =
            given(2, vec![Play::Fail(told(FailureClass::Transient, status)), answers()]).await;

        given.whole().await.unwrap();

        let rows = given.rows.lock();
        assert_eq!((rows[0].http_status, rows[1].http_status), (recorded, Some(200)));
    }
}

#[tokio::test]
async fn while_the_only_key_is_checked_callers_hear_when_that_is_over() {
    let given = given(1, vec![fails(FailureClass::KeyRefused)]).await;

    let error = given.whole().await.unwrap_err();

    let CallError::NoAvailableKey { retry_after, keys, .. } = error else { panic!("{error}") };
    assert_eq!(keys[0].reason, SkipReason::Checking);
    assert_eq!(retry_after, Some(Duration::from_secs(5)));
    assert!(keys[0].available_at.is_some());
}
