//! Random tokens, and the hashes they are known by.

use rand::Rng;
use sha2::{Digest, Sha256};
use tollgate_domain::Secret;

/// What our app tokens begin with, so that people and scanners recognise them.
const PREFIX: &str = "tg-";
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 43 base-62 digits carry 256 bits.
const DIGITS: usize = 43;

/// A new app token.
#[must_use]
pub fn app_token() -> Secret<String> {
    Secret::new(format!("{PREFIX}{}", digits(DIGITS)))
}

/// A new refresh token.
#[must_use]
pub fn refresh_token() -> Secret<String> {
    Secret::new(digits(DIGITS))
}

/// A new password of 20 base-62 digits: 119 bits.
#[must_use]
pub fn password() -> Secret<String> {
    Secret::new(digits(20))
}

/// What a token is stored and looked up by.
#[must_use]
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn digits(count: usize) -> String {
    let mut random = rand::rng();
    // A byte below 248 is a fair base-62 digit; the others are thrown again.
    std::iter::repeat_with(|| random.next_u32().to_le_bytes()[0])
        .filter(|byte| *byte < 248)
        .take(count)
        .map(|byte| char::from(ALPHABET[usize::from(byte % 62)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_tokens_are_long_recognisable_and_never_the_same() {
        let (one, other) = (app_token(), app_token());

        assert!(one.expose().starts_with("tg-"));
        assert_eq!(one.expose().len(), 46);
        assert_ne!(one, other);
        assert_ne!(hash(one.expose()), hash(other.expose()));
    }
}
