//! Headers that every protocol sends alike.

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use tollgate_domain::failure::{Failure, FailureClass};

use crate::error::transient;
use crate::protocol::Upstream;
use crate::quirks::AuthStyle;

/// The upstream's extra headers, and the one that shows the key as its quirks say: by default under
/// the protocol's `own` name for it, or as a bearer's where it has none.
pub(crate) fn headers(
    upstream: &Upstream,
    own: Option<&'static str>,
) -> Result<HeaderMap, Failure> {
    upstream.common.headers(|| made(upstream, own))
}

fn made(upstream: &Upstream, own: Option<&'static str>) -> Result<HeaderMap, Failure> {
    let mut headers = extra_headers(upstream)?;
    let (name, prefix) = match (upstream.quirks.auth, own) {
        (AuthStyle::Standard, Some(own)) => (HeaderName::from_static(own), ""),
        (AuthStyle::Standard, None) | (AuthStyle::Bearer, _) => (AUTHORIZATION, "Bearer "),
        (AuthStyle::ApiKey, _) => (HeaderName::from_static("api-key"), ""),
        (AuthStyle::None, _) => return Ok(headers),
    };
    headers.insert(name, key_value(prefix, upstream.secret.expose())?);
    Ok(headers)
}

/// The upstream's extra headers, marked sensitive. Fails, naming it, at one that cannot be sent.
fn extra_headers(upstream: &Upstream) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(upstream.extra_headers.len() + 8);
    for (name, value) in &upstream.extra_headers {
        let wrong = || transient(format!("the extra header `{name}` cannot be sent"));
        let header = HeaderName::try_from(name).map_err(|_| wrong())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

/// The value of the header that shows the key, marked sensitive.
fn key_value(prefix: &str, secret: &str) -> Result<HeaderValue, Failure> {
    let value = HeaderValue::try_from(format!("{prefix}{}", secret.trim()));
    let mut value = value.map_err(|_| {
        Failure::new(FailureClass::KeyRefused, "the key holds characters that no header can carry")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
