//! Reading a whole answer.

use bytes::Bytes;
use tollgate_domain::chat::{Answer, ChatCall, Dialect};
use tollgate_domain::failure::Failure;

use super::failure::{error_in, unreadable};
use super::wire::Message;
use crate::protocol::Target;
use crate::translate::openai_answer::Head;
use crate::translate::openai_to_anthropic;

/// The answer to `call` in `body`. Fails when it holds an error or is no message.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    let message = message(body)?;
    match call.dialect {
        Dialect::OpenAi => {
            let head = head(&message, Head::new(call, target));
            Ok(openai_to_anthropic::completion(&message).answer(&head))
        }
    }
}

/// The message in a whole body.
pub(super) fn message(body: &[u8]) -> Result<Message, Failure> {
    if let Some(failure) = error_in(body) {
        return Err(failure);
    }
    let message: Message = serde_json::from_slice(body)
        .map_err(|_| unreadable("the provider's answer is not a message"))?;
    if message.content.is_none() || message.kind.as_deref().is_some_and(|kind| kind != "message") {
        return Err(unreadable("the provider's answer is not a message"));
    }
    Ok(message)
}

/// `fill` with what the message says itself.
pub(super) fn head(message: &Message, fill: Head) -> Head {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    Head {
        id: said(&message.id).unwrap_or(fill.id),
        model: said(&message.model).unwrap_or(fill.model),
        ..fill
    }
}
