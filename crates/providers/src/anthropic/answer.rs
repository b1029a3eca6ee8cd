//! Reading a whole answer.

use bytes::Bytes;
use tollgate_domain::chat::{Answer, ChatCall, Dialect};
use tollgate_domain::failure::Failure;

use super::failure::{error_in, unreadable};
use super::stream::MessageDecoder;
use super::wire::Message;
use crate::protocol::{Decoder, StreamItem, Target};
use crate::sse::{SseItem, SseReader};
use crate::translate::openai_answer::{Completion, Head};
use crate::translate::openai_to_anthropic;

/// The answer to `call` in `body`. Fails when it holds an error or is no message.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    let body = body.slice_ref(body.trim_ascii());
    if matches!(body.first(), Some(b'a'..=b'z' | b':')) {
        return assembled(MessageDecoder::new(call, target), body);
    }
    let message = message(&body)?;
    match call.dialect {
        Dialect::Anthropic => Err(crate::error::transient("not spoken")),
        Dialect::OpenAi => {
            let head = head(&message, Head::new(call, target));
            Ok(openai_to_anthropic::completion(&message).answer(&head))
        }
    }
}

/// The whole answer that a stream in `body` amounts to.
fn assembled(mut decoder: MessageDecoder, body: Bytes) -> Result<Answer, Failure> {
    let too_long = |_| unreadable("the provider's answer cannot be read");
    let mut reader = SseReader::new(body.len());
    reader.push(body);
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().map_err(too_long)? {
        if let SseItem::Event(event) = item
            && !decoder.is_done()
        {
            decoder.event(&event, &mut items)?;
        }
    }
    if let Some(event) = reader.finish().map_err(too_long)?
        && !decoder.is_done()
    {
        decoder.event(&event, &mut items)?;
    }
    decoder.end(&mut items)?;
    let mut completion = Completion::default();
    for item in &items {
        if let StreamItem::Event(event) = item {
            completion.add(event);
        }
    }
    Ok(completion.answer(decoder.head()))
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
