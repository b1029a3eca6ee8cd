//! Tools that the provider runs itself, as DashScope's compatible mode takes them: fields beside
//! `tools`, as Model Studio's documentation of web search and of the code interpreter says.

use serde_json::Value;
use serde_json::value::RawValue;
use tollgate_domain::chat::ChatCall;
use tollgate_domain::failure::Failure;

use crate::splice::{Edits, Fields};
use crate::translate::openai_request::refused;

/// What stands beside a web search's type and is of use to DashScope.
const SEARCH_OPTIONS: &str = "search_options";

/// Takes `web_search` and `code_interpreter` out of `tools` and sets what stands for them. A field
/// that the caller has set stays as it is. Fails where the code interpreter is asked for without a
/// stream, which DashScope refuses.
pub(super) fn as_fields<'a>(
    call: &ChatCall,
    fields: &Fields<'a>,
    edits: &mut Edits<'a>,
) -> Result<(), Failure> {
    let Some(tools) = fields.get("tools") else { return Ok(()) };
    let Ok(tools) = serde_json::from_str::<Vec<&RawValue>>(tools) else { return Ok(()) };
    let mut others = Vec::with_capacity(tools.len());
    let (mut searches, mut interprets) = (None, false);
    for tool in &tools {
        let parsed: Value = serde_json::from_str(tool.get()).unwrap_or_default();
        match parsed["type"].as_str() {
            Some("web_search") => searches = Some(parsed),
            Some("code_interpreter") => interprets = true,
            _ => others.push(tool.get()),
        }
    }
    if others.len() == tools.len() {
        return Ok(());
    }
    if interprets && !call.facts.is_stream {
        return Err(refused("tools", "code_interpreter needs `stream: true` at this provider"));
    }
    match others.is_empty() {
        true => ["tools", "tool_choice", "parallel_tool_calls"]
            .into_iter()
            .for_each(|name| edits.remove(name)),
        false => edits.set("tools", format!("[{}]", others.join(","))),
    }
    let mut set = |name: &'static str, value: String| {
        if fields.get(name).is_none() {
            edits.set(name, value);
        }
    };
    if let Some(tool) = searches {
        set("enable_search", "true".to_owned());
        if tool[SEARCH_OPTIONS].is_object() {
            set(SEARCH_OPTIONS, tool[SEARCH_OPTIONS].to_string());
        }
    }
    if interprets {
        set("enable_code_interpreter", "true".to_owned());
        // It works for models that think alone.
        set("enable_thinking", "true".to_owned());
    }
    Ok(())
}
