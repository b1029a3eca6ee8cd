//! Chance that is the same for a seed in every version, which no library promises.

use std::f64::consts::TAU;

/// A source of chance: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The source of `seed`.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The source of one thing among many: another one for each `part` of `seed`.
    pub(super) fn of(seed: u64, part: u64) -> Self {
        Self(Self(seed ^ Self(part).bits()).bits())
    }

    /// 64 random bits.
    pub(super) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// From 0 up to, but not including, 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) const fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From 0 up to, but not including, `end`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is below `end`"
    )]
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    /// One of `items`, which are not none.
    pub(super) fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// A positive whole number of log-normal distribution: half are below `median`; two of three
    /// lie within a factor of e^`spread`.
    #[expect(clippy::cast_possible_truncation, reason = "a cast to an integer saturates")]
    pub(super) fn around(&mut self, median: f64, spread: f64) -> i64 {
        let normal = (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (TAU * self.unit()).cos();
        ((median * (spread * normal).exp()) as i64).max(1)
    }
}

/// Zipf's law: the n-th of a list is chosen in proportion to 1 / n^`exponent`.
#[derive(Clone, Debug)]
pub(super) struct Zipf(Vec<f64>);

impl Zipf {
    /// The law over a list of `length`.
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    pub(super) fn new(length: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        let sums = (1..=length).map(|n| {
            sum += (n as f64).powf(-exponent);
            sum
        });
        Self(sums.collect())
    }

    /// A place in the list.
    pub(super) fn pick(&self, chance: &mut Chance) -> usize {
        let at = chance.unit() * self.0.last().copied().unwrap_or(0.0);
        self.0.partition_point(|sum| *sum <= at).min(self.0.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_says_what_the_paper_says() {
        let mut chance = Chance::new(1_234_567);

        let bits = [chance.bits(), chance.bits(), chance.bits()];

        // The reference implementation's first three for this seed.
        assert_eq!(
            bits,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn numbers_lie_around_their_median() {
        let mut chance = Chance::new(7);

        let mut numbers: Vec<i64> = (0..10_001).map(|_| chance.around(800.0, 1.0)).collect();
        numbers.sort_unstable();

        assert!((750..850).contains(&numbers[5_000]), "{}", numbers[5_000]);
        let within = numbers.iter().filter(|n| (294..2_175).contains(*n)).count();
        assert!((6_600..7_050).contains(&within), "{within}");
    }

    #[test]
    fn the_first_of_a_list_is_chosen_most() {
        let (law, mut chance) = (Zipf::new(10, 1.0), Chance::new(7));
        let mut counts = [0_i32; 10];
        for _ in 0..30_000 {
            counts[law.pick(&mut chance)] += 1;
        }

        // The harmonic sum of ten is 2.93.
        for (n, count) in (1..).zip(counts) {
            let expected = 30_000.0 / 2.929 / f64::from(n);
            assert!((f64::from(count) - expected).abs() < expected * 0.12, "{n}: {count}");
        }
    }
}
