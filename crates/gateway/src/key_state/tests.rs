use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    // 2026-09-21 14:13:20 UTC
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn fresh() -> Health {
    Health::new(KeyState::default(), at(0))
}

fn call(begun: i64) -> Carried<'static> {
    Carried { model: "m", begun: at(begun), is_trial: false }
}

fn trial(begun: i64) -> Carried<'static> {
    Carried { is_trial: true, ..call(begun) }
}

fn failure(class: FailureClass) -> Failure {
    Failure::new(class, "says the provider")
}

fn limited(seconds: u64) -> Failure {
    Failure {
        retry_after: Some(Duration::from_secs(seconds)),
        ..failure(FailureClass::RateLimited)
    }
}

fn cooled(at_second: i64) -> Health {
    let mut health = fresh();
    for _ in 0..FAILURES_TO_COOL {
        health.fail(&failure(FailureClass::Transient), &call(at_second), at(at_second));
    }
    health
}

#[test]
fn the_fifth_failure_in_a_row_cools_a_key_for_half_a_minute() {
    let mut health = fresh();
    for count in 1..FAILURES_TO_COOL {
        health.fail(&failure(FailureClass::Silent), &call(0), at(0));
        assert_eq!(health.state().error_count, count);
        assert_eq!(health.standing("m", at(0)), Standing::Ready);
    }

    health.fail(&failure(FailureClass::Transient), &call(0), at(0));

    assert_eq!(health.state().status, KeyStatus::Cooling);
    let out = Standing::Out(SkipReason::Cooling, Some(at(30)));
    assert_eq!(health.standing("m", at(29)), out);
    assert_eq!(health.standing("m", at(30)), Standing::Trial);
}

#[test]
fn a_success_between_failures_starts_the_count_anew() {
    let mut health = fresh();
    for _ in 0..20 {
        for _ in 0..4 {
            health.fail(&failure(FailureClass::Transient), &call(0), at(0));
        }
        assert_eq!(health.succeed(&call(0), at(0)), Change::State);
    }

    assert_eq!(health.state().status, KeyStatus::Normal);
    assert_eq!(health.state().error_count, 0);
    assert_eq!(health.succeed(&call(0), at(0)), Change::Nothing);
}

#[test]
fn one_trial_at_a_time_decides_about_a_cooled_key() {
    let mut health = cooled(0);
    health.begin_trial();
    assert_eq!(health.standing("m", at(31)), Standing::Out(SkipReason::Cooling, None));

    health.fail(&failure(FailureClass::Transient), &trial(31), at(32));
    assert_eq!(health.state().cooling_until, Some(at(32 + 60)));

    health.begin_trial();
    health.succeed(&trial(92), at(93));
    assert_eq!(health.standing("m", at(93)), Standing::Ready);
    assert_eq!(health.state().error_count, 0);
}

#[test]
fn cooling_doubles_up_to_ten_minutes() {
    let seconds: Vec<u64> = (5..12).map(|count| cooling_after(count).as_secs()).collect();

    assert_eq!(seconds, [30, 60, 120, 240, 480, 600, 600]);
    assert_eq!(cooling_after(i64::MAX), MAX_COOLING);
}

#[test]
fn calls_begun_before_a_key_cooled_neither_prolong_nor_end_it() {
    let mut health = cooled(10);

    health.fail(&failure(FailureClass::Transient), &call(5), at(11));
    health.succeed(&call(5), at(11));

    assert_eq!(health.state().status, KeyStatus::Cooling);
    assert_eq!(health.state().cooling_until, Some(at(40)));
}

#[test]
fn a_limited_key_rests_as_long_as_the_provider_says_but_at_most_an_hour() {
    let cases = [(limited(7), 7), (limited(9_000), 3_600)];
    for (failure, seconds) in cases {
        let mut health = fresh();
        health.fail(&failure, &call(0), at(0));
        let out = Standing::Out(SkipReason::RateLimited, Some(at(seconds)));
        assert_eq!(health.standing("m", at(seconds - 1)), out);
        assert_eq!(health.standing("m", at(seconds)), Standing::Ready);
        assert_eq!(health.expire(at(seconds)), Change::State);
        assert_eq!(health.state().status, KeyStatus::Normal);
    }
    let mut silent = fresh();
    silent.fail(&failure(FailureClass::RateLimited), &call(0), at(0));
    assert_eq!(silent.state().cooling_until, Some(at(60)));
}

#[test]
fn a_shorter_hint_does_not_cut_a_rest_short() {
    let mut health = fresh();

    health.fail(&limited(100), &call(0), at(0));
    health.fail(&limited(1), &call(0), at(1));

    assert_eq!(health.state().cooling_until, Some(at(100)));
}

#[test]
fn a_success_that_began_before_does_not_end_a_rest() {
    let mut health = fresh();
    health.fail(&limited(100), &call(0), at(1));

    assert_eq!(health.succeed(&call(0), at(2)), Change::Nothing);

    assert_eq!(health.state().status, KeyStatus::RateLimited);
}

#[test]
fn a_spent_quota_lasts_until_midnight() {
    let mut health = fresh();

    health.fail(&failure(FailureClass::QuotaSpent), &call(0), at(0));

    let midnight = "2026-09-22T00:00:00Z".parse().unwrap();
    assert_eq!(health.state().cooling_until, Some(midnight));
    assert_eq!(health.standing("m", midnight), Standing::Ready);
}

#[test]
fn a_refused_key_is_out_at_once_and_what_the_check_says_decides() {
    use FailureClass as Class;
    let cases = [
        (Some(Ok(())), KeyStatus::Normal),
        (Some(Err(Class::KeyRefused)), KeyStatus::Invalid),
        (Some(Err(Class::ModelMissing)), KeyStatus::Invalid),
        (Some(Err(Class::QuotaSpent)), KeyStatus::QuotaExceeded),
        (Some(Err(Class::RateLimited)), KeyStatus::RateLimited),
        (Some(Err(Class::Transient)), KeyStatus::Cooling),
        (Some(Err(Class::Deadline)), KeyStatus::Cooling),
        (None, KeyStatus::Cooling),
    ];
    for (said, status) in cases {
        let mut health = fresh();
        let change = health.fail(&failure(Class::KeyRefused), &call(0), at(0));
        assert_eq!(change, Change::NeedsCheck);
        assert_eq!(health.standing("m", at(0)), Standing::Out(SkipReason::Checking, Some(at(5))));
        let late = health.standing("m", at(9));
        assert_eq!(late, Standing::Out(SkipReason::Checking, Some(at(9))), "any moment now");
        let again = health.fail(&failure(Class::KeyRefused), &call(0), at(0));
        assert_eq!(again, Change::Nothing, "one check is enough");

        let said = said.map(|said| said.map_err(failure));
        health.conclude_check(said.as_ref().map(|said| said.as_ref().copied()), at(1));

        assert_eq!(health.state().status, status, "{said:?}");
    }
}

#[test]
fn an_operator_who_sets_a_key_right_is_not_overruled_by_a_check_under_way() {
    let mut health = fresh();
    let refused = failure(FailureClass::KeyRefused);
    health.fail(&refused, &call(0), at(0));
    health.set(KeyState::default(), at(1));

    assert_eq!(health.conclude_check(Some(Err(&refused)), at(2)), Change::Nothing);

    assert_eq!(health.standing("m", at(2)), Standing::Ready);
}

#[test]
fn a_key_denied_for_one_model_serves_the_others() {
    let mut health = fresh();

    health.fail(&failure(FailureClass::KeyDeniedForModel), &call(0), at(0));

    let out = Standing::Out(SkipReason::ModelDenied, Some(at(3600)));
    assert_eq!(health.standing("m", at(3599)), out);
    assert_eq!(health.standing("m", at(3600)), Standing::Ready);
    assert_eq!(health.standing("other", at(0)), Standing::Ready);
}

#[test]
fn failures_that_are_not_the_keys_fault_leave_it_alone() {
    use FailureClass as Class;
    for class in [
        Class::ClientFault,
        Class::ContextTooLong,
        Class::ContentRefused,
        Class::ModelMissing,
        Class::Overloaded,
        Class::Deadline,
        Class::AfterContent,
        Class::CallerLeft,
    ] {
        let mut health = fresh();
        assert_eq!(health.fail(&failure(class), &call(0), at(0)), Change::Nothing);
        assert_eq!(*health.state(), KeyState::default(), "{class}");
    }
}

#[test]
fn an_invalid_key_stays_invalid_whatever_older_calls_bring() {
    let mut health = fresh();
    let refused = failure(FailureClass::KeyRefused);
    health.fail(&refused, &call(0), at(0));
    health.conclude_check(Some(Err(&refused)), at(1));

    for class in [FailureClass::RateLimited, FailureClass::QuotaSpent, FailureClass::Transient] {
        health.fail(&failure(class), &call(0), at(2));
    }
    health.succeed(&call(0), at(2));

    assert_eq!(health.state().status, KeyStatus::Invalid);
}

#[test]
fn older_news_cut_no_rest_short() {
    let mut rests = fresh();
    rests.fail(&limited(1_000), &call(5), at(6));
    for _ in 0..FAILURES_TO_COOL {
        rests.fail(&failure(FailureClass::Transient), &call(5), at(7));
    }
    let out = Standing::Out(SkipReason::RateLimited, Some(at(1_006)));
    assert_eq!(rests.standing("m", at(100)), out);

    let mut cools = cooled(10);
    cools.fail(&limited(1), &call(5), at(11));
    assert_eq!(cools.state().cooling_until, Some(at(40)));
}

#[test]
fn a_key_that_is_refused_again_and_again_cools_though_every_check_is_fine() {
    let mut health = fresh();
    for _ in 0..FAILURES_TO_COOL {
        assert_eq!(health.standing("m", at(0)), Standing::Ready);
        health.fail(&failure(FailureClass::KeyRefused), &call(0), at(0));
        health.conclude_check(Some(Ok(())), at(0));
    }

    assert_eq!(health.state().status, KeyStatus::Cooling);
}

#[test]
fn a_check_that_tells_nothing_cuts_no_rest_short() {
    for said in [Some(Ok(())), None] {
        let mut health = fresh();
        for _ in 1..FAILURES_TO_COOL {
            health.fail(&failure(FailureClass::Transient), &call(0), at(0));
        }
        health.fail(&failure(FailureClass::KeyRefused), &call(0), at(0));
        health.fail(&failure(FailureClass::QuotaSpent), &call(0), at(0));

        health.conclude_check(said, at(1));

        assert_eq!(health.state().status, KeyStatus::QuotaExceeded, "{said:?}");
    }
}
