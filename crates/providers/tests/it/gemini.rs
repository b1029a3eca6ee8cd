//! Gemini's protocol: recorded answers and errors, and what callers of OpenAI's dialect send.
//!
//! The recordings of Code Assist, its sign-in and token counting are of endpoints that are not
//! spoken.

mod answers;
mod embeddings;
mod errors;
mod files;
mod http;
mod models;
mod requests;
mod simulated;
mod streams;

use std::collections::BTreeSet;

use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Protocol, protocol};

use crate::fixtures::{self, Kind, Recorded};

pub(crate) fn gemini() -> &'static dyn Protocol {
    protocol(ProtocolKind::Gemini)
}

/// The names of the recorded files of the native protocol that pass `wanted`.
pub(crate) fn recorded(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let is_ours = |recorded: &Recorded| {
        recorded.protocol() == ProtocolKind::Gemini
            && recorded.kind.is_read()
            && !matches!(recorded.kind, Kind::ForeignStream | Kind::Count)
    };
    let names = fixtures::recorded().into_iter().filter(is_ours);
    let names = names.map(|recorded| recorded.name["gemini/".len()..].to_owned());
    names.filter(|name| wanted(name)).collect()
}
