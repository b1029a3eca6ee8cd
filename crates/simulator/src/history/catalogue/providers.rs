//! The providers of a history and their models.

use super::Feature::{self, Embeds, Fee, HalfPriced, Plain, Raised, Thinks, Tiered, Unpriced};
use super::Size::{self, Large, Medium, Small};
use super::{ModelSpec, ProviderSpec};

/// Six providers with 20 keys and 40 models, the busiest first in each list. Their addresses are
/// those of a simulator, so that a key `sk-sim-…` brings one to life.
pub(in crate::history) const PROVIDERS: [ProviderSpec; 6] = [
    ProviderSpec {
        code: "aurora",
        name: "Aurora",
        protocol: "openai",
        base_url: "http://127.0.0.1:3999/v1",
        keys: 5,
        price_percent: 100,
        models: &[
            model("aurora-5-mini", Small, Plain),
            model("aurora-5", Large, Raised),
            model("aurora-4", Medium, Plain),
            model("aurora-embed-3", Small, Embeds),
            model("aurora-think-2", Large, Thinks),
            model("aurora-4-mini", Small, Plain),
            model("aurora-search", Medium, Fee),
            model("aurora-5-nano", Small, Plain),
            model("aurora-preview", Large, Unpriced),
        ],
    },
    ProviderSpec {
        code: "boreal",
        name: "Boreal",
        protocol: "anthropic",
        base_url: "http://127.0.0.1:3999/v1",
        keys: 4,
        price_percent: 110,
        models: &[
            model("boreal-medium-5", Medium, Tiered),
            model("boreal-small-4", Small, Plain),
            model("boreal-large-5", Large, Thinks),
            model("boreal-medium-4", Medium, Plain),
            model("boreal-large-4", Large, Plain),
            model("boreal-small-3", Small, Plain),
        ],
    },
    ProviderSpec {
        code: "cobalt",
        name: "Cobalt",
        protocol: "gemini",
        base_url: "http://127.0.0.1:3999/v1beta",
        keys: 4,
        price_percent: 80,
        models: &[
            model("cobalt-flash-3", Small, Plain),
            model("cobalt-pro-3", Large, Tiered),
            model("cobalt-flash-2", Small, Plain),
            model("cobalt-think-3", Medium, Thinks),
            model("cobalt-pro-2", Large, HalfPriced),
            model("cobalt-embed-1", Small, Embeds),
            model("cobalt-flash-lite-3", Small, Plain),
        ],
    },
    ProviderSpec {
        code: "delta",
        name: "Delta Compute",
        protocol: "openai",
        base_url: "http://127.0.0.1:3999/v1",
        keys: 3,
        price_percent: 25,
        models: &[
            model("delta-chat", Medium, Raised),
            model("delta-reason", Medium, Thinks),
            model("delta-coder", Medium, Plain),
            model("delta-chat-2", Medium, Plain),
            model("delta-open-70b", Small, Unpriced),
        ],
    },
    ProviderSpec {
        code: "ember",
        name: "Ember",
        protocol: "openai",
        base_url: "http://127.0.0.1:3999/v1",
        keys: 2,
        price_percent: 60,
        models: &[
            model("ember-plus", Medium, Tiered),
            model("ember-turbo", Small, Plain),
            model("ember-max", Large, Thinks),
            model("ember-long", Medium, Tiered),
            model("ember-vision", Medium, Plain),
            model("ember-embed-4", Small, Embeds),
            model("ember-flash", Small, Plain),
        ],
    },
    ProviderSpec {
        code: "fjord",
        name: "Fjord",
        protocol: "openai",
        base_url: "http://127.0.0.1:3999/v1",
        keys: 2,
        price_percent: 70,
        models: &[
            model("fjord-k3", Large, Thinks),
            model("fjord-k2", Medium, Plain),
            model("fjord-8k", Small, Plain),
            model("fjord-32k", Small, Plain),
            model("fjord-128k", Medium, Plain),
            model("fjord-vision", Medium, Unpriced),
        ],
    },
];

const fn model(code: &'static str, size: Size, feature: Feature) -> ModelSpec {
    ModelSpec { code, size, feature }
}
