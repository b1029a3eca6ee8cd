//! Smooth weighted round robin.

use std::cmp::Reverse;

use crate::pool::Candidate;
use crate::pool::priority::first_least;

/// A whole turn, in the unit that credits are kept in.
const TURN: i64 = 1 << 40;
/// The largest weight that counts, so that those of all keys are far less than a turn; the API
/// takes a million.
const MAX_WEIGHT: i64 = 1 << 20;

/// Which of `candidates` to take: each is credited with its share of the `turn`, and whoever then has
/// the most is taken; among equals the first. Keys of weight 0 are for when there is nobody else.
/// `None` when there is none.
///
/// Shares, unlike nginx' plain weights, mean the same whoever the other candidates are, so that a
/// key that comes back finds its credit worth what it was.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate], turn: &Turn) -> Option<usize> {
    first_least(candidates, |candidate| match turn.share(candidate) {
        0 => Reverse(i64::MIN),
        share => Reverse(candidate.credit.saturating_add(share)),
    })
}

/// Gives every one of `candidates` its new credit after `chosen` was taken, who pays what all of
/// them get.
pub(crate) fn credit(
    candidates: &[Candidate],
    turn: &Turn,
    chosen: usize,
    mut give: impl FnMut(&Candidate, i64),
) {
    for candidate in candidates {
        give(candidate, candidate.credit.saturating_add(turn.share(candidate)));
    }
    let payer = &candidates[chosen];
    give(payer, payer.credit.saturating_add(turn.share(payer)) - turn.whole);
}

/// How a turn is shared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// What a weight of 1 gets.
    unit: i64,
    /// What all get together.
    whole: i64,
    /// Nobody has a weight, so all have the same.
    is_even: bool,
}

impl Turn {
    /// Among so many candidates, who weigh `total` together.
    pub(crate) fn of(count: usize, total: i64) -> Self {
        let is_even = total == 0;
        let total = if is_even { count as i64 } else { total };
        let unit = TURN / total.max(1);
        Self { unit, whole: unit * total, is_even }
    }

    fn share(&self, candidate: &Candidate) -> i64 {
        if self.is_even { self.unit } else { candidate.weight * self.unit }
    }
}

/// A key's weight as a candidate's.
pub(crate) const fn weight(configured: i64) -> i64 {
    if configured < 0 {
        0
    } else if configured > MAX_WEIGHT {
        MAX_WEIGHT
    } else {
        configured
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pool::tests::candidates;

    fn weighted(weights: &[i64]) -> Vec<Candidate> {
        let mut keys = candidates(weights.len());
        for (key, weight) in keys.iter_mut().zip(weights) {
            key.weight = *weight;
        }
        keys
    }

    /// Takes one of those that are not out, and credits them.
    fn take(keys: &mut [Candidate], is_out: impl Fn(usize) -> bool) -> Option<usize> {
        let places: Vec<usize> = (0..keys.len()).filter(|at| !is_out(*at)).collect();
        let here: Vec<Candidate> = places.iter().map(|at| keys[*at]).collect();
        let turn = Turn::of(here.len(), here.iter().map(|key| key.weight).sum());
        let chosen = choose(&here, &turn)?;
        credit(&here, &turn, chosen, |candidate, credit| {
            keys[candidate.place as usize].credit = credit
        });
        Some(places[chosen])
    }

    #[test]
    fn the_heavy_one_is_spread_among_the_others() {
        let mut keys = weighted(&[5, 1, 1]);

        let taken: Vec<usize> = (0..7).map(|_| take(&mut keys, |_| false).unwrap()).collect();

        assert_eq!(taken, [0, 0, 1, 0, 2, 0, 0]);
    }

    #[test]
    fn a_key_without_weight_is_for_when_there_is_nobody_else() {
        let mut keys = weighted(&[0, 1]);

        assert_eq!(take(&mut keys, |_| false), Some(1));
        assert_eq!(take(&mut keys, |_| false), Some(1));
        assert_eq!(take(&mut keys, |at| at == 1), Some(0));
        assert_eq!(take(&mut keys, |_| false), Some(1));
    }

    #[test]
    fn keys_without_weights_take_turns() {
        let mut keys = weighted(&[0, 0, 0]);

        let taken: Vec<usize> = (0..6).map(|_| take(&mut keys, |_| false).unwrap()).collect();

        assert_eq!(taken, [0, 1, 2, 0, 1, 2]);
    }

    proptest! {
        /// However often all are refused in between, a cycle takes each as often as it weighs.
        #[test]
        fn a_cycle_takes_each_as_often_as_its_weight(
            weights in prop::collection::vec(0..20_i64, 1..8),
            cycles in 1..4_i64,
            refused in prop::collection::vec(any::<bool>(), 1..60),
        ) {
            let total: i64 = weights.iter().sum();
            prop_assume!(total > 0);
            let mut keys = weighted(&weights);
            let mut refused = refused.into_iter();
            let mut taken = vec![0; weights.len()];
            for _ in 0..cycles * total {
                while refused.next() == Some(true) {
                    prop_assert_eq!(take(&mut keys, |_| true), None);
                }
                taken[take(&mut keys, |_| false).unwrap()] += 1;
            }

            let expected: Vec<i64> = weights.iter().map(|weight| weight * cycles).collect();
            prop_assert_eq!(taken, expected);
        }

        /// Where limits refuse the picks of one key for a while, anywhere in a cycle, the others
        /// go on, and each whole cycle after that takes all as their weights say again.
        #[test]
        fn cycles_are_exact_again_after_a_key_was_out(
            weights in prop::collection::vec(1..9_i64, 2..5),
            before in 0..30_usize, out in 0..5_usize, absent in 0..40_usize,
        ) {
            let total: i64 = weights.iter().sum();
            let mut keys = weighted(&weights);
            let out = out % weights.len();
            for _ in 0..before {
                take(&mut keys, |_| false);
            }
            for _ in 0..absent {
                prop_assert!(take(&mut keys, |at| at == out) != Some(out));
            }
            // At most one cycle settles what the absence left.
            for _ in 0..total {
                take(&mut keys, |_| false);
            }
            for _ in 0..3 {
                let mut taken = vec![0; weights.len()];
                for _ in 0..total {
                    taken[take(&mut keys, |_| false).unwrap()] += 1;
                }
                prop_assert_eq!(&taken, &weights);
            }
        }

        /// Whoever is out when, nobody is ever more than two turns away from the sum of its shares.
        #[test]
        fn nobody_strays_from_its_shares(
            weights in prop::collection::vec(1..9_i64, 2..6),
            steps in prop::collection::vec(prop::collection::vec(any::<bool>(), 6), 1..200),
        ) {
            let mut keys = weighted(&weights);
            let mut owed = vec![0.0; weights.len()];
            for out in steps {
                let here = |at: &usize| !out[*at];
                let total: i64 = (0..weights.len()).filter(here).map(|at| weights[at]).sum();
                let Some(taken) = take(&mut keys, |at| out[at]) else { continue };
                for at in (0..weights.len()).filter(here) {
                    owed[at] += weights[at] as f64 / total as f64;
                }
                owed[taken] -= 1.0;
                prop_assert!(owed.iter().all(|owed| owed.abs() <= 3.0), "{owed:?}");
            }
        }
    }
}
