//! Messages: who says what, in which order.
//!
//! | Anthropic | OpenAI |
//! | --- | --- |
//! | `system` | one `system` message, its texts joined by blank lines |
//! | a `system` message in the midst | the same, in its place |
//! | `tool_result` | a `tool` message each, before all else that is said after the calls; `Error: ` goes before errors |
//! | images and PDFs in a `tool_result` | a word in their place, and parts of the user message that follows |
//! | `text`, `image` (base64, URL) | `text`, `image_url`; a text alone is a string |
//! | `document`: a PDF inside, texts | `file`; `text`, under its title and context |
//! | the assistant's texts, `tool_use` | `content`, `tool_calls`, the input byte for byte |
//! | unsigned `thinking` beside `tool_use`, for who wants it back | `reasoning_content` |
//! | other thinking, the assistant's other blocks | dropped, with a note |
//! | an assistant's message at the end | the same, and the user says `Continue.`, with a note |
//! | `cache_control` | `prompt_cache_breakpoint`, of models known to take it |
//! | empty texts | dropped |
//! | by URL or by id: documents; by id: images; the user's other blocks | refused |

mod parts;

use tollgate_domain::failure::Failure;

use super::ids::id_for_provider;
use super::wire::{Call, Content, Message, Part, PartKind, ToolCall};
use crate::anthropic::abilities::{GO_ON, has};
use crate::protocol::Target;
use crate::translate::anthropic_request::{Asked, Block, Kind, Role};
use crate::translate::openai_request::refused;
use crate::translate::tool_names::Rule;
use parts::Parts;

/// A conversation in OpenAI's messages.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) messages: Vec<Message>,
    /// Fields of which something was dropped.
    pub(super) notes: Vec<&'static str>,
    parts: Parts,
    wants_reasoning: bool,
    names: Rule,
}

impl Conversation {
    /// Reads what is said. Fails, naming the field, at what OpenAI's protocol has nothing for.
    pub(super) fn read(asked: &Asked<'_>, target: &Target<'_>) -> Result<Self, Failure> {
        let quirks = &target.upstream.quirks;
        let mut conversation = Self {
            messages: Vec::new(),
            notes: Vec::new(),
            parts: Parts { takes_breakpoints: has(target, "prompt_cache_breakpoint") },
            wants_reasoning: quirks.fill_reasoning_content,
            names: Rule::of_at_least(quirks.min_tool_name),
        };
        conversation.system(&asked.system, "system")?;
        for (n, message) in asked.messages.iter().enumerate() {
            let path = format!("messages.{n}.content");
            match message.role {
                Role::System => conversation.system(&message.content, &path)?,
                Role::User => conversation.user(&message.content, &path)?,
                Role::Assistant => conversation.assistant(&message.content),
            }
        }
        conversation.end(target);
        Ok(conversation)
    }

    /// Has the system say that too.
    pub(super) fn tell(&mut self, instruction: Option<String>) {
        let Some(told) = instruction else { return };
        match self.messages.first_mut() {
            Some(Message::System { content: Content::Text(text) }) => {
                text.push_str("\n\n");
                text.push_str(&told);
            }
            Some(Message::System { content: Content::Parts(parts) }) => {
                parts.push(Part::text(told))
            }
            _ => self.messages.insert(0, Message::System { content: Content::Text(told) }),
        }
    }

    fn note(&mut self, field: &'static str) {
        if !self.notes.contains(&field) {
            self.notes.push(field);
        }
    }

    fn system(&mut self, blocks: &[Block], path: &str) -> Result<(), Failure> {
        let parts = self.parts.of(blocks, path)?;
        if parts.iter().any(|part| !matches!(part.kind, PartKind::Text { .. })) {
            return Err(refused(path, "the system says texts alone"));
        }
        if parts.iter().any(|part| part.prompt_cache_breakpoint.is_some()) {
            self.messages.push(Message::System { content: Content::Parts(parts) });
        } else if !parts.is_empty() {
            let text = parts::joined(&parts, "\n\n");
            self.messages.push(Message::System { content: Content::Text(text) });
        }
        Ok(())
    }

    /// Results of tools go first, as their calls' answers have to.
    fn user(&mut self, blocks: &[Block], path: &str) -> Result<(), Failure> {
        let mut said = Vec::new();
        let mut shown = Vec::new();
        for (n, block) in blocks.iter().enumerate() {
            let path = format!("{path}.{n}");
            let Kind::ToolResult { tool_use_id, content, is_error } = &block.kind else {
                said.extend(self.parts.one(block, &path)?);
                continue;
            };
            let tool_call_id = id_for_provider(tool_use_id);
            let parts = self.parts.of(content, &format!("{path}.content"))?;
            let content = parts::result(parts, &tool_call_id, *is_error, &mut shown);
            self.result(Message::Tool { tool_call_id, content });
        }
        shown.append(&mut said);
        if !shown.is_empty() {
            self.messages.push(Message::User { content: parts::content(shown) });
        }
        Ok(())
    }

    /// Adds a result right behind the calls and the results before it, whatever has been said
    /// since: OpenAI refuses anything in between.
    fn result(&mut self, result: Message) {
        let is_before =
            |it: &Message| matches!(it, Message::Assistant { .. } | Message::Tool { .. });
        let before = self.messages.iter().rposition(is_before);
        self.messages.insert(before.map_or(self.messages.len(), |before| before + 1), result);
    }

    fn assistant(&mut self, blocks: &[Block]) {
        let (mut text, mut reasoning, mut tool_calls) = (String::new(), String::new(), Vec::new());
        for block in blocks {
            match &block.kind {
                Kind::Text(more) => text.push_str(more),
                Kind::ToolUse { id, name, input } => tool_calls.push(ToolCall {
                    id: id_for_provider(id),
                    kind: "function",
                    function: Call {
                        name: self.names.name_for_provider(name),
                        arguments: input.get().to_owned(),
                    },
                }),
                // What nobody signed is ours: see `answer`.
                Kind::Thinking { thinking, signature } if signature.is_empty() => {
                    reasoning.push_str(thinking);
                }
                _ => self.note("messages"),
            }
        }
        let reasoning = Some(reasoning).filter(|text| !text.is_empty());
        let kept = self.wants_reasoning && !tool_calls.is_empty();
        if reasoning.is_some() && !kept {
            self.note("messages");
        }
        let content = Some(text).filter(|text| !text.is_empty());
        if content.is_some() || !tool_calls.is_empty() {
            let reasoning_content = reasoning.filter(|_| kept);
            self.messages.push(Message::Assistant { content, reasoning_content, tool_calls });
        }
    }

    /// The user speaks last, unless the model is known to go on with what it has begun to say.
    fn end(&mut self, target: &Target<'_>) {
        let is_prefilled = matches!(self.messages.last(), Some(Message::Assistant { .. }));
        if is_prefilled && !has(target, "assistant_prefill") {
            self.note("messages");
            let content = Content::Text(GO_ON.to_owned());
            self.messages.push(Message::User { content });
        }
    }
}
