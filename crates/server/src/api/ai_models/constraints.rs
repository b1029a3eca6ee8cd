//! What can be said of what a model refuses or demands.

use serde_json::{Map, Value};

use crate::extract::Checks;

/// The longest list of efforts, and the longest word in it.
const MOST_LEVELS: usize = 16;
const LONGEST_LEVEL: usize = 32;

/// What a constraint may hold.
#[derive(Clone, Copy)]
enum Kind {
    /// True or false.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of short texts.
    Words,
}

/// Every constraint that there is, by its name.
const KNOWN: [(&str, Kind); 9] = [
    ("adaptive_thinking", Kind::Flag),
    ("assistant_prefill", Kind::Flag),
    ("endpoint", Kind::Word(&["responses_only"])),
    ("forced_tool_choice", Kind::Flag),
    ("prompt_cache_breakpoint", Kind::Flag),
    ("reasoning", Kind::Flag),
    ("reasoning_effort_levels", Kind::Words),
    ("sampling_params", Kind::Flag),
    ("thinking_always_on", Kind::Flag),
];

/// Notes what is unknown or of another type in `constraints`.
pub(super) fn check(constraints: &Map<String, Value>, checks: &mut Checks) {
    for (name, value) in constraints {
        let wrong = match KNOWN.iter().find(|(known, _)| known == name) {
            Some((_, kind)) => problem(*kind, value),
            None => {
                let known: Vec<&str> = KNOWN.iter().map(|(known, _)| *known).collect();
                checks.wrong("constraints", format!("can only hold: {}", known.join(", ")));
                continue;
            }
        };
        if let Some(wrong) = wrong {
            checks.wrong(format!("constraints.{name}"), wrong);
        }
    }
}

/// What is wrong with `value`, if anything is.
fn problem(kind: Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Flag, Value::Bool(_)) => None,
        (Kind::Flag, _) => Some("must be true or false".to_owned()),
        (Kind::Word(words), Value::String(word)) if words.contains(&word.as_str()) => None,
        (Kind::Word(words), _) => Some(format!("must be one of: {}", words.join(", "))),
        (Kind::Words, Value::Array(levels)) if are_levels(levels) => None,
        (Kind::Words, _) => Some(format!(
            "must be a list of 1 to {MOST_LEVELS} texts of 1 to {LONGEST_LEVEL} characters"
        )),
    }
}

fn are_levels(levels: &[Value]) -> bool {
    let is_level = |level: &Value| {
        level.as_str().is_some_and(|text| (1..=LONGEST_LEVEL).contains(&text.chars().count()))
    };
    (1..=MOST_LEVELS).contains(&levels.len()) && levels.iter().all(is_level)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(constraints: &Value) -> Option<String> {
        let mut checks = Checks::default();
        check(constraints.as_object().unwrap(), &mut checks);
        checks.finish().err().map(|error| error.message)
    }

    #[test]
    fn every_model_of_the_catalogue_has_constraints_that_may_be_set() {
        let text = include_str!("../../../../../seeds/models.json");
        let seeds: Value = serde_json::from_str(text).unwrap();
        let models = seeds["models"].as_array().unwrap();
        let constrained: Vec<&Value> =
            models.iter().map(|model| &model["constraints"]).filter(|it| !it.is_null()).collect();

        assert!(constrained.len() > 80, "{}", constrained.len());
        for constraints in constrained {
            assert_eq!(refusal(constraints), None, "{constraints}");
        }
    }

    #[test]
    fn what_is_unknown_or_of_another_type_is_refused_by_name() {
        let levels = "constraints.reasoning_effort_levels: must be a list of 1 to 16 texts of 1 to \
                      32 characters";
        let cases = [
            (
                json!({"sampling": false}),
                "constraints: can only hold: adaptive_thinking, assistant_prefill, endpoint, \
                 forced_tool_choice, prompt_cache_breakpoint, reasoning, reasoning_effort_levels, \
                 sampling_params, thinking_always_on",
            ),
            (
                json!({"sampling_params": "no"}),
                "constraints.sampling_params: must be true or false",
            ),
            (json!({"reasoning": null}), "constraints.reasoning: must be true or false"),
            (json!({"endpoint": "chat"}), "constraints.endpoint: must be one of: responses_only"),
            (json!({"endpoint": true}), "constraints.endpoint: must be one of: responses_only"),
            (json!({"reasoning_effort_levels": "low"}), levels),
            (json!({"reasoning_effort_levels": []}), levels),
            (json!({"reasoning_effort_levels": ["low", 1]}), levels),
        ];
        for (constraints, message) in cases {
            assert_eq!(refusal(&constraints).as_deref(), Some(message), "{constraints}");
        }
        assert_eq!(refusal(&json!({})), None);
    }
}
