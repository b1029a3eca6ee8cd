//! Tools, and which of them the model has to use.
//!
//! | OpenAI | Anthropic |
//! | --- | --- |
//! | `function.parameters` | `input_schema`; an empty object's where there are none |
//! | `strict` | the same |
//! | `"auto"`, `"none"` | the same |
//! | `"required"` | `any` |
//! | one function | `tool` |
//! | `allowed_tools` | those tools alone, `auto` or `any` |
//! | `parallel_tool_calls: false` | `disable_parallel_tool_use` |
//! | a forced choice, at a model that takes none | `auto`, and an instruction |
//! | tools that are no functions | refused |

use serde_json::Value;
use serde_json::value::RawValue;
use tollgate_domain::failure::Failure;

use super::asked::{Asked, Tool as AskedTool};
use super::{json_object, refused};
use crate::anthropic::abilities::{call_now, can_be_forced};
use crate::anthropic::wire::{Tool, ToolChoice};
use crate::protocol::Target;
use crate::splice::{Edit, Fields};

const NO_PARAMETERS: &str = r#"{"type":"object","properties":{}}"#;

/// Tools, and how they are chosen from.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) tools: Vec<Tool>,
    pub(super) choice: Option<ToolChoice>,
    /// What the model is told where it cannot be forced.
    pub(super) instruction: Option<String>,
}

/// The tools of a request. Fails, naming the field, at tools that are no functions and at a choice
/// that cannot be made.
pub(super) fn chosen(asked: &mut Asked<'_>, target: &Target<'_>) -> Result<Chosen, Failure> {
    let tools = asked.tools.take().into_iter().flatten().enumerate();
    let tools = tools.map(|(n, one)| tool(one, &format!("tools[{n}]")));
    let mut tools: Vec<Tool> = tools.collect::<Result<_, _>>()?;
    let mut wish = wish(asked.tool_choice.as_ref())?;
    if let Some(allowed) = &wish.allowed {
        tools.retain(|tool| allowed.contains(&tool.name));
    }
    if tools.is_empty() {
        return match wish.is_forced() {
            true => Err(refused("tool_choice", "there are no such tools")),
            false => Ok(Chosen { tools, choice: None, instruction: None }),
        };
    }
    let instruction = (wish.is_forced() && !can_be_forced(target)).then(|| {
        wish.kind = "auto";
        call_now(wish.name.take().as_deref())
    });
    let is_single = asked.parallel_tool_calls == Some(false) && wish.kind != "none";
    let is_said = asked.tool_choice.is_some() || is_single;
    let Wish { kind, name, .. } = wish;
    let choice = is_said.then_some(ToolChoice { kind, name, disable_parallel_tool_use: is_single });
    Ok(Chosen { tools, choice, instruction })
}

fn tool(tool: AskedTool<'_>, path: &str) -> Result<Tool, Failure> {
    let is_function = tool.kind.as_deref().is_none_or(|kind| kind == "function");
    let function = tool.function.filter(|_| is_function);
    let function = function
        .ok_or_else(|| refused(&format!("{path}.type"), "this provider takes functions alone"))?;
    let input_schema = schema(function.parameters)
        .ok_or_else(|| refused(&format!("{path}.function.parameters"), "must be an object"))?;
    Ok(Tool {
        name: function.name,
        description: function.description.filter(|text| !text.is_empty()),
        input_schema,
        strict: function.strict.unwrap_or(false),
    })
}

/// A schema of an object, which is what Anthropic wants; byte for byte if it says so itself.
fn schema(parameters: Option<&RawValue>) -> Option<Box<RawValue>> {
    let text = parameters.map_or(NO_PARAMETERS, RawValue::get);
    let fields = Fields::parse(text).ok()?;
    if fields.get("type").is_some() {
        return json_object(text);
    }
    json_object(&fields.edited(&[Edit::set("type", "\"object\"")])?)
}

/// What the caller wants of the tools.
#[derive(Debug, Default)]
struct Wish {
    /// Anthropic's word for it.
    kind: &'static str,
    name: Option<String>,
    allowed: Option<Vec<String>>,
}

impl Wish {
    fn is_forced(&self) -> bool {
        matches!(self.kind, "any" | "tool")
    }
}

fn wish(choice: Option<&Value>) -> Result<Wish, Failure> {
    let simple = |kind| Ok(Wish { kind, ..Wish::default() });
    let unknown = || refused("tool_choice", "this provider takes a choice of functions alone");
    match choice {
        None => simple("auto"),
        Some(Value::String(word)) => simple(mode(word).ok_or_else(unknown)?),
        Some(choice) if choice["type"] == "function" => {
            let name = choice["function"]["name"].as_str().ok_or_else(unknown)?.to_owned();
            Ok(Wish { kind: "tool", name: Some(name), allowed: None })
        }
        Some(choice) if choice["type"] == "allowed_tools" => {
            let allowed = &choice["allowed_tools"];
            let kind = mode(allowed["mode"].as_str().unwrap_or("auto")).ok_or_else(unknown)?;
            let names = allowed["tools"].as_array().into_iter().flatten();
            let names = names.filter_map(|tool| tool["function"]["name"].as_str());
            Ok(Wish { kind, name: None, allowed: Some(names.map(str::to_owned).collect()) })
        }
        Some(_) => Err(unknown()),
    }
}

fn mode(word: &str) -> Option<&'static str> {
    match word {
        "auto" => Some("auto"),
        "none" => Some("none"),
        "required" => Some("any"),
        _ => None,
    }
}
