//! Uniformly at random.

use crate::pool::Candidate;

/// Which of `candidates` to take, each as likely; `chance` is from 0 up to, but not including, 1.
/// `None` when there is none.
#[must_use]
pub(crate) fn choose(candidates: &[Candidate], chance: f64) -> Option<usize> {
    draw(candidates.len(), chance).map(|(at, _)| at)
}

/// A number below `count`, each as likely, and what is left of the chance for another draw.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "both are small and not negative"
)]
pub(super) fn draw(count: usize, chance: f64) -> Option<(usize, f64)> {
    let last = count.checked_sub(1)?;
    let scaled = chance.clamp(0.0, 1.0) * count as f64;
    let at = (scaled as usize).min(last);
    Some((at, (scaled - at as f64).clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::tests::candidates;

    #[test]
    fn every_candidate_is_as_likely() {
        let four = candidates(4);
        let mut taken = [0; 4];

        for step in 0..1_000 {
            taken[choose(&four, f64::from(step) / 1_000.0).unwrap()] += 1;
        }

        assert_eq!(taken, [250; 4]);
        assert_eq!(choose(&four, 1.0), Some(3));
        assert_eq!(choose(&[], 0.5), None);
    }
}
