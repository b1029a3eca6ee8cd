//! How hard the model thinks.
//!
//! | `reasoning_effort` | Gemini 3 and later: `thinkingLevel` | before: `thinkingBudget` |
//! | --- | --- | --- |
//! | absent | nothing | nothing |
//! | `none` | the least there is, thoughts untold | 0; 128 for a Pro, which cannot stop |
//! | `minimal` | `MINIMAL` for a Flash, else `LOW` | 1024 |
//! | `low` | `LOW` | 1024 |
//! | `medium` | `MEDIUM` | 8192 |
//! | `high`, `xhigh`, `max` | `HIGH` | 24576 |
//!
//! A budget is at most half of the longest answer, and never less than 512. Models without the
//! constraint `reasoning` get nothing.

use serde_json::Value;

use crate::gemini::wire::Thinking;
use crate::protocol::Target;

/// The least budget that every thinking model takes, in tokens.
const MIN_BUDGET: i64 = 512;
/// The least budget of a model that always thinks, in tokens.
const MIN_PRO_BUDGET: i64 = 128;

/// The generation of a model, where its name tells: 3 of `gemini-3.1-pro`.
pub(super) fn generation(model_code: &str) -> Option<u32> {
    let name = model_code.rsplit('/').next()?.strip_prefix("gemini-")?;
    let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    name[..end].parse().ok()
}

/// How hard the model thinks when the caller wants that effort; `Err` where it cannot be had.
pub(super) fn thinking(
    effort: Option<&str>,
    max_tokens: Option<i64>,
    target: &Target<'_>,
) -> Result<Option<Thinking>, ()> {
    let Some(effort) = effort else { return Ok(None) };
    if target.constraints.get("reasoning").and_then(Value::as_bool) != Some(true) {
        return if effort == "none" { Ok(None) } else { Err(()) };
    }
    let code = target.model_code;
    let include_thoughts = effort != "none";
    if generation(code).is_some_and(|generation| generation < 3) {
        let budget = match effort {
            "none" if code.contains("pro") => MIN_PRO_BUDGET,
            "none" => 0,
            "minimal" | "low" => 1024,
            "medium" => 8192,
            "high" | "xhigh" | "max" => 24_576,
            _ => return Err(()),
        };
        let longest = max_tokens.map_or(i64::MAX, |most| (most / 2).max(MIN_BUDGET));
        let thinking_budget = Some(budget.min(longest));
        return Ok(Some(Thinking { thinking_budget, thinking_level: None, include_thoughts }));
    }
    let level = match effort {
        "none" | "minimal" if code.contains("flash") => "MINIMAL",
        "none" | "minimal" | "low" => "LOW",
        "medium" => "MEDIUM",
        "high" | "xhigh" | "max" => "HIGH",
        _ => return Err(()),
    };
    let thinking_level = Some(level);
    Ok(Some(Thinking { thinking_budget: None, thinking_level, include_thoughts }))
}
