//! Reading a whole answer.

use bytes::Bytes;
use serde::Deserialize;
use tollgate_domain::chat::{Answer, AnswerFacts, ChatCall, Dialect};
use tollgate_domain::failure::Failure;
use tollgate_domain::usage::TokenUsage;

use super::failure::{error_in, unreadable};
use super::native;
use super::stream::MessageDecoder;
use super::wire::Message;
use crate::protocol::{Decoder, Target};
use crate::sse::{SseItem, SseReader, as_text};
use crate::translate::openai_answer::Head;
use crate::translate::openai_to_anthropic;

/// The answer to `call` in `body`. Fails when it holds an error or is no message.
pub(super) fn read(call: &ChatCall, target: &Target<'_>, body: &Bytes) -> Result<Answer, Failure> {
    let body = as_text(body.clone());
    let text = body.slice_ref(body.trim_ascii());
    if matches!(text.first(), Some(b'a'..=b'z' | b':')) {
        return assembled(MessageDecoder::new(call, target), text);
    }
    let message = message(&text)?;
    match call.dialect {
        Dialect::Anthropic => Ok(Answer { body, facts: native::facts(&message) }),
        Dialect::OpenAi => {
            let head = head(&message, Head::new(call, target));
            Ok(openai_to_anthropic::completion(&message).answer(&head))
        }
    }
}

/// The count in `body`. It costs nothing, so that it has a usage, and one of no tokens.
pub(super) fn count(body: &Bytes) -> Result<Answer, Failure> {
    #[derive(Deserialize)]
    struct Count {
        input_tokens: i64,
    }
    if let Some(failure) = error_in(body) {
        return Err(failure);
    }
    let Count { input_tokens } = serde_json::from_slice(body)
        .map_err(|_| unreadable("the provider's answer is not a count of tokens"))?;
    let counted = Some(input_tokens.clamp(0, TokenUsage::MAX));
    let usage = Some(TokenUsage::default());
    Ok(Answer {
        body: body.clone(),
        facts: AnswerFacts { usage, counted, ..AnswerFacts::default() },
    })
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
    decoder.answer(&items)
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
