//! A reply of the engine as a response.

use actix_web::{HttpResponse, HttpResponseBuilder};
use anyhow::anyhow;
use bytes::Bytes;
use futures_util::Stream;
use tollgate_domain::NanoUsd;
use tollgate_domain::caller::Caller;
use tollgate_domain::chat::Answer;
use tollgate_gateway::{CallReply, CallStream, ReplyBody};

use crate::calls::head;
use crate::error::{ApiError, ApiResult};
use crate::sse_body;

/// The whole answer as it is, or a stream as `frames` writes its events.
pub(super) fn respond<F>(
    reply: CallReply,
    caller: &Caller,
    frames: impl FnOnce(CallStream) -> F,
) -> HttpResponse
where
    F: Stream<Item = Bytes> + 'static,
{
    let mut response = HttpResponse::Ok();
    head::tell(&mut response, &reply.head, caller);
    match reply.body {
        ReplyBody::Whole { answer, cost, .. } => whole(&mut response, answer, cost),
        ReplyBody::Stream(stream) => sse_body::response(&mut response, frames(stream)),
    }
}

/// The whole answer to what is never streamed.
///
/// # Errors
/// It came as a stream, which is a defect.
pub(super) fn respond_whole(reply: CallReply, caller: &Caller) -> ApiResult<HttpResponse> {
    let mut response = HttpResponse::Ok();
    head::tell(&mut response, &reply.head, caller);
    match reply.body {
        ReplyBody::Whole { answer, cost, .. } => Ok(whole(&mut response, answer, cost)),
        ReplyBody::Stream(_) => Err(ApiError::internal(anyhow!("an answer came as a stream"))),
    }
}

fn whole(
    response: &mut HttpResponseBuilder,
    answer: Answer,
    cost: Option<NanoUsd>,
) -> HttpResponse {
    head::tell_cost(response, cost);
    response.content_type("application/json").body(answer.body)
}
