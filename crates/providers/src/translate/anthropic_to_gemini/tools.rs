//! Tools, and which of them the model has to use.
//!
//! | Anthropic | Gemini |
//! | --- | --- |
//! | `name`, `description` | the same; names that Gemini refuses get another |
//! | `input_schema` | `parametersJsonSchema`, byte for byte |
//! | `strict`, `cache_control` | dropped |
//! | `auto`, `none`, `any` | `AUTO`, `NONE`, `ANY` |
//! | `tool` | `ANY` and its name in `allowedFunctionNames` |
//! | `disable_parallel_tool_use` | dropped, with a note |
//! | tools of Anthropic's own | refused by [`Asked::read`] |

use tollgate_domain::failure::Failure;

use crate::gemini::wire::Function;
use crate::translate::anthropic_request::{Asked, Tool, ToolChoice};
use crate::translate::gemini_request::{self, Choice, Chosen};
use crate::translate::openai_request::refused;

/// The tools of a request. Fails, naming the field, at a choice that cannot be made.
pub(super) fn chosen(
    asked: &mut Asked<'_>,
    notes: &mut Vec<&'static str>,
) -> Result<Chosen, Failure> {
    let tools = std::mem::take(&mut asked.tools).into_iter().enumerate();
    let tools = tools.map(|(n, tool)| function(tool, &format!("tools.{n}")));
    let functions = tools.collect::<Result<_, _>>()?;
    let choice = asked.fields.tool_choice.take();
    if choice.as_ref().is_some_and(|choice| choice.disable_parallel_tool_use) {
        notes.push("tool_choice.disable_parallel_tool_use");
    }
    gemini_request::chosen(functions, choice.map(wish).transpose()?)
}

fn function(tool: Tool<'_>, path: &str) -> Result<Function, Failure> {
    let schema = tool.input_schema;
    gemini_request::function(tool.name, tool.description, schema, path, "input_schema")
}

fn wish(choice: ToolChoice) -> Result<Choice, Failure> {
    let simple = |mode| Ok(Choice { mode, name: None });
    match (choice.kind.as_str(), choice.name) {
        ("auto", _) => simple("AUTO"),
        ("none", _) => simple("NONE"),
        ("any", _) => simple("ANY"),
        ("tool", Some(name)) => Ok(Choice { mode: "ANY", name: Some(name) }),
        ("tool", None) => Err(refused("tool_choice.name", "is required")),
        _ => Err(refused("tool_choice.type", "must be auto, any, tool or none")),
    }
}
