//! Reading a whole answer.

use bytes::Bytes;
use tollgate_domain::chat::{Answer, ChatCall};
use tollgate_domain::failure::Failure;

use super::failure::{error_in, unreadable};
use super::head::Head;
use super::wire::Response;
use crate::protocol::Target;
use crate::translate::gemini_answer::Reading;

/// The answer to `call` in `body`. Fails when it holds an error, is no answer, or says nothing.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    let response = response(body)?;
    let mut reading = Reading::of(call);
    let pieces = reading.take(&response);
    let (end, usage) = reading.finish().map_err(|reason| unreadable_end(&reason))?;
    Ok(Head::new(call, target).learnt(&response).answer(pieces, end, usage))
}

/// The answer in a body or an event.
pub(super) fn response(body: &[u8]) -> Result<Response, Failure> {
    if let Some(failure) = error_in(body) {
        return Err(failure);
    }
    let response: Response = serde_json::from_slice(body)
        .map_err(|_| unreadable("the provider's answer cannot be read"))?;
    // An event may have nothing but counts.
    if !response.is_answer() && response.usage_metadata.is_none() {
        return Err(unreadable("the provider's answer has no candidates"));
    }
    Ok(response)
}

/// The failure of an answer without content that ended for that reason.
pub(super) fn unreadable_end(reason: &str) -> Failure {
    let mut failure = unreadable(match reason {
        "STOP" => "the provider's answer is empty",
        "" => "the provider's answer has no end",
        _ => "the provider's answer was broken off for its form",
    });
    failure.code = (!reason.is_empty()).then(|| reason.chars().take(100).collect());
    failure
}
