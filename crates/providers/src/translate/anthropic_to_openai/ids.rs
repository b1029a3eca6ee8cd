//! Ids of calls in the form that OpenAI takes.
//!
//! Nothing is remembered between requests: what an id becomes depends on nothing but itself.

use crate::translate::tool_names::hash;

/// The longest id of a call that OpenAI takes.
const MAX_ID: usize = 40;

/// The id under which the provider gets a call of the caller's: the provider's own again, if it
/// was one.
pub(super) fn id_for_provider(id: &str) -> String {
    let id = unescaped(id);
    if id.len() <= MAX_ID {
        return id;
    }
    // The beginning is for people to recognize, the rest makes it unique.
    let beginning: String = id.chars().take(20).filter(char::is_ascii).collect();
    format!("{beginning}_{:016x}", hash(&id))
}

/// What [`plain_id`](crate::translate::call_id::plain_id) wrote otherwise, as it was.
fn unescaped(id: &str) -> String {
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.as_bytes();
    while let [byte, after @ ..] = rest {
        let escape = id_escape(rest);
        bytes.push(escape.unwrap_or(*byte));
        rest = if escape.is_some() { &rest[4..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| id.to_owned())
}

/// The byte that `_x2e` at the beginning of `text` stands for.
fn id_escape(text: &[u8]) -> Option<u8> {
    let hex = str::from_utf8(text.strip_prefix(b"_x")?.get(..2)?).ok()?;
    let byte = u8::from_str_radix(hex, 16).ok()?;
    let is_plain = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (!is_plain && !byte.is_ascii_control()).then_some(byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::translate::call_id::plain_id;

    #[test]
    fn an_id_of_the_providers_is_its_own_again() {
        for id in ["functions.get_weather:0", "call_1", "é", "chatcmpl-tool-1"] {
            assert_eq!(id_for_provider(&plain_id(id)), id);
        }
        assert_eq!(id_for_provider(&"a".repeat(41)).len(), 37);
    }

    proptest! {
        #[test]
        fn ids_of_different_calls_stay_different(one in "[a-z_]{30,60}", two in "[a-z_]{30,60}") {
            prop_assert_eq!(one == two, id_for_provider(&one) == id_for_provider(&two));
            prop_assert!(id_for_provider(&one).len() <= MAX_ID);
        }
    }
}
