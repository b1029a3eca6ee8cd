//! An Anthropic caller, an OpenAI-protocol provider: the request on its way there ([`request`]),
//! the answer on its way back ([`answer`] whole, [`Relay`] streamed).
//!
//! What comes out is an OpenAI body like any caller's: the provider's row and the model's
//! constraints still change it (see [`openai::request`](crate::openai)).
//!
//! | Anthropic | OpenAI |
//! | --- | --- |
//! | `system`, `messages` | `messages`: see [`messages`] |
//! | `tools`, `tool_choice` | the same, `parallel_tool_calls`: see [`tools`] |
//! | `thinking`, `output_config.effort` | `reasoning_effort`: see [`thinking`] |
//! | `max_tokens` | `max_tokens`, at most the model's longest; 0 is refused |
//! | `temperature`, `top_p`, `stream` | the same |
//! | `stop_sequences` | `stop`, empty ones dropped; more than four are refused |
//! | `output_config.format` | `response_format`, `strict` where the schema allows it |
//! | `metadata.user_id` | `user` |
//! | `top_k`, `context_management` | dropped, with a note |
//! | `container`, `mcp_servers` | refused |
//! | all else | dropped |

mod answer;
mod ids;
mod messages;
mod schema;
mod stream;
mod thinking;
mod tools;
mod wire;

use serde_json::value::RawValue;
use tollgate_domain::failure::Failure;

use crate::protocol::Target;
use crate::translate::anthropic_request::{Asked, Fields};
use crate::translate::longest::at_most;
use crate::translate::openai_request::refused;
use messages::Conversation;
use wire::{JsonSchema, Request, ResponseFormat};

pub(crate) use answer::answer;
pub(crate) use stream::Relay;

/// As many stop sequences as OpenAI takes.
const MAX_STOPS: usize = 4;
/// The name of the schema of an answer, which OpenAI wants and Anthropic does not have.
const SCHEMA_NAME: &str = "answer";

/// A request, and what of the caller's it could not carry.
#[derive(Debug)]
pub(crate) struct Translated {
    /// The request's JSON.
    pub(crate) body: String,
    /// Fields that were dropped or replaced by something weaker.
    pub(crate) notes: Vec<&'static str>,
}

/// The request that asks what `body`, a request for a message, asks of `target`. Fails, naming the
/// field, at what cannot be asked of OpenAI's protocol.
pub(crate) fn request(body: &[u8], target: &Target<'_>) -> Result<Translated, Failure> {
    let asked = Asked::read(body)?;
    let fields = &asked.fields;
    refuse_the_impossible(fields)?;
    let mut notes = dropped(fields);
    let chosen = tools::chosen(&asked, target)?;
    if chosen.instruction.is_some() {
        notes.push("tool_choice");
    }
    let mut conversation = Conversation::read(&asked, target)?;
    if conversation.messages.is_empty() {
        return Err(refused("messages", "must say something"));
    }
    conversation.tell(chosen.instruction);
    notes.append(&mut conversation.notes);
    let effort = thinking::effort(&asked, target.constraints);
    if effort.is_changed {
        notes.push("thinking");
    }
    let request = Request {
        model: target.model_code,
        messages: conversation.messages,
        tools: chosen.tools,
        tool_choice: chosen.choice,
        parallel_tool_calls: chosen.is_single.then_some(false),
        response_format: asked.schema.map(response_format),
        reasoning_effort: effort.word,
        max_tokens: fields.max_tokens.map(|wanted| at_most(wanted, target)),
        temperature: fields.temperature,
        top_p: fields.top_p,
        stop: stop(fields)?,
        user: asked.user_id().filter(|user| !user.is_empty()),
        stream: fields.stream,
    };
    let body = serde_json::to_string(&request).expect("texts and numbers can be written");
    Ok(Translated { body, notes })
}

fn refuse_the_impossible(fields: &Fields<'_>) -> Result<(), Failure> {
    let nothing = "this provider has nothing like it";
    if fields.container.is_some() {
        return Err(refused("container", nothing));
    }
    if fields.mcp_servers.as_ref().is_some_and(|servers| !servers.is_empty()) {
        return Err(refused("mcp_servers", nothing));
    }
    if fields.max_tokens == Some(0) {
        return Err(refused(
            "max_tokens",
            "must be at least 1: this provider's cache fills itself",
        ));
    }
    Ok(())
}

fn dropped(fields: &Fields<'_>) -> Vec<&'static str> {
    let fields = [
        ("top_k", fields.top_k.is_some()),
        ("context_management", fields.context_management.is_some()),
    ];
    fields.iter().filter(|(_, is_asked)| *is_asked).map(|(field, _)| *field).collect()
}

fn stop<'a>(fields: &'a Fields<'_>) -> Result<Vec<&'a str>, Failure> {
    let stops = fields.stop_sequences.iter().flatten().map(String::as_str);
    let stops: Vec<&str> = stops.filter(|stop| !stop.is_empty()).collect();
    if stops.len() > MAX_STOPS {
        return Err(refused("stop_sequences", "this provider takes at most 4"));
    }
    Ok(stops)
}

fn response_format(schema: &RawValue) -> ResponseFormat<'_> {
    let strict = schema::is_strict(schema).then_some(true);
    ResponseFormat::JsonSchema { json_schema: JsonSchema { name: SCHEMA_NAME, strict, schema } }
}
