//! Requests of callers, on their way to a provider.

use bytes::Bytes;
use tollgate_domain::chat::Dialect;
use tollgate_domain::failure::{Failure, FailureClass};
use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{anthropic, openai, protocol};

use super::{CONSTRAINTS, MODEL, assert_bounded, call, object, target, upstream};

/// What the edge takes is either sent as a request that the provider's own edge would take, or
/// refused in few words.
pub(super) fn check(dialect: Dialect, kind: ProtocolKind, data: &[u8]) {
    let body = Bytes::copy_from_slice(data);
    let facts = match dialect {
        Dialect::OpenAi => openai::read_chat(&body),
        Dialect::Anthropic => anthropic::read_messages(&body),
    };
    let Ok(facts) = facts else { return };
    let call = call(dialect, body, facts);
    let upstream = upstream(kind);
    for constraints in &*CONSTRAINTS {
        match protocol(kind).request(&call, &target(&upstream, constraints)) {
            Ok(request) => assert_sent(dialect, kind, data, &request.body),
            Err(failure) => {
                assert_eq!(failure.class, FailureClass::ClientFault, "{failure}");
                assert!(!failure.message.is_empty());
                assert!(failure.message.chars().count() <= Failure::MAX_MESSAGE);
            }
        }
    }
}

fn assert_sent(dialect: Dialect, kind: ProtocolKind, data: &[u8], sent: &[u8]) {
    let body = object(sent);
    assert_bounded(sent.len(), data);
    match kind {
        ProtocolKind::Gemini => {
            let contents = body["contents"].as_array();
            assert!(contents.is_some_and(|contents| !contents.is_empty()), "{body}");
        }
        ProtocolKind::OpenAi | ProtocolKind::Anthropic => assert_eq!(body["model"], MODEL),
    }
    match (dialect, kind) {
        (Dialect::Anthropic, ProtocolKind::OpenAi) => {
            openai::read_chat(sent).expect("OpenAI takes what we make of it");
        }
        (Dialect::OpenAi, ProtocolKind::Anthropic) => {
            anthropic::read_messages(sent).expect("Anthropic takes what we make of it");
        }
        _ => {}
    }
}
