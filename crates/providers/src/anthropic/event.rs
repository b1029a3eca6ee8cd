//! One event of a stream, read as far as it is known here.

use serde::Deserialize;
use serde_json::value::RawValue;
use tollgate_domain::failure::Failure;

use super::failure::unreadable;
use super::wire::{Delta, Message, Usage};
use crate::translate::openai_to_anthropic::Piece;

/// An event, its parts unread: those of an unknown one may be anything.
#[derive(Debug, Deserialize)]
pub(super) struct Event<'a> {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(borrow)]
    index: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) content_block: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) delta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) usage: Option<&'a RawValue>,
}

impl<'a> Event<'a> {
    /// The event in that data. Fails when it is no JSON object.
    pub(super) fn parse(data: &'a [u8]) -> Result<Self, Failure> {
        serde_json::from_slice(data)
            .map_err(|_| unreadable("an event of the provider's stream is not JSON"))
    }

    /// The place of the block that it is about; 0 where that cannot be read.
    pub(super) fn index(&self) -> usize {
        lenient(self.index)
    }

    /// What the event adds to the answer; nothing for kinds that are not known here.
    pub(super) fn piece(&self) -> Result<Option<Piece>, Failure> {
        let index = self.index();
        Ok(Some(match self.kind.as_deref() {
            Some("message_start") => Piece::Start(read::<Message>(self.message)?),
            Some("content_block_start") => Piece::BlockStart(index, lenient(self.content_block)),
            Some("content_block_delta") => Piece::BlockDelta(index, lenient(self.delta)),
            Some("content_block_stop") => Piece::BlockStop(index),
            Some("message_delta") => {
                // Counts that cannot be read are no reason to break an answer off.
                Piece::Delta(read::<Delta>(self.delta)?, lenient::<Option<Usage>>(self.usage))
            }
            _ => return Ok(None),
        }))
    }
}

fn read<'a, T: Deserialize<'a> + Default>(part: Option<&'a RawValue>) -> Result<T, Failure> {
    let Some(part) = part else { return Ok(T::default()) };
    serde_json::from_str(part.get())
        .map_err(|_| unreadable("an event of the provider's stream cannot be read"))
}

/// A block or delta; an empty one of no kind where it is one that is not known here.
pub(super) fn lenient<'a, T: Deserialize<'a> + Default>(part: Option<&'a RawValue>) -> T {
    part.and_then(|part| serde_json::from_str(part.get()).ok()).unwrap_or_default()
}
