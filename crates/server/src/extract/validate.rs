//! What bodies are checked by.

use std::ops::RangeInclusive;

use actix_web::http::Uri;
use serde_json::{Map, Value};

use crate::error::{ApiError, Detail};

/// The longest free JSON that a row may hold, in bytes.
const LONGEST_JSON: usize = 16 * 1024;

/// A body that knows what its fields may hold.
pub trait Validate {
    /// Notes every field that holds what it may not.
    fn validate(&self, checks: &mut Checks);
}

/// The wrong fields found so far.
#[derive(Debug, Default)]
pub struct Checks {
    details: Vec<Detail>,
}

impl Checks {
    /// Notes that `field` is wrong.
    pub fn wrong(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.details.push(Detail::new(field, message));
    }

    /// A text's length in characters, once spaces around it are gone. What must be there is a
    /// name, and holds no control characters: they would garble lists and logs.
    pub fn length(&mut self, field: &str, value: &str, allowed: RangeInclusive<usize>) {
        let (shortest, longest) = (*allowed.start(), *allowed.end());
        let length = value.trim().chars().count();
        if length == 0 && shortest > 0 {
            self.wrong(field, "must not be empty");
        } else if !allowed.contains(&length) {
            self.wrong(field, format!("must have {shortest} to {longest} characters"));
        } else if shortest > 0 && value.trim().chars().any(char::is_control) {
            self.wrong(field, "must hold no control characters");
        }
    }

    /// The same for a text that may be missing.
    pub fn maybe_length(
        &mut self,
        field: &str,
        value: Option<&str>,
        allowed: RangeInclusive<usize>,
    ) {
        if let Some(value) = value {
            self.length(field, value, allowed);
        }
    }

    /// A number's range.
    pub fn range(&mut self, field: &str, value: Option<i64>, allowed: RangeInclusive<i64>) {
        if value.is_some_and(|value| !allowed.contains(&value)) {
            let (least, most) = (allowed.start(), allowed.end());
            self.wrong(field, format!("must be between {least} and {most}"));
        }
    }

    /// A URL that requests can be sent to: http or https, a host, no credentials, no query.
    pub fn base_url(&mut self, field: &str, value: &str) {
        if let Err(message) = check_base_url(value) {
            self.wrong(field, message);
        }
    }

    /// A code: `[a-z0-9_-]`, beginning with a letter or digit, at most 50 characters.
    pub fn code(&mut self, field: &str, value: &str) {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_code = value.len() <= 50
            && value.bytes().next().is_some_and(is_word)
            && value.bytes().all(|byte| is_word(byte) || byte == b'_' || byte == b'-');
        if !is_code {
            self.wrong(
                field,
                "must be 1 to 50 of a-z, 0-9, _ and -, beginning with a letter or digit",
            );
        }
    }

    /// How many things a list holds.
    pub fn count(&mut self, field: &str, count: usize, most: usize) {
        if count > most {
            self.wrong(field, format!("must hold at most {most}"));
        }
    }

    /// How long free JSON is when written.
    pub fn size(&mut self, field: &str, value: Option<&Map<String, Value>>) {
        let is_long = |value: &Map<String, Value>| {
            serde_json::to_vec(value).map_or(true, |text| text.len() > LONGEST_JSON)
        };
        if value.is_some_and(is_long) {
            self.wrong(field, format!("must be at most {LONGEST_JSON} bytes of JSON"));
        }
    }

    /// Everything that is wrong, as one failure.
    ///
    /// # Errors
    /// [`ErrorKind::ValidationFailed`](crate::error::ErrorKind) when anything is.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.details.is_empty() { Ok(()) } else { Err(ApiError::validation(self.details)) }
    }
}

pub(crate) fn check_base_url(value: &str) -> Result<(), &'static str> {
    const SHAPE: &str = "must be a URL such as https://api.example.com/v1";
    if value.len() > 500 || value.chars().any(|each| each.is_whitespace() || each.is_control()) {
        return Err("must be a URL of at most 500 characters without spaces");
    }
    let url: Uri = value.parse().map_err(|_| SHAPE)?;
    if !matches!(url.scheme_str(), Some("http" | "https")) {
        return Err("must begin with http:// or https://");
    }
    let authority = url.authority().ok_or(SHAPE)?;
    if authority.host().is_empty() {
        return Err(SHAPE);
    }
    if authority.as_str().contains('@') {
        return Err("must hold no user name or password; put secrets into a key");
    }
    if value.contains('#') {
        return Err("must hold no fragment");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(check: impl FnOnce(&mut Checks)) -> Vec<String> {
        let mut checks = Checks::default();
        check(&mut checks);
        checks.details.into_iter().map(|detail| detail.message).collect()
    }

    #[test]
    fn a_base_url_is_http_with_a_host_and_without_credentials() {
        let good = [
            "https://api.openai.com/v1",
            "http://127.0.0.1:8080",
            "http://[::1]:9/v1",
            "https://host.example/openai?api-version=2024-10-21",
        ];
        let bad = [
            "api.openai.com/v1",
            "ftp://host/",
            "https://",
            "https://user:pass@host/v1",
            "https://host/a b",
            "/v1",
            "",
        ];

        for url in good {
            assert_eq!(check_base_url(url), Ok(()), "{url}");
        }
        for url in bad {
            assert!(check_base_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_code_is_short_and_lower_case() {
        for code in ["openai", "my_proxy-2", "9x"] {
            assert_eq!(problems(|checks| checks.code("c", code)).len(), 0, "{code}");
        }
        let long = "x".repeat(51);
        for code in ["", "Open", "-x", "a b", "ü", "a/b", long.as_str()] {
            assert_eq!(problems(|checks| checks.code("c", code)).len(), 1, "{code}");
        }
    }

    #[test]
    fn a_length_counts_characters_without_the_spaces_around() {
        assert_eq!(problems(|checks| checks.length("n", " 密钥 ", 1..=2)).len(), 0);
        assert_eq!(problems(|checks| checks.length("n", "   ", 1..=2)), ["must not be empty"]);
        assert_eq!(
            problems(|checks| checks.length("n", "abc", 1..=2)),
            ["must have 1 to 2 characters"]
        );
        assert_eq!(
            problems(|checks| checks.length("n", "a\0", 1..=2)),
            ["must hold no control characters"]
        );
        assert_eq!(problems(|checks| checks.length("n", "a\n", 0..=3)).len(), 0);
    }
}
