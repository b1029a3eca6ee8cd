//! Small helpers for turning rows into domain types.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::types::Json;

use crate::error::{StoreError, StoreResult};

/// JSON as a nullable column holds it, whoever wrote it.
pub(crate) type JsonColumn = Option<Json<Value>>;

/// What the JSON in a column says, which must be `expected`; NULL is the empty one. The error does
/// not repeat the value.
pub(crate) fn json<T: DeserializeOwned + Default>(
    table: &'static str,
    id: i64,
    column: &'static str,
    value: JsonColumn,
    expected: &str,
) -> StoreResult<T> {
    let Some(Json(value)) = value else { return Ok(T::default()) };
    serde_json::from_value(value).map_err(|_| StoreError::Corrupt {
        table,
        id,
        column,
        reason: format!("must be {expected}"),
    })
}

/// The value that the word in a column stands for.
pub(crate) fn word<T>(
    table: &'static str,
    id: i64,
    column: &'static str,
    text: &str,
) -> StoreResult<T>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| StoreError::Corrupt {
        table,
        id,
        column,
        reason: error.to_string(),
    })
}

/// The value that the word in a column stands for; `otherwise` for one that this version does not
/// know, because a newer one or a person wrote it. One such row must not take the rest along.
pub(crate) fn word_or<T>(
    table: &'static str,
    id: i64,
    column: &'static str,
    text: &str,
    otherwise: T,
) -> T
where
    T: FromStr + Display,
    T::Err: Display,
{
    word(table, id, column, text).unwrap_or_else(|error| {
        tracing::warn!(%error, taken_as = %otherwise, "a row holds an unknown word");
        otherwise
    })
}

/// The rows that can be read; one that cannot is passed over with a log line.
pub(crate) fn readable<T>(rows: impl IntoIterator<Item = StoreResult<T>>) -> Vec<T> {
    let logged = |row: StoreResult<T>| {
        row.inspect_err(|error| tracing::error!(%error, "a row is passed over")).ok()
    };
    rows.into_iter().filter_map(logged).collect()
}

/// What a patched nullable column becomes: absent stays, null clears, a value replaces.
pub(crate) fn patched<T>(old: Option<T>, patch: Option<Option<T>>) -> Option<T> {
    patch.unwrap_or(old)
}

/// A number that cannot be negative, as near as a hand-edited column allows.
pub(crate) fn count(column: i64) -> u32 {
    u32::try_from(column.max(0)).unwrap_or(u32::MAX)
}

/// Whether one of the texts has `search` in it, in any case. In Rust, because the two databases
/// fold case differently.
pub(crate) fn matches_search<'t>(
    search: Option<&str>,
    texts: impl IntoIterator<Item = &'t String>,
) -> bool {
    let Some(search) = search.map(str::trim).filter(|search| !search.is_empty()) else {
        return true;
    };
    let search = search.to_lowercase();
    texts.into_iter().any(|text| text.to_lowercase().contains(&search))
}

/// At most `MAX` characters of a text, for a VARCHAR column.
pub(crate) fn cut<const MAX: usize>(text: &str) -> &str {
    text.char_indices().nth(MAX).map_or(text, |(end, _)| &text[..end])
}
