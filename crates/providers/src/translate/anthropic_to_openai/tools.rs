//! Tools, and which of them the model has to use.
//!
//! | Anthropic | OpenAI |
//! | --- | --- |
//! | `name`, `description` | the same; names that the provider refuses get another |
//! | `strict` | the same, unless OpenAI takes the schema only without |
//! | `input_schema` | `function.parameters`, byte for byte |
//! | `auto`, `none` | the same |
//! | `any` | `"required"` |
//! | `tool` | one function |
//! | `disable_parallel_tool_use` | `parallel_tool_calls: false` |
//! | a forced choice, at a model that takes none | `auto`, and an instruction |
//! | tools that Anthropic runs | refused |

use tollgate_domain::failure::Failure;

use super::schema::is_strict;
use super::wire::{Function, Named, Tool, ToolChoice};
use crate::anthropic::abilities::{call_now, refuses};
use crate::protocol::Target;
use crate::translate::anthropic_request::{Asked, Tool as AskedTool, ToolChoice as Wish};
use crate::translate::openai_request::refused;
use crate::translate::tool_names::Rule;

/// Tools, and how they are chosen from.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    pub(super) tools: Vec<Tool<'a>>,
    pub(super) choice: Option<ToolChoice>,
    /// Whether there is to be at most one call.
    pub(super) is_single: bool,
    /// What the model is told where it cannot be forced.
    pub(super) instruction: Option<String>,
}

/// The tools of a request. Fails, naming the field, at a choice that cannot be made.
pub(super) fn chosen<'a>(asked: &'a Asked<'_>, target: &Target<'_>) -> Result<Chosen<'a>, Failure> {
    let names = Rule::of_at_least(target.upstream.quirks.min_tool_name);
    let tools: Vec<Tool<'a>> = asked.tools.iter().map(|one| tool(one, names)).collect();
    let Some(wish) = &asked.fields.tool_choice else {
        return Ok(Chosen { tools, ..Chosen::default() });
    };
    let name = named(wish, asked)?;
    // Without tools OpenAI refuses a choice of any kind.
    if tools.is_empty() {
        return Ok(Chosen::default());
    }
    let is_single = wish.disable_parallel_tool_use && wish.kind != "none";
    let sent_name = name.map(|name| names.name_for_provider(name));
    let is_forced = matches!(wish.kind.as_str(), "any" | "tool");
    if is_forced && refuses(target, "forced_tool_choice") {
        let told = call_now(sent_name.as_deref());
        let (choice, instruction) = (Some(ToolChoice::Mode("auto")), Some(told));
        return Ok(Chosen { tools, choice, is_single, instruction });
    }
    let choice = Some(choice(&wish.kind, sent_name)?);
    Ok(Chosen { tools, choice, is_single, instruction: None })
}

fn tool<'a>(tool: &'a AskedTool<'_>, names: Rule) -> Tool<'a> {
    let function = Function {
        name: names.name_for_provider(&tool.name),
        description: tool.description.as_deref().filter(|text| !text.is_empty()),
        parameters: tool.input_schema,
        strict: tool.strict.filter(|strict| !strict || tool.input_schema.is_some_and(is_strict)),
    };
    Tool { kind: "function", function }
}

/// The one tool that has to be called, if it is one, and there is one at all.
fn named<'a>(wish: &'a Wish, asked: &Asked<'_>) -> Result<Option<&'a str>, Failure> {
    let missing = || Err(refused("tool_choice", "there are no such tools"));
    match (wish.kind.as_str(), wish.name.as_deref()) {
        ("tool", None) => Err(refused("tool_choice.name", "is required")),
        ("tool", Some(name)) if asked.tools.iter().any(|tool| tool.name == name) => Ok(Some(name)),
        ("tool", Some(_)) => missing(),
        ("any", _) if asked.tools.is_empty() => missing(),
        _ => Ok(None),
    }
}

fn choice(kind: &str, name: Option<String>) -> Result<ToolChoice, Failure> {
    Ok(match (kind, name) {
        (_, Some(name)) => ToolChoice::One { kind: "function", function: Named { name } },
        ("auto", None) => ToolChoice::Mode("auto"),
        ("none", None) => ToolChoice::Mode("none"),
        ("any", None) => ToolChoice::Mode("required"),
        _ => return Err(refused("tool_choice.type", "must be auto, any, tool or none")),
    })
}
