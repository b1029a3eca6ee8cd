//! What the pool makes of each strategy.

use super::*;

fn given_keys(count: i64, change: impl Fn(&mut OpenedKey)) -> Given {
    given((1..=count).map(|id| limited(id, &change)).collect())
}

impl Given {
    /// The keys that so many picks take; 0 where none is free.
    fn take_by(
        &self,
        strategy: Strategy,
        picks: usize,
        ask: impl Fn(usize) -> Ask<'static>,
    ) -> Vec<i64> {
        let one = |at| {
            let taken = self.pick_by(strategy, &ask(at)).taken;
            taken.map_or(0, |(entry, charge)| {
                charge.settle(Outcome::Answered, 1, self.clock.moment());
                entry.key.id.get()
            })
        };
        (0..picks).map(one).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn round_robin_goes_on_where_it_was_after_picks_that_were_refused() {
    let given = given_keys(3, |opened| opened.key.limits.tpm = Some(100));
    let ask = |tokens| given.ask(tokens);
    assert_eq!(given.take_by(Strategy::RoundRobin, 2, |_| ask(1)), [1, 2]);

    assert_eq!(given.take_by(Strategy::RoundRobin, 5, |_| ask(100)), [3, 0, 0, 0, 0]);

    assert_eq!(given.take_by(Strategy::RoundRobin, 4, |_| ask(1)), [1, 2, 3, 1]);
}

#[tokio::test(start_paused = true)]
async fn weighted_goes_on_where_it_was_after_picks_that_were_refused() {
    let heavy = limited(1, |opened| {
        opened.key.weight = 3;
        opened.key.limits.max_concurrent = Some(1);
    });
    let light = limited(2, |opened| opened.key.limits.max_concurrent = Some(1));
    let given = given(vec![heavy, light]);
    let plain = || Strategy::Weighted;
    assert_eq!(given.take_by(plain(), 2, |_| given.ask(1)), [1, 1]);

    let both = [given.pick_by(plain(), &given.ask(1)), given.pick_by(plain(), &given.ask(1))];
    assert_eq!(given.take_by(plain(), 7, |_| given.ask(1)), [0; 7]);
    drop(both);

    let taken = given.take_by(plain(), 8, |_| given.ask(1));
    assert_eq!(taken.iter().filter(|id| **id == 1).count(), 6, "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn least_load_takes_the_least_used_and_equals_in_turn() {
    let wide = limited(1, |opened| opened.key.limits.rpm = Some(30));
    let narrow = limited(2, |opened| opened.key.limits.rpm = Some(10));
    let given = given(vec![wide, narrow]);

    let taken = given.take_by(Strategy::LeastLoad, 40, |_| given.ask(1));

    assert_eq!(taken.iter().filter(|id| **id == 1).count(), 30);
    assert_eq!(taken[..4].iter().filter(|id| **id == 1).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_priority_counts_for_priority_alone() {
    for strategy in Strategy::ALL {
        let given = given(vec![limited(1, |opened| opened.key.priority = 1), key(2, 1)]);
        let ask = |at: usize| Ask { chance: (at % 2) as f64 / 2.0, ..given.ask(1) };
        let taken = given.take_by(*strategy, 8, ask);
        let expected = if *strategy == Strategy::Priority { 0 } else { 4 };
        assert_eq!(taken.iter().filter(|id| **id == 1).count(), expected, "{strategy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_keeps_their_key_and_has_another_while_that_one_is_full() {
    let given = given_keys(4, |opened| opened.key.limits.max_concurrent = Some(1));
    let ask = Ask { caller: Some("2001:db8::7"), ..given.ask(1) };
    let (own, charge) = given.pick_by(Strategy::IpHash, &ask).taken.unwrap();

    let (other, _) = given.pick_by(Strategy::IpHash, &ask).taken.unwrap();
    drop(charge);
    let (again, _charge) = given.pick_by(Strategy::IpHash, &ask).taken.unwrap();

    assert_ne!(own.key.id, other.key.id);
    assert_eq!(own.key.id, again.key.id);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_open_is_the_one_that_the_provider_tells() {
    let given = given(vec![limited(1, |opened| {
        opened.key.limits.tpm = Some(0);
        opened.key.limits.rpd = Some(50);
    })]);
    let (_, charge) = given.take(1_000);
    charge.told(&KeyLimits { rpm: Some(2), tpm: Some(10), rpd: Some(1), max_concurrent: None });
    charge.settle(Outcome::Answered, 1_000, given.clock.moment());

    let (_, _charge) = given.take(1_000);

    assert_eq!(given.refusals(1_000), [(SkipReason::Rpm, Some(61))]);
    assert_eq!(given.live(1).told.rpm, Some(2));
}

#[tokio::test(start_paused = true)]
async fn keys_that_were_passed_over_are_named_as_far_as_a_record_holds_them() {
    let given = given_keys(50, |opened| opened.key.limits.max_concurrent = Some(1));
    let all: Vec<_> = (0..49).map(|_| given.take(1)).collect();

    let last = given.pick(1);
    assert!(last.taken.is_some());
    assert_eq!((last.skipped.len(), last.more), (20, 29));

    let none = given.pick(1);
    assert_eq!((none.skipped.len(), none.more), (50, 0));
    drop((all, last));
}

#[tokio::test(start_paused = true)]
async fn an_outlook_names_the_next_key_and_why_others_are_passed_over_and_takes_none() {
    let given = given_keys(3, |opened| opened.key.limits.tpm = Some(100));
    // One of the first key's hundred tokens is used: the others alone have room for all of a hundred.
    let outlook = |strategy| given.pool.outlook(&given.keys, strategy, &given.ask(100));
    assert_eq!(given.take_by(Strategy::RoundRobin, 1, |_| given.ask(1)), [1]);

    let looks = [outlook(Strategy::RoundRobin), outlook(Strategy::RoundRobin)];

    assert_eq!(looks[0], looks[1]);
    assert_eq!(looks[0].next, Some(ApiKeyId::new(2)));
    assert_eq!(looks[0].ready, [2, 3].map(ApiKeyId::new));
    let skipped = &looks[0].skipped;
    assert_eq!(skipped.iter().map(|key| key.reason).collect::<Vec<_>>(), [SkipReason::Tpm]);
    assert_eq!(outlook(Strategy::Random).next, None, "chance decides among two");
    assert_eq!(given.take_by(Strategy::RoundRobin, 1, |_| given.ask(1)), [2]);
}
