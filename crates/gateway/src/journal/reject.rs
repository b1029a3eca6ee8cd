//! Records that the database will never take, kept for somebody to look at.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};
use tollgate_domain::api_log::ApiLog;

use super::frame::{self, Kind};
use super::{encode, folder};

/// How large their file becomes.
const MAX_BYTES: u64 = 16 << 20;

/// Appends `log` to the file at `path`, a line of JSON with the database's `error`. A full file is
/// left as it is.
///
/// # Errors
/// Those of the disk; the file being full.
pub(crate) fn keep(path: &Path, log: &ApiLog, error: &str) -> io::Result<()> {
    drop(folder::open_private(path)?);
    let mut file = File::options().append(true).open(path)?;
    if file.metadata()?.len() > MAX_BYTES {
        return Err(io::Error::other(format!("{} is full", path.display())));
    }
    let bytes = encode(Kind::Record, &mut log.clone());
    let record = frame::decode(&bytes).map(|frame| serde_json::from_slice::<Value>(frame.json));
    let line = json!({
        "requestId": log.request_id,
        "attempt": log.attempt,
        "isFinal": log.is_final,
        "error": error,
        "record": record.and_then(Result::ok),
    });
    file.write_all(format!("{line}\n").as_bytes())
}
