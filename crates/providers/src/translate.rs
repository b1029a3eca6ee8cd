//! Between dialects: a caller of one, a provider of another. Pure functions, one file for each
//! direction.

pub(crate) mod anthropic_answer;
pub(crate) mod anthropic_history;
pub(crate) mod anthropic_request;
pub(crate) mod anthropic_to_gemini;
pub(crate) mod anthropic_to_openai;
pub(crate) mod call_id;
pub(crate) mod gemini_answer;
pub(crate) mod gemini_request;
pub(crate) mod longest;
pub(crate) mod openai_answer;
pub(crate) mod openai_request;
pub(crate) mod openai_to_anthropic;
pub(crate) mod openai_to_gemini;
pub(crate) mod tool_names;
