//! Tools, and which of them the model has to use.
//!
//! | OpenAI | Gemini |
//! | --- | --- |
//! | `function.parameters` | `parametersJsonSchema`, byte for byte; absent where there are none |
//! | `strict` | dropped |
//! | `"auto"`, `"none"`, `"required"` | `AUTO`, `NONE`, `ANY` |
//! | one function | `ANY` and its name in `allowedFunctionNames` |
//! | `allowed_tools` | those tools alone, `AUTO` or `ANY` |
//! | names that Gemini refuses | others, and the caller's own in the answer |
//! | tools that are no functions | refused |

use serde_json::Value;
use tollgate_domain::failure::Failure;

use super::asked::{Asked, Tool};
use crate::gemini::wire::Function;
use crate::translate::gemini_request::{self, Choice, Chosen};
use crate::translate::openai_request::refused;
use crate::translate::tool_names::Rule;

/// The tools of a request. Fails, naming the field, at tools that are no functions and at a choice
/// that cannot be made.
pub(super) fn chosen(asked: &mut Asked<'_>) -> Result<Chosen, Failure> {
    let tools = asked.tools.take().into_iter().flatten().enumerate();
    let tools = tools.map(|(n, one)| function(one, &format!("tools[{n}]")));
    let mut functions: Vec<Function> = tools.collect::<Result<_, _>>()?;
    let wish = asked.tool_choice.as_ref().map(wish).transpose()?;
    if let Some(allowed) = wish.as_ref().and_then(|wish| wish.allowed.as_ref()) {
        let allowed: Vec<String> =
            allowed.iter().map(|name| Rule::GEMINI.name_for_provider(name)).collect();
        functions.retain(|function| allowed.contains(&function.name));
    }
    gemini_request::chosen(functions, wish.map(|wish| wish.choice))
}

fn function(tool: Tool<'_>, path: &str) -> Result<Function, Failure> {
    let is_function = tool.kind.as_deref().is_none_or(|kind| kind == "function");
    let function = tool.function.filter(|_| is_function);
    let function = function
        .ok_or_else(|| refused(&format!("{path}.type"), "this provider takes functions alone"))?;
    let path = format!("{path}.function");
    let schema = function.parameters;
    gemini_request::function(function.name, function.description, schema, &path, "parameters")
}

/// What the caller wants of the tools.
#[derive(Debug)]
struct Wish {
    choice: Choice,
    /// The only tools that may be used.
    allowed: Option<Vec<String>>,
}

fn wish(choice: &Value) -> Result<Wish, Failure> {
    let unknown = || refused("tool_choice", "this provider takes a choice of functions alone");
    let wish = |mode, name, allowed| Wish { choice: Choice { mode, name }, allowed };
    if let Some(word) = choice.as_str() {
        return Ok(wish(mode(word).ok_or_else(unknown)?, None, None));
    }
    match choice["type"].as_str() {
        Some("function") => {
            let name = choice["function"]["name"].as_str().ok_or_else(unknown)?.to_owned();
            Ok(wish("ANY", Some(name), None))
        }
        Some("allowed_tools") => {
            let allowed = &choice["allowed_tools"];
            let mode = mode(allowed["mode"].as_str().unwrap_or("auto")).ok_or_else(unknown)?;
            let names = allowed["tools"].as_array().into_iter().flatten();
            let names = names.filter_map(|tool| tool["function"]["name"].as_str());
            Ok(wish(mode, None, Some(names.map(str::to_owned).collect())))
        }
        _ => Err(unknown()),
    }
}

fn mode(word: &str) -> Option<&'static str> {
    match word {
        "auto" => Some("AUTO"),
        "none" => Some("NONE"),
        "required" => Some("ANY"),
        _ => None,
    }
}
