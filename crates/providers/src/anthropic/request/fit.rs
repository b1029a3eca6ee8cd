//! What an Anthropic caller's request has to be changed in for the model to take it. All else, be
//! it known here or not, stays byte for byte.
//!
//! | the caller's | at a model | becomes |
//! | --- | --- | --- |
//! | `model` | every | what the provider calls it |
//! | `thinking: enabled` | that thinks adaptively alone | `adaptive`, the budget as `output_config.effort` |
//! | `thinking: disabled` | with `thinking_always_on` | nothing |
//! | `thinking: adaptive` | with `reasoning`, without `adaptive_thinking` | `enabled`, the effort as a budget |
//! | a forced `tool_choice` | that cannot be forced | `auto`, and an instruction in `system` |
//! | `thinking` blocks that Anthropic has not signed | every | nothing |
//! | a begun answer | with `assistant_prefill: false` | it, and a turn of the user |

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Draft;
use crate::anthropic::abilities::{GO_ON, budget, call_now, can_be_forced, effort, has, refuses};
use crate::splice::{Edit, Fields, appended, names, quoted};
use crate::translate::anthropic_history::without_unsigned_thinking;

/// How hard a model thinks that is not told.
const USUAL_EFFORT: &str = "high";

/// Makes the edits without which the model would refuse the request, and notes them.
pub(super) fn fit(draft: &mut Draft<'_>, notes: &mut Vec<&'static str>) {
    let code = draft.target.model_code;
    if !names(draft.fields.get("model"), code) {
        draft.edits.set("model", quoted(code));
    }
    // The messages first: whether the model can think depends on what is left of them.
    let lost_thoughts = foreign_thoughts(draft);
    let changed = [
        ("thinking", thinking(draft, lost_thoughts)),
        ("tool_choice", tool_choice(draft)),
        ("messages", begun_answer(draft) || lost_thoughts),
    ];
    notes.extend(changed.iter().filter(|(_, is_changed)| *is_changed).map(|(name, _)| *name));
}

/// Takes away thoughts of other providers' models, which Anthropic did not sign.
fn foreign_thoughts(draft: &mut Draft<'_>) -> bool {
    let messages = draft.fields.get("messages").and_then(without_unsigned_thinking);
    let is_changed = messages.is_some();
    if let Some(messages) = messages {
        draft.set("messages", messages);
    }
    is_changed
}

fn thinking(draft: &mut Draft<'_>, lost_thoughts: bool) -> bool {
    let Some(thinking) = draft.json("thinking") else { return false };
    let is_adaptive = has(draft.target, "adaptive_thinking");
    let is_always_on = has(draft.target, "thinking_always_on");
    let takes_budget = !is_always_on && !refuses(draft.target, "sampling_params");
    match thinking["type"].as_str() {
        Some("enabled") if is_adaptive && !takes_budget => adapt(draft, &thinking),
        Some("enabled") if lost_thoughts && Ending::of(draft).bars_thinking() => {
            draft.edits.remove("thinking");
        }
        Some("disabled") if is_always_on => draft.edits.remove("thinking"),
        Some("adaptive") if has(draft.target, "reasoning") && !is_adaptive => limit(draft),
        _ => return false,
    }
    true
}

/// Has the model think as it sees fit, as hard as the budget would have let it.
fn adapt(draft: &mut Draft<'_>, thinking: &Value) {
    edit_object(
        draft,
        "thinking",
        &[Edit::set("type", r#""adaptive""#), Edit::remove("budget_tokens")],
    );
    let Some(budget) = thinking["budget_tokens"].as_i64() else { return };
    let config = draft.json("output_config").unwrap_or_default();
    if config["effort"].is_null() {
        edit_object(draft, "output_config", &[Edit::set("effort", quoted(effort(budget)))]);
    }
}

/// Has the model think within a budget, as far as the effort goes; not at all where Anthropic takes
/// no budget: beside a forced tool, a begun answer, calls without their thoughts, a short answer.
fn limit(draft: &mut Draft<'_>) {
    let config = draft.json("output_config").unwrap_or_default();
    let wanted = config["effort"].as_str().unwrap_or(USUAL_EFFORT);
    if !config["effort"].is_null() {
        edit_object(draft, "output_config", &[Edit::remove("effort")]);
    }
    if draft.value("output_config").is_some_and(|config| config == "{}") {
        draft.edits.remove("output_config");
    }
    let max_tokens = draft.json("max_tokens").and_then(|tokens| tokens.as_i64());
    let max_tokens = max_tokens.unwrap_or(i64::MAX);
    let is_forced = draft.json("tool_choice").is_some_and(|choice| is_forced(&choice));
    let is_in_the_way = is_forced || Ending::of(draft).bars_thinking();
    match budget(wanted, max_tokens).filter(|_| !is_in_the_way) {
        Some(budget) => {
            let edits =
                [Edit::set("type", r#""enabled""#), Edit::set("budget_tokens", budget.to_string())];
            edit_object(draft, "thinking", &edits);
        }
        None => draft.edits.remove("thinking"),
    }
}

fn tool_choice(draft: &mut Draft<'_>) -> bool {
    let choice = draft.json("tool_choice").filter(is_forced);
    let Some(choice) = choice.filter(|_| !can_be_forced(draft.target)) else { return false };
    let edits = [Edit::set("type", r#""auto""#), Edit::remove("name")];
    edit_object(draft, "tool_choice", &edits);
    let told = call_now(choice["name"].as_str());
    let system = draft.value("system");
    if let Some(system) = instructed(system.as_deref(), &told) {
        draft.set("system", system);
    }
    true
}

/// Whether a `tool_choice` has a tool be called.
pub(super) fn is_forced(choice: &Value) -> bool {
    matches!(choice["type"].as_str(), Some("any" | "tool"))
}

/// The `system` with an instruction at its end.
fn instructed(system: Option<&str>, told: &str) -> Option<String> {
    match system {
        None | Some(r#""""#) => Some(quoted(told)),
        Some(text) if text.starts_with('"') => {
            let told = quoted(&format!("\n\n{told}"));
            Some([&text[..text.len() - 1], &told[1..]].concat())
        }
        Some(blocks) => appended(blocks, &text_block(told)),
    }
}

fn begun_answer(draft: &mut Draft<'_>) -> bool {
    if !refuses(draft.target, "assistant_prefill") {
        return false;
    }
    let is_begun = Ending::of(draft).is_begun_answer();
    let turn = format!(r#"{{"role":"user","content":[{}]}}"#, text_block(GO_ON));
    let messages = draft.value("messages").filter(|_| is_begun);
    let Some(messages) = messages.and_then(|messages| appended(&messages, &turn)) else {
        return false;
    };
    draft.set("messages", messages);
    true
}

fn text_block(text: &str) -> String {
    format!(r#"{{"type":"text","text":{}}}"#, quoted(text))
}

/// Edits an object in a field; one that is not there begins empty.
fn edit_object(draft: &mut Draft<'_>, name: &'static str, edits: &[Edit<'_>]) {
    let text = draft.value(name).unwrap_or(Cow::Borrowed("{}"));
    let edited = Fields::parse(&text).ok().and_then(|fields| fields.edited(edits));
    if let Some(edited) = edited {
        draft.set(name, edited);
    }
}

/// How the conversation ends: its last turn, and the one before.
#[derive(Default)]
struct Ending {
    last: Option<Turn>,
    before: Option<Turn>,
}

impl Ending {
    fn of(draft: &Draft<'_>) -> Self {
        let messages = draft.value("messages");
        let turns: Option<Vec<&RawValue>> =
            messages.as_ref().and_then(|list| serde_json::from_str(list).ok());
        let turns = turns.unwrap_or_default();
        let mut turns =
            turns.iter().rev().map(|turn| serde_json::from_str::<Turn>(turn.get()).ok());
        Self { last: turns.next().flatten(), before: turns.next().flatten() }
    }

    /// Whether the model is to go on with words of its own. A paused turn, which ends with tools of
    /// the provider's, is continued by every model.
    fn is_begun_answer(&self) -> bool {
        let last = self.last.as_ref().filter(|turn| turn.role == "assistant");
        last.is_some_and(|turn| match &turn.content {
            Said::Text(_) => true,
            Said::Blocks(blocks) => blocks.last().is_none_or(|block| {
                matches!(block.kind.as_str(), "text" | "thinking" | "redacted_thinking")
            }),
        })
    }

    /// Whether the model cannot begin to think here: its answer is begun, or it waits for results
    /// of calls that it made without thinking.
    fn bars_thinking(&self) -> bool {
        let is_assistant = |turn: &&Turn| turn.role == "assistant";
        if self.last.as_ref().is_some_and(|turn| is_assistant(&turn)) {
            return true;
        }
        let has_results = self.last.as_ref().is_some_and(|turn| turn.has("tool_result"));
        let thinks = |turn: &Turn| turn.has("thinking") || turn.has("redacted_thinking");
        has_results && self.before.as_ref().filter(is_assistant).is_none_or(|turn| !thinks(turn))
    }
}

/// Who speaks, and what kinds of blocks they say.
#[derive(Deserialize)]
struct Turn {
    role: String,
    content: Said,
}

impl Turn {
    fn has(&self, kind: &str) -> bool {
        matches!(&self.content, Said::Blocks(blocks) if blocks.iter().any(|block| block.kind == kind))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Blocks(Vec<Kind>),
    Text(IgnoredAny),
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}
