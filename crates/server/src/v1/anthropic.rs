//! Anthropic's API: its SDKs work with only their base URL and key changed.
//!
//! `anthropic-version` is not required here, unlike at Anthropic, and any value of it is taken:
//! a provider that speaks this dialect gets it too and judges it.

pub mod count_tokens;
pub mod messages;
pub mod models;
mod stream;

use actix_web::http::header::HeaderMap;
use utoipa::OpenApi;

use crate::error::anthropic::AnthropicErrorBody;
use crate::error::{ApiError, ApiResult};

/// Headers that a provider of the same dialect gets too, and how long they may be, in bytes.
const FORWARDED: [(&str, usize); 2] = [("anthropic-version", 64), ("anthropic-beta", 4096)];

/// This folder's part of the OpenAPI document.
#[derive(Debug, OpenApi)]
#[openapi(paths(messages::create, count_tokens::count))]
pub struct Doc;

call_errors!(
    AnthropicErrorBody,
    /// The provider is overloaded
    #[response(status = 529)]
    Overloaded
);

/// Those of the caller's headers that go on, several lines of one joined by commas.
///
/// # Errors
/// One is too long, or no text.
fn forwarded(headers: &HeaderMap) -> ApiResult<Vec<(&'static str, String)>> {
    let mut forwarded = Vec::new();
    for (name, longest) in FORWARDED {
        let lines: Result<Vec<_>, _> = headers.get_all(name).map(|line| line.to_str()).collect();
        let lines = lines.map_err(|_| ApiError::invalid(name, "must be ASCII text"))?;
        let lines = lines.into_iter().map(str::trim).filter(|line| !line.is_empty());
        let value = lines.collect::<Vec<_>>().join(",");
        if value.len() > longest {
            return Err(ApiError::invalid(name, format!("must have at most {longest} characters")));
        }
        if !value.is_empty() {
            forwarded.push((name, value));
        }
    }
    Ok(forwarded)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn of(lines: &[(&'static str, &[u8])]) -> ApiResult<Vec<(&'static str, String)>> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = HeaderValue::from_bytes(value).unwrap();
            headers.append(HeaderName::from_static(name), value);
        }
        forwarded(&headers)
    }

    #[test]
    fn several_lines_of_a_header_are_one() {
        let lines: [(&str, &[u8]); 5] = [
            ("anthropic-beta", b"files-api-2025-04-14, context-1m"),
            ("x-other", b"stays here"),
            ("anthropic-beta", b""),
            ("anthropic-beta", b" mcp-client "),
            ("anthropic-version", b"2099-01-01"),
        ];

        let forwarded = of(&lines).unwrap();

        let beta = "files-api-2025-04-14, context-1m,mcp-client".to_owned();
        assert_eq!(
            forwarded,
            [("anthropic-version", "2099-01-01".to_owned()), ("anthropic-beta", beta)]
        );
        assert_eq!(of(&[]).unwrap(), []);
    }

    #[test]
    fn a_header_that_cannot_go_on_is_named() {
        let long = "x".repeat(65);
        let cases: [(&str, &[u8], &str); 2] = [
            (
                "anthropic-version",
                long.as_bytes(),
                "anthropic-version: must have at most 64 characters",
            ),
            ("anthropic-beta", b"\xff", "anthropic-beta: must be ASCII text"),
        ];
        for (name, value, message) in cases {
            assert_eq!(of(&[(name, value)]).unwrap_err().message, message);
        }
    }
}
