//! What a call used.

use std::ops::AddAssign;

use crate::words::words;

words! {
    /// Who counted the tokens.
    UsageSource {
        /// The provider said so.
        Provider = "provider",
        /// We estimated, because the provider did not say.
        Estimated = "estimated",
    }
}

/// Tokens in disjoint buckets: no token is in two of them, and their sum is the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Prompt tokens that were neither read from nor written to a cache.
    pub prompt: i64,
    /// Prompt tokens read from the provider's cache.
    pub cached: i64,
    /// Prompt tokens written to the provider's cache, for its usual time: five minutes, where the
    /// provider has several.
    pub cache_write: i64,
    /// Prompt tokens written to the provider's cache for an hour.
    pub cache_write_1h: i64,
    /// Answer tokens that the caller sees.
    pub completion: i64,
    /// Answer tokens spent on reasoning.
    pub reasoning: i64,
}

impl TokenUsage {
    /// The most tokens that a provider is believed to have read or written in one call, so that
    /// sums of them never overflow.
    pub const MAX: i64 = 1 << 40;

    /// Every token.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.whole_prompt() + self.whole_completion()
    }

    /// The prompt as callers count it: cached and cache-written tokens included.
    #[must_use]
    pub const fn whole_prompt(&self) -> i64 {
        self.prompt + self.cached + self.cache_write + self.cache_write_1h
    }

    /// The answer as callers count it: reasoning included.
    #[must_use]
    pub const fn whole_completion(&self) -> i64 {
        self.completion + self.reasoning
    }

    /// The same, with as many of the cache's written tokens as `tokens` says, and there are, moved
    /// to the cache of an hour.
    #[must_use]
    pub fn with_cache_write_1h(self, tokens: i64) -> Self {
        let moved = tokens.clamp(0, self.cache_write);
        Self {
            cache_write: self.cache_write - moved,
            cache_write_1h: self.cache_write_1h + moved,
            ..self
        }
    }

    /// Every token written to a cache.
    #[must_use]
    pub const fn whole_cache_write(&self) -> i64 {
        self.cache_write + self.cache_write_1h
    }

    /// Disjoint buckets from figures in which the parts are inside the whole, as OpenAI reports
    /// them. A part that exceeds its whole is cut to it; negative figures count as none, and
    /// those that no model can reach as [`TokenUsage::MAX`].
    #[must_use]
    pub fn from_inclusive(
        whole_prompt: i64,
        cached: i64,
        cache_write: i64,
        whole_completion: i64,
        reasoning: i64,
    ) -> Self {
        let whole_prompt = whole_prompt.clamp(0, Self::MAX);
        let cached = cached.clamp(0, whole_prompt);
        let cache_write = cache_write.clamp(0, whole_prompt - cached);
        let whole_completion = whole_completion.clamp(0, Self::MAX);
        let reasoning = reasoning.clamp(0, whole_completion);
        Self {
            prompt: whole_prompt - cached - cache_write,
            cached,
            cache_write,
            cache_write_1h: 0,
            completion: whole_completion - reasoning,
            reasoning,
        }
    }
}

impl AddAssign for TokenUsage {
    fn add_assign(&mut self, other: Self) {
        self.prompt = self.prompt.saturating_add(other.prompt);
        self.cached = self.cached.saturating_add(other.cached);
        self.cache_write = self.cache_write.saturating_add(other.cache_write);
        self.cache_write_1h = self.cache_write_1h.saturating_add(other.cache_write_1h);
        self.completion = self.completion.saturating_add(other.completion);
        self.reasoning = self.reasoning.saturating_add(other.reasoning);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures_beyond_any_model_are_cut() {
        let usage = TokenUsage::from_inclusive(i64::MAX, i64::MAX, 5, i64::MAX, -1);

        assert_eq!((usage.cached, usage.cache_write), (TokenUsage::MAX, 0));
        assert_eq!(usage.total(), 2 * TokenUsage::MAX);
    }

    proptest! {
        #[test]
        fn the_buckets_sum_to_the_whole(
            prompt in 0..1_000_000_i64, cached in -5..1_000_000_i64, written in -5..1_000_000_i64,
            hour in -5..1_000_000_i64, completion in 0..1_000_000_i64,
            reasoning in -5..1_000_000_i64,
        ) {
            let usage = TokenUsage::from_inclusive(prompt, cached, written, completion, reasoning)
                .with_cache_write_1h(hour);

            prop_assert_eq!(usage.whole_prompt(), prompt);
            prop_assert_eq!(usage.whole_completion(), completion);
            prop_assert_eq!(usage.total(), prompt + completion);
            prop_assert!([usage.prompt, usage.cached, usage.cache_write, usage.cache_write_1h,
                usage.completion, usage.reasoning]
                .iter().all(|bucket| *bucket >= 0));
        }
    }
}
