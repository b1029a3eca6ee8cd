//! Names of tools and ids of calls in the forms that each side takes.
//!
//! Nothing is remembered between requests: what an id or a name becomes depends on nothing but
//! itself, and a name is found again among the request's tools.

use serde::Deserialize;

/// The longest name of a tool, and the longest id of a call, that OpenAI takes.
const MAX_NAME: usize = 64;
const MAX_ID: usize = 40;

/// The name under which the provider gets a tool.
pub(super) fn name_for_provider(name: &str, min: usize) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_right = (min.max(1)..=MAX_NAME).contains(&name.len())
        && name.chars().all(is_plain)
        // Who wants longer names wants them to begin with a letter, too.
        && (min <= 1 || name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
    if is_right {
        return name.to_owned();
    }
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let kept: String = plain.chars().take(40).collect();
    format!("tool_{kept}_{:08x}", hash(name) as u32)
}

/// The caller's names of the tools that the provider knows by another.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<(String, String)>);

impl Names {
    /// The renamed tools of a request for a message, as the provider has them.
    pub(crate) fn of(body: &[u8], min: usize) -> Self {
        #[derive(Default, Deserialize)]
        struct Tools {
            #[serde(default)]
            tools: Option<Vec<Tool>>,
        }
        #[derive(Deserialize)]
        struct Tool {
            name: String,
        }
        let tools: Tools = serde_json::from_slice(body).unwrap_or_default();
        let names = tools.tools.into_iter().flatten().map(|tool| tool.name);
        let names = names.map(|name| (name_for_provider(&name, min), name));
        Self(names.filter(|(sent, name)| sent != name).collect())
    }

    /// The caller's name of a tool.
    pub(crate) fn for_caller<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.iter().find(|(sent, _)| sent == name).map_or(name, |(_, name)| name)
    }
}

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

/// FNV-1a, which is the same everywhere and always.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::translate::call_id::plain_id;

    #[test]
    fn only_names_that_the_provider_refuses_are_changed_and_they_come_back() {
        let long = "n".repeat(65);
        let body = format!(r#"{{"tools":[{{"name":"ls"}},{{"name":"{long}"}},{{"name":"get"}}]}}"#);

        for (min, changed) in [(0, 1), (3, 2)] {
            let names = Names::of(body.as_bytes(), min);
            assert_eq!(names.0.len(), changed);
            for name in ["ls", &long, "get", "unknown"] {
                let sent = name_for_provider(name, min);
                assert!((3..=64).contains(&sent.len()) || min == 0, "{sent}");
                assert_eq!(names.for_caller(&sent), name);
            }
        }
        assert_eq!(Names::of(b"no JSON", 0).0.len(), 0);
    }

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
