//! What a model costs, and what a call cost.

use chrono::{DateTime, Utc};

use crate::usage::TokenUsage;
use crate::words::words;
use crate::{ModelId, NanoUsd, PriceId};

words! {
    /// A kind of token, as it is counted and charged.
    Bucket {
        /// A prompt token outside any cache.
        Prompt = "prompt",
        /// A prompt token read from the cache.
        Cached = "cached",
        /// A prompt token written to the usual cache.
        CacheWrite = "cache_write",
        /// A prompt token written to the one-hour cache.
        CacheWrite1h = "cache_write_1h",
        /// An answer token that the caller sees.
        Completion = "completion",
        /// An answer token spent on reasoning.
        Reasoning = "reasoning",
    }
}

/// What the tokens of one kind cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The kind.
    pub bucket: Bucket,
    /// How many of them.
    pub tokens: i64,
    /// What 1,000 of them cost.
    pub per_thousand: NanoUsd,
    /// Whose price that is: another kind's, where the price names none for this one.
    pub priced_as: Bucket,
}

impl Charge {
    /// What they cost, in thousandths of a nano-dollar; nothing is rounded.
    #[must_use]
    pub fn pico_usd(&self) -> i128 {
        i128::from(self.tokens) * i128::from(self.per_thousand.get())
    }
}

/// A row of `t_ai_model_prices`: one tier of one price version.
///
/// The rows of a model that share `valid_from` are the tiers of one version. Nothing is ever
/// overwritten: a new price is a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Its id.
    pub id: PriceId,
    /// What it prices.
    pub model_id: ModelId,
    /// From when it holds.
    pub valid_from: DateTime<Utc>,
    /// The smallest whole prompt, in tokens, that the tier is for.
    pub tier_min_prompt_tokens: i64,
    /// What each kind of token costs; `None` where the tier is known to exist and its price is
    /// not, so that calls in it are unpriced rather than cheap.
    pub rates: Option<Rates>,
    /// Who said so: `seed`, `sync`, `manual`.
    pub source: String,
}

/// Prices per 1,000 tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// A prompt token.
    pub prompt: NanoUsd,
    /// An answer token, reasoning included.
    pub completion: NanoUsd,
    /// A prompt token read from the cache; `None` where the provider gives no discount, so that
    /// it costs what a prompt token costs.
    pub cache_read: Option<NanoUsd>,
    /// A prompt token written to the cache; `None` as for `cache_read`.
    pub cache_write: Option<NanoUsd>,
    /// A prompt token written to the one-hour cache; `None` where it costs what one written to
    /// the usual cache does.
    pub cache_write_1h: Option<NanoUsd>,
    /// Charged once a request.
    pub request_fee: NanoUsd,
}

impl Rates {
    /// What `usage` costs: Σ tokens × price, divided by 1,000 once at the end, half up.
    #[must_use]
    pub fn cost(&self, usage: &TokenUsage) -> NanoUsd {
        let pico: i128 = self.charges(usage).iter().map(Charge::pico_usd).sum();
        let nanos = (pico + 500).div_euclid(1000) + i128::from(self.request_fee.get());
        let bounded = nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        NanoUsd::new(i64::try_from(bounded).expect("it was just brought within bounds"))
    }

    /// What each kind of token in `usage` costs, the fee of the request apart.
    #[must_use]
    pub fn charges(&self, usage: &TokenUsage) -> [Charge; 6] {
        let prompt = (self.prompt, Bucket::Prompt);
        let answer = (self.completion, Bucket::Completion);
        let own = |rate: Option<NanoUsd>, bucket| rate.map(|rate| (rate, bucket));
        let read = own(self.cache_read, Bucket::Cached).unwrap_or(prompt);
        let write = own(self.cache_write, Bucket::CacheWrite).unwrap_or(prompt);
        let write_1h = own(self.cache_write_1h, Bucket::CacheWrite1h).unwrap_or(write);
        [
            (Bucket::Prompt, usage.prompt, prompt),
            (Bucket::Cached, usage.cached, read),
            (Bucket::CacheWrite, usage.cache_write, write),
            (Bucket::CacheWrite1h, usage.cache_write_1h, write_1h),
            (Bucket::Completion, usage.completion, answer),
            (Bucket::Reasoning, usage.reasoning, answer),
        ]
        .map(|(bucket, tokens, (per_thousand, priced_as))| Charge {
            bucket,
            tokens,
            per_thousand,
            priced_as,
        })
    }
}

/// The price of a call with a whole prompt of `prompt_tokens` at `at`, among one model's rows:
/// the newest version in force, and in it the highest tier that the prompt reaches.
#[must_use]
pub fn price_at(prices: &[Price], prompt_tokens: i64, at: DateTime<Utc>) -> Option<&Price> {
    let version = prices.iter().map(|price| price.valid_from).filter(|from| *from <= at).max()?;
    prices
        .iter()
        .filter(|price| price.valid_from == version)
        .filter(|price| price.tier_min_prompt_tokens <= prompt_tokens)
        .max_by_key(|price| price.tier_min_prompt_tokens)
}

/// What `usage` cost a call that arrived at `at`, by its model's `prices`, and which of them priced
/// it; no cost is unpriced. What used nothing cost nothing, whatever its price.
#[must_use]
pub fn bill(
    prices: &[Price],
    usage: &TokenUsage,
    at: DateTime<Utc>,
) -> (Option<PriceId>, Option<NanoUsd>) {
    if usage.total() == 0 {
        return (None, Some(NanoUsd::ZERO));
    }
    let price = price_at(prices, usage.whole_prompt(), at);
    match price.and_then(|price| Some((price.id, price.rates?))) {
        Some((id, rates)) => (Some(id), Some(rates.cost(usage))),
        None => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> Rates {
        Rates {
            prompt: NanoUsd::new(2_500_000),
            completion: NanoUsd::new(10_000_000),
            cache_read: Some(NanoUsd::new(1_250_000)),
            ..Rates::default()
        }
    }

    #[test]
    fn a_cost_is_divided_once_and_rounded_half_up() {
        let usage = TokenUsage { prompt: 7, cached: 4, completion: 3, ..TokenUsage::default() };
        assert_eq!(rates().cost(&usage), NanoUsd::new(17_500 + 5_000 + 30_000));

        let tiny = Rates { prompt: NanoUsd::new(500), ..Rates::default() };
        let one = TokenUsage { prompt: 1, ..TokenUsage::default() };
        assert_eq!(tiny.cost(&one), NanoUsd::new(1));
    }

    #[test]
    fn a_cost_beyond_what_money_holds_stops_at_the_bound_of_its_side() {
        let usage = TokenUsage::from_inclusive(i64::MAX, 0, 0, i64::MAX, 0);
        let at = |nanos| Rates { prompt: NanoUsd::new(nanos), ..Rates::default() };

        assert_eq!(at(i64::MAX).cost(&usage), NanoUsd::new(i64::MAX));
        assert_eq!(at(i64::MIN).cost(&usage), NanoUsd::new(i64::MIN));
        // Half up, below zero too.
        let one = TokenUsage { prompt: 1, ..TokenUsage::default() };
        assert_eq!((at(-500).cost(&one), at(-501).cost(&one)), (NanoUsd::ZERO, NanoUsd::new(-1)));
    }

    #[test]
    fn a_cached_token_without_a_price_of_its_own_costs_what_a_prompt_token_costs() {
        let rates = Rates { cache_read: None, ..rates() };
        let usage = TokenUsage { cached: 1000, ..TokenUsage::default() };

        assert_eq!(rates.cost(&usage), NanoUsd::new(2_500_000));
    }

    #[test]
    fn a_token_kept_for_an_hour_has_a_price_of_its_own() {
        let usage = TokenUsage { cache_write_1h: 1000, ..TokenUsage::default() };
        let cost = |five_minutes, hour| {
            let rates = Rates { cache_write: five_minutes, cache_write_1h: hour, ..rates() };
            rates.cost(&usage).get()
        };

        assert_eq!(cost(Some(NanoUsd::new(3)), Some(NanoUsd::new(5))), 5);
        assert_eq!(cost(Some(NanoUsd::new(3)), None), 3);
        assert_eq!(cost(None, None), 2_500_000);
    }

    #[test]
    fn each_kind_of_token_is_charged_by_its_own_price_or_by_the_one_that_stands_for_it() {
        let usage = TokenUsage {
            prompt: 1,
            cached: 2,
            cache_write: 3,
            cache_write_1h: 4,
            completion: 5,
            reasoning: 6,
        };
        let told = |rates: Rates| rates.charges(&usage).map(|it| (it.bucket, it.priced_as));
        let all = Rates {
            cache_write: Some(NanoUsd::new(3)),
            cache_write_1h: Some(NanoUsd::new(5)),
            ..rates()
        };
        let kinds = [
            (Bucket::Prompt, Bucket::Prompt),
            (Bucket::Cached, Bucket::Cached),
            (Bucket::CacheWrite, Bucket::CacheWrite),
            (Bucket::CacheWrite1h, Bucket::CacheWrite1h),
            (Bucket::Completion, Bucket::Completion),
            (Bucket::Reasoning, Bucket::Completion),
        ];
        assert_eq!(told(all), kinds);

        let few = told(Rates { cache_write_1h: None, ..all });
        assert_eq!(few[3], (Bucket::CacheWrite1h, Bucket::CacheWrite));
        let none = told(Rates { cache_read: None, cache_write: None, cache_write_1h: None, ..all });
        assert!(none[..4].iter().all(|(_, priced_as)| *priced_as == Bucket::Prompt), "{none:?}");

        let sum: i128 = all.charges(&usage).iter().map(Charge::pico_usd).sum();
        assert_eq!(sum, 2_500_000 + 2_500_000 + 9 + 20 + 110_000_000);
        assert_eq!(all.cost(&usage).get(), 115_000, "29 thousandths are rounded away");
    }

    #[test]
    fn the_newest_version_in_force_and_the_highest_tier_reached_price_a_call() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let row = |id, from, tier| Price {
            id: PriceId::new(id),
            model_id: ModelId::new(1),
            valid_from: at(from),
            tier_min_prompt_tokens: tier,
            rates: Some(rates()),
            source: "seed".to_owned(),
        };
        let prices = [row(1, 100, 0), row(2, 200, 0), row(3, 200, 1001), row(4, 300, 0)];

        let id =
            |tokens, seconds| price_at(&prices, tokens, at(seconds)).map(|price| price.id.get());
        assert_eq!(id(5, 99), None);
        assert_eq!(id(5, 100), Some(1));
        assert_eq!(id(1000, 250), Some(2));
        assert_eq!(id(1001, 250), Some(3));
        assert_eq!(id(9999, 300), Some(4));
    }

    #[test]
    fn unpriced_is_not_the_same_as_free() {
        let at = DateTime::from_timestamp(100, 0).unwrap();
        let tier = |tier_min_prompt_tokens, rates| Price {
            id: PriceId::new(tier_min_prompt_tokens + 1),
            model_id: ModelId::new(1),
            valid_from: at,
            tier_min_prompt_tokens,
            rates,
            source: "seed".to_owned(),
        };
        let fee = Rates { request_fee: NanoUsd::new(7), ..rates() };
        let prices = [tier(0, Some(fee)), tier(1_001, None)];
        let used = TokenUsage { prompt: 10, completion: 5, ..TokenUsage::default() };
        let beyond = TokenUsage { prompt: 2_000, ..TokenUsage::default() };

        let cost = Some(NanoUsd::new(75_007));
        assert_eq!(bill(&prices, &used, at), (Some(PriceId::new(1)), cost));
        assert_eq!(bill(&[], &used, at), (None, None));
        assert_eq!(bill(&prices, &beyond, at), (None, None), "a tier without a known price");
        let nothing = TokenUsage::default();
        assert_eq!(bill(&prices, &nothing, at), (None, Some(NanoUsd::ZERO)));
    }
}
