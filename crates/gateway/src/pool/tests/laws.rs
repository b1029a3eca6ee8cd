//! Laws that hold for every strategy.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the strategy, no key has more requests in 60 seconds, or at once, than it may, and
    /// a call is refused only when every key is full.
    #[test]
    fn no_strategy_exceeds_a_limit_or_refuses_while_there_is_room(
        strategy in 0..Strategy::ALL.len(),
        limits in vec((1..6_i64, 1..4_i64, 0..5_i64), 1..5),
        steps in vec((0..9_000_u64, 0..3_usize, any::<u16>()), 1..100),
    ) {
        let strategy = Strategy::ALL[strategy];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let keys = limits.iter().enumerate().map(|(at, (rpm, concurrent, weight))| {
                limited(at as i64 + 1, |opened| {
                    opened.key.limits.rpm = Some(*rpm);
                    opened.key.limits.max_concurrent = Some(*concurrent);
                    opened.key.weight = *weight;
                })
            });
            let given = given(keys.collect());
            let mut under_way: Vec<(usize, Charge)> = Vec::new();
            let mut sent: Vec<(usize, Instant)> = Vec::new();
            for (pause, finishes, draw) in steps {
                tokio::time::advance(Duration::from_millis(pause)).await;
                for _ in 0..finishes.min(under_way.len()) {
                    drop(under_way.remove(0));
                }
                let address = format!("10.0.0.{}", draw % 256);
                let chance = f64::from(draw) / 65_536.0;
                let ask = Ask { caller: Some(&address), chance, ..given.ask(1) };
                let Some((entry, charge)) = given.pick_by(strategy, &ask).taken else {
                    for (at, (rpm, concurrent, _)) in limits.iter().enumerate() {
                        let live = given.live(at as i64 + 1);
                        assert!(live.rpm_used >= *rpm || live.in_flight >= *concurrent);
                    }
                    continue;
                };
                let (key, now) = (entry.key.id.get() as usize - 1, Instant::now());
                under_way.push((key, charge));
                sent.push((key, now));
                let is_recent = |at: Instant| now - at < Duration::from_secs(60);
                let in_a_minute = sent.iter().filter(|(of, at)| *of == key && is_recent(*at));
                let at_once = under_way.iter().filter(|(of, _)| *of == key);
                assert!(in_a_minute.count() as i64 <= limits[key].0);
                assert!(at_once.count() as i64 <= limits[key].1);
            }
        });
    }

    /// Round robin and weighted are exact also when limits refuse picks in between.
    #[test]
    fn refused_picks_do_not_skew_a_cycle(
        weights in vec(1..7_i64, 1..5),
        cycles in 1..3_i64,
        refused in vec(any::<bool>(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            for strategy in [Strategy::RoundRobin, Strategy::Weighted] {
                let turn = match strategy {
                    Strategy::Weighted => weights.clone(),
                    _ => vec![1; weights.len()],
                };
                let keys = weights.iter().enumerate().map(|(at, weight)| {
                    limited(at as i64 + 1, |opened| {
                        opened.key.weight = *weight;
                        opened.key.limits.tpm = Some(1_000_000);
                    })
                });
                let given = given(keys.collect());
                let mut kept = Vec::new();
                for entry in &given.keys {
                    let own = |key| key == entry.key.id;
                    kept.push(given.pool.pick(&given.keys, Strategy::Priority, &given.ask(1), own));
                }
                let mut refused = refused.iter();
                let mut taken = vec![0; weights.len()];
                for _ in 0..cycles * turn.iter().sum::<i64>() {
                    // What asks for all of a key's tokens finds none that is free.
                    while refused.next() == Some(&true) {
                        assert!(given.pick_by(strategy, &given.ask(1_000_000)).taken.is_none());
                    }
                    let (entry, charge) = given.pick_by(strategy, &given.ask(1)).taken.unwrap();
                    taken[entry.key.id.get() as usize - 1] += 1;
                    drop(charge);
                }
                let expected: Vec<i64> = turn.iter().map(|times| times * cycles).collect();
                assert_eq!(taken, expected, "{strategy}");
            }
        });
    }
}
