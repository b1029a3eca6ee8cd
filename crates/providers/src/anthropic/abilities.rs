//! What a model takes, and what stands in for what it does not: the same for every caller.

use serde_json::Value;

use crate::protocol::Target;

/// What a user says where Anthropic, or the model, wants a user's turn and the caller has none.
pub(crate) const GO_ON: &str = "Continue.";
/// The least that Anthropic lets a model think, in tokens.
const MIN_BUDGET: i64 = 1024;

/// Whether the model is known not to take that.
pub(crate) fn refuses(target: &Target<'_>, ability: &str) -> bool {
    target.constraints.get(ability).and_then(Value::as_bool) == Some(false)
}

/// Whether the model is known to have that.
pub(crate) fn has(target: &Target<'_>, ability: &str) -> bool {
    target.constraints.get(ability).and_then(Value::as_bool) == Some(true)
}

/// Whether a model takes a forced choice: one that always thinks does not, unless it is known to.
pub(crate) fn can_be_forced(target: &Target<'_>) -> bool {
    !refuses(target, "forced_tool_choice")
        && (has(target, "forced_tool_choice") || !has(target, "thinking_always_on"))
}

/// What a model is told that cannot be forced to call that tool, or any.
pub(crate) fn call_now(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("Call the tool `{name}` now."),
        None => "Call at least one of the tools now.".to_owned(),
    }
}

/// The tokens to think for that effort amounts to, at most half of the longest answer; `None` for
/// an unknown effort, and for an answer too short to think for.
pub(crate) fn budget(effort: &str, max_tokens: i64) -> Option<i64> {
    let budget = match effort {
        "minimal" | "low" => MIN_BUDGET,
        "medium" => 8192,
        "high" | "xhigh" | "max" => 24_576,
        _ => return None,
    };
    (max_tokens > MIN_BUDGET).then(|| budget.min(max_tokens / 2).max(MIN_BUDGET))
}

/// The effort that so many tokens to think amount to.
pub(crate) fn effort(budget: i64) -> &'static str {
    match budget {
        ..8192 => "low",
        8192..24_576 => "medium",
        _ => "high",
    }
}
