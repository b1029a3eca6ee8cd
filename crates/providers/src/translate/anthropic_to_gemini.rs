//! An Anthropic caller, a Gemini provider: the request on its way there ([`request`]), the answer
//! on its way back ([`message`] whole, [`Relay`] streamed).
//!
//! | Anthropic | Gemini |
//! | --- | --- |
//! | `system`, `messages` | `systemInstruction`, `contents`: see [`messages`] |
//! | `tools`, `tool_choice` | `functionDeclarations`, `toolConfig`: see [`tools`] |
//! | `max_tokens` | `maxOutputTokens`, at most the model's longest; 0, which only fills a cache, refused |
//! | `temperature`, `top_p`, `top_k` | the same; dropped where the model refuses them |
//! | `stop_sequences` | `stopSequences`, empty ones dropped; more than 5 refused |
//! | `thinking`, `output_config.effort` | `thinkingConfig`: see [`thinking`] |
//! | `output_config.format` | `responseMimeType`, `responseJsonSchema` byte for byte |
//! | `stream` | another method |
//! | `container`, `mcp_servers` | refused |
//! | `context_management` | dropped, with a note |
//! | `metadata`, `service_tier`, every `cache_control`, and all else | dropped |

mod answer;
mod messages;
mod stream;
mod thinking;
mod tools;

use tollgate_domain::failure::Failure;

use crate::gemini::wire::{GenerationConfig, Instruction, Request};
use crate::protocol::Target;
use crate::translate::anthropic_request::Asked;
use crate::translate::gemini_request::{
    Chosen, JSON, Translated, stop_sequences, wants_signatures,
};
use crate::translate::longest::at_most;
use crate::translate::openai_request::refused;
use messages::Conversation;

pub(crate) use answer::message;
pub(crate) use stream::Relay;

/// The request that asks a messages `body` of `target`. Fails, naming the field, at what cannot be
/// asked of Gemini.
pub(crate) fn request<'a>(body: &'a [u8], target: &Target<'a>) -> Result<Translated<'a>, Failure> {
    let mut asked = Asked::read(body)?;
    refuse_the_impossible(&asked)?;
    let mut notes = Vec::new();
    let (system, messages) =
        (std::mem::take(&mut asked.system), std::mem::take(&mut asked.messages));
    let wants_signatures = wants_signatures(target.model_code);
    let (system, contents) = Conversation::read(system, messages, wants_signatures)?.into_parts();
    let Chosen { tools, config } = tools::chosen(&mut asked, &mut notes)?;
    if asked.fields.context_management.is_some() {
        notes.push("context_management");
    }
    let request = Request {
        system_instruction: Instruction::of(&system),
        contents,
        tools,
        tool_config: config,
        generation_config: generation_config(asked, target, &mut notes)?,
    };
    Ok(Translated { request, notes })
}

fn generation_config<'a>(
    asked: Asked<'a>,
    target: &Target<'_>,
    notes: &mut Vec<&'static str>,
) -> Result<GenerationConfig<'a>, Failure> {
    let thinking_config = thinking::config(&asked, target).unwrap_or_else(|()| {
        notes.push("thinking");
        None
    });
    let Asked { schema, fields, .. } = asked;
    let stops = fields.stop_sequences.unwrap_or_default();
    Ok(GenerationConfig {
        temperature: fields.temperature,
        top_p: fields.top_p,
        top_k: fields.top_k,
        max_output_tokens: fields.max_tokens.map(|wanted| at_most(wanted, target)),
        stop_sequences: stop_sequences(stops, "stop_sequences")?,
        response_mime_type: schema.map(|_| JSON),
        response_json_schema: schema,
        thinking_config,
        ..GenerationConfig::default()
    })
}

fn refuse_the_impossible(asked: &Asked<'_>) -> Result<(), Failure> {
    let fields = &asked.fields;
    if fields.max_tokens.is_some_and(|most| most < 1) {
        return Err(refused("max_tokens", "must be at least 1 at this provider"));
    }
    let impossible = [
        ("container", fields.container.is_some()),
        ("mcp_servers", fields.mcp_servers.as_ref().is_some_and(|servers| !servers.is_empty())),
    ];
    match impossible.iter().find(|(_, is_asked)| *is_asked) {
        Some((field, _)) => Err(refused(field, "this provider has nothing like it")),
        None => Ok(()),
    }
}
