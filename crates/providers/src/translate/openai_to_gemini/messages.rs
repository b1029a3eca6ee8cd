//! Messages: who says what, in which order.
//!
//! | OpenAI | Gemini |
//! | --- | --- |
//! | leading `system`, `developer` | `systemInstruction`, joined by blank lines |
//! | later ones | a text of the user |
//! | `user`, `assistant` | `user`, `model`; neighbours of one role are one turn |
//! | `tool_calls` | `functionCall`, the arguments as they are, none as `{}` |
//! | `extra_content.google.thought_signature` of a call | `thoughtSignature` |
//! | `tool` | `functionResponse` by the call's name; what is no JSON object as `{"result": …}` |
//! | `image_url` with a data URL, `file` with a PDF inside, `input_audio` | `inlineData` |
//! | `image_url` and `file` with an http URL | `inlineData`, once it is fetched |
//! | `name`, `reasoning_content`, empty text | dropped |

use serde_json::{Value, json};
use tollgate_domain::failure::Failure;

use super::asked::{Audio, Content, Message, Part as AskedPart, ToolCall};
use crate::files::{FileKind, RemoteFile};
use crate::gemini::wire::{Blob, Call, Data, Part, Role, Turn};
use crate::translate::gemini_request::{Turns, said};
use crate::translate::openai_request::{data_url, json_object, refused};

/// A conversation in Gemini's order.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// What the system says first.
    system: Vec<String>,
    turns: Turns,
}

impl Conversation {
    /// Reads messages. Fails, naming the field, at what Gemini has nothing for.
    pub(super) fn read(messages: Vec<Message>, wants_signatures: bool) -> Result<Self, Failure> {
        let mut conversation = Self { system: Vec::new(), turns: Turns::new(wants_signatures) };
        for (index, message) in messages.into_iter().enumerate() {
            conversation.add(message, &format!("messages[{index}]"))?;
        }
        Ok(conversation)
    }

    /// What the system says first, and the turns after it, of which the first is the user's.
    pub(super) fn into_parts(self) -> (Vec<String>, Vec<Turn>) {
        (self.system, self.turns.arranged())
    }

    fn add(&mut self, message: Message, path: &str) -> Result<(), Failure> {
        if message.function_call.is_some() {
            return Err(refused(&format!("{path}.function_call"), "use tool_calls instead"));
        }
        let said = parts(message.content, path)?;
        match message.role.as_str() {
            "system" | "developer" if self.turns.is_empty() => {
                for part in said {
                    match part.data {
                        Data::Text(text) => self.system.push(text),
                        _ => return Err(refused(&format!("{path}.content"), "must be text")),
                    }
                }
            }
            "system" | "developer" | "user" => self.turns.say(Role::User, said),
            "assistant" => {
                let refusal = message.refusal.filter(|text| !text.is_empty()).map(Part::text);
                let calls = self.calls(message.tool_calls.unwrap_or_default(), path)?;
                self.turns.say(Role::Model, said.into_iter().chain(refusal).chain(calls));
            }
            "tool" => {
                let path = format!("{path}.tool_call_id");
                let id = message.tool_call_id.ok_or_else(|| refused(&path, "is required"))?;
                let unknown = || refused(&path, "is of no call in the messages before");
                let result = self.turns.result(id, said, false).ok_or_else(unknown)?;
                self.turns.say(Role::User, result);
            }
            _ => return Err(refused(&format!("{path}.role"), "this provider has no such role")),
        }
        Ok(())
    }

    fn calls(&mut self, calls: Vec<ToolCall>, path: &str) -> Result<Vec<Part>, Failure> {
        let mut parts = Vec::with_capacity(calls.len());
        for (n, call) in calls.into_iter().enumerate() {
            let path = format!("{path}.tool_calls[{n}]");
            let told = "this provider knows calls of functions alone";
            let function = call.function.ok_or_else(|| refused(&path, told))?;
            let args = json_object(&function.arguments.unwrap_or_default()).ok_or_else(|| {
                refused(&format!("{path}.function.arguments"), "must be a JSON object")
            })?;
            let signature = call.extra_content["google"]["thought_signature"].as_str();
            let signature = signature.map(str::to_owned);
            let call = Call { id: call.id, name: function.name, args };
            parts.push(self.turns.call(call, signature, n == 0));
        }
        Ok(parts)
    }
}

fn parts(content: Option<Content>, path: &str) -> Result<Vec<Part>, Failure> {
    match content {
        None => Ok(Vec::new()),
        Some(Content::Text(text)) => Ok(said(text).into_iter().collect()),
        Some(Content::Parts(parts)) => {
            let parts = parts.into_iter().enumerate();
            let parts = parts.map(|(n, one)| part(one, &format!("{path}.content[{n}]")));
            Ok(parts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
    }
}

fn part(part: AskedPart, path: &str) -> Result<Option<Part>, Failure> {
    let field = format!("{path}.{}", part.kind);
    let missing = || refused(&field, "is required");
    let data = match part.kind.as_str() {
        "text" => return Ok(said(part.text.unwrap_or_default())),
        "refusal" => return Ok(said(part.refusal.unwrap_or_default())),
        "image_url" => image(&part.image_url.ok_or_else(missing)?.url, &field)?,
        "file" => pdf(&part.file.and_then(|file| file.file_data).unwrap_or_default(), &field)?,
        "input_audio" => sound(part.input_audio.ok_or_else(missing)?, &field)?,
        _ => {
            let told = "this provider takes texts, images, PDFs and sounds";
            return Err(refused(&format!("{path}.type"), told));
        }
    };
    Ok(Some(data.into()))
}

fn image(url: &str, field: &str) -> Result<Data, Failure> {
    if let Some(remote) = RemoteFile::at(url, FileKind::Image, field) {
        return Ok(Data::Remote(remote));
    }
    let wrong = "must be an http or https URL, or a base64 data URL of an image";
    let image = blob(url).filter(|(kind, _)| kind.starts_with("image/"));
    let (kind, data) = image.ok_or_else(|| refused(field, wrong))?;
    Ok(inline(kind.replace("image/jpg", "image/jpeg"), data.to_owned()))
}

fn pdf(file: &str, field: &str) -> Result<Data, Failure> {
    if let Some(remote) = RemoteFile::at(file, FileKind::Pdf, field) {
        return Ok(Data::Remote(remote));
    }
    let wrong = "must hold a PDF in `file_data`, as a base64 data URL or a URL";
    let pdf = blob(file).filter(|(kind, _)| kind == "application/pdf");
    let (kind, data) = pdf.ok_or_else(|| refused(field, wrong))?;
    Ok(inline(kind, data.to_owned()))
}

fn sound(audio: Audio, field: &str) -> Result<Data, Failure> {
    let format = audio.format.to_ascii_lowercase();
    match format.as_str() {
        "wav" | "mp3" => Ok(inline(format!("audio/{format}"), audio.data)),
        _ => Err(refused(&format!("{field}.format"), "must be `wav` or `mp3`")),
    }
}

fn inline(mime_type: String, data: String) -> Data {
    Data::Inline(Blob { mime_type, data })
}

/// The media type, in lower case, and the data of a `data:` URL.
fn blob(url: &str) -> Option<(String, &str)> {
    data_url(url).map(|(kind, data)| (kind.to_ascii_lowercase(), data))
}

/// What a caller has to send back beside a call, in Google's own words for OpenAI's dialect.
pub(super) fn extra_content(signature: &str) -> Value {
    json!({"google": {"thought_signature": signature}})
}
