//! What a caller asks.

use std::time::Duration;

use bytes::Bytes;

use crate::caller::Access;
use crate::words::words;
use crate::{ApiKeyId, AppTokenId, RequestId, UserId};

words! {
    /// The wire format that a caller speaks.
    Dialect {
        /// OpenAI's chat completions and embeddings.
        OpenAi = "openai",
        /// Anthropic's messages.
        Anthropic = "anthropic",
    }
}

words! {
    /// What is asked of a provider.
    Endpoint {
        /// An answer to messages.
        Chat = "chat",
        /// Vectors for texts.
        Embeddings = "embeddings",
        /// How many tokens a chat's prompt has, without an answer to it.
        CountTokens = "count_tokens",
    }
}

/// A call on its way to a provider.
#[derive(Clone, Debug)]
pub struct ChatCall {
    /// Ours.
    pub request_id: RequestId,
    /// The caller's own `X-Request-Id`.
    pub client_request_id: Option<String>,
    /// The user it counts for.
    pub user_id: Option<UserId>,
    /// The app token it counts for.
    pub app_id: Option<AppTokenId>,
    /// What the caller may use.
    pub access: Access,
    /// The caller's wire format, which is also that of the answer.
    pub dialect: Dialect,
    /// What is asked.
    pub endpoint: Endpoint,
    /// The route it came in by, for the record: `/v1/chat/completions`.
    pub path: &'static str,
    /// The request body in `dialect`, as the caller sent it.
    pub body: Bytes,
    /// What was read from it.
    pub facts: CallFacts,
    /// Headers of the caller's that a provider of the same dialect gets too, by their lower-case
    /// names: `anthropic-version`, `anthropic-beta`.
    pub forwarded: Vec<(&'static str, String)>,
    /// How long the caller is willing to wait for all of it.
    pub timeout: Option<Duration>,
    /// The caller's address.
    pub ip_address: Option<String>,
    /// The caller's program.
    pub user_agent: Option<String>,
}

/// What routing, limits and accounting need to know of a request body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFacts {
    /// The provider's code, where the caller names one apart from the model.
    pub provider: Option<String>,
    /// The model, alias or `provider/model` that the caller names.
    pub model: Option<String>,
    /// Whether a stream is asked for.
    pub is_stream: bool,
    /// Whether the caller wants usage at the end of the stream.
    pub wants_stream_usage: bool,
    /// Bytes of text in the prompt, tools included, images not.
    pub prompt_bytes: usize,
    /// Images in the prompt.
    pub images: usize,
    /// The longest answer that the caller wants, in tokens.
    pub max_tokens: Option<i64>,
    /// How many answers the caller wants.
    pub choices: Option<i64>,
    /// The caller's end user, at most 128 characters.
    pub end_user: Option<String>,
    /// Where else the caller would have it go after a failure, in order.
    pub fallbacks: Vec<Fallback>,
    /// The one key that may carry it, in one attempt: an operator tries it out.
    pub only_key: Option<ApiKeyId>,
}

/// Where else a call may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The provider's code.
    pub provider: String,
    /// The model; `None` is the provider's default one.
    pub model: Option<String>,
}

impl Fallback {
    /// The most that a call may name.
    pub const MAX: usize = 5;
}

impl CallFacts {
    /// Tokens that the prompt may have, for limits and for calls whose provider does not count: a
    /// token for four bytes, and 765 (a high-detail 1024-pixel square at OpenAI) for an image.
    #[must_use]
    pub fn prompt_token_estimate(&self) -> i64 {
        let text = self.prompt_bytes.div_ceil(4);
        i64::try_from(text + self.images * 765).unwrap_or(i64::MAX)
    }
}
