//! Tools, and which of them the model has to use.
//!
//! | OpenAI | Gemini |
//! | --- | --- |
//! | `function.parameters` | `parametersJsonSchema`, byte for byte; absent where there are none |
//! | `strict` | dropped |
//! | `"auto"`, `"none"`, `"required"` | `AUTO`, `NONE`, `ANY` |
//! | one function | `ANY` and its name in `allowedFunctionNames` |
//! | `allowed_tools` | those tools alone, `AUTO` or `ANY` |
//! | tools that are no functions, names that Gemini refuses | refused |

use serde_json::Value;
use tollgate_domain::failure::Failure;

use super::asked::{Asked, Tool as AskedTool};
use super::{json_object, refused};
use crate::gemini::wire::{CallingConfig, Function, ToolConfig, Tools};

/// Tools, and how they are chosen from.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) tools: Vec<Tools>,
    pub(super) config: Option<ToolConfig>,
}

/// The tools of a request. Fails, naming the field, at tools that are no functions and at a choice
/// that cannot be made.
pub(super) fn chosen(asked: &mut Asked<'_>) -> Result<Chosen, Failure> {
    let tools = asked.tools.take().into_iter().flatten().enumerate();
    let tools = tools.map(|(n, one)| function(one, &format!("tools[{n}]")));
    let mut functions: Vec<Function> = tools.collect::<Result<_, _>>()?;
    let wish = wish(asked.tool_choice.as_ref())?;
    if let Some(allowed) = &wish.allowed {
        functions.retain(|function| allowed.contains(&function.name));
    }
    let is_known = |name: &String| functions.iter().any(|function| function.name == *name);
    if wish.mode == "ANY" && (functions.is_empty() || !wish.name.iter().all(is_known)) {
        return Err(refused("tool_choice", "there are no such tools"));
    }
    if functions.is_empty() {
        return Ok(Chosen { tools: Vec::new(), config: None });
    }
    let config = asked.tool_choice.is_some().then(|| ToolConfig {
        function_calling_config: CallingConfig {
            mode: wish.mode,
            allowed_function_names: wish.name.into_iter().collect(),
        },
    });
    Ok(Chosen { tools: vec![Tools { function_declarations: functions }], config })
}

fn function(tool: AskedTool<'_>, path: &str) -> Result<Function, Failure> {
    let is_function = tool.kind.as_deref().is_none_or(|kind| kind == "function");
    let function = tool.function.filter(|_| is_function);
    let function = function
        .ok_or_else(|| refused(&format!("{path}.type"), "this provider takes functions alone"))?;
    if !function.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        let path = format!("{path}.function.name");
        return Err(refused(&path, "must begin with a letter or an underscore at this provider"));
    }
    let schema = |parameters: &str| {
        json_object(parameters)
            .ok_or_else(|| refused(&format!("{path}.function.parameters"), "must be an object"))
    };
    Ok(Function {
        name: function.name,
        description: function.description.filter(|text| !text.is_empty()),
        parameters_json_schema: function.parameters.map(|it| schema(it.get())).transpose()?,
    })
}

/// What the caller wants of the tools.
#[derive(Debug)]
struct Wish {
    /// Gemini's word for it.
    mode: &'static str,
    name: Option<String>,
    allowed: Option<Vec<String>>,
}

fn wish(choice: Option<&Value>) -> Result<Wish, Failure> {
    let simple = |mode| Ok(Wish { mode, name: None, allowed: None });
    let unknown = || refused("tool_choice", "this provider takes a choice of functions alone");
    match choice {
        None => simple("AUTO"),
        Some(Value::String(word)) => simple(mode(word).ok_or_else(unknown)?),
        Some(choice) if choice["type"] == "function" => {
            let name = choice["function"]["name"].as_str().ok_or_else(unknown)?.to_owned();
            Ok(Wish { mode: "ANY", name: Some(name), allowed: None })
        }
        Some(choice) if choice["type"] == "allowed_tools" => {
            let allowed = &choice["allowed_tools"];
            let mode = mode(allowed["mode"].as_str().unwrap_or("auto")).ok_or_else(unknown)?;
            let names = allowed["tools"].as_array().into_iter().flatten();
            let names = names.filter_map(|tool| tool["function"]["name"].as_str());
            Ok(Wish { mode, name: None, allowed: Some(names.map(str::to_owned).collect()) })
        }
        Some(_) => Err(unknown()),
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
