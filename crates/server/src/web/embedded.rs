//! The build of `web/` as it was when this binary was made.

/// Paths from `/` and bytes of its files, compressed forms among them; empty where there was no build.
pub(super) static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));
