//! `tollgate openapi`.

use super::print;

pub(super) fn run() -> anyhow::Result<()> {
    print::line(crate::openapi::document().to_pretty_json()?);
    Ok(())
}
