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

use std::collections::HashMap;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use tollgate_domain::failure::Failure;

use super::asked::{Content, Message, Part as AskedPart, ToolCall};
use super::{json_object, refused};
use crate::files::{FileKind, RemoteFile};
use crate::gemini::wire::{Blob, Call, CallResult, Data, Part, Role, Turn};
use crate::translate::openai_request::data_url;

/// What stands where Gemini wants a user's turn and the caller has none.
const GO_ON: &str = "Continue.";
/// What Gemini takes in place of the signature of a call that it did not make.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// A conversation in Gemini's order.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// What the system says first.
    pub(super) system: Vec<String>,
    /// The turns; the first is the user's.
    pub(super) turns: Vec<Turn>,
    /// The names of called functions by the ids of their calls.
    names: HashMap<String, String>,
    /// Whether the model wants to see the signatures of its calls again.
    wants_signatures: bool,
}

impl Conversation {
    /// Reads messages. Fails, naming the field, at what Gemini has nothing for.
    pub(super) fn read(messages: Vec<Message>, wants_signatures: bool) -> Result<Self, Failure> {
        let mut conversation = Self { wants_signatures, ..Self::default() };
        for (index, message) in messages.into_iter().enumerate() {
            conversation.add(message, &format!("messages[{index}]"))?;
        }
        conversation.arrange();
        Ok(conversation)
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
            "system" | "developer" | "user" => self.turn(Role::User, said),
            "assistant" => {
                let refusal = message.refusal.filter(|text| !text.is_empty()).map(Part::text);
                let calls = self.calls(message.tool_calls.unwrap_or_default(), path)?;
                self.turn(Role::Model, said.into_iter().chain(refusal).chain(calls));
            }
            "tool" => {
                let path = format!("{path}.tool_call_id");
                let id = message.tool_call_id.ok_or_else(|| refused(&path, "is required"))?;
                let result = self.result(id, said, &path)?;
                self.turn(Role::User, result);
            }
            _ => return Err(refused(&format!("{path}.role"), "this provider has no such role")),
        }
        Ok(())
    }

    fn turn(&mut self, role: Role, parts: impl IntoIterator<Item = Part>) {
        let mut parts = parts.into_iter().peekable();
        if parts.peek().is_none() {
            return;
        }
        match self.turns.last_mut() {
            Some(turn) if turn.role == role => turn.parts.extend(parts),
            _ => self.turns.push(Turn { role, parts: parts.collect() }),
        }
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
            if let Some(id) = &call.id {
                self.names.insert(id.clone(), function.name.clone());
            }
            let given = call.extra_content["google"]["thought_signature"].as_str();
            // Of parallel calls the first alone has one.
            let stand_in = (n == 0 && self.wants_signatures).then_some(NO_SIGNATURE);
            let thought_signature = given.or(stand_in).map(str::to_owned);
            let data = Data::FunctionCall(Call { id: call.id, name: function.name, args });
            parts.push(Part { data, thought_signature });
        }
        Ok(parts)
    }

    /// The result of a call, and what of it is no text behind it.
    fn result(&self, id: String, said: Vec<Part>, path: &str) -> Result<Vec<Part>, Failure> {
        let unknown = || refused(path, "is of no call in the messages before");
        let name = self.names.get(&id).ok_or_else(unknown)?.clone();
        let (mut texts, mut others) = (Vec::new(), Vec::new());
        for part in said {
            match part.data {
                Data::Text(text) => texts.push(text),
                data => others.push(Part::from(data)),
            }
        }
        let response = response(&texts.join("\n"));
        let result = Data::FunctionResponse(CallResult { id, name, response });
        Ok(std::iter::once(Part::from(result)).chain(others).collect())
    }

    /// The user begins, and results of tools go before what else the user says.
    fn arrange(&mut self) {
        if self.turns.first().is_none_or(|turn| turn.role != Role::User) {
            self.turns.insert(0, Turn { role: Role::User, parts: vec![Part::text(GO_ON)] });
        }
        for turn in &mut self.turns {
            turn.parts.sort_by_key(|part| !matches!(part.data, Data::FunctionResponse(_)));
        }
    }
}

/// A result as the object that Gemini wants.
fn response(text: &str) -> Box<RawValue> {
    let object = json_object(text).filter(|_| !text.trim().is_empty());
    object.unwrap_or_else(|| {
        let wrapped = json!({"result": text});
        serde_json::value::to_raw_value(&wrapped).expect("a JSON value is valid JSON")
    })
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

/// A text; none if it is empty.
fn said(text: String) -> Option<Part> {
    (!text.is_empty()).then(|| Part::text(text))
}

fn part(part: AskedPart, path: &str) -> Result<Option<Part>, Failure> {
    let inline = |mime_type: String, data: &str| {
        Some(Data::Inline(Blob { mime_type, data: data.to_owned() }).into())
    };
    match part.kind.as_str() {
        "text" => Ok(said(part.text.unwrap_or_default())),
        "refusal" => Ok(said(part.refusal.unwrap_or_default())),
        "image_url" => {
            let path = format!("{path}.image_url");
            let url = part.image_url.ok_or_else(|| refused(&path, "is required"))?.url;
            if let Some(remote) = RemoteFile::at(&url, FileKind::Image, &path) {
                return Ok(Some(Data::Remote(remote).into()));
            }
            let wrong = "must be an http or https URL, or a base64 data URL of an image";
            let image = blob(&url).filter(|(kind, _)| kind.starts_with("image/"));
            let (kind, data) = image.ok_or_else(|| refused(&path, wrong))?;
            Ok(inline(kind.replace("image/jpg", "image/jpeg"), data))
        }
        "file" => {
            let path = format!("{path}.file");
            let file = part.file.and_then(|file| file.file_data).unwrap_or_default();
            if let Some(remote) = RemoteFile::at(&file, FileKind::Pdf, &path) {
                return Ok(Some(Data::Remote(remote).into()));
            }
            let wrong = "must hold a PDF in `file_data`, as a base64 data URL or a URL";
            let pdf = blob(&file).filter(|(kind, _)| kind == "application/pdf");
            let (kind, data) = pdf.ok_or_else(|| refused(&path, wrong))?;
            Ok(inline(kind, data))
        }
        "input_audio" => {
            let path = format!("{path}.input_audio");
            let audio = part.input_audio.ok_or_else(|| refused(&path, "is required"))?;
            let format = audio.format.to_ascii_lowercase();
            match format.as_str() {
                "wav" | "mp3" => Ok(inline(format!("audio/{format}"), &audio.data)),
                _ => Err(refused(&format!("{path}.format"), "must be `wav` or `mp3`")),
            }
        }
        _ => {
            let told = "this provider takes texts, images, PDFs and sounds";
            Err(refused(&format!("{path}.type"), told))
        }
    }
}

/// The media type, in lower case, and the data of a `data:` URL.
fn blob(url: &str) -> Option<(String, &str)> {
    data_url(url).map(|(kind, data)| (kind.to_ascii_lowercase(), data))
}

/// What a caller has to send back beside a call, in Google's own words for OpenAI's dialect.
pub(super) fn extra_content(signature: &str) -> Value {
    json!({"google": {"thought_signature": signature}})
}
