//! A question that is asked to see whether it is answered: by a key, by the target of a route.

use bytes::Bytes;
use serde_json::json;
use tollgate_domain::chat::CallFacts;
use tollgate_providers::openai;

use crate::error::ApiResult;

/// One question to one model, in OpenAI's dialect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// Code of the only provider that may answer it.
    pub(crate) provider: &'a str,
    /// What the provider calls the model.
    pub(crate) model: &'a str,
    /// What the user says.
    pub(crate) prompt: &'a str,
    /// The longest answer that is asked for, in tokens.
    pub(crate) max_tokens: i64,
}

impl Question<'_> {
    /// The body that asks it, and the facts of that body.
    ///
    /// # Errors
    /// What is wrong with it as a body, by its fields.
    pub(crate) fn ask(&self) -> ApiResult<(Bytes, CallFacts)> {
        let asked = json!({
            "model": self.model,
            "messages": [{"role": "user", "content": self.prompt}],
            "max_tokens": self.max_tokens,
        });
        let body = Bytes::from(asked.to_string());
        let facts = openai::read_chat(&body)?;
        Ok((body, CallFacts { provider: Some(self.provider.to_owned()), ..facts }))
    }
}
