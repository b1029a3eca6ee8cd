//! Calls that wait for a key with room.

use tokio::task::JoinSet;

use super::*;

impl Given {
    async fn in_turn(&self, tokens: i64, patience_ms: u64) -> Picked {
        let patience = Duration::from_millis(patience_ms);
        let (ask, now) = (self.ask(tokens), || self.clock.moment());
        self.pool.pick_in_turn(&self.keys, Strategy::Priority, &ask, patience, now).await
    }
}

fn one_key(change: impl FnOnce(&mut KeyLimits)) -> Arc<Given> {
    Arc::new(given(vec![limited(1, |opened| change(&mut opened.key.limits))]))
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_the_room_that_comes_within_its_patience() {
    let given = one_key(|limits| limits.rpm = Some(1));
    let (_, _charge) = given.take(1);
    tokio::time::advance(Duration::from_secs(58)).await;
    let begun = Instant::now();

    let refused = given.in_turn(1, 2_000).await;
    assert!(refused.taken.is_none());
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(refused.skipped[0].reason, SkipReason::Rpm);

    let served = given.in_turn(1, 5_000).await;
    assert!(served.taken.is_some());
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_served_in_the_order_in_which_they_came() {
    let given = one_key(|limits| limits.max_concurrent = Some(1));
    let (_, first) = given.take(1);
    let served = Arc::new(Mutex::new(Vec::new()));
    let mut calls = JoinSet::new();
    for number in 0..5 {
        let (given, served) = (Arc::clone(&given), Arc::clone(&served));
        calls.spawn(async move {
            let picked = given.in_turn(1, 60_000).await;
            served.lock().push(number);
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(picked);
        });
        tokio::task::yield_now().await;
    }

    drop(first);
    calls.join_all().await;

    assert_eq!(*served.lock(), [0, 1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_does_not_take_the_room_that_another_one_waited_for() {
    let given = one_key(|limits| limits.rpm = Some(1));
    let (_, _charge) = given.take(1);
    let mut waiting = JoinSet::new();
    waiting.spawn({
        let given = Arc::clone(&given);
        async move { given.in_turn(1, 61_000).await.taken.is_some() }
    });
    tokio::task::yield_now().await;
    // There is room now, of which the one who waits has not heard yet.
    tokio::time::advance(Duration::from_secs(61)).await;

    let newcomer = given.in_turn(1, 1_000).await;

    assert!(newcomer.taken.is_none());
    assert!(waiting.join_next().await.unwrap().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_small_call_goes_on_while_a_large_one_waits() {
    let given = one_key(|limits| limits.tpm = Some(100));
    let (_, _charge) = given.take(60);
    let mut waiting = JoinSet::new();
    waiting.spawn({
        let given = Arc::clone(&given);
        async move { given.in_turn(50, 70_000).await.taken.is_some() }
    });
    tokio::task::yield_now().await;

    let begun = Instant::now();
    assert!(given.in_turn(10, 70_000).await.taken.is_some());
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert!(waiting.join_next().await.unwrap().unwrap());
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_queue_holds_nobody_up() {
    let given = one_key(|limits| limits.max_concurrent = Some(1));
    let (_, first) = given.take(1);
    let impatient = given.in_turn(1, 60_000);
    assert!(tokio::time::timeout(Duration::from_secs(1), impatient).await.is_err());

    drop(first);

    assert!(given.in_turn(1, 1_000).await.taken.is_some());
    assert_eq!(given.live(1).in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn what_other_than_limits_keeps_a_key_out_is_not_waited_for() {
    let given = one_key(|_| {});
    let (_, charge) = given.take(1);
    let rest = Failure {
        retry_after: Some(Duration::from_secs(1)),
        ..Failure::new(FailureClass::RateLimited, "")
    };
    charge.settle(Outcome::Failed(&rest, "m"), 0, given.clock.moment());
    let begun = Instant::now();

    let picked = given.in_turn(1, 5_000).await;

    assert_eq!(picked.skipped[0].reason, SkipReason::RateLimited);
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_patience_ends_is_told_when_there_is_room() {
    let given = one_key(|limits| limits.max_concurrent = Some(1));
    let (_, _charge) = given.take(1);
    let begun = Instant::now();

    let picked = given.in_turn(1, 5_000).await;

    assert_eq!(picked.skipped[0].reason, SkipReason::Concurrent);
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
}
