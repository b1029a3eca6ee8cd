//! Errors and lists of models, of every protocol.

use bytes::Bytes;
use chrono::DateTime;
use http::{HeaderMap, HeaderValue, StatusCode};
use tollgate_domain::failure::Failure;
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{WireReply, protocol};

/// Whatever an error says, it is told in few words; a list of models has no more than it says.
pub(super) fn check(data: &[u8]) {
    let (head, body) = data.split_at_checked(2).unwrap_or((b"\x90\x01", data));
    let status = 400 + u16::from_le_bytes([head[0], head[1]]) % 200;
    let status = StatusCode::from_u16(status).expect("a status from 400 to 599");
    let body = Bytes::copy_from_slice(body);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(&body[..body.len().min(20)]) {
        headers.insert("retry-after", value);
    }
    for kind in [ProtocolKind::OpenAi, ProtocolKind::Anthropic, ProtocolKind::Gemini] {
        let reply = WireReply { status, headers: headers.clone(), body: body.clone() };
        let failure = protocol(kind).failure(&reply, DateTime::UNIX_EPOCH);
        assert!(!failure.message.is_empty());
        assert!(failure.message.chars().count() <= Failure::MAX_MESSAGE);
        if let Ok(page) = protocol(kind).models(&body) {
            assert!(page.models.len() <= body.len());
        }
    }
}
