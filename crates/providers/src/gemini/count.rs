//! Counting the tokens of a prompt: `countTokens` takes the whole request for an answer, with the
//! model's path inside, and counts its system instruction and tools too.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use tollgate_domain::chat::{Answer, AnswerFacts};
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::failure::{error_in, unreadable};

/// The body that counts what `request`, one for an answer of the model at that path, asks.
pub(super) fn wrapped(request: &Bytes, model: &str) -> Bytes {
    let fields = request.strip_prefix(b"{").unwrap_or(request);
    let separator: &[u8] = if fields.trim_ascii_start().starts_with(b"}") { b"" } else { b"," };
    let head = format!(r#"{{"generateContentRequest":{{"model":{}"#, Value::from(model));
    [head.as_bytes(), separator, fields, b"}"].concat().into()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    total_tokens: i64,
}

/// The count in `body`, as every dialect of ours is told it.
pub(super) fn read(body: &Bytes) -> Result<Answer, Failure> {
    if let Some(failure) = error_in(body) {
        return Err(failure);
    }
    let Counted { total_tokens } = serde_json::from_slice(body)
        .map_err(|_| unreadable("the provider's count of tokens cannot be read"))?;
    let counted = total_tokens.clamp(0, TokenUsage::MAX);
    // Nothing was used: counting is free.
    let usage = Some(TokenUsage::default());
    let facts = AnswerFacts { usage, counted: Some(counted), ..AnswerFacts::default() };
    Ok(Answer { body: json!({"input_tokens": counted}).to_string().into(), facts })
}
