//! Reading a whole chat answer.

use bytes::Bytes;
use serde_json::{Map, Value};
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall};
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::usage::TokenUsage;

use super::clean::is_clean_whole;
use super::convert;
use super::failure::{error_in, unreadable};
use super::repair;
use super::state::Fill;
use super::stream::ChatDecoder;
use super::wire::{Choice, Part, Reply, Usage};
use crate::protocol::Target;
use crate::sse::as_text;

/// The answer to `call` in `body`; the body's own bytes where they need no repair.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    let body = as_text(body.slice_ref(body.trim_ascii()));
    if matches!(body.first(), Some(b'a'..=b'z' | b':')) {
        return convert::aggregate(ChatDecoder::new(call, target).with_usage(), body);
    }
    if let Some(facts) = facts_if_clean(&body) {
        return Ok(Answer { body, facts });
    }
    let repaired = repaired(&body, &Fill::new(call, target))?;
    of_repaired(&repaired)
}

/// The answer that a repaired body is.
pub(super) fn of_repaired(repaired: &Map<String, Value>) -> Result<Answer, Failure> {
    let body = Bytes::from(serde_json::to_vec(repaired).unwrap_or_default());
    let facts = serde_json::from_slice::<Reply<'_>>(&body).map(|reply| facts(&reply));
    let facts = facts.map_err(|_| unreadable("the provider's answer cannot be read"))?;
    Ok(Answer { body, facts })
}

/// The repaired body, or the failure that it holds.
pub(super) fn repaired(body: &[u8], fill: &Fill) -> Result<Map<String, Value>, Failure> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| unreadable("the provider's answer is not JSON"))?;
    if let Some(failure) = error_in(&value) {
        return Err(failure);
    }
    let Value::Object(mut answer) = value else {
        return Err(unreadable("the provider's answer is not an object"));
    };
    let has_choices = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    if !answer.get("choices").is_some_and(has_choices) {
        return Err(unreadable("the provider's answer has no choices"));
    }
    if let Some(failure) = answer["choices"].as_array().into_iter().flatten().find_map(interrupted)
    {
        return Err(failure);
    }
    repair::whole(&mut answer, fill);
    Ok(answer)
}

/// The failure that a choice's finish reason stands for: DeepSeek ran out of resources, or an
/// upstream of OpenRouter failed.
pub(super) fn interrupted(choice: &Value) -> Option<Failure> {
    match choice["finish_reason"].as_str()? {
        "insufficient_system_resource" => Some(Failure::new(
            FailureClass::Overloaded,
            "the provider interrupted the answer for lack of resources",
        )),
        "error" => Some(unreadable("the provider's own upstream failed")),
        _ => None,
    }
}

fn facts_if_clean(body: &[u8]) -> Option<AnswerFacts> {
    let reply: Reply<'_> = serde_json::from_slice(body).ok()?;
    is_clean_whole(&reply).then(|| facts(&reply))
}

fn facts(reply: &Reply<'_>) -> AnswerFacts {
    let parts = || reply.choices.iter().filter_map(Choice::part);
    AnswerFacts {
        usage: usage_in(reply),
        finish_reason: finish_in(reply),
        output_bytes: parts().map(Part::output_bytes).sum(),
        reasoning_bytes: parts().map(Part::reasoning_bytes).sum(),
        counted: None,
    }
}

/// The usage at the top, or else in a choice. Nothing but zeros is what servers send that do not
/// count, and in chunks before they have.
pub(super) fn usage_in(reply: &Reply<'_>) -> Option<TokenUsage> {
    let usage = reply.usage.get();
    let usage = usage.or_else(|| reply.choices.iter().find_map(|choice| choice.usage.get()));
    usage.map(Usage::buckets).filter(|usage| usage.total() > 0)
}

/// The first choice's finish reason.
pub(super) fn finish_in(reply: &Reply<'_>) -> Option<String> {
    let reason = reply.choices.iter().find_map(|choice| choice.finish_reason.get())?;
    Some(reason.0.clone().into_owned())
}
