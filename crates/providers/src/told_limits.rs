//! Limits of a key that its provider tells with an answer or a refusal.

use std::time::Duration;

use http::HeaderMap;
use tollgate_domain::api_key::KeyLimits;

use crate::hint::{duration, text};

/// A window at least this long is no minute; OpenAI's look-alikes limit requests by the day too.
const LONG_WINDOW: Duration = Duration::from_secs(3600);

/// The limits that `headers` name, never what remains of them: OpenAI's `x-ratelimit-limit-*` and
/// Anthropic's `anthropic-ratelimit-*-limit`. A limit of 0 says nothing.
pub(crate) fn told_limits(headers: &HeaderMap) -> KeyLimits {
    // Most replies tell none, and looking for each name takes longer than this.
    if !headers.keys().any(|name| name.as_str().contains("ratelimit")) {
        return KeyLimits::default();
    }
    let requests = limit(headers, "x-ratelimit-limit-requests");
    let is_daily = is_daily(headers);
    let anthropic = |kind: &str| limit(headers, &format!("anthropic-ratelimit-{kind}-limit"));
    // Where only the two halves are limited, their sum is never passed either.
    let halves = || Some(anthropic("input-tokens")?.saturating_add(anthropic("output-tokens")?));
    KeyLimits {
        rpm: requests.filter(|_| !is_daily).or_else(|| anthropic("requests")),
        tpm: limit(headers, "x-ratelimit-limit-tokens")
            .or_else(|| anthropic("tokens"))
            .or_else(halves),
        rpd: requests.filter(|_| is_daily),
        max_concurrent: None,
    }
}

fn limit(headers: &HeaderMap, name: &str) -> Option<i64> {
    text(headers, name)?.parse().ok().filter(|limit| *limit > 0)
}

/// Whether requests are limited by the day. What was used comes back evenly over the window, and
/// the reset tells how long all of it takes.
fn is_daily(headers: &HeaderMap) -> bool {
    let window = || {
        let limit = limit(headers, "x-ratelimit-limit-requests")?;
        let left: i64 = text(headers, "x-ratelimit-remaining-requests")?.parse().ok()?;
        let reset = duration(text(headers, "x-ratelimit-reset-requests")?)?;
        let used = u32::try_from(limit.checked_sub(left)?).ok().filter(|used| *used > 0)?;
        (reset / used).checked_mul(u32::try_from(limit).ok()?)
    };
    window().is_some_and(|window| window >= LONG_WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(headers: &[(&'static str, &'static str)]) -> (Option<i64>, Option<i64>, Option<i64>) {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let KeyLimits { rpm, tpm, rpd, .. } = told_limits(&headers);
        (rpm, tpm, rpd)
    }

    #[test]
    fn the_limits_are_told_apart_by_their_windows() {
        let requests = ("x-ratelimit-limit-requests", "500");
        let tokens = ("x-ratelimit-limit-tokens", "30000");
        let left = ("x-ratelimit-remaining-requests", "499");
        let cases = [
            (vec![requests, tokens], (Some(500), Some(30_000), None)),
            (
                vec![requests, left, ("x-ratelimit-reset-requests", "120ms")],
                (Some(500), None, None),
            ),
            (
                vec![requests, left, ("x-ratelimit-reset-requests", "2m52.8s")],
                (None, None, Some(500)),
            ),
            (vec![left, ("x-ratelimit-remaining-tokens", "5")], (None, None, None)),
            (vec![("x-ratelimit-limit-requests", "0")], (None, None, None)),
            (vec![("x-ratelimit-limit-requests", "many")], (None, None, None)),
            (
                vec![
                    ("anthropic-ratelimit-requests-limit", "1000"),
                    ("anthropic-ratelimit-requests-remaining", "999"),
                    ("anthropic-ratelimit-tokens-limit", "96000"),
                    ("anthropic-ratelimit-input-tokens-limit", "80000"),
                    ("anthropic-ratelimit-output-tokens-limit", "16000"),
                ],
                (Some(1_000), Some(96_000), None),
            ),
            (
                vec![
                    ("anthropic-ratelimit-input-tokens-limit", "80000"),
                    ("anthropic-ratelimit-output-tokens-limit", "16000"),
                ],
                (None, Some(96_000), None),
            ),
        ];
        for (headers, expected) in cases {
            assert_eq!(told(&headers), expected, "{headers:?}");
        }
    }
}
