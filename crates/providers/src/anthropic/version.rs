//! The version of the API that a request goes by, and the headers that tell it.

use std::borrow::Cow;

use chrono::NaiveDate;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use tollgate_domain::chat::{ChatCall, Dialect};
use tollgate_domain::failure::{Failure, FailureClass};

use crate::headers::headers as common;
use crate::protocol::Upstream;

/// The version that takes sampling fields, which the models that know them still want.
const USUAL: &str = "2023-06-01";
/// The first version that refuses sampling fields for every model.
const WITHOUT_SAMPLING: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 21).expect("it is a date");
const VERSION: &str = "anthropic-version";
const BETA: &str = "anthropic-beta";

/// The version: the one that the upstream's row names, the caller's, or ours.
pub(super) fn of<'a>(call: &'a ChatCall, upstream: &'a Upstream) -> &'a str {
    let extra = upstream.extra_headers.iter();
    let mut extra = extra.filter(|(name, _)| name.eq_ignore_ascii_case(VERSION));
    let named = extra.next().map(|(_, value)| value.as_str());
    named.or_else(|| forwarded(call, VERSION)).unwrap_or(USUAL)
}

/// Whether that version takes no `temperature`, `top_p` and `top_k`, whatever the model.
pub(super) fn refuses_sampling(version: &str) -> bool {
    version.trim().parse::<NaiveDate>().is_ok_and(|date| date >= WITHOUT_SAMPLING)
}

/// The headers of a request: the upstream's own, the key, the version, and the caller's betas
/// beside those of the upstream.
pub(super) fn headers(call: Option<&ChatCall>, upstream: &Upstream) -> Result<HeaderMap, Failure> {
    let mut headers = common(upstream, Some("x-api-key"))?;
    let version = call.map_or(USUAL, |call| of(call, upstream));
    let name = HeaderName::from_static(VERSION);
    if !headers.contains_key(&name) {
        headers.insert(name, value(VERSION, version)?);
    }
    if let Some(betas) = call.and_then(|call| forwarded(call, BETA)) {
        let name = HeaderName::from_static(BETA);
        let own = headers.get(&name).and_then(|own| own.to_str().ok());
        let betas = match own {
            Some(own) => Cow::Owned(format!("{own},{betas}")),
            None => Cow::Borrowed(betas),
        };
        headers.insert(name, value(BETA, &betas)?);
    }
    Ok(headers)
}

/// A header of the caller's, where the caller's dialect is the provider's.
fn forwarded<'a>(call: &'a ChatCall, name: &str) -> Option<&'a str> {
    let mut headers = call.forwarded.iter().filter(|_| call.dialect == Dialect::Anthropic);
    let (_, value) = headers.find(|(header, _)| *header == name)?;
    (!value.trim().is_empty()).then_some(value)
}

fn value(name: &str, value: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::try_from(value).map_err(|_| {
        let told = format!("{name}: holds characters that no header can carry");
        Failure::new(FailureClass::ClientFault, told)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampling_is_refused_from_the_version_on_that_says_so() {
        for (version, expected) in [
            ("2023-06-01", false),
            ("2026-10-20", false),
            ("2026-10-21", true),
            ("2027-01-01", true),
            ("vertex-2023-10-16", false),
            ("", false),
        ] {
            assert_eq!(refuses_sampling(version), expected, "{version}");
        }
    }
}
