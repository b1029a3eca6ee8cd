//! The pool beside the rows of the database, which may be older or newer.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_happened_here_is_newer_than_rows_read_before_it() {
    let given = given(vec![key(1, 1)]);
    let loaded = given.changes.stamp();
    let (_, charge) = given.take(1);
    given.fail(charge, FailureClass::QuotaSpent);

    given.pool.adopt(&given.keys[0], News::Nothing, loaded, given.clock.moment().utc);
    assert_eq!(given.live(1).state.status, KeyStatus::QuotaExceeded, "unwritten");

    let (_, touched) = given.pool.to_write(ApiKeyId::new(1)).unwrap();
    given.pool.written(ApiKeyId::new(1), touched);
    given.pool.adopt(&given.keys[0], News::Nothing, loaded, given.clock.moment().utc);
    assert_eq!(given.live(1).state.status, KeyStatus::QuotaExceeded, "written since the load");

    let loaded = given.changes.stamp();
    given.pool.adopt(&given.keys[0], News::Nothing, loaded, given.clock.moment().utc);
    assert_eq!(given.live(1).state.status, KeyStatus::Normal, "somebody has reset it since");
}

#[tokio::test(start_paused = true)]
async fn what_others_found_out_is_believed_but_for_cooling() {
    for (status, expected) in [
        (KeyStatus::Invalid, KeyStatus::Invalid),
        (KeyStatus::QuotaExceeded, KeyStatus::QuotaExceeded),
        (KeyStatus::Cooling, KeyStatus::Normal),
    ] {
        let given = given(vec![key(1, 1)]);
        let told = limited(1, |opened| opened.key.state.status = status);
        let told = entries(vec![told], &given.pool);

        given.pool.adopt(&told[0], News::Nothing, given.changes.stamp(), given.clock.moment().utc);

        assert_eq!(given.live(1).state.status, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_replaced_secret_begins_anew_and_calls_with_the_old_one_tell_nothing() {
    let given = given(vec![key(1, 1)]);
    let (_, old) = given.take(1);
    let (_, other) = given.take(1);
    given.fail(other, FailureClass::QuotaSpent);

    given.pool.adopt(&given.keys[0], News::Replaced, 0, given.clock.moment().utc);
    assert_eq!(given.fail(old, FailureClass::KeyRefused), Change::Nothing);

    assert_eq!(given.live(1).state, KeyState::default());
    assert!(given.changes.pending().is_empty());
    assert_eq!(given.live(1).in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_changed_while_it_was_written_is_written_again() {
    let given = given(vec![key(1, 1)]);
    let (_, first) = given.take(1);
    let (_, second) = given.take(1);
    given.fail(first, FailureClass::Transient);
    let (_, touched) = given.pool.to_write(ApiKeyId::new(1)).unwrap();
    given.fail(second, FailureClass::Transient);

    given.pool.written(ApiKeyId::new(1), touched);

    assert_eq!(given.changes.pending().len(), 1);
    let (state, touched) = given.pool.to_write(ApiKeyId::new(1)).unwrap();
    assert_eq!(state.error_count, 2);
    given.pool.written(ApiKeyId::new(1), touched);
    assert!(given.changes.pending().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_new_secret_begins_anew_though_the_old_ones_state_was_written_after_it() {
    let now = |given: &Given| given.clock.moment().utc;
    let spent = |validated: bool| {
        limited(1, |opened| {
            opened.key.state.status = KeyStatus::QuotaExceeded;
            opened.key.last_validated_at = validated.then(crate::testing::noon);
        })
    };
    let given = given(vec![key(1, 1)]);

    let row = entries(vec![spent(false)], &given.pool);
    given.pool.adopt(&row[0], News::NewSecret, given.changes.stamp(), now(&given));
    assert_eq!(given.live(1).state, KeyState::default());
    assert_eq!(given.changes.pending().len(), 1, "the row is put right");

    let row = entries(vec![spent(true)], &given.pool);
    given.pool.adopt(&row[0], News::NewSecret, given.changes.stamp(), now(&given));
    assert_eq!(given.live(1).state.status, KeyStatus::QuotaExceeded, "somebody has asked");
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_written_while_the_secret_is_replaced_is_written_over() {
    let given = given(vec![key(1, 1)]);
    let (_, charge) = given.take(1);
    given.fail(charge, FailureClass::QuotaSpent);
    let (_, touched) = given.pool.to_write(ApiKeyId::new(1)).unwrap();

    let now = given.clock.moment().utc;
    given.pool.adopt(&given.keys[0], News::NewSecret, given.changes.stamp(), now);
    given.pool.written(ApiKeyId::new(1), touched);

    assert_eq!(given.changes.pending().len(), 1);
    assert_eq!(given.pool.to_write(ApiKeyId::new(1)).unwrap().0, KeyState::default());
}
