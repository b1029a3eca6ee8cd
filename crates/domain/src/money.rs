//! Money as integer nano-US-dollars; never a float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Nano-dollars in a dollar.
const PER_USD: i64 = 1_000_000_000;
/// Decimal places of a dollar that a nano-dollar stands at.
const PLACES: usize = 9;

/// An amount in billionths of a US dollar.
///
/// In JSON it is a plain decimal number of dollars with up to nine places, written from the
/// integer, so that no rounding happens on the way out. Reading takes the digits as they are
/// written; more than nine places that matter are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NanoUsd(i64);

impl NanoUsd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of `nanos` billionths of a dollar.
    #[must_use]
    pub const fn new(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Billionths of a dollar, for binding to a query.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or the nearest bound where it does not fit.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Add for NanoUsd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

impl AddAssign for NanoUsd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for NanoUsd {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for NanoUsd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// Dollars, as few places as say it exactly: `0.00015`, `12`, `-0.5`.
impl fmt::Display for NanoUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        let (whole, fraction) = (nanos / PER_USD.unsigned_abs(), nanos % PER_USD.unsigned_abs());
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{fraction:09}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// Why a text is not an amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a decimal number.
    #[error("must be a decimal number of US dollars, such as 0.00015")]
    NotANumber,
    /// More than nine decimal places.
    #[error("must have at most 9 decimal places")]
    TooPrecise,
    /// Beyond 9.2 billion dollars.
    #[error("is too large an amount")]
    TooLarge,
}

impl FromStr for NanoUsd {
    type Err = MoneyError;

    /// Reads dollars as JSON writes numbers, exponent included: `0.00015`, `1.5e-4`, `3`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => {
                (number, exponent.parse::<i32>().map_err(|_| MoneyError::NotANumber)?)
            }
            None => (text, 0),
        };
        let (is_negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits: String = [whole, fraction].concat();
        if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MoneyError::NotANumber);
        }
        let nanos = scale(&digits, exponent, fraction.len())?;
        Ok(Self(if is_negative { -nanos } else { nanos }))
    }
}

/// `digits` × 10^(9 + exponent − places), which must be a whole number that fits.
fn scale(digits: &str, exponent: i32, places: usize) -> Result<i64, MoneyError> {
    let significant = digits.trim_end_matches('0');
    let dropped = digits.len() - significant.len();
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let power = PLACES as i64 + i64::from(exponent) - places as i64 + dropped as i64;
    let power = u32::try_from(power).map_err(|_| MoneyError::TooPrecise)?;
    let value: i64 = significant.parse().map_err(|_| MoneyError::TooLarge)?;
    10_i64
        .checked_pow(power)
        .and_then(|factor| value.checked_mul(factor))
        .ok_or(MoneyError::TooLarge)
}

impl Serialize for NanoUsd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for NanoUsd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        raw.get().parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_shows_dollars_written_from_the_integer() {
        let amounts = [0, 1, 150_000, 10_000_000_000, -500_000_000].map(NanoUsd::new);

        let json = serde_json::to_string(&amounts).unwrap();

        assert_eq!(json, "[0,0.000000001,0.00015,10,-0.5]");
    }

    #[test]
    fn dollars_are_read_digit_by_digit() {
        let cases = [
            ("0.00015", Ok(150_000)),
            ("1.5e-4", Ok(150_000)),
            ("3", Ok(3_000_000_000)),
            ("0.1000000000", Ok(100_000_000)),
            ("2.5E1", Ok(25_000_000_000)),
            ("0.0000000001", Err(MoneyError::TooPrecise)),
            ("9300000000", Err(MoneyError::TooLarge)),
            ("1e300", Err(MoneyError::TooLarge)),
            ("\"3\"", Err(MoneyError::NotANumber)),
            ("", Err(MoneyError::NotANumber)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<NanoUsd>(), expected.map(NanoUsd::new), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(nanos in -i64::MAX..=i64::MAX) {
            let amount = NanoUsd::new(nanos);

            prop_assert_eq!(amount.to_string().parse::<NanoUsd>(), Ok(amount));
        }
    }
}
