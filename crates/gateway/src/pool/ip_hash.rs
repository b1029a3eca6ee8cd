//! By the caller's address.

use tollgate_domain::ApiKeyId;

use crate::pool::{Candidate, random};

/// Which of `candidates` to take: the one that scores highest together with the address (rendezvous
/// hashing), so that a key that is lost moves only its own callers, and one that comes back only
/// those that were its before. A caller without an address gets any. `None` when there is none.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate], caller: Option<&str>, chance: f64) -> Option<usize> {
    let Some(caller) = caller else { return random::choose(candidates, chance) };
    let address = hash(caller);
    let score = |candidate: &Candidate| (mixed(address, candidate.key), candidate.key);
    candidates.iter().enumerate().max_by_key(|(_, candidate)| score(candidate)).map(|(at, _)| at)
}

/// FNV-1a, which is the same on every instance and in every version.
fn hash(address: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    address.bytes().fold(0xcbf2_9ce4_8422_2325, mix)
}

/// SplitMix64's finish, over the address and the key.
fn mixed(address: u64, key: ApiKeyId) -> u64 {
    let key = key.get().cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut mixed = address ^ key;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pool::tests::candidates;

    fn address(number: usize) -> String {
        format!("10.{}.{}.{}", number >> 16, (number >> 8) & 255, number & 255)
    }

    #[test]
    fn the_callers_spread_over_the_keys() {
        let keys = candidates(4);
        let mut taken = [0; 4];

        for number in 0..4_000 {
            taken[choose(&keys, Some(&address(number)), 0.0).unwrap()] += 1;
        }

        assert!(taken.iter().all(|taken| (800..1_200).contains(taken)), "{taken:?}");
    }

    #[test]
    fn a_caller_without_an_address_gets_any() {
        let keys = candidates(4);

        assert_eq!(choose(&keys, None, 0.0), Some(0));
        assert_eq!(choose(&keys, None, 0.99), Some(3));
        assert_eq!(choose(&[], Some("::1"), 0.0), None);
    }

    proptest! {
        #[test]
        fn a_lost_key_moves_only_its_own_callers(
            count in 2..12_usize, lost in 0..12_usize, caller in 0..100_000_usize, chance in 0.0..1.0_f64,
        ) {
            let keys = candidates(count);
            let lost = lost % count;
            let mut left = keys.clone();
            left.remove(lost);
            let caller = address(caller);

            let before = choose(&keys, Some(&caller), 0.0).unwrap();
            let after = choose(&left, Some(&caller), chance).unwrap();

            if before != lost {
                prop_assert_eq!(left[after].key, keys[before].key);
            }
        }
    }
}
