//! An OpenAI caller, an Anthropic provider: the request on its way there ([`request`]), the answer
//! on its way back ([`completion`] whole, [`Relay`] streamed).
//!
//! | OpenAI | Anthropic |
//! | --- | --- |
//! | `messages` | `system`, `messages`: see [`messages`] |
//! | `tools`, `tool_choice`, `parallel_tool_calls` | the same: see [`tools`] |
//! | `max_completion_tokens`, `max_tokens` | `max_tokens`; else the provider's default, the model's longest, 4096; at most the model's longest |
//! | `temperature`, `top_p` | the same, at most 1; dropped where the model refuses them or is told to think |
//! | `stop` | `stop_sequences`, blank ones dropped |
//! | `response_format` `json_schema` | `output_config.format` |
//! | `response_format` `json_object` | an instruction in `system` |
//! | `reasoning_effort` | `thinking` and `output_config.effort`: see [`thinking`] |
//! | `user`, `safety_identifier` | `metadata.user_id` |
//! | `stream` | the same |
//! | `seed`, penalties | dropped, with a note |
//! | `n` > 1, `logprobs`, `logit_bias`, audio, `functions`, `web_search_options`, `store` | refused |
//! | all else | dropped |

mod answer;
mod asked;
mod messages;
mod stream;
mod thinking;
mod tools;

use serde_json::Value;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::anthropic::abilities::refuses;
use crate::anthropic::wire::{Format, Metadata, OutputConfig, Part, Request};
use crate::protocol::Target;
use crate::translate::longest::at_most;
use crate::translate::openai_request::{ResponseFormat, Stop, json_object, refused};
use asked::Asked;
use messages::Conversation;

pub(crate) use answer::completion;
pub(crate) use stream::{Piece, Relay};

/// The longest answer where nobody says how long it may be, in tokens.
const DEFAULT_MAX_TOKENS: i64 = 4096;
/// The longest name of an end user that Anthropic takes, in characters.
const MAX_USER_ID: usize = 256;
const JSON_ONLY: &str = "Answer with one JSON object and nothing else: no other text, no Markdown.";

/// A request, and what of the caller's it could not carry.
#[derive(Debug)]
pub(crate) struct Translated<'a> {
    /// The request.
    pub(crate) request: Request<'a>,
    /// Fields that were dropped or replaced by something weaker.
    pub(crate) notes: Vec<&'static str>,
}

/// The request that asks a chat completions `body` of `target`. Fails, naming the field, at what
/// cannot be asked of Anthropic.
pub(crate) fn request<'a>(body: &'a [u8], target: &Target<'a>) -> Result<Translated<'a>, Failure> {
    let mut asked = read(body)?;
    refuse_the_impossible(&asked)?;
    let mut notes = dropped(&asked);
    let max_tokens = max_tokens(&asked, target);
    let chosen = tools::chosen(&mut asked, target)?;
    let format = format(asked.response_format.as_ref());
    let instruction = chosen.instruction.as_deref();
    let conversation = conversation(&mut asked, target, instruction, format.is_some(), &mut notes)?;
    let is_forced = chosen.choice.as_ref().is_some_and(|it| matches!(it.kind, "any" | "tool"));
    let situation =
        thinking::Situation { conversation: &conversation, is_forced, max_tokens, target };
    let thought = situation.of(asked.reasoning_effort.as_deref());
    if thought.is_dropped {
        notes.push("reasoning_effort");
    }
    let samples = !refuses(target, "sampling_params") && !thought.is_on();
    let config = OutputConfig { effort: thought.effort, format };
    let request = Request {
        model: target.model_code,
        max_tokens,
        system: conversation.system,
        messages: conversation.turns,
        tools: chosen.tools,
        tool_choice: chosen.choice,
        thinking: thought.thinking,
        output_config: (config.effort.is_some() || config.format.is_some()).then_some(config),
        temperature: asked.temperature.filter(|_| samples).map(|degree| degree.min(1.0)),
        top_p: asked.top_p.filter(|_| samples),
        stop_sequences: stop_sequences(asked.stop),
        metadata: metadata(asked.user.or(asked.safety_identifier)),
        stream: asked.stream.unwrap_or(false),
    };
    Ok(Translated { request, notes })
}

fn read(body: &[u8]) -> Result<Asked<'_>, Failure> {
    // The reader's own words may quote the prompt.
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let place = format!("the body is no chat request at line {line}, column {column}");
        Failure::new(FailureClass::ClientFault, place)
    })
}

/// The messages, with what the model is told where Anthropic or the model has no field for it.
fn conversation(
    asked: &mut Asked<'_>,
    target: &Target<'_>,
    instruction: Option<&str>,
    has_schema: bool,
    notes: &mut Vec<&'static str>,
) -> Result<Conversation, Failure> {
    let mut conversation = Conversation::read(std::mem::take(&mut asked.messages))?;
    if let Some(instruction) = instruction {
        notes.push("tool_choice");
        conversation.system.push(Part::text(instruction));
    }
    let wants_json = asked.response_format.as_ref().is_some_and(|wanted| wanted.kind != "text");
    if wants_json && !has_schema {
        notes.push("response_format");
        conversation.system.push(Part::text(JSON_ONLY));
    }
    if conversation.is_prefilled() && refuses(target, "assistant_prefill") {
        notes.push("messages");
        conversation.end_with_user();
    }
    conversation.trim_prefill();
    Ok(conversation)
}

fn refuse_the_impossible(asked: &Asked<'_>) -> Result<(), Failure> {
    let has_audio = asked.modalities.iter().flatten().any(|kind| kind != "text");
    let impossible = [
        ("n", asked.n.is_some_and(|n| n > 1)),
        ("logprobs", asked.logprobs == Some(true)),
        ("top_logprobs", asked.top_logprobs.is_some_and(|n| n > 0)),
        ("logit_bias", asked.logit_bias.as_ref().is_some_and(|bias| !bias.is_empty())),
        ("modalities", has_audio),
        ("audio", asked.audio.is_some()),
        ("functions", asked.functions.is_some()),
        ("function_call", asked.function_call.is_some()),
        ("web_search_options", asked.web_search_options.is_some()),
        ("store", asked.store == Some(true)),
    ];
    let format = asked.response_format.as_ref().map_or("text", |wanted| wanted.kind.as_str());
    if !matches!(format, "text" | "json_object" | "json_schema") {
        return Err(refused("response_format.type", "this provider has nothing like it"));
    }
    match impossible.iter().find(|(_, is_asked)| *is_asked) {
        Some((field, _)) => Err(refused(field, "this provider has nothing like it")),
        None => Ok(()),
    }
}

fn dropped(asked: &Asked<'_>) -> Vec<&'static str> {
    let fields = [
        ("seed", asked.seed.is_some()),
        ("presence_penalty", asked.presence_penalty.is_some()),
        ("frequency_penalty", asked.frequency_penalty.is_some()),
    ];
    fields.iter().filter(|(_, is_asked)| *is_asked).map(|(field, _)| *field).collect()
}

fn max_tokens(asked: &Asked<'_>, target: &Target<'_>) -> i64 {
    let wanted = asked.max_completion_tokens.or(asked.max_tokens);
    let wanted = wanted
        .or_else(|| target.upstream.default_params.get("max_tokens").and_then(Value::as_i64))
        .or(target.max_output_tokens)
        .unwrap_or(DEFAULT_MAX_TOKENS);
    at_most(wanted, target)
}

/// The schema that the answer has to meet, where there is one.
fn format<'a>(wanted: Option<&ResponseFormat<'a>>) -> Option<Format<'a>> {
    let wanted = wanted.filter(|wanted| wanted.kind == "json_schema")?;
    let schema = wanted.json_schema.as_ref()?.schema?;
    Some(Format::JsonSchema { schema })
}

fn stop_sequences(stop: Option<Stop>) -> Vec<String> {
    let stops = stop.map(Stop::into_list).unwrap_or_default();
    stops.into_iter().filter(|stop| !stop.trim().is_empty()).collect()
}

fn metadata(user: Option<String>) -> Option<Metadata> {
    let user_id: String = user?.chars().take(MAX_USER_ID).collect();
    (!user_id.is_empty()).then_some(Metadata { user_id })
}
