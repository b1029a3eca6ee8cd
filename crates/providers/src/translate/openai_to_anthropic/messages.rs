//! Messages: who says what, in which order.
//!
//! | OpenAI | Anthropic |
//! | --- | --- |
//! | leading `system`, `developer` | `system`, one block each |
//! | later ones | a text of the user |
//! | `user`, `assistant` | the same; neighbours of one role are one turn |
//! | `tool_calls` | `tool_use`, the arguments as they are, none as `{}` |
//! | `tool` | `tool_result`, all of one turn in one user turn, in front |
//! | `image_url` | `image`, base64 or by URL |
//! | `file` with a PDF inside | `document` |
//! | `prompt_cache_breakpoint` | `cache_control` |
//! | `name`, `reasoning_content`, empty text | dropped |

use tollgate_domain::failure::Failure;

use super::asked::{Breakpoint, Content, File, Message, Part as AskedPart, ToolCall};
use super::{json_object, refused};
use crate::anthropic::abilities::GO_ON;
use crate::anthropic::wire::{CacheControl, Part, Role, Source, Turn};
use crate::translate::call_id::plain_id;
use crate::translate::openai_request::data_url;

/// A conversation in Anthropic's order.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// What the system says first.
    pub(super) system: Vec<Part>,
    /// The turns; the first is the user's.
    pub(super) turns: Vec<Turn>,
}

impl Conversation {
    /// Reads messages. Fails, naming the field, at what Anthropic has nothing for.
    pub(super) fn read(messages: Vec<Message>) -> Result<Self, Failure> {
        let mut conversation = Self::default();
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
            "system" | "developer" if self.turns.is_empty() => self.system.extend(said),
            "system" | "developer" | "user" => self.turn(Role::User, said),
            "assistant" => {
                let refusal = message.refusal.filter(|text| !text.is_empty()).map(Part::text);
                let calls = message.tool_calls.into_iter().flatten().enumerate();
                let calls =
                    calls.map(|(n, call)| tool_use(call, &format!("{path}.tool_calls[{n}]")));
                let calls: Vec<Part> = calls.collect::<Result<_, _>>()?;
                self.turn(Role::Assistant, said.into_iter().chain(refusal).chain(calls));
            }
            "tool" => {
                let id = message
                    .tool_call_id
                    .ok_or_else(|| refused(&format!("{path}.tool_call_id"), "is required"))?;
                let result = Part::ToolResult { tool_use_id: plain_id(&id), content: said };
                self.turn(Role::User, [result]);
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
            Some(turn) if turn.role == role => turn.content.extend(parts),
            _ => self.turns.push(Turn { role, content: parts.collect() }),
        }
    }

    /// The user begins, and results of tools go before what else the user says.
    fn arrange(&mut self) {
        if self.turns.first().is_none_or(|turn| turn.role != Role::User) {
            self.turns.insert(0, user_goes_on());
        }
        for turn in &mut self.turns {
            turn.content.sort_by_key(|part| !matches!(part, Part::ToolResult { .. }));
        }
    }

    /// Whether the model is to continue what it has begun to say.
    pub(super) fn is_prefilled(&self) -> bool {
        self.turns.last().is_some_and(|turn| turn.role == Role::Assistant)
    }

    /// Has the user speak last.
    pub(super) fn end_with_user(&mut self) {
        self.turns.push(user_goes_on());
    }

    /// Cuts the white space that Anthropic refuses at the end of what the model is to continue.
    pub(super) fn trim_prefill(&mut self) {
        let last = self.turns.last_mut().filter(|turn| turn.role == Role::Assistant);
        if let Some(Part::Text { text, .. }) = last.and_then(|turn| turn.content.last_mut()) {
            text.truncate(text.trim_end().len());
        }
    }

    /// Whether the model waits for results of its calls, which the last turn brings.
    pub(super) fn is_in_tool_use(&self) -> bool {
        let last = self.turns.last();
        last.is_some_and(|turn| matches!(turn.content.first(), Some(Part::ToolResult { .. })))
    }
}

fn user_goes_on() -> Turn {
    Turn { role: Role::User, content: vec![Part::text(GO_ON)] }
}

fn parts(content: Option<Content>, path: &str) -> Result<Vec<Part>, Failure> {
    match content {
        None => Ok(Vec::new()),
        Some(Content::Text(text)) => Ok(said(text, None).into_iter().collect()),
        Some(Content::Parts(parts)) => {
            let parts = parts.into_iter().enumerate();
            let parts = parts.map(|(n, one)| part(one, &format!("{path}.content[{n}]")));
            Ok(parts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
    }
}

/// A text; none if it is empty, which Anthropic refuses.
fn said(text: String, cache_control: Option<CacheControl>) -> Option<Part> {
    (!text.trim().is_empty()).then_some(Part::Text { text, cache_control })
}

fn part(part: AskedPart, path: &str) -> Result<Option<Part>, Failure> {
    let cache_control = part.prompt_cache_breakpoint.map(cache_control);
    match part.kind.as_str() {
        "text" => Ok(said(part.text.unwrap_or_default(), cache_control)),
        "refusal" => Ok(said(part.refusal.unwrap_or_default(), cache_control)),
        "image_url" => {
            let path = format!("{path}.image_url");
            let url = part.image_url.ok_or_else(|| refused(&path, "is required"))?.url;
            Ok(Some(Part::Image { source: image(url, &path)?, cache_control }))
        }
        "file" => {
            let path = format!("{path}.file");
            let file = part.file.ok_or_else(|| refused(&path, "is required"))?;
            document(file, cache_control, &path).map(Some)
        }
        _ => Err(refused(&format!("{path}.type"), "this provider takes texts, images and PDFs")),
    }
}

/// Of the two life times on each side, the longer for the longer.
fn cache_control(breakpoint: Breakpoint) -> CacheControl {
    let is_long = breakpoint.ttl.as_deref() == Some("12h");
    CacheControl::Ephemeral { ttl: is_long.then_some("1h") }
}

fn image(url: String, path: &str) -> Result<Source, Failure> {
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(Source::Url { url });
    }
    let wrong = "must be an http URL, or a base64 data URL of a JPEG, PNG, GIF or WebP";
    let (media_type, data) = data_url(&url).ok_or_else(|| refused(path, wrong))?;
    let media_type = match media_type.to_ascii_lowercase().as_str() {
        "image/jpg" => "image/jpeg".to_owned(),
        known @ ("image/jpeg" | "image/png" | "image/gif" | "image/webp") => known.to_owned(),
        _ => return Err(refused(path, wrong)),
    };
    Ok(Source::Base64 { media_type, data: data.to_owned() })
}

fn document(file: File, cache_control: Option<CacheControl>, path: &str) -> Result<Part, Failure> {
    let wrong = || refused(path, "must hold a PDF in `file_data`, as a base64 data URL");
    let data = file.file_data.ok_or_else(wrong)?;
    match data_url(&data) {
        Some((media_type, data)) if media_type.eq_ignore_ascii_case("application/pdf") => {
            let source =
                Source::Base64 { media_type: "application/pdf".to_owned(), data: data.to_owned() };
            Ok(Part::Document { source, title: file.filename, cache_control })
        }
        _ => Err(wrong()),
    }
}

fn tool_use(call: ToolCall, path: &str) -> Result<Part, Failure> {
    let function = call
        .function
        .ok_or_else(|| refused(path, "this provider knows calls of functions alone"))?;
    let arguments = function.arguments.unwrap_or_default();
    let input = json_object(&arguments)
        .ok_or_else(|| refused(&format!("{path}.function.arguments"), "must be a JSON object"))?;
    let id = call.id.ok_or_else(|| refused(&format!("{path}.id"), "is required"))?;
    Ok(Part::ToolUse { id: plain_id(&id), name: function.name, input })
}
