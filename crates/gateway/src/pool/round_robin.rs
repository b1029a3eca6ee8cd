//! In turn.

use tollgate_domain::ApiKeyId;

use crate::pool::Candidate;

/// Which of `candidates`, which are in the order of their ids, to take: the first after the one
/// that was taken `last`, and after the last of all the first. `None` when there is none.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate], last: Option<ApiKeyId>) -> Option<usize> {
    if candidates.is_empty() {
        return None;
    }
    let next = candidates.partition_point(|candidate| Some(candidate.key) <= last);
    Some(if next < candidates.len() { next } else { 0 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pool::tests::candidates;

    proptest! {
        /// However often all are refused in between, whole rounds take each equally often.
        #[test]
        fn whole_rounds_take_each_key_equally_often(
            count in 1..12_usize,
            rounds in 1..6_usize,
            refused in prop::collection::vec(any::<bool>(), 1..200),
        ) {
            let keys = candidates(count);
            let (mut last, mut taken) = (None, vec![0; count]);
            let mut refused = refused.into_iter();
            for _ in 0..count * rounds {
                while refused.next() == Some(true) {
                    prop_assert_eq!(choose(&[], last), None);
                }
                let at = choose(&keys, last).unwrap();
                taken[at] += 1;
                last = Some(keys[at].key);
            }

            prop_assert_eq!(taken, vec![rounds; count]);
        }

        /// While some are out, the others take turns, and nobody is taken twice before another one
        /// that could be had all the while.
        #[test]
        fn nobody_goes_twice_while_somebody_waits(
            count in 1..8_usize,
            steps in prop::collection::vec(prop::collection::vec(any::<bool>(), 8), 1..60),
        ) {
            let keys = candidates(count);
            let mut last = None;
            let mut waits: Vec<Vec<bool>> = vec![vec![false; count]; count];
            for out in steps {
                let here: Vec<Candidate> = keys
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| !out[*at])
                    .map(|(_, key)| *key)
                    .collect();
                for waiting in &mut waits {
                    for (at, waits) in waiting.iter_mut().enumerate() {
                        *waits &= !out[at];
                    }
                }
                let Some(chosen) = choose(&here, last) else { continue };
                last = Some(here[chosen].key);
                let taken = keys.iter().position(|key| Some(key.key) == last).unwrap();
                prop_assert!(!waits[taken].iter().any(|waits| *waits));
                for waiting in &mut waits {
                    waiting[taken] = false;
                }
                waits[taken] = (0..count).map(|at| at != taken && !out[at]).collect();
            }
        }
    }
}
