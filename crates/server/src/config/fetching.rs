//! Files that callers name by URL, where Tollgate fetches them for a provider that does not.

use super::source::{Source, Variable};

const FETCH_PRIVATE_ADDRESSES: Variable = Variable::plain(
    "FETCH_PRIVATE_ADDRESSES",
    "false",
    "whether images and PDFs that callers name by URL are fetched from private addresses too: then \
     any caller can have Tollgate ask servers inside your network",
);

/// This concern's variables.
pub const VARIABLES: &[Variable] = &[FETCH_PRIVATE_ADDRESSES];

/// How files are fetched.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchingConfig {
    /// `FETCH_PRIVATE_ADDRESSES`: whether they may lie at private addresses. Default false.
    pub private_addresses: bool,
}

impl FetchingConfig {
    pub(super) fn read(source: &mut Source) -> Self {
        let private_addresses = source.parse(&FETCH_PRIVATE_ADDRESSES, "true or false");
        Self { private_addresses: private_addresses.unwrap_or(false) }
    }
}
