//! Messages: who says what, in which order.
//!
//! | Anthropic | Gemini |
//! | --- | --- |
//! | `system`, and messages of the role before all others | `systemInstruction`, joined by blank lines |
//! | later messages of the role `system` | a text of the user |
//! | `user`, `assistant` | `user`, `model`; neighbours of one role are one turn |
//! | `text` | `text`; empty ones are dropped |
//! | `image`, `document` with a PDF, in base64 | `inlineData` |
//! | `image`, `document` with a URL | `inlineData`, once it is fetched |
//! | `document` of text or of blocks | those |
//! | a document's `title`, `context` | texts before it; a PDF's title is dropped |
//! | `tool_use` | `functionCall` with its id, the input byte for byte |
//! | `tool_result` | `functionResponse` by the call's name: a JSON object as it is, else `{"result": …}`, of an error `{"error": …}`; images in it behind it |
//! | `thinking` that is [signed by Gemini](GEMINI_SIGNATURE) | `thoughtSignature` of the next call |
//! | other `thinking`, `redacted_thinking` | dropped |
//! | sources that are file ids, all other blocks | refused |

use tollgate_domain::failure::Failure;

use crate::files::{FileKind, RemoteFile};
use crate::gemini::wire::{Blob, Call, Data, Part, Role, Turn};
use crate::translate::anthropic_answer::GEMINI_SIGNATURE;
use crate::translate::anthropic_request::{self, Block, Kind, Message, Source};
use crate::translate::gemini_request::{Turns, said};
use crate::translate::openai_request::refused;

/// A conversation in Gemini's order.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// What the system says first.
    system: Vec<String>,
    turns: Turns,
}

impl Conversation {
    /// Reads what the system and the others say. Fails, naming the field, at what Gemini has
    /// nothing for.
    pub(super) fn read(
        system: Vec<Block>,
        messages: Vec<Message>,
        wants_signatures: bool,
    ) -> Result<Self, Failure> {
        let mut conversation = Self { system: Vec::new(), turns: Turns::new(wants_signatures) };
        conversation.instruct(system, "system")?;
        for (n, message) in messages.into_iter().enumerate() {
            conversation.add(message, &format!("messages.{n}.content"))?;
        }
        Ok(conversation)
    }

    /// What the system says first, and the turns after it, of which the first is the user's.
    pub(super) fn into_parts(self) -> (Vec<String>, Vec<Turn>) {
        (self.system, self.turns.arranged())
    }

    fn add(&mut self, message: Message, path: &str) -> Result<(), Failure> {
        match message.role {
            anthropic_request::Role::System if self.turns.is_empty() => {
                self.instruct(message.content, path)
            }
            anthropic_request::Role::System | anthropic_request::Role::User => {
                self.say(Role::User, message.content, path)
            }
            anthropic_request::Role::Assistant => self.say(Role::Model, message.content, path),
        }
    }

    fn instruct(&mut self, blocks: Vec<Block>, path: &str) -> Result<(), Failure> {
        for (n, block) in blocks.into_iter().enumerate() {
            match block.kind {
                Kind::Text(text) if text.is_empty() => {}
                Kind::Text(text) => self.system.push(text),
                _ => return Err(refused(&format!("{path}.{n}.type"), "must be text")),
            }
        }
        Ok(())
    }

    fn say(&mut self, role: Role, blocks: Vec<Block>, path: &str) -> Result<(), Failure> {
        let mut message = Calls::default();
        for (n, block) in blocks.into_iter().enumerate() {
            let path = format!("{path}.{n}");
            let parts = match block.kind {
                Kind::Thinking { signature, .. } => {
                    let ours = signature.strip_prefix(GEMINI_SIGNATURE).map(str::to_owned);
                    message.signature = ours.or(message.signature);
                    Vec::new()
                }
                Kind::ToolUse { id, name, input } => {
                    let call = Call { id: Some(id), name, args: input };
                    let (signature, is_first) = message.next();
                    vec![self.turns.call(call, signature, is_first)]
                }
                Kind::ToolResult { tool_use_id, content, is_error } => {
                    let said = parts(content, &format!("{path}.content"))?;
                    let field = format!("{path}.tool_use_id");
                    let unknown = || refused(&field, "is of no tool_use in the messages before");
                    self.turns.result(tool_use_id, said, is_error).ok_or_else(unknown)?
                }
                kind => part(kind, &path)?,
            };
            self.turns.say(role, parts);
        }
        Ok(())
    }
}

/// The calls of one message so far.
#[derive(Debug, Default)]
struct Calls {
    count: usize,
    /// The signature that waits for its call.
    signature: Option<String>,
}

impl Calls {
    /// The signature of the next call, and whether it is the first.
    fn next(&mut self) -> (Option<String>, bool) {
        self.count += 1;
        (self.signature.take(), self.count == 1)
    }
}

/// What blocks say that hold neither calls nor results.
fn parts(blocks: Vec<Block>, path: &str) -> Result<Vec<Part>, Failure> {
    let blocks = blocks.into_iter().enumerate();
    let parts = blocks.map(|(n, block)| part(block.kind, &format!("{path}.{n}")));
    Ok(parts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn part(kind: Kind, path: &str) -> Result<Vec<Part>, Failure> {
    let source = format!("{path}.source");
    Ok(match kind {
        Kind::Text(text) => said(text).into_iter().collect(),
        Kind::Image(image) => vec![file(image, FileKind::Image, &source)?.into()],
        Kind::Document { source: inner, title, context } => {
            let (title, inside) = match inner {
                Source::Text(text) => (title, said(text).into_iter().collect()),
                Source::Content(blocks) => (title, parts(blocks, &format!("{source}.content"))?),
                // Its title is the name of a file, which Gemini has no field for.
                pdf => (None, vec![file(pdf, FileKind::Pdf, &source)?.into()]),
            };
            title.into_iter().chain(context).filter_map(said).chain(inside).collect()
        }
        Kind::Thinking { .. } | Kind::RedactedThinking => Vec::new(),
        Kind::ToolUse { .. } | Kind::ToolResult { .. } | Kind::Other => {
            let why = "this provider takes texts, images, documents, tool uses and their results";
            return Err(refused(&format!("{path}.type"), why));
        }
    })
}

/// An image or a PDF, inline or to be fetched.
fn file(source: Source, kind: FileKind, path: &str) -> Result<Data, Failure> {
    match source {
        Source::Url(url) => {
            let path = format!("{path}.url");
            let wrong = || refused(&path, "must be an http or https URL");
            Ok(Data::Remote(RemoteFile::at(&url, kind, &path).ok_or_else(wrong)?))
        }
        Source::Base64 { media_type, data } => {
            let mime_type = media_type.to_ascii_lowercase();
            let (is_right, wrong) = match kind {
                FileKind::Image => (mime_type.starts_with("image/"), "must be that of an image"),
                FileKind::Pdf => (mime_type == "application/pdf", "must be application/pdf"),
            };
            match is_right {
                true => Ok(Data::Inline(Blob { mime_type, data })),
                false => Err(refused(&format!("{path}.media_type"), wrong)),
            }
        }
        Source::Text(_) | Source::Content(_) | Source::Other => {
            Err(refused(&format!("{path}.type"), "must be base64 or url at this provider"))
        }
    }
}
