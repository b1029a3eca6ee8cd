//! What several modules of tests need.

use chrono::{DateTime, Utc};

/// `seconds` after a fixed moment.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_790_000_000_123 + seconds * 1000).unwrap()
}
