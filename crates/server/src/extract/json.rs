//! JSON bodies.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::timeout;

use super::validate::{Checks, Validate};
use crate::error::{ApiError, ApiResult, Detail, ErrorKind};

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(120);
/// The longest body, in bytes, that is worth a copy.
const SMALL: usize = 4 << 10;

/// A checked JSON body. Unknown fields are refused by name when `T` denies them.
#[derive(Debug)]
pub struct Valid<T>(pub T);

/// A body that is announced as JSON, as it came, within `MAX_BODY_BYTES`.
#[derive(Debug)]
pub struct JsonBody(pub Bytes);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = JsonBody::from_request(request, payload);
        Box::pin(async move {
            let value: T = read(&body.await?.0)?;
            let mut checks = Checks::default();
            value.validate(&mut checks);
            checks.finish()?;
            Ok(Self(value))
        })
    }
}

impl FromRequest for JsonBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (announced, is_encoded) = (is_json(request), is_encoded(request));
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !announced {
                let message = "send JSON with the header Content-Type: application/json";
                return Err(ApiError::new(ErrorKind::UnsupportedMediaType, message));
            }
            if is_encoded {
                let message = "send the body as it is, without Content-Encoding";
                return Err(ApiError::new(ErrorKind::UnsupportedMediaType, message));
            }
            match timeout(ARRIVAL, bytes).await {
                Ok(bytes) => bytes.map(|bytes| Self(fitted(bytes))).map_err(unread),
                Err(_) => Err(incomplete()),
            }
        })
    }
}

/// `body` in no more room than it needs, where it is small: it is kept as long as its answer streams,
/// and comes in a buffer of 8 KiB.
fn fitted(body: Bytes) -> Bytes {
    if body.len() <= SMALL { Bytes::copy_from_slice(&body) } else { body }
}

/// Whether the content type is `application/json` or `application/…+json`.
fn is_json(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(essence) = value.and_then(|value| value.split(';').next()) else {
        return false;
    };
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Whether the body is packed; we unpack none, since a small one may hold a very large one.
fn is_encoded(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_ENCODING);
    value.is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn unread(error: actix_web::Error) -> ApiError {
    let is_overflow = matches!(error.as_error::<PayloadError>(), Some(PayloadError::Overflow));
    if is_overflow || error.as_response_error().status_code() == 413 {
        let message = "the body is longer than this server takes";
        return ApiError::new(ErrorKind::PayloadTooLarge, message);
    }
    incomplete()
}

fn incomplete() -> ApiError {
    ApiError::new(ErrorKind::MalformedJson, "the body did not arrive whole")
}

/// Reads a body.
///
/// # Errors
/// `malformed_json` for what is not JSON, else `validation_failed` naming the field; neither
/// repeats a value from the body.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    must_be_object(body)?;
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        explain(&path, error.inner())
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Refuses JSON that is no object: serde would read an array as the fields in their order.
fn must_be_object(body: &[u8]) -> ApiResult<()> {
    if body.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|first| *first == b'{') {
        return Ok(());
    }
    serde_json::from_slice::<IgnoredAny>(body).map_err(|error| malformed(&error))?;
    Err(ApiError::invalid("body", "must be an object"))
}

fn explain(path: &str, error: &serde_json::Error) -> ApiError {
    if !error.is_data() {
        return malformed(error);
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    ApiError::validation(vec![field_error(path, text)])
}

/// The body is not JSON.
#[must_use]
pub fn malformed(error: &serde_json::Error) -> ApiError {
    ApiError::new(
        ErrorKind::MalformedJson,
        format!("the body is not JSON: look at line {} column {}", error.line(), error.column()),
    )
}

/// What chrono says of a text that is no date or moment.
const CHRONO: [&str; 6] = [
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

/// Turns serde's words into ours, without the value that was given.
#[must_use]
pub fn field_error(path: &str, text: &str) -> Detail {
    if let Some(name) = quoted(text, "unknown field `") {
        return Detail::new(beside(path, name), "is not a known field");
    }
    if let Some(name) = quoted(text, "missing field `") {
        return Detail::new(beside(path, name), "is required");
    }
    if let Some(name) = quoted(text, "duplicate field `") {
        return Detail::new(beside(path, name), "is given twice");
    }
    if CHRONO.contains(&text) {
        return Detail::new(path, "must be a date as 2026-11-21, a moment as 2026-11-21T08:00:00Z");
    }
    if text.starts_with("unknown variant `") {
        let words = text.rsplit_once(", expected ").map_or("", |(_, words)| words);
        let words = words.replace("` or `", "`, `").replace('`', "");
        let words = words.strip_prefix("one of ").unwrap_or(&words).to_owned();
        return Detail::new(path, format!("must be one of: {words}"));
    }
    if text.starts_with("invalid type: null") {
        return Detail::new(path, "must not be null");
    }
    if text.starts_with("invalid ")
        && let Some((_, expected)) = text.rsplit_once(", expected ")
    {
        return Detail::new(path, format!("must be {}", plain(expected)));
    }
    Detail::new(path, text)
}

/// What serde expected, in words that need no Rust.
fn plain(expected: &str) -> &str {
    match expected {
        "i64" | "i32" | "u32" | "u64" | "usize" | "u16" => "a whole number",
        "f64" | "f32" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn quoted<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.split('`').next()
}

/// `name` in the object that `path` ends in; serde's path of an unknown field may name it already.
fn beside(path: &str, name: &str) -> String {
    match path {
        "." | "" | "?" => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{}.{name}", path.trim_end_matches(".?")),
    }
}

/// Reads a field of a change where `null` clears: absent is `None`, `null` is `Some(None)`.
///
/// # Errors
/// As the field's own type.
pub fn clearable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Reads a field of a change that cannot be cleared: absent is `None`, `null` is refused.
///
/// # Errors
/// As the field's own type.
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use tollgate_domain::NanoUsd;
    use tollgate_domain::user::Role;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "some fields are here to be read wrongly")]
    struct Body {
        #[serde(default, deserialize_with = "present")]
        count: Option<i64>,
        #[serde(default, deserialize_with = "clearable")]
        note: Option<Option<String>>,
        role: Option<Role>,
        price: Option<NanoUsd>,
        inner: Option<Inner>,
        day: Option<chrono::NaiveDate>,
        scope: Option<tollgate_domain::app_token::Scope>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        name: String,
    }

    fn failure(body: &str) -> (&'static str, String) {
        let error = read::<Body>(body.as_bytes()).unwrap_err();
        (error.kind.row().0, error.message)
    }

    #[test]
    fn what_is_not_json_is_told_apart_from_what_is_wrong_in_it() {
        let cases = [
            ("{", "malformed_json", "the body is not JSON: look at line 1 column 1"),
            ("", "malformed_json", "the body is not JSON: look at line 1 column 0"),
            ("{} x", "malformed_json", "the body is not JSON: look at line 1 column 4"),
            ("[1]", "validation_failed", "body: must be an object"),
            ("\"sk-secret\"", "validation_failed", "body: must be an object"),
            ("[1", "malformed_json", "the body is not JSON: look at line 1 column 2"),
            (r#"{"count":"sk-secret"}"#, "validation_failed", "count: must be a whole number"),
            (r#"{"count":null}"#, "validation_failed", "count: must not be null"),
            (r#"{"cuont":1}"#, "validation_failed", "cuont: is not a known field"),
            (r#"{"count":1,"count":2}"#, "validation_failed", "count: is given twice"),
            (r#"{"inner":"x"}"#, "validation_failed", "inner: must be an object"),
            (
                r#"{"day":"21.11.2026"}"#,
                "validation_failed",
                "day: must be a date as 2026-11-21, a moment as 2026-11-21T08:00:00Z",
            ),
            (r#"{"scope":"x"}"#, "validation_failed", "scope: must be one of: chat, admin"),
            (r#"{"inner":{}}"#, "validation_failed", "inner.name: is required"),
            (
                r#"{"inner":{"name":"a","x":1}}"#,
                "validation_failed",
                "inner.x: is not a known field",
            ),
            (
                r#"{"role":"king"}"#,
                "validation_failed",
                "role: must be one of: admin, analyst, app",
            ),
            (
                r#"{"price":0.0000000001}"#,
                "validation_failed",
                "price: must have at most 9 decimal places",
            ),
        ];
        for (body, kind, message) in cases {
            assert_eq!(failure(body), (kind, message.to_owned()), "{body}");
        }
    }

    #[test]
    fn absent_stays_and_null_clears() {
        let body: Body = read(br#"{"note":null,"price":1.5e-4}"#).unwrap();

        assert_eq!(body.note, Some(None));
        assert_eq!(body.count, None);
        assert_eq!(body.price, Some(NanoUsd::new(150_000)));
        assert!(body.role.is_none() && body.inner.is_none_or(|inner| inner.name.is_empty()));
        assert_eq!(read::<Body>(b"{}").unwrap().note, None);
    }
}
