//! Headers of every response.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::REQUEST_ID;
use crate::extract::Meta;

/// Nothing that we answer is a page, unless the route says otherwise.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds the request's id and what keeps browsers from misusing an answer; a header that the route
/// has set stays.
pub fn add(headers: &mut HeaderMap, meta: &Meta) {
    if let Ok(id) = HeaderValue::from_str(&meta.request_id.to_string()) {
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
