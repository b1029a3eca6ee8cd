//! Names of tools in the form that a provider takes, and the caller's own again in its answer.
//!
//! Nothing is remembered between requests: what a name becomes depends on nothing but itself, and
//! is found again among the request's tools.

use serde::Deserialize;

/// The longest name of a tool, in characters.
const MAX_NAME: usize = 64;
/// As much of a name as another begins with, for people to recognize, in characters.
const RECOGNIZED: usize = 40;

/// Which names of tools a provider takes, of those with the characters `a-zA-Z0-9_-`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    min: usize,
    /// Whether they begin with a letter or `_`.
    from_a_letter: bool,
}

impl Rule {
    /// Gemini's.
    pub(crate) const GEMINI: Self = Self { min: 1, from_a_letter: true };

    /// That of a provider of OpenAI's protocol whose names have at least `min` characters: who
    /// wants longer names wants them to begin with a letter, too.
    pub(crate) fn of_at_least(min: usize) -> Self {
        Self { min: min.max(1), from_a_letter: min > 1 }
    }

    /// The name under which the provider gets the tool of that name.
    pub(crate) fn name_for_provider(self, name: &str) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let begins_well = |c: char| c.is_ascii_alphabetic() || c == '_';
        let is_right = (self.min..=MAX_NAME).contains(&name.len())
            && name.chars().all(is_plain)
            && (!self.from_a_letter || name.starts_with(begins_well));
        if is_right {
            return name.to_owned();
        }
        let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        let kept: String = plain.chars().take(RECOGNIZED).collect();
        format!("tool_{kept}_{:08x}", hash(name) as u32)
    }
}

/// The caller's names of the tools that the provider knows by another.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<(String, String)>);

impl Names {
    /// The renamed tools of a request in either caller's dialect, as the provider has them.
    pub(crate) fn of(body: &[u8], rule: Rule) -> Self {
        let tools: Tools = serde_json::from_slice(body).unwrap_or_default();
        let names = tools.tools.into_iter().flatten();
        let names = names.filter_map(|tool| tool.name.or_else(|| tool.function?.name));
        let names = names.map(|name| (rule.name_for_provider(&name), name));
        Self(names.filter(|(sent, name)| sent != name).collect())
    }

    /// The caller's name of a tool.
    pub(crate) fn for_caller<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.iter().find(|(sent, _)| sent == name).map_or(name, |(_, name)| name)
    }
}

#[derive(Default, Deserialize)]
struct Tools {
    #[serde(default)]
    tools: Option<Vec<Tool>>,
}

/// A tool: Anthropic's has its name itself, OpenAI's in its function.
#[derive(Deserialize)]
struct Tool {
    name: Option<String>,
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    name: Option<String>,
}

/// FNV-1a, which is the same everywhere and always.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_names_that_the_provider_refuses_are_changed_and_they_come_back() {
        let long = "n".repeat(65);
        let called = ["ls", &long, "get", "1st", "-x", "é"];
        let of_anthropic: Vec<_> = called.iter().map(|name| json!({"name": name})).collect();
        let of_openai: Vec<_> = called
            .iter()
            .map(|name| json!({"type": "function", "function": {"name": name}}))
            .collect();
        let rules = [
            (Rule::of_at_least(0), vec![long.as_str(), "é"]),
            (Rule::of_at_least(3), vec!["ls", &long, "1st", "-x", "é"]),
            (Rule::GEMINI, vec![&long, "1st", "-x", "é"]),
        ];

        for (rule, changed) in rules {
            for tools in [&of_anthropic, &of_openai] {
                let names = Names::of(json!({"tools": tools}).to_string().as_bytes(), rule);
                let renamed: Vec<&str> = names.0.iter().map(|(_, name)| name.as_str()).collect();
                assert_eq!(renamed, changed, "{rule:?}");
                for name in called.iter().chain(&["unknown"]) {
                    let sent = rule.name_for_provider(name);
                    assert!(sent.len() <= MAX_NAME, "{sent}");
                    assert_eq!(rule.name_for_provider(&sent), sent);
                    assert_eq!(names.for_caller(&sent), *name);
                }
            }
        }
        assert_eq!(Names::of(b"no JSON", Rule::GEMINI).0.len(), 0);
    }
}
