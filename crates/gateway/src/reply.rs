//! What a call gets back.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use tollgate_domain::chat::{Answer, ChatEvent};
use tollgate_domain::model::Lifecycle;
use tollgate_domain::usage::{TokenUsage, UsageSource};
use tollgate_domain::{ApiKeyId, NanoUsd, ProviderId};

use crate::error::CallError;

/// An answer, or the beginning of a streamed one.
#[derive(Debug)]
pub struct CallReply {
    /// Where it comes from.
    pub head: ReplyHead,
    /// The answer.
    pub body: ReplyBody,
}

impl CallReply {
    /// Whether the answer is an estimate of ours: a count of tokens for a provider that does not
    /// count. Every other answer is a provider's own.
    #[must_use]
    pub const fn is_estimate(&self) -> bool {
        self.head.key_id.is_none()
    }
}

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyHead {
    /// The provider.
    pub provider_id: ProviderId,
    /// Its code.
    pub provider_code: String,
    /// The key that carries it; `None` where no provider is asked.
    pub key_id: Option<ApiKeyId>,
    /// The model, as the provider calls it.
    pub model_code: String,
    /// Where the model is in its life; `None` for a model that is not listed.
    pub lifecycle: Option<Lifecycle>,
    /// Attempts made so far, this one included; 0 where no provider is asked.
    pub attempts: u32,
}

/// An answer, whole or streamed.
#[derive(Debug)]
pub enum ReplyBody {
    /// The whole answer.
    Whole {
        /// In the caller's dialect.
        answer: Answer,
        /// Its tokens.
        usage: TokenUsage,
        /// Who counted them.
        usage_source: UsageSource,
        /// What it cost; `None` is unpriced.
        cost: Option<NanoUsd>,
    },
    /// The events of a streamed answer.
    Stream(CallStream),
}

/// What a stream yields. It ends after [`CallEvent::End`] or [`CallEvent::Failed`].
#[derive(Clone, Debug, PartialEq)]
pub enum CallEvent {
    /// A part of the answer.
    Event(ChatEvent),
    /// The provider lives, but has nothing to say yet.
    KeepAlive,
    /// The answer is complete.
    End(CallSummary),
    /// The answer breaks off.
    Failed(CallError),
}

/// What a complete answer used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSummary {
    /// Its tokens.
    pub usage: TokenUsage,
    /// Who counted them.
    pub usage_source: UsageSource,
    /// What it cost; `None` is unpriced.
    pub cost: Option<NanoUsd>,
    /// Why it ended.
    pub finish_reason: Option<String>,
}

/// A streamed answer. Dropping it cancels the upstream call and records it as cancelled.
///
/// It may be silent for long while other keys are tried; whoever writes it to a caller sends
/// keep-alive comments of their own meanwhile.
pub struct CallStream {
    events: Pin<Box<dyn Stream<Item = CallEvent> + Send>>,
}

impl CallStream {
    /// A stream of `events`.
    pub(crate) fn new(events: impl Stream<Item = CallEvent> + Send + 'static) -> Self {
        Self { events: Box::pin(events) }
    }
}

impl Stream for CallStream {
    type Item = CallEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<CallEvent>> {
        self.events.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for CallStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallStream").finish_non_exhaustive()
    }
}
