//! One call from start to end, as a stream of what happens.

use std::sync::Arc;

use async_stream::stream;
use futures_util::{Stream, StreamExt};
use tollgate_domain::chat::{Answer, ChatCall, ChatEvent};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_providers::StreamItem;

use crate::engine::Core;
use crate::engine::course::{CallOfApp, Course};
use crate::engine::send::send;
use crate::error::CallError;
use crate::reply::{CallSummary, ReplyHead};
use crate::sender::{Sender, Sent};
use crate::target::Plan;

/// Events without content that are kept back for the first one with it; a stream that opens with
/// more is broken.
const MAX_HELD: usize = 256;
/// The same in bytes: as much as one event may have.
const MAX_HELD_BYTES: usize = 8 << 20;

/// What happens in a call, in this order: any number of attempts, each with signs of life; then
/// either a whole answer, or events and their end, or a failure. Events come only from the attempt
/// that brought content, from its very first event on.
pub(super) enum Step {
    /// An attempt is being made.
    Attempt(ReplyHead),
    /// The provider lives, but has said nothing yet.
    KeepAlive,
    /// A part of the answer; the first is the answer's first, though content may come after it.
    Event(ChatEvent),
    /// The streamed answer is complete.
    End(CallSummary),
    /// The answer, all of it.
    Whole(Answer, CallSummary),
    /// There is no answer, or no more of it.
    Failed(CallError),
}

/// Runs `call`. Dropping the stream cancels it.
pub(super) fn run<S: Sender>(
    core: Arc<Core>,
    sender: S,
    call: ChatCall,
    plan: Plan,
    app: Option<CallOfApp>,
) -> impl Stream<Item = Step> + Send + 'static {
    stream! {
        let mut course = Course::new(core, call, plan, app);
        'attempts: loop {
            let mut attempt = match course.next().await {
                Ok(attempt) => attempt,
                Err(error) => {
                    yield Step::Failed(error);
                    return;
                }
            };
            yield Step::Attempt(course.head(attempt.key.key.id));
            let key = Arc::clone(&attempt.key);
            // Apart, or a stream would keep the room that sending needs for as long as it lasts.
            let mut events = match Box::pin(send(&sender, &course, &key)).await {
                Ok(Sent::Stream(events, limits)) => {
                    attempt.told(&limits);
                    events
                }
                Ok(Sent::Whole(answer, limits)) => {
                    attempt.told(&limits);
                    attempt.answer(&answer);
                    let (summary, recorded) = attempt.succeed();
                    match recorded.wait().await {
                        Ok(()) => yield Step::Whole(answer, summary),
                        Err(error) => yield Step::Failed(error.into()),
                    }
                    return;
                }
                Err(failure) => {
                    course.failed(attempt, failure);
                    continue 'attempts;
                }
            };
            let mut held: Vec<ChatEvent> = Vec::new();
            let mut held_bytes = 0;
            let mut has_content = false;
            // What follows the last content is told one by one, so that the last of it, by which a
            // caller knows that the answer is complete, waits for the record.
            let mut last: Option<ChatEvent> = None;
            let failure = loop {
                match events.next().await {
                    Some(Ok(StreamItem::KeepAlive)) => yield Step::KeepAlive,
                    Some(Ok(StreamItem::Event(event))) => {
                        attempt.event(&event.facts);
                        if !has_content && !event.facts.has_content {
                            held_bytes += event.data.len();
                            held.push(event);
                            if held.len() > MAX_HELD || held_bytes > MAX_HELD_BYTES {
                                break Some(empty("the stream brings events without content"));
                            }
                            continue;
                        }
                        if !has_content {
                            has_content = true;
                            for event in held.drain(..) {
                                yield Step::Event(event);
                            }
                        }
                        let before = match attempt.is_finished() && !event.facts.has_content {
                            true => last.replace(event),
                            false => Some(event),
                        };
                        if let Some(event) = before {
                            yield Step::Event(event);
                        }
                    }
                    Some(Err(failure)) => break Some(failure),
                    None if has_content => break None,
                    None => break Some(empty("the stream ended without content")),
                }
            };
            match failure {
                None => {
                    let (summary, recorded) = attempt.succeed();
                    match recorded.wait().await {
                        Ok(()) => {
                            if let Some(event) = last {
                                yield Step::Event(event);
                            }
                            yield Step::End(summary);
                        }
                        Err(error) => yield Step::Failed(error.into()),
                    }
                    return;
                }
                Some(failure) if has_content => {
                    let error = course.broke_off(attempt, failure).await;
                    yield Step::Failed(error);
                    return;
                }
                Some(failure) => course.failed(attempt, failure),
            }
        }
    }
}

fn empty(message: &str) -> Failure {
    Failure::new(FailureClass::Transient, message)
}
