//! OpenAI's answers and chunks as they should be, borrowed from the body.
//!
//! These types are strict on purpose: a body that they do not read, or that [`clean`](super::clean)
//! does not pass, goes through [`repair`](super::repair) first. What they do not name is relayed
//! unread.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};
use tollgate_domain::usage::TokenUsage;

/// A whole answer, or a chunk of a streamed one.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct Reply<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    #[serde(borrow)]
    pub(super) object: Text<'a>,
    pub(super) created: i64,
    #[serde(borrow)]
    pub(super) model: Text<'a>,
    #[serde(borrow)]
    pub(super) choices: Vec<Choice<'a>>,
    #[serde(default)]
    pub(super) usage: Field<Usage>,
    #[serde(default, borrow)]
    pub(super) system_fingerprint: Field<Text<'a>>,
    #[serde(default)]
    pub(super) error: Field<IgnoredAny>,
    /// What OpenAI's moderation says of a call that asked for it, in a chunk without choices.
    #[serde(default)]
    pub(super) moderation: Field<IgnoredAny>,
}

/// One of an answer's choices.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct Choice<'a> {
    pub(super) index: u32,
    #[serde(default, borrow)]
    pub(super) message: Field<Part<'a>>,
    #[serde(default, borrow)]
    pub(super) delta: Field<Part<'a>>,
    #[serde(default, borrow)]
    pub(super) finish_reason: Field<Text<'a>>,
    #[serde(default)]
    pub(super) logprobs: Field<IgnoredAny>,
    /// Moonshot puts it here.
    #[serde(default)]
    pub(super) usage: Field<Usage>,
}

/// A message, or a piece of one.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct Part<'a> {
    #[serde(default, borrow)]
    pub(super) role: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) content: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) refusal: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) reasoning_content: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) reasoning: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) tool_calls: Field<Vec<ToolCall<'a>>>,
    #[serde(default, borrow)]
    pub(super) function_call: Field<Function<'a>>,
    #[serde(default)]
    pub(super) annotations: Field<IgnoredAny>,
    #[serde(default)]
    pub(super) audio: Field<IgnoredAny>,
}

/// A tool call, or a fragment of one.
#[derive(Debug, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct ToolCall<'a> {
    #[serde(default)]
    pub(super) index: Field<u32>,
    #[serde(default, borrow)]
    pub(super) id: Field<Text<'a>>,
    #[serde(default, borrow, rename = "type")]
    pub(super) kind: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) function: Field<Function<'a>>,
    /// The call of a tool that takes free text.
    #[serde(default, borrow)]
    pub(super) custom: Field<Custom<'a>>,
}

/// A function's name and arguments, or fragments of them.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct Function<'a> {
    #[serde(default, borrow)]
    pub(super) name: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) arguments: Field<Text<'a>>,
}

/// The name of a tool that takes free text, and what it is given.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct Custom<'a> {
    #[serde(default, borrow)]
    pub(super) name: Field<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) input: Field<Text<'a>>,
}

/// Token counts, with the parts inside the wholes.
#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct Usage {
    pub(super) prompt_tokens: i64,
    /// Embeddings have none.
    #[serde(default)]
    pub(super) completion_tokens: i64,
    pub(super) total_tokens: i64,
    #[serde(default)]
    pub(super) prompt_tokens_details: Field<PromptDetails>,
    #[serde(default)]
    pub(super) completion_tokens_details: Field<CompletionDetails>,
    /// Moonshot's other spelling.
    #[serde(default)]
    pub(super) cached_tokens: Field<i64>,
    /// DeepSeek's spelling.
    #[serde(default)]
    pub(super) prompt_cache_hit_tokens: Field<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct PromptDetails {
    #[serde(default)]
    pub(super) cached_tokens: Field<i64>,
    #[serde(default)]
    pub(super) cache_write_tokens: Field<i64>,
    /// Qwen's spelling.
    #[serde(default)]
    pub(super) cache_creation_input_tokens: Field<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(remote = "Self")]
pub(super) struct CompletionDetails {
    #[serde(default)]
    pub(super) reasoning_tokens: Field<i64>,
}

/// Reads a struct from an object alone: what is derived also takes a list, and some servers send
/// `[]` for an object without fields.
struct ObjectOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

macro_rules! read_from_objects {
    ($($name:ident $(<$life:lifetime>)?),+ $(,)?) => {$(
        impl<'de $(: $life, $life)?> Deserialize<'de> for $name $(<$life>)? {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // The derived function of the same name.
                Self::deserialize(ObjectOnly(deserializer))
            }
        }
    )+};
}

read_from_objects! {
    Reply<'a>, Choice<'a>, Part<'a>, ToolCall<'a>, Function<'a>, Custom<'a>,
    Usage, PromptDetails, CompletionDetails,
}

impl Usage {
    /// The counts in disjoint buckets.
    pub(super) fn buckets(&self) -> TokenUsage {
        let cached =
            self.prompt_tokens_details.get().and_then(|details| details.cached_tokens.copied());
        let cached = cached
            .or_else(|| self.cached_tokens.copied())
            .or_else(|| self.prompt_cache_hit_tokens.copied());
        let written = self.prompt_tokens_details.get().and_then(|details| {
            details
                .cache_write_tokens
                .copied()
                .or_else(|| details.cache_creation_input_tokens.copied())
        });
        let reasoning = self
            .completion_tokens_details
            .get()
            .and_then(|details| details.reasoning_tokens.copied());
        TokenUsage::from_inclusive(
            self.prompt_tokens,
            cached.unwrap_or(0),
            written.unwrap_or(0),
            self.completion_tokens,
            reasoning.unwrap_or(0),
        )
    }

    /// Whether OpenAI would have written it so: its sums right, its parts where they belong.
    pub(super) fn is_clean(&self) -> bool {
        let details = self.prompt_tokens_details.get();
        let is_told = details.is_some_and(|details| matches!(details.cached_tokens, Field::Is(_)));
        let is_elsewhere = matches!(self.cached_tokens, Field::Is(_))
            || matches!(self.prompt_cache_hit_tokens, Field::Is(_));
        let counted = self.prompt_tokens.checked_add(self.completion_tokens);
        (is_told || !is_elsewhere)
            && counted == Some(self.total_tokens)
            && self.total_tokens <= TokenUsage::MAX
            && !self.prompt_tokens_details.is_null()
            && !self.completion_tokens_details.is_null()
            && details.is_none_or(|details| {
                !details.cached_tokens.is_null() && !details.cache_write_tokens.is_null()
            })
            && self
                .completion_tokens_details
                .get()
                .is_none_or(|details| !details.reasoning_tokens.is_null())
    }
}

impl<'a> Choice<'a> {
    /// The message or delta.
    pub(super) fn part(&self) -> Option<&Part<'a>> {
        self.message.get().or_else(|| self.delta.get())
    }
}

/// A field that may be absent or null: OpenAI's schema forbids one or the other here and there.
#[derive(Debug, Default)]
pub(super) enum Field<T> {
    #[default]
    Absent,
    Null,
    Is(T),
}

impl<T> Field<T> {
    pub(super) const fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    pub(super) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: Copy> Field<T> {
    pub(super) fn copied(&self) -> Option<T> {
        self.get().copied()
    }
}

impl Field<Text<'_>> {
    /// The text; empty where there is none.
    pub(super) fn text(&self) -> &str {
        self.get().map_or("", |text| &text.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Is))
    }
}

/// A string, borrowed unless it holds escapes.
#[derive(Debug)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

impl Part<'_> {
    /// Bytes of visible text and tool arguments.
    pub(super) fn output_bytes(&self) -> usize {
        let of =
            |function: &Function<'_>| function.name.text().len() + function.arguments.text().len();
        let calls = self.tool_calls.get().into_iter().flatten();
        let calls: usize = calls
            .map(|call| {
                let custom = call.custom.get();
                call.function.get().map_or(0, of)
                    + custom.map_or(0, |it| it.name.text().len() + it.input.text().len())
            })
            .sum();
        let legacy = self.function_call.get().map_or(0, of);
        self.content.text().len() + self.refusal.text().len() + calls + legacy
    }

    /// Bytes of reasoning, under whichever name.
    pub(super) fn reasoning_bytes(&self) -> usize {
        self.reasoning_content.text().len().max(self.reasoning.text().len())
    }

    /// Whether a caller gets something from it.
    pub(super) fn has_content(&self) -> bool {
        self.output_bytes() > 0
            || self.reasoning_bytes() > 0
            || self.tool_calls.get().is_some_and(|calls| !calls.is_empty())
            || self.audio.get().is_some()
    }
}
