//! Headers that every protocol sends alike.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use tollgate_domain::failure::{Failure, FailureClass};

use crate::error::transient;
use crate::protocol::Upstream;

/// The upstream's extra headers, marked sensitive. Fails, naming it, at one that cannot be sent.
pub(crate) fn extra_headers(upstream: &Upstream) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(upstream.extra_headers.len() + 5);
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
pub(crate) fn key_value(prefix: &str, secret: &str) -> Result<HeaderValue, Failure> {
    let value = HeaderValue::try_from(format!("{prefix}{}", secret.trim()));
    let mut value = value.map_err(|_| {
        Failure::new(FailureClass::KeyRefused, "the key holds characters that no header can carry")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
