//! Gemini's protocol: recorded answers and errors, and what callers of OpenAI's dialect send.
//!
//! The recordings of Code Assist, its sign-in and token counting are of endpoints that are not
//! spoken.

mod answers;
mod embeddings;
mod errors;
mod http;
mod models;
mod requests;
mod simulated;
mod streams;

use std::collections::BTreeSet;

use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Protocol, protocol};

pub(crate) fn gemini() -> &'static dyn Protocol {
    protocol(ProtocolKind::Gemini)
}

/// The names of the recorded files of the native protocol that pass `wanted`.
pub(crate) fn recorded(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/gemini");
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with("openai_compat.") && wanted(name)).collect()
}
