//! Tools, and which of them the model has to use.

use serde_json::value::RawValue;
use tollgate_domain::failure::Failure;

use crate::gemini::wire::{CallingConfig, Function, ToolConfig, Tools};
use crate::translate::openai_request::{json_object, refused};
use crate::translate::tool_names::Rule;

/// What the caller wants of the tools.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Gemini's word for it: `AUTO`, `NONE` or `ANY`.
    pub(crate) mode: &'static str,
    /// The one tool to use, under the caller's name.
    pub(crate) name: Option<String>,
}

impl Choice {
    /// The same with the name that Gemini gets.
    fn renamed(self) -> Self {
        let name = self.name.map(|name| Rule::GEMINI.name_for_provider(&name));
        Self { name, ..self }
    }
}

/// Tools, and how they are chosen from.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// The tools; none, or one list of them.
    pub(crate) tools: Vec<Tools>,
    /// How they are chosen from, where the caller says.
    pub(crate) config: Option<ToolConfig>,
}

/// Those functions, and the choice among them. Fails at a choice that cannot be made.
pub(crate) fn chosen(functions: Vec<Function>, choice: Option<Choice>) -> Result<Chosen, Failure> {
    let choice = choice.map(|choice| choice.renamed());
    let is_known = |name: &String| functions.iter().any(|function| function.name == *name);
    let is_impossible = |choice: &Choice| {
        choice.mode == "ANY" && (functions.is_empty() || !choice.name.iter().all(is_known))
    };
    if choice.as_ref().is_some_and(is_impossible) {
        return Err(refused("tool_choice", "there are no such tools"));
    }
    if functions.is_empty() {
        return Ok(Chosen { tools: Vec::new(), config: None });
    }
    let config = choice.map(|Choice { mode, name }| ToolConfig {
        function_calling_config: CallingConfig {
            mode,
            allowed_function_names: name.into_iter().collect(),
        },
    });
    Ok(Chosen { tools: vec![Tools { function_declarations: functions }], config })
}

/// The function that stands at `path` in the request, with its schema, if it has one, byte for
/// byte; `schema_field` is that field's name there.
pub(crate) fn function(
    name: String,
    description: Option<String>,
    schema: Option<&RawValue>,
    path: &str,
    schema_field: &str,
) -> Result<Function, Failure> {
    let object = |schema: &RawValue| {
        let wrong = || refused(&format!("{path}.{schema_field}"), "must be an object");
        json_object(schema.get()).ok_or_else(wrong)
    };
    Ok(Function {
        name: Rule::GEMINI.name_for_provider(&name),
        description: description.filter(|text| !text.is_empty()),
        parameters_json_schema: schema.map(object).transpose()?,
    })
}
