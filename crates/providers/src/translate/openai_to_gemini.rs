//! An OpenAI caller, a Gemini provider: the request on its way there ([`request`]), the answer on
//! its way back ([`completion`] whole, [`Relay`] streamed).
//!
//! | OpenAI | Gemini |
//! | --- | --- |
//! | `messages` | `systemInstruction`, `contents`: see [`messages`] |
//! | `tools`, `tool_choice` | `functionDeclarations`, `toolConfig`: see [`tools`] |
//! | `max_completion_tokens`, `max_tokens` | `maxOutputTokens`, at most the model's longest |
//! | `temperature`, `top_p`, penalties | the same; dropped where the model refuses them |
//! | `seed` | `seed`, as much of it as 32 bits hold |
//! | `stop` | `stopSequences`, empty ones dropped; more than 5 refused |
//! | `response_format` `json_object` | `responseMimeType` |
//! | `response_format` `json_schema` | `responseMimeType`, `responseJsonSchema` byte for byte |
//! | `response_format` of another type | refused |
//! | `reasoning_effort` | `thinkingConfig`: see [`Depth`], thoughts are told |
//! | `stream` | another method |
//! | `parallel_tool_calls: false` | dropped, with a note |
//! | `n` > 1, `logprobs`, `logit_bias`, audio, `functions`, `web_search_options`, `store` | refused |
//! | all else | dropped |

mod answer;
mod asked;
mod messages;
mod stream;
mod tools;

use serde_json::value::RawValue;
use tollgate_domain::failure::{Failure, FailureClass};

use crate::gemini::wire::{GenerationConfig, Instruction, Request, Thinking};
use crate::protocol::Target;
use crate::translate::gemini_request::{
    Chosen, Depth, JSON, Translated, stop_sequences, thinking, wants_signatures,
};
use crate::translate::longest::at_most;
use crate::translate::openai_request::{ResponseFormat, Stop, refused};
use asked::Asked;
use messages::Conversation;

pub(crate) use answer::completion;
pub(crate) use stream::Relay;

/// The request that asks a chat completions `body` of `target`. Fails, naming the field, at what
/// cannot be asked of Gemini.
pub(crate) fn request<'a>(body: &'a [u8], target: &Target<'a>) -> Result<Translated<'a>, Failure> {
    // The reader's own words may quote the prompt.
    let mut asked: Asked<'a> = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let place = format!("the body is no chat request at line {line}, column {column}");
        Failure::new(FailureClass::ClientFault, place)
    })?;
    refuse_the_impossible(&asked)?;
    let mut notes = Vec::new();
    if asked.parallel_tool_calls == Some(false) && asked.tools.is_some() {
        notes.push("parallel_tool_calls");
    }
    let wants_signatures = wants_signatures(target.model_code);
    let messages = std::mem::take(&mut asked.messages);
    let (system, contents) = Conversation::read(messages, wants_signatures)?.into_parts();
    let Chosen { tools, config } = tools::chosen(&mut asked)?;
    let generation_config = generation_config(asked, target, &mut notes)?;
    let request = Request {
        system_instruction: Instruction::of(&system),
        contents,
        tools,
        tool_config: config,
        generation_config,
    };
    Ok(Translated { request, notes })
}

fn generation_config<'a>(
    asked: Asked<'a>,
    target: &Target<'_>,
    notes: &mut Vec<&'static str>,
) -> Result<GenerationConfig<'a>, Failure> {
    let max_output_tokens = asked.max_completion_tokens.or(asked.max_tokens);
    let max_output_tokens = max_output_tokens.map(|wanted| at_most(wanted, target));
    let longest = max_output_tokens.or(target.max_output_tokens);
    let thinking_config = effort(asked.reasoning_effort.as_deref(), longest, target);
    let thinking_config = thinking_config.unwrap_or_else(|()| {
        notes.push("reasoning_effort");
        None
    });
    let (response_mime_type, response_json_schema) = format(asked.response_format.as_ref())?;
    Ok(GenerationConfig {
        temperature: asked.temperature,
        top_p: asked.top_p,
        top_k: None,
        presence_penalty: asked.presence_penalty,
        frequency_penalty: asked.frequency_penalty,
        seed: asked.seed.map(|seed| seed as i32),
        max_output_tokens,
        stop_sequences: stop_sequences(
            asked.stop.map(Stop::into_list).unwrap_or_default(),
            "stop",
        )?,
        response_mime_type,
        response_json_schema,
        thinking_config,
    })
}

/// How hard the model thinks; it tells its thoughts wherever it is to have some.
fn effort(
    effort: Option<&str>,
    longest: Option<i64>,
    target: &Target<'_>,
) -> Result<Option<Thinking>, ()> {
    match effort {
        None => Ok(None),
        Some("none") => thinking(Depth::Least, false, longest, target),
        Some(effort) => thinking(Depth::Effort(effort), true, longest, target),
    }
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
    match impossible.iter().find(|(_, is_asked)| *is_asked) {
        Some((field, _)) => Err(refused(field, "this provider has nothing like it")),
        None => Ok(()),
    }
}

/// What the answer's text has to be, where the caller says: its media type, and its schema.
type Format<'a> = (Option<&'static str>, Option<&'a RawValue>);

fn format<'a>(wanted: Option<&ResponseFormat<'a>>) -> Result<Format<'a>, Failure> {
    let Some(wanted) = wanted else { return Ok((None, None)) };
    match wanted.kind.as_str() {
        "text" => Ok((None, None)),
        "json_object" => Ok((Some(JSON), None)),
        "json_schema" => {
            let schema = wanted.json_schema.as_ref().and_then(|format| format.schema);
            Ok((Some(JSON), schema))
        }
        _ => {
            let known = "must be `text`, `json_object` or `json_schema` at this provider";
            Err(refused("response_format.type", known))
        }
    }
}
