//! Callers who race for keys, and the law that no limit is ever exceeded.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, proptest};

use super::*;

#[test]
fn tasks_that_race_for_a_keys_last_places_get_exactly_those() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _guard = runtime.enter();
    let given = given(vec![limited(1, |opened| opened.key.limits.rpm = Some(7))]);

    let taken: usize = std::thread::scope(|scope| {
        let racers: Vec<_> =
            (0..32).map(|_| scope.spawn(|| usize::from(given.pick(1).taken.is_some()))).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).sum()
    });

    assert_eq!(taken, 7);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes when, and however it ends below its reservation, no key sees more than its
    /// limits in any 60 seconds, nor more at once.
    #[test]
    fn no_key_is_ever_charged_beyond_its_limits(
        limits in vec((1..8_i64, 20..200_i64, 1..4_i64), 1..4),
        steps in vec((0..15_000_u64, 1..120_i64, 0..4_usize, 0..=100_i64), 1..120),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let keys = limits.iter().enumerate().map(|(at, (rpm, tpm, concurrent))| {
                limited(at as i64 + 1, |opened| {
                    opened.key.limits.rpm = Some(*rpm);
                    opened.key.limits.tpm = Some(*tpm);
                    opened.key.limits.max_concurrent = Some(*concurrent);
                })
            });
            let given = given(keys.collect());
            let mut under_way: Vec<(usize, usize, Charge)> = Vec::new();
            let mut charged: Vec<(usize, Instant, i64)> = Vec::new();
            for (pause, tokens, finishes, used_percent) in steps {
                tokio::time::advance(Duration::from_millis(pause)).await;
                for _ in 0..finishes.min(under_way.len()) {
                    let (_, place, charge) = under_way.remove(0);
                    let used = charged[place].2 * used_percent / 100;
                    charged[place].2 = used;
                    charge.settle(Outcome::Answered, used, given.clock.moment());
                }
                let Some((entry, charge)) = given.pick(tokens).taken else { continue };
                let key = entry.key.id.get() as usize - 1;
                let (rpm, tpm, concurrent) = limits[key];
                charged.push((key, Instant::now(), tokens.min(tpm)));
                under_way.push((key, charged.len() - 1, charge));

                let now = Instant::now();
                let of_minute: Vec<i64> = charged
                    .iter()
                    .filter(|(of, at, _)| *of == key && now - *at < Duration::from_secs(60))
                    .map(|(_, _, tokens)| *tokens)
                    .collect();
                assert!(of_minute.len() as i64 <= rpm);
                assert!(of_minute.iter().sum::<i64>() <= tpm);
                let at_once = under_way.iter().filter(|(of, ..)| *of == key).count();
                assert!(at_once as i64 <= concurrent);
            }
        });
    }
}
