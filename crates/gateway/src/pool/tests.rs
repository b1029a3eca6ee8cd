mod laws;
mod queue;
mod races;
mod rows;
mod strategies;

use std::time::Duration;

use tollgate_domain::ProviderId;
use tollgate_domain::api_key::{KeyLimits, OpenedKey};
use tollgate_domain::failure::FailureClass;
use tollgate_domain::provider::Strategy;

use super::*;
use crate::snapshot::Snapshot;
use crate::snapshot::build::Rows;
use crate::testing::{TestClock, key, provider};

struct Given {
    clock: TestClock,
    changes: Arc<Changes>,
    pool: Arc<Pool>,
    keys: Vec<Arc<KeyEntry>>,
}

/// So many candidates that nothing tells apart but their ids.
pub(super) fn candidates(count: usize) -> Vec<Candidate> {
    let candidate = |place: u32| Candidate {
        key: ApiKeyId::new(i64::from(place) + 1),
        place,
        slot: place,
        priority: 100,
        weight: 1,
        credit: 0,
        utilisation: 0,
        requests: 0,
        in_flight: 0,
    };
    (0..count as u32).map(candidate).collect()
}

/// A provider with these keys.
fn given(keys: Vec<OpenedKey>) -> Given {
    let clock = TestClock::new();
    let changes = Arc::new(Changes::default());
    let pool = Arc::new(Pool::new(Arc::clone(&changes), Instant::now()));
    let keys = entries(keys, &pool);
    for entry in &keys {
        pool.adopt(entry, News::Nothing, 0, clock.moment().utc);
    }
    Given { clock, changes, pool, keys }
}

fn entries(keys: Vec<OpenedKey>, pool: &Arc<Pool>) -> Vec<Arc<KeyEntry>> {
    let rows = Rows { providers: vec![provider(1, "p")], keys, ..Rows::default() };
    let snapshot = Snapshot::build(rows, |_| Arc::clone(pool));
    snapshot.provider(ProviderId::new(1)).unwrap().keys.clone()
}

impl Given {
    fn pick(&self, tokens: i64) -> Picked {
        self.pick_by(Strategy::Priority, &self.ask(tokens))
    }

    fn pick_by(&self, strategy: Strategy, ask: &Ask<'_>) -> Picked {
        self.pool.pick(&self.keys, strategy, ask, |_| true)
    }

    fn ask(&self, tokens: i64) -> Ask<'static> {
        let now = self.clock.moment();
        Ask { model: "m", tokens, attempt: Try::First, caller: None, chance: 0.5, now }
    }

    fn take(&self, tokens: i64) -> (i64, Charge) {
        let (entry, charge) = self.pick(tokens).taken.expect("a key is free");
        (entry.key.id.get(), charge)
    }

    fn refusals(&self, tokens: i64) -> Vec<(SkipReason, Option<i64>)> {
        let now = self.clock.moment().utc;
        let picked = self.pick(tokens);
        assert!(picked.taken.is_none());
        let seconds = |until: DateTime<Utc>| (until - now).num_seconds();
        picked.skipped.iter().map(|key| (key.reason, key.available_at.map(seconds))).collect()
    }

    fn live(&self, id: i64) -> KeyUse {
        self.pool.live(ApiKeyId::new(id), self.clock.moment())
    }

    fn fail(&self, charge: Charge, class: FailureClass) -> Change {
        let failure = Failure::new(class, "");
        charge.settle(Outcome::Failed(&failure, "m"), 0, self.clock.moment())
    }
}

fn limited(id: i64, change: impl FnOnce(&mut OpenedKey)) -> OpenedKey {
    let mut opened = key(id, 1);
    change(&mut opened);
    opened
}

#[tokio::test(start_paused = true)]
async fn the_highest_priority_carries_all_until_its_limit_and_then_the_next() {
    let first = limited(1, |opened| {
        opened.key.priority = 200;
        opened.key.limits.rpm = Some(2);
    });
    let given = given(vec![key(2, 1), first]);

    let taken: Vec<i64> = (0..4).map(|_| given.take(1).0).collect();

    assert_eq!(taken, [1, 1, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn equals_share_the_load_by_utilisation() {
    let wide = limited(1, |opened| opened.key.limits.rpm = Some(30));
    let narrow = limited(2, |opened| opened.key.limits.rpm = Some(10));
    let given = given(vec![wide, narrow]);

    let taken: Vec<i64> = (0..40).map(|_| given.take(1).0).collect();

    assert_eq!(taken.iter().filter(|id| **id == 1).count(), 30);
    assert!(taken[..8].iter().filter(|id| **id == 1).count() >= 5);
}

#[tokio::test(start_paused = true)]
async fn each_limit_refuses_with_the_time_it_has_room_again() {
    let none = KeyLimits::default();
    let cases = [
        (KeyLimits { rpm: Some(1), ..none }, SkipReason::Rpm, Some(61)),
        (KeyLimits { tpm: Some(10), ..none }, SkipReason::Tpm, Some(61)),
        (KeyLimits { rpd: Some(1), ..none }, SkipReason::Rpd, Some(12 * 3600)),
        (KeyLimits { max_concurrent: Some(1), ..none }, SkipReason::Concurrent, None),
    ];
    for (limits, reason, seconds) in cases {
        let given = given(vec![limited(1, |opened| opened.key.limits = limits)]);
        let (_, _charge) = given.take(10);

        assert_eq!(given.refusals(10), [(reason, seconds)]);
    }
}

#[tokio::test(start_paused = true)]
async fn zero_and_unknown_limits_do_not_limit() {
    let zero = limited(1, |opened| {
        let none = Some(0);
        opened.key.limits = KeyLimits { rpm: none, tpm: none, rpd: none, max_concurrent: none };
    });
    let given = given(vec![zero]);

    let charges: Vec<Charge> = (0..1_000).map(|_| given.take(1_000_000).1).collect();

    assert_eq!(given.live(1).in_flight, 1_000);
    drop(charges);
    assert_eq!(given.live(1).in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn an_idle_key_admits_a_call_larger_than_its_limit() {
    let given = given(vec![limited(1, |opened| opened.key.limits.tpm = Some(100))]);

    let (_, charge) = given.take(5_000);

    assert_eq!(given.live(1).tpm_used, 100);
    charge.settle(Outcome::Answered, 40, given.clock.moment());
    assert_eq!(given.live(1).tpm_used, 40);
    assert!(given.pick(60).taken.is_some());
}

#[tokio::test(start_paused = true)]
async fn the_days_count_goes_on_where_the_database_left_it() {
    let counted = limited(1, |opened| {
        opened.key.limits.rpd = Some(10);
        opened.key.requests_count_today = 9;
        opened.key.counted_on = Some(crate::testing::noon().date_naive());
    });
    let given = given(vec![counted]);
    drop(given.take(1));
    assert_eq!(given.refusals(1), [(SkipReason::Rpd, Some(12 * 3600))]);

    tokio::time::advance(Duration::from_secs(12 * 3600)).await;

    assert!(given.pick(1).taken.is_some());
    assert_eq!(given.live(1).rpd_used, 1);
}

#[tokio::test(start_paused = true)]
async fn inactive_keys_are_not_even_mentioned_and_shut_ones_are() {
    let inactive = limited(1, |opened| opened.key.is_active = false);
    let shut = limited(2, |opened| opened.secret = None);
    let given = given(vec![inactive, shut]);

    assert_eq!(given.refusals(1), [(SkipReason::Undecryptable, None)]);
}

#[tokio::test(start_paused = true)]
async fn a_cooled_key_is_tried_by_one_call_alone() {
    let given = given(vec![key(1, 1)]);
    for _ in 0..5 {
        let (_, charge) = given.take(1);
        given.fail(charge, FailureClass::Transient);
    }
    assert_eq!(given.refusals(1), [(SkipReason::Cooling, Some(30))]);
    tokio::time::advance(Duration::from_secs(30)).await;

    let (_, trial) = given.take(1);
    assert_eq!(given.refusals(1), [(SkipReason::Cooling, None)]);
    drop(trial);
    let (_, trial) = given.take(1);
    trial.settle(Outcome::Answered, 1, given.clock.moment());

    assert!(given.pick(1).taken.is_some());
    assert_eq!(given.live(1).state.status, KeyStatus::Normal);
    assert_eq!(given.live(1).state.error_count, 0);
}

#[tokio::test(start_paused = true)]
async fn a_retry_beyond_the_budget_gets_only_another_key_that_is_trusted() {
    let given = given(vec![key(1, 1), key(2, 1), key(3, 1)]);
    let pick = |attempt| given.pick_by(Strategy::Priority, &Ask { attempt, ..given.ask(1) });
    let taken = |attempt| -> Vec<i64> {
        let picks = (0..20).filter_map(|_| pick(attempt).taken);
        picks.map(|(entry, _)| entry.key.id.get()).collect()
    };
    let charge = |id: i64| {
        let own = |key: ApiKeyId| key.get() == id;
        let ask = given.ask(1);
        given.pool.pick(&given.keys, Strategy::Priority, &ask, own).taken.unwrap().1
    };
    given.fail(charge(1), FailureClass::Transient);

    assert_eq!(taken(Try::Again).len(), 10);
    assert!(taken(Try::Again).is_empty());
    let others = taken(Try::OtherKey);
    assert!(others.len() == 20 && !others.contains(&1), "a single key fails: {others:?}");
    assert_eq!(pick(Try::OtherKey).skipped[0].reason, SkipReason::RetryBudget);

    given.fail(charge(2), FailureClass::Transient);
    assert!(taken(Try::OtherKey).is_empty(), "of the third nobody knows whether it answers");

    charge(3).settle(Outcome::Answered, 1, given.clock.moment());
    assert_eq!(taken(Try::OtherKey), [3; 20]);
    given.fail(charge(3), FailureClass::Transient);
    assert!(taken(Try::OtherKey).is_empty(), "in an outage there is none");
}

#[tokio::test(start_paused = true)]
async fn of_several_limits_the_last_to_have_room_says_when() {
    let given = given(vec![limited(1, |opened| {
        opened.key.limits.rpm = Some(2);
        opened.key.limits.tpm = Some(10);
    })]);
    let (_, _first) = given.take(1);
    tokio::time::advance(Duration::from_secs(30)).await;
    let (_, second) = given.take(9);
    assert_eq!(given.refusals(10), [(SkipReason::Tpm, Some(61))]);
    assert_eq!(given.refusals(1), [(SkipReason::Tpm, Some(31))]);

    let rest = Failure {
        retry_after: Some(Duration::from_secs(5)),
        ..Failure::new(FailureClass::RateLimited, "")
    };
    second.settle(Outcome::Failed(&rest, "m"), 0, given.clock.moment());

    assert_eq!(given.refusals(1), [(SkipReason::RateLimited, Some(31))]);
}

#[tokio::test(start_paused = true)]
async fn one_call_at_a_time_tries_an_address_that_was_overloaded() {
    let given = given(vec![key(1, 1), key(2, 1)]);
    for _ in 0..5 {
        let (_, charge) = given.take(1);
        given.fail(charge, FailureClass::Overloaded);
    }
    tokio::time::advance(Duration::from_secs(30)).await;

    let (_, trial) = given.take(1);
    let busy = (SkipReason::Overloaded, None);
    assert_eq!(given.refusals(1), [busy, busy]);
    drop(trial);
    let (_, trial) = given.take(1);
    trial.settle(Outcome::Untold, 1, given.clock.moment());
    let (_, trial) = given.take(1);
    given.fail(trial, FailureClass::ClientFault);
    let (_, trial) = given.take(1);
    trial.settle(Outcome::Answered, 1, given.clock.moment());

    let taken: Vec<_> = (0..3).map(|_| given.take(1)).collect();
    assert_eq!(taken.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn another_address_of_the_provider_is_used_while_one_is_overloaded() {
    let elsewhere =
        limited(2, |opened| opened.key.base_url = Some("http://127.0.0.1:8/v1".to_owned()));
    let given = given(vec![limited(1, |opened| opened.key.priority = 200), elsewhere]);
    for _ in 0..5 {
        let (id, charge) = given.take(1);
        assert_eq!(id, 1);
        given.fail(charge, FailureClass::Overloaded);
    }

    assert_eq!(given.take(1).0, 2);
}
