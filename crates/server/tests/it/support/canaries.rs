//! Known secrets, and looking for them in everything that comes out.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Values that must not be found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canaries {
    known: Vec<Canary>,
}

#[derive(Clone, Debug)]
struct Canary {
    name: String,
    spellings: Vec<String>,
}

impl Canaries {
    /// One more, called `name`.
    pub(crate) fn plant(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= 8, "{name} is too short to be looked for");
        let mut spellings = spellings(secret.as_bytes());
        spellings.push(secret.to_owned());
        // A sealing key is written in hex; what it says must not be found either.
        if let Some(bytes) = bytes_of_hex(secret) {
            spellings.extend(self::spellings(&bytes));
        }
        self.known.push(Canary { name: name.to_owned(), spellings });
    }

    /// The names of those that are in `text`, in any spelling.
    pub(crate) fn in_text(&self, text: &str) -> Vec<String> {
        let lower = text.to_lowercase();
        let is_in = |spelling: &String| {
            text.contains(spelling.as_str())
                || is_hex(spelling) && lower.contains(spelling.as_str())
        };
        let found = self.known.iter().filter(|canary| canary.spellings.iter().any(is_in));
        found.map(|canary| canary.name.clone()).collect()
    }

    /// The names of those that are in `bytes`, in any spelling.
    pub(crate) fn in_bytes(&self, bytes: &[u8]) -> Vec<String> {
        self.in_text(&String::from_utf8_lossy(bytes))
    }

    /// What is found in `text`, named with the lines it is in, cut short.
    pub(crate) fn leaks(&self, place: &str, text: &str) -> Vec<String> {
        let found = self.in_text(text);
        if found.is_empty() {
            return Vec::new();
        }
        let lines = text.lines().filter(|line| !self.in_text(line).is_empty());
        let lines: Vec<String> =
            lines.take(3).map(|line| line.chars().take(400).collect()).collect();
        vec![format!("{place} holds {found:?}:\n  {}", lines.join("\n  "))]
    }
}

/// Fails with what was found.
#[track_caller]
pub(crate) fn assert_none(leaks: &[String]) {
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

/// Hexadecimal and base64, the latter wherever in a longer text the bytes may begin.
fn spellings(bytes: &[u8]) -> Vec<String> {
    let mut spellings = vec![hex(bytes)];
    for before in 0..3 {
        let shifted: Vec<u8> =
            std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
        for engine in [&STANDARD, &URL_SAFE] {
            let text = engine.encode(&shifted);
            // The first and last characters depend on what stands beside the bytes.
            let start = [0, 2, 3][before];
            let end =
                text.trim_end_matches('=').len() - usize::from(!shifted.len().is_multiple_of(3));
            spellings.push(text[start..end].to_owned());
        }
    }
    spellings.sort_unstable();
    spellings.dedup();
    spellings
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let is_key = text.len() == 64 && is_hex(text);
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).ok();
    is_key.then(|| (0..text.len()).step_by(2).filter_map(byte).collect())
}

#[test]
fn a_secret_is_found_in_each_spelling_and_in_the_midst_of_others() {
    let mut canaries = Canaries::default();
    canaries.plant("key", "sk-canary-0123456789");

    for text in [
        "a sk-canary-0123456789 b".to_owned(),
        STANDARD.encode("sk-canary-0123456789"),
        STANDARD.encode("x sk-canary-0123456789 y"),
        STANDARD.encode("xy sk-canary-0123456789 yz"),
        STANDARD.encode("Bearer sk-canary-0123456789"),
        URL_SAFE.encode("???sk-canary-0123456789???"),
        hex(b"..sk-canary-0123456789..").to_uppercase(),
    ] {
        assert_eq!(canaries.in_text(&text), ["key"], "{text}");
    }
    assert!(canaries.in_text("sk-c...6789").is_empty());
}
