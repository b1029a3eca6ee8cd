//! What is wrong with a body, and how failures are told without telling secrets.

use std::borrow::Cow;

use tollgate_domain::failure::{Failure, FailureClass};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// The field, as a path: `messages[0].role`; empty for the body itself.
    pub field: String,
    /// What is wrong with it, in words.
    pub message: String,
}

impl FieldError {
    /// An error of `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Why a caller's body is refused before any provider sees it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is not JSON.
    #[error("the body is not valid JSON: {0}")]
    Malformed(String),
    /// It is JSON, and these fields of it are wrong; at most [`BodyError::MAX_FIELDS`].
    #[error("the body has invalid fields")]
    Invalid(Vec<FieldError>),
}

impl BodyError {
    /// The most fields that one refusal names.
    pub const MAX_FIELDS: usize = 20;
}

/// A failure that may be gone the next time.
pub(crate) fn transient(message: impl AsRef<str>) -> Failure {
    Failure::new(FailureClass::Transient, message)
}

/// `failure` without any trace of `secret`.
pub(crate) fn without_secret(mut failure: Failure, secret: &str) -> Failure {
    failure.message = redact(&failure.message, secret);
    failure.code = failure.code.map(|code| redact(&code, secret));
    failure.param = failure.param.map(|param| redact(&param, secret));
    failure
}

/// `text` as one line of at most [`Failure::MAX_MESSAGE`] characters, in which every word that
/// may be a key, a part of one, or a part of `secret`, is `***`.
pub(crate) fn redact(text: &str, secret: &str) -> String {
    let text: String = without_parts(text, secret.trim())
        .chars()
        .take(4 * Failure::MAX_MESSAGE)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut safe = String::with_capacity(text.len());
    let mut follows_bearer = false;
    for word in words(&text) {
        let hides = follows_bearer && word.starts_with(is_key_char);
        if hides || may_be_key(word) || shares(word, secret) {
            safe.push_str("***");
        } else {
            safe.push_str(word);
        }
        if word.starts_with(is_key_char) {
            follows_bearer = word.eq_ignore_ascii_case("bearer");
        }
    }
    safe.chars().take(Failure::MAX_MESSAGE).collect()
}

/// How many successive bytes of a secret are too many to be shown.
const PART: usize = 8;

/// `text` with `***` for every part of `secret`: a key may hold characters that end a word.
fn without_parts<'a>(text: &'a str, secret: &str) -> Cow<'a, str> {
    let mut hidden = vec![false; text.len()];
    for part in secret.as_bytes().windows(PART) {
        for at in memchr::memmem::find_iter(text.as_bytes(), part) {
            hidden[at..at + PART].fill(true);
        }
    }
    if !hidden.contains(&true) {
        return Cow::Borrowed(text);
    }
    let mut shown = Vec::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        match hidden[at] {
            false => shown.push(byte),
            true if at == 0 || !hidden[at - 1] => shown.extend_from_slice(b"***"),
            true => {}
        }
    }
    Cow::Owned(String::from_utf8_lossy(&shown).into_owned())
}

/// Cuts `text` into runs of characters that keys are made of, and what stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_key = is_key_char(rest.chars().next()?);
        let end = rest.find(|c| is_key_char(c) != is_key).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

fn is_key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '.' | '+' | '/' | '=' | '•' | '…')
}

/// Whether a word looks like a key, whole or masked: `sk-proj-Ab…`, `sk-ab***1234`, `****test`.
fn may_be_key(word: &str) -> bool {
    const PREFIXES: [&str; 11] =
        ["sk-", "sk_", "pk-", "rk-", "tg-", "gsk_", "xai-", "AIza", "ya29.", "eyJ", "nvapi-"];
    let is_masked = word.contains("**") || word.contains('•') || word.contains('…');
    is_masked
        || PREFIXES.iter().any(|prefix| word.len() > prefix.len() + 1 && word.starts_with(prefix))
}

/// Whether `word` holds eight successive bytes of `secret`, or all of a shorter one.
fn shares(word: &str, secret: &str) -> bool {
    let secret = secret.trim();
    if secret.is_empty() {
        return false;
    }
    let part = PART.min(secret.len());
    word.len() >= part
        && secret
            .as_bytes()
            .windows(part)
            .any(|bytes| memchr::memmem::find(word.as_bytes(), bytes).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_key_survives_in_a_message() {
        let secret = "abcd-efgh-ijkl-mnop";
        let cases = [
            ("Incorrect API key provided: sk-test*****3Qx9.", "Incorrect API key provided: ***"),
            ("Your api key: ****test is invalid", "Your api key: *** is invalid"),
            ("Authorization: Bearer abc def", "Authorization: Bearer *** def"),
            ("key 'abcd-efgh-ijkl-mnop' refused", "key '***' refused"),
            ("key efgh-ijkl is wrong", "key *** is wrong"),
            ("a\nb\u{1b}[0m", "a b [0m"),
            ("The model `gpt-9` does not exist", "The model `gpt-9` does not exist"),
            ("Limit 30000, try again in 1.4s.", "Limit 30000, try again in 1.4s."),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text, secret), expected);
        }
    }

    #[test]
    fn a_key_of_many_short_words_is_hidden_too() {
        let secret = "cn!7kx:Zq2~Lw9@Pm4#Vt6";
        let cases = [
            ("key cn!7kx:Zq2~Lw9@Pm4#Vt6 refused", "key *** refused"),
            ("Bearer cn!7kx:Zq2~Lw9@Pm4#Vt6.", "Bearer ***"),
            ("\u{fc}7kx:Zq2~\u{fc}", "\u{fc}***\u{fc}"),
            ("7kx:Zq", "7kx:Zq"),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text, secret), expected);
        }
        let often = format!("{secret} ").repeat(1000);
        assert!(!redact(&often, secret).contains("Zq2"));
    }

    #[test]
    fn a_message_is_cut_to_size() {
        assert_eq!(redact(&"é ".repeat(5000), "").chars().count(), Failure::MAX_MESSAGE);
    }
}
