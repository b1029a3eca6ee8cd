//! Sealing of secrets with AES-256-GCM, before they reach the database.
//!
//! A sealed value is `v1:<key id>:<nonce>:<ciphertext>`, the last two in base64. The place that it
//! is kept in goes into the seal, so that a value moved to another provider does not open. Former
//! keys open what they sealed; new values are sealed with the current one.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate_domain::{ProviderId, Secret};
use zeroize::Zeroizing;

/// What every sealed value begins with.
pub(crate) const SEALED_PREFIX: &str = "v1:";

/// Why a secret could not be sealed or opened. Never says what the secret or a key is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A sealing key is not written as one.
    #[error(
        "{variable} {reason}; a sealing key is 32 bytes, as 64 hexadecimal digits or as base64"
    )]
    BadKey {
        /// Where the key was given: `API_KEY_ENCRYPTION_KEY`.
        variable: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no key to seal or open with.
    #[error("no sealing key is configured (API_KEY_ENCRYPTION_KEY)")]
    NoKey,
    /// It was sealed with a key that we do not have.
    #[error(
        "sealed with key {key_id}, which is neither API_KEY_ENCRYPTION_KEY nor in \
         API_KEY_ENCRYPTION_KEYS_OLD"
    )]
    UnknownKey {
        /// The short name of the key that sealed it.
        key_id: String,
    },
    /// We have the key, and yet it does not open.
    #[error("sealed with key {key_id}, but altered since, or moved from another provider")]
    Altered {
        /// The short name of the key that sealed it.
        key_id: String,
    },
    /// Not a sealed value.
    #[error("the stored value is not a sealed secret")]
    Malformed,
}

/// Where a sealed value is kept. One that is moved elsewhere does not open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) provider_id: ProviderId,
}

impl Place {
    fn associated_data(&self) -> String {
        format!("{}.{}:provider={}", self.table, self.column, self.provider_id)
    }
}

/// One sealing key of 32 bytes.
#[derive(Clone)]
pub struct SealingKey {
    bytes: Secret<[u8; 32]>,
    id: String,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

impl SealingKey {
    /// Reads a key as 64 hexadecimal digits, else as base64 of 32 bytes. `variable` is what an
    /// error names.
    ///
    /// # Errors
    /// `BadKey` for anything else.
    pub fn parse(variable: &str, text: &str) -> Result<Self, SealError> {
        let bad = |reason: String| SealError::BadKey { variable: variable.to_owned(), reason };
        let text = text.trim();
        if text.is_empty() {
            return Err(bad("is empty".to_owned()));
        }
        let bytes = match from_hex(text) {
            Some(bytes) => bytes,
            None => Zeroizing::new(
                STANDARD
                    .decode(text)
                    .map_err(|_| bad("is neither hexadecimal nor base64".to_owned()))?,
            ),
        };
        let length = bytes.len();
        let bytes: [u8; 32] =
            bytes.as_slice().try_into().map_err(|_| bad(format!("is {length} bytes long")))?;
        Ok(Self::from_bytes(bytes))
    }

    /// Reads keys with commas between them; blank ones are passed over.
    ///
    /// # Errors
    /// `BadKey` for the first that is not one.
    pub fn parse_list(variable: &str, text: &str) -> Result<Vec<Self>, SealError> {
        text.split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .map(|key| Self::parse(variable, key))
            .collect()
    }

    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_bytes(rand::random())
    }

    /// The key as 64 hexadecimal digits, for the key file.
    #[must_use]
    pub fn to_hex(&self) -> Secret<String> {
        Secret::new(hex(self.bytes.expose()))
    }

    /// Its short name: derived from the key, and telling nothing about it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn from_bytes(bytes: [u8; 32]) -> Self {
        let id = hex(&mac(&bytes, b"tollgate sealing key id")[..4]);
        Self { bytes: Secret::new(bytes), id }
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.bytes.expose().into())
    }

    /// What the same plaintext always gives under this key, and nobody without the key can make.
    fn fingerprint(&self, plaintext: &str) -> String {
        let key = Zeroizing::new(mac(self.bytes.expose(), b"tollgate fingerprint key"));
        hex(&mac(&key, plaintext.as_bytes()))
    }
}

/// The current sealing key, and former ones that still open what they sealed.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: SealingKey,
    old: Vec<SealingKey>,
}

impl Keyring {
    /// Seals with `current`, and opens with it and with `old`.
    #[must_use]
    pub const fn new(current: SealingKey, old: Vec<SealingKey>) -> Self {
        Self { current, old }
    }

    /// The short name of the key that new values are sealed with.
    #[must_use]
    pub fn current_id(&self) -> &str {
        self.current.id()
    }

    /// Seals `plaintext` for `place` with the current key.
    pub(crate) fn seal(&self, plaintext: &str, place: Place) -> String {
        let nonce: [u8; 12] = rand::random();
        let aad = place.associated_data();
        let sealed = self
            .current
            .cipher()
            .encrypt(
                &Nonce::from(nonce),
                Payload { msg: plaintext.as_bytes(), aad: aad.as_bytes() },
            )
            .expect("AES-GCM seals anything shorter than 64 GiB");
        let (nonce, sealed) = (STANDARD.encode(nonce), STANDARD.encode(sealed));
        format!("{SEALED_PREFIX}{}:{nonce}:{sealed}", self.current.id)
    }

    /// Opens what was sealed for `place` with any of the keys.
    pub(crate) fn open(&self, value: &str, place: Place) -> Result<Secret<String>, SealError> {
        let (key_id, nonce, sealed) = parts(value).ok_or(SealError::Malformed)?;
        let key = self
            .keys()
            .find(|key| key.id == key_id)
            .ok_or_else(|| SealError::UnknownKey { key_id: key_id.to_owned() })?;
        let altered = || SealError::Altered { key_id: key_id.to_owned() };
        let aad = place.associated_data();
        let plaintext = key
            .cipher()
            .decrypt(&Nonce::from(nonce), Payload { msg: &sealed, aad: aad.as_bytes() })
            .map_err(|_| altered())?;
        String::from_utf8(plaintext).map(Secret::new).map_err(|_| altered())
    }

    /// The plaintext's fingerprint under the current key.
    pub(crate) fn fingerprint(&self, plaintext: &str) -> String {
        self.current.fingerprint(plaintext)
    }

    /// The plaintext's fingerprint under every key, the current one first: rows that were not
    /// sealed anew since a key was replaced still have the former one's.
    pub(crate) fn fingerprints(&self, plaintext: &str) -> Vec<String> {
        self.keys().map(|key| key.fingerprint(plaintext)).collect()
    }

    /// Whether `value` is sealed with the current key.
    pub(crate) fn is_current(&self, value: &str) -> bool {
        parts(value).is_some_and(|(key_id, ..)| key_id == self.current.id)
    }

    fn keys(&self) -> impl Iterator<Item = &SealingKey> {
        std::iter::once(&self.current).chain(&self.old)
    }
}

/// The key's id, the nonce and the ciphertext of a sealed value.
fn parts(value: &str) -> Option<(&str, [u8; 12], Vec<u8>)> {
    let mut parts = value.strip_prefix(SEALED_PREFIX)?.split(':');
    let (key_id, nonce, sealed) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some((key_id, STANDARD.decode(nonce).ok()?.try_into().ok()?, STANDARD.decode(sealed).ok()?))
}

fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that 64 hexadecimal digits spell.
fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |start| u8::from_str_radix(text.get(start..start + 2)?, 16).ok();
    (0..64).step_by(2).map(byte).collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}

#[cfg(test)]
mod tests;
