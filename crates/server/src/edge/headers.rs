//! Headers of every response.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::{ANTHROPIC_REQUEST_ID, REQUEST_ID};
use crate::error::body::Shape;
use crate::extract::Meta;

/// Nothing that we answer is a page, unless the route says otherwise.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds the request's id, to Anthropic's callers also by Anthropic's name, and what keeps browsers
/// from misusing an answer; a header that the route has set stays.
pub fn add(headers: &mut HeaderMap, shape: Shape, meta: &Meta) {
    if let Ok(id) = HeaderValue::from_str(&meta.request_id.to_string()) {
        if shape == Shape::Anthropic {
            headers.insert(ANTHROPIC_REQUEST_ID, id.clone());
        }
        headers.insert(REQUEST_ID, id);
    }
    let fixed: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, NO_PAGE),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
