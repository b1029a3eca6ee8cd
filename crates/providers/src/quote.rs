//! Keeping prompts out of failures: providers quote what they complain of, and failures are
//! recorded, which prompts must not be.

use std::collections::HashMap;

use tollgate_domain::failure::Failure;

use crate::json::Json;

/// The shortest quotation that is removed, in bytes.
const LONG: usize = 24;
/// Texts are looked up in blocks of this many bytes, one after the other: whatever runs on for
/// [`LONG`] bytes holds a whole one.
const BLOCK: usize = LONG / 2;
/// The most bytes that are compared one by one, which only made-up texts need.
const MAX_COMPARED: usize = 1 << 20;

/// `failure` in which `…` stands for what its words quote of the request's `body`.
pub(crate) fn without_prompt(mut failure: Failure, body: &[u8]) -> Failure {
    failure.message = without_quotes(&failure.message, body);
    failure.param = failure.param.map(|param| without_quotes(&param, body));
    failure
}

/// `message` with every run of [`LONG`] or more bytes that also stands in a text of `body` replaced
/// by `…`. The model's name may be quoted. One pass over the body, whatever is in it.
fn without_quotes(message: &str, body: &[u8]) -> String {
    if message.len() < LONG {
        return message.to_owned();
    }
    let mut quotes = Quotes::new(message);
    match Json::parse(body) {
        Ok(Json::Object(fields)) => {
            let prompt = fields.iter().filter(|(name, _)| name != "model");
            prompt.for_each(|(_, value)| quotes.look_in(value));
        }
        _ => quotes.look_for(body),
    }
    quotes.removed()
}

/// A message, and which of its bytes are quoted.
struct Quotes<'m> {
    message: &'m str,
    /// The message with control characters as they are shown in it.
    bytes: Vec<u8>,
    blocks: HashMap<[u8; BLOCK], Vec<usize>>,
    is_quoted: Vec<bool>,
    compared: usize,
}

impl<'m> Quotes<'m> {
    fn new(message: &'m str) -> Self {
        let bytes: Vec<u8> = message.bytes().map(shown).collect();
        let mut blocks: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, block) in bytes.windows(BLOCK).enumerate() {
            if let Ok(block) = block.try_into() {
                blocks.entry(block).or_default().push(at);
            }
        }
        Self { message, is_quoted: vec![false; bytes.len()], bytes, blocks, compared: 0 }
    }

    fn look_in(&mut self, value: &Json<'_>) {
        match value {
            Json::Text(text) => self.look_for(text.as_bytes()),
            Json::List(items) => items.iter().for_each(|item| self.look_in(item)),
            Json::Object(fields) => fields.iter().for_each(|(_, value)| self.look_in(value)),
            _ => {}
        }
    }

    fn look_for(&mut self, text: &[u8]) {
        if text.len() < LONG {
            return;
        }
        let Self { bytes, blocks, is_quoted, compared, .. } = self;
        for (n, block) in text.as_chunks::<BLOCK>().0.iter().enumerate() {
            let Some(places) = blocks.get_mut(&block.map(shown)) else { continue };
            // A place that is known to be quoted is not looked at again.
            places.retain(|at| {
                let is_known = is_quoted[*at] && is_quoted[at + BLOCK - 1];
                if is_known || *compared > MAX_COMPARED {
                    return false;
                }
                let run = run(bytes, *at, text, n * BLOCK);
                *compared += run.len();
                let is_quote = run.len() >= LONG;
                if is_quote {
                    is_quoted[run].fill(true);
                }
                !is_quote
            });
            if *compared > MAX_COMPARED {
                return is_quoted.fill(true);
            }
        }
    }

    fn removed(&self) -> String {
        let mut text = String::with_capacity(self.message.len());
        let mut was_quoted = false;
        for (at, c) in self.message.char_indices() {
            let is_quoted = self.is_quoted[at..at + c.len_utf8()].contains(&true);
            if !is_quoted {
                text.push(c);
            } else if !was_quoted {
                text.push('…');
            }
            was_quoted = is_quoted;
        }
        text
    }
}

/// The bytes of `message` around `at` that also stand in `text` around `place`.
fn run(message: &[u8], at: usize, text: &[u8], place: usize) -> std::ops::Range<usize> {
    let same = |(a, b): &(&u8, &u8)| **a == shown(**b);
    let before =
        message[..at].iter().rev().zip(text[..place].iter().rev()).take_while(same).count();
    let after = message[at..].iter().zip(&text[place..]).take_while(same).count();
    at - before..at + after
}

/// Messages show control characters as spaces.
const fn shown(byte: u8) -> u8 {
    if byte.is_ascii_control() { b' ' } else { byte }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn told(message: &str, prompt: &str) -> String {
        let body = json!({
            "model": "vendor/a-model-with-quite-a-long-name",
            "messages": [{"role": "user", "content": [{"type": "text", "text": prompt}]}],
        });
        without_quotes(message, body.to_string().as_bytes())
    }

    #[test]
    fn a_quoted_prompt_is_left_out_and_the_rest_stays() {
        let cases = [
            (
                "Invalid input 'my card number is 4111 1111' at 0",
                "Hello, my card number is 4111 1111, charge it",
                "Invalid input '…' at 0",
            ),
            (
                "bad: line one of it line two of it; retry",
                "line one of it\nline two of it",
                "bad: …; retry",
            ),
            (
                "refused: \"quoted\\ text\" in é and 𝄞 too",
                "say \"quoted\\ text\" in é and 𝄞 too",
                "refused:…",
            ),
            ("Only short pieces of it", "short pieces", "Only short pieces of it"),
            (
                "The model `vendor/a-model-with-quite-a-long-name` does not exist",
                "Hi",
                "The model `vendor/a-model-with-quite-a-long-name` does not exist",
            ),
        ];
        for (message, prompt, expected) in cases {
            assert_eq!(told(message, prompt), expected);
        }
    }

    #[test]
    fn texts_made_to_be_slow_are_given_up_on_the_safe_side() {
        // Every block is found everywhere, and no run is long enough.
        let message = "abababababababababababa|".repeat(20);
        let prompt = "abababababababababababa~".repeat(100_000);
        assert_eq!(told(&message, &prompt), "…");

        let same = "a".repeat(500);
        assert_eq!(told(&same, &"a".repeat(8 << 20)), "…");
    }

    #[test]
    fn a_body_that_is_no_json_is_searched_as_it_is() {
        let text = b"\xFFno json, but this is a text of somebody's\xFF";
        assert_eq!(without_quotes("why this is a text of somebody's?", text), "why…?");
        assert_eq!(
            without_quotes("an empty body says nothing at all", b""),
            "an empty body says nothing at all"
        );
    }

    proptest! {
        #[test]
        fn no_long_run_of_a_prompt_survives(
            before in "[ab\n é]{0,40}", quote in "[ab\n é]{24,60}", after in "[ab\n é]{0,40}",
            around in "[ab\n é]{0,30}",
        ) {
            let show = |text: &str| text.replace('\n', " ");
            let prompt = format!("{around}{quote}{around}");
            let left = told(&show(&format!("{before}|{quote}|{after}")), &prompt);

            let shown_prompt = show(&prompt);
            for piece in left.split('…') {
                prop_assert!(piece.as_bytes().windows(LONG).all(|window| {
                    memchr::memmem::find(shown_prompt.as_bytes(), window).is_none()
                }), "{piece}");
            }
        }
    }
}
