//! Blocks of what a message says.

use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::failure::Failure;

use crate::translate::openai_request::{json_object, refused};

/// A block, and whether the prompt is cached up to it.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) cache_control: Option<CacheControl>,
}

/// What a block is.
#[derive(Debug)]
pub(crate) enum Kind {
    Text(String),
    Image(Source),
    Document {
        source: Source,
        title: Option<String>,
        /// What the model is told of it besides.
        context: Option<String>,
    },
    /// The model's reasoning; the signature is empty where nobody signed it.
    Thinking {
        thinking: String,
        signature: String,
    },
    RedactedThinking,
    ToolUse {
        id: String,
        name: String,
        /// A JSON object, byte for byte.
        input: Box<RawValue>,
    },
    ToolResult {
        tool_use_id: String,
        /// What the tool says; results inside a result are [`Kind::Other`].
        content: Vec<Block>,
        is_error: bool,
    },
    /// A block of a kind that no other dialect has.
    Other,
}

/// A mark that the prompt is cached up to here.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CacheControl {
    /// `5m`, which is what it is if nothing is said, or `1h`.
    pub(crate) ttl: Option<String>,
}

/// Where an image's or a document's data are.
#[derive(Debug)]
pub(crate) enum Source {
    Base64 {
        media_type: String,
        data: String,
    },
    Url(String),
    /// Plain text, of a document.
    Text(String),
    /// Blocks, of a document.
    Content(Vec<Block>),
    /// A source that no other dialect has, such as a file's id.
    Other,
}

/// A block as it is written, whatever its kind.
#[derive(Debug, Deserialize)]
struct Raw<'a> {
    #[serde(rename = "type")]
    kind: String,
    cache_control: Option<CacheControl>,
    text: Option<String>,
    #[serde(borrow)]
    source: Option<RawSource<'a>>,
    title: Option<String>,
    context: Option<String>,
    thinking: Option<String>,
    signature: Option<String>,
    id: Option<String>,
    name: Option<String>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
    tool_use_id: Option<String>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    is_error: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct RawSource<'a> {
    #[serde(rename = "type")]
    kind: String,
    media_type: Option<String>,
    data: Option<String>,
    url: Option<String>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
}

/// The kind alone, of a block whose fields may be anything.
#[derive(Debug, Deserialize)]
struct Named {
    #[serde(rename = "type")]
    kind: String,
}

/// The blocks of a list, or of a text; none of nothing. `path` names them in refusals.
pub(super) fn blocks(content: Option<&RawValue>, path: &str) -> Result<Vec<Block>, Failure> {
    list(content, path, true)
}

/// `may_nest` is whether results of tools and documents are read for the blocks inside them; those
/// inside blocks are not, so that no request can be too deep.
fn list(content: Option<&RawValue>, path: &str, may_nest: bool) -> Result<Vec<Block>, Failure> {
    let wrong = |_| refused(path, "must be a text or a list of content blocks");
    let Some(content) = content else { return Ok(Vec::new()) };
    if content.get().starts_with('"') {
        let text = serde_json::from_str(content.get()).map_err(wrong)?;
        return Ok(vec![Block { kind: Kind::Text(text), cache_control: None }]);
    }
    let blocks: Vec<&RawValue> = serde_json::from_str(content.get()).map_err(wrong)?;
    let blocks = blocks.into_iter().enumerate();
    blocks.map(|(n, block)| read(block, &format!("{path}.{n}"), may_nest)).collect()
}

fn read(block: &RawValue, path: &str, may_nest: bool) -> Result<Block, Failure> {
    let wrong = |_| refused(path, "is not a content block");
    let Named { kind } = serde_json::from_str(block.get()).map_err(wrong)?;
    let is_known = match kind.as_str() {
        "text" | "image" | "document" | "thinking" | "redacted_thinking" | "tool_use" => true,
        "tool_result" => may_nest,
        _ => false,
    };
    if !is_known {
        return Ok(Block { kind: Kind::Other, cache_control: None });
    }
    let mut raw: Raw<'_> = serde_json::from_str(block.get()).map_err(wrong)?;
    let cache_control = raw.cache_control.take();
    Ok(Block { kind: raw.kind(path, may_nest)?, cache_control })
}

impl Raw<'_> {
    fn kind(self, path: &str, may_nest: bool) -> Result<Kind, Failure> {
        let field = |name: &str| format!("{path}.{name}");
        let missing = |name: &str| refused(&field(name), "is required");
        Ok(match self.kind.as_str() {
            "text" => Kind::Text(self.text.ok_or_else(|| missing("text"))?),
            "image" => Kind::Image(source(self.source, &field("source"), may_nest)?),
            "document" => {
                let source = source(self.source, &field("source"), may_nest)?;
                let said = |text: Option<String>| text.filter(|text| !text.is_empty());
                Kind::Document { source, title: said(self.title), context: said(self.context) }
            }
            "thinking" => Kind::Thinking {
                thinking: self.thinking.unwrap_or_default(),
                signature: self.signature.unwrap_or_default(),
            },
            "redacted_thinking" => Kind::RedactedThinking,
            "tool_use" => Kind::ToolUse {
                id: self.id.ok_or_else(|| missing("id"))?,
                name: self.name.ok_or_else(|| missing("name"))?,
                input: json_object(self.input.map_or("", RawValue::get))
                    .ok_or_else(|| refused(&field("input"), "must be an object"))?,
            },
            "tool_result" => Kind::ToolResult {
                tool_use_id: self.tool_use_id.ok_or_else(|| missing("tool_use_id"))?,
                content: list(self.content, &field("content"), false)?,
                is_error: self.is_error.unwrap_or(false),
            },
            _ => Kind::Other,
        })
    }
}

fn source(source: Option<RawSource<'_>>, path: &str, may_nest: bool) -> Result<Source, Failure> {
    let source = source.ok_or_else(|| refused(path, "is required"))?;
    let missing = |name: &str| refused(&format!("{path}.{name}"), "is required");
    Ok(match source.kind.as_str() {
        "base64" => Source::Base64 {
            media_type: source.media_type.ok_or_else(|| missing("media_type"))?,
            data: source.data.ok_or_else(|| missing("data"))?,
        },
        "url" => Source::Url(source.url.ok_or_else(|| missing("url"))?),
        "text" => Source::Text(source.data.ok_or_else(|| missing("data"))?),
        "content" if may_nest => {
            Source::Content(list(source.content, &format!("{path}.content"), false)?)
        }
        _ => Source::Other,
    })
}
