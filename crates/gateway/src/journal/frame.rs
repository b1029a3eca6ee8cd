//! How a journal's files are written: frame after frame, each of which can be told from garbage.
//!
//! A frame is a mark of four bytes, the length of its body, a CRC-32 of length and body, and the
//! body: 32 bytes that a replay needs of every frame, and JSON. Numbers are little-endian. Changing
//! any of this needs another [`MARK`]; what is new in the JSON does not.

use tollgate_domain::RequestId;

/// What each frame begins with. Its first byte occurs in no UTF-8, and so in no JSON: no text that
/// a caller sends can look like a frame.
pub(crate) const MARK: [u8; 4] = [0xF5, b'T', b'G', b'1'];
/// Mark, length and checksum.
pub(crate) const HEAD_BYTES: usize = 12;
/// The longest frame.
pub(crate) const MAX_FRAME_BYTES: usize = 16 * 1024;
/// What the body begins with.
const PREFIX_BYTES: usize = 32;
/// The version of the body, which a reader of another one passes over.
const VERSION: u8 = 1;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The begin of a segment.
    Segment,
    /// An attempt is being made.
    Start,
    /// An attempt is over.
    Record,
    /// Something that a newer version wrote.
    Unknown,
}

/// What a replay needs of every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// What it holds.
    pub(crate) kind: Kind,
    /// Whether the call ended with it.
    pub(crate) is_final: bool,
    /// Which attempt of the call.
    pub(crate) attempt: i32,
    /// The call; zeros for a segment's begin.
    pub(crate) call: [u8; 16],
    /// When it happened, in milliseconds since 1970.
    pub(crate) at_ms: i64,
}

/// A frame that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    /// What it is.
    pub(crate) prefix: Prefix,
    /// What it says, as JSON.
    pub(crate) json: &'a [u8],
}

impl Prefix {
    /// A segment's begin.
    pub(crate) const fn segment() -> Self {
        Self { kind: Kind::Segment, is_final: false, attempt: 0, call: [0; 16], at_ms: 0 }
    }

    /// Which attempt of which call.
    pub(crate) fn attempt_id(&self) -> Option<(RequestId, i32)> {
        RequestId::from_bytes(&self.call).map(|call| (call, self.attempt))
    }
}

/// Writes a frame whose JSON `write` appends to what it is handed.
pub(crate) fn encode(prefix: &Prefix, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut frame = Vec::with_capacity(1024);
    frame.extend_from_slice(&MARK);
    frame.extend_from_slice(&[0; HEAD_BYTES - MARK.len()]);
    let kind = match prefix.kind {
        Kind::Segment => 1,
        Kind::Start => 2,
        Kind::Record => 3,
        Kind::Unknown => 0,
    };
    frame.extend_from_slice(&[VERSION, kind, prefix.is_final.into(), 0]);
    frame.extend_from_slice(&prefix.attempt.to_le_bytes());
    frame.extend_from_slice(&prefix.call);
    frame.extend_from_slice(&prefix.at_ms.to_le_bytes());
    write(&mut frame);
    let length = u32::try_from(frame.len() - HEAD_BYTES).unwrap_or(u32::MAX).to_le_bytes();
    frame[4..8].copy_from_slice(&length);
    let checksum = checksum(&frame[4..8], &frame[HEAD_BYTES..]).to_le_bytes();
    frame[8..12].copy_from_slice(&checksum);
    frame
}

/// How long the frame says it is that `bytes` begin with; `None` where they begin with none.
pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.get(..HEAD_BYTES)?;
    let body = usize::try_from(u32_at(head, 4)?).ok()?;
    let length = body.checked_add(HEAD_BYTES)?;
    let is_frame = head.starts_with(&MARK) && body >= PREFIX_BYTES && length <= MAX_FRAME_BYTES;
    is_frame.then_some(length)
}

/// The frame that `bytes` are, to the last of them; `None` where they are not what was written.
pub(crate) fn decode(bytes: &[u8]) -> Option<Frame<'_>> {
    if length(bytes)? != bytes.len() {
        return None;
    }
    let (head, body) = bytes.split_at(HEAD_BYTES);
    if u32_at(head, 8)? != checksum(&head[4..8], body) {
        return None;
    }
    let (prefix, json) = body.split_at(PREFIX_BYTES);
    let kind = match (prefix[0], prefix[1]) {
        (VERSION, 1) => Kind::Segment,
        (VERSION, 2) => Kind::Start,
        (VERSION, 3) => Kind::Record,
        _ => Kind::Unknown,
    };
    let prefix = Prefix {
        kind,
        is_final: prefix[2] != 0,
        attempt: i32::from_le_bytes(prefix[4..8].try_into().ok()?),
        call: prefix[8..24].try_into().ok()?,
        at_ms: i64::from_le_bytes(prefix[24..32].try_into().ok()?),
    };
    Some(Frame { prefix, json })
}

fn checksum(length: &[u8], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(length);
    hasher.update(body);
    hasher.finalize()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefixes() -> impl Strategy<Value = Prefix> {
        let kinds = prop_oneof![Just(Kind::Segment), Just(Kind::Start), Just(Kind::Record)];
        let rest = (any::<bool>(), any::<i32>(), any::<[u8; 16]>(), any::<i64>());
        (kinds, rest).prop_map(|(kind, (is_final, attempt, call, at_ms))| Prefix {
            kind,
            is_final,
            attempt,
            call,
            at_ms,
        })
    }

    proptest! {
        #[test]
        fn a_frame_is_read_as_written(
            prefix in prefixes(), json in prop::collection::vec(any::<u8>(), 0..2_000),
        ) {
            let bytes = encode(&prefix, |frame| frame.extend_from_slice(&json));

            prop_assert_eq!(length(&bytes), Some(bytes.len()));
            prop_assert_eq!(decode(&bytes), Some(Frame { prefix, json: &json }));
        }

        #[test]
        fn a_frame_with_a_flipped_bit_or_a_missing_end_is_none(
            prefix in prefixes(), json in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let bytes = encode(&prefix, |frame| frame.extend_from_slice(&json));
            for at in 0..bytes.len() {
                prop_assert_eq!(decode(&bytes[..at]), None);
                for bit in 0..8 {
                    let mut flipped = bytes.clone();
                    flipped[at] ^= 1 << bit;
                    prop_assert_eq!(decode(&flipped), None);
                }
            }
        }
    }

    #[test]
    fn a_frame_of_a_newer_version_is_known_as_one() {
        let mut bytes = encode(&Prefix::segment(), |_| {});
        bytes[HEAD_BYTES] = VERSION + 1;
        let checksum = checksum(&bytes[4..8], &bytes[HEAD_BYTES..]).to_le_bytes();
        bytes[8..12].copy_from_slice(&checksum);

        assert_eq!(decode(&bytes).map(|frame| frame.prefix.kind), Some(Kind::Unknown));
    }
}
