//! Gemini's JSON: what we send, and what we read.
//!
//! Reading is tolerant: absent, null and unknown fields are all the same, since an answer lacks one
//! thing or another, a blocked one even its content.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tollgate_domain::usage::TokenUsage;

use crate::files::RemoteFile;
use crate::json::count;

/// A request for content.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) system_instruction: Option<Instruction>,
    pub(crate) contents: Vec<Turn>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tools: Vec<Tools>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool_config: Option<ToolConfig>,
    pub(crate) generation_config: GenerationConfig<'a>,
}

/// What the system says.
#[derive(Debug, Serialize)]
pub(crate) struct Instruction {
    pub(crate) parts: Vec<Part>,
}

impl Instruction {
    /// Those texts, with blank lines between them; none of none.
    pub(crate) fn of(texts: &[String]) -> Option<Self> {
        let text = texts.join("\n\n");
        (!text.is_empty()).then(|| Self { parts: vec![Part::text(text)] })
    }
}

/// One turn of the conversation.
#[derive(Debug, Serialize)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) parts: Vec<Part>,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    User,
    Model,
}

/// A part of a turn that we send.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    #[serde(flatten)]
    pub(crate) data: Data,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thought_signature: Option<String>,
}

impl From<Data> for Part {
    fn from(data: Data) -> Self {
        Self { data, thought_signature: None }
    }
}

impl Part {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Data::Text(text.into()).into()
    }
}

/// What a part holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Data {
    Text(String),
    #[serde(rename = "inlineData")]
    Inline(Blob),
    /// A file that has to be fetched and inlined first; it is never sent so.
    #[serde(skip_serializing)]
    Remote(RemoteFile),
    FunctionCall(Call),
    FunctionResponse(CallResult),
}

/// An image, a document or a sound.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Blob {
    pub(crate) mime_type: String,
    pub(crate) data: String,
}

/// A call that the model made.
#[derive(Debug, Serialize)]
pub(crate) struct Call {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) args: Box<RawValue>,
}

/// What came of a call.
#[derive(Debug, Serialize)]
pub(crate) struct CallResult {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) response: Box<RawValue>,
}

/// Tools that the model may use.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tools {
    pub(crate) function_declarations: Vec<Function>,
}

/// A function that the model may call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Function {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameters_json_schema: Option<Box<RawValue>>,
}

/// Which tools the model has to use.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToolConfig {
    pub(crate) function_calling_config: CallingConfig,
}

/// Whether, and what, the model has to call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallingConfig {
    pub(crate) mode: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) allowed_function_names: Vec<String>,
}

/// How the answer is made.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GenerationConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top_k: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) presence_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) frequency_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_output_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) stop_sequences: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_json_schema: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking_config: Option<Thinking>,
}

/// How hard the model thinks, and whether it tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Thinking {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking_budget: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinking_level: Option<&'static str>,
    pub(crate) include_thoughts: bool,
}

/// An answer, or a piece of a streamed one.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Response {
    pub(crate) candidates: Option<Vec<Candidate>>,
    pub(crate) prompt_feedback: Option<PromptFeedback>,
    pub(crate) usage_metadata: Option<Usage>,
    pub(crate) model_version: Option<String>,
    pub(crate) response_id: Option<String>,
}

/// Why a prompt gets no answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PromptFeedback {
    pub(crate) block_reason: Option<String>,
}

/// One of the answers to a prompt.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Candidate {
    pub(crate) index: Option<u32>,
    content: Option<Content>,
    pub(crate) finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Content {
    /// Unread: one of an unknown kind may be anything.
    parts: Option<Vec<Box<RawValue>>>,
}

impl Response {
    /// The first answer, which is the only one that is asked for.
    pub(crate) fn candidate(&self) -> Option<&Candidate> {
        let mut candidates = self.candidates.iter().flatten();
        candidates.find(|candidate| candidate.index.unwrap_or_default() == 0)
    }

    /// Whether the prompt was refused.
    pub(crate) fn is_blocked(&self) -> bool {
        let reason = self.prompt_feedback.as_ref().and_then(|it| it.block_reason.as_deref());
        reason.is_some_and(|reason| !reason.is_empty())
    }

    /// Whether there is anything of an answer in it.
    pub(crate) fn is_answer(&self) -> bool {
        self.candidates.is_some() || self.is_blocked()
    }
}

impl Candidate {
    /// The parts that can be read.
    pub(crate) fn parts(&self) -> impl Iterator<Item = AnswerPart> {
        let parts = self.content.iter().flat_map(|content| &content.parts).flatten();
        parts.filter_map(|part| serde_json::from_str(part.get()).ok())
    }
}

/// A part of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct AnswerPart {
    pub(crate) text: Option<String>,
    pub(crate) thought: Option<bool>,
    pub(crate) thought_signature: Option<String>,
    pub(crate) function_call: Option<AnswerCall>,
}

/// A call that the model makes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerCall {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) args: Option<Box<RawValue>>,
}

/// Token counts. Cached tokens are inside the prompt, thoughts outside the candidates.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Usage {
    #[serde(deserialize_with = "count")]
    prompt_token_count: Option<i64>,
    #[serde(deserialize_with = "count")]
    tool_use_prompt_token_count: Option<i64>,
    #[serde(deserialize_with = "count")]
    cached_content_token_count: Option<i64>,
    #[serde(deserialize_with = "count")]
    candidates_token_count: Option<i64>,
    #[serde(deserialize_with = "count")]
    thoughts_token_count: Option<i64>,
}

impl Usage {
    /// The counts in disjoint buckets; `None` when nothing was counted.
    pub(crate) fn buckets(&self) -> Option<TokenUsage> {
        let count = |tokens: Option<i64>| tokens.unwrap_or(0).clamp(0, TokenUsage::MAX);
        let thoughts = count(self.thoughts_token_count);
        let usage = TokenUsage::from_inclusive(
            count(self.prompt_token_count) + count(self.tool_use_prompt_token_count),
            count(self.cached_content_token_count),
            0,
            count(self.candidates_token_count) + thoughts,
            thoughts,
        );
        (usage.total() > 0).then_some(usage)
    }
}
