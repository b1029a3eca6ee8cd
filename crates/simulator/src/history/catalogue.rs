//! Who is in a made-up history: providers, models and their prices, apps, users. None of them is real.

mod providers;

use tollgate_domain::NanoUsd;
use tollgate_domain::price::Rates;

pub(super) use providers::PROVIDERS;

/// A provider and what it serves.
#[derive(Debug)]
pub(super) struct ProviderSpec {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) protocol: &'static str,
    pub(super) base_url: &'static str,
    /// How many keys we have there.
    pub(super) keys: usize,
    /// Its prices, in hundredths of the usual ones of a size.
    price_percent: i64,
    pub(super) models: &'static [ModelSpec],
}

/// A model.
#[derive(Debug)]
pub(super) struct ModelSpec {
    pub(super) code: &'static str,
    pub(super) size: Size,
    pub(super) feature: Feature,
}

/// How large a model is, which decides how fast and how dear it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Small,
    Medium,
    Large,
}

/// What is particular about a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    /// Nothing.
    Plain,
    /// Turns text into vectors.
    Embeds,
    /// Spends tokens on reasoning.
    Thinks,
    /// Costs more for a prompt of more than 32,000 tokens.
    Tiered,
    /// What a prompt of more than 32,000 tokens costs is not known.
    HalfPriced,
    /// What it costs is not known.
    Unpriced,
    /// Charges a fee for each request.
    Fee,
    /// Got dearer in the middle of the history.
    Raised,
}

/// One tier of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tier {
    pub(super) min_prompt_tokens: i64,
    /// `None`: not known.
    pub(super) rates: Option<Rates>,
}

/// The first prompt, in tokens, of a second tier.
pub(super) const SECOND_TIER: i64 = 32_001;

impl ProviderSpec {
    /// What a model of its costs: the tiers from the beginning, and those from the middle of the
    /// history where they differ.
    pub(super) fn prices(&self, model: &ModelSpec) -> (Vec<Tier>, Option<Vec<Tier>>) {
        let rates = self.rates(model);
        let first = |rates| Tier { min_prompt_tokens: 0, rates: Some(rates) };
        let second = |rates| Tier { min_prompt_tokens: SECOND_TIER, rates };
        match model.feature {
            Feature::Unpriced => (Vec::new(), None),
            Feature::Tiered => (vec![first(rates), second(Some(times(rates, 200)))], None),
            Feature::HalfPriced => (vec![first(rates), second(None)], None),
            Feature::Raised => (vec![first(rates)], Some(vec![first(times(rates, 125))])),
            Feature::Plain | Feature::Embeds | Feature::Thinks | Feature::Fee => {
                (vec![first(rates)], None)
            }
        }
    }

    fn rates(&self, model: &ModelSpec) -> Rates {
        // Nano-dollars per 1,000 tokens.
        let (prompt, completion) = match (model.feature, model.size) {
            (Feature::Embeds, _) => (20_000, 0),
            (_, Size::Small) => (150_000, 600_000),
            (_, Size::Medium) => (1_000_000, 4_000_000),
            (_, Size::Large) => (3_000_000, 15_000_000),
        };
        let nanos = |share: i64| Some(NanoUsd::new(prompt * share / 100));
        let writes = self.writes_cache();
        let usual = Rates {
            prompt: NanoUsd::new(prompt),
            completion: NanoUsd::new(completion),
            cache_read: nanos(10),
            cache_write: nanos(125).filter(|_| writes),
            cache_write_1h: nanos(200).filter(|_| writes),
            request_fee: NanoUsd::ZERO,
        };
        let fee = if model.feature == Feature::Fee { 5_000_000 } else { 0 };
        Rates { request_fee: NanoUsd::new(fee), ..times(usual, self.price_percent) }
    }

    /// Whether writing to its cache is counted apart.
    pub(super) fn writes_cache(&self) -> bool {
        self.protocol == "anthropic"
    }
}

impl ModelSpec {
    /// Its `model_type`.
    pub(super) fn kind(&self) -> &'static str {
        if self.feature == Feature::Embeds { "embedding" } else { "chat" }
    }
}

fn times(rates: Rates, percent: i64) -> Rates {
    let times = |amount: NanoUsd| NanoUsd::new(amount.get() * percent / 100);
    Rates {
        prompt: times(rates.prompt),
        completion: times(rates.completion),
        cache_read: rates.cache_read.map(times),
        cache_write: rates.cache_write.map(times),
        cache_write_1h: rates.cache_write_1h.map(times),
        request_fee: times(rates.request_fee),
    }
}

impl Size {
    /// Milliseconds until the first content, at the median.
    pub(super) const fn first_content_ms(self) -> f64 {
        match self {
            Self::Small => 220.0,
            Self::Medium => 480.0,
            Self::Large => 900.0,
        }
    }

    /// How fast an answer is written.
    pub(super) const fn tokens_per_second(self) -> f64 {
        match self {
            Self::Small => 160.0,
            Self::Medium => 90.0,
            Self::Large => 45.0,
        }
    }
}

/// What app tokens are for; their names pair the two lists.
pub(super) const APP_AREAS: [&str; 10] = [
    "support",
    "checkout",
    "search",
    "docs",
    "billing",
    "onboarding",
    "analytics",
    "marketing",
    "legal",
    "mobile",
];
/// What they do there.
pub(super) const APP_TASKS: [&str; 10] = [
    "assistant",
    "summaries",
    "translation",
    "triage",
    "drafts",
    "extraction",
    "review",
    "agent",
    "tagging",
    "tests",
];
/// Those who made them, and call now and then themselves.
pub(super) const USERS: [&str; 12] = [
    "ada",
    "barbara",
    "carl",
    "dorothy",
    "edsger",
    "frances",
    "grace",
    "hedy",
    "ines",
    "john",
    "katherine",
    "leslie",
];
/// The programs that call.
pub(super) const USER_AGENTS: [&str; 6] = [
    "OpenAI/Python 2.3.0",
    "OpenAI/JS 6.1.0",
    "Anthropic/Python 0.71.0",
    "python-httpx/0.28.1",
    "okhttp/5.1.0",
    "curl/8.14.1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_has_as_many_of_each_as_it_promises() {
        let keys: usize = PROVIDERS.iter().map(|provider| provider.keys).sum();
        let mut models: Vec<&str> =
            PROVIDERS.iter().flat_map(|it| it.models).map(|model| model.code).collect();
        models.sort_unstable();
        models.dedup();

        assert_eq!((keys, models.len(), APP_AREAS.len() * APP_TASKS.len()), (20, 40, 100));
    }

    #[test]
    fn a_price_is_of_its_provider_and_its_feature() {
        let boreal = &PROVIDERS[1];
        let (tiers, later) = boreal.prices(&boreal.models[0]);
        assert_eq!(later, None);
        let prompts: Vec<_> =
            tiers.iter().map(|tier| (tier.min_prompt_tokens, tier.rates.unwrap().prompt)).collect();
        assert_eq!(prompts, [(0, NanoUsd::new(1_100_000)), (SECOND_TIER, NanoUsd::new(2_200_000))]);
        assert_eq!(tiers[0].rates.unwrap().cache_write_1h, Some(NanoUsd::new(2_200_000)));

        let cobalt = &PROVIDERS[2];
        let (tiers, _) = cobalt.prices(&cobalt.models[4]);
        assert_eq!((tiers.len(), tiers[1].rates), (2, None));
    }
}
