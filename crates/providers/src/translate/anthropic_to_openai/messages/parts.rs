//! Parts of what a message says.

use tollgate_domain::failure::Failure;

use super::super::wire::{Breakpoint, Content, File, ImageUrl, Part, PartKind};
use crate::translate::anthropic_request::{Block, CacheControl, Kind, Source};
use crate::translate::openai_request::refused;

/// What a PDF is called where the caller gives it no title; OpenAI wants a name.
const PDF_NAME: &str = "document.pdf";

/// Makes parts of blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// Whether the model is known to take marks of what is cached.
    pub(super) takes_breakpoints: bool,
}

impl Part {
    /// A text that nothing is cached after.
    pub(super) fn text(text: String) -> Self {
        Self { kind: PartKind::Text { text }, prompt_cache_breakpoint: None }
    }
}

impl Parts {
    /// What `blocks` say. Fails, naming the field, at what OpenAI has nothing for.
    pub(super) fn of(self, blocks: &[Block], path: &str) -> Result<Vec<Part>, Failure> {
        let mut parts = Vec::new();
        for (n, block) in blocks.iter().enumerate() {
            parts.extend(self.one(block, &format!("{path}.{n}"))?);
        }
        Ok(parts)
    }

    /// What `block` says: nothing, if it is an empty text.
    pub(super) fn one(self, block: &Block, path: &str) -> Result<Vec<Part>, Failure> {
        let mut parts = match &block.kind {
            Kind::Text(text) if text.is_empty() => Vec::new(),
            Kind::Text(text) => vec![Part::text(text.clone())],
            Kind::Image(source) => vec![image(source, path)?],
            Kind::Document { source, title, context } => {
                self.document(source, title.as_deref(), context.as_deref(), path)?
            }
            _ => {
                let why = "this provider takes texts, images and documents";
                return Err(refused(&format!("{path}.type"), why));
            }
        };
        let mark = block.cache_control.as_ref().filter(|_| self.takes_breakpoints);
        if let Some(last) = parts.last_mut() {
            last.prompt_cache_breakpoint = mark.map(breakpoint);
        }
        Ok(parts)
    }

    fn document(
        self,
        source: &Source,
        title: Option<&str>,
        context: Option<&str>,
        path: &str,
    ) -> Result<Vec<Part>, Failure> {
        let spoken = |text: &str| Part::text(text.to_owned());
        match source {
            Source::Base64 { media_type, data } if media_type == "application/pdf" => {
                let filename = title.unwrap_or(PDF_NAME).to_owned();
                let file = File { filename, file_data: data_url(media_type, data) };
                let file = Part { kind: PartKind::File { file }, prompt_cache_breakpoint: None };
                Ok(context.map(spoken).into_iter().chain([file]).collect())
            }
            Source::Text(text) => {
                let texts = [title, context, Some(text.as_str())].into_iter().flatten();
                Ok(vec![Part::text(texts.collect::<Vec<_>>().join("\n\n"))])
            }
            Source::Content(blocks) => {
                let heading = [title, context].into_iter().flatten().map(spoken);
                let parts = self.of(blocks, &format!("{path}.source.content"))?;
                Ok(heading.chain(parts).collect())
            }
            Source::Base64 { .. } | Source::Url(_) | Source::Other => {
                let why = "this provider takes documents as base64 PDFs or as text";
                Err(refused(&format!("{path}.source"), why))
            }
        }
    }
}

/// Of the two life times on each side, the longer for the longer.
fn breakpoint(mark: &CacheControl) -> Breakpoint {
    let is_long = mark.ttl.as_deref() == Some("1h");
    Breakpoint { mode: "explicit", ttl: if is_long { "12h" } else { "30m" } }
}

fn image(source: &Source, path: &str) -> Result<Part, Failure> {
    let url = match source {
        Source::Base64 { media_type, data } => data_url(media_type, data),
        Source::Url(url) => url.clone(),
        Source::Text(_) | Source::Content(_) | Source::Other => {
            let why = "this provider takes images as base64 or by URL";
            return Err(refused(&format!("{path}.source"), why));
        }
    };
    let kind = PartKind::ImageUrl { image_url: ImageUrl { url } };
    Ok(Part { kind, prompt_cache_breakpoint: None })
}

fn data_url(media_type: &str, data: &str) -> String {
    format!("data:{media_type};base64,{data}")
}

/// The texts of `parts`.
pub(super) fn joined(parts: &[Part], between: &str) -> String {
    let texts = parts.iter().filter_map(|part| match &part.kind {
        PartKind::Text { text } => Some(text.as_str()),
        PartKind::ImageUrl { .. } | PartKind::File { .. } => None,
    });
    texts.collect::<Vec<_>>().join(between)
}

/// The content of a user's message; a text alone is a string, which every server takes.
pub(super) fn content(mut parts: Vec<Part>) -> Content {
    match parts.as_mut_slice() {
        [Part { kind: PartKind::Text { text }, prompt_cache_breakpoint: None }] => {
            Content::Text(std::mem::take(text))
        }
        _ => Content::Parts(parts),
    }
}

/// The text of a tool's result. What is no text is added to `shown`, which the user then says.
pub(super) fn result(
    parts: Vec<Part>,
    call_id: &str,
    is_error: bool,
    shown: &mut Vec<Part>,
) -> String {
    let (texts, rest): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| matches!(part.kind, PartKind::Text { .. }));
    let mut text = joined(&texts, "\n");
    if is_error {
        text.insert_str(0, "Error: ");
    }
    if !rest.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("[{} attached to the next message]", files(&rest)));
        shown.push(Part::text(format!("Of the result of {call_id}:")));
        shown.extend(rest);
    }
    text
}

fn files(parts: &[Part]) -> String {
    let has_file = parts.iter().any(|part| matches!(part.kind, PartKind::File { .. }));
    let noun = if has_file { "file" } else { "image" };
    match parts.len() {
        1 => noun.to_owned(),
        n => format!("{n} {noun}s"),
    }
}
