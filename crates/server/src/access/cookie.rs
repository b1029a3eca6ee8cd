//! The cookie that keeps a browser signed in: it holds the refresh token, where no script can read it.
//!
//! It goes to `/api/auth` alone, and never with a request that another site caused; those requests must
//! announce JSON besides, which a browser asks us about first.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};
use tollgate_domain::Secret;

use super::sessions::LIFETIME;

/// Its name.
const NAME: &str = "tollgate_session";

/// The refresh token that the request brings.
#[must_use]
pub fn read(request: &HttpRequest) -> Option<Secret<String>> {
    let lines = request.headers().get_all(header::COOKIE);
    let mut pairs = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    let value = pairs.find_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='))?;
    (!value.is_empty()).then(|| Secret::new(value.to_owned()))
}

/// Gives a refresh token to the browser.
#[must_use]
pub fn give(request: &HttpRequest, token: &Secret<String>) -> Option<HeaderValue> {
    set(request, token.expose(), LIFETIME.num_seconds())
}

/// Takes it away again.
#[must_use]
pub fn take(request: &HttpRequest) -> Option<HeaderValue> {
    set(request, "", 0)
}

/// Only over TLS where the request came so, as far as we or the proxy before us can tell.
fn set(request: &HttpRequest, value: &str, seconds: i64) -> Option<HeaderValue> {
    let secure = if request.connection_info().scheme() == "https" { "; Secure" } else { "" };
    let text = format!(
        "{NAME}={value}; Path=/api/auth; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
    );
    let mut header = HeaderValue::try_from(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_token_is_read_among_other_cookies_and_is_never_empty() {
        for (cookies, token) in [
            ("tollgate_session=abc", Some("abc")),
            ("a=1; tollgate_session=abc; b=2", Some("abc")),
            ("tollgate_session=", None),
            ("tollgate_sessions=abc", None),
            ("other=tollgate_session=abc", None),
        ] {
            let request =
                TestRequest::default().insert_header(("cookie", cookies)).to_http_request();
            assert_eq!(
                read(&request).map(|token| token.expose().clone()).as_deref(),
                token,
                "{cookies}"
            );
        }
    }

    #[test]
    fn behind_tls_it_goes_over_tls_alone() {
        let token = Secret::new("abc".to_owned());
        let plain = TestRequest::default().to_http_request();
        assert_eq!(
            give(&plain, &token).unwrap(),
            "tollgate_session=abc; Path=/api/auth; Max-Age=2592000; HttpOnly; SameSite=Strict"
        );
        let proxied = TestRequest::default().insert_header(("x-forwarded-proto", "https"));
        let given = give(&proxied.to_http_request(), &token).unwrap();
        assert!(given.to_str().unwrap().ends_with("; Secure"));
        assert!(take(&plain).unwrap().to_str().unwrap().contains("Max-Age=0"));
    }
}
