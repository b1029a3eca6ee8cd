//! How hard the model thinks.
//!
//! | the caller wants | Gemini 3 and later: `thinkingLevel` | before: `thinkingBudget` |
//! | --- | --- | --- |
//! | no thoughts | the least there is | 0; 128 for a Pro, which cannot stop |
//! | the effort `minimal` | `MINIMAL` for a Flash, else `LOW` | 1024 |
//! | the effort `low` | `LOW` | 1024 |
//! | the effort `medium` | `MEDIUM` | 8192 |
//! | the effort `high`, `xhigh`, `max` | `HIGH` | 24576 |
//! | a budget of tokens | `LOW` to 4096, `MEDIUM` to 16384, else `HIGH` | that, at most 24576 |
//! | what the model thinks right | nothing | nothing |
//!
//! A budget is at most half of the longest answer, and never less than 512. Models without the
//! constraint `reasoning` get nothing.

use serde_json::Value;

use crate::gemini::wire::Thinking;
use crate::protocol::Target;

/// The least budget that every thinking model takes, in tokens.
const MIN_BUDGET: i64 = 512;
/// The most that every thinking model takes, in tokens.
const MAX_BUDGET: i64 = 24_576;
/// The least budget of a model that always thinks, in tokens.
const MIN_PRO_BUDGET: i64 = 128;

/// How hard a caller wants the model to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth<'a> {
    /// As little as it can.
    Least,
    /// With that effort: `minimal` to `max`.
    Effort(&'a str),
    /// For so many tokens.
    Budget(i64),
    /// As it thinks right.
    Own,
}

/// The generation of a model, where its name tells: 3 of `gemini-3.1-pro`.
pub(super) fn generation(model_code: &str) -> Option<u32> {
    let name = model_code.rsplit('/').next()?.strip_prefix("gemini-")?;
    let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    name[..end].parse().ok()
}

/// How hard the model thinks for a caller who wants that; `Err` where it cannot be had.
pub(crate) fn thinking(
    depth: Depth<'_>,
    include_thoughts: bool,
    max_tokens: Option<i64>,
    target: &Target<'_>,
) -> Result<Option<Thinking>, ()> {
    if target.constraints.get("reasoning").and_then(Value::as_bool) != Some(true) {
        return if depth == Depth::Least { Ok(None) } else { Err(()) };
    }
    let code = target.model_code;
    let (mut thinking_budget, mut thinking_level) = (None, None);
    match generation(code).is_some_and(|generation| generation < 3) {
        true => {
            let longest = max_tokens.map_or(i64::MAX, |most| (most / 2).max(MIN_BUDGET));
            thinking_budget = budget(depth, code)?.map(|budget| budget.min(longest));
        }
        false => thinking_level = level(depth, code)?,
    }
    Ok(Some(Thinking { thinking_budget, thinking_level, include_thoughts }))
}

fn budget(depth: Depth<'_>, code: &str) -> Result<Option<i64>, ()> {
    Ok(Some(match depth {
        Depth::Least if code.contains("pro") => MIN_PRO_BUDGET,
        Depth::Least => 0,
        Depth::Effort("minimal" | "low") => 1024,
        Depth::Effort("medium") => 8192,
        Depth::Effort("high" | "xhigh" | "max") => MAX_BUDGET,
        Depth::Effort(_) => return Err(()),
        Depth::Budget(tokens) => tokens.clamp(MIN_BUDGET, MAX_BUDGET),
        Depth::Own => return Ok(None),
    }))
}

fn level(depth: Depth<'_>, code: &str) -> Result<Option<&'static str>, ()> {
    Ok(Some(match depth {
        Depth::Least | Depth::Effort("minimal") if code.contains("flash") => "MINIMAL",
        Depth::Least | Depth::Effort("minimal" | "low") => "LOW",
        Depth::Effort("medium") => "MEDIUM",
        Depth::Effort("high" | "xhigh" | "max") => "HIGH",
        Depth::Effort(_) => return Err(()),
        Depth::Budget(..=4096) => "LOW",
        Depth::Budget(..=16_384) => "MEDIUM",
        Depth::Budget(_) => "HIGH",
        Depth::Own => return Ok(None),
    }))
}
