//! The least used first.

use tollgate_domain::ApiKeyId;

use crate::pool::Candidate;
use crate::pool::priority::first_least;

/// Which of `candidates`, which are in the order of their ids, to take: the lowest utilisation,
/// then the fewest requests in the last minute, then the next in turn after the one that was taken
/// `last`. `None` when there is none.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate], last: Option<ApiKeyId>) -> Option<usize> {
    let after = |candidate: &Candidate| Some(candidate.key) > last;
    let rank =
        |candidate: &Candidate| (candidate.utilisation, candidate.requests, !after(candidate));
    first_least(candidates, rank)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pool::round_robin;
    use crate::pool::tests::candidates;

    #[test]
    fn equals_take_turns() {
        let keys = candidates(3);
        let mut last = None;

        for step in 0..9 {
            let at = choose(&keys, last);
            assert_eq!(at, Some(step % 3));
            assert_eq!(at, round_robin::choose(&keys, last));
            last = Some(keys[step % 3].key);
        }
        assert_eq!(choose(&[], last), None);
    }

    proptest! {
        #[test]
        fn nobody_less_used_is_passed_over(
            uses in prop::collection::vec((0..4_i64, 0..4_i64), 1..12),
            last in 0..12_i64,
        ) {
            let mut keys = candidates(uses.len());
            for (key, (utilisation, requests)) in keys.iter_mut().zip(&uses) {
                (key.utilisation, key.requests) = (*utilisation, *requests);
            }

            let chosen = choose(&keys, Some(ApiKeyId::new(last))).unwrap();

            prop_assert_eq!(Some(&uses[chosen]), uses.iter().min());
        }
    }
}
