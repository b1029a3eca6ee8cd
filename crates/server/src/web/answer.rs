//! Pages and files as answers: policy, caching, compression.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderMap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use rand::Rng;

use super::HASHED;
use super::site::{File, Site};

/// Where the build's page wants the nonce.
const NONCE: &str = "TOLLGATE_NONCE";

/// What stands at every address where this binary was built without the pages.
const NO_BUILD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Tollgate</title>
  <link rel="icon" href="data:,">
</head>
<body>
  <h1>Tollgate runs, without its pages</h1>
  <p>This binary was built before the pages were. Build and start both with <code>make run</code>, or the pages
  alone with <code>make web</code> and the binary after it with <code>cargo build</code>. They need Node 20.</p>
  <p>The API works: <a href="/api/docs">browse it</a>.</p>
</body>
</html>
"#;

/// Nothing but our own scripts, styles and pictures, and calls to this server. Styles that a script of
/// ours adds carry the nonce, which no two answers share.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The page, with a nonce of its own, which is why it is neither kept nor compared by a tag; or how to
/// build one.
pub(super) fn page(site: &Site) -> HttpResponse {
    let mut random = [0_u8; 16];
    rand::rng().fill_bytes(&mut random);
    let nonce = STANDARD.encode(random);
    let markup = match site.page() {
        Some(page) => page.replace(NONCE, &nonce),
        None => NO_BUILD.to_owned(),
    };
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy(&nonce)))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .body(markup)
}

/// A file in the smallest form that the caller takes. Those with a hash in their name never change.
pub(super) fn file(path: &str, file: &File, headers: &HeaderMap) -> HttpResponse {
    let lasting = path.starts_with(HASHED);
    let kept = if lasting { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(kind(path))
        .insert_header((header::CACHE_CONTROL, kept))
        .insert_header((header::VARY, "Accept-Encoding"));
    let (coding, bytes) = match (&file.br, &file.gzip) {
        (Some(br), _) if takes(headers, "br") => (Some("br"), br),
        (_, Some(gzip)) if takes(headers, "gzip") => (Some("gzip"), gzip),
        _ => (None, &file.plain),
    };
    if let Some(coding) = coding {
        answer.insert_header((header::CONTENT_ENCODING, coding));
    }
    answer.body(match bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::copy_from_slice(bytes),
    })
}

/// Whether the caller takes a coding: it is named, and not with a weight of zero.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|each| {
        let (name, rest) = each.split_once(';').unwrap_or((each, ""));
        let weight = rest.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// The media type by a file's ending.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_coding_is_taken_when_it_is_named_with_weight() {
        for (accepted, coding, taken) in [
            ("gzip, deflate, br, zstd", "br", true),
            ("gzip, deflate", "br", false),
            ("br;q=0, gzip", "br", false),
            ("br;q=0.0", "br", false),
            ("BR;q=0.5", "br", true),
            ("x-br", "br", false),
            ("", "gzip", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(takes(&headers, coding), taken, "{coding} of {accepted:?}");
        }
        assert!(!takes(&HeaderMap::new(), "gzip"));
    }
}
