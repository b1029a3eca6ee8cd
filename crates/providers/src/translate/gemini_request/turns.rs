//! A conversation in Gemini's order: neighbours of one role are one turn, the user begins, and
//! results of tools go before what else the user says.

use std::collections::HashMap;

use serde_json::json;
use serde_json::value::RawValue;

use super::thinking::generation;
use crate::anthropic::abilities::GO_ON;
use crate::gemini::wire::{Call, CallResult, Data, Part, Role, Turn};
use crate::translate::openai_request::json_object;
use crate::translate::tool_names::Rule;

/// What Gemini takes in place of the signature of a call that it did not make.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// A conversation so far.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    turns: Vec<Turn>,
    /// The names of called functions by the ids of their calls.
    names: HashMap<String, String>,
    /// Whether the model wants to see the signatures of its calls again.
    wants_signatures: bool,
}

impl Turns {
    /// A conversation with a model that may want to see the signatures of its calls again.
    pub(crate) fn new(wants_signatures: bool) -> Self {
        Self { wants_signatures, ..Self::default() }
    }

    /// Whether nobody has said anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// Adds what `role` says; nothing is no turn.
    pub(crate) fn say(&mut self, role: Role, parts: impl IntoIterator<Item = Part>) {
        let mut parts = parts.into_iter().peekable();
        if parts.peek().is_none() {
            return;
        }
        match self.turns.last_mut() {
            Some(turn) if turn.role == role => turn.parts.extend(parts),
            _ => self.turns.push(Turn { role, parts: parts.collect() }),
        }
    }

    /// The part that is a call of a message's, with the signature that came with it, or with the
    /// stand-in for one: of parallel calls the first alone has to have one.
    pub(crate) fn call(
        &mut self,
        mut call: Call,
        signature: Option<String>,
        is_first: bool,
    ) -> Part {
        call.name = Rule::GEMINI.name_for_provider(&call.name);
        if let Some(id) = &call.id {
            self.names.insert(id.clone(), call.name.clone());
        }
        let stand_in = (is_first && self.wants_signatures).then(|| NO_SIGNATURE.to_owned());
        Part { data: Data::FunctionCall(call), thought_signature: signature.or(stand_in) }
    }

    /// The result of the call of that id, and what of it is no text behind it; `None` if there was
    /// no such call.
    pub(crate) fn result(&self, id: String, said: Vec<Part>, is_error: bool) -> Option<Vec<Part>> {
        let name = self.names.get(&id)?.clone();
        let (mut texts, mut others) = (Vec::new(), Vec::new());
        for part in said {
            match part.data {
                Data::Text(text) => texts.push(text),
                data => others.push(Part::from(data)),
            }
        }
        let response = response(&texts.join("\n"), is_error);
        let result = Data::FunctionResponse(CallResult { id, name, response });
        Some(std::iter::once(Part::from(result)).chain(others).collect())
    }

    /// The whole conversation.
    pub(crate) fn arranged(mut self) -> Vec<Turn> {
        if self.turns.first().is_none_or(|turn| turn.role != Role::User) {
            self.turns.insert(0, Turn { role: Role::User, parts: vec![Part::text(GO_ON)] });
        }
        for turn in &mut self.turns {
            turn.parts.sort_by_key(|part| !matches!(part.data, Data::FunctionResponse(_)));
        }
        self.turns
    }
}

/// A result as the object that Gemini wants: a text that is one already, and else the text under
/// `result`, or under `error` if it tells of one.
fn response(text: &str, is_error: bool) -> Box<RawValue> {
    let object = json_object(text).filter(|_| !is_error && !text.trim().is_empty());
    object.unwrap_or_else(|| {
        let wrapped = if is_error { json!({"error": text}) } else { json!({"result": text}) };
        serde_json::value::to_raw_value(&wrapped).expect("a JSON value is valid JSON")
    })
}

/// Whether the model checks the signatures of calls in the conversation, as Gemini does from its
/// third generation on.
pub(crate) fn wants_signatures(model_code: &str) -> bool {
    let name = model_code.rsplit('/').next().unwrap_or_default();
    let generation = generation(model_code);
    name.starts_with("gemini") && generation.is_none_or(|generation| generation >= 3)
}
