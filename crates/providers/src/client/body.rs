//! Reading a reply's body within its limits.

use std::future::Future;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, timeout_at};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::provider::Timeouts;

use super::exchange::{self, ReplyBody};
use super::{deadline_passed, unreachable};
use crate::error::transient;

/// How much longer a call waits, and for what.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    /// The end of everything.
    deadline: Instant,
    /// When the first content must have come; `None` once it has.
    first_content: Option<Instant>,
    idle: Duration,
    first_token_ms: u32,
}

impl Patience {
    /// The patience of a request that is sent now.
    pub(super) fn new(timeouts: &Timeouts, deadline: Instant) -> Self {
        Self {
            deadline,
            first_content: Some(Instant::now() + timeouts.first_token()),
            idle: timeouts.idle(),
            first_token_ms: timeouts.first_token_ms,
        }
    }

    /// The same, for something that is worth no more than `time`.
    pub(super) fn at_most(mut self, time: Duration) -> Self {
        self.deadline = self.deadline.min(Instant::now() + time);
        self
    }

    /// The first content is here.
    pub(super) fn content_came(&mut self) {
        self.first_content = None;
    }

    /// Waits for the reply's head.
    pub(super) async fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T, Failure> {
        let until = self.first_content.map_or(self.deadline, |first| first.min(self.deadline));
        timeout_at(until, future).await.map_err(|_| self.gone(until))
    }

    /// The body's next bytes, or `None` at its end.
    pub(super) async fn chunk(&self, body: &mut ReplyBody) -> Result<Option<Bytes>, Failure> {
        let idle = Instant::now() + self.idle;
        let until = self.first_content.unwrap_or(idle).min(idle).min(self.deadline);
        match timeout_at(until, exchange::chunk(body)).await {
            Ok(chunk) => chunk.map_err(|error| unreachable(&error)),
            Err(_) => Err(self.gone(until)),
        }
    }

    fn gone(&self, until: Instant) -> Failure {
        if until >= self.deadline {
            return deadline_passed();
        }
        let message = if self.first_content.is_some_and(|first| first <= until) {
            format!("no content within {} ms", self.first_token_ms)
        } else {
            format!("nothing came for {} ms", self.idle.as_millis())
        };
        Failure::new(FailureClass::Silent, message)
    }
}

/// The whole body, at most `limit` bytes of it. White space in front, which DeepSeek sends while a
/// call is queued, is a sign of life but not the answer's beginning.
pub(super) async fn read_body(
    mut incoming: ReplyBody,
    patience: &mut Patience,
    limit: usize,
) -> Result<Bytes, Failure> {
    let mut first: Option<Bytes> = None;
    let mut body = BytesMut::new();
    while let Some(mut chunk) = patience.chunk(&mut incoming).await? {
        if first.is_none() {
            chunk = chunk.slice_ref(chunk.trim_ascii_start());
            if chunk.is_empty() {
                continue;
            }
            patience.content_came();
            first = Some(chunk);
            continue;
        }
        if body.is_empty() {
            body.extend_from_slice(first.as_deref().unwrap_or_default());
        }
        if body.len() + chunk.len() > limit {
            return Err(transient(format!("the answer is longer than {limit} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    // One chunk is the usual case and needs no copy.
    let body = if body.is_empty() { first.unwrap_or_default() } else { body.freeze() };
    if body.len() > limit {
        return Err(transient(format!("the answer is longer than {limit} bytes")));
    }
    Ok(body)
}
