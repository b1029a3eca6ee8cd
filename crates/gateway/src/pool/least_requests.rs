//! The power of two choices.

use crate::pool::{Candidate, random};

/// Which of `candidates` to take: of two drawn at random, the one with fewer requests under way.
/// `chance` is from 0 up to, but not including, 1, and is good for both draws. `None` when there
/// is none.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate], chance: f64) -> Option<usize> {
    let (one, other) = two(candidates.len(), chance)?;
    Some(if candidates[other].in_flight < candidates[one].in_flight { other } else { one })
}

/// Two different places below `count`; twice the same where there is but one.
fn two(count: usize, chance: f64) -> Option<(usize, usize)> {
    let (one, left) = random::draw(count, chance)?;
    let Some((other, _)) = random::draw(count - 1, left) else { return Some((one, one)) };
    Some((one, if other < one { other } else { other + 1 }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pool::tests::candidates;

    #[test]
    fn every_pair_is_drawn() {
        let mut pairs = std::collections::BTreeSet::new();

        for step in 0..1_000 {
            pairs.insert(two(4, f64::from(step) / 1_000.0).unwrap());
        }

        assert_eq!(pairs.len(), 4 * 3);
        assert_eq!(two(1, 0.7), Some((0, 0)));
        assert_eq!(two(0, 0.7), None);
    }

    proptest! {
        #[test]
        fn the_busier_of_the_two_is_never_taken(
            busy in prop::collection::vec(0..5_i64, 1..12),
            chance in 0.0..1.0_f64,
        ) {
            let mut keys = candidates(busy.len());
            for (key, in_flight) in keys.iter_mut().zip(&busy) {
                key.in_flight = *in_flight;
            }
            let (one, other) = two(keys.len(), chance).unwrap();

            let chosen = choose(&keys, chance).unwrap();

            prop_assert!(chosen == one || chosen == other);
            prop_assert!(keys.len() == 1 || one != other);
            prop_assert_eq!(busy[chosen], busy[one].min(busy[other]));
        }
    }
}
