//! What a load saw, in numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// Kinds of errors that are told apart.
const MAX_KINDS: usize = 20;

/// What callers saw, before it is counted.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// Microseconds of each whole answer.
    pub(crate) latencies: Vec<u32>,
    /// Microseconds to the first content of each stream.
    pub(crate) first_contents: Vec<u32>,
    /// Microseconds between events with content.
    pub(crate) gaps: Vec<u32>,
    /// Microseconds that requests were sent after they were due.
    pub(crate) late: Vec<u32>,
    /// Answers that were whole in time.
    pub(crate) in_time: u64,
    /// What went wrong, and how often.
    pub(crate) errors: BTreeMap<String, u64>,
}

/// The line of JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Whole answers.
    answers: u64,
    /// Answers that were whole before the time was up, a second.
    per_second: f64,
    seconds: f64,
    errors: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    error_kinds: BTreeMap<String, u64>,
    latency_us: Option<Spread>,
    first_content_us: Option<Spread>,
    gap_us: Option<Spread>,
    late_us: Option<Spread>,
}

/// Where samples lie, in microseconds.
#[derive(Debug, Serialize)]
struct Spread {
    p50: u32,
    p90: u32,
    p99: u32,
    max: u32,
    mean: u32,
}

impl Samples {
    /// Notes a failure.
    pub(crate) fn fail(&mut self, error: &anyhow::Error) {
        let kind = format!("{error:#}");
        if self.errors.len() < MAX_KINDS || self.errors.contains_key(&kind) {
            *self.errors.entry(kind).or_default() += 1;
        } else {
            *self.errors.entry("others".to_owned()).or_default() += 1;
        }
    }

    /// Adds what another caller saw.
    pub(crate) fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.first_contents.extend(other.first_contents);
        self.gaps.extend(other.gaps);
        self.late.extend(other.late);
        self.in_time += other.in_time;
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
    }

    /// The numbers of a load that took this long.
    pub(crate) fn report(self, took: Duration) -> Report {
        Report {
            answers: self.latencies.len() as u64,
            per_second: self.in_time as f64 / took.as_secs_f64(),
            seconds: took.as_secs_f64(),
            errors: self.errors.values().sum(),
            error_kinds: self.errors,
            latency_us: spread(self.latencies),
            first_content_us: spread(self.first_contents),
            gap_us: spread(self.gaps),
            late_us: spread(self.late),
        }
    }
}

fn spread(mut samples: Vec<u32>) -> Option<Spread> {
    samples.sort_unstable();
    let max = *samples.last()?;
    // The smallest sample that so many of a thousand do not pass.
    let at = |per_mille: usize| samples[(samples.len() * per_mille).div_ceil(1000).max(1) - 1];
    let sum: u64 = samples.iter().copied().map(u64::from).sum();
    let mean = u32::try_from(sum / samples.len() as u64).unwrap_or(u32::MAX);
    Some(Spread { p50: at(500), p90: at(900), p99: at(990), max, mean })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let found = spread((1..=200).rev().collect()).unwrap();
        assert_eq!(
            (found.p50, found.p90, found.p99, found.max, found.mean),
            (100, 180, 198, 200, 100)
        );
        assert_eq!(spread(vec![7]).unwrap().p99, 7);
        assert!(spread(Vec::new()).is_none());
    }

    #[test]
    fn kinds_of_errors_are_bounded() {
        let mut samples = Samples::default();
        for nth in 0..100 {
            samples.fail(&anyhow::anyhow!("error {nth}"));
        }
        assert_eq!(samples.errors.len(), MAX_KINDS + 1);
        assert_eq!(samples.errors.values().sum::<u64>(), 100);
    }
}
