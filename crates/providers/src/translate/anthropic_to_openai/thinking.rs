//! How hard the model thinks.
//!
//! | Anthropic | `reasoning_effort` of a model with `reasoning` |
//! | --- | --- |
//! | nothing, or `adaptive` without an effort | nothing |
//! | `output_config.effort` | the same |
//! | `enabled` with a budget below 8192, below 24576, above | `low`, `medium`, `high` |
//! | `disabled` | `none`, where the model is known to take it, else nothing |
//!
//! A model with `reasoning_effort_levels` gets one of them: the next one up, or else its highest.
//! Of others it is known that they take `low`, `medium` and `high`, so that more is `high`. Models
//! without `reasoning` get nothing.

use serde_json::{Map, Value};

use crate::anthropic::abilities;
use crate::translate::anthropic_request::Asked;

/// OpenAI's words for it, ever harder.
const LEVELS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
/// What every model that reasons is taken to know.
const USUAL: [&str; 3] = ["low", "medium", "high"];

/// How hard the model thinks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Effort {
    /// OpenAI's word for it.
    pub(super) word: Option<&'static str>,
    /// Whether the caller's wish is met less than exactly.
    pub(super) is_changed: bool,
}

/// How hard a model of those constraints thinks when it is asked that.
pub(super) fn effort(asked: &Asked<'_>, constraints: &Map<String, Value>) -> Effort {
    let Some(wanted) = wanted(asked) else { return Effort::default() };
    let reasons = constraints.get("reasoning") == Some(&Value::Bool(true));
    let word = LEVELS.iter().position(|level| *level == wanted).filter(|_| reasons);
    let word = word.and_then(|rank| taken(rank, constraints));
    let is_met = word == Some(wanted) || wanted == "none" && !reasons;
    Effort { word, is_changed: !is_met }
}

/// What the caller wants, in OpenAI's word where there is one.
fn wanted<'a>(asked: &'a Asked<'_>) -> Option<&'a str> {
    let thinking = asked.fields.thinking.as_ref();
    if thinking.is_some_and(|thinking| thinking.kind == "disabled") {
        return Some("none");
    }
    if let Some(effort) = asked.effort() {
        return Some(effort);
    }
    let thinking = thinking.filter(|thinking| thinking.kind == "enabled")?;
    thinking.budget_tokens.map(abilities::effort)
}

/// The level of that rank, or the one that the model takes instead; `None` if there is none.
fn taken(rank: usize, constraints: &Map<String, Value>) -> Option<&'static str> {
    let levels = constraints.get("reasoning_effort_levels").and_then(Value::as_array);
    let is_taken = |level: &&&str| match levels {
        Some(levels) => levels.iter().any(|known| known == **level),
        None => USUAL.contains(*level),
    };
    if rank == 0 {
        return LEVELS[..1].iter().find(is_taken).copied();
    }
    let next = LEVELS[rank..].iter().find(is_taken);
    next.or_else(|| LEVELS[1..rank].iter().rev().find(is_taken)).copied()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn effort_of(constraints: Value, fields: Value) -> (Option<&'static str>, bool) {
        let mut body = json!({"messages": []});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let body = body.to_string();
        let asked = Asked::read(body.as_bytes()).unwrap();
        let Effort { word, is_changed } = effort(&asked, constraints.as_object().unwrap());
        (word, is_changed)
    }

    #[test]
    fn a_budget_or_an_effort_becomes_a_level_that_the_model_takes() {
        let budget =
            |tokens: i64| json!({"thinking": {"type": "enabled", "budget_tokens": tokens}});
        let level = |effort: &str| json!({"output_config": {"effort": effort}});
        let off = || json!({"thinking": {"type": "disabled"}, "output_config": {"effort": "high"}});
        let usual = || json!({"reasoning": true});
        let kimi = || json!({"reasoning": true, "reasoning_effort_levels": ["low", "high", "max"]});
        let new = || json!({"reasoning": true, "reasoning_effort_levels": ["none", "low", "high"]});
        let cases = [
            (usual(), json!({}), None, false),
            (usual(), json!({"thinking": {"type": "adaptive"}}), None, false),
            (usual(), budget(1024), Some("low"), false),
            (usual(), budget(8192), Some("medium"), false),
            (usual(), budget(24_576), Some("high"), false),
            (usual(), level("medium"), Some("medium"), false),
            (usual(), level("max"), Some("high"), true),
            (usual(), level("extreme"), None, true),
            (usual(), off(), None, true),
            (new(), off(), Some("none"), false),
            (new(), level("max"), Some("high"), true),
            (kimi(), level("medium"), Some("high"), true),
            (kimi(), level("max"), Some("max"), false),
            (json!({}), level("low"), None, true),
            (json!({}), off(), None, false),
        ];
        for (constraints, fields, word, is_changed) in cases {
            assert_eq!(
                effort_of(constraints.clone(), fields.clone()),
                (word, is_changed),
                "{constraints} {fields}"
            );
        }
    }
}
