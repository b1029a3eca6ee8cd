//! Anthropic's protocol: recorded answers and errors, and what callers of either dialect send.

mod answers;
mod errors;
mod fields;
mod http;
mod models;
mod native;
mod requests;
mod streams;

use std::collections::BTreeSet;

use tollgate_domain::provider::ProtocolKind;
use tollgate_providers::{Protocol, protocol};

pub(crate) fn anthropic() -> &'static dyn Protocol {
    protocol(ProtocolKind::Anthropic)
}

/// The names of the recorded files that pass `wanted`.
pub(crate) fn recorded(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/anthropic");
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| wanted(name)).collect()
}
