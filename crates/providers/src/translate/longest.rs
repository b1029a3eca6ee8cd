//! How long an answer may be.

use crate::protocol::Target;

/// The longest answer to ask of `target` for a caller who wants that: a longer one than the model's
/// longest is never given, and asking for one is refused.
pub(crate) fn at_most(wanted: i64, target: &Target<'_>) -> i64 {
    target.max_output_tokens.map_or(wanted, |longest| wanted.min(longest.max(1)))
}
