//! How an attempt failed, and what follows from it.

use std::time::Duration;

use crate::api_key::KeyLimits;
use crate::words::words;

words! {
    /// The classes of failure that routing tells apart.
    FailureClass {
        /// The request is wrong; no key or provider would take it.
        ClientFault = "client_fault",
        /// The prompt is longer than the model takes.
        ContextTooLong = "context_too_long",
        /// The provider refuses the content.
        ContentRefused = "content_refused",
        /// The provider does not know the model, or this key may not see it.
        ModelMissing = "model_missing",
        /// The provider refuses the key.
        KeyRefused = "key_refused",
        /// The provider refuses the key for this model.
        KeyDeniedForModel = "key_denied_for_model",
        /// The key's credit or daily quota is spent.
        QuotaSpent = "quota_spent",
        /// The key has sent too much in a short time.
        RateLimited = "rate_limited",
        /// The provider has no capacity.
        Overloaded = "overloaded",
        /// Something broke that may work the next time.
        Transient = "transient",
        /// No first content in time.
        Silent = "silent",
        /// The caller's own deadline, or the call's total time, has passed.
        Deadline = "deadline",
        /// It broke after content had gone to the caller.
        AfterContent = "after_content",
        /// The caller went away.
        CallerLeft = "caller_left",
    }
}

impl FailureClass {
    /// Whether another key of the same provider may be tried.
    #[must_use]
    pub const fn may_try_other_key(self) -> bool {
        matches!(
            self,
            Self::ModelMissing
                | Self::KeyRefused
                | Self::KeyDeniedForModel
                | Self::QuotaSpent
                | Self::RateLimited
                | Self::Transient
                | Self::Silent
        )
    }

    /// Whether the same key may be tried again, after a wait and when nothing else is left.
    #[must_use]
    pub const fn may_try_same_key(self) -> bool {
        matches!(self, Self::Overloaded | Self::Transient)
    }

    /// Whether the next target of a route may be tried whatever the route says.
    #[must_use]
    pub const fn may_try_next_target(self) -> bool {
        self.may_try_other_key() || matches!(self, Self::Overloaded)
    }
}

/// One failed attempt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{class}: {message}")]
pub struct Failure {
    /// Its class.
    pub class: FailureClass,
    /// The provider's status, where one came.
    pub http_status: Option<u16>,
    /// The provider's own code or type: `insufficient_quota`.
    pub code: Option<String>,
    /// The field that the provider complains of.
    pub param: Option<String>,
    /// What happened, in words; never holds a key or a quotation of the prompt; at most
    /// [`Failure::MAX_MESSAGE`] characters.
    pub message: String,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// The key's limits, where the provider told any with its refusal.
    pub limits: Option<Box<KeyLimits>>,
}

impl Failure {
    /// The longest message that is kept, in characters.
    pub const MAX_MESSAGE: usize = 500;

    /// A failure of `class`, told in `message`, which is cut to size.
    #[must_use]
    pub fn new(class: FailureClass, message: impl AsRef<str>) -> Self {
        Self {
            class,
            http_status: None,
            code: None,
            param: None,
            message: message.as_ref().chars().take(Self::MAX_MESSAGE).collect(),
            retry_after: None,
            limits: None,
        }
    }
}
