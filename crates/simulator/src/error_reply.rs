//! The error answers of real providers, by name.

use std::sync::LazyLock;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::protocol::Protocol;
use crate::reply::Reply;

/// An error answer: a status, headers, and a body in which `{model}`, `{key}` and `{masked_key}` stand
/// for those of the call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ErrorReply {
    /// Its name, such as `openai.429.rate`.
    pub name: String,
    /// The HTTP status.
    pub status: u16,
    /// Further headers, such as `retry-after`.
    #[serde(default, deserialize_with = "pairs")]
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Value,
}

static KNOWN: LazyLock<Vec<ErrorReply>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/errors.json")).expect("the data file is well-formed")
});

impl ErrorReply {
    /// Every error known by name.
    pub fn all() -> &'static [ErrorReply] {
        &KNOWN
    }

    /// The error of this name: `openai.429.quota`, or without its provider or its end. Of several that
    /// fit, the first: `429` is OpenAI's rate limit. A status without a recorded body has a general one.
    /// Dashes may stand for the dots. `None` for any other name.
    pub fn named(name: &str) -> Option<Self> {
        let name = dashed(name);
        let whole = KNOWN.iter().find(|error| dashed(&error.name) == name);
        let part = || KNOWN.iter().find(|error| error.fits(&name));
        let status = || general(Protocol::OpenAi, name.parse().ok()?);
        whole.or_else(part).cloned().or_else(status)
    }

    /// What a provider of this protocol says in its place: itself, unless it is the error of a
    /// provider with another protocol. Then it is the first of the protocol's own with its status.
    pub(crate) fn told_in(&self, protocol: Protocol) -> Self {
        if Protocol::of_error(&self.name).is_none_or(|own| own == protocol) {
            return self.clone();
        }
        let told = Self::named(&format!("{}.{}", protocol.provider(), self.status));
        told.or_else(|| general(protocol, self.status)).unwrap_or_else(|| self.clone())
    }

    /// Whether a dashed name has this error's status, and is its beginning with or without the provider.
    fn fits(&self, name: &str) -> bool {
        let own = dashed(&self.name);
        let status = self.status.to_string();
        let begins = |own: &str| {
            own.strip_prefix(name).is_some_and(|end| end.is_empty() || end.starts_with('-'))
        };
        let without_provider = own.split_once('-').is_some_and(|(_, rest)| begins(rest));
        name.split('-').any(|word| word == status) && (begins(&own) || without_provider)
    }

    /// The same with one more header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn text(&self, key: &str, model: &str) -> String {
        let masked = masked(key);
        // Keys and models are put into JSON text, so they are escaped as JSON strings are.
        [("{masked_key}", masked.as_str()), ("{key}", key), ("{model}", model)].iter().fold(
            self.body.to_string(),
            |text, (mark, value)| {
                let quoted = Value::from(*value).to_string();
                text.replace(mark, &quoted[1..quoted.len() - 1])
            },
        )
    }

    pub(crate) fn reply(&self, key: &str, model: &str) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let body = self.text(key, model).into();
        let reply = Reply::bytes(status, "application/json", body, 0);
        self.headers.iter().fold(reply, |reply, (name, value)| reply.with_header(name, value))
    }
}

fn dashed(name: &str) -> String {
    name.replace(['.', '_'], "-")
}

/// A key as OpenAI shows it in its errors: the ends of it.
fn masked(key: &str) -> String {
    let chars: Vec<char> = key.chars().collect();
    if chars.len() <= 12 {
        return "*".repeat(chars.len());
    }
    let (head, tail) = (&chars[..8], &chars[chars.len() - 4..]);
    format!("{}*****{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

fn general(protocol: Protocol, status: u16) -> Option<ErrorReply> {
    let name = format!("{}.{status}", protocol.provider());
    let body = protocol.error_body(status);
    (400..600).contains(&status).then_some(ErrorReply { name, status, headers: Vec::new(), body })
}

fn pairs<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<(String, String)>, D::Error> {
    let map = std::collections::BTreeMap::<String, String>::deserialize(from)?;
    Ok(map.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(name: &str) -> Option<String> {
        ErrorReply::named(name).map(|error| error.name)
    }

    #[test]
    fn errors_are_found_by_their_full_and_their_short_names() {
        for (asked, found) in [
            ("openai.429.quota", "openai.429.quota"),
            ("429-quota", "openai.429.quota"),
            ("429", "openai.429.rate"),
            ("400", "openai.400.param"),
            ("402", "deepseek.402"),
            ("401.key", "moonshot.401.key"),
            ("moonshot-429", "moonshot.429.rate"),
            ("deepseek-400", "deepseek.400.reasoning"),
            ("moonshot-429-overloaded", "moonshot.429.overloaded"),
            ("400-arrearage", "qwen.400.arrearage"),
            ("418", "openai.418"),
        ] {
            assert_eq!(name_of(asked).as_deref(), Some(found), "{asked}");
        }
    }

    #[test]
    fn an_error_is_told_in_the_words_of_the_protocol_that_is_asked() {
        let (openai, anthropic, gemini) = (Protocol::OpenAi, Protocol::Anthropic, Protocol::Gemini);
        for (asked, protocol, told) in [
            ("429", openai, "openai.429.rate"),
            ("429", anthropic, "anthropic.429"),
            ("429", gemini, "gemini.429.rate"),
            ("529", openai, "openai.529"),
            ("529", gemini, "gemini.529"),
            ("400", gemini, "gemini.400"),
            ("moonshot.429.rate", openai, "moonshot.429.rate"),
            ("anthropic.429.spend", anthropic, "anthropic.429.spend"),
            ("echo.401", gemini, "echo.401"),
        ] {
            let error = ErrorReply::named(asked).unwrap().told_in(protocol);
            assert_eq!(error.name, told, "{asked}");
        }
    }

    #[test]
    fn a_name_that_is_no_error_finds_none() {
        for name in ["", "alice", "deepseek", "200", "4290"] {
            assert_eq!(name_of(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_the_data_file_are_unique_and_fit_their_status() {
        let mut names: Vec<_> = ErrorReply::all().iter().map(|error| &error.name).collect();
        for error in ErrorReply::all() {
            assert!(error.name.contains(&format!(".{}", error.status)), "{}", error.name);
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ErrorReply::all().len());
    }

    #[test]
    fn a_key_in_an_error_is_masked_unless_the_error_is_made_to_leak_it() {
        let text = |name| ErrorReply::named(name).unwrap().text("sk-canary-0123456789", "m\"x");
        assert!(text("401").contains("sk-canar*****6789"));
        assert!(text("echo.500").contains("sk-canary-0123456789"));
        assert!(text("404").contains(r#"`m\"x`"#));
    }
}
