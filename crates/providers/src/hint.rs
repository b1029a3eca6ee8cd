//! How long a provider asks to wait.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use http::HeaderMap;

/// The longest wait that a provider can impose.
const LONGEST: Duration = Duration::from_secs(3600);

/// The wait that headers ask for, else the one in the error's words; at most an hour.
/// `retry-after-ms` is the most exact, so it goes first.
pub(crate) fn retry_after(
    headers: &HeaderMap,
    message: &str,
    now: DateTime<Utc>,
) -> Option<Duration> {
    let milliseconds = || number(text(headers, "retry-after-ms")?, 0.001);
    let standard = || {
        let value = text(headers, "retry-after")?;
        number(value, 1.0).or_else(|| until(value, now)).or_else(|| duration(value))
    };
    let wait = milliseconds()
        .or_else(standard)
        .or_else(|| exhausted_reset(headers))
        .or_else(|| spoken(message))?;
    Some(wait.min(LONGEST))
}

/// A header's text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn number(value: &str, seconds: f64) -> Option<Duration> {
    let value: f64 = value.parse().ok()?;
    Duration::try_from_secs_f64(value * seconds).ok()
}

fn until(http_date: &str, now: DateTime<Utc>) -> Option<Duration> {
    // The two older forms that RFC 9110 has recipients understand.
    let older = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let read = |form: &&str| NaiveDateTime::parse_from_str(http_date, form).ok();
    let at = DateTime::parse_from_rfc2822(http_date).map(|at| at.with_timezone(&Utc)).ok();
    let at = at.or_else(|| Some(older.iter().find_map(read)?.and_utc()))?;
    Some((at - now).to_std().unwrap_or(Duration::ZERO))
}

/// The longest reset among the limits that are used up.
fn exhausted_reset(headers: &HeaderMap) -> Option<Duration> {
    let reset = |kind: &str| {
        let left = text(headers, &format!("x-ratelimit-remaining-{kind}"));
        let is_left = left.is_some_and(|left| left.parse().is_ok_and(|left: f64| left > 0.0));
        let value = text(headers, &format!("x-ratelimit-reset-{kind}"))?;
        if is_left { None } else { duration(value).or_else(|| number(value, 1.0)) }
    };
    ["requests", "tokens"].into_iter().filter_map(reset).max()
}

/// A duration as Go writes it: `6m0s`, `1.4s`, `120ms`, `1h2m`.
pub(crate) fn duration(value: &str) -> Option<Duration> {
    let mut rest = value.trim();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let (part, after) = leading_duration(rest)?;
        sum = sum.checked_add(part)?;
        rest = after;
    }
    (!value.trim().is_empty()).then_some(sum)
}

/// The number and unit that `text` begins with, and what follows them.
fn leading_duration(text: &str) -> Option<(Duration, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (value, rest) = text.split_at(digits);
    let rest = rest.trim_start();
    let unit = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit);
    let seconds = match unit {
        "ms" | "milliseconds" => 0.001,
        "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    };
    Some((number(value.trim_end_matches('.'), seconds)?, rest))
}

/// The wait in words such as `try again in 1.4s` or `try again after 1 seconds`.
fn spoken(message: &str) -> Option<Duration> {
    let message = message.to_ascii_lowercase();
    let phrases = ["again in ", "again after ", "retry in ", "retry after ", "reset after "];
    let rest = phrases.iter().find_map(|phrase| message.split_once(phrase))?.1;
    let (mut sum, mut rest) = leading_duration(rest)?;
    while let Some((part, after)) = leading_duration(rest) {
        sum = sum.checked_add(part)?;
        rest = after;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(headers: &[(&'static str, &'static str)], message: &str) -> Option<f64> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let now = DateTime::from_timestamp(1_445_412_470, 0).unwrap();
        retry_after(&headers, message, now).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn the_most_exact_hint_wins() {
        let reset = ("x-ratelimit-reset-tokens", "6m0s");
        let cases = [
            (vec![("retry-after-ms", "1400"), ("retry-after", "2"), reset], "", Some(1.4)),
            (vec![("retry-after", "2"), reset], "try again in 9s", Some(2.0)),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], "", Some(10.0)),
            (vec![("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")], "", Some(0.0)),
            (vec![("retry-after", "Wednesday, 21-Oct-15 07:28:00 GMT")], "", Some(10.0)),
            (vec![("retry-after", "Wed Oct 21 07:28:00 2015")], "", Some(10.0)),
            (vec![("retry-after", "99999999")], "", Some(3600.0)),
            (vec![("retry-after", "-1")], "", None),
            (vec![("retry-after", "soon")], "try again in 20ms", Some(0.02)),
            (vec![reset], "", Some(360.0)),
            (vec![reset, ("x-ratelimit-remaining-tokens", "5")], "", None),
            (vec![], "Please try again in 1.4s.", Some(1.4)),
            (vec![], "Please try again in 6m0.5s. Visit", Some(360.5)),
            (vec![], "please try again after 1 seconds", Some(1.0)),
            (vec![], "please try again later", None),
        ];
        for (headers, message, expected) in cases {
            assert_eq!(hint(&headers, message), expected, "{headers:?} {message}");
        }
    }
}
