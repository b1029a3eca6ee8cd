//! What the make-believe model answers, before it is put into JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::attached::attached;
use super::request::{ChatRequest, text_of};
use crate::schema::example;
use crate::tokens;

/// The longest part of a question or a tool's result an answer repeats.
const LONGEST_QUOTE: usize = 200;
const MOST_CALLS: usize = 2;
const CALL_TOKENS: u64 = 4;

/// One choice; all choices of a call are alike.
#[derive(Debug)]
pub(super) struct ChatAnswer {
    pub(super) reasoning: Vec<String>,
    pub(super) said: Said,
    pub(super) finish: &'static str,
    /// The stop sequence that ended it.
    pub(super) stop: Option<String>,
    /// All tokens of this choice, and those of them which were reasoning.
    pub(super) tokens: u64,
    pub(super) reasoning_tokens: u64,
}

#[derive(Debug)]
pub(super) enum Said {
    Text(Vec<String>),
    Calls(Vec<ToolCall>),
}

/// A call of a tool, its arguments (or the input of a custom tool) in tokens.
#[derive(Debug)]
pub(crate) struct ToolCall {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) is_custom: bool,
    pub(crate) input: Vec<String>,
}

impl ChatAnswer {
    /// Answers a request: calls tools if it may, fits JSON to a schema, or else says something about the
    /// question. `number` makes ids of tool calls unique; `text` is what to say instead.
    pub(super) fn new(request: &ChatRequest, number: u64, text: Option<&str>) -> Self {
        let mut budget = request.max_tokens.unwrap_or(u64::MAX);
        let thoughts = if request.reasons() { thoughts(request) } else { String::new() };
        let (reasoning, mut is_cut) = spend(&thoughts, &mut budget);
        let reasoning_tokens = reasoning.len() as u64;
        let tools = chosen_tools(request);
        if tools.is_empty() || text.is_some() || is_cut {
            let text = text.map_or_else(|| content(request), str::to_owned);
            let (text, stop) = stopped(&text, &request.stops);
            let (pieces, cut) = spend(text, &mut budget);
            let tokens = reasoning_tokens + pieces.len() as u64;
            let (finish, stop) = if is_cut || cut { ("length", None) } else { ("stop", stop) };
            let said = Said::Text(pieces);
            return Self { reasoning, said, finish, stop, tokens, reasoning_tokens };
        }
        let mut tokens = reasoning_tokens;
        let mut calls = Vec::new();
        for (index, tool) in tools.iter().enumerate() {
            budget = budget.saturating_sub(CALL_TOKENS);
            let (call, cut) =
                call(tool, &format!("call_sim{number}_{index}"), request, &mut budget);
            tokens += CALL_TOKENS + call.input.len() as u64;
            is_cut |= cut;
            calls.push(call);
        }
        // As at OpenAI, a call of a tool the caller named counts as an ordinary stop.
        let usual = if named_tool(request).is_some() { "stop" } else { "tool_calls" };
        let finish = if is_cut { "length" } else { usual };
        let said = Said::Calls(calls);
        Self { reasoning, said, finish, stop: None, tokens, reasoning_tokens }
    }
}

/// As many tokens of a text as the budget has, and whether that cut it.
fn spend(text: &str, budget: &mut u64) -> (Vec<String>, bool) {
    let tokens = tokens::split(text);
    let kept = tokens.len().min(usize::try_from(*budget).unwrap_or(usize::MAX));
    *budget -= kept as u64;
    (tokens[..kept].iter().map(|token| (*token).to_owned()).collect(), kept < tokens.len())
}

/// A text up to the first of these, and which that was.
fn stopped<'a>(text: &'a str, stops: &[String]) -> (&'a str, Option<String>) {
    let found = stops.iter().filter(|stop| !stop.is_empty());
    let first = found.filter_map(|stop| Some((text.find(stop.as_str())?, stop))).min();
    match first {
        Some((at, stop)) => (&text[..at], Some(stop.clone())),
        None => (text, None),
    }
}

fn thoughts(request: &ChatRequest) -> String {
    let question = tokens::excerpt(&request.question(), 60);
    format!("The user wrote \"{question}\". A short answer will do.")
}

fn content(request: &ChatRequest) -> String {
    match request.format["type"].as_str() {
        Some("json_object") => json!({ "answer": sentence(request) }).to_string(),
        Some("json_schema") => example(&request.format["json_schema"]["schema"]).to_string(),
        _ => sentence(request),
    }
}

fn sentence(request: &ChatRequest) -> String {
    let results = tool_results(request);
    if !results.is_empty() {
        return format!("The tools answered: {}.", results.join("; "));
    }
    let mut sentence = "Hello from the simulator.".to_owned();
    let mut add = |what: &str, said: &str| {
        if !said.is_empty() {
            let _ = write!(sentence, " {what}: \"{}\"", tokens::excerpt(said, LONGEST_QUOTE));
        }
    };
    add("You wrote", &request.question());
    add("I was told", &request.instructions());
    add("I see", &attached(request).join(", "));
    sentence
}

/// The tool messages at the end of the conversation, each with the name of its tool.
fn tool_results(request: &ChatRequest) -> Vec<String> {
    let name_of = |id: &Value| {
        let calls = request.messages.iter().filter_map(|it| it["tool_calls"].as_array()).flatten();
        let call = calls.into_iter().find(|call| &call["id"] == id)?;
        let kind = call["type"].as_str().unwrap_or("function");
        call[kind]["name"].as_str().map(str::to_owned)
    };
    let results = request.messages.iter().rev().take_while(|message| message["role"] == "tool");
    let mut results: Vec<String> = results
        .map(|message| {
            let name = name_of(&message["tool_call_id"]).unwrap_or_else(|| "a tool".to_owned());
            format!("{name} = {}", tokens::excerpt(&text_of(&message["content"]), LONGEST_QUOTE))
        })
        .collect();
    results.reverse();
    results
}

/// The tools to call now; none when the request does not want it or brings results.
fn chosen_tools(request: &ChatRequest) -> Vec<&Value> {
    let last_is_user = request.messages.last().is_some_and(|message| message["role"] == "user");
    if !last_is_user || request.tool_choice == "none" {
        return Vec::new();
    }
    let is_wanted = |tool: &&Value| match (named_tool(request), allowed_tools(request)) {
        (Some(name), _) => tool_name(tool) == name,
        (None, Some(allowed)) => allowed.contains(&tool_name(tool)),
        (None, None) => true,
    };
    let most = if request.parallel { MOST_CALLS } else { 1 };
    request.tools.iter().filter(is_wanted).take(most).collect()
}

fn named_tool(request: &ChatRequest) -> Option<&str> {
    let kind = request.tool_choice["type"].as_str()?;
    request.tool_choice[kind]["name"].as_str()
}

fn allowed_tools(request: &ChatRequest) -> Option<Vec<&str>> {
    let tools = request.tool_choice["allowed_tools"]["tools"].as_array()?;
    Some(tools.iter().map(tool_name).collect())
}

fn tool_name(tool: &Value) -> &str {
    let kind = tool["type"].as_str().unwrap_or("function");
    tool[kind]["name"].as_str().unwrap_or_default()
}

fn call(tool: &Value, id: &str, request: &ChatRequest, budget: &mut u64) -> (ToolCall, bool) {
    let is_custom = tool["type"] == "custom";
    let input = match is_custom {
        true => tokens::excerpt(&request.question(), LONGEST_QUOTE),
        false => match &tool["function"]["parameters"] {
            Value::Null => "{}".to_owned(),
            parameters => example(parameters).to_string(),
        },
    };
    let (input, is_cut) = spend(&input, budget);
    (ToolCall { id: id.to_owned(), name: tool_name(tool).to_owned(), is_custom, input }, is_cut)
}
