//! The highest priority first; among equals the least used.

use crate::pool::Candidate;

/// Which of `candidates` to take: the highest priority; among equals the lowest utilisation, then
/// the fewest requests in the last minute, then the first given. `None` when there is none.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate]) -> Option<usize> {
    let rank = |candidate: &Candidate| {
        (std::cmp::Reverse(candidate.priority), candidate.utilisation, candidate.requests)
    };
    first_least(candidates, rank)
}

/// The first of `candidates` that ranks lowest.
pub(super) fn first_least<R: Ord>(
    candidates: &[Candidate],
    rank: impl Fn(&Candidate) -> R,
) -> Option<usize> {
    let mut least = (rank(candidates.first()?), 0);
    for (at, candidate) in candidates.iter().enumerate().skip(1) {
        let rank = rank(candidate);
        if rank < least.0 {
            least = (rank, at);
        }
    }
    Some(least.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(priority: i64, utilisation: i64, requests: i64) -> Candidate {
        Candidate { priority, utilisation, requests, ..crate::pool::tests::candidates(1)[0] }
    }

    #[test]
    fn priority_goes_before_utilisation_before_requests_before_place() {
        let cases: [(&[Candidate], Option<usize>); 5] = [
            (&[], None),
            (&[candidate(10, 0, 0), candidate(100, 900, 9)], Some(1)),
            (&[candidate(10, 500, 0), candidate(10, 100, 9)], Some(1)),
            (&[candidate(10, 500, 3), candidate(10, 500, 2)], Some(1)),
            (&[candidate(10, 500, 2), candidate(10, 500, 2)], Some(0)),
        ];
        for (candidates, expected) in cases {
            assert_eq!(choose(candidates), expected, "{candidates:?}");
        }
    }

    proptest! {
        #[test]
        fn nobody_of_higher_priority_is_passed_over(
            keys in prop::collection::vec((-5..5_i64, 0..1000_i64, 0..50_i64), 1..20),
        ) {
            let candidates: Vec<Candidate> =
                keys.iter().map(|(p, u, r)| candidate(*p, *u, *r)).collect();

            let chosen = &candidates[choose(&candidates).expect("there is one")];

            for other in &candidates {
                prop_assert!(other.priority <= chosen.priority);
                if other.priority == chosen.priority {
                    prop_assert!(other.utilisation >= chosen.utilisation);
                }
            }
        }
    }
}
