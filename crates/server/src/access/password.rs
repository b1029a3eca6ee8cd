//! Passwords: hashed with argon2id, a few at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tollgate_domain::Secret;

use crate::error::{ApiError, ApiResult};

/// The fewest and the most characters of a password.
pub const LENGTH: std::ops::RangeInclusive<usize> = 8..=256;

/// Those who may wait for a hash; more are told to come back.
const MOST_WAITING: usize = 64;

/// A hash that no password is known to fit, checked where there is no user, so that both take as
/// long. It is random, and has the parameters that ours have.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$RvVOKXhC7tnBJjSSzrKg/Q\
    $sBdvbNeHFlaKF343P+Ea3hf0fE63+lPl2QA1npsOHAE";

/// Hashes and checks passwords on the blocking pool: one hash takes 19 MiB and some 20 ms, so only
/// as many run at once as there are processors.
#[derive(Debug)]
pub struct Passwords {
    running: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// As many at once as there are processors.
    #[must_use]
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { running: Semaphore::new(processors), waiting: AtomicUsize::new(0) }
    }

    /// A hash to store.
    ///
    /// # Errors
    /// `rate_limited` when too many wait.
    pub async fn hash(&self, password: &Secret<String>) -> ApiResult<String> {
        let password = password.clone();
        self.run(move || hash_now(password.expose())).await
    }

    /// Whether `password` fits `hash`; without a hash it takes as long and does not fit.
    ///
    /// # Errors
    /// `rate_limited` when too many wait.
    pub async fn fits(&self, password: &Secret<String>, hash: Option<&str>) -> ApiResult<bool> {
        let password = password.clone();
        let is_somebody = hash.is_some();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let fits = self.run(move || fits_now(password.expose(), &hash)).await?;
        Ok(fits && is_somebody)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> ApiResult<T> {
        let place = Place::take(&self.waiting).ok_or_else(|| {
            ApiError::rate_limited("too many passwords are being checked", Duration::from_secs(1))
        })?;
        let permit = self.running.acquire().await.map_err(ApiError::internal)?;
        let result = tokio::task::spawn_blocking(work).await;
        drop((permit, place));
        result
            .map_err(|_| ApiError::internal(anyhow!("hashing a password panicked")))?
            .map_err(ApiError::internal)
    }
}

/// One of the places to wait at, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::AcqRel) < MOST_WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn hash_now(password: &str) -> anyhow::Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(hash.to_string())
}

fn fits_now(password: &str, hash: &str) -> anyhow::Result<bool> {
    let hash = PasswordHash::new(hash)
        .map_err(|error| anyhow!("{error}"))
        .context("the stored password hash is not readable")?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The hash of `password`, computed here and now; for the command line.
///
/// # Errors
/// Where the machine gives no random bytes.
pub fn hash_blocking(password: &Secret<String>) -> anyhow::Result<String> {
    hash_now(password.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::new();
        let hash = passwords.hash(&Secret::from("correct horse")).await.unwrap();

        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.fits(&Secret::from("correct horse"), Some(&hash)).await.unwrap());
        assert!(!passwords.fits(&Secret::from("wrong horse"), Some(&hash)).await.unwrap());
        assert!(!passwords.fits(&Secret::from("correct horse"), None).await.unwrap());
    }

    #[test]
    fn a_check_without_a_user_takes_as_long_as_one_with() {
        let parameters = |hash: &str| PasswordHash::new(hash).unwrap().params.to_string();

        let ours = hash_now("correct horse").unwrap();

        assert_eq!(parameters(NOBODY), parameters(&ours));
        assert_eq!(NOBODY.len(), ours.len());
        assert!(!fits_now("", NOBODY).unwrap());
    }
}
