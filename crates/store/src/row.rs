//! Small helpers for turning rows into domain types.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};
use sqlx::types::Json;

use crate::error::{StoreError, StoreResult};

/// A JSON object as a nullable column holds it; NULL is the empty one.
pub(crate) type JsonObject = Option<Json<Map<String, Value>>>;

/// The object itself.
pub(crate) fn object(column: JsonObject) -> Map<String, Value> {
    column.map(|json| json.0).unwrap_or_default()
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

/// What a patched nullable column becomes: absent stays, null clears, a value replaces.
pub(crate) fn patched<T>(old: Option<T>, patch: Option<Option<T>>) -> Option<T> {
    patch.unwrap_or(old)
}
