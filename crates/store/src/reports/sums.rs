//! What is summed.

use std::iter::Sum;
use std::ops::AddAssign;
use std::sync::LazyLock;

use tollgate_domain::NanoUsd;
use tollgate_domain::usage::TokenUsage;

use crate::usage_stats::measures::{COST_UNIT, MEASURES, Measure};

/// Sums over recorded attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageSums {
    /// Calls, those refused before any attempt included.
    pub requests: i64,
    /// Calls that were answered.
    pub successes: i64,
    /// Calls that failed.
    pub errors: i64,
    /// Calls whose caller left.
    pub cancelled: i64,
    /// Attempts sent to a provider.
    pub attempts: i64,
    /// Attempts that failed.
    pub attempt_errors: i64,
    /// Tokens of every attempt.
    pub usage: TokenUsage,
    /// Cost of every attempt that has a price.
    pub cost: NanoUsd,
    /// Attempts that used tokens, or were answered, and have no price.
    pub unpriced: i64,
    /// Milliseconds that the answered calls' final attempts took together.
    pub latency_sum_ms: i64,
}

/// The measures that [`SumsRow`] is made of.
const SUMMED: [&str; 15] = [
    "requests",
    "successes",
    "errors",
    "cancelled",
    "attempts",
    "attempt_errors",
    "prompt_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "cost_nanousd",
    "unpriced",
    "latency_sum_ms",
];

/// The columns of [`SumsRow`], over rows of `t_ai_api_logs`.
pub(super) static OF_RECORDS: LazyLock<String> =
    LazyLock::new(|| columns(is_summed, Measure::of_records));

/// The same over rows of the tables of usage.
pub(super) static OF_USAGE: LazyLock<String> =
    LazyLock::new(|| columns(is_summed, Measure::of_usage));

/// The measures that `is_wanted`, as columns of a SELECT.
pub(super) fn columns(is_wanted: fn(&Measure) -> bool, sql: fn(&Measure) -> String) -> String {
    let wanted = MEASURES.iter().filter(|measure| is_wanted(measure));
    wanted.map(sql).collect::<Vec<_>>().join(", ")
}

fn is_summed(measure: &Measure) -> bool {
    SUMMED.contains(&measure.column)
}

#[derive(sqlx::FromRow)]
pub(super) struct SumsRow {
    requests: i64,
    successes: i64,
    errors: i64,
    cancelled: i64,
    attempts: i64,
    attempt_errors: i64,
    prompt_tokens: i64,
    cached_tokens: i64,
    cache_write_tokens: i64,
    cache_write_1h_tokens: i64,
    completion_tokens: i64,
    reasoning_tokens: i64,
    cost_units: i64,
    cost_rest: i64,
    unpriced: i64,
    latency_sum_ms: i64,
}

impl UsageSums {
    /// Answered calls among all calls, from 0 to 1; 0 where there was no call.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share is shown with a few digits")]
    pub fn success_rate(&self) -> f64 {
        if self.requests == 0 { 0.0 } else { self.successes as f64 / self.requests as f64 }
    }

    /// Mean milliseconds of an answered call's final attempt, rounded down; 0 where there is none.
    #[must_use]
    pub const fn avg_latency_ms(&self) -> i64 {
        if self.successes == 0 { 0 } else { self.latency_sum_ms / self.successes }
    }

    /// Whether nothing was summed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.requests == 0 && self.attempts == 0
    }
}

impl AddAssign for UsageSums {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.successes += other.successes;
        self.errors += other.errors;
        self.cancelled += other.cancelled;
        self.attempts += other.attempts;
        self.attempt_errors += other.attempt_errors;
        self.usage += other.usage;
        self.cost += other.cost;
        self.unpriced += other.unpriced;
        self.latency_sum_ms += other.latency_sum_ms;
    }
}

impl Sum for UsageSums {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), |mut total, sums| {
            total += sums;
            total
        })
    }
}

impl SumsRow {
    pub(super) const fn into_sums(self) -> UsageSums {
        UsageSums {
            requests: self.requests,
            successes: self.successes,
            errors: self.errors,
            cancelled: self.cancelled,
            attempts: self.attempts,
            attempt_errors: self.attempt_errors,
            usage: TokenUsage {
                prompt: self.prompt_tokens,
                cached: self.cached_tokens,
                cache_write: self.cache_write_tokens,
                cache_write_1h: self.cache_write_1h_tokens,
                completion: self.completion_tokens,
                reasoning: self.reasoning_tokens,
            },
            cost: NanoUsd::new(
                self.cost_units.saturating_mul(COST_UNIT).saturating_add(self.cost_rest),
            ),
            unpriced: self.unpriced,
            latency_sum_ms: self.latency_sum_ms,
        }
    }
}
